"""From the corpus to `build/graph.nq`: compile, apply rules, check shapes, write."""

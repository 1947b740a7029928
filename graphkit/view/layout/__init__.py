"""Layout: positions of nodes and routes of edges."""

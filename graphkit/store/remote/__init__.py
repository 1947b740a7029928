"""SPARQL 1.1 endpoints: reading from them, and publishing a build to them."""

from __future__ import annotations

# The two ways to write graphs: the Graph Store Protocol and SPARQL Update.
PROTOCOLS = ("gsp", "update")

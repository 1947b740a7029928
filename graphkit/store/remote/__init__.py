"""SPARQL 1.1 endpoints: reading from them, and publishing a build to them."""

# How a server takes graphs: the Graph Store Protocol or SPARQL Update.
from __future__ import annotations

PROTOCOLS = ("gsp", "update")

"""Things of the graph as nodes of a network: how they are called, what they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphkit.store import Store, texts
from graphkit.terms import SP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

_NODES = """
SELECT ?node ?label (GROUP_CONCAT(DISTINCT STR(?class); separator=" ") AS ?classes)
WHERE {
  { ?node a sp:Entity } UNION { ?node a sp:Proposition }
  ?node a ?class ; rdfs:label ?label .
}
GROUP BY ?node ?label
"""
_ALIASES = "SELECT ?node ?alias WHERE { ?node a sp:Entity ; skos:altLabel ?alias } ORDER BY ?node ?alias"


def add_nodes(drawing: nx.MultiDiGraph[str], store: Store, names: Iterable[str]) -> None:
    """Add things of the graph as nodes, with label, kind, slug and aliases, each once."""
    nodes = {row[0]: row for row in texts(store, _NODES, "node", "label", "classes")}
    aliases = pairs(store, _ALIASES, "node", "alias")
    for name in dict.fromkeys(names):
        _add_node(drawing, name, nodes, aliases)


def _add_node(
    drawing: nx.MultiDiGraph[str],
    name: str,
    nodes: Mapping[str, tuple[str, ...]],
    aliases: Mapping[str, list[str]],
) -> None:
    if name not in drawing:
        _, label, classes = nodes.get(name, (name, name, ""))
        also = tuple(dict.fromkeys(aliases.get(name, ())))
        drawing.add_node(name, label=label, kind=_kind(classes), slug=name.rpartition("/")[2], aliases=also)


# The most telling class of an entity comes first; those above it are left out.
_KINDS = (
    "PublicBody", "Organisation", "Office", "Person", "Group", "Programme", "InformationSystem", "LegalCase",
    "Platform", "LegalInstrument", "Document", "Place", "Topic", "Proposition",
)  # fmt: skip


def _kind(classes: str) -> str:
    names = {name.removeprefix(SP) for name in classes.split(" ")}
    return next((kind for kind in _KINDS if kind in names), "Entity")


def pairs(store: Store, query: str, key: str, value: str) -> dict[str, list[str]]:
    """Return the answer to a query of our own as lists of one column by another."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in texts(store, query, key, value):
        found[one].append(other)
    return dict(found)

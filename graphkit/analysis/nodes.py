"""Things of the graph as nodes of a network: how they are called, what they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphkit.model.iris import SP
from graphkit.store import Store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from graphkit.analysis.properties import Facts

_DRAWN = {SP + "Entity", SP + "Proposition"}


def add_nodes(drawing: nx.MultiDiGraph[str], facts: Facts, names: Iterable[str]) -> None:
    """Add things of the graph as nodes, with label, kind, slug and aliases, each once."""
    for name in dict.fromkeys(names):
        if name not in drawing:
            classes = facts.all(name, "rdf:type")
            known = not _DRAWN.isdisjoint(classes)
            drawing.add_node(
                name,
                label=(facts.one(name, "rdfs:label") if known else "") or name,
                kind=_kind(classes if known else ()),
                slug=name.rpartition("/")[2],
                aliases=tuple(facts.all(name, "skos:altLabel")) if known else (),
            )


# The most telling class of an entity comes first; those above it are left out.
_KINDS = (
    "PublicBody", "Organisation", "Office", "Person", "Group", "Programme", "InformationSystem", "LegalCase",
    "Platform", "LegalInstrument", "Document", "Place", "Topic", "Proposition",
)  # fmt: skip


def _kind(classes: Iterable[str]) -> str:
    names = {name.removeprefix(SP) for name in classes}
    return next((kind for kind in _KINDS if kind in names), "Entity")


def pairs(store: Store, query: str, key: str, value: str) -> dict[str, list[str]]:
    """Return the answer to a query of our own as lists of one column by another."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in texts(store, query, key, value):
        found[one].append(other)
    return dict(found)

"""Parts of the network. Of a graph of any size, only the statements on which a part rests are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any

import networkx as nx

from graphkit.analysis.disputes import disputes_of
from graphkit.analysis.network import (
    criticised_under,
    criticism_in,
    empty_network,
    network,
    network_of,
    with_counts,
)
from graphkit.analysis.outline import large_part
from graphkit.analysis.properties import FROM_STATEMENTS, Properties, joined, read_linked
from graphkit.model.iris import DATASET, DEFAULT_POLICY, iri
from graphkit.store import Store, texts

_FOLLOWED = FROM_STATEMENTS | {"sp:subject", "sp:relation", "sp:object", "dcterms:publisher"}
# The statements on the edges of some nodes: on propositions with an end there, and denials and criticism.
_NEAR = (
    "{ ?p sp:subject ?e ; sp:object ?o } UNION { ?p sp:object ?e } ?s sp:proposition ?p",
    "?s sp:speaker ?e ; sp:stance ?stance ; sp:proposition/sp:object ?o FILTER(?stance = sp:denies)",
    "?s sp:voice ?e ; sp:criticises ?o",
    "?s sp:criticises ?e",
)
# The statements on the edges of some statements.
_BESIDE = (
    "?e sp:proposition ?p . ?s sp:proposition ?p",
    "?e sp:criticises ?o ; sp:voice ?v . ?s sp:criticises ?o ; sp:voice ?v",
)
_ALONE = "?p sp:subject ?e . FILTER NOT EXISTS { ?p sp:object ?o } ?s sp:proposition ?p"
_CRITICISM = "SELECT ?p {{ VALUES (?v ?o) {{ {0} }} ?p sp:subject ?v ; sp:object ?o ; sp:relation sp:criticised }}"
# Most statements on edges that are found one by one; more are read with the whole graph.
_MOST_FOUND = 50_000
# Most statements about one entity only that are listed beside those of the part itself.
_MOST_ALONE = 2_000


def network_near(
    store: Store,
    policy: str,
    centres: Collection[str],
    hops: int = 1,
    grouped: bool = False,  # noqa: FBT001, FBT002
) -> nx.MultiDiGraph[str]:
    """Return the network of the nodes within some steps of others; edges between the outermost ones are left out.

    It has the attributes of `graphkit.analysis.network.network`, and `unlisted`: how many statements about one of the
    outermost nodes only are not in `undrawn`, because there are many.

    Args:
        grouped: Whether many edges are drawn in groups: then a part with many statements is one of the outline.

    Raises:
        QueryError: There is no such policy.
    """
    ring = set(centres)
    for step in range(max(hops, 1)):
        inner, names = ring, {name for _, name in _asked(store, _NEAR, ring)}
        if len(names) > _MOST_FOUND:
            cut = partial(around, centres=centres, hops=hops)
            large = large_part(store, policy, cut) if grouped else None
            return large or with_counts(cut(network(store, policy)))
        properties = _read(store, names)
        ring = set(around(network_of(properties, policy), centres, step + 1))
    return _finished(store, policy, properties, lambda whole: around(whole, centres, hops), inner)


def network_behind(store: Store, policy: str, statements: Collection[str]) -> nx.MultiDiGraph[str]:
    """Return the network of the edges that rest on some statements, with all statements on them; see `network_near`.

    Raises:
        QueryError: There is no such policy.
    """
    properties = _read(store, {*statements, *(name for _, name in _asked(store, _BESIDE, statements))})
    own = frozenset(statements)

    def cut(whole: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
        return with_edges(whole, lambda data: not own.isdisjoint(data["statements"]))

    return _finished(store, policy, properties, cut, own)


def properties_of(store: Store, statements: Collection[str], disputes: Iterable[str] | None = None) -> Properties:
    """Read what the network of some statements needs, with their disputes and all statements on the sides of these.

    Args:
        disputes: Other disputes in place of theirs.
    """
    named = disputes_of(store, statements) if disputes is None else disputes
    return read_linked(store, {DATASET, *statements, *named}, _FOLLOWED)


def network_with(
    store: Store, policy: str, statements: Collection[str], disputes: Iterable[str] | None = None
) -> tuple[Properties, nx.MultiDiGraph[str]]:
    """Return properties of some statements, and a network without nodes that has them and their disputes.

    Args:
        disputes: Some disputes in place of all those of the statements.

    Raises:
        QueryError: There is no such policy.
    """
    properties = properties_of(store, statements, disputes)
    return properties, _counted(store, empty_network(properties, policy))


def _finished(
    store: Store,
    policy: str,
    properties: Properties,
    cut: Callable[[nx.MultiDiGraph[str]], nx.MultiDiGraph[str]],
    own: Collection[str],
) -> nx.MultiDiGraph[str]:
    """Return a part with the disputes of its statements, and with the statements about one of its nodes only.

    Args:
        own: The nodes or statements to which the part belongs: statements about those nodes, or these, are listed.
    """
    part = cut(network_of(properties, policy))
    alone = list(_asked(store, (_ALONE,), part))
    listed = {name for node, name in alone if len(alone) <= _MOST_ALONE or node in own or name in own}
    drawn = {name for *_, data in part.edges(data=True) for name in data["statements"]}
    more = properties_of(store, listed, disputes_of(store, drawn | listed))
    part = cut(_counted(store, network_of(joined(properties, more), policy)))
    some = ((node, [name for name in names if name in listed]) for node, names in part.graph["undrawn"].items())
    undrawn = {node: names for node, names in some if names and node in part}
    part.graph.update(undrawn=undrawn, unlisted=len({name for _, name in alone} - listed))
    return with_counts(part)


def _read(store: Store, statements: Collection[str]) -> Properties:
    """Read some statements without their disputes, and the propositions that report criticism between their voices."""
    found = properties_of(store, statements, ())
    criticised = set(criticised_under(found.plain[DEFAULT_POLICY]))
    edges = [edge for name in found.subjects("sp:criticises") for _, edge in criticism_in(name, found, criticised)]
    pairs = " ".join(sorted({f"({iri(edge.source)} {iri(edge.target)})" for edge in edges}))
    reported = [name for (name,) in texts(store, _CRITICISM.format(pairs), "p")]
    return joined(found, read_linked(store, reported, frozenset()))


def _asked(store: Store, patterns: Sequence[str], names: Iterable[str]) -> Iterable[tuple[str, ...]]:
    """Yield pairs of one of some things, `?e`, and a statement that a pattern finds, `?s`."""
    some = " ".join(map(iri, sorted(names)))
    for pattern in patterns:
        yield from texts(store, f"SELECT DISTINCT ?e ?s {{ VALUES ?e {{ {some} }} {pattern} }}", "e", "s")


def _counted(store: Store, drawing: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Record in a network the number of statements of the whole graph."""
    ((number,),) = texts(store, "SELECT (COUNT(*) AS ?n) { ?s sp:gist ?gist }", "n")
    drawing.graph["total"] = int(number)
    return drawing


def around(whole: nx.MultiDiGraph[str], centres: Iterable[str], hops: int) -> nx.MultiDiGraph[str]:
    """Return the nodes within some steps of others; edges between two of the outermost nodes are left out."""
    part: nx.MultiDiGraph[str] = whole.copy()
    steps = _steps(whole, centres, hops)
    part.remove_nodes_from([name for name in whole if name not in steps])
    part.remove_edges_from([(a, b, key) for a, b, key in part.edges(keys=True) if min(steps[a], steps[b]) >= hops])
    return part


def _steps(whole: nx.MultiDiGraph[str], centres: Iterable[str], hops: int) -> dict[str, int]:
    steps = {name: 0 for name in centres if name in whole}
    ring = list(steps)
    for distance in range(1, hops + 1):
        near = {other for name in ring for other in (*whole.successors(name), *whole.predecessors(name))}
        ring = sorted(near - steps.keys())
        steps.update(dict.fromkeys(ring, distance))
    return steps


def with_edges(whole: nx.MultiDiGraph[str], wanted: Callable[[dict[str, Any]], bool]) -> nx.MultiDiGraph[str]:
    """Return the edges whose attributes meet a condition, with the nodes that they connect."""
    part: nx.MultiDiGraph[str] = whole.copy()
    part.remove_edges_from([(a, b, key) for a, b, key, data in whole.edges(keys=True, data=True) if not wanted(data)])
    part.remove_nodes_from(list(nx.isolates(part)))
    return part

"""Measures of discourse networks: centralities, communities, signed balance and polarisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Any

import networkx as nx
import numpy as np

from graphkit.analysis.discourse.matrices import Floats
from graphkit.analysis.discourse.polarisation import polarisation
from graphkit.analysis.discourse.projection import Projection, of_selection
from graphkit.analysis.discourse.selection import select
from graphkit.analysis.discourse.settings import require_choice
from graphkit.model.errors import MissingExtraError, QueryError

METHODS = ("louvain", "leiden")
# Roles between two others: all of one community; both others of another one; one of each; three communities.
BROKERS = ("coordinator", "consultant", "gatekeeper", "liaison")
_FEWEST_ACTORS, _FEWEST_CONCEPTS = 3, 2
_ROUNDING = 1e-12
# Up to this number of actors the frustration is exact.
_ALL = 12
_STARTS = 20


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a network.

    Attributes:
        values: Name to value; empty if the network is too small.
        reason: Why there are no values; "" if there are.
        method: How it was computed.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    method: str = ""


def measures(
    projection: Projection, seed: int = 1, method: str = "louvain", only: tuple[str, ...] = ()
) -> list[Measure]:
    """Return the measures of a network among actors or concepts.

    Args:
        method: louvain, of networkx, or leiden, which needs python-igraph.
        only: The names of measures; by default all.

    Raises:
        QueryError: There is no such method, or the network is not one-mode.
        MissingExtraError: python-igraph is not installed.
    """
    require_choice(method, METHODS, "method")
    if not projection.settings.one_mode:
        mode = projection.settings.mode
        raise QueryError(f"Measures are not defined with the mode {mode!r}.", "Type one of: actors, concepts.")
    reason = too_small(projection)
    one_sided = projection.settings.aggregation == "conflict"
    opposed = "All ties are conflict. Type the aggregation subtract." if one_sided else ""
    jobs: dict[str, Callable[[], Measure]] = {
        "centrality": lambda: _centrality(projection),
        "communities": lambda: _communities(projection, seed, method),
        "brokers": lambda: _brokers(projection, seed, method),
        "balance": lambda: _balance(projection, seed),
        "polarisation": lambda: _polarisation(projection, seed),
        "divides": lambda: _divides(projection, _polarisation(projection, seed)),
    }
    reasons = dict.fromkeys(("communities", "brokers", "balance"), reason or opposed)
    chosen = {name: job for name, job in jobs.items() if name in only or not only}
    return [Measure(name, reason=why) if (why := reasons.get(name, reason)) else job() for name, job in chosen.items()]


def too_small(projection: Projection) -> str:
    """Return why a network is too small to measure; "" if it is not."""
    actors, concepts = projection.matrix.shape[0], len(np.unique(projection.coded.concept))
    if actors < _FEWEST_ACTORS:
        return f"At least {_FEWEST_ACTORS} rows are needed; the network has {actors}."
    if concepts < _FEWEST_CONCEPTS:
        return f"At least {_FEWEST_CONCEPTS} shared columns are needed; the network has {concepts}."
    return "" if projection.matrix.nnz else projection.reason


def _positive(projection: Projection) -> nx.Graph[Any]:
    """Return the network of positive ties, with all actors."""
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(projection.rows)
    for row, column, weight in projection.ties():
        if weight > 0:
            graph.add_edge(projection.rows[row], projection.rows[column], weight=weight, distance=1 / weight)
    return graph


def _centrality(projection: Projection) -> Measure:
    """Return degree and strength over all ties, and betweenness and eigenvector centrality of the positive ones."""
    weights = projection.to_matrix()
    graph = _positive(projection)
    between = nx.betweenness_centrality(graph, weight="distance")
    leading = _leading(np.where(weights > 0, weights, 0.0))
    values = {
        label: {
            "degree": int(np.diff(projection.matrix.indptr)[place]),
            "strength": float(np.abs(weights[place]).sum()),
            "betweenness": between[label],
            "eigenvector": leading[place],
        }
        for place, label in enumerate(projection.rows)
    }
    return Measure("centrality", values, method="networkx, numpy")


def _leading(weights: Floats) -> list[float]:
    """Return the first eigenvector, scaled to a largest value of 1."""
    vector = np.abs(np.linalg.eigh(weights)[1][:, -1])
    return [float(value) for value in np.round(vector / (vector.max() or 1), 12)]


def _communities(projection: Projection, seed: int, method: str) -> Measure:
    """Return the communities of positive ties, and their weighted modularity."""
    graph = _positive(projection)
    if not graph.number_of_edges():
        return Measure("communities", reason="No tie is positive.")
    found = _leiden(graph, seed) if method == "leiden" else nx.community.louvain_communities(graph, seed=seed)
    groups = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))
    modularity = nx.community.modularity(graph, list(map(set, groups)))
    library = "igraph, community_leiden" if method == "leiden" else "networkx, louvain_communities"
    return Measure("communities", {"modularity": modularity, "groups": groups}, method=f"{library}, seed {seed}")


def _brokers(projection: Projection, seed: int, method: str) -> Measure:
    """Return how often each actor is the link between two others that have no positive tie, by their communities."""
    graph = _positive(projection)
    found = _communities(projection, seed, method)
    if found.reason:
        return Measure("brokers", reason=found.reason)
    group = {actor: number for number, actors in enumerate(found.values["groups"]) for actor in actors}
    counted = {actor: Counter(_links(graph, actor, group)) for actor in graph}
    values = {
        actor: {role: roles[role] for role in BROKERS} for actor, roles in sorted(counted.items()) if roles.total()
    }
    reason = "" if values else "No actor links two others that have no tie."
    return Measure("brokers", values, reason, f"pairs by community; {found.method}")


def _links(graph: nx.Graph[Any], actor: str, group: Mapping[str, int]) -> Iterator[str]:
    """Yield the role of an actor between each two of its neighbours that have no tie."""
    for one, other in combinations(graph[actor], 2):
        if not graph.has_edge(one, other):
            groups = len({group[actor], group[one], group[other]})
            apart = group[one] != group[other]
            yield BROKERS[{1: 0, 2: 2 if apart else 1, 3: 3}[groups]]


def _leiden(graph: nx.Graph[Any], seed: int) -> list[set[str]]:
    try:
        import igraph
    except ModuleNotFoundError as error:
        raise MissingExtraError("igraph", "networks") from error
    nodes = list(graph)
    places = {node: place for place, node in enumerate(nodes)}
    edges = [(places[one], places[other], data["weight"]) for one, other, data in graph.edges(data=True)]
    igraph.set_random_number_generator(Random(seed))  # noqa: S311 - makes results repeatable
    made = igraph.Graph(len(nodes), [edge[:2] for edge in edges])
    found = made.community_leiden("modularity", weights=[edge[2] for edge in edges], n_iterations=-1)
    return [{nodes[place] for place in group} for group in found]


def _balance(projection: Projection, seed: int) -> Measure:
    """Return the share of balanced triads, and the weight of the ties that no division into two camps satisfies."""
    weights = projection.to_matrix()
    signs = np.sign(weights).astype(int)
    cubes, sizes = np.trace(signs @ signs @ signs), np.trace(np.abs(signs) @ np.abs(signs) @ np.abs(signs))
    triads, balanced = int(sizes) // 6, int(sizes + cubes) // 12
    frustration, exact = _frustration(weights, seed)
    total = float(np.abs(weights).sum()) / 2
    values = {
        "triads": triads,
        "balanced triads": balanced,
        "frustration": frustration,
        "frustration, share of all weight": frustration / total if total else 0.0,
    }
    return Measure("balance", values, method="all divisions" if exact else f"local search, seed {seed}: at most")


def _frustration(weights: Floats, seed: int) -> tuple[float, bool]:
    """Return the least weight of positive ties between two camps and negative ties inside them."""
    number = len(weights)
    if number <= _ALL:
        codes = (np.arange(1 << (number - 1))[:, None] >> np.arange(number)) & 1
        sides = 1.0 - 2 * codes
    else:
        random = np.random.default_rng(seed)
        sides = np.array([_relaxed(weights, random.choice([-1.0, 1.0], number)) for _ in range(_STARTS)])
    agreement = np.einsum("ki,ij,kj->k", sides, weights, sides, optimize=True)
    return float((np.abs(weights).sum() - agreement.max()) / 4), number <= _ALL


def _relaxed(weights: Floats, sides: Floats) -> Floats:
    """Move actors to the other camp one by one, as long as that satisfies more weight."""
    while True:
        gains = sides * (weights @ sides)
        worst = int(gains.argmin())
        if gains[worst] >= -_ROUNDING:
            return sides
        sides[worst] *= -1


def _polarisation(projection: Projection, seed: int) -> Measure:
    """Return how far the rows form two camps, by congruence and conflict of the same statements."""
    congruence, conflict = (_aggregated(projection, name) for name in ("congruence", "conflict"))
    if not conflict.matrix.nnz:
        return Measure("polarisation", reason="No two rows disagree, so there is one camp at most.")
    weights = congruence.to_matrix(), conflict.to_matrix()
    active = np.flatnonzero((weights[0] + weights[1]).any(axis=1))
    agreed, opposed = (each[np.ix_(active, active)] for each in weights)
    found = polarisation(agreed, opposed, seed)
    method = "all partitions" if found.exact else f"local search, seed {seed}"
    if not found.score:
        return Measure("polarisation", {"score": 0.0}, method=method)
    camps: tuple[list[str], list[str]] = ([], [])
    for place, camp in zip(active.tolist(), found.members, strict=True):
        camps[camp].append(conflict.rows[place])
    return Measure("polarisation", {"score": found.score, "camps": list(camps)}, method=method)


def _divides(projection: Projection, found: Measure) -> Measure:
    """Return the mean position of both camps on each column on which both have one, the widest difference first."""
    if "camps" not in found.values or projection.coded.qualifier not in {"boolean", "integer"}:
        return Measure("divides", reason=found.reason or "There are no two camps, or no positions that have a mean.")
    coded, places = projection.coded, {label: place for place, label in enumerate(projection.coded.actors)}
    positions = coded.values()[coded.level]
    camps = [np.isin(coded.actor, [places[label] for label in camp]) for camp in found.values["camps"]]
    values = {}
    for number in np.unique(coded.concept):
        parts = [positions[camp & (coded.concept == number)] for camp in camps]
        if all(len(part) for part in parts):
            one, other = (float(part.mean()) for part in parts)
            values[coded.concepts[number]] = {"camp 1": one, "camp 2": other, "difference": abs(one - other)}
    ordered = dict(sorted(values.items(), key=lambda item: (-item[1]["difference"], item[0])))
    reason = "" if ordered else "No column has statements of both camps."
    return Measure("divides", ordered, reason, f"mean positions; camps by {found.method}")


def _aggregated(projection: Projection, aggregation: str) -> Projection:
    """Return the weights of the same rows under another aggregation, each divided by the mean activity."""
    settings = replace(projection.settings, aggregation=aggregation, normalisation="average", min_weight=0.0)
    selection = select(
        projection.coded, replace(settings, duplicates="include", min_row=1, min_column=1, isolates=True)
    )
    return of_selection(selection, settings)

"""Two entities side by side: their common neighbours between them, one of them on the left and the other on the right.

Common neighbours in dispute come first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx

from graphkit.analysis.network import network, with_counts
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.text import counted
from graphkit.store import Store
from graphkit.view.card import Card, lines_of
from graphkit.view.diagrams import Asked, subject_of

# Width of a name, the distance of the columns, the distance of two rows and of two lines between the same two.
_NAME, _ACROSS, _ROW, _APART = 210, 470, 56, 13


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return two entities with their common neighbours and the relations between the two.

    Raises:
        QueryError: Not two entities were named.
        NotFoundError: They have no common neighbour and no relation.
    """
    names = [name.strip() for name in asked.about.split(",")]
    if len(names) != 2 or not all(names):  # noqa: PLR2004 - one and the other
        raise QueryError("This kind of view compares two entities.", "Type: --about NAME,NAME")
    one, other = (subject_of(store, replace(asked, about=name), ("entity",)) for name in names)
    whole = network(store, asked.policy)
    shared = _shared(whole, one.iri, other.iri)
    kept = [one.iri, other.iri, *shared]
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(whole.subgraph(name for name in kept if name in whole))
    part.remove_edges_from([
        ends for ends in part.edges(keys=True) if one.iri not in ends[:2] and other.iri not in ends[:2]
    ])  # fmt: skip
    if one.iri == other.iri or not part.number_of_edges():
        raise NotFoundError(
            f"{one.label} and {other.label} have no neighbour in common.", f"Type: graphkit view --about {names[0]}"
        )
    _place(part, one.iri, other.iri, shared)
    part.graph.update(
        whole.graph, title=f"{one.label} and {other.label}", undrawn={}, natural=True,
        lead=f"{counted(len(shared), 'neighbour')} in common, those in dispute first.",
    )  # fmt: skip
    return with_counts(part)


def _shared(whole: nx.MultiDiGraph[str], one: str, other: str) -> list[str]:
    """Return the common neighbours, first those with most disputed and denied relations to the two."""
    near = [set(nx.all_neighbors(whole, name)) if name in whole else set[str]() for name in (one, other)]

    def disputed(name: str) -> int:
        edges = [
            data
            for ends in ((one, name), (name, one), (other, name), (name, other))
            for data in (whole.get_edge_data(*ends) or {}).values()
        ]
        return -sum(data["status"] in {"disputed", "denied", "doubted"} for data in edges)

    return sorted((near[0] & near[1]) - {one, other}, key=lambda name: (disputed(name), whole.nodes[name]["label"]))


def _place(part: nx.MultiDiGraph[str], one: str, other: str, shared: list[str]) -> None:
    """Place the two at the sides, the common neighbours in the middle, and the path of each line."""
    middle = max((len(shared) - 1) * _ROW // 2, 0)
    rows = {name: (_ACROSS, i * _ROW) for i, name in enumerate(shared)}
    for i, (name, (x, y)) in enumerate(({one: (0, middle), other: (2 * _ACROSS, middle)} | rows).items()):
        if name in part:
            head = lines_of(part.nodes[name]["label"], _NAME - 20, 2, bold=True)
            part.nodes[name].update(position=(x, y), card=Card(_NAME, head, (), bare=True, narrow=(0, i * 46)))
    seen: dict[tuple[str, str], int] = {}
    for source, target, data in part.edges(data=True):
        ends = (min(source, target), max(source, target))
        number = seen[ends] = seen.get(ends, -1) + 1
        data["path"] = _path(part.nodes[source], part.nodes[target], number)


def _path(source: dict[str, Any], target: dict[str, Any], number: int) -> tuple[tuple[int, int], ...]:
    """Return the path between two names; further lines between the same two are beside the first."""
    (x, y), (right, low) = source["position"], target["position"]
    ahead = 1 if x < right else -1
    start = (x + (_NAME if ahead > 0 else 0), y + 9)
    end = (right + (0 if ahead > 0 else _NAME), low + 9)
    reach, shift = ahead * (_ACROSS - _NAME) // 2, (number + 1) // 2 * _APART * (1 if number % 2 else -1)
    if abs(right - x) > _ACROSS:
        shift -= y + _ROW
    return start, (start[0] + reach, start[1] + shift), (end[0] - reach, end[1] + shift), end

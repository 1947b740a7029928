"""Two entities side by side: their common neighbours between them, one of them on the left and the other on the right.

Common neighbours in dispute come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

import networkx as nx

from graphkit.analysis.network import DENIED, with_counts
from graphkit.analysis.parts import network_near
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.text import counted, shortened
from graphkit.store import Store
from graphkit.view.card import LABEL, Card, lines_of, with_short_months
from graphkit.view.diagrams import Asked, subject_of
from graphkit.view.diagrams.flows import name_sums
from graphkit.view.drawing import NARROW, verb_of, with_status
from graphkit.view.encoding import STATUSES

# Width of a name, where the middle column and the right one begin, and the space between a name and its lines.
_NAME, _CENTRE, _RIGHT, _APART = 134, 585, 1170, 8
# Height of a row, the space between two blocks of rows, and the height of a line of the list on a narrow screen.
_ROW, _BETWEEN, _LISTED = 20, 24, 25
# Most letters of the label of a line, and of its text in that list.
_LETTERS, _LETTERS_LISTED = 78, 58

Line = tuple[str, str, dict[str, Any]]
Guide = list[tuple[float, float]]


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
    whole = network_near(store, asked.policy, [one.iri, other.iri])
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
    name_sums(store, part)
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


def _place(part: nx.MultiDiGraph[str], one: str, other: str, shared: Sequence[str]) -> None:
    """Place the lines in rows: those between the two, then those of each common neighbour beside its name."""
    direct = _lines(part, one, other)
    _add_rows(direct, one, (_NAME + _APART, _RIGHT - _APART), 0)
    low = _add_list(part, direct, _ROW * 2) if direct else _ROW * 3
    y, guides = _ROW * len(direct) + _BETWEEN * bool(direct), list[Guide]()
    for name in shared:
        sides = _lines(part, one, name), _lines(part, name, other)
        high = max(*map(len, sides), 2) * _ROW
        _add_rows(sides[0], one, (_NAME + _APART, _CENTRE - _APART), y + (high - _ROW * len(sides[0])) // 2)
        _add_rows(sides[1], name, (_CENTRE + _NAME + _APART, _RIGHT - _APART), y + (high - _ROW * len(sides[1])) // 2)
        _put(part, name, (_CENTRE, y + high // 2), (0, low))
        low = _add_list(part, [*sides[0], *sides[1]], low + part.nodes[name]["card"].height, name)
        guides += [[(x, y), (x, y + high)] for x in (_CENTRE, _CENTRE + _NAME)]
        y += high + _BETWEEN
    high = y - _BETWEEN * bool(shared)
    for name, x, narrow in ((one, 0, 0), (other, _RIGHT, NARROW // 2)):
        _put(part, name, (x, high // 2), (narrow, 0))
    guides += [[(x, 0), (x, high)] for x in (_NAME, _RIGHT)]
    part.graph["annotations"] = [(guide, "") for guide in guides]


def _put(part: nx.MultiDiGraph[str], name: str, at: tuple[int, int], narrow: tuple[int, int]) -> None:
    """Place a name, whose middle has the given height."""
    head = lines_of(part.nodes[name]["label"], _NAME, 3, bold=True)
    card = Card(_NAME, head, (), bare=True, narrow=narrow)
    part.nodes[name].update(position=(at[0], at[1] - card.height // 2), card=card)


def _lines(part: nx.MultiDiGraph[str], left: str, right: str) -> list[Line]:
    """Return the lines between two names, those in dispute first."""
    ends = ((left, right), (right, left))
    found = [(*pair, data) for pair in ends for data in (part.get_edge_data(*pair) or {}).values()]
    order = list(STATUSES)
    return sorted(found, key=lambda line: (-order.index(line[2]["status"]), line[2]["label"], line[0]))


def _add_rows(lines: Sequence[Line], left: str, across: tuple[int, int], top: int) -> None:
    """Give lines a row each, from the name on the left to that on the right or back, with their label."""
    for number, (source, _, data) in enumerate(lines):
        y = top + number * _ROW + _ROW // 2
        path = tuple((x, y) for x in (across if source == left else across[::-1]))
        data.update(path=path, labelled=True, caption=shortened(_label(data), _LETTERS))


def _label(data: dict[str, Any]) -> str:
    return with_short_months(with_status(data["label"], data))


def _add_list(part: nx.MultiDiGraph[str], lines: Sequence[Line], low: int, above: str = "") -> int:
    """List lines for a narrow screen without the name above the list, and return the bottom of the list."""
    for source, target, data in lines:
        names = [part.nodes[end]["label"] if end != above else "" for end in (source, target)]
        if data.get("verb") == DENIED:
            names[1] = part.nodes[target]["label"]
        text = with_status(f"{f' {verb_of(data)} '.join(names)} {data.get('rest', '')}".strip(), data)
        words = wrap(with_short_months(text), _LETTERS_LISTED, max_lines=3, placeholder="…")
        low += _LISTED + LABEL * (len(words) - 1)
        data.update(narrow=((0, low), (NARROW, low)), narrow_lines=tuple(words))
    return low + _ROW // 2

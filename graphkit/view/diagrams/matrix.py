"""A matrix: a row for each name, a column for each other name, and a cell with a sign for each line between them.

No two lines cross. Heads of columns stand in steps above their columns, so that each is read like any other text: one
half on the left, the other on the right, or all on the left in a figure, which is narrower than a window. In a matrix
of one list, each name stands at the end of its row and above its column. On a narrow screen, the cells of a column are
a list below its head, and each name of a row has the number of its cells of each sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import networkx as nx

from graphkit.model.text import shortened
from graphkit.view.card import ICON, LINE, PADDING, Card, lines_of
from graphkit.view.diagrams.cards import LETTERS, place_lists
from graphkit.view.encoding import Sample

Box = list[tuple[float, float]]

# Width of a column and of one with space around its cells, height of a row, space between two steps, width of a letter.
_ACROSS, _WIDE, _DOWN, _APART, _LETTER = 15, 25, 17, -2, 6.3
# The width of a name, of one with space on its left, and the most lines of a name.
_NAME, _ROW, _LINES = 330, 460, 2
# Width of a cell with one statement, and of the widest.
_LEAST, _MOST = 9, 13
_SAMPLES = (
    Sample("one statement", _LEAST, _LEAST),
    Sample(f"{(_MOST - _LEAST) // 2 + 1} statements or more", _MOST, _MOST),
)
# The sign in a cell by its polarity; the width of a cell alone would leave the sides to its colour.
_SIGNS = {"supportive": "+", "critical": "−", "neutral": "±"}


def place(drawing: nx.MultiDiGraph[str], rows: Sequence[str], columns: Sequence[str], *, in_print: bool) -> None:
    """Place the nodes of a network as the names of a matrix, and its edges as cells."""
    wide = _WIDE if columns and not in_print else _ACROSS
    centres = [i * wide + wide // 2 for i in range(len(columns or rows))]
    guides = _heads(drawing, columns, centres, len(rows), in_print=in_print) if columns else _steps(len(rows))
    for i, name in enumerate(rows):
        card, y = _card(drawing, name, 1, _NAME if in_print else _ROW), i * _DOWN
        end = len(columns or rows[:i]) * wide
        drawing.nodes[name].update(position=(-card.width - PADDING if columns else end, y), card=card)
        guides.append([(0.0, y + _DOWN / 2 - 1), (max(end - wide / 2, 0.0), y + _DOWN / 2 - 1)])
    row, across = ({name: i for i, name in enumerate(names)} for names in (rows, columns or rows))
    for source, target, data in drawing.edges(data=True):
        ends = (across[target], row[source])
        column, down = ends if columns else sorted(ends)
        _add_cell(data, centres[column], down)
    _place_narrow(drawing, rows, columns)
    guided = [(guide, "") for guide in guides]
    drawing.graph.update(natural=True, part="cell", annotations=guided, samples=("Cells", _SAMPLES))


def _steps(rows: int) -> list[Box]:
    """Return the guides below the names of a matrix of one list."""
    bottom = (rows - 0.5) * _DOWN
    return [[(i * _ACROSS + 8.0, (i + 1) * _DOWN + 2.0), (i * _ACROSS + 8.0, bottom)] for i in range(rows - 1)]


def _add_cell(data: dict[str, Any], x: int, row: int) -> None:
    """Give an edge its cell, which is wider the more statements it rests on."""
    wide = min(_LEAST + 2 * len(data["statements"]) - 2, _MOST)
    y = row * _DOWN + _DOWN // 2 - 1
    path = ((x - wide // 2, y), (x - wide // 2 + wide, y))
    sign = _SIGNS[data["polarity"]]
    data.update(path=path, width=wide, hatched=sign == "±", caption=sign, labelled=True, numbered=False)


def _place_narrow(drawing: nx.MultiDiGraph[str], rows: Sequence[str], columns: Sequence[str]) -> None:
    """Place lists for a narrow screen: the names of rows below the heads of columns with their cells."""
    heads = [
        (name, _card(drawing, name, _LINES).body, _cells(drawing, name))
        for name in sorted(columns, key=lambda name: _contested(drawing, name))
    ]
    place_lists(drawing, [*heads, *((name, _tally(drawing, name), []) for name in rows)], 9)


def _cells(drawing: nx.MultiDiGraph[str], name: str) -> list[tuple[dict[str, Any], str]]:
    """Return the cells of a column by sign, each with the text of its line."""
    cells = sorted(drawing.in_edges(name, data=True), key=lambda edge: (edge[2]["caption"], edge[0]))
    return [
        (data, shortened(f"{data['caption']} {drawing.nodes[actor]['label']}", LETTERS)) for actor, _, data in cells
    ]


def _contested(drawing: nx.MultiDiGraph[str], name: str) -> tuple[int, str]:
    """Return a key that sorts heads: those with the largest smaller side first."""
    signs = _signs(drawing, name)
    return -min(signs["+"], signs["−"]), drawing.nodes[name]["label"]


def _signs(drawing: nx.MultiDiGraph[str], name: str) -> Counter[str]:
    lines = [*drawing.in_edges(name, data="caption"), *drawing.out_edges(name, data="caption")]
    return Counter(sign for *_, sign in lines)


def _tally(drawing: nx.MultiDiGraph[str], name: str) -> tuple[str, ...]:
    """Return the lines of a name on a narrow screen: with the number of its cells of each sign, in words."""
    lines = [*drawing.in_edges(name, data=True), *drawing.out_edges(name, data=True)]
    words = Counter((data["caption"], data["label"]) for *_, data in lines)
    counts = ", ".join(f"{label} {number}" for (_, label), number in sorted(words.items()))
    return lines_of(f"{drawing.nodes[name]['label']}: {counts}", _NAME, _LINES)


def _heads(
    drawing: nx.MultiDiGraph[str], columns: Sequence[str], centres: Sequence[int], rows: int, *, in_print: bool
) -> list[Box]:
    """Place the heads of columns in steps, each beside its column, and return the guides below them."""
    middle = len(columns) if in_print else (len(columns) + 1) // 2
    guides: list[Box] = []
    for side in (range(middle), range(len(columns) - 1, middle - 1, -1)):
        y = -LINE // 2
        for i in side:
            card = _card(drawing, columns[i], 1 if in_print else _LINES)
            y -= card.height + _APART
            left = centres[i] - 4 - card.width if i < middle else centres[i] + 4
            drawing.nodes[columns[i]].update(position=(left, y), card=card)
            guides.append([(centres[i], y + LINE), (centres[i], (rows - 0.5) * _DOWN)])
    return guides


def _card(drawing: nx.MultiDiGraph[str], name: str, most: int, width: int = _NAME) -> Card:
    lines = lines_of(drawing.nodes[name]["label"], width, most)
    return Card(round(max(map(len, lines)) * _LETTER) + PADDING + ICON, (), lines, bare=True)

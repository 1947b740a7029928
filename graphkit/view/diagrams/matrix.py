"""A matrix: a row for each name, a column for each other name, and a cell for each line between them.

No two lines cross. Heads of columns stand in steps above their columns, so that each is read like any other text. In a
matrix of one list, each name stands at the end of its row and above its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx

from graphkit.model.text import shortened
from graphkit.view.card import ICON, LINE, PADDING, Card

Box = list[tuple[float, float]]

# Width of a column, height of a row and of a step, most letters of a name, and the width of one.
_ACROSS, _DOWN, _STEP, _LETTERS, _LETTER = 14, 17, 16, 50, 6.3
# Width of a cell with one statement, and of the widest.
_LEAST, _MOST = 5, 13


def place(drawing: nx.MultiDiGraph[str], rows: Sequence[str], columns: Sequence[str]) -> None:
    """Place the nodes of a network as the names of a matrix, and its edges as cells.

    Args:
        rows: Names in the order of the rows.
        columns: Those of the columns; none if the matrix is of the rows alone.
    """
    guides = _heads(drawing, columns, len(rows)) if columns else _steps(len(rows))
    for i, name in enumerate(rows):
        card, y = _card(drawing, name), i * _DOWN
        end = len(columns or rows[:i]) * _ACROSS
        drawing.nodes[name].update(position=(-card.width if columns else end, y), card=card)
        guides.append([(0.0, y + _DOWN / 2 - 1), (max(end - _ACROSS / 2, 0.0), y + _DOWN / 2 - 1)])
    row, across = ({name: i for i, name in enumerate(names)} for names in (rows, columns or rows))
    for source, target, data in drawing.edges(data=True):
        ends = (across[target], row[source])
        _add_cell(data, *(ends if columns else sorted(ends)))
    drawing.graph.update(natural=True, annotations=[(guide, "") for guide in guides])


def _steps(rows: int) -> list[Box]:
    """Return the guides below the names of a matrix of one list."""
    bottom = (rows - 0.5) * _DOWN
    return [[(i * _ACROSS + 8.0, (i + 1) * _DOWN + 2.0), (i * _ACROSS + 8.0, bottom)] for i in range(rows - 1)]


def _add_cell(data: dict[str, Any], column: int, row: int) -> None:
    """Give an edge its cell, which is wider the more statements it rests on."""
    wide = min(_LEAST + 2 * len(data["statements"]), _MOST)
    x, y = column * _ACROSS + _ACROSS // 2, row * _DOWN + _DOWN // 2 - 1
    path = ((x - wide // 2, y), (x - wide // 2 + wide, y))
    data.update(path=path, width=wide, hatched=data["polarity"] == "neutral")


def _heads(drawing: nx.MultiDiGraph[str], columns: Sequence[str], rows: int) -> list[Box]:
    """Place the heads of columns in steps, each to the left of its column, and return the guides below them."""
    guides: list[Box] = []
    for i, name in enumerate(columns):
        card, x = _card(drawing, name), i * _ACROSS + _ACROSS // 2
        y = -(i + 1) * _STEP - LINE // 2
        drawing.nodes[name].update(position=(x + 6 - card.width, y), card=card)
        guides.append([(x, y + LINE), (x, (rows - 0.5) * _DOWN)])
    return guides


def _card(drawing: nx.MultiDiGraph[str], name: str) -> Card:
    label = shortened(drawing.nodes[name]["label"], _LETTERS)
    return Card(round(len(label) * _LETTER) + 2 * PADDING + ICON, (), (label,), bare=True)

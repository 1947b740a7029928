"""Discourse networks as CSV, and as DL (UCINET) and Pajek, which hold ASCII ids and numbers only."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from graphkit.analysis.discourse.projection import Projection, counts_of
from graphkit.analysis.discourse.record import number
from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import ExportError

_EDGES = ("source", "target", "weight", "statements", "positive", "negative", "ids")
_STATEMENTS = ("source", "target", "statement", "actor", "concept", "level", "contribution")


class Tie(NamedTuple):
    """A tie between a row and a column, given by numbers.

    Attributes:
        counts: Numbers of statements, and of those that add to the weight or take from it.
        ids: The statements, if there are not too many.
    """

    row: int
    column: int
    weight: float
    counts: dict[str, int]
    ids: tuple[str, ...]


def ties_of(projection: Projection, most: int) -> list[Tie]:
    """Return the ties, with at most a number of ids each."""
    return [_tie(projection, most, *tie) for tie in projection.ties()]


def _tie(projection: Projection, most: int, row: int, column: int, weight: float) -> Tie:
    parts = projection.contributions(row, column)
    ids = tuple(dict.fromkeys(part.statement for part in parts))
    return Tie(row, column, weight, counts_of(parts), ids if len(ids) <= most else ())


def _csv(rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv_writer(text).writerows(rows)
    return text.getvalue()


def matrix(projection: Projection, _ties: list[Tie]) -> str:
    """Return the weights as CSV, with labels in the first row and column."""
    weights = projection.to_matrix().tolist()
    rows = ([label, *map(number, row)] for label, row in zip(projection.rows, weights, strict=True))
    return _csv([["", *projection.columns], *rows])


def ends(projection: Projection, tie: Tie) -> tuple[str, str]:
    """Return the labels of a tie."""
    return projection.rows[tie.row], projection.columns[tie.column]


def edges(projection: Projection, ties: list[Tie]) -> str:
    """Return a row of CSV for each tie."""
    rows = ((*ends(projection, tie), number(tie.weight), *tie.counts.values(), " ".join(tie.ids)) for tie in ties)
    return _csv([_EDGES, *rows])


def statements(projection: Projection) -> str:
    """Return a row of CSV for each statement of each tie, with what it contributes to the weight."""
    pairs = ((row, column) for row, column, _ in projection.ties())
    rows = (
        (projection.rows[row], projection.columns[column], *part)
        for row, column in pairs
        for part in projection.contributions(row, column)
    )
    return _csv([_STATEMENTS, *rows])


def key(projection: Projection) -> str:
    """Return the labels of the ASCII ids as CSV."""
    parts = [("r", "row", projection.rows), ("c", "column", projection.columns)]
    if projection.settings.mode != "two-mode":
        parts = [("n", "node", projection.rows)]
    rows = (
        (f"{letter}{place}", part, label, projection.iris.get(label, ""))
        for letter, part, labels in parts
        for place, label in enumerate(labels, 1)
    )
    return _csv([("id", "part", "label", "iri"), *rows])


def _names(projection: Projection) -> tuple[list[str], list[str]]:
    letters = "rc" if projection.settings.mode == "two-mode" else "nn"
    sizes = zip(letters, (projection.rows, projection.columns), strict=True)
    one, other = ([f"{letter}{place}" for place in range(1, len(labels) + 1)] for letter, labels in sizes)
    return one, other


def _pairs(projection: Projection, ties: list[Tie]) -> Iterator[tuple[int, int, float]]:
    """Yield row, column and weight, counted from 1; ties without a direction in both."""
    for tie in ties:
        yield tie.row + 1, tie.column + 1, tie.weight
        if projection.settings.one_mode:
            yield tie.column + 1, tie.row + 1, tie.weight


def dl(projection: Projection, ties: list[Tie]) -> str:
    """Return DL of UCINET, as a list of ties; a weight that is not defined is `na`."""
    rows, columns = _names(projection)
    if projection.settings.mode == "two-mode":
        head = [f"dl nr={len(rows)} nc={len(columns)} format=edgelist2", "row labels:", ",".join(rows)]
        head += ["column labels:", ",".join(columns)]
    else:
        head = [f"dl n={len(rows)} format=edgelist1", "labels:", ",".join(rows)]
    lines = [f"{one} {other} {_weight(weight)}" for one, other, weight in _pairs(projection, ties)]
    return "\n".join([*head, "data:", *lines]) + "\n"


def _weight(weight: float) -> str:
    return "na" if np.isnan(weight) else repr(number(weight))


def pajek(projection: Projection, ties: list[Tie]) -> str:
    """Return a network of Pajek; a two-mode one numbers its columns after its rows.

    Raises:
        ExportError: A weight is not defined.
    """
    if any(np.isnan(tie.weight) for tie in ties):
        raise ExportError("A weight of this network is not defined, and Pajek cannot hold it.", "Type: --format dl")
    rows, columns = _names(projection)
    two_mode = projection.settings.mode == "two-mode"
    names, shift = ([*rows, *columns], len(rows)) if two_mode else (rows, 0)
    vertices = [f'{place} "{name}"' for place, name in enumerate(names, 1)]
    lines = [f"{tie.row + 1} {tie.column + 1 + shift} {number(tie.weight)!r}" for tie in ties]
    head = f"*Vertices {len(names)}" + (f" {len(rows)}" if two_mode else "")
    kind = "*Arcs" if projection.settings.mode == "directed" else "*Edges"
    return "\n".join([head, *vertices, kind, *lines]) + "\n"

"""From the weight of a tie back to its statements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.matrices import Cells, Floats, similarity, statement_values
from graphkit.analysis.discourse.settings import Projecting


class Contribution(NamedTuple):
    """A statement behind a tie.

    Attributes:
        level: Its position on the concept: True or False, a number or a text.
        contribution: Its part of the weight of the tie.
    """

    statement: str
    actor: str
    concept: str
    level: Any
    contribution: float


class Trace:
    """Finds the statements of ties; made once for a network."""

    def __init__(
        self,
        coded: Coded,
        cells: Cells,
        settings: Projecting,
        matrix: Any,  # noqa: ANN401
        activity: Floats | None = None,
    ) -> None:
        self.coded, self.cells, self.settings, self.matrix = coded, cells, settings, matrix
        self.activity = (cells.activity(0) if activity is None else activity, cells.activity(1))
        self.order = np.argsort(cells.rows, kind="stable")
        self.starts = np.searchsorted(cells.rows[self.order], np.arange(cells.shape[0] + 1))
        self.alike = similarity(cells, settings.aggregation) if settings.one_mode else None

    def of(self, row: int, column: int) -> tuple[Contribution, ...]:
        """Return the statements behind a tie, with contributions that sum to its weight."""
        if row == column and self.settings.one_mode:
            return ()
        places, parts = self._pairs(row, column) if self.settings.one_mode else self._cell(row, column)
        divisor = self._divisor(row, column)
        coded = self.coded
        return tuple(
            Contribution(
                str(coded.ids[place]),
                coded.actors[coded.actor[place]],
                coded.concepts[coded.concept[place]],
                coded.levels[coded.level[place]],
                part / divisor,
            )
            for place, part in zip(places.tolist(), parts.tolist(), strict=True)
        )

    def _divisor(self, row: int, column: int) -> float:
        """Return the number by which the normalisation divides the tie; infinity if it is 0, which gives 0."""
        norm = self.settings.normalisation
        if norm == "no":
            return 1.0
        if norm in {"activity", "prominence"}:
            axis, place = (0, row) if norm == "activity" else (1, column)
            combined = self.settings.aggregation == "combine"
            found = np.diff(self.matrix.indptr)[row] if combined else self.activity[axis][place]
            return float(found) or np.inf
        one, other = self.activity[0][[row, column]]
        if norm == "jaccard":
            found = self._union(row, column)
        else:
            found = (one + other) / 2 if norm == "average" else one * other
        return float(found) or np.inf

    def _union(self, row: int, column: int) -> float:
        keys = self.cells.columns * self.cells.shape[2] + self.cells.levels
        one, other = (np.bincount(keys[self._of_row(actor)], minlength=keys.max() + 1) for actor in (row, column))
        return float(one[other == 0].sum() + other[one == 0].sum() + (one * other).sum())

    def _of_row(self, row: int) -> Any:  # noqa: ANN401
        return self.order[self.starts[row] : self.starts[row + 1]]

    def _cell(self, row: int, column: int) -> tuple[Any, Floats]:
        places = self._of_row(row)
        places = places[self.cells.columns[places] == column]
        parts = statement_values(self._part(places), self.settings.aggregation)
        return places, parts if self.cells.weights is None else parts * self.cells.weights[places]

    def _part(self, places: Any) -> Cells:  # noqa: ANN401
        cells = self.cells
        return replace(
            cells, rows=cells.rows[places], columns=cells.columns[places], levels=cells.levels[places], weights=None
        )

    def _pairs(self, row: int, column: int) -> tuple[Any, Floats]:
        """Return the statements of both actors about shared concepts, each with half of what its pairs count."""
        one, other = self._of_row(row), self._of_row(column)
        cells = self.cells
        if cells.qualifier == "text" and self.settings.aggregation in {"conflict", "subtract"}:
            return self._unshared(one, other)
        ours, theirs = cells.columns[one], cells.columns[other]
        one, other = one[np.isin(ours, theirs)], other[np.isin(theirs, ours)]
        same = cells.columns[one][:, None] == cells.columns[other][None, :]
        counted = same * self.alike[cells.levels[one][:, None], cells.levels[other][None, :]]  # type: ignore[index]
        if cells.weights is not None:
            root = np.sqrt(cells.weights)
            counted = counted * root[one][:, None] * root[other][None, :]
        places = np.concatenate([one, other])
        parts = np.concatenate([counted.sum(axis=1), counted.sum(axis=0)]) / 2
        shared = np.concatenate([same.any(axis=1), same.any(axis=0)])
        if self.settings.aggregation not in {"ignore", "subtract"}:
            shared &= parts != 0
        return places[shared], parts[shared]

    def _unshared(self, one: Any, other: Any) -> tuple[Any, Floats]:  # noqa: ANN401
        """Return the statements about a concept at a level that the other actor never uses, and those it shares."""
        cells = self.cells
        key = cells.columns * cells.shape[2] + cells.levels
        same = key[one][:, None] == key[other][None, :]
        places = np.concatenate([one, other])
        pairs = np.concatenate([same.sum(axis=1), same.sum(axis=0)])
        parts = (pairs == 0).astype(float)
        if self.settings.aggregation == "subtract":
            parts = pairs / 2 - parts
        return places[parts != 0], parts[parts != 0]

"""The formulas: from the counts of statements to the weights of ties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graphkit.analysis.discourse.coded import Codes
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.errors import QueryError

Floats = NDArray[np.float64]
Matrix = Any  # scipy.sparse ships no types

# Whole numbers above 2 ** 53 are not exact as floating-point numbers.
_MOST_LEVELS = 53
# Multiplications in one block of rows: bounds the memory of a product to about 200 MB.
_BLOCK = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Statements as cells of a network.

    Attributes:
        rows, columns, levels: Numbers for each statement.
        shape: Number of rows, columns and levels.
        values: The number that each level stands for.
        distance: Difference between the lowest and the highest level of the scale; 0 if there is one level.
        qualifier: See `Coded`.
        labels: The levels.
        weights: A weight for each statement; None if all count once.
    """

    rows: Codes
    columns: Codes
    levels: Codes
    shape: tuple[int, int, int]
    values: Floats
    distance: float
    qualifier: str
    labels: tuple[Any, ...]
    weights: Floats | None = None

    def plane(self, level: int | None = None) -> Matrix:
        """Return how often each row occurs with each column, at a level or at all."""
        chosen = slice(None) if level is None else self.levels == level
        weights = None if self.weights is None else self.weights[chosen]
        return _csr(weights, self.rows[chosen], self.columns[chosen], self.shape[:2])

    def stacked(self) -> Matrix:
        """Return the planes of all levels side by side: column j at level k is column j * levels + k."""
        rows, columns, levels = self.shape
        return _csr(self.roots(), self.rows, self.columns * levels + self.levels, (rows, columns * levels))

    def roots(self) -> Floats | None:
        """Return the square root of the weight of each statement; None if all count once."""
        return None if self.weights is None else np.sqrt(self.weights)

    def activity(self, axis: int = 0) -> Floats:
        """Return the number of statements of each row, or with axis 1 of each column; weighted if they have weights."""
        codes = (self.rows, self.columns)[axis]
        return np.bincount(codes, self.weights, minlength=self.shape[axis]).astype(float)


def _csr(data: Floats | None, rows: Codes, columns: Codes, shape: tuple[int, ...]) -> Matrix:
    """Return a matrix of the sums of some numbers by row and column; without numbers, of counts."""
    if data is not None:
        return sparse.coo_array((data, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape).tocsr()
    found, counts = np.unique(rows * shape[1] + columns, return_counts=True)
    return _of_cells(found, counts, shape)


def _of_cells(cells: Codes, data: NDArray[Any], shape: tuple[int, ...]) -> Matrix:
    """Return a matrix of cells that are numbered row by row, sorted and each given once."""
    starts = np.searchsorted(cells, np.arange(shape[0] + 1, dtype=np.int64) * shape[1]).astype(np.int32)
    columns = (cells - np.repeat(np.arange(shape[0]) * shape[1], np.diff(starts))).astype(np.int32)
    return sparse.csr_array((data.astype(float), columns, starts), shape=shape)


def two_mode(cells: Cells, settings: Projecting) -> Matrix:
    """Return the network of rows by columns; ties that cancel out stay, with weight 0."""
    if cells.weights is not None:
        weights = statement_values(cells, settings.aggregation) * cells.weights
        found = _csr(weights, cells.rows, cells.columns, cells.shape[:2])
    elif settings.aggregation == "ignore":
        found = cells.plane()
    else:
        found = _by_level(cells, settings.aggregation)
    divisor = _two_mode_divisor(cells, settings, found)
    if divisor is not None:
        found.data = _divided(found.data, divisor)
    return found


def _by_level(cells: Cells, aggregation: str) -> Matrix:
    """Return the sums of the numbers of levels, or of the levels that occur."""
    width, levels = cells.shape[1:]
    keys, counts = np.unique((cells.rows * width + cells.columns) * levels + cells.levels, return_counts=True)
    places, level = np.divmod(keys, levels)
    numbers: NDArray[Any] = counts * cells.values[level]
    if aggregation == "combine":
        numbers = _ranks(cells)[level]
    first = np.flatnonzero(np.diff(places, prepend=-1))
    return _of_cells(places[first], np.add.reduceat(numbers, first) if len(first) else numbers, cells.shape[:2])


def _ranks(cells: Cells) -> Floats:
    """Return a power of 2 for each level, so that the sum identifies the levels that occur."""
    levels = cells.shape[2]
    if levels > _MOST_LEVELS:
        raise QueryError(
            f"The aggregation 'combine' is exact up to {_MOST_LEVELS} levels; this qualifier has {levels}.",
            "Type another aggregation, such as subtract.",
        )
    ranks: Floats = np.exp2(np.arange(levels - 1, -1, -1, dtype=np.float64))
    return ranks


def _two_mode_divisor(cells: Cells, settings: Projecting, found: Matrix) -> Floats | None:
    """Return the number by which each tie is divided."""
    if settings.normalisation == "no":
        return None
    axis = int(settings.normalisation == "prominence")
    if settings.aggregation == "combine":
        cells_used: Floats = np.diff(found.indptr).astype(float)[_row_of(found)]
        return cells_used
    return cells.activity(axis)[found.indices if axis else _row_of(found)]


def statement_values(cells: Cells, aggregation: str) -> Floats:
    """Return the contribution of each statement to its cell, before normalisation."""
    if aggregation == "subtract":
        return cells.values[cells.levels]
    if aggregation == "ignore":
        return np.ones(len(cells.rows))
    key = (cells.rows * cells.shape[1] + cells.columns) * cells.shape[2] + cells.levels
    _, places, counts = np.unique(key, return_inverse=True, return_counts=True)
    shares: Floats = _ranks(cells)[cells.levels] / counts[places]
    return shares


def _row_of(matrix: Matrix) -> Codes:
    """Return the row of each stored value."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))


def _divided(numbers: Floats, divisor: Floats) -> Floats:
    return np.divide(numbers, divisor, out=np.zeros_like(numbers), where=divisor != 0)


def similarity(cells: Cells, aggregation: str) -> Floats:
    """Return how much two statements about one concept count, by their levels.

    One statement of each actor counts from -1 to 1 under subtract, from 0 to 1 otherwise. One level only is agreement.
    """
    if aggregation == "ignore":
        return np.ones((cells.shape[2],) * 2)
    values = cells.values if cells.qualifier != "text" else np.arange(cells.shape[2], dtype=float)
    apart = np.abs(values[:, None] - values[None, :])
    apart = (apart > 0).astype(float) if cells.qualifier == "text" else apart / (cells.distance or 1)
    return {"congruence": 1 - apart, "conflict": apart, "subtract": 1 - 2 * apart}[aggregation]


def one_mode(cells: Cells, settings: Projecting, activity: Floats | None = None) -> Matrix:
    """Return the network among rows: symmetric, without a diagonal; ties that cancel out stay under subtract.

    Args:
        activity: The number of statements of each row for the normalisation, if not that of the cells.
    """
    if cells.qualifier == "text" and settings.aggregation in {"conflict", "subtract"}:
        blocks: Iterator[Matrix] = iter([_text(cells, settings.aggregation)])
    else:
        blocks = _products(cells, settings.aggregation)
    normalise = _Normaliser(cells, settings, cells.activity() if activity is None else activity)
    start, done = 0, []
    for block in blocks:
        done.append(normalise(block, start))
        start += block.shape[0]
    return done[0] if len(done) == 1 else sparse.vstack(done, format="csr")


def _products(cells: Cells, aggregation: str) -> Iterator[Matrix]:
    """Yield the products of the planes, in blocks of rows that bound the memory."""
    left = cells.stacked() if aggregation != "ignore" else _roots(cells)
    right = left
    if aggregation != "ignore":
        alike = similarity(cells, aggregation)
        if not np.array_equal(alike, np.eye(len(alike))):
            right = left @ sparse.kron(sparse.eye_array(cells.shape[1]), sparse.csr_array(alike), format="csr")
    right = right.T.tocsr()
    every = _roots(cells) if aggregation == "subtract" else None
    for start, end in _blocks(left, right):
        block = left[start:end] @ right
        yield block if every is None else _with_zeros(block, every[start:end] @ every.T.tocsr())


def _roots(cells: Cells) -> Matrix:
    """Return the counts over all levels; with weights, the sums of their square roots."""
    return _csr(cells.roots(), cells.rows, cells.columns, cells.shape[:2])


def _blocks(left: Matrix, right: Matrix) -> Iterator[tuple[int, int]]:
    """Yield the first row and the end of each block."""
    row_work = np.bincount(_row_of(left), np.diff(right.indptr)[left.indices], minlength=left.shape[0])
    block = (np.cumsum(row_work) // _BLOCK).astype(np.int64)
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    ends = [*starts[1:].tolist(), left.shape[0]]
    yield from zip(starts.tolist(), ends, strict=True) if left.shape[0] else [(0, 0)]


def _with_zeros(found: Matrix, every: Matrix) -> Matrix:
    """Store a 0 for each tie of `every` that `found` lacks, because scipy leaves out products that are 0."""
    found.sort_indices()
    every.sort_indices()
    width = np.int64(every.shape[1])
    places = np.searchsorted(_row_of(every) * width + every.indices, _row_of(found) * width + found.indices)
    data = np.zeros(len(every.data))
    data[places] = found.data
    return sparse.csr_array((data, every.indices, every.indptr), shape=every.shape)


def _text(cells: Cells, aggregation: str) -> Matrix:
    """Return conflict, or congruence minus conflict, of a qualifier whose levels are texts."""
    counts = cells.stacked()
    used = counts.copy()
    used.data = np.ones_like(used.data)
    shared = (counts @ used.T).toarray()
    total = counts.sum(axis=1)
    found = total[:, None] + total[None, :] - shared - shared.T
    if aggregation == "subtract":
        found = (counts @ counts.T).toarray() - found
    return sparse.csr_array(found)


def _without(matrix: Matrix, dropped: NDArray[np.bool_]) -> Matrix:
    """Return a matrix without some of its stored values."""
    places = np.flatnonzero(dropped)
    starts = matrix.indptr - np.searchsorted(places, matrix.indptr).astype(matrix.indptr.dtype)
    data, indices = np.delete(matrix.data, places), np.delete(matrix.indices, places)
    return sparse.csr_array((data, indices, starts), shape=matrix.shape)


def without_weak(matrix: Matrix, least: float) -> Matrix:
    """Return a matrix without the ties below a weight."""
    return _without(matrix, np.abs(matrix.data) < least)


class _Normaliser:
    """Divides blocks of rows by the activity of both actors, and drops the diagonal and weak ties."""

    def __init__(self, cells: Cells, settings: Projecting, activity: Floats) -> None:
        self.settings = settings
        self.activity = activity
        self.counts: Matrix = cells.stacked() if settings.normalisation == "jaccard" else None

    def __call__(self, block: Matrix, start: int) -> Matrix:
        found = _without(block, block.indices == _row_of(block) + start)
        if self.settings.normalisation != "no" and found.nnz:
            rows = _row_of(found) + start
            found.data = _divided(found.data, self.divisor(rows, found.indices, start, start + block.shape[0]))
        if self.settings.min_weight > 0:
            found = without_weak(found, self.settings.min_weight)
        return found

    def divisor(self, rows: Codes, columns: Codes, start: int, end: int) -> Floats:
        """Return the number by which each tie is divided."""
        one, other = self.activity[rows], self.activity[columns]
        if self.settings.normalisation == "average":
            return (one + other) / 2
        if self.settings.normalisation == "cosine":
            return one * other
        counts, used = self.counts, self.counts.copy()
        used.data = np.ones_like(used.data)
        some = slice(start, end)
        shared = counts[some] @ used.T + used[some] @ counts.T - counts[some] @ counts.T
        total: Floats = one + other - np.asarray(shared[rows - start, columns]).ravel()
        return total

"""Networks over time: calendar windows, windows of a number of statements, and slices weighted by a kernel."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.matrices import Floats, one_mode
from graphkit.analysis.discourse.projection import Projection, of_selection, turned
from graphkit.analysis.discourse.selection import Selection, inside, period, select_ever, standing
from graphkit.analysis.discourse.settings import Projecting, require_qualifier
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError

UNITS = ("days", "weeks", "months", "years")
KERNELS = ("uniform", "epanechnikov", "triangular", "gaussian")
_MONTHS = {"months": 1, "years": 12}


@dataclass(frozen=True, slots=True)
class Window:
    """A network of a part of the period; a slice weighted by a kernel has a middle only."""

    start: dt.datetime
    middle: dt.datetime
    stop: dt.datetime
    projection: Projection


def windows_of(projection: Projection, unit: str, size: int, kernel: str = "") -> list[Window]:
    """Return the windows or slices of a network, each with its kind, IRIs and notes.

    Args:
        unit: One of `UNITS`, or statements.
        kernel: One of `KERNELS`, for slices.

    Raises:
        QueryError: There is no such unit, kernel or size, or a kernel is given for statements.
    """
    given = projection.given if projection.given is not None else projection.coded
    about = {"kind": projection.kind, "iris": projection.iris, "notes": projection.notes}
    if unit == "statements":
        if kernel:
            raise QueryError("A kernel goes with days, weeks, months or years, not with statements.")
        found = event_windows(given, projection.settings, size)
    elif kernel:
        found = kernel_slices(given, projection.settings, unit, size, kernel)
    else:
        found = calendar_windows(given, projection.settings, unit, size)
    return [replace(window, projection=_described(window.projection, about)) for window in found]


def why_none(projection: Projection) -> str:
    """Return why a network has no windows."""
    if projection.reason and not len(projection.coded):
        return projection.reason
    if (np.isnat(projection.coded.first) | np.isnat(projection.coded.last)).all():
        return "No statement has a date with both ends: type --dates published."
    return "No window lies inside the period of the statements: type a smaller --size."


def _described(made: Projection, about: dict[str, Any]) -> Projection:
    return replace(made, **about)


def calendar_windows(coded: Coded, settings: Projecting, unit: str, size: int) -> list[Window]:
    """Return the networks of windows that move in steps of a unit.

    A window reaches `size / 2` units, rounded down, to both sides of its middle, so 2 and 3 units are the same. Only
    windows that lie inside the period are returned. Repeated statements are left out before the windows are cut. A
    statement counts in the windows that end before its withdrawal.

    Args:
        unit: One of `UNITS`.

    Raises:
        QueryError: There is no such unit, or the size is less than 1.
    """
    _require(unit, UNITS, "unit")
    half = _half(size)
    selection = _prepare(coded, settings)
    if not len(selection.universe):
        return []
    first, last = _limits(selection, settings)
    return [
        _window(selection, settings, start, middle, stop)
        for middle in _steps(first, last, unit)
        if (start := _moved(middle, unit, -half)) >= first and (stop := _moved(middle, unit, half)) <= last
    ]


def event_windows(coded: Coded, settings: Projecting, size: int) -> list[Window]:
    """Return the networks of windows that hold `size / 2` statements before and after each statement.

    All statements of the first and last moment of a window belong to it, so nothing is drawn at random and a window
    may hold more statements. Windows with the same limits are returned once. Undated statements are left out.
    """
    half = _half(size)
    selection = _prepare(coded, settings)
    moments = selection.kept.first
    middles: dict[tuple[Any, Any], Any] = {}
    for place in range(half, len(moments) - half):
        middles.setdefault((moments[place - half], moments[place + half]), moments[place])
    return [
        _window(selection, settings, *map(_datetime, (start, middle, stop)))
        for (start, stop), middle in middles.items()
    ]


def kernel_slices(  # noqa: PLR0913
    coded: Coded, settings: Projecting, unit: str, size: int, kernel: str, *, indent: bool = True
) -> list[Window]:
    """Return a network for each moment, in which statements weigh less the farther away they are.

    All slices have all rows and columns. A statement counts in the slices before its withdrawal. Two statements of a
    pair weigh the square root of the product of their weights. Under `average`, the activity of an actor is the sum of
    its weights relative to that of the mid-point.

    Args:
        size: Width of the kernel in units; an odd number is raised by 1.
        indent: Whether slices begin and end half a kernel inside the period.

    Raises:
        QueryError: There is no such unit, kernel or size, or the normalisation is neither `no` nor `average`.
    """
    _require(unit, UNITS, "unit")
    _require(kernel, KERNELS, "kernel")
    if settings.normalisation not in {"no", "average"}:
        raise QueryError(
            f"The normalisation {settings.normalisation!r} is not defined with the kernel {kernel!r}.",
            "Type one of: no, average.",
        )
    half = _half(size) + size % 2
    selection = _prepare(coded, replace(settings, isolates=True))
    if not len(selection.universe):
        return []
    first, last = _limits(selection, settings)
    if indent:
        first, last = _moved(first, unit, half), _moved(last, unit, -half)
    return [
        Window(
            _moved(middle, unit, -half), middle, _moved(middle, unit, half),
            _slice(part, settings, kernel, units_to(part.kept, middle, unit) / half),
        )
        for middle in _steps(first, last, unit)
        for part in (standing(selection, settings, np.datetime64(middle, "s")),)
    ]  # fmt: skip


def _require(word: str, words: tuple[str, ...], what: str) -> None:
    if word not in words:
        raise QueryError(f"There is no {what} {word!r}.", instead(word, words))


def _half(size: int) -> int:
    if size < 1:
        raise QueryError(f"A window of the size {size} is empty.", "Type a size of 1 or more.")
    return size // 2


def _prepare(coded: Coded, settings: Projecting) -> Selection:
    """Select the statements that have a date."""
    require_qualifier(settings, coded.qualifier)
    coded = turned(coded, settings)
    undated = np.isnat(coded.first) | np.isnat(coded.last)
    selection = select_ever(coded.select(~undated), settings)
    if undated.any():
        selection.left_out["no date"] = int(undated.sum())
    return selection


def _limits(selection: Selection, settings: Projecting) -> tuple[dt.datetime, dt.datetime]:
    start, end = period(settings.start, settings.end)
    first = selection.universe.first.min() if start is None else start
    last = selection.universe.last.max() if end is None else end
    return _datetime(first), _datetime(last)


def _datetime(moment: Any) -> dt.datetime:  # noqa: ANN401 - a numpy moment, whose type depends on its unit
    found = moment.item()
    assert isinstance(found, dt.datetime)  # noqa: S101
    return found


def _steps(first: dt.datetime, last: dt.datetime, unit: str) -> Iterator[dt.datetime]:
    while first <= last:
        yield first
        first = _moved(first, unit, 1)


def _moved(moment: dt.datetime, unit: str, number: int) -> dt.datetime:
    """Return a moment some units later; a day that its month lacks becomes the last of the month."""
    if unit not in _MONTHS:
        return moment + dt.timedelta(**{unit: number})
    year, month = divmod(moment.year * 12 + moment.month - 1 + number * _MONTHS[unit], 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _window(
    selection: Selection, settings: Projecting, start: dt.datetime, middle: dt.datetime, stop: dt.datetime
) -> Window:
    part = standing(selection, settings, np.datetime64(stop, "s"))
    kept = part.kept.select(inside(part.kept, np.datetime64(start, "s"), np.datetime64(stop, "s"), settings.dates))
    part = replace(part, kept=kept, left_out=dict(part.left_out))
    if not settings.isolates:
        rows = selection.rows[np.isin(selection.rows, kept.actor)]
        columns = selection.columns[np.isin(selection.columns, kept.concept)]
        if settings.mode == "directed":
            rows = columns = selection.rows[np.isin(selection.rows, np.concatenate([kept.actor, kept.concept]))]
        part = replace(part, rows=rows, columns=columns)
    return Window(start, middle, stop, of_selection(part, settings))


def units_to(coded: Coded, middle: dt.datetime, unit: str) -> Floats:
    """Return the whole units from each statement to a moment; negative for later statements."""
    days = (np.datetime64(middle, "s") - coded.first) / np.timedelta64(1, "D")
    if unit not in _MONTHS:
        return np.trunc(days / (7 if unit == "weeks" else 1))
    month = coded.first.astype("datetime64[M]")
    rest = coded.first - month.astype("datetime64[s]")
    here = np.datetime64(middle, "M")
    number = (here - month).astype(int)
    over = (np.datetime64(middle, "s") - here.astype("datetime64[s]")) - rest
    zero = np.timedelta64(0, "s")
    number = number - ((number > 0) & (over < zero)) + ((number < 0) & (over > zero))
    return np.asarray(np.trunc(number / _MONTHS[unit]))


def kernel_weights(kernel: str, distance: Floats, *, compat: bool = False) -> Floats:
    """Return the weight of statements at a distance from the mid-point, in halves of the width of the kernel.

    >>> kernel_weights("triangular", np.array([-0.5, 0, 0.5, 2])).tolist()
    [0.5, 1.0, 0.5, 0.0]
    """
    if kernel == "gaussian":
        return np.asarray(np.exp(-(distance**2) / 2) / np.sqrt(2 * np.pi))
    shape = {
        "uniform": np.full(len(distance), 0.5),
        "epanechnikov": 0.75 * (1 - distance**2),
        "triangular": np.abs(1 - distance) if compat else 1 - np.abs(distance),
    }[kernel]
    return np.where(np.abs(distance) <= 1, shape, 0.0)


def _slice(selection: Selection, settings: Projecting, kernel: str, distance: Floats) -> Projection:
    weights = kernel_weights(kernel, distance, compat=bool(settings.compat))
    if settings.compat:
        return _compat_slice(selection, settings, weights)
    made = of_selection(selection, replace(settings, normalisation="no"), weights=weights)
    if settings.normalisation == "no":
        return made
    peak = float(kernel_weights(kernel, np.zeros(1))[0])
    activity = made.cells.activity() / peak
    return replace(made, settings=settings, matrix=one_mode(made.cells, settings, activity), activity=activity)


def _compat_slice(selection: Selection, settings: Projecting, weights: Floats) -> Projection:
    made = of_selection(selection, replace(settings, normalisation="no"), weights=weights)
    cells = made.cells
    if not settings.one_mode:
        if settings.aggregation == "subtract" and cells.qualifier == "integer":
            # The program weighs a level by its place in a list that is sorted as text.
            places = np.argsort(np.argsort([str(label) for label in cells.labels]))
            made = of_selection(selection, settings, weights=weights, values=places.astype(float))
        return made
    matrix = made.to_matrix() + np.diag(_diagonal(made))
    if settings.normalisation == "average":
        counts = replace(cells, weights=None).stacked().toarray()
        both = counts[:, None, :] + counts[None, :, :]
        matrix = matrix * np.divide(2, both, out=np.zeros_like(both), where=both > 0).sum(axis=2)
    return replace(made, settings=settings, matrix=sparse.csr_array(matrix))


def _diagonal(made: Projection) -> Any:  # noqa: ANN401
    """Return the weight of each actor with itself."""
    from graphkit.analysis.discourse.matrices import similarity

    cells = made.cells
    rows, columns, levels = cells.shape
    counts = cells.stacked().toarray().reshape(rows, columns, levels)
    alike = similarity(cells, made.settings.aggregation)
    return np.einsum("ijk,kl,ijl->i", counts, alike, counts)

"""The columns of a timeline: cut at long empty periods, with blocks of cards stacked in them."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Empty periods of fewer days are not mentioned; longer ones are given in months, and from the second number in years.
_MENTIONED, _YEARS = 60, 730
_MONTH, _YEAR = 30.44, 365.25


def cut(days: Sequence[int], most: int) -> list[list[int]]:
    """Divide days into columns, each cut at a long gap with many days on both sides.

    Args:
        days: Ordinals, one for each card.
        most: The greatest number of columns.

    >>> cut([1, 2, 3, 500, 501, 502], 2)
    [[1, 2, 3], [500, 501, 502]]
    """
    columns = [sorted(days)] if days else []
    while len(columns) < most:
        worth, at, index = max(
            (
                (_value_of_cut(column, i), -number, -i)
                for number, column in enumerate(columns)
                for i in range(1, len(column))
            ),
            default=(0.0, 0, 0),
        )
        if not worth:
            break
        whole = columns[-at]
        columns[-at : 1 - at] = [whole[:-index], whole[-index:]]
    return columns


def _value_of_cut(days: Sequence[int], index: int) -> float:
    """Return the value of a cut, which grows with the length of the gap and the cards on its smaller side."""
    return math.sqrt(days[index] - days[index - 1]) * min(index, len(days) - index)


def heading(days: Sequence[int]) -> str:
    """Return the months from the first to the last day.

    >>> heading([737000, 737400])
    '2018-11 to 2019-12'
    """
    first, last = (date.fromordinal(day).isoformat()[:7] for day in (days[0], days[-1]))
    return first if first == last else f"{first} to {last}"


def later(before: int, day: int) -> str:
    """Return the length of the period between two days, if it is long.

    >>> later(737000, 737500)
    '16 months later'
    """
    gap = day - before
    if gap < _MENTIONED:
        return ""
    return f"{gap / _YEAR:.0f} years later" if gap > _YEARS else f"{gap / _MONTH:.0f} months later"


def stacked(blocks: Sequence[Mapping[int, int]], gap: int) -> list[int]:
    """Return the top of each block: the first at which it touches no earlier block.

    Args:
        blocks: The depth of each block by column.
        gap: The space between two blocks.

    >>> stacked([{0: 100, 1: 20, 2: 20}, {0: 50}, {1: 70, 2: 30}, {0: 10, 1: 10}], 10)
    [0, 110, 30, 170]
    """
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    tops: list[int] = []
    for block in blocks:
        beside = [(high - down - gap, low + gap) for column, down in block.items() for high, low in taken[column]]
        top = next(
            y for y in sorted({0, *(low for _, low in beside)}) if all(y <= up or low <= y for up, low in beside)
        )
        for column, down in block.items():
            taken[column].append((top, top + down))
        tops.append(top)
    return tops


def outline(
    block: Mapping[int, int], top: int, left: Callable[[int], float], inset: float
) -> list[tuple[float, float]]:
    """Return the corners of the outline of a block whose columns have different depths.

    Args:
        block: Depth by column.
        top: The top of the block.
        left: Returns the left edge of a column.
        inset: The space on both sides.

    >>> outline({0: 50, 1: 20}, 5, lambda column: 100.0 * column, 10)
    [(10.0, 5), (190.0, 5), (190.0, 25), (90.0, 25), (90.0, 55), (10.0, 55)]
    """
    corners = [(left(min(block)) + inset, top), (left(max(block) + 1) - inset, top)]
    for column in sorted(block, reverse=True):
        low, x = top + block[column], corners[-1][0]
        # Between two columns, the outline runs inside the deeper one.
        if column != max(block):
            deeper = block[column] > block[column + 1]
            x = left(column + 1) + (-inset if deeper else inset)
            corners.append((x, corners[-1][1]))
        corners.append((x, low))
    return [*corners, (corners[0][0], corners[-1][1])]

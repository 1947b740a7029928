"""A time as columns: cut where it is long and empty, with blocks of cards that stand in them on one another."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# Below that many days, an empty time is not worth a word; above the other, it is told in years.
_NOTED, _YEARS = 60, 730
_MONTH, _YEAR = 30.44, 365.25


def cut(days: Sequence[int], most: int) -> list[list[int]]:
    """Return days in columns: each cut is where much time passes and many days stand on both sides.

    Args:
        days: Ordinals, one for each card.
        most: The number of columns at most.

    >>> cut([1, 2, 3, 500, 501, 502], 2)
    [[1, 2, 3], [500, 501, 502]]
    """
    columns = [sorted(days)] if days else []
    while len(columns) < most:
        worth, at, place = max(
            ((_worth(column, i), -number, -i) for number, column in enumerate(columns) for i in range(1, len(column))),
            default=(0.0, 0, 0),
        )
        if not worth:
            break
        whole = columns[-at]
        columns[-at : 1 - at] = [whole[:-place], whole[-place:]]
    return columns


def _worth(days: Sequence[int], place: int) -> float:
    """Return how much a cut parts: few cards beside a long gap count as much as many beside a short one."""
    return math.sqrt(days[place] - days[place - 1]) * min(place, len(days) - place)


def heading(days: Sequence[int]) -> str:
    """Return the months from the first to the last day.

    >>> heading([737000, 737400])
    '2018-11 to 2019-12'
    """
    first, last = (date.fromordinal(day).isoformat()[:7] for day in (days[0], days[-1]))
    return first if first == last else f"{first} to {last}"


def later(before: int, day: int) -> str:
    """Return how long nothing is said between two days, if it is long.

    >>> later(737000, 737500)
    '16 months later'
    """
    empty = day - before
    if empty < _NOTED:
        return ""
    return f"{empty / _YEAR:.0f} years later" if empty > _YEARS else f"{empty / _MONTH:.0f} months later"


def stacked(blocks: Sequence[Mapping[int, int]], gap: int) -> list[int]:
    """Return the top of each block: the first height at which it touches none before it.

    Args:
        blocks: How far each reaches down, by column.
        gap: What to leave between two.

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
    """Return the corners of a block whose columns reach down to different depths.

    Args:
        block: How far it reaches down, by column.
        top: Where it begins.
        left: Where each column begins.
        inset: What to leave free on both sides.

    >>> outline({0: 50, 1: 20}, 5, lambda column: 100.0 * column, 10)
    [(10.0, 5), (190.0, 5), (190.0, 25), (90.0, 25), (90.0, 55), (10.0, 55)]
    """
    corners = [(left(min(block)) + inset, top), (left(max(block) + 1) - inset, top)]
    for column in sorted(block, reverse=True):
        low, x = top + block[column], corners[-1][0]
        # Where two columns meet, the deeper one ends in its own column.
        if column != max(block):
            deeper = block[column] > block[column + 1]
            x = left(column + 1) + (-inset if deeper else inset)
            corners.append((x, corners[-1][1]))
        corners.append((x, low))
    return [*corners, (corners[0][0], corners[-1][1])]

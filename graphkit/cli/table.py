"""Tables for a terminal: columns share its width, long cells are folded, nothing is cut off.

rich does this too, but takes 0.1 s: as long as everything else in a command that prints a table.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = "  "
# A file or a pipe has no screen width.
_WIDTH_OF_A_PIPE = 140
_NARROWEST = 8


def render(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table.

    >>> print(render(["who", "what"], [["Home Office", "paid"]]))
    who          what
    ───────────  ────
    Home Office  paid
    """
    widths = _widths([columns, *rows], screen_width())
    rule = _GAP.join("─" * width for width in widths)
    body = [_row(row, widths) for row in rows]
    # If cells are folded, an empty line separates the rows.
    between = "\n\n" if any("\n" in row for row in body) else "\n"
    return f"{_row(columns, widths)}\n{rule}\n{between.join(body)}"


def screen_width() -> int:
    """Return the number of characters that fit into a line."""
    return shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns if sys.stdout.isatty() else _WIDTH_OF_A_PIPE


def _widths(rows: Sequence[Sequence[str]], screen: int) -> list[int]:
    """Give each column the width that it needs; if they do not fit, narrow the widest."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    room = max(screen - len(_GAP) * (len(widths) - 1), _NARROWEST)
    widths = [min(width, room) for width in widths]
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    folded = [_fold(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = zip_longest(*folded, fillvalue="")
    return "\n".join(_GAP.join(map(_pad, line, widths)).rstrip() for line in lines)


def _fold(text: str, width: int) -> list[str]:
    return [line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count the terminal cells of a text: East Asian wide characters take two."""
    if text.isascii():
        return max(map(len, text.split("\n")))
    return max(sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in part) for part in text.split("\n"))

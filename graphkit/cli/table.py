"""Tables for a terminal: columns share its width, words stay whole, nothing is cut off.

rich does this too, but takes 0.1 s: as long as everything else in a command that prints a table.
"""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_GAP = "  "
# Without a screen, such as in a pipe, a line has this length unless the variable COLUMNS says otherwise.
_USUAL = (80, 24)
_NARROWEST = 20
# If the rows of a table have more lines than this on average, blocks are easier to read.
_TALLEST = 4
_LATEST, _INDENT = "latest statement", "  "


def render(columns: Sequence[str], rows: Sequence[Sequence[str]], latest: Sequence[str] = ()) -> str:
    """Lay out a table; if it would not fit, each row becomes a block of lines, a name and a value in each.

    Args:
        latest: For each row, the latest statement that it counts; it stands below the row.

    >>> print(render(["who", "what"], [["Home Office", "paid"]]))
    who          what
    ───────────  ────
    Home Office  paid
    >>> print(render(["gist", "link"], [["The Home Office paid.", "https://example.org/" + "a" * 60]]))
    1. gist: The Home Office paid.
       link: https://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    """
    widths = _widths([columns, *rows], screen_size()[0])
    folded = [_fold_row(row, widths) for row in rows] if widths else []
    if not widths or sum(max(map(len, row)) for row in folded if row) > _TALLEST * len(rows):
        if latest:
            columns, rows = [*columns, _LATEST], [[*row, text] for row, text in zip(rows, latest, strict=True)]
        return "\n\n".join(_blocks(columns, rows))
    body = [_lines(row, widths) for row in folded]
    heading = _lines(_fold_row(columns, widths), widths)
    if latest:
        heading += f"\n{_INDENT}{_LATEST}"
        body = [f"{row}\n{paragraph(text, _INDENT)}".rstrip() for row, text in zip(body, latest, strict=True)]
    # If cells are folded, an empty line separates the rows.
    between = "\n\n" if any("\n" in row for row in body) else "\n"
    rule = _GAP.join("─" * width for width in widths)
    return f"{heading}\n{rule}\n{between.join(body)}"


def named_lines(pairs: Sequence[tuple[str, str]], indent: str = "") -> str:
    """Lay out names and values, one below the other.

    >>> print(named_lines([("about", "Project Alpha"), ("evidence", "verified")]))
    about:    Project Alpha
    evidence: verified
    """
    longest = max((_width(name) for name, _ in pairs), default=0) + len(": ")
    inside = indent + " " * longest
    length = max(screen_size()[0] - len(inside), _NARROWEST)
    return "\n".join(
        indent + _pad(f"{name}: ", longest) + f"\n{inside}".join(_fold(value, length)) for name, value in pairs
    )


def paragraph(text: str, indent: str = "") -> str:
    """Lay out a text in lines that fit.

    >>> print(paragraph("The Home Office paid.", "  "))
      The Home Office paid.
    """
    length = max(screen_size()[0] - len(indent), _NARROWEST)
    return "\n".join(indent + line for line in _fold(text, length))


def screen_size() -> tuple[int, int]:
    """Return the number of characters that fit into a line, and the number of lines."""
    return shutil.get_terminal_size(_USUAL)


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    indent = " " * len(f"{len(rows)}. ")
    for number, row in enumerate(rows, 1):
        pairs = [(name, value) for name, value in zip(columns, row, strict=True) if value]
        yield f"{number}.".ljust(len(indent)) + named_lines(pairs, indent).removeprefix(indent)


def _widths(rows: Sequence[Sequence[str]], screen: int) -> list[int]:
    """Give each column the width that it needs; if they do not fit, narrow the widest; [] if words do not fit."""
    cells = list(zip(*rows, strict=True))
    widths = [max(map(_width, column)) for column in cells]
    least = [max(_longest_word(cell) for cell in column) for column in cells]
    room = screen - len(_GAP) * (len(widths) - 1)
    if len(widths) == 1:
        return [max(least[0], min(widths[0], room))]
    if sum(least) > room:
        return []
    widths = [min(width, room) for width in widths]
    while sum(widths) > room:
        spare = [width if width > word else 0 for width, word in zip(widths, least, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths


def _longest_word(text: str) -> int:
    return max(map(_width, text.split()), default=0)


def _fold_row(cells: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    return [_fold(cell, width) for cell, width in zip(cells, widths, strict=True)]


def _lines(folded: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    lines = zip_longest(*folded, fillvalue="")
    return "\n".join(_GAP.join(map(_pad, line, widths)).rstrip() for line in lines)


def _fold(text: str, width: int) -> list[str]:
    if _width(text) <= width and "\n" not in text:
        return [text]
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(part, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count the terminal cells of a text: East Asian wide characters take two."""
    if text.isascii():
        return max(map(len, text.split("\n")))
    return max(sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in part) for part in text.split("\n"))

"""Printing: tables for people, CSV and JSON for programs, progress on stderr."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest

from graphkit.model.errors import Level, Problem

# The formats of a list.
LIST_FORMATS = ("table", "csv", "json")
_COLOURS = {"red": "31", "yellow": "33"}
# Characters that a terminal obeys instead of showing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    r"""Replace characters that control a terminal by the replacement character.

    >>> ascii(plain("a\x1b[31mb"))
    "'a\\ufffd[31mb'"
    """
    return _CONTROL.sub("\ufffd", text)


def say(text: str = "", *, err: bool = False, colour: str = "", bold: bool = False, end: str = "\n") -> None:
    """Print text on stdout or stderr, on a terminal in a colour or in bold; on stderr, nothing controls a terminal."""
    stream = sys.stderr if err else sys.stdout
    text = plain(text) if err else text
    codes = [code for code in (_COLOURS.get(colour), "1" if bold else None) if code]
    if codes and stream.isatty():
        text = f"\x1b[{';'.join(codes)}m{text}\x1b[0m"
    print(text, file=stream, end=end, flush=True)


def show(columns: Sequence[str], rows: Iterable[Sequence[object]], form: str, title: str = "") -> None:
    """Print rows as a table, CSV or JSON."""
    if form == "csv":
        say(as_csv(columns, rows), end="")
    elif form == "json":
        say(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        show_table(columns, rows, title)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table that fits the screen."""
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    if title:
        say(plain(title) + "\n", bold=True)
    if columns:
        say(render(columns, cells) + "\n")


def show_problems(problems: Sequence[Problem], form: str) -> None:
    """Print problems: to stdout as CSV or JSON, else to stderr as lines."""
    if form != "table":
        columns = ("file", "line", "column", "level", "code", "message", "solution")
        show(columns, [_row(problem) for problem in problems], form)
        return
    from graphkit.model.text import visible

    for problem in problems:
        colour = "red" if problem.level is Level.ERROR else "yellow"
        say(f"{visible(problem.location)}  {problem.level}  {problem.code}", err=True, colour=colour)
        say(f"    {problem.message}\n    Solution: {problem.solution}", err=True)


def _row(problem: Problem) -> tuple[object, ...]:
    place = problem.location
    return place.file, place.line, place.column, problem.level.value, problem.code, problem.message, problem.solution


@contextmanager
def progress(steps: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on stderr that advances with each named step, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(steps[0], total=len(steps))

        def enter(step: str) -> None:
            bar.update(task, completed=steps.index(step), description=step)

        yield enter


def summary(problems: Sequence[Problem]) -> str:
    """Count problems in words.

    >>> summary([])
    'no problems'
    """
    errors = sum(problem.level is Level.ERROR for problem in problems)
    counts = [(errors, "error"), (len(problems) - errors, "warning")]
    return ", ".join(f"{number} {word}{'s' * (number != 1)}" for number, word in counts if number) or "no problems"


# --- tables: columns share the width of the terminal, long cells are folded, nothing is cut off. rich does this too,
# but takes 0.1 s: as long as everything else in a command that prints a table.

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
    body = [_folded_row(row, widths) for row in rows]
    # If cells are folded, an empty line separates the rows.
    between = "\n\n" if any("\n" in row for row in body) else "\n"
    return f"{_folded_row(columns, widths)}\n{rule}\n{between.join(body)}"


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


def _folded_row(cells: Sequence[str], widths: Sequence[int]) -> str:
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

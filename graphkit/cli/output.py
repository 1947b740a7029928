"""Printing: tables for people, CSV and JSON for programs, progress on stderr."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from graphkit.cli.table import named_lines, paragraph, render, screen_size
from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import Level, Location, Problem
from graphkit.model.text import counted

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
    text = highlighted(text, _COLOURS.get(colour, ""), "1" if bold else "", stream=stream)
    print(text, file=stream, end=end, flush=True)


def highlighted(text: str, *codes: str, stream: TextIO | None = None) -> str:
    """Return a text in colours or in bold (1) if it goes to a terminal."""
    codes = tuple(code for code in codes if code)
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes and (stream or sys.stdout).isatty() else text


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
    writer = csv_writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    title: str = "",
    about: Sequence[tuple[str, str]] = (),
    latest: Sequence[str] = (),
) -> None:
    """Print a table that fits the screen, page by page if it is longer than a screen.

    Args:
        about: Names and texts that hold for each row; they are printed above the table.
        latest: For each row, the latest statement that it counts; it is printed below the row.
    """
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    heading = highlighted(paragraph(plain(title)), "1") if title else ""
    named = named_lines([(plain(name), plain(text)) for name, text in about])
    parts = [heading, named, render(columns, cells, [plain(text) for text in latest]) if columns else ""]
    page("\n\n".join(part for part in parts if part) + "\n")


def page(text: str) -> None:
    """Print a text; if it is longer than the screen of a terminal, show it page by page."""
    if not sys.stdout.isatty() or text.count("\n") < screen_size()[1]:
        say(text)
        return
    import pydoc  # only for long texts on a terminal

    # As git does: keep colours, and leave the text on the screen.
    os.environ.setdefault("LESS", "FRX")
    pydoc.pager(text)


def show_problems(problems: Sequence[Problem], form: str, root: Path | None = None) -> None:
    """Print problems: to stdout as CSV or JSON, else to stderr as lines.

    Args:
        root: The workspace whose files they name; lines name them as seen from the current folder.
    """
    if form != "table":
        columns = ("file", "line", "column", "level", "code", "message", "solution")
        show(columns, [_row(problem) for problem in problems], form)
        return
    from graphkit.model.text import visible

    for problem in problems:
        colour = "red" if problem.level is Level.ERROR else "yellow"
        say(f"{visible(_from_here(problem.location, root))}  {problem.level}  {problem.code}", err=True, colour=colour)
        say(f"    {problem.message}\n    Solution: {problem.solution}", err=True)


def _from_here(location: Location, root: Path | None) -> Location:
    """Return a location in a workspace so that its path leads to the file from the current folder."""
    path = root and root / location.file
    return replace(location, file=os.path.relpath(path)) if path and path.exists() else location


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
    return ", ".join(counted(number, word) for number, word in counts if number) or "no problems"

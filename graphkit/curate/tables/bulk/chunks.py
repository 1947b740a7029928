"""Chunks of a file of JSON lines, each with whole sources, for independent processing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from graphkit.curate.tables.columns import known
from graphkit.model.errors import GraphkitError

SIZE = 1_000_000
# No source can be larger: its file would exceed the limit long before. A longer line is refused.
_LARGEST = 32_000_000
LONGEST_LINE = 8_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a file."""

    offset: int
    length: int
    line: int


def split(path: Path, begin: int) -> Iterator[Chunk]:
    """Split a file between sources."""
    with path.open("rb") as file:
        file.seek(begin)
        line = 1
        while data := file.read(SIZE):
            start = file.tell() - len(data)
            data += _rest(file)
            end = start + len(data)
            end, more = _to_end_of_source(file, data, end)
            yield Chunk(start, end - start, line)
            line += _line_ends(data) + more


def _rest(file: BinaryIO) -> bytes:
    """Read the rest of a line; of a line that is too long, only enough to show that it is too long.

    Raises:
        GraphkitError: It holds lines that end with carriage returns alone, which would be lost.
    """
    rest = file.readline(LONGEST_LINE)
    part = rest
    while len(part) == LONGEST_LINE and not part.endswith(b"\n"):
        if b"\r" in part[:-1]:
            message = (
                f"The lines of {file.name} end with carriage returns alone, and it is too large to be read like that."
            )
            raise GraphkitError(message, "Save it with line feeds at the ends of lines.")
        part = file.readline(LONGEST_LINE)
    return rest


def _to_end_of_source(file: BinaryIO, data: bytes, end: int) -> tuple[int, int]:
    """Read to the end of the source; return the offset of that end and the number of lines read."""
    last = next((name for line in reversed(data.splitlines()) if (name := source_of(line))), "")
    begin, more = end, 0
    while (here := file.tell()) - begin < _LARGEST and (line := _rest(file)):
        if (name := source_of(line)) and name != last:
            file.seek(here)
            break
        end, more = file.tell(), more + _line_ends(line)
    return end, more


def _line_ends(data: bytes) -> int:
    """Count the line ends of data and of the line that `_rest` cut at its end."""
    return count_lines(data) + (not data.endswith((b"\n", b"\r")))


def source_of(line: bytes) -> str:
    """Return the source of a row, "" if the row cannot be read.

    >>> source_of(b'{"Source": "a-b", "key": "c"}'), source_of(b'{"source"')
    ('a-b', '')
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    cells = row.items() if isinstance(row, dict) else ()
    return next((str(cell).strip() for key, cell in cells if known(key) == "source"), "")


def count_lines(data: bytes) -> int:
    r"""Count the line ends of all kinds.

    >>> count_lines(b"a\nb\r\nc\rd")
    3
    """
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")

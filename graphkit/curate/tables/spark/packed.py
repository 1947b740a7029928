"""Rows of tables and lines as bytes, for the way between the processes of Spark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphkit.curate.tables.table import Row
from graphkit.model.errors import Level, Location, Problem

# The rows without a source of a part of a file are a group of their own: no group grows with the number of bad rows.
NO_SOURCE = "\x01"


@dataclass(frozen=True, slots=True)
class PackedRow:
    """A row on its way to the other rows of its source.

    Attributes:
        group: Its source; for a row without one, `NO_SOURCE` and the part of the file.
        file: The number of its file.
        digests: Two numbers that change with its content or its position.
    """

    group: str
    file: int
    number: int
    data: bytes
    digests: tuple[int, int]


# The columns of packed rows in a data frame of Spark.
ROWS = "group string, file int, number long, data binary, one long, two long"


def pack(row: Row, file: int, name: str, part: int) -> PackedRow:
    """Pack a row.

    Args:
        name: The name of its file, which is part of its position.
        part: The offset of the part of the file.
    """
    data = json.dumps(
        [row.number, row.cells, list(row.original), list(map(_fields, row.problems)), row.unread, row.blank]
    )
    raw = data.encode()
    made = hashlib.sha256(f"{name}\0".encode() + raw).digest()
    digests = int.from_bytes(made[:8], "big", signed=True), int.from_bytes(made[8:16], "big", signed=True)
    # Surrogates stand for bytes that are not UTF-8, and no data frame has them.
    group = row.cells.get("source", "").encode("utf-8", "backslashreplace").decode() or f"{NO_SOURCE}{name}\0{part}"
    return PackedRow(group, file, row.number, raw, digests)


def _fields(problem: Problem) -> list[Any]:
    place = problem.location
    return [problem.code, place.line, place.column, problem.message, problem.solution, problem.level.value]


def unpack(data: bytes, file: str) -> Row:
    """Unpack a row of a file."""
    number, cells, original, problems, unread, blank = json.loads(data)
    return Row(number, cells, original, tuple(_problem(file, fields) for fields in problems), unread, tuple(blank))


def _problem(file: str, fields: list[Any]) -> Problem:
    code, line, column, message, solution, level = fields
    return Problem(code, Location(file, line, column), message, solution, Level(level))


def squeeze(data: bytes) -> bytes:
    """Compress bytes, with their length before them."""
    import pyarrow as pa

    return len(data).to_bytes(8, "big") + bytes(pa.compress(data, "zstd", asbytes=True))


def unsqueeze(data: bytes) -> bytes:
    """Return the bytes that were compressed."""
    import pyarrow as pa

    return bytes(pa.decompress(data[8:], int.from_bytes(data[:8], "big"), "zstd", asbytes=True))


def columns_of(rows: Iterable[PackedRow]) -> dict[str, list[Any]]:
    """Return packed rows as the columns of `ROWS`."""
    some = list(rows)
    return {
        "group": [row.group for row in some],
        "file": [row.file for row in some],
        "number": [row.number for row in some],
        "data": [row.data for row in some],
        "one": [row.digests[0] for row in some],
        "two": [row.digests[1] for row in some],
    }

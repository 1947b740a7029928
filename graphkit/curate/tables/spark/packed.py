"""Rows of tables and lines as bytes, for the way between the processes of Spark."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, TypeAlias

from graphkit.curate.tables.table import Row
from graphkit.model.errors import Level, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

# The rows without a source of a part of a file are a group of their own: no group grows with the number of bad rows.
NO_SOURCE = "\x01"


# The columns of packed rows in a data frame of Spark: the source (for a row without one, `NO_SOURCE` and the part of
# the file), the number of the file, the row, its data, and two numbers that change with its content or its position.
ROWS = "group string, file int, number long, data binary, one long, two long"
PackedRow: TypeAlias = "tuple[str, int, int, bytes, int, int]"


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
    return group, file, row.number, raw, *digests


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


def packed_batch(rows: Iterable[tuple[Any, ...]], columns: str = ROWS) -> pa.RecordBatch:
    """Return rows as a batch of columns that are named as for Spark."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "int": pa.int32(), "long": pa.int64(), "binary": pa.binary()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in (column.split() for column in columns.split(", "))])
    cells = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.record_batch([pa.array(some, kind) for some, kind in zip(cells, schema.types, strict=True)], schema)

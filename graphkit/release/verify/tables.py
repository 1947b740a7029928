"""Rows 6 and 7: the tables as CSV, with their types, keys and references, and the same as Parquet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from graphkit.model.files import hash_file
from graphkit.release.verify.deposit import MOST_ROWS, TABLE, Deposit, UnprovedError

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_INTEGER = re.compile(r"-?\d+")


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_TYPES: Mapping[str, Callable[[str], object]] = {
    "string": lambda _: True,
    "integer": _INTEGER.fullmatch,
    "number": _NUMBER.fullmatch,
    "boolean": {"true", "false"}.__contains__,
    "date": _is_date,
}
_ARROW = {"string": "string", "integer": "int64", "number": "decimal", "boolean": "bool", "date": "date32"}


def check_tables(deposit: Deposit) -> Iterator[str]:
    """Yield each table with other bytes or columns than described, and each cell of another type or without its row."""
    keys: dict[str, set[int]] = {}
    for table in deposit.tables:
        yield from _described(deposit, table)
        keys[table["name"]] = set()
        yield from _rows(deposit, table, keys[table["name"]])
    for table in deposit.tables:
        for key in table["schema"].get("foreignKeys", ()):
            yield from _references(deposit, table["name"], key, keys)


def csv_of(table: Mapping[str, Any]) -> str:
    """Return the path of the file of a table; a data package may not name others."""
    return f"tables/{table['name']}.csv"


def _described(deposit: Deposit, table: Mapping[str, Any]) -> Iterator[str]:
    name = csv_of(table)
    path = deposit.path(name, TABLE)
    if f"tables/{table['path']}" != name:
        yield f"The data package names the file {table['path']!r} for the table {table['name']}."
    if (table["bytes"], table["hash"]) != (path.stat().st_size, f"sha256:{hash_file(path)}"):
        yield f"{name} has another size or hash than the data package says."
    if deposit.head(name) != [column["name"] for column in table["schema"]["fields"]]:
        yield f"{name} has other columns than the data package says."


def _rows(deposit: Deposit, table: Mapping[str, Any], ids: set[int]) -> Iterator[str]:
    """Check the types and the key of each row, and collect the keys."""
    columns = [(column["name"], column["type"], _allowed(column)) for column in table["schema"]["fields"]]
    key = table["schema"]["primaryKey"]
    for number, row in enumerate(deposit.rows(csv_of(table)), 1):
        for name, kind, allowed in columns:
            if row[name] and not allowed(row[name]):
                yield f"{csv_of(table)}, row {number:,}: {name} is {row[name][:60]!r}, which is not allowed for {kind}."
        values = tuple(row[name] for name in key)
        if _known(values, ids):
            yield f"{csv_of(table)}, row {number:,}: the key {' '.join(values)[:90]!r} is empty or occurs twice."


def _allowed(column: Mapping[str, Any]) -> Callable[[str], object]:
    words = column.get("constraints", {}).get("enum")
    return set(words).__contains__ if words else _TYPES[column["type"]]


def _known(key: tuple[str, ...], ids: set[int]) -> bool:
    """Return whether a key is known or has an empty part, and remember it."""
    mark = hash(key[0] if len(key) == 1 else key)
    known = mark in ids or not all(key)
    ids.add(mark)
    return known


def _references(deposit: Deposit, name: str, key: Mapping[str, Any], keys: Mapping[str, set[int]]) -> Iterator[str]:
    column, table = key["fields"], key["reference"]["resource"]
    for number, row in enumerate(deposit.rows(f"tables/{name}.csv"), 1):
        if row[column] and hash(row[column]) not in keys[table]:
            yield f"tables/{name}.csv, row {number:,}: {column} is {row[column][:90]!r}, which is not in {table}."


# --- Parquet ---------------------------------------------------------------------------------------------------------


def check_parquet(deposit: Deposit) -> Iterator[str]:
    """Yield each Parquet file whose types are other than described, or whose rows are other than those of the CSV."""
    import pyarrow.parquet as pq

    for table in deposit.tables:
        name = f"parquet/{table['name']}.parquet"
        with pq.ParquetFile(deposit.path(name, TABLE)) as file:
            _require_small(name, file.metadata)
            yield from _types(name, file.schema_arrow, table)
            yield from _same_rows(name, file, deposit.rows(csv_of(table)))


def _require_small(name: str, metadata: Any) -> None:  # noqa: ANN401 - pyarrow has no types
    size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or size > 2 * TABLE:
        raise UnprovedError(f"{name} has more rows or bytes than graphkit verify reads.")


def _types(name: str, schema: Any, table: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - pyarrow has no types
    found = [(column.name, str(column.type).partition("[")[0].partition("128")[0]) for column in schema]
    expected = [(column["name"], _ARROW[column["type"]]) for column in table["schema"]["fields"]]
    for one, other in zip_longest(found, expected):
        if one != other:
            yield f"{name} has the column {one}, but the data package has {other}."


def _same_rows(name: str, file: Any, rows: Iterator[dict[str, str]]) -> Iterator[str]:  # noqa: ANN401
    found = (row for batch in file.iter_batches(5_000) for row in batch.to_pylist())
    for number, (one, other) in enumerate(zip_longest(found, rows), 1):
        if not one or not other or one.keys() != other.keys() or not all(_same(one[key], other[key]) for key in one):
            yield f"{name}, row {number:,}: it differs from the row of the CSV file."


def _same(value: object, cell: str) -> bool:
    if isinstance(value, Decimal):
        return bool(_NUMBER.fullmatch(cell)) and Decimal(cell) == value
    return cell == ("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))

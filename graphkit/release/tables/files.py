"""The tables as CSV or Parquet, with a data package that describes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import ExportError, MissingExtraError
from graphkit.model.files import hash_file, is_stream, replacing_all
from graphkit.model.iris import BASE
from graphkit.release.network_files import network_rows
from graphkit.release.tables.columns import NETWORK, Kind
from graphkit.release.tables.streams import StreamedRows
from graphkit.store import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from graphkit.analysis.properties import Properties
    from graphkit.release.tables.columns import Column, TableOf
    from graphkit.release.tables.rows import Row, Value
    from graphkit.store import Store

# Spreadsheets run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PART = 10_000
# Tables of edges are for programs that draw networks, which draw far fewer; larger ones are queries over statements.
LARGEST_NETWORK = 20_000
# All other kinds are text.
_FRICTIONLESS = {Kind.DATE: "date", Kind.DECIMAL: "number", Kind.INTEGER: "integer", Kind.BOOLEAN: "boolean"}


def write_csv_tables(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as CSV, with the network of one policy and a data package, into a folder."""
    return _write(store, policy, path, ".csv", _write_csv)


def write_spreadsheets(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as CSV in which no spreadsheet runs a cell as a formula: such cells begin with an apostrophe."""
    return _write(store, policy, path, ".spreadsheet.csv", _write_safe_csv)


def write_parquet(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as Parquet, with a data package, into a folder.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401 - before anything is written
    except ImportError as error:
        raise MissingExtraError("pyarrow", "arrow") from error
    return _write(store, policy, path, ".parquet", _write_parquet)


Writer: TypeAlias = "Callable[[Path, TableOf, Iterable[Row]], None]"


def _write(store: Store, policy: str, path: Path, suffix: str, write: Writer) -> list[Path]:
    """Write all tables together, so that they always belong to the same export."""
    if is_stream(path):
        raise ExportError(f"{path} is not a folder, and these tables are several files.", "Name a folder with -o.")
    rows = StreamedRows(store)
    edges = network_rows(store, policy) if has_network(store) else {}
    networks = (table for table in NETWORK if table.name in edges)
    contents = {table: edges.get(table.name) or rows.of(table) for table in (*rows.tables, *networks)}
    files = [path / f"{table.name}{suffix}" for table in contents]
    with replacing_all(*files, path / "datapackage.json") as (*places, description):
        for place, (table, found) in zip(places, contents.items(), strict=True):
            write(place, table, found)
        resources = [_resource(*pair) for pair in zip(contents, files, places, strict=True)]
        description.write_text(_data_package(rows.common, policy, resources), encoding="utf-8")
    return [*files, path / "datapackage.json"]


def has_network(store: Store) -> bool:
    """Return whether the graph is small enough for the tables of its network, which are made in memory."""
    return int(next(texts(store, "SELECT (COUNT(*) AS ?n) { ?s sp:gist ?gist }", "n"))[0]) <= LARGEST_NETWORK


def _write_csv(path: Path, table: TableOf, rows: Iterable[Row]) -> None:
    _write_lines(path, [column.name for column in table.columns], rows)


def _write_safe_csv(path: Path, table: TableOf, rows: Iterable[Row]) -> None:
    safe = (tuple(map(_without_formula, row)) for row in rows)
    _write_lines(path, [column.name for column in table.columns], safe)


def _without_formula(cell: Value) -> Value:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _write_lines(path: Path, head: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv_writer(file)
        writer.writerow(head)
        writer.writerows(map(_cells, rows))


def _cells(row: Row) -> Iterator[object]:
    return (str(cell).lower() if isinstance(cell, bool) else cell for cell in row)


def _write_parquet(path: Path, table: TableOf, rows: Iterable[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([pa.field(column.name, arrow_type(column)) for column in table.columns])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _parts(rows):
            columns = zip(*part, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part


def arrow_type(column: Column) -> pa.DataType:
    """Return the type of a column in Parquet."""
    import pyarrow as pa

    # Numbers of data have up to 15 digits before and 6 after the point; their limits may have two more.
    kinds = {
        Kind.DATE: pa.date32(), Kind.DECIMAL: pa.decimal128(25, 8), Kind.INTEGER: pa.int64(), Kind.BOOLEAN: pa.bool_()
    }  # fmt: skip
    return kinds.get(column.kind, pa.string())


def _data_package(properties: Properties, policy: str, resources: list[dict[str, object]]) -> str:
    """Return a description of the tables as a data package of Frictionless, version 1."""
    one, dataset = properties.one, BASE + "dataset"
    whole = {
        "name": "tables",
        "id": dataset,
        "title": one(dataset, "dcterms:title"),
        "description": one(dataset, "dcterms:description"),
        "version": one(dataset, "owl:versionInfo"),
        "policy": policy,
        "licenses": [{"path": one(dataset, "dcterms:license")}],
        "contributors": [{"title": name, "role": "author"} for name in properties.all(dataset, "dcterms:creator")],
        "resources": resources,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _resource(table: TableOf, file: Path, written: Path) -> dict[str, object]:
    return {
        "name": table.name,
        "description": table.means,
        "path": file.name,
        "format": file.suffix[1:],
        "encoding": "utf-8",
        "bytes": written.stat().st_size,
        "hash": f"sha256:{hash_file(written)}",
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": _FRICTIONLESS.get(column.kind, "string"),
                    "description": column.means,
                    **({"constraints": {"enum": list(column.values)}} if column.values else {}),
                }
                for column in table.columns
            ],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": column.name, "reference": {"resource": column.of, "fields": "id"}}
                for column in table.columns
                if column.of
            ],
            "missingValues": [""],
        },
    }

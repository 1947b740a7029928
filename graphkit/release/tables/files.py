"""The tables as CSV or Parquet, with a data package that describes them."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

from graphkit.model.csv_rows import csv_writer
from graphkit.model.errors import ExportError, MissingExtraError
from graphkit.model.files import hash_file, is_stream, replacing_all
from graphkit.model.iris import DATASET
from graphkit.release.network_files import network_rows
from graphkit.release.tables.columns import NETWORK, Kind
from graphkit.release.tables.rows import columns_of
from graphkit.release.tables.streams import StreamedRows
from graphkit.store import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from graphkit.analysis.properties import Properties
    from graphkit.release.tables.columns import Column, TableOf
    from graphkit.release.tables.rows import Columns, Row, Value
    from graphkit.store import Store

# Spreadsheets run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The rows that readers of Parquet take at a time, at least.
_GROUP = 10_000
# Tables of edges are for programs that draw networks, which draw far fewer; larger ones are queries over statements.
LARGEST_NETWORK = 20_000
# Columns of these kinds have few values; a dictionary of any other costs time, and saves next to nothing under zstd.
_REPEATED = {Kind.WORD, Kind.ID, Kind.EDTF}
_PACKAGE = "datapackage.json"
# All other kinds are text.
_FRICTIONLESS = {Kind.DATE: "date", Kind.DECIMAL: "number", Kind.INTEGER: "integer", Kind.BOOLEAN: "boolean"}

Sink: TypeAlias = "Callable[[Columns], None]"


class Form(NamedTuple):
    """A form of a table: the end of its file name, and a function that opens a file and yields what takes columns."""

    suffix: str
    open: Callable[[Path, TableOf], AbstractContextManager[Sink]]


def write_csv_tables(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as CSV, with the network of one policy and a data package, into a folder."""
    return _write(store, policy, {path: CSV})


def write_spreadsheets(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as CSV in which no spreadsheet runs a cell as a formula: such cells begin with an apostrophe."""
    return _write(store, policy, {path: SAFE_CSV})


def write_parquet(store: Store, policy: str, path: Path) -> list[Path]:
    """Write all tables as Parquet, with a data package, into a folder.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    _require_arrow()
    return _write(store, policy, {path: PARQUET})


def write_both(
    store: Store, policy: str, csv_folder: Path, parquet_folder: Path, enter: Callable[[str], None]
) -> list[Path]:
    """Write all tables as CSV and as Parquet, and make each row once.

    Args:
        enter: Called with the name of a table when its rows, and those of the tables made with it, begin.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    _require_arrow()
    return _write(store, policy, {csv_folder: CSV, parquet_folder: PARQUET}, enter)


def _require_arrow() -> None:
    try:
        import pyarrow.parquet  # noqa: F401 - before anything is written
    except ImportError as error:
        raise MissingExtraError("pyarrow", "arrow") from error


def _write(
    store: Store, policy: str, forms: Mapping[Path, Form], enter: Callable[[str], None] = lambda _table: None
) -> list[Path]:
    """Write all tables together, so that they always belong to the same export."""
    for folder in forms:
        if is_stream(folder):
            raise ExportError(
                f"{folder} is not a folder, and these tables are several files.", "Name a folder with -o."
            )
    with ExitStack() as opened:
        rows = opened.enter_context(StreamedRows.open(store))
        edges = opened.enter_context(network_rows(store, policy)) if has_network(store) else {}
        return _write_rows(rows, edges, policy, forms, enter)


def _write_rows(
    rows: StreamedRows, edges: Mapping[str, Iterator[Row]],
    policy: str, forms: Mapping[Path, Form], enter: Callable[[str], None],
) -> list[Path]:  # fmt: skip
    networks = [table for table in NETWORK if table.name in edges]
    contents = (*rows.tables, *networks)
    files = [folder / f"{table.name}{form.suffix}" for folder, form in forms.items() for table in contents]
    packages = [folder / _PACKAGE for folder in forms]
    with replacing_all(*files, *packages) as parts:
        written = dict(zip(files, parts, strict=False))
        with ExitStack() as stack:
            takers = {
                table: stack.enter_context(
                    filling(table, {written[path / f"{table.name}{form.suffix}"]: form for path, form in forms.items()})
                )
                for table in contents
            }
            drawn = ((table, columns) for table in networks for columns in columns_of(edges[table.name]))
            for table, columns in chain(rows.parts(rows.tables, enter), drawn):
                takers[table](columns)
        for (folder, form), description in zip(forms.items(), parts[len(files) :], strict=True):
            named = ((table, folder / f"{table.name}{form.suffix}") for table in contents)
            resources = [_resource(table, file, written[file]) for table, file in named]
            description.write_text(_data_package(rows.common, policy, resources), encoding="utf-8")
    return [*files, *packages]


@contextmanager
def filling(table: TableOf, places: Mapping[Path, Form]) -> Iterator[Sink]:
    """Open a file of each form for a table, and yield a function that takes the columns of some rows."""
    with ExitStack() as stack:
        sinks = [stack.enter_context(form.open(path, table)) for path, form in places.items()]

        def take(columns: Columns) -> None:
            for put in sinks:
                put(columns)

        yield take


def has_network(store: Store) -> bool:
    """Return whether the graph is small enough for the tables of its network, which are made in memory."""
    return int(next(texts(store, "SELECT (COUNT(*) AS ?n) { ?s sp:gist ?gist }", "n"))[0]) <= LARGEST_NETWORK


@contextmanager
def _into_csv(path: Path, table: TableOf) -> Iterator[Sink]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv_writer(file)
        writer.writerow([column.name for column in table.columns])
        flags = [column.kind is Kind.BOOLEAN for column in table.columns]

        def put(columns: Columns) -> None:
            cells = (map(_word, some) if flag else some for some, flag in zip(columns, flags, strict=True))
            writer.writerows(zip(*cells, strict=True))

        yield put


@contextmanager
def _into_safe_csv(path: Path, table: TableOf) -> Iterator[Sink]:
    with _into_csv(path, table) as put:
        yield lambda columns: put([list(map(_without_formula, column)) for column in columns])


def _word(flag: object) -> str:
    return str(flag).lower()


def _without_formula(cell: Value) -> Value:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


@contextmanager
def _into_parquet(path: Path, table: TableOf) -> Iterator[Sink]:
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []

    def put(columns: Columns) -> None:
        waiting.append(record_batch(table, columns))
        if sum(map(len, waiting)) >= _GROUP:
            write()

    def write() -> None:
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
        waiting.clear()

    with parquet_writer(path, table) as writer:
        yield put
        write()


def parquet_writer(place: Path | BinaryIO, table: TableOf) -> pq.ParquetWriter:
    """Open a Parquet file for a table."""
    import pyarrow.parquet as pq

    repeated = [column.name for column in table.columns if column.kind in _REPEATED]
    return pq.ParquetWriter(place, arrow_schema(table), compression="zstd", use_dictionary=repeated)


def record_batch(table: TableOf, columns: Columns) -> pa.RecordBatch:
    """Return the columns of some rows of a table in the form of Arrow."""
    import pyarrow as pa

    schema = arrow_schema(table)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.record_batch(arrays, schema=schema)


@cache
def arrow_schema(table: TableOf) -> pa.Schema:
    """Return the schema of a table in Parquet."""
    import pyarrow as pa

    return pa.schema([(column.name, arrow_type(column)) for column in table.columns])


CSV, SAFE_CSV = Form(".csv", _into_csv), Form(".spreadsheet.csv", _into_safe_csv)
PARQUET = Form(".parquet", _into_parquet)


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
    one, dataset = properties.one, DATASET
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

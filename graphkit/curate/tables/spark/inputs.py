"""Files of JSON lines, CSV and Parquet as data frames of packed rows, each row with its file and its number.

Spark cuts text files into parts without counting their lines; the lines of all parts are counted first, so that each
task knows the number of its first line. The rows of a CSV file are read by one task, because a cell may hold line ends.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from graphkit.curate.tables.bulk.chunks import LONGEST_LINE
from graphkit.curate.tables.columns import known, unknown_column
from graphkit.curate.tables.delimited import delimited_table
from graphkit.curate.tables.jsonlines import JSON_HEADER, json_row
from graphkit.curate.tables.readers import encoding_of
from graphkit.curate.tables.spark.files import literal, same_path
from graphkit.curate.tables.spark.packed import ROWS, pack, packed_batch
from graphkit.curate.tables.table import MAX_LINE, SAVE_AS_UTF8, CannotImportError, Lines, Row, StatementTable
from graphkit.model.errors import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from graphkit.curate.tables.spark.files import Files, InputFile

    Batches = Iterator[pa.RecordBatch]

_BEGIN = 4096
_HEADER_BYTES = 1 << 20
# A byte-order mark, and the line end that the last line may lack.
_SLACK = 3
_LINES = "file int, number long, value binary"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of one build.

    Attributes:
        tables: The table of each file, without its rows.
    """

    files: tuple[InputFile, ...]
    tables: tuple[StatementTable, ...]

    def numbers(self) -> dict[str, int]:
        """Return the number of each file by its path."""
        return {same_path(file.path): number for number, file in enumerate(self.files)}

    def paths(self, *forms: str) -> list[str]:
        """Return the paths of some kinds of files."""
        return [file.path for file in self.files if file.form in forms]


def open_inputs(files: Files, patterns: Sequence[str]) -> Inputs:
    """Look into each file.

    Raises:
        CannotImportError: A file is not UTF-8 text, or its header is wrong.
        GraphkitError: There is no such file.
    """
    found = tuple(file for file in files.list_inputs(patterns) if file.size)
    if not found:
        message = "There is nothing in the files."
        raise CannotImportError(Problem("empty-file", Location(patterns[0], 1), message, "fill some in."))
    return Inputs(found, tuple(_table(files, file) for file in found))


def _table(files: Files, file: InputFile) -> StatementTable:
    if file.form == ".parquet":
        return StatementTable(file.name, JSON_HEADER, iter(()))
    if encoding_of(files.begin(file.path, _BEGIN), file.name)[0] == "utf-16":
        raise CannotImportError(Problem("not-utf8", Location(file.name, 1), "This is UTF-16.", SAVE_AS_UTF8))
    if file.form == ".jsonl":
        return StatementTable(file.name, JSON_HEADER, iter(()))
    begin = files.begin(file.path, _HEADER_BYTES).decode("utf-8-sig", "surrogateescape")
    return replace(_delimited(io.StringIO(begin, newline=None), file.name, file.form), rows=iter(()))


def _delimited(text: Any, name: str, form: str) -> StatementTable:  # noqa: ANN401 - anything with `readline`
    return delimited_table(Lines(text), name, tabs=form == ".tsv")


def read_rows(spark: SparkSession, inputs: Inputs) -> DataFrame:
    """Return all rows of all files, in no order.

    Raises:
        CannotImportError: A column of a Parquet file is unknown, or a line is far too long.
    """
    readers = {_json_rows: (".jsonl",), _delimited_rows: (".csv", ".tsv"), _parquet_rows: (".parquet",)}
    frames = [read(spark, inputs, paths) for read, forms in readers.items() if (paths := inputs.paths(*forms))]
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole


# --- text ---------------------------------------------------------------------------------------------


def _text(spark: SparkSession, paths: list[str]) -> DataFrame:
    return spark.read.text([*map(literal, paths)]).selectExpr(
        "CAST(value AS binary) AS value", "_metadata.file_path AS path", "_metadata.file_block_start AS start"
    )


def _first_lines(text: DataFrame, inputs: Inputs) -> dict[tuple[str, int], int]:
    """Count the lines of each part of each file, and return how many lines are before it in the file.

    Raises:
        CannotImportError: Spark has left out a line because of its length.
    """
    rows = text.selectExpr("path", "start", "octet_length(value) AS size").groupBy("path", "start")
    parts = sorted((same_path(row[0]), row[1], row[2], row[3]) for row in rows.agg(*_counts()).collect())
    found: dict[tuple[str, int], int] = {}
    by_path = {same_path(file.path): file for file in inputs.files}
    for path, some in groupby(parts, itemgetter(0)):
        of_file = list(some)
        _require_all(by_path[path], sum(part[2] for part in of_file), sum(part[3] for part in of_file))
        before = accumulate((part[2] for part in of_file), initial=0)
        found.update({(path, part[1]): first for part, first in zip(of_file, before, strict=False)})
    return found


def _counts() -> Sequence[Any]:
    from pyspark.sql import functions

    return functions.count("*"), functions.sum("size")


def _require_all(file: InputFile, lines: int, size: int) -> None:
    """Refuse a file with more bytes than its lines have: Spark leaves out lines that it cannot hold."""
    ends = file.size - size
    if ends > lines + _SLACK and abs(ends - 2 * lines) > _SLACK and ends - lines >= LONGEST_LINE:
        message = f"A line has more than {LONGEST_LINE:,} bytes, or the file was changed while it was read."
        solution = "split the line; a row of statements has a few hundred bytes."
        raise CannotImportError(Problem("line-too-long", Location(file.name), message, solution))


def _json_rows(spark: SparkSession, inputs: Inputs, paths: list[str]) -> DataFrame:
    text = _text(spark, paths)
    names = [file.name for file in inputs.files]
    return text.mapInArrow(partial(_read_json, inputs.numbers(), names, _first_lines(text, inputs)), ROWS)


def _numbered(
    numbers: dict[str, int], first: dict[tuple[str, int], int], batches: Batches
) -> Iterator[list[tuple[int, int, int, bytes]]]:
    """Yield the file, the offset of the part, the number and the text of each line, by batch."""
    counts = dict(first)
    for batch in batches:
        lines = []
        for value, path, start in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            key = same_path(path), start
            counts[key] += 1
            lines.append((numbers[key[0]], start, counts[key], value))
        yield lines


def _line(value: bytes) -> str:
    """Return a line as `Lines` does: one that is too long is cut."""
    return value.decode("utf-8", "surrogateescape")[: MAX_LINE + 1]


def _read_json(
    numbers: dict[str, int], names: list[str], first: dict[tuple[str, int], int], batches: Batches
) -> Batches:
    for lines in _numbered(numbers, first, batches):
        texts = ((file, start, number, _line(value)) for file, start, number, value in lines)
        yield packed_batch(
            pack(json_row(text, Location(names[file], number)), file, names[file], start)
            for file, start, number, text in texts
            if text and not text.isspace()
        )


# --- CSV ----------------------------------------------------------------------------------------------


def _delimited_rows(spark: SparkSession, inputs: Inputs, paths: list[str]) -> DataFrame:
    text = _text(spark, paths)
    lines = text.mapInArrow(partial(_number_lines, inputs.numbers(), _first_lines(text, inputs)), _LINES)
    ordered = lines.repartition(len(paths), "file").sortWithinPartitions("file", "number")
    return ordered.mapInArrow(partial(_read_delimited, [(file.name, file.form) for file in inputs.files]), ROWS)


def _number_lines(numbers: dict[str, int], first: dict[tuple[str, int], int], batches: Batches) -> Batches:
    for lines in _numbered(numbers, first, batches):
        yield packed_batch(((file, number, value) for file, _, number, value in lines), _LINES)


class _LinesOf:
    """The lines of one file as a text that is read line by line."""

    def __init__(self, lines: Iterator[tuple[int, int, bytes]]) -> None:
        self._lines = lines

    def readline(self, _limit: int = 0) -> str:
        """Return the next line with its end, "" after the last."""
        found = next(self._lines, None)
        return "" if found is None else f"{_line(found[2])}\n"


def _read_delimited(files: list[tuple[str, str]], batches: Batches) -> Batches:
    lines = (line for batch in batches for line in zip(*(c.to_pylist() for c in batch.columns), strict=True))
    for file, some in groupby(lines, itemgetter(0)):
        name, form = files[file]
        table = _delimited(_LinesOf(some), name, form)
        yield from _in_batches(pack(row, file, name, 0) for row in table.rows)


_PART = 1000


def _in_batches(rows: Iterator[Any]) -> Batches:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == _PART:
            yield packed_batch(part)
            part = []
    yield packed_batch(part)


# --- Parquet ------------------------------------------------------------------------------------------


def _parquet_rows(spark: SparkSession, inputs: Inputs, paths: list[str]) -> DataFrame:
    table = spark.read.option("mergeSchema", "true").parquet(*map(literal, paths))
    name = next(file.name for file in inputs.files if file.form == ".parquet")
    if wrong := [unknown_column(column, Location(name)) for column in table.columns if not known(column)]:
        raise CannotImportError(*wrong)
    columns = [f"`{column}`" for column in table.columns]
    rows = table.selectExpr("_metadata.file_path AS `file path`", "_metadata.row_index AS `row index`", *columns)
    names = [file.name for file in inputs.files]
    return rows.mapInArrow(partial(_read_parquet, inputs.numbers(), names, list(map(known, table.columns))), ROWS)


def _read_parquet(numbers: dict[str, int], names: list[str], header: list[str], batches: Batches) -> Batches:
    for batch in batches:
        paths, indexes, *columns = (column.to_pylist() for column in batch.columns)
        rows = ((numbers[same_path(path)], index + 1) for path, index in zip(paths, indexes, strict=True))
        cells = zip(*columns, strict=True)
        yield packed_batch(
            pack(_parquet_row(number, names[file], header, values), file, names[file], number // _PART)
            for (file, number), values in zip(rows, cells, strict=True)
        )


def _parquet_row(number: int, name: str, header: Sequence[str], values: Sequence[object]) -> Row:
    cells = {column: _cell(value) for column, value in zip(header, values, strict=True)}
    wrong = [column for column, text in cells.items() if text is None]
    original = [cells.get(column) or "" for column in JSON_HEADER]
    message = "Column {!r}: this is a list or a structure."
    solution = 'give a text; several names go into one: "a; b".'
    place = Location(name, number)
    problems = tuple(Problem("broken-json", place, message.format(column), solution) for column in wrong)
    kept = {} if problems else {column: text for column, cell in cells.items() if cell and (text := cell.strip())}
    return Row(number, kept, original, problems)


def _cell(value: object) -> str | None:
    """Return a value as text; None if it has no such form.

    >>> _cell(None), _cell(True), _cell(2.0), _cell(Decimal("1.50")), _cell([1])
    ('', 'true', '2', '1.50', None)
    """
    kinds: dict[type, Callable[[Any], str]] = {
        type(None): lambda _none: "",
        str: str,
        bool: lambda truth: str(truth).lower(),
        int: str,
        float: lambda number: str(int(number)) if number.is_integer() else str(number),
        Decimal: lambda number: format(number, "f"),
        dt.date: str,
        dt.datetime: lambda time: time.isoformat(),
    }
    return kinds[type(value)](value) if type(value) in kinds else None

"""Compiled sources into parts of sorted N-Quads, Parquet tables and a table of refused rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphkit.curate.tables.spark.files import literal
from graphkit.curate.tables.spark.pieces import (
    NEWLINE,
    PARQUET_END,
    PIECES,
    Cuts,
    line_pieces,
    merged_lines,
    merged_rows,
    other_pieces,
    row_pieces,
)
from graphkit.curate.tables.spark.work import CELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from graphkit.curate.tables.spark.files import Files
    from graphkit.curate.tables.spark.work import SourceTables

# The lines of propositions, of sources and of statements have a part each for this many bytes of all three: a part has
# about a third, so that any loader takes it and any task holds it. The rows of a table take a tenth of their lines.
_PART_BYTES, _ROW_BYTES = 64_000_000, 256_000_000
_SAMPLED = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """A file of sorted lines."""

    name: str
    bytes: int
    quads: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All compiled sources.

    Attributes:
        size: The bytes of their lines.
    """

    sources: DataFrame
    number: int
    size: int

    def cuts(self, part: int) -> Cuts:
        """Cut into parts of some bytes, by a sample of the names of the sources: always the same one."""
        from pyspark.sql import functions as f

        count = self.size // part + 1
        every = f.lit(max(1, self.number // _SAMPLED))
        some = self.sources.where(f.pmod(f.xxhash64("source"), every) == 0).select("source") if count > 1 else None
        names = sorted(row[0] for row in some.collect()) if some else []
        edges = (names[at * len(names) // count] for at in range(1, count) if len(names) > count)
        return Cuts(count, tuple(edges))


def write_quads(spark: SparkSession, files: Files, whole: Whole, other: Sequence[str], folder: str) -> list[Part]:
    """Write the lines of compiled sources, and other lines, as parts; return them in their order.

    Args:
        other: Lines that belong to no source of the input.
    """
    cuts = whole.cuts(_PART_BYTES)
    known = spark.createDataFrame(other_pieces(cuts, other), PIECES)
    pieces = whole.sources.select("lines").mapInArrow(partial(line_pieces, cuts), PIECES).unionAll(known)
    tasks = max(spark.sparkContext.defaultParallelism, cuts.count)
    found = []
    for number, (name, path) in enumerate(_write(files, pieces, tasks, merged_lines, (folder, NEWLINE))):
        _, size, quads, sha256 = name.split("-")
        part = Part(f"{number:05d}.nq", int(size), int(quads), sha256)
        files.rename(path, f"{folder}/{part.name}")
        found.append(part)
    files.remove(f"{folder}/.parts")
    return found


def _write(
    files: Files, pieces: DataFrame, tasks: int, merge: Callable[..., object], to: tuple[str, bytes]
) -> list[tuple[str, str]]:
    """Merge pieces into files; return the name and the path of each part, in their order.

    Args:
        to: The folder, and the bytes with which the files end: Spark writes no files of bytes, but lines of text with
            an end of your choice.
    """
    folder, end = f"{to[0]}/.parts", to[1]
    ordered = pieces.repartition(tasks, "part").sortWithinPartitions("part")
    texts = ordered.mapInArrow(merge, PIECES).selectExpr("part", "CAST(data AS string) AS value")
    texts.write.mode("overwrite").partitionBy("part").option("lineSep", end.decode()).text(folder)
    parts = [name for name in files.names(folder) if name.startswith("part=")]
    names = {part: next(name for name in files.names(f"{folder}/{part}") if name.startswith("part-")) for part in parts}
    return [(part.removeprefix("part="), f"{folder}/{part}/{name}") for part, name in names.items()]


# --- tables -------------------------------------------------------------------------------------------


def write_tables(spark: SparkSession, files: Files, whole: Whole, tables: SourceTables, folder: str) -> None:
    """Write the rows of each table as Parquet, sorted."""
    cuts, given = whole.cuts(_ROW_BYTES), spark.sparkContext.broadcast(tables)
    pieces = whole.sources.select("lines").mapInArrow(partial(row_pieces, cuts, given), PIECES)
    tasks = spark.sparkContext.defaultParallelism + 2 * cuts.count
    written = _write(files, pieces, tasks, partial(merged_rows, given), (folder, PARQUET_END))
    for name, path in written:
        table, _, number = name.rpartition("-")
        files.rename(path, f"{folder}/{table}/{number}.parquet")
    files.remove(f"{folder}/.parts")
    counts = _counts(spark, folder) if written else {"spoken": Counter(), "about": Counter()}
    for table, data in tables.fixed(counts).items():
        if not files.exists(f"{folder}/{table}"):
            files.write(f"{folder}/{table}/00000.parquet", data)


def _counts(spark: SparkSession, folder: str) -> dict[str, Counter[str]]:
    """Count the statements of each speaker, and the propositions with each thing at an end."""
    said, ends = (spark.read.parquet(literal(f"{folder}/{table}")) for table in ("statements", "propositions"))
    columns = ((said, "speaker", "spoken"), (ends, "subject", "about"), (ends, "object", "about"))
    first, *rest = (frame.selectExpr(f"{column} AS thing", f"'{kind}' AS kind") for frame, column, kind in columns)
    for frame in rest:
        first = first.unionAll(frame)
    found: dict[str, Counter[str]] = {"spoken": Counter(), "about": Counter()}
    for thing, kind, number in first.where("thing IS NOT NULL").groupBy("thing", "kind").count().collect():
        found[kind][thing] = number
    return found


def write_refused(store: DataFrame, folder: str) -> dict[str, int]:
    """Write the refused rows as CSV; return how many there are by the code of their problem."""
    from pyspark.sql import functions as f

    rows = store.select(f.explode("refusals").alias("of")).select("of.*")
    counts = {row[0]: row[1] for row in rows.groupBy("code").count().sort("code").collect()}
    columns = [column for column in CELLS if column != "unread"]
    texts = rows.select("file", "row", *columns, "problem", "unread").sort("file", "row")
    options = {"header": "true", "escape": '"', "quoteAll": "false", "emptyValue": "", "encoding": "UTF-8"}
    texts.write.mode("overwrite").options(**options).csv(folder)
    return counts

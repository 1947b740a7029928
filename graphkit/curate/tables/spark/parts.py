"""Compiled sources into parts of sorted N-Quads, Parquet tables and a table of refused rows.

The parts are cut by the lines alone, never by the cluster: the first digits of propositions, and names of sources at
equal distances. Each part is sorted, and so are the parts: one after the other they are the graph before rules.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from graphkit.build.sorted_runs import PROPOSITION, SOURCE, STATEMENT
from graphkit.curate.tables.spark.files import literal
from graphkit.curate.tables.spark.work import CELLS, ROWS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession

    from graphkit.curate.tables.spark.files import Files
    from graphkit.curate.tables.spark.work import Job

# A part has about this many bytes, so that any loader takes it and any task holds it.
_PART_BYTES = 64_000_000
_SAMPLED = 10_000
# How many times larger than other parts a part of propositions may be.
_FEW = 3
_LINES_OF = "key string, lines string"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of sorted lines."""

    name: str
    bytes: int
    quads: int
    sha256: str


def write_quads(spark: SparkSession, files: Files, store: DataFrame, other: Sequence[str], folder: str) -> list[Part]:
    """Write the lines of compiled sources, and other lines, as parts; return them in their order.

    Args:
        store: Compiled sources.
        other: Lines that belong to no source of the input.
    """
    cuts = _cuts(store)
    size = cuts.pop("size")
    lines = _all_lines(spark, store, other).withColumn("part", _part_of(cuts, size))
    tasks = max(spark.sparkContext.defaultParallelism, size // _PART_BYTES + 1)
    ordered = lines.repartition(tasks, "part").sortWithinPartitions("part", "key")
    ordered.select("part", "lines").write.mode("overwrite").partitionBy("part").text(f"{folder}/.parts")
    return _named(spark, files, folder)


def _all_lines(spark: SparkSession, store: DataFrame, other: Sequence[str]) -> DataFrame:
    """Return all lines, by a key that orders them: no key is the beginning of another."""
    from pyspark.sql import functions as f

    propositions = store.select(f.explode("propositions").alias("of")).select("of.key", "of.lines")
    about = store.select(f.concat(f.lit(SOURCE), "source", f.lit(">")).alias("key"), f.col("about").alias("lines"))
    said = store.select(f.concat(f.lit(STATEMENT), "source", f.lit("/")).alias("key"), f.col("said").alias("lines"))
    rows = [(key, "".join(some).removesuffix("\n")) for key, some in groupby(sorted(set(other)), _key)]
    known = spark.createDataFrame(rows, _LINES_OF)
    shared = known.where(f.col("key").startswith(PROPOSITION))
    merged = propositions.unionAll(shared).groupBy("key").agg(_merged(f.col("lines")).alias("lines"))
    return merged.unionAll(about).unionAll(said).unionAll(known.where(~f.col("key").startswith(PROPOSITION)))


def _key(line: str) -> str:
    """Return the key of a line that belongs to no source of the input."""
    subject = line[: line.index(" ")]
    if not subject.startswith(STATEMENT):
        return subject
    return f"{STATEMENT}{subject[len(STATEMENT) :].partition('/')[0]}/"


def _merged(lines: Column) -> Column:
    """Join the lines of one proposition from all sources."""
    from pyspark.sql import functions as f

    split = f.flatten(f.collect_list(f.split(lines, "\n")))
    return f.array_join(f.array_sort(f.array_distinct(split)), "\n")


def _cuts(store: DataFrame) -> dict[str, Any]:
    """Return the size of all lines, and a sample of the names of the sources: always the same one."""
    from pyspark.sql import functions as f

    size = f.octet_length("said") + f.octet_length("about")
    more = f.aggregate("propositions", f.lit(0).cast("long"), lambda sum_, of: sum_ + f.octet_length(of["lines"]))
    sums = store.agg(f.sum(size + more), f.count("*")).first()
    total, sources = (sums[0] or 0, sums[1]) if sums else (0, 0)
    every = max(1, sources // _SAMPLED)
    sample = store.where(f.pmod(f.xxhash64("source"), f.lit(every)) == 0).select("source").collect()
    return {"size": total, "names": sorted(row[0] for row in sample)}


def _part_of(cuts: Mapping[str, Any], size: int) -> Column:
    """Return the number of the part of a line."""
    from pyspark.sql import functions as f

    count = size // _PART_BYTES + 1
    digits = 0 if count == 1 else next(digits for digits in range(1, 9) if _FEW * 16**digits >= count)
    names = cuts["names"]
    edges = [names[at * len(names) // count] for at in range(1, count)] if len(names) > count else []
    key = f.col("key")
    hashed = f.conv(f.substring(key, len(PROPOSITION) + 1, digits), 16, 10).cast("int") if digits else f.lit(0)
    named = f.array(*map(f.lit, edges)) if edges else f.array().cast("array<string>")

    among = f.size(f.filter(named, lambda edge: edge <= f.regexp_extract(key, "([^/>]*)[/>]$", 1)))
    # Parts with lines that belong to no source are before, between and after the others.
    second = 2 + (16**digits if digits else 1)
    third = second + len(edges) + 2
    return (
        f.when(key < PROPOSITION, 0)
        .when(key.startswith(PROPOSITION), 1 + hashed)
        .when(key < SOURCE, second - 1)
        .when(key.startswith(SOURCE), second + among)
        .when(key < STATEMENT, third - 1)
        .when(key.startswith(STATEMENT), third + among)
        .otherwise(third + len(edges) + 1)
    )


def _named(spark: SparkSession, files: Files, folder: str) -> list[Part]:
    """Give the parts their names, and return their sizes and hashes."""
    parts = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(literal(f"{folder}/.parts"))
    summed = parts.select("path", "content").mapInArrow(_sums, "path string, bytes long, quads long, sha256 string")
    rows = sorted((_number(row[0]), *row) for row in summed.collect() if row[1])
    found = []
    for number, (_, path, size, quads, sha256) in enumerate(rows):
        name = f"{number:05d}.nq"
        files.rename(path, f"{folder}/{name}")
        found.append(Part(name, size, quads, sha256))
    files.remove(f"{folder}/.parts")
    return found


def _number(path: str) -> int:
    return int(path.rpartition("/part=")[2].partition("/")[0])


def _sums(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    names = ("path", "bytes", "quads", "sha256")
    for batch in batches:
        rows = [
            (path, len(data), data.count(b"\n"), hashlib.sha256(data).hexdigest())
            for path, data in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        ]
        columns = zip(*rows, strict=True) if rows else ((),) * len(names)
        yield pa.RecordBatch.from_pydict({name: list(of) for name, of in zip(names, columns, strict=True)})


# --- tables -------------------------------------------------------------------------------------------


def write_tables(spark: SparkSession, store: DataFrame, job: Job, folder: str) -> None:
    """Write the rows of each table as Parquet, sorted."""
    from pyspark.sql import functions as f

    for column in job.parquet.schema().names:
        name = column.removesuffix(ROWS_OF)
        rows = store.select(f.explode(column).alias("of")).select("of.*")
        # Several sources may be about the same proposition.
        frame = _once(rows, store) if name == "propositions" else rows.distinct() if name == "alternatives" else rows
        _write_table(frame.sort(*rows.columns[:2]), f"{folder}/{name}")
    for name, table in job.parquet.fixed(_counts(store)).items():
        _write_table(spark.createDataFrame(table).coalesce(1), f"{folder}/{name}")


def _write_table(frame: DataFrame, folder: str) -> None:
    frame.write.mode("overwrite").option("compression", "zstd").parquet(folder)


def _said(store: DataFrame) -> DataFrame:
    from pyspark.sql import functions as f

    return store.select(f.explode(f"statements{ROWS_OF}").alias("of")).select("of.*")


def _once(propositions: DataFrame, store: DataFrame) -> DataFrame:
    """Return each proposition once, with the number of its statements in all sources."""
    from pyspark.sql import functions as f

    counted = _said(store).groupBy(f.col("proposition").alias("id")).agg(f.count("*").alias("found"))
    once = propositions.dropDuplicates(["id"]).join(counted, "id", "left")
    number = f.coalesce("found", f.lit(0)).alias("statements")
    return once.select(*(number if name == "statements" else name for name in propositions.columns))


def _counts(store: DataFrame) -> dict[str, Counter[str]]:
    """Count the statements of each speaker, and the propositions with each thing at an end."""
    from pyspark.sql import functions as f

    ends = store.select(f.explode(f"propositions{ROWS_OF}").alias("of")).select("of.id", "of.subject", "of.object")
    ends = ends.dropDuplicates(["id"])
    both = ends.select(f.col("subject").alias("end")).unionAll(ends.select("object")).where("end IS NOT NULL")
    spoken = _said(store).groupBy("speaker").count().collect()
    about = both.groupBy("end").count().collect()
    return {name: Counter({row[0]: row[1] for row in rows}) for name, rows in (("spoken", spoken), ("about", about))}


def write_refused(store: DataFrame, folder: str) -> dict[str, int]:
    """Write the refused rows as CSV; return how many there are by the code of their problem."""
    from pyspark.sql import functions as f

    rows = store.select(f.explode("refusals").alias("of")).select("of.*")
    counts = {row[0]: row[1] for row in rows.groupBy("code").count().sort("code").collect()}
    if counts:
        columns = [column for column in CELLS if column != "unread"]
        texts = rows.select("file", "row", *columns, "problem", "unread").sort("file", "row")
        options = {"header": "true", "escape": '"', "quoteAll": "false", "emptyValue": "", "encoding": "UTF-8"}
        texts.write.mode("overwrite").options(**options).csv(folder)
    return counts

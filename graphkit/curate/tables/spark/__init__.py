"""The bulk build on Spark: tables of any size into parts of graph.nq and Parquet tables, on one machine or on many.

The output folder keeps every compiled source. A run compiles the sources whose rows are new or have changed, and writes
a new generation of all of them; its manifest is written last, and without one a generation is nothing.

    compiled/<ontology and entities>/run=<name>/   compiled sources
    generations/<number>/nquads/00000.nq …         one after the other, the sorted graph before rules
                        /tables/<name>/            Parquet
                        /refused/                  rows to correct, as CSV
                        /manifest.json
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.build.compiled import common_lines, of_file
from graphkit.build.finish import Finished, Finishing
from graphkit.build.generations import new_generation, switch
from graphkit.curate.tables import CannotImportError
from graphkit.curate.tables.bulk import read_workspace, worker_context
from graphkit.curate.tables.spark.files import Files, literal
from graphkit.curate.tables.spark.inputs import open_inputs, read_rows
from graphkit.curate.tables.spark.packed import NO_SOURCE
from graphkit.curate.tables.spark.parts import Part, Whole, write_quads, write_refused, write_tables
from graphkit.curate.tables.spark.session import session
from graphkit.curate.tables.spark.work import COUNTS, Job, compiled, work
from graphkit.model.errors import GraphkitError, Location, Problem, StoreError, has_errors
from graphkit.model.files import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence

    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import StructType

    from graphkit.curate.tables.spark.inputs import Inputs
    from graphkit.curate.tables.spark.work import SourceTables
    from graphkit.model.workspace import Workspace

KEYS = ["source", "one", "two"]
# Bytes of input for each task that compiles, or less, so that each core has several and all end at about the same time.
_TASK_BYTES, _LEAST, _TASKS = 16_000_000, 4_000_000, 6
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SparkBuilt:
    """The result of a build on Spark.

    Attributes:
        folder: The folder of the generation.
        compiled: How many sources were compiled by this run; the others had not changed.
        codes: How many rows were refused, by the code of their first problem.
        examples: Some of the problems.
    """

    folder: str
    rows: int
    statements: int
    sources: int
    compiled: int
    repeated: int
    refused: int
    warnings: int
    quads: int
    parts: tuple[Part, ...]
    codes: dict[str, int] = field(default_factory=dict)
    examples: tuple[Problem, ...] = ()

    def paths(self) -> list[Path]:
        """Return the parts of a generation on this machine."""
        folder = Path(self.folder.removeprefix("file:"))
        return [folder / "nquads" / part.name for part in self.parts]


@dataclass(frozen=True, slots=True)
class SparkJob:
    """The input and the output of a build on Spark.

    Attributes:
        engine: spark, or spark:// and a master.
        patterns: Paths, folders or patterns of any file system that Spark reads.
        environment: The variables of the process, which Spark reads: JAVA_HOME, PYSPARK_PYTHON, SPARK_LOCAL_IP.
        output: The folder for the output; by default build/spark in the workspace.
    """

    engine: str
    patterns: Sequence[str]
    workspace: Workspace
    environment: MutableMapping[str, str]
    output: str = ""

    @property
    def folder(self) -> str:
        """The folder for the output."""
        if "://" in self.output:
            return self.output.rstrip("/")
        return f"file:{Path(self.output or self.workspace.build / 'spark').resolve()}"

    @property
    def log(self) -> Path:
        """The file for the messages of Spark."""
        return self.workspace.build / "spark.log"


def spark_build(
    job: SparkJob,
    tables: Callable[[Sequence[str]], SourceTables],
    progress: Callable[[str], None] = lambda _stage: None,
) -> SparkBuilt:
    """Write a generation of all sources of some tables.

    Args:
        tables: Makes Parquet tables; its argument is the lines that belong to no source.
        progress: Called with the name of each stage as it begins.

    Raises:
        CannotImportError: A table or the workspace cannot be read, or there are no rows.
        StoreError: Spark failed; the same call goes on from the last complete stage.
    """
    if job.workspace.merges.exists():
        message = f"{job.workspace.name(job.workspace.merges)} is not applied by --build."
        raise GraphkitError(message, "Import without --build, and type: graphkit build")
    loaded = read_workspace(job.workspace)
    other = common_lines(job.workspace, loaded)
    context = worker_context(Path(), job.workspace, loaded, Path())
    progress("starting Spark")
    with session(job.engine, job.log, job.environment) as spark:
        files = Files(spark)
        inputs = open_inputs(files, job.patterns)
        run = _Run(spark, files, inputs, Job(context, inputs.tables, tables(other)), job.folder, other, progress)
        try:
            built = run.write()
        finally:
            # A session that goes on would answer a later run from what it kept.
            spark.catalog.clearCache()
        if open_inputs(files, job.patterns).files != inputs.files:
            files.remove(built.folder)
            raise StoreError("A file was changed while it was read.", "Wait until all files are complete, and repeat.")
        run.publish(built)
        return built


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of a build."""

    spark: SparkSession
    files: Files
    inputs: Inputs
    job: Job
    folder: str
    other: Sequence[str]
    progress: Callable[[str], None]

    @property
    def store(self) -> str:
        """The folder of the compiled sources that this ontology, these entities and this version of graphkit make."""
        made = hashlib.sha256(version("graphkit").encode())
        for text in sorted({*self.other, *self.job.context.source_files.paths, *self.job.schema.names}):
            made.update(text.encode())
        return f"{self.folder}/compiled/{made.hexdigest()[:16]}"

    def write(self) -> SparkBuilt:
        """Compile the sources that changed, and write a generation without a manifest."""
        self.progress("reading")
        rows = read_rows(self.spark, self.inputs)
        compiled_now, current = self._compile(rows)
        folder = f"{self.folder}/generations/{self._next():06d}"
        self.files.remove(folder)
        sums = self._sums(current)
        changed = sums["named"] if compiled_now is None else compiled_now
        store = self._without_orphans(current, rows, folder) if sums["copies"] else current
        sums = sums if store is current else self._sums(store)
        self.progress("refused rows")
        codes = write_refused(store, f"{folder}/refused") if sums["refused"] else {}
        examples = _examples(store) if codes else ()
        graph = self._with_own(store.where("statements > 0"), sums)
        self.progress("sorting")
        parts = write_quads(self.spark, self.files, graph, self.other, f"{folder}/nquads")
        self.progress("tables")
        write_tables(self.spark, self.files, graph, self.job.parquet, f"{folder}/tables")
        self.files.remove(f"{folder}/.orphans")
        counts = {name: sums[name] for name in (*COUNTS, "sources")}
        quads = sum(part.quads for part in parts)
        return SparkBuilt(
            folder, **counts, compiled=changed, quads=quads, parts=tuple(parts), codes=codes, examples=examples
        )

    # --- compiled sources ------------------------------------------------------------------------

    def _compile(self, rows: DataFrame) -> tuple[int | None, DataFrame]:
        """Compile the sources whose rows changed; return their number, None for all, and all sources as they are."""
        runs = self._runs()
        if not runs:
            self._work(rows, self._new_run())
            return None, self._read(self._runs())
        keys = rows.groupBy("group").agg(*_digests()).withColumnRenamed("group", "source").persist()
        changed = keys.join(self._read(runs).select(KEYS), KEYS, "left_anti").persist()
        number = _count(changed)
        if not changed.isEmpty():
            some = rows.join(changed.selectExpr("source AS `group`"), "group", "left_semi")
            self._work(some, self._new_run())
        store = self._read(self._runs())
        latest = store.join(keys, KEYS, "left_semi").groupBy("source").agg({"run": "max"})
        latest = latest.withColumnRenamed("max(run)", "run")
        return number, store.join(latest, ["source", "run"], "left_semi")

    def _runs(self) -> list[str]:
        """Return the complete runs, and remove the others."""
        runs = [f"{self.store}/{name}" for name in self.files.names(self.store)]
        whole = [run for run in runs if self.files.exists(f"{run}/_SUCCESS")]
        for run in set(runs) - set(whole):
            self.files.remove(run)
        return whole

    def _new_run(self) -> str:
        return f"{self.store}/run={len(self.files.names(self.store)):06d}"

    @property
    def _schema(self) -> StructType:
        """The columns of a compiled source for Spark, which would otherwise look for them in the files."""
        from pyspark.sql.pandas.types import from_arrow_schema

        return from_arrow_schema(self.job.schema)

    def _read(self, runs: list[str]) -> DataFrame:
        schema = self._schema.add("run", "string")
        return self.spark.read.schema(schema).option("basePath", self.store).parquet(*map(literal, runs))

    def _work(self, rows: DataFrame, folder: str, orphans: frozenset[str] = frozenset()) -> None:
        """Check and compile the sources of some rows."""
        self.progress("compiling")
        size = sum(file.size for file in self.inputs.files)
        cores = self.spark.sparkContext.defaultParallelism
        tasks = max(cores, min(_TASKS * cores, size // _LEAST + 1), size // _TASK_BYTES + 1)
        job = self.spark.sparkContext.broadcast(replace(self.job, orphans=orphans))
        ordered = rows.repartition(tasks, "group").sortWithinPartitions("group", "file", "number")
        done = ordered.mapInArrow(partial(work, job), self._schema)
        done.write.mode("overwrite").option("compression", "zstd").parquet(folder)

    def _with_own(self, store: DataFrame, sums: dict[str, int]) -> Whole:
        """Add the sources of the workspace itself."""
        import pyarrow as pa

        schema, corpus = self.job.schema, self.job.context.corpus
        rows = [{"source": name, **compiled(source, self.job)} for name, source in corpus.sources.items()]
        own = self.spark.createDataFrame(pa.Table.from_pylist(rows, schema))
        size = sums["size"] + sum(row["size"] for row in rows)
        return Whole(store.select(schema.names).unionAll(own), sums["sources"] + len(rows), size)

    # --- orphans ---------------------------------------------------------------------------------

    def _without_orphans(self, store: DataFrame, rows: DataFrame, folder: str) -> DataFrame:
        """Refuse all rows of the sources whose original is missing."""
        orphans = self._orphans(store)
        if not orphans:
            return store
        names = self.spark.createDataFrame([(name,) for name in sorted(orphans)], "source string")
        some = rows.join(names.selectExpr("source AS `group`"), "group", "left_semi")
        self._work(some, f"{folder}/.orphans", orphans)
        columns = self.job.schema.names
        kept = store.join(names, "source", "left_anti").select(columns)
        return kept.unionAll(self.spark.read.parquet(literal(f"{folder}/.orphans")).select(columns))

    def _orphans(self, store: DataFrame) -> frozenset[str]:
        whole = store.where("statements > 0")
        copies = whole.where("original IS NOT NULL").select("source", "original")
        wanted = copies.selectExpr("original AS name", "1 AS wanted")
        names = (
            wanted.unionAll(whole.selectExpr("source AS name", "0 AS wanted")).groupBy("name").agg({"wanted": "min"})
        )
        missing = names.where("`min(wanted)` = 1").collect()
        gone = {row[0] for row in missing} - self.job.context.source_files.paths.keys()
        originals = {row[0]: row[1] for row in copies.collect()} if gone else {}
        found: set[str] = set()
        while more := {name for name, original in originals.items() if original in gone | found} - found:
            found |= more
        return frozenset(found)

    # --- generations -----------------------------------------------------------------------------

    def _sums(self, store: DataFrame) -> dict[str, int]:
        """Count rows, statements, sources, copies and bytes of lines.

        Raises:
            CannotImportError: There are no rows.
        """
        sums = {name: f"SUM({name})" for name in (*COUNTS, "size")}
        sums |= {"sources": "COUNT_IF(statements > 0)", "copies": "COUNT(original)"}
        sums["named"] = f"COUNT_IF(one IS NOT NULL AND NOT STARTSWITH(source, '{NO_SOURCE}'))"
        found = store.selectExpr(*sums.values()).first() or ()
        counts = {name: value or 0 for name, value in zip(sums, found, strict=True)}
        if not counts["rows"]:
            place = Location(self.inputs.files[0].name, 1)
            raise CannotImportError(Problem("empty-file", place, "There are no rows.", "fill some in."))
        return counts

    def _whole(self) -> list[str]:
        """Return the generations that have a manifest."""
        names = self.files.names(f"{self.folder}/generations")
        return [name for name in names if self.files.exists(f"{self.folder}/generations/{name}/manifest.json")]

    def _next(self) -> int:
        return int(max(self._whole(), default="0")) + 1

    def publish(self, built: SparkBuilt) -> None:
        """Write the manifest, which makes the generation the current one; keep it and the one before."""
        manifest = {"inputs": [asdict(file) for file in self.inputs.files], **asdict(built)}
        del manifest["examples"]
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        self.files.write(f"{built.folder}/manifest.json", text.encode())
        for name in self._whole()[:-2]:
            self.files.remove(f"{self.folder}/generations/{name}")


def _digests() -> list[Column]:
    from pyspark.sql import functions

    return [functions.bit_xor(name).alias(name) for name in ("one", "two")]


def _count(sources: DataFrame) -> int:
    """Count sources; the groups of rows without a source are none."""
    from pyspark.sql import functions

    number: int = sources.where(~functions.col("source").startswith(NO_SOURCE)).count()
    return number


def _examples(store: DataFrame) -> tuple[Problem, ...]:
    rows = store.selectExpr("EXPLODE(refusals) AS of").select("of.file", "of.row", "of.code", "of.problem")
    first = rows.sort("file", "row").limit(_SHOWN).collect()
    parts = ((code, Location(file, line), *text.split(" Solution: ", 1)) for file, line, code, text in first)
    return tuple(starmap(Problem, parts))


def index_parts(
    built: SparkBuilt, workspace: Workspace, progress: Callable[[str], None], seconds: float | None = None
) -> Finished:
    """Apply rules, shapes and checks to the parts, and make the result the current build of a workspace.

    Args:
        seconds: The time limit of a rule and of a check; by default it grows with the graph.

    Raises:
        CannotImportError: Shapes or checks find an error.
        StoreError: A part was changed.
    """
    loaded = read_workspace(workspace)
    with scratch_folder(workspace.build) as folder, new_generation(workspace.build) as new:
        compiled = of_file(_join(built, folder / "compiled.nq"), built.quads)
        finished = Finishing(workspace, compiled, loaded.places, [], seconds, progress).write(new)
        if has_errors(finished.problems):
            raise CannotImportError(*finished.problems)
        switch(workspace.build, finished.generation or new, finished.sha256)
    return finished


def _join(built: SparkBuilt, target: Path) -> Path:
    """Write the parts one after the other."""
    with target.open("wb") as file:
        for path, part in zip(built.paths(), built.parts, strict=True):
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != part.sha256:
                raise StoreError(f"{path} was changed after it was written.", "Repeat the command.")
            file.write(data)
    return target

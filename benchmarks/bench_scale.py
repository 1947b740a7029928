"""Large corpora: the pool of processes, Spark on one core and on two, the Parquet export, and a cost model of them.

    make scale ARGS="2000 8000 20000"

Each size but the last is used to fit seconds per statement; the last is predicted and then measured. The start of
Spark is subtracted. Every stage is a process of its own, one run each; a busy machine shows in the ratios.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.bench_import import CLI, SEED, measure
from benchmarks.corpus import corpus, entities, write_workspace

SIZES = (2_000, 8_000, 20_000)
SPARK = """
import json, os, sys, time
from pathlib import Path
from graphkit.curate.tables.spark import SparkJob, spark_build
from graphkit.model.workspace import Workspace
from graphkit.release.tables.by_source import RowsBySource
stages = []
job = SparkJob({engine!r}, [{table!r}], Workspace(Path({place!r})), os.environ, {output!r})
built = spark_build(job, RowsBySource, lambda stage: stages.append((stage, time.perf_counter())))
stages.append(("end", time.perf_counter()))
print(json.dumps([stages, built.quads]))
"""
# Stages of which each takes about as long per statement at every size.
_STAGES = ("reading", "compiling", "refused rows", "sorting", "tables")


@dataclass(slots=True)
class Size:
    """The measurements of one size.

    Attributes:
        stages: Engine to its stages to their seconds.
        bytes: Form of the data to its size.
    """

    statements: int
    pool: float = 0
    pool_memory: float = 0
    export: float = 0
    export_memory: float = 0
    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)

    def seconds(self, engine: str) -> float:
        """Return the time of an engine without its start."""
        return sum(self.stages[engine][stage] for stage in _STAGES)


def spark(engine: str, table: Path, place: Path, output: Path) -> dict[str, float]:
    """Build on Spark to parts, and return the seconds of each stage."""
    code = SPARK.format(engine=engine, table=str(table), place=str(place), output=str(output))
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    stages, _ = json.loads(run.stdout)
    taken: dict[str, float] = {}
    for (stage, begun), (_, ended) in pairwise(stages):
        taken[stage] = taken.get(stage, 0) + ended - begun
    return taken


def one_size(statements: int, folder: Path) -> Size:
    """Measure one size."""
    found = Size(statements)
    place, table = folder / "w", folder / "c.jsonl"
    write_workspace(place, entities(statements, SEED))
    with table.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(corpus(statements, SEED))
    pool = measure(CLI.format(["import", str(table), "--build", "--workspace", str(place)]))
    found.pool, found.pool_memory = pool.seconds, pool.megabytes
    for engine in ("local[1]", "local[2]"):
        found.stages[engine] = spark(f"spark://{engine}", table, place, folder / engine)
    export = measure(CLI.format(["export", "parquet", "-o", str(folder / "parquet"), "--workspace", str(place)]))
    found.export, found.export_memory = export.seconds, export.megabytes
    generation = folder / "local[2]" / "generations" / "000001"
    forms = {
        "JSON lines": table, "N-Quads": generation / "nquads", "Parquet tables": generation / "tables",
        "compiled sources": folder / "local[2]" / "compiled", "index": place / "build" / "current" / "index",
    }  # fmt: skip
    found.bytes = {form: size_of(path) for form, path in forms.items()}
    return found


def size_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    return sum(one.stat().st_size for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file())


def line(sizes: list[int], seconds: list[float]) -> tuple[float, float]:
    """Return the line through some points with the least squares: seconds at 0, and seconds per statement."""
    mean, middle = sum(sizes) / len(sizes), sum(seconds) / len(seconds)
    over = sum((size - mean) ** 2 for size in sizes)
    slope = sum((a - mean) * (b - middle) for a, b in zip(sizes, seconds, strict=True)) / over if over else 0
    return middle - slope * mean, slope


def jobs(size: Size) -> dict[str, float]:
    """Return the seconds of each job and of each stage of Spark."""
    found = {"pool of processes": size.pool, "export parquet": size.export}
    for engine, stages in size.stages.items():
        found[f"Spark {engine}"] = size.seconds(engine)
        found |= {f"{engine} {stage}": stages[stage] for stage in _STAGES}
    return found


def show_model(found: list[Size]) -> None:
    """Fit all sizes but the last, and predict the last."""
    *fitted, last = found
    print(
        f"\n{'job':>28} {'s per million':>14} {'predicted':>10} {'measured':>9} {'error':>7}   at {last.statements:,}"
    )
    for name in jobs(last):
        taken = [jobs(size)[name] for size in fitted]
        begin, slope = line([size.statements for size in fitted], taken)
        predicted, measured = begin + slope * last.statements, jobs(last)[name]
        error = (predicted - measured) / measured if measured else 0
        print(f"{name:>28} {slope * 1e6:>14,.0f} {predicted:>8.1f} s {measured:>7.1f} s {error:>7.0%}")


def show(size: Size) -> None:
    """Print the measurements of one size."""
    one, two = size.seconds("local[1]"), size.seconds("local[2]")
    print(
        f"{size.statements:>12,} {size.pool:>7.1f} s {size.pool_memory:>5.0f} MB {one:>9.1f} s {two:>9.1f} s "
        f"{two / size.pool:>9.2f} {two / one:>9.2f} {size.export:>8.1f} s {size.export_memory:>5.0f} MB",
        flush=True,
    )


def main(*sizes: int) -> None:
    """Measure and print each size, then the model."""
    try:
        import pyspark  # noqa: F401 - only to say that it is missing
    except ImportError:
        print("pyspark is not installed: make spark")
        return
    began, found = time.perf_counter(), []
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning; one run each")
    print(
        f"{'statements':>12} {'pool':>9} {'memory':>8} {'local[1]':>11} {'local[2]':>11} {'2/pool':>9} {'2/1':>9} "
        f"{'export':>10} {'memory':>8}"
    )
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            found.append(one_size(size, Path(folder)))
        show(found[-1])
    print("\nbytes per statement: " + ", ".join(f"{form} {n / size:,.0f}" for form, n in found[-1].bytes.items()))
    show_model(found)
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

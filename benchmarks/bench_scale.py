"""Large corpora: the pool of processes, Spark on one core and on two, the Parquet export, and a cost model of them.

    make scale ARGS="2000 8000 20000"

Each size but the last is used to fit the seconds on cores per statement; the last is predicted and then measured. The
start of Spark is subtracted. One run each; seconds by the clock depend on whatever else the machine does, seconds on
cores much less. At the end a table compares the last size with the goals, and a plain program finds the disputes of a
tenth of its propositions. Without pyspark, the same without Spark.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks import naive_disputes
from benchmarks.bench_import import CLI, RAW, SEED, resident, tree
from benchmarks.corpus import corpus, entities, write_workspace

SIZES = (2_000, 8_000, 20_000)
ENGINES = ("local[1]", "local[2]") if importlib.util.find_spec("pyspark") else ()
# The stages of rules, shapes and checks come after those that Spark has too.
POOL = """
import time
from pathlib import Path
from graphkit.curate.tables.bulk import bulk_build
from graphkit.model.workspace import Workspace
step = lambda stage: print(time.perf_counter(), stage, flush=True)
step("compiling")
bulk_build(Path({table!r}), Workspace(Path({place!r})), lambda problem: None, step)
step("end")
"""
SPARK = """
import os, time
from pathlib import Path
from graphkit.curate.tables.spark import SparkJob, spark_build
from graphkit.model.workspace import Workspace
from graphkit.release.tables.by_source import RowsBySource
job = SparkJob({engine!r}, [{table!r}], Workspace(Path({place!r})), os.environ, {output!r})
spark_build(job, RowsBySource, lambda stage: print(time.perf_counter(), stage, flush=True))
print(time.perf_counter(), "end")
"""
# The rules that make disputes, on what a large build gives to rules.
DISPUTES = """
import time
from pathlib import Path
from graphkit.build.engine import Engine
from graphkit.build.profile import given
from graphkit.build.rules import count_lines, read_rules
from graphkit.model.workspace import Workspace
place = Workspace(Path({place!r}))
rules, table = read_rules(place.rules()), place.build / "given.nq"
table.write_bytes(b"".join(given(place.graph_file, set(rule.graph for rule in rules))))
with Engine.start(place, 10**8, None) as engine:
    engine.load_file(table)
    stages = ["disputes" if "a sp:Dispute ;" in rule.text else "other rules" for rule in rules]
    print(time.perf_counter(), "other rules", flush=True)
    # The results stay in the process of the rules, as in a build; after its first step each step is a rule.
    for stage, _ in zip([*stages, "other rules"], engine.apply_rules([], count_lines)):
        print(time.perf_counter(), stage, flush=True)
    print(time.perf_counter(), "end", flush=True)
table.unlink()
"""
# The stages after the start, which takes as long at every size.
_STAGES = ("reading", "compiling", "refused rows", "sorting", "tables")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a stage took: seconds by the clock, and seconds of all its processes on all cores."""

    clock: float
    cores: float

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.clock + other.clock, self.cores + other.cores)


_NOTHING = Taken(0, 0)


@dataclass(slots=True)
class Size:
    """The measurements of one size.

    Attributes:
        stages: Engine to its stages to what they took.
        bytes: Form of the data to its size.
    """

    statements: int
    pool: Taken = _NOTHING
    pool_memory: float = 0
    whole: Taken = _NOTHING
    without_rules: Taken = _NOTHING
    raw: Taken = _NOTHING
    disputes: Taken = _NOTHING
    export: Taken = _NOTHING
    export_memory: float = 0
    stages: dict[str, dict[str, Taken]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)

    def spark(self, engine: str) -> Taken:
        """Return what an engine took without its start."""
        return sum((self.stages[engine][stage] for stage in _STAGES), _NOTHING)


@dataclass(slots=True)
class Watched:
    """A process and its children, looked at five times a second.

    Attributes:
        times: Process to the seconds that it has had on the cores so far.
        samples: The clock and the sum of these seconds.
    """

    root: int
    megabytes: float = 0
    times: dict[int, float] = field(default_factory=dict)
    samples: list[tuple[float, float]] = field(default_factory=list)

    def look(self) -> None:
        """Take a sample."""
        processes = tree(self.root)
        self.times.update((process, seconds) for process in processes if (seconds := had(process)))
        self.megabytes = max(self.megabytes, sum(map(resident, processes)))
        self.samples.append((time.perf_counter(), sum(self.times.values())))

    def cores_at(self, clock: float) -> float:
        """Return the seconds that the processes had had at a time."""
        return max((cores for when, cores in self.samples if when <= clock), default=0)


def had(process: int) -> float:
    """Return the seconds that a process has had on the cores, 0 if it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def watch(code: str) -> tuple[Watched, list[str]]:
    """Run Python code as a process of its own; return what it took and what it printed."""
    with (
        tempfile.TemporaryFile("w+") as out,
        subprocess.Popen([sys.executable, "-c", code], stdout=out, stderr=subprocess.DEVNULL) as run,
    ):
        found = Watched(run.pid)
        while run.poll() is None:
            found.look()
            time.sleep(0.2)
        if run.returncode:
            raise RuntimeError(code)
        out.seek(0)
        return found, out.readlines()


def whole(code: str) -> tuple[Taken, float]:
    """Run Python code; return what it took, and its memory at the greatest."""
    found, _ = watch(code)
    return Taken(found.samples[-1][0] - found.samples[0][0], found.samples[-1][1]), found.megabytes


def spark(engine: str, table: Path, place: Path, output: Path) -> dict[str, Taken]:
    """Build on Spark to parts, and return what each stage took."""
    found, lines = watch(
        SPARK.format(engine=f"spark://{engine}", table=str(table), place=str(place), output=str(output))
    )
    return stages_of(found, lines)


def stages_of(found: Watched, lines: list[str]) -> dict[str, Taken]:
    """Return what each stage took that a process printed with its time."""
    marks = [(float(clock), stage.strip(" …\n")) for clock, _, stage in (line.partition(" ") for line in lines)]
    taken: dict[str, Taken] = {}
    for (begun, stage), (ended, _) in pairwise(marks):
        this = Taken(ended - begun, found.cores_at(ended) - found.cores_at(begun))
        taken[stage] = taken.get(stage, _NOTHING) + this
    return taken


def pool(table: Path, place: Path) -> tuple[Taken, Taken, float]:
    """Build with processes; return what checking, compiling and sorting took, what all took, and the memory."""
    found, lines = watch(POOL.format(table=str(table), place=str(place)))
    stages = stages_of(found, lines)
    common = (taken for stage, taken in stages.items() if stage in {"compiling", "sorting"} or stage.endswith("rows"))
    return sum(common, _NOTHING), sum(stages.values(), _NOTHING), found.megabytes


def remove_rules(place: Path) -> None:
    """Remove rules, checks and shapes from a workspace."""
    for path in (*place.glob("ontology/rules/*.rq"), *place.glob("ontology/checks/*.rq")):
        path.unlink()
    (place / "ontology" / "shapes.ttl").write_text("", encoding="utf-8")


def compare_builds(found: Size, table: Path, folder: Path) -> None:
    """Measure a build without rules, checks and shapes, a bare load of its graph, and the rules that make disputes."""
    bare = folder / "bare"
    write_workspace(bare, entities(found.statements, SEED))
    remove_rules(bare)
    _, found.without_rules, _ = pool(table, bare)
    found.raw, _ = whole(RAW.format(folder=str(folder / "raw"), graph=str(bare / "build" / "graph.nq")))
    found.disputes = stages_of(*watch(DISPUTES.format(place=str(folder / "w"))))["disputes"]


def one_size(statements: int, folder: Path) -> Size:
    """Measure one size."""
    found = Size(statements)
    place, table = folder / "w", folder / "c.jsonl"
    write_workspace(place, entities(statements, SEED))
    with table.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(corpus(statements, SEED))
    found.pool, found.whole, found.pool_memory = pool(table, place)
    compare_builds(found, table, folder)
    naive_disputes.main(str(place))
    for engine in ENGINES:
        found.stages[engine] = spark(engine, table, place, folder / engine)
    command = ["export", "parquet", "-o", str(folder / "parquet"), "--workspace", str(place)]
    found.export, found.export_memory = whole(CLI.format(command))
    if len({sha256(folder / engine / "generations" / "000001" / "nquads") for engine in ENGINES}) > 1:
        raise RuntimeError(f"the parts of {' and '.join(ENGINES)} differ")
    forms = {"JSON lines": table, "graph": place / "build" / "graph.nq", "index": place / "build" / "current" / "index"}
    if ENGINES:
        output = folder / ENGINES[-1]
        generation = output / "generations" / "000001"
        forms |= {"parts": generation / "nquads", "Parquet tables": generation / "tables"}
        forms |= {"compiled sources": output / "compiled"}
    found.bytes = {form: size_of(path.resolve()) for form, path in forms.items()}
    return found


def sha256(parts: Path) -> str:
    """Return the hash of all parts one after the other."""
    made = hashlib.sha256()
    for part in sorted(parts.glob("*.nq")):
        made.update(part.read_bytes())
    return made.hexdigest()


def size_of(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    return sum(one.stat().st_size for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file())


def line(sizes: list[int], seconds: list[float]) -> tuple[float, float]:
    """Return the line through some points with the least squares: seconds at 0, and seconds per statement."""
    mean, middle = sum(sizes) / len(sizes), sum(seconds) / len(seconds)
    over = sum((size - mean) ** 2 for size in sizes)
    slope = sum((a - mean) * (b - middle) for a, b in zip(sizes, seconds, strict=True)) / over if over else 0
    return middle - slope * mean, slope


def jobs(size: Size) -> dict[str, Taken]:
    """Return what each job took, and each stage of Spark."""
    found = {"pool of processes": size.pool, "the whole build": size.whole, "without rules": size.without_rules}
    found |= {"raw bulk_load": size.raw, "disputes": size.disputes, "export parquet": size.export}
    for engine, stages in size.stages.items():
        found[f"Spark {engine}"] = size.spark(engine)
        found |= {f"{engine} {stage}": stages[stage] for stage in _STAGES}
    return found


def show_model(found: list[Size]) -> None:
    """Fit the seconds on cores of all sizes but the last, and predict the last."""
    *fitted, last = found
    print(f"\n{'seconds on cores':>24} {'fixed':>8} {'a million':>10} {'predicted':>10} {'measured':>10} {'error':>7}")
    for name, taken in jobs(last).items():
        fixed, slope = line([size.statements for size in fitted], [jobs(size)[name].cores for size in fitted])
        predicted = fixed + slope * last.statements
        error = f"{predicted / taken.cores - 1:>7.0%}" if taken.cores else ""
        print(f"{name:>24} {fixed:>8.1f} {slope * 1e6:>10,.0f} {predicted:>10.1f} {taken.cores:>10.1f} {error}")


def show(size: Size) -> None:
    """Print the measurements of one size."""
    shown = (size.pool, *map(size.spark, ENGINES), size.export)
    times = "".join(f" {taken.clock:>7.1f} {taken.cores:>7.1f}" for taken in shown)
    print(f"{size.statements:>12,}{times} {size.pool_memory:>8.0f} {size.export_memory:>8.0f}", flush=True)


def show_goals(size: Size) -> None:
    """Print what the last size took beside the goals, in seconds on cores unless the clock is named."""
    goals = [
        ("with rules, checks and index / without", "<= 3", size.whole.cores / size.without_rules.cores),
        ("memory with rules, MB", "<= 1,500 at 100,000", size.pool_memory),
        ("the rules that make disputes, s", "<= 10 at 100,000", size.disputes.cores),
        ("without rules / raw bulk_load", "<= 3", size.without_rules.cores / size.raw.cores),
    ]
    if ENGINES:
        one, two = map(size.spark, ENGINES)
        goals += [
            ("Spark local[2] / pool", "<= 2.5", two.cores / size.pool.cores),
            ("Spark local[2] / local[1], by the clock", "<= 0.65", two.clock / one.clock),
        ]
    print(f"\n{'job':<40} {'goal':<20} {'measured at':>12} {size.statements:,}")
    for job, goal, measured in goals:
        print(f"{job:<40} {goal:<20} {measured:>12,.2f}")


def main(*sizes: int) -> None:
    """Measure and print each size, then the model."""
    began, found = time.perf_counter(), []
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning; one run each")
    print("seconds by the clock and on all cores; megabytes at the greatest")
    names = ("pool", *(f"Spark {engine}" for engine in ENGINES), "export")
    print(f"{'statements':>12}" + "".join(f" {name:>15}" for name in names) + "     pool   export")
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            found.append(one_size(size, Path(folder)))
        show(found[-1])
    print("\nbytes per statement: " + ", ".join(f"{form} {n / size:,.0f}" for form, n in found[-1].bytes.items()))
    show_model(found)
    show_goals(found[-1])
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

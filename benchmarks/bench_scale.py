"""Large corpora: the pool of processes, Spark on one core and on two, the Parquet export, and a cost model of them.

    make scale ARGS="2000 8000 20000"

Each size is predicted from the smaller ones, with a line in statements and with the lines that the rules make. The
start of Spark is subtracted. One run each; seconds by the clock depend on whatever else the machine does, seconds on
cores much less. At the end a table compares the last size with the goals, and a plain program finds the disputes of a
tenth of its propositions. Without pyspark, the same without Spark.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import naive_disputes
from benchmarks.bench_import import CLI, RAW, SEED, resident, tree
from benchmarks.corpus import corpus, entities, write_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

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
# The rules on what a large build gives to them, in one process; the lines stay in it, as in a build.
RULES = """
import time
from pathlib import Path
from graphkit.build import engine
from graphkit.build.profile import given
from graphkit.build.rules import count_lines, read_rules
from graphkit.model.workspace import Workspace
class Here:
    graph = engine._Graph()
    def run(self, work, *rest):
        return work(self.graph, *rest)
place = Workspace(Path({place!r}))
rules, table = read_rules(place.rules()), place.build / "given.nq"
lines = list(given(place.graph_file, set(rule.graph for rule in rules)))
table.write_bytes(b"".join(lines))
print(len(lines))
del lines
here = engine.Engine(place, Here())
here.load_file(table)
table.unlink()
derived = here.apply_rules([], count_lines)
next(derived)
for rule in rules:
    began, found = time.process_time(), next(derived)
    print(rule.name, time.process_time() - began, found, *["dispute"] * ("a sp:Dispute ;" in rule.text))
"""
# The stages after the start, which takes as long at every size.
_STAGES = ("reading", "compiling", "refused rows", "sorting", "tables")
# Sizes that a law needs; lines of a rule that is shown; sizes that are not measured.
_POINTS, _SHOWN, _LARGER = 2, 1_000, (10**6, 10**8, 10**9)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a stage took: seconds by the clock, and seconds of all its processes on all cores."""

    clock: float
    cores: float

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.clock + other.clock, self.cores + other.cores)


_NOTHING = Taken(0, 0)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a rule took, in seconds on a core, and how many lines it made; whether it makes disputes."""

    cores: float
    lines: float
    dispute: bool


@dataclass(slots=True)
class Size:
    """The measurements of one size.

    Attributes:
        stages: Engine to its stages to what they took.
        bytes: Form of the data to its size.
        given: Quads before the rules.
        rules: Name to what it took and made.
    """

    statements: int
    pool: Taken = _NOTHING
    pool_memory: float = 0
    whole: Taken = _NOTHING
    without_rules: Taken = _NOTHING
    raw: Taken = _NOTHING
    export: Taken = _NOTHING
    export_memory: float = 0
    stages: dict[str, dict[str, Taken]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    given: int = 0
    rules: dict[str, Derived] = field(default_factory=dict)

    @property
    def disputes(self) -> float:
        """The seconds of the rules that make disputes."""
        return sum(rule.cores for rule in self.rules.values() if rule.dispute)

    @property
    def all_rules(self) -> float:
        """The seconds of all rules."""
        return sum(rule.cores for rule in self.rules.values())

    @property
    def quads(self) -> float:
        """The number of quads with those of the rules."""
        return self.given + sum(rule.lines for rule in self.rules.values())

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
    """Measure a build without rules, checks and shapes, a bare load of its graph, and each rule."""
    bare = folder / "bare"
    write_workspace(bare, entities(found.statements, SEED))
    remove_rules(bare)
    _, found.without_rules, _ = pool(table, bare)
    found.raw, _ = whole(RAW.format(folder=str(folder / "raw"), graph=str(bare / "build" / "graph.nq")))
    code = RULES.format(place=str(folder / "w"))
    first, *lines = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
    found.given = int(first)
    for name, cores, made, *dispute in map(str.split, lines):
        found.rules[name] = Derived(float(cores), int(made), bool(dispute))


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


def line(sizes: Sequence[float], seconds: list[float]) -> tuple[float, float]:
    """Return the line through some points with the least squares: seconds at 0, and seconds per statement."""
    mean, middle = sum(sizes) / len(sizes), sum(seconds) / len(seconds)
    over = sum((size - mean) ** 2 for size in sizes)
    slope = sum((a - mean) * (b - middle) for a, b in zip(sizes, seconds, strict=True)) / over if over else 0
    return middle - slope * mean, slope


def jobs(size: Size) -> dict[str, Taken]:
    """Return what each job took, and each stage of Spark."""
    found = {"pool of processes": size.pool, "without rules": size.without_rules}
    found |= {"raw bulk_load": size.raw, "export parquet": size.export}
    for engine, stages in size.stages.items():
        found[f"Spark {engine}"] = size.spark(engine)
        found |= {f"{engine} {stage}": stages[stage] for stage in _STAGES}
    return found


def power(sizes: list[int], counts: list[float]) -> tuple[float, float]:
    """Return the factor and the exponent of the power law of some counts; large counts weigh more.

    A dispute is about a pair, so nothing can grow faster than the square.
    """
    seen = [(math.log(size), math.log(count), count) for size, count in zip(sizes, counts, strict=True) if count]
    if len(seen) < _POINTS:
        return counts[-1] / sizes[-1], 1
    weight = sum(count for *_, count in seen)
    mean, middle = (sum(each[at] * each[2] for each in seen) / weight for at in (0, 1))
    over = sum(count * (x - mean) ** 2 for x, _, count in seen)
    exponent = min(2, sum(count * (x - mean) * (y - middle) for x, y, count in seen) / over)
    return math.exp(middle - exponent * mean), exponent


def predicted_rules(fitted: list[Size], statements: int) -> dict[str, Derived]:
    """Predict each rule: seconds per statement of its own, and seconds per line that all rules share."""
    sizes, found = [size.statements for size in fitted], {}
    squares = sum(size**2 for size in sizes)
    over = under = 0.0
    for name, rule in fitted[-1].rules.items():
        each = [size.rules[name] for size in fitted]
        lines, cores = (sum(n * x for n, x in zip(sizes, values, strict=True)) / squares for values in _columns(each))
        over += sum((one.lines - n * lines) * (one.cores - n * cores) for n, one in zip(sizes, each, strict=True))
        under += sum((one.lines - n * lines) ** 2 for n, one in zip(sizes, each, strict=True))
        factor, exponent = power(sizes, [one.lines for one in each])
        found[name] = lines, cores, factor * statements**exponent, rule.dispute
    a_line = over / under
    return {
        name: Derived((cores - a_line * lines) * statements + a_line * made, made, dispute)
        for name, (lines, cores, made, dispute) in found.items()
    }


def _columns(rules: list[Derived]) -> tuple[list[float], list[float]]:
    return [rule.lines for rule in rules], [rule.cores for rule in rules]


def predicted_build(fitted: list[Size], statements: int) -> tuple[float, float]:
    """Predict the quads and the seconds of a build: a line in quads for all but the rules, and the rules."""
    rules = predicted_rules(fitted, statements).values()
    fixed, slope = line([size.statements for size in fitted], [float(size.given) for size in fitted])
    quads = fixed + slope * statements + sum(rule.lines for rule in rules)
    fixed, slope = line([size.quads for size in fitted], [size.whole.cores - size.all_rules for size in fitted])
    return quads, fixed + slope * quads + sum(rule.cores for rule in rules)


def show_model(found: list[Size]) -> None:
    """Fit the seconds on cores of all sizes but the last, and predict the last."""
    *fitted, last = found
    sizes = [size.statements for size in fitted]
    print(f"\n{last.statements:,} predicted from {', '.join(f'{size:,}' for size in sizes)}")
    print(f"{'seconds on cores':>24} {'fixed':>8} {'a million':>10} {'predicted':>10} {'measured':>10} {'error':>7}")
    compared = {"the whole build": [size.whole.cores for size in found]}
    compared |= {"disputes": [size.disputes for size in found]}
    compared |= {name: [jobs(size)[name].cores for size in found] for name in jobs(last)}
    for name, (*known, measured) in compared.items():
        fixed, slope = line(sizes, known)
        show_predicted(f"{name:>24} {fixed:>8.1f} {slope * 1e6:>10,.0f}", fixed + slope * last.statements, measured)
    rules = predicted_rules(fitted, last.statements)
    print("with the lines of the rules")
    show_predicted(f"{'the whole build':>43}", predicted_build(fitted, last.statements)[1], last.whole.cores)
    disputes = {name: rule for name, rule in rules.items() if rule.dispute}
    show_predicted(f"{'disputes':>43}", sum(rule.cores for rule in disputes.values()), last.disputes)
    for name, rule in rules.items():
        if last.rules[name].lines >= _SHOWN:
            _, exponent = power(sizes, [size.rules[name].lines for size in fitted])
            show_predicted(f"{name + ', lines':>37} n^{exponent:.1f}", rule.lines, last.rules[name].lines)


def show_predicted(begin: str, predicted: float, measured: float) -> None:
    """Print a prediction beside the measurement."""
    print(f"{begin} {predicted:>10,.1f} {measured:>10,.1f} {predicted / (measured or 1) - 1:>7.0%}")


def show_larger(found: list[Size]) -> None:
    """Print what larger builds would take: extrapolated."""
    print(f"\n{'extrapolated':>14} {'quads':>22} {'lines of disputes':>22} {'seconds on cores':>22}")
    for size in _LARGER:
        quads, seconds = predicted_build(found, size)
        lines = sum(rule.lines for rule in predicted_rules(found, size).values() if rule.dispute)
        print(f"{size:>14,} {quads:>22,.0f} {lines:>22,.0f} {seconds:>22,.0f}")


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
        ("the rules that make disputes, s", "<= 10 at 100,000", size.disputes),
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
    for last in range(_POINTS + 1, len(found) + 1):
        show_model(found[:last])
    if len(found) > 1:
        show_larger(found)
    show_goals(found[-1])
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

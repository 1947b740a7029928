"""How long `graphkit import --build` takes beside raw bulk_load of its result, and how much memory: by size.

    python -m benchmarks.bench_import 100000 1000000

A made-up corpus of each size (benchmarks/corpus.py) goes straight to build/graph.nq and its index; then a bare
process loads that graph.nq with pyoxigraph alone. Whole processes, one run of each, in turn. Memory is the greatest
sum of the resident sets of a process and its children, looked at five times a second (Linux only).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import corpus, entities, write_workspace

# What CI has time for; the sizes to quote are 100,000 and 1,000,000.
SMALL = (2_000, 10_000)
SEED = 1
CLI = "import sys; from graphkit.cli import main; sys.argv[1:] = {!r}; main()"
RAW = """
import pyoxigraph as ox
store = ox.Store({folder!r})
store.bulk_load(path={graph!r}, format=ox.RdfFormat.N_QUADS)
store.flush()
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took: seconds, and megabytes with its children at their greatest."""

    seconds: float
    megabytes: float


def tree(root: int) -> list[int]:
    """Return a process and those under it."""
    found = [root]
    for one in found:
        with suppress(OSError):  # it ends while it is read
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                with suppress(OSError):  # one of its threads ends
                    found += map(int, children.read_text().split())
    return found


def resident(process: int) -> float:
    """Return the resident set of a process in megabytes, 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(code: str) -> Measured:
    """Run Python code as a process of its own."""
    began, peak = time.perf_counter(), 0.0
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None:
            peak = max(peak, sum(map(resident, tree(run.pid))))
            time.sleep(0.2)
    if run.returncode:
        raise RuntimeError(code)
    return Measured(time.perf_counter() - began, peak)


def one_size(size: int, folder: Path) -> tuple[Measured, Measured]:
    """Measure one size: our route and raw pyoxigraph."""
    place, table = folder / "workspace", folder / "corpus.jsonl"
    write_workspace(place, entities(size, SEED))
    with table.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(corpus(size, SEED))
    ours = measure(CLI.format(["import", str(table), "--build", "--workspace", str(place)]))
    raw = measure(RAW.format(folder=str(folder / "raw"), graph=str(place / "build" / "graph.nq")))
    return ours, raw


def main(*sizes: int) -> None:
    """Measure and print each size, and by how much memory grows from the first to the last."""
    first = last = 0.0
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning; one run each")
    print(f"{'statements':>12} {'import --build':>15} {'raw bulk_load':>14} {'ratio':>6} {'peak':>9} {'raw peak':>9}")
    for size in sizes or SMALL:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            ours, raw = one_size(size, Path(folder))
        ratio = ours.seconds / raw.seconds
        times = f"{ours.seconds:>13.1f} s {raw.seconds:>12.1f} s {ratio:>6.2f}"
        print(f"{size:>12,} {times} {ours.megabytes:>6.0f} MB {raw.megabytes:>6.0f} MB", flush=True)
        first, last = first or ours.megabytes, ours.megabytes
    print(f"memory of the last size is {last / first:.2f} times that of the first")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""How long a user waits: import, a saved question, a full build; beside a bare interpreter and raw pyoxigraph.

Whole processes, in turn, median of several runs: the ratios are what to quote, the milliseconds are this machine's.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from graphkit.build.pipeline import build
from graphkit.model.iris import PREFIXES
from graphkit.model.workspace import Workspace, find_workspace

QUESTION = "consulted-and-denied"
CLI = "import sys; from graphkit.cli import main; sys.argv[1:] = {!r}; main()"
FRESH = "import shutil; shutil.rmtree('build/generations', ignore_errors=True)\n"
RAW_QUERY = """
import pyoxigraph as ox
prefixes = {prefixes!r}
met = {{ox.Variable('body'): ox.NamedNode('https://w3id.org/surveillance-policy/id/met')}}
text = open({question!r}).read()
assert list(ox.Store.read_only({store!r}).query(text, prefixes=prefixes, substitutions=met))
"""
RAW_LOAD = """
import pyoxigraph as ox
store = ox.Store({folder!r})
store.bulk_load(path={graph!r}, format=ox.RdfFormat.N_QUADS)
store.flush()
"""


def commands(place: Workspace, scratch: Path) -> dict[str, tuple[str, str]]:
    """Return what is measured: name to (Python code, name of what it is compared with)."""
    question = str(place.ontology / "questions" / f"{QUESTION}.rq")
    raw_query = RAW_QUERY.format(prefixes=PREFIXES, question=question, store=str(place.generation().index))
    raw_load = RAW_LOAD.format(folder="FOLDER", graph=str(place.graph_file))
    fresh = raw_load.replace("'FOLDER'", f"__import__('tempfile').mkdtemp(dir={str(scratch)!r})")
    return {
        "bare interpreter": ("pass", ""),
        "import graphkit": ("import graphkit", "bare interpreter"),
        "raw pyoxigraph, the same question": (raw_query, ""),
        f"graphkit query {QUESTION}": (CLI.format(["query", QUESTION]), "raw pyoxigraph, the same question"),
        f"graphkit query {QUESTION} --format csv": (
            CLI.format(["query", QUESTION, "--format", "csv"]),
            "raw pyoxigraph, the same question",
        ),
        "raw pyoxigraph, bulk_load of the same quads": (fresh, ""),
        # A build of the same graph would write nothing.
        "graphkit build": (FRESH + CLI.format(["build"]), "raw pyoxigraph, bulk_load of the same quads"),
    }


# What the kernel counts for a child begins with what its parent held; the high-water mark of its own memory does not.
HELD = """
import atexit
def _tell():
    try:
        with open("/proc/self/status") as status, open({held!r}, "w") as held:
            held.write(status.read())
    except OSError:
        pass
atexit.register(_tell)
"""


def measure(code: str, folder: Path) -> tuple[float, float]:
    """Run one process; return its seconds and the most memory that it held, in MB (0 where no /proc tells)."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    held = folder / "held.txt"
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", HELD.format(held=str(held)) + code],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    took = time.perf_counter() - began
    marks = (
        [line.split()[1] for line in held.read_text().splitlines() if line.startswith("VmHWM")] if held.exists() else []
    )
    return took, int(marks[0]) / 1024 if marks else 0


def main(runs: int = 9) -> None:
    """Measure and print."""
    place = find_workspace(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Workspace(Path(scratch) / "w")
        copy.root.mkdir()
        for folder in ("ontology", "data"):
            (copy.root / folder).symlink_to(place.root / folder)
        checked = build(copy)
        measured = commands(copy, Path(scratch))
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in measured}
        for _ in range(runs + 1):
            for name, (code, _) in measured.items():
                found[name].append(measure(code, copy.root))
    # The first round warms the caches and writes the byte code.
    medians = {name: statistics.median(took for took, _ in each[1:]) for name, each in found.items()}
    memory = {name: max(held for _, held in each) for name, each in found.items()}
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}; {checked.counts}; median of {runs}")
    for name, (_, base) in measured.items():
        ratio = f"{medians[name] / medians[base]:6.1f} × {base}" if base else ""
        print(f"{name:<48} {medians[name] * 1000:7.0f} ms {memory[name]:6.0f} MB  {ratio}")


if __name__ == "__main__":
    main()

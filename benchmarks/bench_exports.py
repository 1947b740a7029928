"""Exports: each writer beside gzip, csv.writer, pyarrow and the reading of the network, interleaved, best of five.

python -m benchmarks.bench_exports [WORKSPACE]: by default the data of this repository.
"""

from __future__ import annotations

import csv
import gzip
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from graphkit.analysis.network import network
from graphkit.build.pipeline import build
from graphkit.graph import open_graph
from graphkit.model.workspace import Workspace, find_workspace
from graphkit.release.exports import default_name, export
from graphkit.release.tables.files import CSV, PARQUET, Form
from graphkit.release.tables.streams import StreamedRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphkit.release.tables.columns import TableOf
    from graphkit.release.tables.rows import Row
    from graphkit.store import Store

_TIMES = 5
_NETWORKS = ("graphml", "gexf", "cx2", "neo4j", "csv")
# Ratios that a writer should not pass.
_GZIP, _FACTS, _MEMORY, _CSV, _PARQUET = 3.0, {"graphml": 1.5}, 1.2, 1.5, 1.5


def best(*runs: Callable[[], object]) -> list[float]:
    """Return the shortest processor time of each run, interleaved."""
    found = [float("inf")] * len(runs)
    for _ in range(_TIMES):
        for number, run in enumerate(runs):
            start = time.process_time()
            run()
            found[number] = min(found[number], time.process_time() - start)
    return found


def peak(run: Callable[[], object]) -> int:
    """Return the most bytes of Python objects at one time."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def show(name: str, value: float, limit: float) -> None:
    """Print a ratio and its limit."""
    print(f"{name:52} {value:6.2f} x  (limit {limit} x){'' if value <= limit else '  PASSED'}")


def networks(store: Store, folder: Path) -> None:
    """Compare the writers of networks with the reading of the network, and what they add to it with gzip."""
    for form in _NETWORKS:
        path = folder / default_name(form)
        files = export(store, form, "attributed", path)
        whole = b"".join(file.read_bytes() for file in files)
        whole_time, packed, read = best(
            lambda form=form, path=path: export(store, form, "attributed", path),  # type: ignore[misc]
            lambda whole=whole: gzip.compress(whole, mtime=0),  # type: ignore[misc]
            lambda: network(store),
        )
        show(f"{form}: whole export to reading the network", whole_time / read, _FACTS.get(form, 2.0))
        show(f"{form}: what it adds to gzip of its {len(whole):,} bytes", (whole_time - read) / packed, _GZIP)
    path = folder / default_name("graphml")
    memory = peak(lambda: export(store, "graphml", "attributed", path)) / peak(lambda: network(store))
    show("graphml: memory to that of the network", memory, _MEMORY)


def plain_csv(table: TableOf, rows: Iterable[Row], path: Path) -> None:
    """Write rows with csv.writer and nothing else."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows(rows)


def spent(store: Store, table: TableOf, form: Form, path: Path) -> float:
    """Return the processor time that a writer takes for statements, while their columns are made."""
    making, start = 0.0, time.process_time()
    with StreamedRows.open(store) as made, form.open(path, table) as put:
        last = time.process_time()
        for _, columns in made.parts([table]):
            making += time.process_time() - last
            put(columns)
            last = time.process_time()
    return time.process_time() - start - making


def tables(store: Store, folder: Path) -> None:
    """Compare the writers of tables with csv.writer on the same rows, and pyarrow on a finished table."""
    with StreamedRows.open(store) as made:
        table = next(one for one in made.tables if one.name == "statements")
        rows = list(made.of(table))
    (theirs,) = best(lambda: plain_csv(table, rows, folder / "b.csv"))
    ours = min(spent(store, table, CSV, folder / "a.csv") for _ in range(_TIMES))
    show(f"statements.csv, {len(rows):,} rows, to csv.writer", ours / theirs, _CSV)
    ours = min(spent(store, table, PARQUET, folder / "a.parquet") for _ in range(_TIMES))
    finished = pq.read_table(folder / "a.parquet")
    (theirs,) = best(lambda: pq.write_table(finished, folder / "b.parquet", compression="zstd"))
    show(f"statements.parquet, {len(rows):,} rows, to pyarrow", ours / theirs, _PARQUET)


def main() -> None:
    """Measure a workspace."""
    place = Workspace(Path(sys.argv[1]).resolve()) if sys.argv[1:] else find_workspace()
    if not place.build.exists():
        build(place)
    store = open_graph(place.root).store
    with tempfile.TemporaryDirectory() as folder:
        networks(store, Path(folder))
        tables(store, Path(folder))


if __name__ == "__main__":
    main()

"""Discourse networks at size, as ratios to the bare array operations in the same run.

    python -m benchmarks.bench_discourse [RUNS] [WORKSPACE]

Statements are drawn with a heavy tail: the actor of rank r makes about 1 / r of all statements. With a workspace, the
reading of the statements of its build is measured, too.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.reading import Reader, Reading
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.properties import read_properties
from graphkit.graph import open_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.store.embedded import EmbeddedStore

RUNS = 7


def statements(number: int, actors: int, concepts: int, zipf: float = 1.0, seed: int = 1) -> Coded:
    """Return made-up statements with a heavy tail of actors and concepts."""
    random = np.random.default_rng(seed)

    def draw(size: int) -> Any:  # noqa: ANN401
        weights = 1 / np.arange(1, size + 1) ** zipf
        return random.choice(size, number, p=weights / weights.sum())

    days = np.sort(random.integers(0, 7000, number)).astype("datetime64[D]").astype("datetime64[s]")
    return Coded(
        np.arange(number).astype(object),
        tuple(f"a{place:06}" for place in range(actors)), draw(actors),
        tuple(f"c{place:06}" for place in range(concepts)), draw(concepts),
        tuple(f"d{place:06}" for place in range(number // 5)), random.integers(0, number // 5, number),
        (False, True), random.integers(0, 2, number),
        days, days,
    )  # fmt: skip


def paired(first: Callable[[], object], second: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Return the medians of both in seconds, run in turn, and the median of their ratios."""
    first(), second()
    times = []
    for _ in range(runs):
        moments = [time.perf_counter()]
        for job in (first, second):
            job()
            moments.append(time.perf_counter())
        times.append((moments[1] - moments[0], moments[2] - moments[1]))
    ours, base = zip(*times, strict=True)
    ratios = [one / other for one, other in times]
    return statistics.median(ours), statistics.median(base), statistics.median(ratios)


def report(name: str, found: tuple[float, float, float], most: str) -> None:
    """Print a row."""
    ours, base, ratio = found
    print(f"{name:<64} {ours:8.3f} s {base:8.3f} s {ratio:7.2f}  {most}", flush=True)


def planes(coded: Coded) -> list[Any]:
    """Return the counts of actors by concepts for each level, without repeated statements of a document."""
    kept = project(coded, Projecting(mode="actors", aggregation="congruence", duplicates="document"))
    return list(kept.planes.values())


def unique_and_csr(coded: Coded) -> object:
    """Build a two-mode matrix with numpy and scipy alone."""
    width = len(coded.concepts)
    cells, counts = np.unique(coded.actor * width + coded.concept, return_counts=True)
    return sparse.csr_array((counts, (cells // width, cells % width)), shape=(len(coded.actors), width))


def with_pandas(coded: Coded) -> object:
    """Compute congruence as a merge of the table of statements with itself."""
    table = pd.DataFrame({
        "actor": coded.actor, "concept": coded.concept, "level": coded.level, "document": coded.document
    }).drop_duplicates()  # fmt: skip
    merged = table.merge(table, on=["concept", "level"])
    return merged[merged.actor_x < merged.actor_y].groupby(["actor_x", "actor_y"]).size()


def reading(workspace: str, runs: int) -> None:
    """Print how long it takes to read the statements of a build, and to load the columns that were kept."""
    graph = open_graph(workspace)
    store: EmbeddedStore = graph.store  # type: ignore[assignment]

    def read() -> object:
        reader = Reader(store, Reading())
        return reader.columns(reader.opinions())

    name = f"{len(graph.projection('actor-concept').given or ()):,} statements of a build"
    report(f"{name} / their properties alone", paired(read, lambda: read_properties(store), runs), "1.2")
    kept = paired(lambda: graph.projection("actor-concept"), lambda: None, runs)
    print(f"{name}, kept, as actors by claims: {kept[0]:.3f} s", flush=True)


def strong_ties(coded: Coded) -> None:
    """Print time and memory of a network among actors, and the time of the bare product, which keeps all ties."""
    start = time.perf_counter()
    strong = project(coded, Projecting(mode="actors", aggregation="congruence", min_weight=100))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    middle = time.perf_counter()
    product = sum(plane @ plane.T for plane in strong.planes.values())
    ours, base = middle - start, time.perf_counter() - middle
    print(f"1,000,000 one-mode, ties of 100 or more, heavy tail: {strong.matrix.nnz // 2:,} ties")
    report(f"  base: the bare product, {product.nnz // 2:,} ties", (ours, base, ours / base), "1.5")
    print(f"  peak {memory:.2f} GB (at most 2)")


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"{'job':<64} {'ours':>10} {'base':>10} {'ratio':>7}  at most")
    few = statements(20_000, 1_000, 300)
    settings = Projecting(mode="actors", aggregation="congruence", duplicates="document")
    counts = planes(few)
    done = project(few, settings)
    print(f"  20,000 statements give {len(list(done.ties())):,} ties")
    report(
        "20,000 one-mode congruence / products of the planes",
        paired(lambda: project(few, settings), lambda: sum(plane @ plane.T for plane in counts), runs),
        "1.5",
    )
    report(
        "20,000 as networkx / nx.from_scipy_sparse_array alone",
        paired(lambda: project(few, settings).to_networkx(), lambda: nx.from_scipy_sparse_array(done.matrix), runs),
        "1.3",
    )
    report(
        "20,000 one-mode congruence / merge in pandas",
        paired(lambda: project(few, settings), lambda: with_pandas(few), min(runs, 3)),
        "0.05",
    )
    many = statements(1_000_000, 20_000, 5_000, 0.5)
    report(
        "1,000,000 two-mode / np.unique and csr_array",
        paired(lambda: project(many), lambda: unique_and_csr(many), runs),
        "2",
    )
    strong_ties(statements(1_000_000, 20_000, 5_000, 1.0))
    if len(sys.argv) > 2:
        reading(sys.argv[2], runs)


if __name__ == "__main__":
    main()

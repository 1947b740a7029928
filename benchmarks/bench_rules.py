"""What the rules cost on made-up graphs of two sizes, and how it grows: fails if a rule grows faster than n log n.

    python -m benchmarks.bench_rules 2000 20000

`n` is what a rule reads and writes: the propositions and statements of the graph, and four times the lines that it
derives (a line costs about as much to write as four things to read; conflicting pairs grow faster than the graph).
Seconds of processor time; each rule may take twice as long as n log n allows, and one that takes less than a twentieth
of a second at the larger size is not judged.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.build.profile import given
from graphkit.build.rules import apply_rule, count_lines, read_rules
from graphkit.curate.tables.bulk import bulk_build
from graphkit.model.workspace import Workspace
from graphkit.store import in_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL = (500, 2_000)
SEED, _SLACK, _SHORT, _LINE = 1, 2.0, 0.05, 4
_THINGS = re.compile(rb" <[^>]*#type> <[^>]*#(?:Proposition|Statement)> ")
Costs = dict[str, tuple[float, int]]


def measure(statements: int, folder: Path) -> tuple[int, Costs]:
    """Return the number of propositions and statements of a graph, and of each rule the seconds and the rows."""
    write_workspace(folder / "w", entities(statements, SEED))
    table, place = folder / "corpus.jsonl", Workspace(folder / "w")
    with table.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(corpus(statements, SEED))
    bulk_build(table, place, print)
    rules = read_rules(place.rules())
    lines = list(given(place.generation().graph_file, {rule.graph for rule in rules}))
    store, costs = in_memory(()), Costs()
    store.add(b"".join(lines))
    for rule in rules:
        began = time.process_time()
        applied = apply_rule(rule, store, count_lines)
        costs[rule.name] = time.process_time() - began, applied.kept
    return sum(map(bool, map(_THINGS.search, lines))), costs


def growth(small: tuple[int, Costs], large: tuple[int, Costs], name: str) -> tuple[float, float]:
    """Return by how much the time of a rule grows, and by how much it may."""
    (few, before), (many, after) = small, large
    less, more = few + _LINE * before[name][1], many + _LINE * after[name][1]
    return after[name][0] / max(before[name][0], 1e-3), _SLACK * more * math.log(more) / (less * math.log(less))


def too_fast(small: tuple[int, Costs], large: tuple[int, Costs]) -> Mapping[str, tuple[float, float]]:
    """Return the rules whose time grows faster than it may."""
    grown = {name: growth(small, large, name) for name, (seconds, _) in large[1].items() if seconds >= _SHORT}
    return {name: (is_, may) for name, (is_, may) in grown.items() if is_ > may}


def main(*sizes: int) -> None:
    """Measure both sizes, and print each rule."""
    few, many = sizes or SMALL
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        small, large = measure(few, Path(one)), measure(many, Path(other))
    print(f"{'rule':<28} {few:>9,} {many:>9,} {'growth':>7} {'allowed':>8} {'rows':>9}")
    for name, (seconds, rows) in sorted(large[1].items(), key=lambda item: -item[1][0]):
        is_, may = growth(small, large, name)
        print(f"{name:<28} {small[1][name][0]:>7.3f} s {seconds:>7.3f} s {is_:>7.1f} {may:>8.1f} {rows:>9,}")
    print(f"{'all':<28} {sum(s for s, _ in small[1].values()):>7.3f} s {sum(s for s, _ in large[1].values()):>7.3f} s")
    if wrong := too_fast(small, large):
        sys.exit(f"These rules grow faster than n log n: {', '.join(wrong)}.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

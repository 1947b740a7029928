"""Measures the rules on the graph of a build: how long each takes, and how much it derives."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from graphkit.build.engine import Engine
from graphkit.build.rules import Applied, Rule, read_rules
from graphkit.model.workspace import Workspace


def profile(workspace: Workspace, seconds: float | None = None) -> Iterator[tuple[Rule, Applied[int]]]:
    """Apply each rule to what the rules of a build were applied to, and yield it with the number of its results.

    Args:
        seconds: The time limit of a rule; by default it grows with the graph.

    Raises:
        QueryError: A rule fails.
        StoreError: There is no build.
    """
    rules = read_rules(workspace.rules())
    lines = list(given(workspace.generation().graph_file, {rule.graph for rule in rules}))
    with Engine.start(workspace, len(lines), seconds) as engine:
        engine.load(b"".join(lines))
        for rule in rules:
            yield rule, engine.apply(rule)


def given(graph: Path, derived: Collection[str]) -> Iterator[bytes]:
    """Yield the lines of a build outside the graphs that rules write into."""
    ends = tuple(f"<{name}> .\n".encode() for name in derived)
    with graph.open("rb") as file:
        yield from (line for line in file if not line.endswith(ends))

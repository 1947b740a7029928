"""The lists of a store: those that its build wrote, or else counted from its lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from graphkit.analysis.properties import first_line
from graphkit.build.lists import HEAD, ON_A_PAGE, Lists, Row, count_lists, key_of, unpacked
from graphkit.model.generation import Generation
from graphkit.store import EmbeddedStore, Store


def lists_of(store: Store) -> Lists:
    """Return the lists of a store; those of the last build are kept, because a build never changes."""
    if isinstance(store, EmbeddedStore) and store.generation:
        return _written(store.generation) or _counted(str(store.generation.graph_file))
    return count_lists(f"{line} .\n".encode() for line in sorted(map(str, store.quads())))


def every_row(lists: Lists, name: str) -> Iterator[Row]:
    """Yield the rows of a list, and read a page of them when it is needed."""
    for number in range(1, last_page(name, lists.totals[name][""][1]) + 1):
        yield from lists.rows(name, "", number)


def last_page(name: str, rows: int) -> int:
    """Return the number of pages of a list, at least one."""
    return max(1, -(-rows // ON_A_PAGE[name]))


def _written(generation: Generation) -> Lists | None:
    """Return the lists that a build wrote; None if there are none, or those of another graph."""
    try:
        with generation.lists_file.open("rb") as file:
            head: dict[str, Any] = json.loads(file.readline().removeprefix(f"{HEAD} ".encode()))
        if head.pop("graph") != generation.sha256:
            return None
        busiest, totals = head.pop("busiest"), _totals(head.pop("totals"))
        rows = partial(_read, generation.lists_file)
        return Lists(rows=rows, totals=totals, busiest=[unpacked(*row) for row in busiest], **head)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def _totals(found: Mapping[str, Mapping[str, Sequence[Any]]]) -> dict[str, dict[str, tuple[str, int]]]:
    return {name: {facet: (label, number) for facet, (label, number) in some.items()} for name, some in found.items()}


def _read(path: Path, name: str, facet: str, number: int) -> list[Row]:
    key = f"{key_of(name, facet, number)} ".encode()
    with path.open("rb") as file:
        file.seek(first_line(file, key))
        line = file.readline()
    return [unpacked(*row) for row in json.loads(line[len(key) :])] if line.startswith(key) else []


@lru_cache(1)
def _counted(graph_file: str) -> Lists:
    with Path(graph_file).open("rb") as lines:
        return count_lists(lines)

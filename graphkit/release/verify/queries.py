"""Row 15: each query of QUERIES.md gives the number of rows that the file states, on the graph of the folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from time import monotonic

from graphkit.model.errors import QueryError
from graphkit.query.worker import Limits, Worker
from graphkit.release.metadata.queries import NAME, count, queries_in
from graphkit.release.verify.deposit import Deposit, UnprovedError, UntriedError
from graphkit.release.verify.graphs import graph_lines
from graphkit.release.verify.networks import require_network
from graphkit.store.embedded import EmbeddedStore, in_memory

_MOST_QUADS, _MOST = 1_000_000, 500
# Seconds for all queries, and megabytes for one.
_SECONDS, _MEMORY = 120.0, 1_024


def check_queries(deposit: Deposit) -> Iterator[str]:
    """Yield the queries that fail or have other numbers of rows; they run in a process that can be stopped.

    Raises:
        UntriedError: The release has no queries, or its graph is too large for memory.
        UnprovedError: The queries take too long.
    """
    require_network(deposit)
    queries = queries_in(deposit.text(NAME))
    if not 0 < len(queries) == deposit.text(NAME).count("```sparql\n") <= _MOST:
        raise UnprovedError(f"{NAME} has no queries, more than {_MOST}, or one without its number of rows.")
    if next(islice(graph_lines(deposit), _MOST_QUADS, None), None):
        raise UntriedError(f"the graph has more than {_MOST_QUADS:,} quads.")
    worker, end = Worker(partial(_opened, deposit.root), Limits(_SECONDS, megabytes=_MEMORY)), monotonic() + _SECONDS
    try:
        for one in queries:
            if monotonic() > end:
                raise UnprovedError(f"The queries of {NAME} take longer than {_SECONDS:g} s, up to {one.name}.")
            yield from _differences(worker, *one)
    finally:
        worker.stop()


def _opened(root: Path) -> EmbeddedStore:
    return in_memory(line.decode() for line in graph_lines(Deposit.open(root)))


def _differences(worker: Worker, name: str, text: str, rows: int) -> Iterator[str]:
    try:
        found = worker.run(count, text)
    except QueryError as error:
        yield f"{NAME}: {name} cannot be asked: {error}"
    else:
        if found != rows:
            yield f"{NAME} states {rows:,} rows of {name}, and the graph gives {found:,}."

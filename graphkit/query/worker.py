"""Queries that can be stopped: each runs in a process of its own, over the store opened for reading.

The engine has no time limit, cannot be interrupted, and one query can bring its process down. A worker is
killed on time and replaced; the process that asks never falls.
"""

from __future__ import annotations

import os
import signal
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from graphkit.model.errors import GraphkitError, QueryError, StoreError, TooCostlyError
from graphkit.query.limits import ASK_FOR_LESS, Limits
from graphkit.query.starting import Here

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from graphkit.query.starting import Origin
    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["Limits", "Worker"]


class Worker:
    """A process that answers one job at a time, and can be stopped.

    It starts with its first job, or with `start`; after it was stopped the next job finds a new one.

    Args:
        folder: The store.
        limits: How much a job may cost.
        origin: Who starts the process; this one by default.
    """

    def __init__(self, folder: Path, limits: Limits, origin: Origin | None = None) -> None:
        self.folder = folder
        self.limits = limits
        self.origin = origin or Here()
        self.connection: Connection | None = None
        self._process = 0
        self._end: weakref.finalize[Any, Worker] | None = None

    def start(self) -> Connection:
        """Start the process, if it does not run, and wait until it is ready."""
        if self.connection is None:
            self._process, self.connection = self.origin.start()
            self._end = weakref.finalize(self, _kill, self.origin, self._process, self.connection)
            try:
                self.connection.send((str(self.folder), self.limits))
                self.connection.recv()
            except (EOFError, ConnectionError) as error:
                raise self.fallen() from error
        return self.connection

    def stop(self) -> None:
        """Stop the process, whatever it is doing."""
        if self._end is not None:
            self._end()
        self.connection, self._end = None, None

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and wait for its answer; it is stopped when its time is over or on Ctrl-C.

        Args:
            job: A function at the top of a module of ours; it is given the store first.
            arguments: What else it is given.

        Raises:
            QueryError: It took too long, too much memory, or what the engine cannot take.
            StoreError: There is no store.
        """
        connection = self.start()
        try:
            connection.send((job, arguments))
            answer: T | GraphkitError | None = connection.recv() if connection.poll(self.limits.seconds) else None
        except (EOFError, ConnectionError) as error:
            raise self.fallen() from error
        except BaseException:
            self.stop()
            raise
        if answer is None:
            self.stop()
            raise too_long(self.limits)
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    def fallen(self) -> GraphkitError:
        """Say why the process has ended by itself, and be ready for a new one."""
        process = self._process
        self.connection, self._end = None, (self._end.detach() and None) if self._end else None
        status = self.origin.status(process)
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number == signal.SIGABRT:
            return TooCostlyError(
                f"The query needs more memory than the {self.limits.megabytes} MB that it may take.",
                ASK_FOR_LESS,
            )
        if number in {signal.SIGSEGV, signal.SIGBUS}:
            return QueryError("The engine cannot take this query: it is nested too deeply.", "Make it simpler.")
        return StoreError(f"The process that answers queries has ended ({status}).", "Ask again.")


def too_long(limits: Limits) -> TooCostlyError:
    """Say that the time of a query is over."""
    return TooCostlyError(
        f"The query was stopped after {limits.seconds:g} s.",
        f"{ASK_FOR_LESS} On your own machine --timeout gives it more time.",
    )


def _kill(origin: Origin, process: int, connection: Connection) -> None:
    connection.close()
    with suppress(ProcessLookupError):  # its nursery has fallen, and somebody else saw to it
        os.kill(process, signal.SIGKILL)
    origin.forget(process)

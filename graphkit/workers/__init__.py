"""Queries that can be stopped: each runs in a process of its own, over the store opened for reading.

The engine has no time limit, cannot be interrupted, and one query can bring its process down. A worker is
killed on time and replaced; the process that asks never falls.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import weakref
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from graphkit.errors import GraphkitError, QueryError, StoreError, TooCostlyError
from graphkit.workers.limits import ASK_FOR_LESS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Concatenate, ParamSpec

    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["Limits", "Worker"]

_TASKS = Path("/proc/self/task")


class Worker:
    """A process that answers one job at a time, and can be stopped.

    It starts with its first job, or with `start`; after it was stopped the next job finds a new one.

    Args:
        folder: The store.
        limits: How much a job may cost.
        modules: What the process imports before it says that it is ready, so that no job has to wait for it.
    """

    def __init__(self, folder: Path, limits: Limits, modules: Collection[str] = ()) -> None:
        self.folder = folder
        self.limits = limits
        self.modules = tuple(modules)
        self.connection: Connection | None = None
        self._process = 0
        self._end: weakref.finalize[Any, Worker] | None = None

    def start(self) -> Connection:
        """Start the process, if it does not run, and wait until it is ready."""
        if self.connection is None:
            self._process, self.connection = (_fork if _may_fork() else _spawn)()
            self._end = weakref.finalize(self, _kill, self._process, self.connection)
            try:
                self.connection.send((str(self.folder), self.limits, self.modules))
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
        status = os.waitpid(process, 0)[1]
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


def _may_fork() -> bool:
    # A copy of a process with several threads can hang for ever; a database that is open has threads too.
    return _TASKS.is_dir() and len(list(_TASKS.iterdir())) == 1


def _fork() -> tuple[int, Connection]:
    """Copy this process: at once, where nothing else runs in it."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        try:
            from graphkit.workers.inside import main

            main(theirs.detach())
        finally:
            os._exit(0)
    theirs.close()
    return process, Connection(ours.detach())


def _spawn() -> tuple[int, Connection]:
    """Start a new interpreter: a tenth of a second."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-P", "-m", "graphkit.workers.inside", str(theirs.fileno())]
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    process.returncode = 0  # it is waited for here, by its number
    return process.pid, Connection(ours.detach())


def _kill(process: int, connection: Connection) -> None:
    connection.close()
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)

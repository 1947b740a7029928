"""Worker processes run queries that can be stopped. Each worker opens the store read-only.

The engine has no time limit, cannot be interrupted, and some queries crash it. A worker is killed when its time is
up, and the next job starts another. A failing query cannot crash the caller.

`multiprocessing` could start the processes, but its fork server imports the caller's main script again in each
worker: a script without `if __name__ == "__main__"` would run twice, and a restart would take 60 ms longer.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from graphkit.model.errors import GraphkitError, StoreError
from graphkit.query.forked import may_fork
from graphkit.query.limits import Limits, exit_error, timeout_error

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["ForkServer", "Limits", "LocalSpawner", "Spawner", "Worker", "timeout_error"]


class Spawner(Protocol):
    """Starts workers and collects their exit statuses."""

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process id and a connection to it."""

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status."""

    def discard(self, process: int) -> None:
        """Collect a killed worker; its exit status is not needed."""


class Worker:
    """A process that runs one job at a time and can be stopped.

    The process starts with the first job, or with `start`. After a stop the next job starts a new process.

    Args:
        folder: The folder of the store.
        spawner: Starts the process; by default the calling process does.
    """

    def __init__(self, folder: Path, limits: Limits, spawner: Spawner | None = None) -> None:
        self.folder = folder
        self.limits = limits
        self.spawner = spawner or LocalSpawner()
        self.connection: Connection | None = None
        self.process = 0
        self._finalizer: weakref.finalize[Any, Worker] | None = None

    def start(self) -> Connection:
        """Start the process unless it is running, and wait until it is ready."""
        if self.connection is None:
            self.process, self.connection = self.spawner.start()
            self._finalizer = weakref.finalize(self, _kill, self.spawner, self.process, self.connection)
            try:
                self.connection.send((str(self.folder), self.limits))
                self.connection.recv()
            except (EOFError, ConnectionError) as error:
                raise self.exit_error() from error
        return self.connection

    def stop(self) -> None:
        """Kill the process, even if it is busy."""
        if self._finalizer is not None:
            self._finalizer()
        self.connection = self._finalizer = None

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and return its answer; the worker is killed when the time is up, or on Ctrl-C.

        Args:
            job: A module-level function; its first argument is the store.
            arguments: The other arguments of the job.

        Raises:
            QueryError: The query took too long or too much memory, or the engine cannot evaluate it.
            StoreError: There is no store, or the worker ended.
        """
        connection = self.start()
        try:
            connection.send((job, arguments))
            answer: T | GraphkitError | None = connection.recv() if connection.poll(self.limits.seconds) else None
        except (EOFError, ConnectionError) as error:
            raise self.exit_error() from error
        except BaseException:
            self.stop()
            raise
        if answer is None:
            self.stop()
            raise timeout_error(self.limits)
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    def exit_error(self) -> GraphkitError:
        """Explain why the process ended; the next job starts another."""
        if self._finalizer is not None:
            self._finalizer.detach()
        self.connection = self._finalizer = None
        return exit_error(self.spawner.wait(self.process), self.limits)


def _kill(spawner: Spawner, process: int, connection: Connection) -> None:
    connection.close()
    with suppress(ProcessLookupError):  # a worker whose fork server crashed is collected by the system
        os.kill(process, signal.SIGKILL)
    spawner.discard(process)


class LocalSpawner:
    """Starts workers from this process: as a fork where that is safe, otherwise in a new interpreter."""

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process id and a connection to it."""
        return _fork() if may_fork() else _run_module()

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status."""
        return os.waitpid(process, 0)[1]

    def discard(self, process: int) -> None:
        """Wait until a killed worker has ended."""
        os.waitpid(process, 0)


def _fork() -> tuple[int, Connection]:
    from graphkit.query.worker_process import fork_worker

    ours, theirs = _socket_pair()
    return fork_worker(theirs.detach(), ours), ours


def _run_module(*arguments: str) -> tuple[int, Connection]:
    """Run `worker_process` in a new interpreter, as a worker or, given modules to import, as a fork server."""
    ours, theirs = _socket_pair()
    with theirs:
        name = "graphkit.query.worker_process"
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", name, str(theirs.fileno()), *arguments],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    process.returncode = 0  # the spawner waits for it by its process id
    return process.pid, ours


def _socket_pair() -> tuple[Connection, socket.socket]:
    """Return the caller's end and the child's end of a socket pair."""
    ours, theirs = socket.socketpair()
    return Connection(ours.detach()), theirs


class ForkServer:
    """Starts workers as forks of a process that has imported their modules; safe to use from several threads.

    A new interpreter needs a third of a second of CPU time for its imports, after each query that had to be stopped.
    A server has threads and cannot fork itself.
    """

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = tuple(modules)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._finalizer: weakref.finalize[Any, ForkServer] | None = None

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process id and a connection to it."""
        ours, theirs = _socket_pair()
        with theirs:
            try:
                return self._request(0, theirs.fileno()), ours
            except OSError as error:
                raise StoreError("A worker process could not be started.", "Try again.") from error

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status, or 0 if its fork server has crashed since."""
        try:
            return self._request(process)
        except OSError:
            return 0

    def discard(self, process: int) -> None:
        """Let the fork server collect a killed worker; do not wait for it."""
        with suppress(OSError):
            self._request(-process)

    def _request(self, number: int, *descriptors: int) -> int:
        """Send a number that `serve_forks` understands, and return its response."""
        with self._lock:
            if self._socket is None and number == 0:
                self._connect()
            if self._socket is None:
                raise ConnectionResetError  # the fork server crashed, and its workers are orphans
            try:
                socket.send_fds(self._socket, [number.to_bytes(4, "big", signed=True)], descriptors)
                response = self._socket.recv(4)
                if not response:
                    raise ConnectionResetError
            except OSError:
                self._close()
                raise
        return int.from_bytes(response, "big")

    def _connect(self) -> None:
        process, ours = _run_module(*self._modules)
        with ours:
            self._socket = socket.socket(fileno=os.dup(ours.fileno()))
        self._finalizer = weakref.finalize(self, _end, self._socket, process)

    def _close(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._socket = None


def _end(connection: socket.socket, process: int) -> None:
    connection.close()
    os.waitpid(process, 0)

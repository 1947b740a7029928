"""Worker processes run queries that can be stopped. Each worker opens the store read-only.

The engine has no time limit, cannot be interrupted, and some queries crash it. A worker is killed when its time is
up, and the next job starts another. A failing query cannot crash the caller.

`multiprocessing` could start the processes, but importing it takes as long as a query, and its fork server imports the
caller's main script again in each worker: a script without `if __name__ == "__main__"` would run twice.
"""

from __future__ import annotations

import os
import signal
import sys
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from graphkit.model.errors import GraphkitError
from graphkit.model.workspace import credentials
from graphkit.query.limits import Limits, exit_error, timeout_error
from graphkit.query.worker_process import Channel, die_with, release_pipes, run_jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec

    from graphkit.model.generation import Generation
    from graphkit.model.workspace import Workspace
    from graphkit.store import Store
    from graphkit.store.remote.store import RemoteStore

    P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S")

__all__ = [
    "CleanSpawner",
    "InlineRunner",
    "Limits",
    "LocalSpawner",
    "Spawner",
    "Worker",
    "runner",
    "store_of",
    "timeout_error",
]

_TASKS = Path("/proc/self/task")
_SAID = 4_096
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows, SIGTERM ends a process at once


class Spawner(Protocol):
    """Starts workers and collects their exit statuses."""

    def start(self, messages: int) -> tuple[int, Channel]:
        """Start a worker; return its process id and a channel to it.

        Args:
            messages: The descriptor that becomes its standard error.
        """

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status."""

    def discard(self, process: int) -> None:
        """Collect a killed worker; its exit status is not needed."""


class Worker:
    """A process that runs one job at a time and can be stopped.

    The process starts with the first job, or with `start`. After a stop the next job starts a new process.

    Args:
        source: The build to answer from, or a function that makes the first argument of the jobs in the process; None
            for jobs whose first argument is None.
        spawner: Starts the process; by default the calling process does.
    """

    def __init__(
        self, source: Generation | Callable[[], object] | None, limits: Limits, spawner: Spawner | None = None
    ) -> None:
        self.source = source
        self.limits = limits
        self.spawner = spawner or LocalSpawner.here()
        self.connection: Channel | None = None
        self.process = 0
        self._messages = -1
        self._finalizer: weakref.finalize[Any, Worker] | None = None

    def start(self) -> Channel:
        """Start the process unless it is running, and wait until it is ready."""
        if self.connection is None:
            self._messages = _scratch_file()
            self.process, self.connection = self.spawner.start(self._messages)
            self._finalizer = weakref.finalize(self, _kill, self.spawner, self.process, self.connection, self._messages)
            try:
                self.connection.send((self.source, self.limits))
                self.connection.receive()
            except (EOFError, OSError) as error:
                raise self.exit_error() from error
        return self.connection

    def stop(self) -> None:
        """Kill the process, even if it is busy."""
        if self._finalizer is not None:
            self._finalizer()
        self.connection = self._finalizer = None

    def run(self, job: Callable[Concatenate[S, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and return its answer; the worker is killed when the time is up, or on Ctrl-C.

        Args:
            job: A module-level function; its first argument is the store.

        Raises:
            QueryError: The query took too long or too much memory, or the engine cannot evaluate it.
            StoreError: There is no store, or the worker ended.
        """
        connection = self.start()
        try:
            connection.send((job, arguments))
            answer: T | GraphkitError = connection.receive(self.limits.seconds)
        except TimeoutError as error:
            self.stop()
            raise timeout_error(self.limits) from error
        except (EOFError, OSError) as error:
            raise self.exit_error() from error
        except BaseException:
            self.stop()
            raise
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    def exit_error(self) -> GraphkitError:
        """Explain why the process ended; the next job starts another."""
        status = self.spawner.wait(self.process)
        said = _end_of(self._messages)
        if self._finalizer is not None and self._finalizer.detach() and self.connection is not None:
            self.connection.close()
            os.close(self._messages)
        self.connection = self._finalizer = None
        return exit_error(status, self.limits, said)


def _scratch_file() -> int:
    """Open a file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("messages")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _end_of(descriptor: int) -> bytes:
    os.lseek(descriptor, max(0, os.fstat(descriptor).st_size - _SAID), os.SEEK_SET)
    return os.read(descriptor, _SAID)


def _kill(spawner: Spawner, process: int, connection: Channel, messages: int) -> None:
    connection.close()
    os.close(messages)
    with suppress(ProcessLookupError):  # a worker whose fork server crashed is collected by the system
        os.kill(process, _KILL)
    spawner.discard(process)


class LocalSpawner:
    """Starts workers from this process: as a fork where that is safe, otherwise in a new interpreter."""

    @classmethod
    def here(cls) -> Spawner:
        """Return a spawner for this system."""
        if sys.platform == "win32":
            from graphkit.query.spawned import ProcessSpawner

            return ProcessSpawner()
        return cls()

    def start(self, messages: int) -> tuple[int, Channel]:
        """Start a worker; return its process id and a channel to it."""
        return _fork(messages) if may_fork() else run_module("worker_process", messages)

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status, 0 if another thread has collected it."""
        try:
            return os.waitpid(process, 0)[1]
        except ChildProcessError:
            return 0

    def discard(self, process: int) -> None:
        """Wait until a killed worker has ended."""
        self.wait(process)


class CleanSpawner(LocalSpawner):
    """Starts workers in a new interpreter: a fork would copy the locks of the engine's threads without the threads."""

    def start(self, messages: int) -> tuple[int, Channel]:
        """Start a worker; return its process id and a channel to it."""
        return run_module("worker_process", messages)


def may_fork() -> bool:
    """Return whether this process can be forked safely; with several threads, the child could deadlock."""
    return _TASKS.is_dir() and len(list(_TASKS.iterdir())) == 1


def _fork(messages: int) -> tuple[int, Channel]:
    jobs, to_worker = os.pipe()
    answers, from_worker = os.pipe()
    theirs = Channel(jobs, from_worker)
    process = fork_worker(theirs, messages, lambda: release_pipes({jobs, from_worker, messages}))
    return process, Channel(answers, to_worker)


def fork_worker(theirs: Channel, messages: int, close_others: Callable[[], object]) -> int:
    """Fork this process as a worker, and return the process id.

    Args:
        theirs: The worker's end of a channel; the parent closes its copy.
        messages: The worker's standard error.
        close_others: Closes what the worker must not keep open.
    """
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        try:
            die_with(parent)
            close_others()
            run_jobs(theirs, messages)
        except BaseException:  # noqa: BLE001 - its end must not run the code of the parent
            _print_exception()
            os._exit(1)
        finally:
            os._exit(0)
    theirs.close()
    return process


def _print_exception() -> None:
    """Print the traceback where the parent finds it."""
    import traceback

    os.write(2, traceback.format_exc().encode("utf-8", "replace"))


def run_module(name: str, *arguments: object) -> tuple[int, Channel]:
    """Run a module of this package in a new interpreter; its first argument is its end of a socket."""
    import socket
    import subprocess

    ours, theirs = socket.socketpair()
    with theirs:
        words = [str(argument) for argument in arguments]
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", f"graphkit.query.{name}", str(theirs.fileno()), *words],
            process_group=0,  # Ctrl-C is for the caller, also while the modules are imported
            pass_fds=[theirs.fileno(), *(number for number in arguments if isinstance(number, int))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    process.returncode = 0  # the spawner waits for it by its process id
    end = ours.detach()
    return process.pid, Channel(end, end)


@dataclass(frozen=True, slots=True)
class InlineRunner:
    """Runs jobs in this process: the endpoint does the work, and enforces its own limits."""

    store: Store
    limits: Limits

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and return its answer."""
        return job(self.store, *arguments, **_none)


def runner(workspace: Workspace, limits: Limits, url: str = "") -> Worker | InlineRunner:
    """Return a runner: a worker on the build of a workspace, or an endpoint."""
    return InlineRunner(_remote(url, limits), limits) if url else Worker(workspace.generation(), limits)


def store_of(workspace: Workspace, url: str = "") -> Store:
    """Open the endpoint with this address, or without an address the build of a workspace.

    Raises:
        StoreError: There is no build, or the address is invalid.
    """
    from graphkit.store import open_store

    return _remote(url, Limits()) if url else open_store(workspace.generation())


def _remote(url: str, limits: Limits) -> RemoteStore:
    """Open an endpoint, with the user and password of its address or of the environment."""
    from graphkit.store.remote.store import RemoteStore

    return RemoteStore(url, credentials(), limits.seconds, limits.hosts)

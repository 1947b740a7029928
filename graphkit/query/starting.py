"""How a process that answers queries comes to be: as a copy of this one, or as a new interpreter."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

_TASKS = Path("/proc/self/task")


class Origin(Protocol):
    """Where workers come from."""

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process and what leads to it."""

    def status(self, process: int) -> int:
        """Wait until a worker has ended, and return how."""

    def forget(self, process: int) -> None:
        """Take note that a worker was killed."""


class Here:
    """This process starts workers itself."""

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process and what leads to it."""
        return _fork() if may_fork() else spawn("graphkit.query.worker_process")

    def status(self, process: int) -> int:
        """Wait until a worker has ended, and return how."""
        return os.waitpid(process, 0)[1]

    def forget(self, process: int) -> None:
        """Wait until a worker that was killed has gone."""
        os.waitpid(process, 0)


def may_fork() -> bool:
    """Say whether this process may be copied.

    A copy of a process with several threads can hang for ever; a database that is open has threads too.
    """
    return _TASKS.is_dir() and len(list(_TASKS.iterdir())) == 1


def _fork() -> tuple[int, Connection]:
    """Copy this process: at once, where nothing else runs in it."""
    ours, theirs = pair()
    return copy(theirs.detach(), ours), ours


def copy(descriptor: int, other: Connection | socket.socket) -> int:
    """Copy this process as a worker.

    Args:
        descriptor: The worker's end of a socket; it is closed here.
        other: What the worker is not to have.
    """
    process = os.fork()
    if process == 0:
        other.close()
        try:
            from graphkit.query.worker_process import main

            main(descriptor)
        finally:
            os._exit(0)
    os.close(descriptor)
    return process


def spawn(module: str, *arguments: str) -> tuple[int, Connection]:
    """Start a module of ours in a new interpreter; its first argument is the end of a socket."""
    ours, theirs = pair()
    with theirs:
        command = [sys.executable, "-P", "-m", module, str(theirs.fileno()), *arguments]
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    process.returncode = 0  # it is waited for here, by its number
    return process.pid, ours


def pair() -> tuple[Connection, socket.socket]:
    """Return two ends that lead to each other: ours, and the one for a worker."""
    ours, theirs = socket.socketpair()
    return Connection(ours.detach()), theirs

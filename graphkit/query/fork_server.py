"""A process that has imported the modules of the jobs, and forks itself for each worker of a server.

A new interpreter needs a third of a second of CPU time for its imports, after each query that had to be stopped.
A server has threads and cannot fork itself.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import weakref
from collections.abc import Collection
from contextlib import suppress
from importlib import import_module
from typing import Any

from graphkit.model.errors import StoreError
from graphkit.query.worker import fork_worker, run_module
from graphkit.query.worker_process import Channel

# A fork server that does not respond within so many seconds is replaced; the first response needs its imports.
_FORK_SECONDS, _IMPORT_SECONDS = 10.0, 60.0


class ForkServer:
    """Starts workers as forks of a process that has imported their modules; safe to use from several threads."""

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = tuple(modules)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._finalizer: weakref.finalize[Any, ForkServer] | None = None

    def start(self, messages: int) -> tuple[int, Channel]:
        """Start a worker; return its process id and a channel to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = self._request(0, theirs.fileno(), messages)
            except OSError as error:
                ours.close()
                raise StoreError("A worker process could not be started.", "Try again.") from error
        end = ours.detach()
        return process, Channel(end, end)

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
            self._socket.settimeout(_FORK_SECONDS)
        return int.from_bytes(response, "big")

    def _connect(self) -> None:
        process, ours = run_module("fork_server", *self._modules)
        self._socket = socket.socket(fileno=ours.fileno())
        self._socket.settimeout(_IMPORT_SECONDS)
        self._finalizer = weakref.finalize(self, _end, self._socket, process)

    def _close(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._socket = None


def _end(connection: socket.socket, process: int) -> None:
    connection.close()
    with suppress(ProcessLookupError):  # it ends by itself, unless it was stopped
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def serve_forks(descriptor: int, modules: Collection[str]) -> None:
    """Import modules; then fork and collect workers on request until the other end of the socket is closed.

    A request is a number of four bytes: 0 forks a worker and returns its process id, a process id waits for that
    worker and returns its exit status, and a negative process id collects a killed worker without waiting.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in modules:
        import_module(name)
    if sys.platform == "linux":
        # A worker with a new job must not preempt the server, which has other jobs to hand out.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    gc.freeze()  # the garbage collector leaves these objects alone, so that workers share their memory
    killed: set[int] = set()
    with socket.socket(fileno=descriptor) as client:
        while True:
            request, descriptors, _, _ = socket.recv_fds(client, 4, 2)
            if not request:
                return
            number, response = int.from_bytes(request, "big", signed=True), 0
            if number < 0:
                killed.add(-number)
            elif number:
                response = _wait(number, 0)[1]
            else:
                end, messages = descriptors
                response = fork_worker(Channel(end, end), messages, client.close)
                os.close(messages)
            killed = {process for process in killed if _wait(process, os.WNOHANG)[0] == 0}
            with suppress(OSError):  # the server has ended
                client.sendall(response.to_bytes(4, "big"))


def _wait(process: int, options: int) -> tuple[int, int]:
    """Collect a worker, unless an earlier fork server started it: then it is not our child."""
    try:
        return os.waitpid(process, options)
    except ChildProcessError:
        return process, 0


if __name__ == "__main__":
    serve_forks(int(sys.argv[1]), sys.argv[2:])

"""The code of the child processes: a worker runs jobs on a store; a fork server forks workers.

A job is a module-level function of ours; its first argument is the store. Only jobs and answers are pickled. The
user's query is an argument and stays text.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.model.errors import GraphkitError
from graphkit.query.limits import disconnect_network, limit_memory, run_job
from graphkit.store import open_store

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphkit.store import Store


def run_jobs(descriptor: int) -> None:
    """Run jobs that arrive through a socket until its other end is closed."""
    with Connection(descriptor) as connection:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller handles Ctrl-C
        folder, limits = connection.recv()
        if not limits.hosts:
            disconnect_network()
        _exit_on_hangup(connection.fileno())
        store: Store | GraphkitError
        try:
            store = open_store(Path(folder), limits.hosts)
        except GraphkitError as error:
            store = error
        limit_memory(limits)
        with suppress(EOFError, OSError):
            connection.send(None)  # ready
            while True:
                connection.send_bytes(pickle.dumps(run_job(store, *pickle.loads(connection.recv_bytes()))))  # noqa: S301


def _exit_on_hangup(descriptor: int) -> None:
    """End this process as soon as the other end of the socket is closed, even during a query."""
    hangup = select.poll()
    hangup.register(descriptor, select.POLLHUP)

    def wait() -> None:
        hangup.poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def fork_worker(descriptor: int, inherited: Connection | socket.socket) -> int:
    """Fork this process as a worker, and return the process id.

    Args:
        descriptor: The worker's end of a socket; the parent closes its copy.
        inherited: A connection that the worker must not keep open.
    """
    process = os.fork()
    if process == 0:
        try:
            inherited.close()
            run_jobs(descriptor)
        finally:
            os._exit(0)
    os.close(descriptor)
    return process


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
            request, descriptors, _, _ = socket.recv_fds(client, 4, 1)
            if not request:
                return
            number, response = int.from_bytes(request, "big", signed=True), 0
            if number < 0:
                killed.add(-number)
            else:
                response = _wait(number, 0)[1] if number else fork_worker(descriptors[0], client)
            killed = {process for process in killed if _wait(process, os.WNOHANG)[0] == 0}
            client.sendall(response.to_bytes(4, "big"))


def _wait(process: int, options: int) -> tuple[int, int]:
    """Collect a worker, unless an earlier fork server started it: then it is not our child."""
    try:
        return os.waitpid(process, options)
    except ChildProcessError:
        return process, 0


if __name__ == "__main__":
    end, *names = sys.argv[1:]
    if names:
        serve_forks(int(end), names)
    else:
        run_jobs(int(end))

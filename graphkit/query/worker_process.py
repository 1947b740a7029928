"""What runs inside a worker: one job after the other, over a store opened for reading.

A job is a function of ours that takes the store first. Only jobs and their answers travel, between our own two
processes; what a user typed is an argument and stays text.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.model.errors import GraphkitError, TooCostlyError
from graphkit.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.query.limits import Limits
    from graphkit.store import Store

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_MEGABYTE = 1 << 20


def main(descriptor: int) -> None:
    """Serve the process at the other end of a socket until it goes away."""
    with Connection(descriptor) as connection:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides what Ctrl-C stops
        folder, limits = connection.recv()
        if not limits.hosts:
            _leave_the_network()
        _die_with(connection.fileno())
        store: Store | GraphkitError
        try:
            store = open_store(Path(folder), limits.hosts)
        except GraphkitError as error:
            store = error
        _bound_memory(limits)
        with suppress(EOFError, OSError):
            connection.send(None)  # ready
            while True:
                connection.send_bytes(pickle.dumps(_answer(store, *pickle.loads(connection.recv_bytes()))))  # noqa: S301


def _answer(store: Store | GraphkitError, job: Callable[..., object], arguments: tuple[object, ...]) -> object:
    if isinstance(store, GraphkitError):
        return store
    try:
        return job(store, *arguments)
    except GraphkitError as error:
        return error
    except MemoryError:
        return TooCostlyError(
            "The query needs more memory than it may take.", "Ask for less: add LIMIT, or a condition."
        )


def _leave_the_network() -> None:
    """Move into a network that holds nothing, where the kernel lets us: a second wall behind `gate`."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _die_with(descriptor: int) -> None:
    """End this process as soon as the other end of the socket is closed, whatever the engine is doing."""
    hangup = select.poll()
    hangup.register(descriptor, select.POLLHUP)

    def wait() -> None:
        hangup.poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def _bound_memory(limits: Limits) -> None:
    """Bound the address space: an engine that wants more is ended by its own allocator."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import resource

        now = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        most = now + limits.megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]))

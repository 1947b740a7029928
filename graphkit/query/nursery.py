"""A process that has imported all that workers need, and copies itself: a worker is there in hundredths of a second.

A new interpreter needs a third of a second of a core for its imports, each time that a query had to be stopped. The
server cannot copy itself: it has threads.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import sys
import threading
import weakref
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import StoreError
from graphkit.query.starting import copy, pair, spawn

if TYPE_CHECKING:
    from collections.abc import Collection
    from multiprocessing.connection import Connection

# A request: what is wanted, and of which process. An answer: a process, or the status with which one has ended.
_REQUEST, _ANSWER = struct.Struct("!ci"), struct.Struct("!i")
_COPY, _STATUS, _FORGET = b"c", b"s", b"f"


class Nursery:
    """Starts workers by copying a process that stands ready. It may be asked in several threads.

    Args:
        modules: What a worker needs.
    """

    def __init__(self, modules: Collection[str]) -> None:
        self._modules = tuple(modules)
        self._one = threading.Lock()
        self._socket: socket.socket | None = None
        self._end: weakref.finalize[Any, Nursery] | None = None

    def start(self) -> tuple[int, Connection]:
        """Start a worker; return its process and what leads to it."""
        ours, theirs = pair()
        with theirs:
            try:
                return self._ask(_COPY, 0, theirs.fileno()), ours
            except OSError as error:
                raise StoreError("The process that answers queries could not be started.", "Ask again.") from error

    def status(self, process: int) -> int:
        """Wait until a worker has ended, and return how."""
        try:
            return self._ask(_STATUS, process)
        except OSError:
            return 0  # nobody knows any more

    def forget(self, process: int) -> None:
        """Let a worker that was killed end when it can."""
        with suppress(OSError):
            self._ask(_FORGET, process)

    def _ask(self, what: bytes, process: int, *descriptors: int) -> int:
        with self._one:
            if self._socket is None and what == _COPY:
                self._begin()
            if self._socket is None:
                raise ConnectionResetError  # it has fallen, and what it knew is lost
            try:
                socket.send_fds(self._socket, [_REQUEST.pack(what, process)], descriptors)
                answer = self._socket.recv(_ANSWER.size)
                if not answer:
                    raise ConnectionResetError
            except OSError:
                self._stop()
                raise
        number: int = _ANSWER.unpack(answer)[0]
        return number

    def _begin(self) -> None:
        process, ours = spawn("graphkit.query.nursery", *self._modules)
        with ours:
            self._socket = socket.socket(fileno=os.dup(ours.fileno()))
        self._end = weakref.finalize(self, _close, self._socket, process)

    def _stop(self) -> None:
        if self._end is not None:
            self._end()
        self._socket = None


def _close(asking: socket.socket, process: int) -> None:
    asking.close()
    os.waitpid(process, 0)


def main(descriptor: int, modules: Collection[str]) -> None:
    """Copy this process whenever the other end of a socket says so, until it goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("graphkit.query.worker_process", *modules):
        import_module(name)
    if sys.platform == "linux":
        # A copy that was given a job does not interrupt the server, which has others to hand out.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    gc.freeze()  # nothing here is looked at again, so that copies go on sharing it
    # Those of a nursery that has fallen are nobody's.
    running: set[int] = set()
    ending: set[int] = set()
    with socket.socket(fileno=descriptor) as asked:
        while True:
            request, descriptors, _, _ = socket.recv_fds(asked, _REQUEST.size, 1)
            if not request:
                return
            what, process = _REQUEST.unpack(request)
            answer = 0
            if what == _COPY:
                answer = copy(descriptors[0], asked)
                running.add(answer)
            elif process in running:
                running.remove(process)
                if what == _STATUS:
                    answer = os.waitpid(process, 0)[1]
                else:
                    ending.add(process)
            ending -= {one for one in ending if os.waitpid(one, os.WNOHANG)[0]}
            asked.sendall(_ANSWER.pack(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

"""A worker that an event loop hears, without a thread and without waiting.

What passes is framed as `multiprocessing.connection` does it: its length as four bytes, or -1 and eight bytes where
it is 2 GB or more.
"""

from __future__ import annotations

import asyncio
import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from graphkit.errors import StoreError
from graphkit.workers import Worker, too_long

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from graphkit.workers.limits import Limits

# A job that runs longer than this gives way to those that do not.
_SHORT = 0.2
_GIVES_WAY = 10
_PART = 1 << 18
_LENGTH, _LONG = struct.Struct("!i"), struct.Struct("!Q")


class EventedWorker(Worker):
    """A worker that an event loop hears.

    Args:
        folder: The store.
        limits: How much a job may cost.
        modules: What the process imports before it says that it is ready.
        freed: Told that the worker has ended its job; it may have been stopped meanwhile.
    """

    def __init__(
        self, folder: Path, limits: Limits, modules: Collection[str], freed: Callable[[EventedWorker], None]
    ) -> None:
        super().__init__(folder, limits, modules)
        self._freed = freed
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[bytes] = self._loop.create_future()
        self._buffer = bytearray()
        self._heard = -1
        self._timer: asyncio.TimerHandle | None = None
        self._slow = False

    def hear(self) -> None:
        """Let the loop hear the process, which has been started."""
        if self.connection is not None:
            self._heard = self.connection.fileno()
            self._loop.add_reader(self._heard, self._read)

    def stop(self) -> None:
        """Stop the process, whatever it is doing."""
        if self._heard >= 0:
            self._loop.remove_reader(self._heard)
            self._heard = -1
        super().stop()

    def give(self, job: bytes, answer: asyncio.Future[bytes]) -> None:
        """Give a job, and set its answer, or why there is none, when it is there; the worker must be free.

        Args:
            job: The pickled job and its arguments.
            answer: Takes the pickled answer; nobody may wait for it any more by then.
        """
        self._answer, self._slow = answer, False
        if self._heard < 0:
            self._done(StoreError("The process that answers queries could not be started.", "Ask again."))
            return
        self._timer = self._loop.call_later(min(_SHORT, self.limits.seconds), self._late)
        try:
            # Nobody waits before it, and most are short: the socket takes it at once.
            frame = memoryview(_LENGTH.pack(len(job)) + job)
            while frame:
                frame = frame[os.write(self._heard, frame) :]
        except OSError:
            self._done(self._lost())

    def _late(self) -> None:
        """Let a job that takes long give way to others, and stop it when its time is over."""
        left = self.limits.seconds - _SHORT
        if self._slow or left <= 0:
            self.stop()
            self._done(too_long(self.limits))
            return
        self._slow = True
        self._timer = self._loop.call_later(left, self._late)
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process, _GIVES_WAY)

    def _read(self) -> None:
        """Take what has come of an answer."""
        try:
            part = os.read(self._heard, _PART)
        except OSError:
            part = b""
        if not part:
            self._done(self._lost())
            return
        self._buffer += part
        begin, length = _frame(self._buffer)
        if length is not None and len(self._buffer) == begin + length:
            self._done(bytes(memoryview(self._buffer)[begin:]))

    def _lost(self) -> Exception:
        """Say why the process has ended by itself."""
        self._loop.remove_reader(self._heard)
        self._heard = -1
        return self.fallen()

    def _done(self, outcome: bytes | Exception) -> None:
        """Pass an answer on, and be free for the next job."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._buffer = bytearray()
        if self._slow:
            # It cannot take its old place among the others again, so another process does.
            self.stop()
        if not self._answer.done():
            if isinstance(outcome, bytes):
                self._answer.set_result(outcome)
            else:
                self._answer.set_exception(outcome)
        self._freed(self)


def _frame(buffer: bytearray) -> tuple[int, int | None]:
    """Return where an answer begins in what has come, and its length if that is known."""
    if len(buffer) < _LENGTH.size:
        return 0, None
    (length,) = _LENGTH.unpack_from(buffer)
    if length >= 0:
        return _LENGTH.size, length
    begin = _LENGTH.size + _LONG.size
    return begin, _LONG.unpack_from(buffer, _LENGTH.size)[0] if len(buffer) >= begin else None

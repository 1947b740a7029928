"""A worker that an event loop hears, without a thread and without waiting.

What passes is framed as `multiprocessing.connection` does it: its length as four bytes, or -1 and eight bytes where
it is 2 GB or more.
"""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from graphkit.model.errors import StoreError
from graphkit.query.worker import Worker, timeout_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.query.limits import Limits
    from graphkit.query.worker import Spawner

# When a job is looked at: one that has worked for half of that time gives way to those that do not.
_SHORT = 0.1
_LOW = 10
_PART = 1 << 18
_LENGTH, _LONG = struct.Struct("!i"), struct.Struct("!Q")


class EventedWorker(Worker):
    """A worker that an event loop hears.

    Args:
        folder: The store.
        limits: How much a job may cost.
        freed: Told that the worker has ended its job; it may have been stopped meanwhile.
        spawner: Who starts the process; this one by default.
    """

    def __init__(
        self, folder: Path, limits: Limits, freed: Callable[[EventedWorker], None], spawner: Spawner | None = None
    ) -> None:
        super().__init__(folder, limits, spawner)
        self._freed = freed
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[bytes] = self._loop.create_future()
        self._buffer = bytearray()
        self._heard = -1
        self._timer: asyncio.TimerHandle | None = None
        self._slow = False
        self._worked = self._until = 0.0

    def hear(self) -> None:
        """Let the loop hear the process, which has been started."""
        if self.connection is not None:
            self._heard = self.connection.fileno()
            self._loop.add_reader(self._heard, self._read)

    @property
    def alive(self) -> bool:
        """Whether it can be given a job."""
        return self._heard >= 0

    def stop(self) -> None:
        """Stop the process, whatever it is doing, and wait until it has gone."""
        self._deafen()
        super().stop()

    def end(self) -> None:
        """Stop the process without waiting: one that filled its memory is gone only after a tenth of a second.

        `restart` waits for it, beside the loop.
        """
        self._deafen()
        if self.connection is not None:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)

    def restart(self) -> None:
        """Replace the process, if there was one, and wait until the new one is ready; not in the loop."""
        super().stop()
        self.start()

    def _deafen(self) -> None:
        if self._heard >= 0:
            self._loop.remove_reader(self._heard)
            self._heard = -1

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
        self._worked, self._until = _spent(self.process), self._loop.time() + self.limits.seconds
        self._timer = self._loop.call_later(min(_SHORT, self.limits.seconds), self._late)
        try:
            # Nobody waits before it, and most are short: the socket takes it at once.
            frame = memoryview(_LENGTH.pack(len(job)) + job)
            while frame:
                frame = frame[os.write(self._heard, frame) :]
        except OSError:
            self._lose()

    def _late(self) -> None:
        """Let a job that works long give way to others, and stop it when its time is over."""
        left = self._until - self._loop.time()
        if left <= 0:
            self.end()
            self._done(timeout_error(self.limits))
            return
        # One that only waits for its turn on a busy machine is none of those.
        if not self._slow and _spent(self.process) - self._worked >= _SHORT / 2:
            self._slow = True
            _give_way(self.process)
        self._timer = self._loop.call_later(left if self._slow else min(_SHORT, left), self._late)

    def _read(self) -> None:
        """Take what has come of an answer."""
        try:
            part = os.read(self._heard, _PART)
        except OSError:
            part = b""
        if not part:
            self._lose()
            return
        self._buffer += part
        begin, length = _frame(self._buffer)
        if length is not None and len(self._buffer) == begin + length:
            self._done(bytes(memoryview(self._buffer)[begin:]))

    def _lose(self) -> None:
        """Say why the process has ended by itself, once it has gone: the loop does not wait for that."""
        self._deafen()
        if self._timer is None:  # it had nothing to do: nobody need know
            self._freed(self)
            return
        self._at_ease()
        lost = self._loop.run_in_executor(None, self.exit_error)
        lost.add_done_callback(lambda why: self._done(why.result()))

    def _at_ease(self) -> None:
        """Watch the time no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _done(self, outcome: bytes | Exception) -> None:
        """Pass an answer on, and be free for the next job."""
        self._at_ease()
        self._buffer = bytearray()
        if self._slow:
            # It cannot take its old place among the others again, so another process does.
            self.end()
        if not self._answer.done():
            if isinstance(outcome, bytes):
                self._answer.set_result(outcome)
            else:
                self._answer.set_exception(outcome)
        self._freed(self)


def _spent(process: int) -> float:
    """Return how many seconds of a core a process has had; where the system does not tell, the time."""
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime(~process << 3 | 2)  # clock_getcpuclockid(3)
    return time.monotonic()


def _give_way(process: int) -> None:
    """Let a process run when no other wants to: where that cannot be had, less often than others."""
    with suppress(OSError):
        if sys.platform == "linux":
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.setpriority(os.PRIO_PROCESS, process, _LOW)


def _frame(buffer: bytearray) -> tuple[int, int | None]:
    """Return where an answer begins in what has come, and its length if that is known."""
    if len(buffer) < _LENGTH.size:
        return 0, None
    (length,) = _LENGTH.unpack_from(buffer)
    if length >= 0:
        return _LENGTH.size, length
    begin = _LENGTH.size + _LONG.size
    return begin, _LONG.unpack_from(buffer, _LENGTH.size)[0] if len(buffer) >= begin else None

"""A worker that an event loop serves without a thread and without blocking.

Messages have the frames of `multiprocessing.connection`: the length in four bytes, or -1 and the length in eight
bytes for 2 GB or more.
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
from graphkit.query.limits import timeout_error
from graphkit.query.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.model.generation import Generation
    from graphkit.query.limits import Limits
    from graphkit.query.worker import Spawner

# A job is checked after so many seconds; if it used the CPU for half of them, its priority is lowered.
_CHECK = 0.1
_NICE = 10
_CHUNK = 1 << 18
_LENGTH, _LONG_LENGTH = struct.Struct("!i"), struct.Struct("!Q")


class AsyncWorker(Worker):
    """A worker whose answers arrive in an event loop.

    Args:
        generation: The build to answer from.
        limits: The limits of each job.
        on_free: Called when a job has ended; the worker may have been stopped meanwhile.
        spawner: Starts the process.
    """

    def __init__(
        self,
        generation: Generation,
        limits: Limits,
        on_free: Callable[[AsyncWorker], None],
        spawner: Spawner | None = None,
    ) -> None:
        super().__init__(generation, limits, spawner)
        self._on_free = on_free
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[bytes] = self._loop.create_future()
        self._buffer = bytearray()
        self._descriptor = -1
        self._timer: asyncio.TimerHandle | None = None
        self._slow = False
        self._cpu_before = self._deadline = 0.0

    def attach(self) -> None:
        """Read from the process in the event loop; it must have been started."""
        if self.connection is not None:
            self._descriptor = self.connection.fileno()
            self._loop.add_reader(self._descriptor, self._read)

    def detach(self) -> None:
        """Stop reading from the process."""
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            self._descriptor = -1

    @property
    def alive(self) -> bool:
        """Whether it can take a job."""
        return self._descriptor >= 0

    def stop(self) -> None:
        """Kill the process, even if it is busy, and wait until it has ended."""
        self.detach()
        super().stop()

    def kill(self) -> None:
        """Kill the process without waiting: with a full memory it takes a tenth of a second to end.

        `restart` waits for it, outside the event loop.
        """
        self.detach()
        if self.connection is not None:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)

    def restart(self) -> None:
        """Replace the process and wait until the new one is ready; call it outside the event loop."""
        super().stop()
        self.start()

    def submit(self, job: bytes, answer: asyncio.Future[bytes]) -> None:
        """Send a job to the worker, which must be free.

        Args:
            job: The pickled job and its arguments.
            answer: Receives the pickled answer or an error; the caller may have cancelled it by then.
        """
        self._answer, self._slow = answer, False
        if self._descriptor < 0:
            self._finish(StoreError("A worker process could not be started.", "Try again."))
            return
        self._cpu_before, self._deadline = _cpu_seconds(self.process), self._loop.time() + self.limits.seconds
        self._timer = self._loop.call_later(min(_CHECK, self.limits.seconds), self._check)
        try:
            # The socket is empty and most jobs are short: the first call writes everything.
            frame = memoryview(_LENGTH.pack(len(job)) + job)
            while frame:
                frame = frame[os.write(self._descriptor, frame) :]
        except OSError:
            self._on_exit()

    def _check(self) -> None:
        """Lower the priority of a job that uses much CPU time, and stop a job when its time is up."""
        left = self._deadline - self._loop.time()
        if left <= 0:
            self.kill()
            self._finish(timeout_error(self.limits))
            return
        # On a busy machine a job that only waits for the CPU is not slow.
        if not self._slow and _cpu_seconds(self.process) - self._cpu_before >= _CHECK / 2:
            self._slow = True
            _lower_priority(self.process)
        self._timer = self._loop.call_later(left if self._slow else min(_CHECK, left), self._check)

    def _read(self) -> None:
        """Read a part of an answer."""
        try:
            part = os.read(self._descriptor, _CHUNK)
        except OSError:
            part = b""
        if not part:
            self._on_exit()
            return
        self._buffer += part
        begin, length = _frame(self._buffer)
        if length is not None and len(self._buffer) == begin + length:
            self._finish(bytes(memoryview(self._buffer)[begin:]))

    def _on_exit(self) -> None:
        """Report why the process ended, once it has; the event loop does not wait for that."""
        self.detach()
        if self._timer is None:  # it had no job: there is nobody to report to
            self._on_free(self)
            return
        self._cancel_timer()
        exited = self._loop.run_in_executor(None, self.exit_error)
        exited.add_done_callback(lambda error: self._finish(error.result()))

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _finish(self, outcome: bytes | Exception) -> None:
        """Pass an answer or an error on, and report that the worker is free."""
        self._cancel_timer()
        self._buffer = bytearray()
        if self._slow:
            self.kill()  # an unprivileged process cannot raise its priority again: another replaces it
        if not self._answer.done():
            if isinstance(outcome, bytes):
                self._answer.set_result(outcome)
            else:
                self._answer.set_exception(outcome)
        self._on_free(self)


def _cpu_seconds(process: int) -> float:
    """Return the CPU time of a process; the clock time on systems other than Linux."""
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime(~process << 3 | 2)  # clock_getcpuclockid(3)
    return time.monotonic()


def _lower_priority(process: int) -> None:
    """Let a process run only when no other wants to; less often than others on systems other than Linux."""
    with suppress(OSError):
        if sys.platform == "linux":
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.setpriority(os.PRIO_PROCESS, process, _NICE)


def _frame(buffer: bytearray) -> tuple[int, int | None]:
    """Return the start of the answer in the buffer, and its length if it is known."""
    if len(buffer) < _LENGTH.size:
        return 0, None
    (length,) = _LENGTH.unpack_from(buffer)
    if length >= 0:
        return _LENGTH.size, length
    begin = _LENGTH.size + _LONG_LENGTH.size
    return begin, _LONG_LENGTH.unpack_from(buffer, _LENGTH.size)[0] if len(buffer) >= begin else None

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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from graphkit.model.errors import StoreError, TooCostlyError
from graphkit.model.generation import Generation
from graphkit.query.limits import Limits, timeout_error
from graphkit.query.worker import Spawner, Worker

# A job is checked after so many seconds. If it used the CPU for half of them, and the server began so many other jobs
# meanwhile, its priority is lowered.
_CHECK = 0.1
_OTHERS = 5
_NICE = 10
# The time in which a job waits for the CPU does not count, up to this multiple of its time limit.
_PATIENCE = 4
_CHUNK = 1 << 18
_LENGTH, _LONG_LENGTH = struct.Struct("!i"), struct.Struct("!Q")


class AsyncWorker(Worker):
    """A worker whose answers arrive in an event loop.

    Args:
        on_free: Called with the CPU time of a job that has ended; the worker may have been stopped meanwhile.
        count_jobs: Returns the number of jobs that the server has begun.
    """

    def __init__(
        self,
        generation: Generation,
        limits: Limits,
        on_free: Callable[[AsyncWorker, float], None],
        count_jobs: Callable[[], int],
        spawner: Spawner | None = None,
    ) -> None:
        super().__init__(generation, limits, spawner)
        self._on_free = on_free
        self._count_jobs = count_jobs
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[memoryview] = self._loop.create_future()
        self._buffer = bytearray()
        self._descriptor = -1
        self._timer: asyncio.TimerHandle | None = None
        self._slow = False
        self._jobs_before = 0
        self._cpu_before = self._wait_before = self._began = self._cpu = 0.0

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

    def submit(self, job: bytes, answer: asyncio.Future[memoryview]) -> None:
        """Send a job to the worker, which must be free.

        Args:
            job: The packed job and its arguments.
            answer: Receives the packed answer or an error; the caller may have cancelled it by then.
        """
        self._answer, self._slow = answer, False
        if self._descriptor < 0:
            self._finish(StoreError("A worker process could not be started.", "Try again."))
            return
        self._began, self._jobs_before, self._cpu = self._loop.time(), self._count_jobs(), 0.0
        self._cpu_before, self._wait_before = _cpu_seconds(self.process), -1.0
        self._timer = self._loop.call_later(min(_CHECK, self.limits.seconds), self._check)
        try:
            # The socket is empty and most jobs are short: the first call writes everything.
            frame = memoryview(_LENGTH.pack(len(job)) + job)
            while frame:
                frame = frame[os.write(self._descriptor, frame) :]
        except OSError:
            self._on_exit()

    def _check(self) -> None:
        """Stop a job when its time is up, and lower its priority if it uses much CPU time and the server is busy."""
        spent = self._loop.time() - self._began
        if self._wait_before < 0:  # most jobs have ended by now, and it need not be read for them
            self._wait_before = _waited_seconds(self.process)
        waited = _waited_seconds(self.process) - self._wait_before
        left = self.limits.seconds - (spent - waited)
        if left <= 0 or spent >= self.limits.seconds * _PATIENCE:
            self._measure()
            self.kill()
            self._finish(timeout_error(self.limits) if left <= 0 else _starved_error(self._cpu, spent))
            return
        jobs = self._count_jobs()
        if not self._slow and jobs - self._jobs_before >= _OTHERS and self._measure() >= _CHECK / 2:
            self._slow = True
            _lower_priority(self.process)
        self._jobs_before = jobs
        self._timer = self._loop.call_later(max(min(_CHECK, left), 0.005), self._check)

    def _measure(self) -> float:
        """Return the CPU time of the job so far."""
        with suppress(OSError):
            self._cpu = _cpu_seconds(self.process) - self._cpu_before
        return self._cpu

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
            self._finish(memoryview(self._buffer)[begin:])

    def _on_exit(self) -> None:
        """Report why the process ended, once it has; the event loop does not wait for that."""
        self.detach()
        if self._timer is None:  # it had no job: there is nobody to report to
            self._on_free(self, 0.0)
            return
        self._cpu = self._loop.time() - self._began  # that of a process that has ended is unknown
        self._cancel_timer()
        exited = self._loop.run_in_executor(None, self.exit_error)
        exited.add_done_callback(lambda error: self._finish(error.result()))

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _finish(self, outcome: memoryview | Exception) -> None:
        """Pass an answer or an error on, and report that the worker is free."""
        self._cancel_timer()
        self._buffer = bytearray()
        if self.alive:
            self._measure()
        if self._slow:
            self.kill()  # an unprivileged process cannot raise its priority again: another replaces it
        if not self._answer.done():
            if isinstance(outcome, memoryview):
                self._answer.set_result(outcome)
            else:
                self._answer.set_exception(outcome)
        self._on_free(self, self._cpu)


def _starved_error(cpu: float, spent: float) -> TooCostlyError:
    return TooCostlyError(
        f"The machine is too busy: in {spent:.0f} s the query got {cpu:.1f} s of computing time.", "Try again later."
    )


def _cpu_seconds(process: int) -> float:
    """Return the CPU time of a process; the clock time on systems other than Linux.

    Raises:
        OSError: The process has ended.
    """
    # The number of the clock is that of clock_getcpuclockid(3).
    return time.clock_gettime(~process << 3 | 2) if sys.platform == "linux" else time.monotonic()


def _waited_seconds(process: int) -> float:
    """Return the time for which a process was ready to run but had no CPU; 0 where the system does not count it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


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

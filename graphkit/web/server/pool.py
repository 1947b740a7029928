"""The workers of one build, and the queue of jobs that wait for them."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from graphkit.model.errors import GraphkitError
from graphkit.model.generation import Generation
from graphkit.query.fork_server import ForkServer
from graphkit.query.worker_process import pack, unpack
from graphkit.store import Store
from graphkit.web.server import Settings
from graphkit.web.server.async_worker import AsyncWorker
from graphkit.web.server.request import RefusedError

P = ParamSpec("P")
T = TypeVar("T")

_MODULES = ("graphkit.web.server.jobs", "jinja2")


@dataclass(eq=False, slots=True)
class _Task:
    """A job and the future that receives its answer."""

    client: str
    job: bytes
    answer: asyncio.Future[memoryview]


class Pool:
    """Workers on one build. Create and use it in one event loop.

    Args:
        settings: The number of workers, and of requests that may wait for them.
        charge: Takes the client and the computing time of each job.
    """

    def __init__(self, generation: Generation, settings: Settings, charge: Callable[[str, float], None]) -> None:
        self.settings = settings
        self._charge = charge
        self._begun = 0
        spawner = ForkServer(_MODULES)
        self._workers = [
            AsyncWorker(generation, settings.limits, self._release, lambda: self._begun, spawner)
            for _ in range(settings.workers)
        ]
        self._idle: list[AsyncWorker] = []
        # The client of each busy worker, and the number of workers that each client has.
        self._clients: dict[AsyncWorker, str] = {}
        self._busy: Counter[str] = Counter()
        self._waiting: deque[_Task] = deque()
        self._stopped: asyncio.Future[None] | None = None
        self._threads = ThreadPoolExecutor(settings.workers, "worker")

    async def start(self) -> None:
        """Start all workers."""
        await asyncio.gather(*map(self._start, self._workers))

    async def _start(self, worker: AsyncWorker) -> None:
        """Start a worker in a thread; if that fails, its next job reports the failure and it is started again."""
        with suppress(GraphkitError):
            await asyncio.get_running_loop().run_in_executor(self._threads, worker.restart)
        worker.attach()
        self._idle.append(worker)

    async def stop(self) -> None:
        """Stop the workers as soon as all jobs are done."""
        self._stopped = asyncio.get_running_loop().create_future()
        self._stop_if_idle()
        await self._stopped
        self._threads.shutdown()

    def _stop_if_idle(self) -> None:
        if self._stopped and not self._stopped.done() and len(self._idle) == len(self._workers):
            for worker in self._workers:
                worker.stop()
            self._stopped.set_result(None)

    async def run(self, client: str, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_n: P.kwargs) -> T:
        """Run a job as soon as a worker is free.

        Args:
            job: A module-level function; its first argument is the store.

        Raises:
            RefusedError: Too many jobs are waiting, or this one waited too long.
            GraphkitError: The job failed or exceeded a limit.
        """
        task = _Task(client, pack((job, arguments)), asyncio.get_running_loop().create_future())
        if self._idle and self._may_start(client):
            self._assign(task)
            frame = await task.answer
        else:
            frame = await self._queue(task)
        answer: T | GraphkitError = unpack(frame)
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    def _may_start(self, client: str) -> bool:
        return self._busy[client] < self.settings.per_client

    def _assign(self, task: _Task) -> None:
        worker = self._idle.pop()
        self._clients[worker] = task.client
        self._begun += 1
        self._busy[task.client] += 1
        worker.submit(task.job, task.answer)

    async def _queue(self, task: _Task) -> memoryview:
        """Wait for a worker, then for the answer."""
        if len(self._waiting) >= self.settings.waiting:
            self._make_room(task.client)
        self._waiting.append(task)
        expiry = asyncio.get_running_loop().call_later(self.settings.limits.seconds, self._expire, task)
        try:
            return await task.answer
        finally:
            expiry.cancel()
            if task in self._waiting:
                self._waiting.remove(task)

    def _make_room(self, client: str) -> None:
        """Refuse the job that came last from the client with the most waiting jobs, which may be this one."""
        heaviest, number = Counter(task.client for task in self._waiting).most_common(1)[0]
        own = sum(task.client == client for task in self._waiting)
        if number <= own + 1:
            raise _busy_error()
        last = next(task for task in reversed(self._waiting) if task.client == heaviest)
        self._waiting.remove(last)
        if not last.answer.done():
            last.answer.set_exception(_busy_error())

    def _expire(self, task: _Task) -> None:
        if task in self._waiting and not task.answer.done():
            task.answer.set_exception(_busy_error())

    def _release(self, worker: AsyncWorker, seconds: float) -> None:
        """Take a worker back and charge its job; replace it first if it was stopped, or crashed while it was idle."""
        client = self._clients.pop(worker, None)
        if client is None:
            self._idle.remove(worker)
        else:
            self._charge(client, seconds)
            self._busy[client] -= 1
            if not self._busy[client]:
                del self._busy[client]
        if worker.alive:
            self._idle.append(worker)
            self._dispatch()
            return
        starting = asyncio.ensure_future(self._start(worker))
        starting.add_done_callback(lambda _: self._dispatch())

    def _dispatch(self) -> None:
        """Assign waiting jobs to idle workers in order of arrival; skip clients that have their share of workers."""
        while self._idle:
            ready = (task for task in self._waiting if self._may_start(task.client) and not task.answer.done())
            task = next(ready, None)
            if task is None:
                break
            self._waiting.remove(task)
            self._assign(task)
        self._stop_if_idle()


def _busy_error() -> RefusedError:
    return RefusedError(503, "The server is busy.", "Try again in a few seconds.", retry=5)

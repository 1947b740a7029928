"""Several workers for many clients: who waits, who is turned away."""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graphkit.model.errors import GraphkitError
from graphkit.query.worker import ForkServer
from graphkit.web.server.async_worker import EventedWorker
from graphkit.web.server.request import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from graphkit.store import Store
    from graphkit.web.server.settings import Settings

    P = ParamSpec("P")
T = TypeVar("T")

_MODULES = ("graphkit.web.server.jobs", "jinja2")


@dataclass(eq=False, slots=True)
class _Task:
    """A job that somebody waits for."""

    client: str
    job: bytes
    answer: asyncio.Future[bytes]


class Pool:
    """Workers over one build. It is made and used in one event loop.

    Args:
        folder: The store.
        settings: How many there are, and how many requests may wait for them.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        spawner = ForkServer(_MODULES)
        self._workers = [EventedWorker(folder, settings.limits, self._free, spawner) for _ in range(settings.workers)]
        self._idle: list[EventedWorker] = []
        # Whom each busy worker works for, and how many work for each.
        self._clients: dict[EventedWorker, str] = {}
        self._busy: Counter[str] = Counter()
        self._waiting: deque[_Task] = deque()
        self._stopped: asyncio.Future[None] | None = None
        self._threads = ThreadPoolExecutor(settings.workers, "worker")

    async def start(self) -> None:
        """Start all workers."""
        await asyncio.gather(*map(self._start, self._workers))

    async def _start(self, worker: EventedWorker) -> None:
        """Start a worker beside the loop; one that does not start says so to whom it works for, and is tried again."""
        with suppress(GraphkitError):
            await asyncio.get_running_loop().run_in_executor(self._threads, worker.restart)
        worker.hear()
        self._idle.append(worker)

    async def stop(self) -> None:
        """Stop the workers as soon as nobody waits for them."""
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
            client: On whose behalf.
            job: A function at the top of a module of ours; it is given the store first.
            arguments: What else it is given.

        Raises:
            RefusedError: Too many wait already, or it waited too long.
            GraphkitError: What the job raises, or it cost too much.
        """
        task = _Task(client, pickle.dumps((job, arguments)), asyncio.get_running_loop().create_future())
        if self._idle and self._may_begin(client):
            self._give(task)
            frame = await task.answer
        else:
            frame = await self._wait(task)
        answer: T | GraphkitError = pickle.loads(frame)  # noqa: S301 - from our own process
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    def _may_begin(self, client: str) -> bool:
        return self._busy[client] < self.settings.per_client

    def _give(self, task: _Task) -> None:
        worker = self._idle.pop()
        self._clients[worker] = task.client
        self._busy[task.client] += 1
        worker.give(task.job, task.answer)

    async def _wait(self, task: _Task) -> bytes:
        """Wait for one's turn, and then for the answer."""
        if len(self._waiting) >= self.settings.waiting:
            raise _busy()
        self._waiting.append(task)
        giving_up = asyncio.get_running_loop().call_later(self.settings.limits.seconds, self._give_up, task)
        try:
            return await task.answer
        finally:
            giving_up.cancel()
            if task in self._waiting:
                self._waiting.remove(task)

    def _give_up(self, task: _Task) -> None:
        if task in self._waiting and not task.answer.done():
            task.answer.set_exception(_busy())

    def _free(self, worker: EventedWorker) -> None:
        """Take a worker back; one that was stopped, or that fell while it had nothing to do, is replaced first."""
        client = self._clients.pop(worker, None)
        if client is None:
            self._idle.remove(worker)
        else:
            self._busy[client] -= 1
            if not self._busy[client]:
                del self._busy[client]
        if worker.alive:
            self._idle.append(worker)
            self._go_on()
            return
        starting = asyncio.ensure_future(self._start(worker))
        starting.add_done_callback(lambda _: self._go_on())

    def _go_on(self) -> None:
        """Give waiting jobs to idle workers: who came first goes first, unless the client has its share."""
        while self._idle:
            task = next((one for one in self._waiting if self._may_begin(one.client) and not one.answer.done()), None)
            if task is None:
                break
            self._waiting.remove(task)
            self._give(task)
        self._stop_if_idle()


def _busy() -> RefusedError:
    return RefusedError(503, "The server is busy.", "Ask again in some seconds.", retry=5)

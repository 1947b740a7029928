"""Several workers for many clients: who waits, who is turned away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from graphkit.serve.request import RefusedError
from graphkit.workers.evented import EventedWorker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from typing import Concatenate, ParamSpec

    from graphkit.serve.settings import Settings
    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

_MODULES = ("graphkit.serve.jobs", "jinja2")


class Pool:
    """Workers over one build.

    Args:
        folder: The store.
        settings: How many there are, and how many requests may wait for them.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.waiting = 0
        self._workers = [EventedWorker(folder, settings.limits, _MODULES) for _ in range(settings.workers)]
        self._idle: asyncio.LifoQueue[EventedWorker] = asyncio.LifoQueue()
        self._threads = ThreadPoolExecutor(settings.workers, "worker")
        # As long as somebody waits at it or has passed it.
        self._turnstiles: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def start(self) -> None:
        """Start all workers."""
        await asyncio.gather(*(self._in_thread(worker.start) for worker in self._workers))
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def stop(self) -> None:
        """Stop each worker as soon as it is free."""
        for _ in self._workers:
            (await self._idle.get()).stop()
        self._threads.shutdown()

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
        async with self._turn(client) as worker:
            running = asyncio.ensure_future(worker.ask(job, *arguments, **_n))
            running.add_done_callback(lambda _: self._give_back(worker))
            return await asyncio.shield(running)

    @asynccontextmanager
    async def _turn(self, client: str) -> AsyncIterator[EventedWorker]:
        """Wait for one's turn, and then for a worker."""
        turnstile = self._turnstiles.setdefault(client, asyncio.Semaphore(self.settings.per_client))
        if self.waiting >= self.settings.waiting:
            raise _busy()
        self.waiting += 1
        passed = False
        try:
            async with asyncio.timeout(self.settings.limits.seconds):
                passed = await turnstile.acquire()
                worker = await self._idle.get()
        except BaseException as error:
            if passed:
                turnstile.release()
            if isinstance(error, TimeoutError):
                raise _busy() from error
            raise
        finally:
            self.waiting -= 1
        try:
            yield worker
        finally:
            turnstile.release()

    def _give_back(self, worker: EventedWorker) -> None:
        """Let the next one have a worker; one that was stopped is replaced first."""
        if worker.connection is not None:
            self._idle.put_nowait(worker)
            return
        starting = asyncio.ensure_future(self._in_thread(worker.start))
        starting.add_done_callback(lambda _: self._idle.put_nowait(worker))

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)


def _busy() -> RefusedError:
    return RefusedError(503, "The server is busy.", "Ask again in some seconds.", retry=5)

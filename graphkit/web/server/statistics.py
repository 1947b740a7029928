"""What a build holds: counted once, when somebody first asks, in a process that gives way to all others."""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING

from graphkit.model.errors import GraphkitError
from graphkit.query.worker import Limits
from graphkit.web.server.async_worker import EventedWorker
from graphkit.web.server.jobs import read_counts
from graphkit.web.server.request import RefusedError

if TYPE_CHECKING:
    from graphkit.build.statistics import Statistics
    from graphkit.model.workspace import Workspace

# It reads the whole graph: some two seconds for a million quads.
_LIMITS = Limits(seconds=3_600, megabytes=16_384)
_RETRY = 10


class Counting:
    """The count of one build.

    Args:
        workspace: Where it is built.
        patience: So many seconds a request waits for it.
    """

    def __init__(self, workspace: Workspace, patience: float) -> None:
        self._workspace = workspace
        self._patience = patience
        self._worker = EventedWorker(workspace.store, _LIMITS, EventedWorker.stop)
        self._counted: asyncio.Future[Statistics] | None = None

    async def holdings(self) -> Statistics:
        """Return what the build holds.

        Raises:
            RefusedError: It is still being counted.
            GraphkitError: It cannot be counted.
        """
        if self._counted is None or (self._counted.done() and self._counted.exception()):
            self._counted = asyncio.ensure_future(self._count())
        done, _ = await asyncio.wait([self._counted], timeout=self._patience)
        if not done:
            raise RefusedError(503, "The graph is still being counted.", f"Ask again in {_RETRY} s.", _RETRY)
        return self._counted.result()

    async def _count(self) -> Statistics:
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._worker.start)
        self._worker.hear()
        answer: asyncio.Future[bytes] = loop.create_future()
        self._worker.give(pickle.dumps((read_counts, (self._workspace,))), answer)
        found: Statistics | GraphkitError = pickle.loads(await answer)  # noqa: S301 - from our own process
        if isinstance(found, GraphkitError):
            raise found
        return found

    def stop(self) -> None:
        """Stop counting."""
        self._worker.stop()
        if self._counted is not None:
            self._counted.cancel()

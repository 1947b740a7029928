"""The build that is served. A new build replaces it without losing a request."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.errors import StoreError
from graphkit.model.files import file_mark, hash_file
from graphkit.web.server.pool import Pool

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace
    from graphkit.web.server import Settings

# A request looks for a new build if the last look was longer ago.
_INTERVAL = 1.0


@dataclass(frozen=True, slots=True)
class ServedBuild:
    """A build and its workers.

    Attributes:
        mark: The state of its file.
        sha256: The hash of `graph.nq`.
        pool: The workers on its index.
    """

    mark: tuple[int, int, int]
    sha256: str
    pool: Pool


class Builds:
    """The current build of a workspace, and those that still answer their last requests.

    Args:
        workspace: The workspace.
        settings: The settings of the workers.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings
        self._current: ServedBuild | None = None
        self._checked = 0.0
        self._changing = asyncio.Lock()
        self._stopping: set[asyncio.Task[None]] = set()

    async def current(self) -> ServedBuild:
        """Return the current build; open a new one first.

        Raises:
            StoreError: There is no build.
        """
        now = time.monotonic()
        if self._current is None or now - self._checked > _INTERVAL:
            async with self._changing:
                await self._check(now)
        if self._current is None:
            raise StoreError(f"There is no graph at {self.workspace.graph_file}.", "Type: graphkit build")
        return self._current

    async def _check(self, now: float) -> None:
        self._checked = now
        mark = file_mark(self.workspace.graph_file)
        if mark is None or (self._current is not None and self._current.mark == mark):
            return
        sha256 = await asyncio.to_thread(hash_file, self.workspace.graph_file)
        pool = Pool(self.workspace.store, self.settings)
        await pool.start()
        old, self._current = self._current, ServedBuild(mark, sha256, pool)
        if old is not None:
            stopping = asyncio.create_task(old.pool.stop())
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)

    async def stop(self) -> None:
        """Stop all workers as soon as they are free."""
        if self._current is not None:
            await self._current.pool.stop()
        await asyncio.gather(*self._stopping)

"""The build that is served; a new one takes its place without a request being lost."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.errors import StoreError
from graphkit.model.files import file_mark
from graphkit.web.server.pool import Pool
from graphkit.web.server.statistics import Counting

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.workspace import Workspace
    from graphkit.web.server.settings import Settings

# How often a look is taken whether there is a new build.
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Build:
    """What is served.

    Attributes:
        mark: What its file looked like.
        sha256: The hash of `graph.nq`.
        pool: The workers over its index.
        counting: What it holds.
    """

    mark: tuple[int, int, int]
    sha256: str
    pool: Pool
    counting: Counting


class Builds:
    """The build that is served, looked after.

    Args:
        workspace: Where it is built.
        settings: How its workers are set up.
    """

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings
        self._current: Build | None = None
        self._looked = 0.0
        self._changing = asyncio.Lock()
        self._stopping: set[asyncio.Task[None]] = set()

    async def current(self) -> Build:
        """Return the build to ask; a new one is opened first.

        Raises:
            StoreError: Nothing was built yet.
        """
        now = time.monotonic()
        if self._current is None or now - self._looked > _SECONDS:
            async with self._changing:
                await self._look(now)
        if self._current is None:
            raise StoreError(f"There is no graph at {self.workspace.graph_file}.", "Type: graphkit build")
        return self._current

    async def _look(self, now: float) -> None:
        self._looked = now
        mark = file_mark(self.workspace.graph_file)
        if mark is None or (self._current is not None and self._current.mark == mark):
            return
        sha256 = await asyncio.to_thread(_hash, self.workspace.graph_file)
        pool = Pool(self.workspace.store, self.settings)
        await pool.start()
        counting = Counting(self.workspace, self.settings.limits.seconds)
        old, self._current = self._current, Build(mark, sha256, pool, counting)
        if old is not None:
            old.counting.stop()
            stopping = asyncio.create_task(old.pool.stop())
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)

    async def stop(self) -> None:
        """Stop all workers as soon as they are free."""
        if self._current is not None:
            self._current.counting.stop()
            await self._current.pool.stop()
        await asyncio.gather(*self._stopping)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

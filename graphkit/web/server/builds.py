"""The build that is served. A new build replaces it without losing a request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.generation import Generation, current_name, open_current
from graphkit.model.workspace import Workspace
from graphkit.query.questions import Questions, read_questions
from graphkit.web.server import Settings
from graphkit.web.server.pool import Pool

# A request looks for a new build if the last look was longer ago.
_INTERVAL = 1.0


@dataclass(frozen=True, slots=True)
class ServedBuild:
    """A build and its workers.

    Attributes:
        generation: It stays while it is served.
        pool: The workers on its index.
    """

    generation: Generation
    pool: Pool

    @property
    def sha256(self) -> str:
        """The hash of its graph."""
        return self.generation.sha256


class Builds:
    """The current build of a workspace, and those that still answer their last requests.

    Args:
        charge: Takes a client and the computing time that it has used.
    """

    def __init__(self, workspace: Workspace, settings: Settings, charge: Callable[[str, float], None]) -> None:
        self.workspace = workspace
        self.settings = settings
        self._charge = charge
        self._current: ServedBuild | None = None
        self._questions: Questions | GraphkitError = Questions()
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
            open_current(self.workspace.build)  # explains why there is none
            raise StoreError("The build cannot be opened.", "Try again.")
        return self._current

    @property
    def questions(self) -> Questions:
        """The saved questions, by name, as they were on the last look for a new build.

        Raises:
            GraphkitError: One of their files cannot be read.
        """
        if isinstance(self._questions, GraphkitError):
            raise self._questions
        return self._questions

    async def _check(self, now: float) -> None:
        self._checked = now
        self._questions = await asyncio.to_thread(self._read_questions)
        name = current_name(self.workspace.build)
        if not name or (self._current is not None and self._current.generation.folder.name == name):
            return
        generation = self.workspace.generation()
        pool = Pool(generation, self.settings, self._charge)
        await pool.start()
        old, self._current = self._current, ServedBuild(generation, pool)
        if old is not None:
            stopping = asyncio.create_task(_stop(old))
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)

    def _read_questions(self) -> Questions | GraphkitError:
        try:
            return read_questions(self.workspace.questions())
        except GraphkitError as error:
            return error

    async def stop(self) -> None:
        """Stop all workers as soon as they are free."""
        if self._current is not None:
            await self._current.pool.stop()
        await asyncio.gather(*self._stopping)


async def _stop(build: ServedBuild) -> None:
    """Stop the workers; their build stays until then."""
    await build.pool.stop()

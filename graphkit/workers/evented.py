"""A worker that an event loop waits for, without a thread.

An answer comes as `multiprocessing.connection` frames it: its length as four bytes, or -1 and eight bytes where
it is 2 GB or more.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import struct
from typing import TYPE_CHECKING, TypeVar

from graphkit.errors import GraphkitError
from graphkit.workers import Worker, too_long

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from typing import Concatenate, ParamSpec

    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

_PART = 1 << 18
_SHORT, _LONG = struct.Struct("!i"), struct.Struct("!Q")


class EventedWorker(Worker):
    """A worker that an event loop waits for."""

    _answer: asyncio.Future[bytes] | None = None
    _buffer = bytearray()

    async def ask(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job, as `run` does; the worker must have been started.

        Raises:
            QueryError: It took too long, too much memory, or what the engine cannot take.
            StoreError: The process has ended.
        """
        if self.connection is None:
            raise self.fallen()
        try:
            frame = await self._exchange(self.connection, (job, arguments))
        except TimeoutError as error:
            self.stop()
            raise too_long(self.limits) from error
        except (EOFError, ConnectionError) as error:
            raise self.fallen() from error
        answer: T | GraphkitError = pickle.loads(frame)  # noqa: S301 - from our own process
        if isinstance(answer, GraphkitError):
            raise answer
        return answer

    async def _exchange(self, connection: Connection, request: object) -> bytes:
        """Send a request and wait for the bytes of its answer."""
        loop = asyncio.get_running_loop()
        self._answer, self._buffer = loop.create_future(), bytearray()
        descriptor = connection.fileno()
        loop.add_reader(descriptor, self._read, descriptor)
        try:
            # A request is short, and nobody waits before it: the socket takes it at once.
            connection.send(request)
            async with asyncio.timeout(self.limits.seconds):
                return await self._answer
        finally:
            loop.remove_reader(descriptor)

    def _read(self, descriptor: int) -> None:
        """Take what has come of an answer."""
        if self._answer is None or self._answer.done():
            return
        try:
            part = os.read(descriptor, _PART)
        except OSError as error:
            self._answer.set_exception(ConnectionError(str(error)))
            return
        if not part:
            self._answer.set_exception(EOFError())
            return
        self._buffer += part
        begin, length = _frame(self._buffer)
        if length is not None and len(self._buffer) == begin + length:
            self._answer.set_result(bytes(memoryview(self._buffer)[begin:]))


def _frame(buffer: bytearray) -> tuple[int, int | None]:
    """Return where an answer begins in what has come, and its length if that is known."""
    if len(buffer) < _SHORT.size:
        return 0, None
    (length,) = _SHORT.unpack_from(buffer)
    if length >= 0:
        return _SHORT.size, length
    begin = _SHORT.size + _LONG.size
    return begin, _LONG.unpack_from(buffer, _SHORT.size)[0] if len(buffer) >= begin else None

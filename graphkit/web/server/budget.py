"""The computing time that one client may use: a bucket of seconds that refills over time."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from graphkit.web.server.request import RefusedError

# A full bucket holds the time of two minutes. Each request costs 2 ms beside the time of its worker.
_MINUTES = 2
_REQUEST = 0.002
_CLIENTS = 10_000


class Budget:
    """The computing time that each client has left.

    Args:
        per_minute: Seconds that a client may use in a minute; 0 for no limit.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_minute / 60
        self.full = per_minute * _MINUTES
        self._clock = clock
        # Client to the seconds left and the time of that count; the client seen last comes last.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, client: str) -> None:
        """Refuse a client whose bucket is empty.

        Raises:
            RefusedError: The bucket is empty; the error says how long to wait.
        """
        left = self._remaining(client)
        if self.full and left <= 0:
            wait = max(1, math.ceil((_REQUEST - left) / self.per_second))
            raise RefusedError(429, "You have used too much computing time.", f"Try again in {wait} s.", wait)

    def spend(self, client: str, seconds: float = _REQUEST) -> None:
        """Take computing time out of the bucket of a client; by default that of a request without a worker."""
        if self.full:
            self._left[client] = (self._remaining(client) - seconds, self._clock())
            self._left.move_to_end(client)
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)

    def _remaining(self, client: str) -> float:
        left, then = self._left.get(client, (self.full, self._clock()))
        return min(self.full, left + (self._clock() - then) * self.per_second)

"""How much work one client may cause: a bucket of seconds that fills again as time goes by."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from graphkit.web.server.request import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

# The bucket holds two minutes' worth. Even the shortest request costs a little: a flood of them is work, too.
_MINUTES = 2
_LEAST = 0.002
_CLIENTS = 10_000


class Budget:
    """The work that clients have caused lately.

    Args:
        per_minute: Seconds of work that a client may cause in a minute; 0 for any.
        clock: Tells the time, in seconds.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_minute / 60
        self.full = per_minute * _MINUTES
        self._clock = clock
        # Client to what is left of its bucket, and when that was so; who was seen last is last.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def require(self, client: str) -> None:
        """Turn away a client whose bucket is empty.

        Raises:
            RefusedError: It is; the error says how long to wait.
        """
        left = self._now(client)
        if self.full and left <= 0:
            wait = max(1, math.ceil((_LEAST - left) / self.per_second))
            raise RefusedError(429, "That was too much work in a short time.", f"Ask again in {wait} s.", wait)

    def spend(self, client: str, seconds: float) -> None:
        """Take what a request cost out of the bucket of its client."""
        if self.full:
            self._left[client] = (self._now(client) - max(seconds, _LEAST), self._clock())
            self._left.move_to_end(client)
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)

    def _now(self, client: str) -> float:
        left, then = self._left.get(client, (self.full, self._clock()))
        return min(self.full, left + (self._clock() - then) * self.per_second)

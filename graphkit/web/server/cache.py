"""Answers that were given lately, so that what many ask is computed once for each build."""

from __future__ import annotations

import pickle
from collections import OrderedDict

from graphkit.web.server.responses import Reply

# What Python needs around an answer: its key, its place.
_AROUND = 300


class Kept:
    """Answers by what was asked of which build; those not asked for longest go first.

    Args:
        most: So many bytes they may have together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        # Bytes by bytes: the garbage collector would look at some 100,000 tuples from time to time, and everybody
        # would wait for it a tenth of a second.
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> Reply | None:
        """Return an answer, if it was kept."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return Reply(*pickle.loads(found))  # noqa: S301 - from our own memory

    def put(self, key: bytes, reply: Reply) -> None:
        """Keep an answer; one that alone would need a tenth of the room is not kept."""
        answer = pickle.dumps((reply.body, reply.headers, reply.status))
        if key in self._answers or _size(answer) * 10 > self.most:
            return
        self._answers[key] = answer
        self.size += _size(answer)
        while self.size > self.most:
            self.size -= _size(self._answers.popitem(last=False)[1])


def _size(answer: bytes) -> int:
    return len(answer) + _AROUND

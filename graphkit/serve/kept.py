"""Answers that were given lately, so that what many ask is computed once for each build."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graphkit.serve.replies import Reply

# The build, and all of a request that decides about its answer.
Key: TypeAlias = "tuple[Hashable, ...]"


# What Python needs around the bytes of an answer: its key, its headers, its place.
_AROUND = 1_400


class Kept:
    """Answers by what was asked of which build; those not asked for longest go first.

    Args:
        most: So many bytes they may have together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._answers: OrderedDict[Key, Reply] = OrderedDict()

    def get(self, key: Key) -> Reply | None:
        """Return an answer, if it was kept."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def put(self, key: Key, reply: Reply) -> None:
        """Keep an answer; one that alone would need a tenth of the room is not kept."""
        if key in self._answers or _size(reply) * 10 > self.most:
            return
        self._answers[key] = reply
        self.size += _size(reply)
        while self.size > self.most:
            self.size -= _size(self._answers.popitem(last=False)[1])


def _size(reply: Reply) -> int:
    return len(reply.body) + _AROUND

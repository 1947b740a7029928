"""Answers that were given lately, so that what many ask is computed once for each build."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from graphkit.serve.jobs import Sent


# The ETag, which changes with the build, and whether the bytes are packed; "" for what is not kept.
Key: TypeAlias = tuple[str, bool] | Literal[""]


class Kept:
    """Answers by what was asked; those not asked for longest go first.

    Args:
        most: So many bytes they may have together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._answers: OrderedDict[Key, Sent] = OrderedDict()

    def get(self, key: Key) -> Sent | None:
        """Return an answer, if it was kept."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def put(self, key: Key, sent: Sent) -> None:
        """Keep an answer; one that alone would need a tenth of the room is not kept."""
        if not key or key in self._answers or len(sent.body) * 10 > self.most:
            return
        self._answers[key] = sent
        self.size += len(sent.body)
        while self.size > self.most:
            self.size -= len(self._answers.popitem(last=False)[1].body)

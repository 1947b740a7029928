"""Answers that were given lately, so that what many ask is computed once for each build."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphkit.serve.jobs import Sent


class Kept:
    """Answers by their ETag, which changes with the build; those not asked for longest go first.

    Args:
        most: So many bytes they may have together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._answers: OrderedDict[str, Sent] = OrderedDict()

    def get(self, etag: str) -> Sent | None:
        """Return an answer, if it was kept."""
        found = self._answers.get(etag)
        if found is not None:
            self._answers.move_to_end(etag)
        return found

    def put(self, etag: str, sent: Sent) -> None:
        """Keep an answer; one that alone would need a tenth of the room is not kept."""
        if not etag or etag in self._answers or len(sent.body) * 10 > self.most:
            return
        self._answers[etag] = sent
        self.size += len(sent.body)
        while self.size > self.most:
            self.size -= len(self._answers.popitem(last=False)[1].body)

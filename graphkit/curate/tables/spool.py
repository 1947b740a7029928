"""Texts that wait on disk, by name, until all rows are read: memory does not grow with them."""

from __future__ import annotations

import tempfile
from array import array
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator


class Spool:
    """Texts by name, in the order of their addition.

    >>> with Spool() as kept:
    ...     kept.add("a", "one")
    ...     kept.add("b", "two")
    ...     kept.add("a", "three")
    ...     list(kept.texts("a"))
    ['one', 'three']
    """

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self.end = 0
        self.spans: dict[str, array[int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.file.close()

    def names(self) -> list[str]:
        """Return the names in the order of their addition."""
        return list(self.spans)

    def add(self, name: str, text: str) -> None:
        """Keep a text."""
        data = text.encode()
        self.file.seek(self.end)
        self.file.write(data)
        self.spans.setdefault(name, array("Q")).extend((self.end, len(data)))
        self.end += len(data)

    def count(self, name: str) -> int:
        """Count the texts of a name."""
        return len(self.spans.get(name, ())) // 2

    def drop(self, name: str) -> None:
        """Drop the texts of a name."""
        self.spans.pop(name, None)

    def texts(self, name: str) -> Iterator[str]:
        """Yield the texts of a name."""
        spans = self.spans.get(name, array("Q"))
        for start, length in zip(spans[::2], spans[1::2], strict=True):
            self.file.seek(start)
            yield self.file.read(length).decode()

"""The order of disagreements."""

from __future__ import annotations

from collections.abc import Iterable

# The kinds of disputes in which one speaker denies the claim of another.
DENIED = frozenset({"contradiction", "scope-conflict"})


def rank(kinds: Iterable[str], speakers: int, statements: int) -> tuple[bool, int, int]:
    """Return a key that sorts disagreements.

    >>> rank(["contradiction"], 2, 2) < rank(["value-conflict"], 9, 9) < rank(["value-conflict"], 2, 2)
    True
    """
    return DENIED.isdisjoint(kinds), -speakers, -statements

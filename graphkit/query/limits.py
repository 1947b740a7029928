"""Limits on the cost of a query."""

from __future__ import annotations

from dataclasses import dataclass

ASK_FOR_LESS = "Ask for less: add LIMIT or a condition."


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on the cost of a query.

    Attributes:
        seconds: Time after which a query is stopped.
        rows: Maximum number of rows or triples in an answer; a longer answer is cut and marked as such.
        megabytes: Memory that a query may use beyond that of the open store.
        hosts: Hosts that SERVICE may call.
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    megabytes: int = 2_048
    hosts: frozenset[str] = frozenset()

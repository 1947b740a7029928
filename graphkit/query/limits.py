"""How much a query may cost."""

from __future__ import annotations

from dataclasses import dataclass

ASK_FOR_LESS = "Ask for less: add LIMIT, or a condition."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a query may cost.

    Attributes:
        seconds: After so long it is stopped.
        rows: So many rows or triples are given at most; the answer says that it was cut.
        megabytes: Memory that the engine may take for it.
        hosts: Those that SERVICE may call.
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    megabytes: int = 2_048
    hosts: frozenset[str] = frozenset()

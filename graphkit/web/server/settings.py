"""How a server is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphkit.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is set up.

    Attributes:
        limits: How much one query may cost.
        workers: How many queries run at once.
        per_client: How many of them for one client; one less than the workers keeps one free for everybody else.
        waiting: How many requests may wait for a worker before the server says that it is busy.
        query_bytes: How long a query may be.
        seconds_per_minute: Work that one client may cause in a minute; 0 for as much as it likes.
        kept_bytes: Answers that many ask are kept up to so many bytes; 0 for none.
    """

    limits: Limits = field(default_factory=lambda: Limits(seconds=10, rows=50_000, megabytes=1_024))
    workers: int = 3
    per_client: int = 2
    waiting: int = 100
    query_bytes: int = 32_768
    seconds_per_minute: float = 60.0
    kept_bytes: int = 64_000_000

"""`graphkit serve`: a SPARQL endpoint and pages that can be opened to the public."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphkit.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server.

    Attributes:
        limits: The limits of one query.
        workers: The number of queries that run at the same time.
        per_client: The number of these that one client may have; one fewer than `workers` leaves one for the others.
        waiting: The number of requests that may wait for a worker; the server refuses more as busy.
        query_bytes: The maximum length of a query.
        seconds_per_minute: Computing time that one client may use in a minute; 0 for no limit.
        cache_bytes: The size of the response cache; 0 for none.
    """

    limits: Limits = field(default_factory=lambda: Limits(seconds=10, rows=50_000, megabytes=1_024))
    workers: int = 3
    per_client: int = 2
    waiting: int = 100
    query_bytes: int = 32_768
    seconds_per_minute: float = 60.0
    cache_bytes: int = 64_000_000

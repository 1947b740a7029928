"""`graphkit serve`: a SPARQL endpoint and pages that can be opened to the public."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphkit.query.limits import Limits
from graphkit.web.published import Published

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server.

    Attributes:
        limits: The limits of one query.
        workers: The number of queries that run at the same time.
        per_client: The number of these that one client may have; one fewer than `workers` leaves one for the others.
        waiting: The number of requests that may wait for a worker; the server refuses more as busy.
        query_bytes: The maximum length of a query.
        answer_bytes: The maximum length of an answer.
        unsent_bytes: The maximum size of all answers that clients have not read yet; one client may have half of it.
        seconds_per_minute: Computing time that one client may use in a minute; 0 for no limit.
        cache_bytes: The size of the response cache; 0 for none.
        host_names: The names under which browsers may reach the server, without the port.
        any_address: Whether a browser may also use any IP address in place of a name.
        origins: The origins whose pages may read answers, such as `https://example.org`; `*` for all.
        behind_proxy: Whether a proxy on this machine names the client in a header.
        published: The public address and the stories of the pages.
    """

    limits: Limits = field(default_factory=lambda: Limits(seconds=10, rows=50_000, megabytes=1_024))
    workers: int = 3
    per_client: int = 2
    waiting: int = 100
    query_bytes: int = 32_768
    answer_bytes: int = 32_000_000
    unsent_bytes: int = 128_000_000
    seconds_per_minute: float = 60.0
    cache_bytes: int = 64_000_000
    host_names: frozenset[str] = LOOPBACK
    any_address: bool = False
    origins: frozenset[str] = frozenset()
    behind_proxy: bool = False
    published: Published = field(default_factory=Published)

"""Where questions are asked: the build on this machine, or an endpoint that the user names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graphkit.model.workspace import credentials
from graphkit.query.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec

    from graphkit.model.workspace import Workspace
    from graphkit.query.worker import Worker
    from graphkit.store import Store
    from graphkit.store.remote.store import RemoteStore

    P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Direct:
    """What a `Worker` is for the store on this machine: here the endpoint's own process does the work.

    Attributes:
        store: Where jobs are done.
        limits: How much a job may cost.
    """

    store: Store
    limits: Limits

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and wait for its answer."""
        return job(self.store, *arguments, **_none)


def remote(url: str, limits: Limits | None = None) -> RemoteStore:
    """Open an endpoint, with user and password of its address or of the environment."""
    from graphkit.store.remote.store import RemoteStore

    given = limits or Limits()
    return RemoteStore(url, credentials(), given.seconds, given.hosts)


def store_of(place: Workspace, url: str = "") -> Store:
    """Open the endpoint that was named, else the build of a workspace.

    Raises:
        StoreError: There is none.
    """
    from graphkit.store import open_store

    return remote(url) if url else open_store(place.store)


def runner(place: Workspace, limits: Limits, url: str = "") -> Worker | Direct:
    """Return what answers queries: the endpoint that was named, else a worker over the build of a workspace."""
    if url:
        return Direct(remote(url, limits), limits)
    from graphkit.query.worker import Worker

    return Worker(place.store, limits)

"""Runners for queries: on the build on this machine, or on an endpoint that the user names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graphkit.model.workspace import credentials
from graphkit.query.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec

    from graphkit.model.workspace import Workspace
    from graphkit.query.forked import ForkedRunner
    from graphkit.query.worker import Worker
    from graphkit.store import Store
    from graphkit.store.remote.store import RemoteStore

    P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InlineRunner:
    """Runs jobs in this process: the endpoint does the work, and enforces its own limits."""

    store: Store
    limits: Limits

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and return its answer."""
        return job(self.store, *arguments, **_none)


def remote(url: str, limits: Limits | None = None) -> RemoteStore:
    """Open an endpoint, with the user and password of its address or of the environment."""
    from graphkit.store.remote.store import RemoteStore

    given = limits or Limits()
    return RemoteStore(url, credentials(), given.seconds, given.hosts)


def store_of(workspace: Workspace, url: str = "") -> Store:
    """Open the endpoint with this address, or without an address the build of a workspace.

    Raises:
        StoreError: There is no build, or the address is invalid.
    """
    from graphkit.store import open_store

    return remote(url) if url else open_store(workspace.store)


def runner(workspace: Workspace, limits: Limits, url: str = "") -> Worker | InlineRunner:
    """Return a runner for many queries: a worker on the build of a workspace, or an endpoint."""
    if url:
        return InlineRunner(remote(url, limits), limits)
    from graphkit.query.worker import Worker

    return Worker(workspace.store, limits)


def single_runner(workspace: Workspace, limits: Limits, url: str = "") -> ForkedRunner | Worker | InlineRunner:
    """Return the fastest runner for a single query: if possible, a copy of this process."""
    from graphkit.query.forked import ForkedRunner, may_fork

    return runner(workspace, limits, url) if url or not may_fork() else ForkedRunner(workspace.store, limits)

"""Limits on the cost of a query, and how a process enforces them."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.model.errors import GraphkitError, QueryError, StoreError, TooCostlyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.store import Store

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_MEGABYTE = 1 << 20
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


def timeout_error(limits: Limits) -> TooCostlyError:
    """Report that the time of a query is up."""
    return TooCostlyError(
        f"The query was stopped after {limits.seconds:g} s.",
        f"{ASK_FOR_LESS} On your own machine, --timeout allows more time.",
    )


def exit_error(status: int, limits: Limits) -> GraphkitError:
    """Explain why a process ended before it answered."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGABRT:
        message = f"The query needs more than the {limits.megabytes} MB of memory that it may use."
        return TooCostlyError(message, ASK_FOR_LESS)
    if number in {signal.SIGSEGV, signal.SIGBUS}:
        return QueryError("The engine cannot evaluate this query: it is nested too deeply.", "Simplify it.")
    return StoreError(f"The worker process ended unexpectedly (status {status}).", "Try again.")


def run_job(store: Store | GraphkitError, job: Callable[..., object], arguments: tuple[object, ...]) -> object:
    """Run a job, and return its answer or its error."""
    if isinstance(store, GraphkitError):
        return store
    try:
        return job(store, *arguments)
    except GraphkitError as error:
        return error
    except MemoryError:
        return TooCostlyError("The query needs more memory than it may use.", ASK_FOR_LESS)


def disconnect_network() -> None:
    """Move into an empty network namespace where the kernel allows it: a second barrier behind `store.guard`."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def limit_memory(limits: Limits) -> None:
    """Limit the address space; beyond it the engine's allocator aborts the process."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import resource

        now = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        most = now + limits.megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

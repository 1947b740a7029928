"""Limits on the cost of a query, and the errors for queries that exceed them."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass

from graphkit.model.errors import DefectError, GraphkitError, QueryError, StoreError, TooCostlyError

ASK_FOR_LESS = "Ask for less: add LIMIT or a condition."
_TRACEBACK = b"Traceback (most recent call last)"
LONGEST = 1_000_000.0
# Last words of the engine, of Python and of the system's loader, in lower case.
_SHORT_OF_MEMORY = (
    b"memory allocation of", b"bad_alloc", b"memoryerror", b"cannot allocate memory",
    # There was no address space for the stack of another thread.
    b"resource temporarily unavailable", b"terminate called without an active exception", b"can't start new thread",
    b"must be installed for pthread_exit to work",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on the cost of a query.

    Attributes:
        seconds: Time after which a query is stopped.
        rows: Maximum number of rows or triples in an answer; a longer answer is cut and marked as such.
        megabytes: Memory that a query may use beyond that of the open store.
        hosts: Hosts that SERVICE may call.

    Raises:
        QueryError: The time is not a positive number of seconds.
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    megabytes: int = 2_048
    hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= LONGEST:  # false for NaN
            raise QueryError(
                f"A time limit of {self.seconds:g} s is not possible.", f"Use more than 0 and at most {LONGEST:,.0f} s."
            )


def timeout_error(limits: Limits) -> TooCostlyError:
    """Report that the time of a query is up."""
    return TooCostlyError(
        f"The query was stopped after {limits.seconds:g} s.",
        f"{ASK_FOR_LESS} On your own machine, --timeout allows more time.",
    )


def memory_error(limits: Limits) -> TooCostlyError:
    """Report that the memory of a query is used up."""
    allowed = address_space()
    if allowed is not None and allowed < limits.megabytes:
        message = f"The query needs more memory than this process may use: {allowed} MB (ulimit -v)."
        return TooCostlyError(message, "Type ulimit -v unlimited, or allow at least 2,000 MB.")
    message = f"The query needs more than the {limits.megabytes} MB of memory that it may use."
    return TooCostlyError(message, ASK_FOR_LESS)


def address_space() -> int | None:
    """Return the limit of address space of this process in megabytes (`ulimit -v`), if there is one."""
    if sys.platform == "win32":
        return None
    import resource

    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if soft == resource.RLIM_INFINITY else soft // (1 << 20)


def is_short_of_memory(said: bytes) -> bool:
    """Return whether the standard error of a process that has ended names a lack of memory.

    >>> is_short_of_memory(b"memory allocation of 64 bytes failed"), is_short_of_memory(b"Segmentation fault")
    (True, False)
    """
    return any(words in said.lower() for words in _SHORT_OF_MEMORY)


def exit_error(status: int, limits: Limits, said: bytes = b"") -> GraphkitError:
    """Explain why a worker ended before it answered.

    Args:
        status: Its exit status, as `os.waitpid` returns it.
        said: The end of its standard error.
    """
    if is_short_of_memory(said):
        return memory_error(limits)
    if (begin := said.rfind(_TRACEBACK)) >= 0:
        return DefectError(said[begin:].decode("utf-8", "replace"))
    code = os.waitstatus_to_exitcode(status)
    name = signal.Signals(-code).name if code < 0 else ""
    if name in {"SIGSEGV", "SIGBUS"} or b"overflowed its stack" in said:
        return QueryError("The engine cannot evaluate this query: it is nested too deeply.", "Simplify it.")
    if name == "SIGKILL":
        return StoreError(
            "The worker process was killed (SIGKILL); the system does this when memory is short.", "Try again."
        )
    why = name or f"exit status {code}"
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][:300]
    return StoreError(f"The worker process ended unexpectedly ({why}){last and ': '}{last}", "Try again.")

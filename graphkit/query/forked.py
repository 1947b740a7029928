"""Runs one job in a copy of this process, for the command line, which needs no worker for further jobs.

The copy needs no imports and no second interpreter. It is killed when its time is up.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graphkit.model.errors import GraphkitError, StoreError
from graphkit.query.limits import disconnect_network, exit_error, limit_memory, run_job, timeout_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec

    from graphkit.query.limits import Limits
    from graphkit.store import Store

    P = ParamSpec("P")
T = TypeVar("T")

_TASKS = Path("/proc/self/task")
_PART = 1 << 20
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def may_fork() -> bool:
    """Return whether this process can be forked safely; with several threads, the child could deadlock."""
    return _TASKS.is_dir() and len(list(_TASKS.iterdir())) == 1


class ForkedRunner:
    """Runs each job in a copy of this process, which must have one thread only; `folder` is that of the store."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits

    def run(self, job: Callable[Concatenate[Store, P], T], *arguments: P.args, **_none: P.kwargs) -> T:
        """Run a job and return its answer; the copy is killed when the time is up, or on Ctrl-C.

        Raises:
            QueryError: The query took too long or too much memory, or the engine cannot evaluate it.
            StoreError: There is no store, or the copy ended.
        """
        import pickle

        reader, writer = os.pipe()
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            try:
                os.close(reader)
                _answer(self, parent, job, arguments, writer)
            finally:
                os._exit(1)
        os.close(writer)
        try:
            body = _read(reader, self.limits.seconds)
        except BaseException:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            raise
        finally:
            os.close(reader)
        if body is None:
            os.kill(process, signal.SIGKILL)
        status = os.waitpid(process, 0)[1]
        if body is None:
            raise timeout_error(self.limits)
        if status:
            raise exit_error(status, self.limits)
        answer: T | GraphkitError = pickle.loads(body)  # noqa: S301 - our own copy wrote it
        if isinstance(answer, GraphkitError):
            raise answer
        return answer


def _read(reader: int, seconds: float) -> bytes | None:
    """Read until the other end is closed; return None if the time is up before the first bytes arrive."""
    if not select.select([reader], [], [], seconds)[0]:
        return None
    parts = []
    while part := os.read(reader, _PART):
        parts.append(part)
    return b"".join(parts)


def _answer(
    runner: ForkedRunner, parent: int, job: Callable[..., object], arguments: tuple[object, ...], writer: int
) -> None:
    """Run the job in the copy, write the answer, and end."""
    import pickle

    from graphkit.store import open_store

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller handles Ctrl-C
    _die_with(parent)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # users need no messages of a crashing engine
    if not runner.limits.hosts:
        disconnect_network()
    store: Store | GraphkitError
    try:
        store = open_store(runner.folder, runner.limits.hosts)
    except StoreError as error:
        store = error
    limit_memory(runner.limits)
    body = memoryview(pickle.dumps(run_job(store, job, arguments)))
    while body:
        body = body[os.write(writer, body) :]
    os._exit(0)


def _die_with(parent: int) -> None:
    """End this process when its parent ends, even during a query."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

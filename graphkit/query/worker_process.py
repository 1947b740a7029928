"""The code of a worker process: it runs jobs on a store, without a network and within a limit of memory.

A job is a module-level function of ours; its first argument is the store. Only jobs and answers are pickled. The
user's query is an argument and stays text.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import DefectError, GraphkitError, QueryError, StoreError
from graphkit.query.limits import memory_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.model.generation import Generation
    from graphkit.query.limits import Limits

_LENGTH, _LONG_LENGTH, _LONG = struct.Struct("!i"), struct.Struct("!Q"), 0x7FFFFFFF
_PART = 1 << 20
_NEW_USER, _NEW_NETWORK, _DIE_WITH_PARENT = 0x10000000, 0x40000000, 1
_MEGABYTE = 1 << 20


def pack(message: object) -> bytes:
    """Pickle a message; it may contain one `pickle.PickleBuffer`, whose bytes follow after the pickle."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(message, 5, buffer_callback=buffers.append)
    return b"".join((_LONG_LENGTH.pack(len(pickled)), pickled, *(buffer.raw() for buffer in buffers)))


def unpack(packed: bytes | memoryview) -> Any:  # noqa: ANN401 - any message
    """Return the message of `pack`; a buffer in it becomes a view of the packed bytes, without a copy."""
    whole = memoryview(packed)
    end = _LONG_LENGTH.size + _LONG_LENGTH.unpack_from(whole)[0]
    return pickle.loads(whole[_LONG_LENGTH.size : end], buffers=(whole[end:],))  # noqa: S301 - from our own process


class Channel:
    """Sends and receives packed messages, framed by their length, over a socket or two pipes."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self.incoming = incoming
        self.outgoing = outgoing

    def fileno(self) -> int:
        """Return the descriptor of incoming messages."""
        return self.incoming

    def send(self, message: object) -> None:
        """Send a message."""
        body = pack(message)
        long = len(body) > _LONG
        head = _LENGTH.pack(-1) + _LONG_LENGTH.pack(len(body)) if long else _LENGTH.pack(len(body))
        left = memoryview(head + body)
        while left:
            left = left[os.write(self.outgoing, left) :]

    def receive(self, seconds: float | None = None) -> Any:  # noqa: ANN401 - any message
        """Wait for a message and return it.

        Raises:
            TimeoutError: It does not begin to arrive within so many seconds.
            EOFError: The other end is closed.
        """
        if seconds is not None and not _poll(self.incoming, select.POLLIN).poll(seconds * 1000):
            raise TimeoutError
        return unpack(self._read(self._length()))

    def _length(self) -> int:
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return int(length if length >= 0 else _LONG_LENGTH.unpack(self._read(_LONG_LENGTH.size))[0])

    def _read(self, length: int) -> bytes:
        parts = []
        while length:
            part = os.read(self.incoming, min(length, _PART))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close both directions."""
        for descriptor in {self.incoming, self.outgoing}:
            os.close(descriptor)


def _poll(descriptor: int, event: int) -> select.poll:
    found = select.poll()
    found.register(descriptor, event)
    return found


def release_pipes(keep: set[int]) -> None:
    """Close the pipes and sockets that a fork has inherited, except standard input and output and those to keep.

    The caller's child processes wait for the end of a pipe, which never comes while a worker has it open. The null
    device takes each number, so that an object of the caller that closes it cannot close a file of the worker.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in [int(link.name) for link in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor not in keep and _is_pipe(descriptor):  # noqa: PLR2004 - the standard streams
            os.dup2(null, descriptor)


def _is_pipe(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # it was that of the list itself
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def run_jobs(channel: Channel, messages: int | None, watched: int | None = None) -> None:
    """Run the jobs that arrive until the other end is closed.

    Args:
        channel: Brings the source of the first argument and the limits, then jobs.
        messages: Receives the messages of a crashing engine, for `exit_error`; None leaves them on standard error.
        watched: The descriptor whose closing ends this process, even during a query.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller handles Ctrl-C
    if messages is not None:
        os.dup2(messages, 2)
    os.putenv("RUST_BACKTRACE", "0")
    source, limits = channel.receive()
    if not limits.hosts:
        _disconnect()
    if watched is not None:
        _exit_on_hangup(watched)  # not before: the kernel moves no process with several threads
    store = _open(source, limits)
    _limit_memory(limits)
    with suppress(EOFError, OSError):
        channel.send(None)  # ready
        while True:
            _send(channel, _run(limits, store, *channel.receive()))


def _send(channel: Channel, answer: object) -> None:
    """Send an answer; if it cannot be pickled, send that error."""
    try:
        channel.send(answer)
    except (EOFError, OSError):
        raise
    except Exception:  # noqa: BLE001 - a defect is reported by the caller
        channel.send(DefectError.handled())


def _open(source: Generation | Callable[[], object] | None, limits: Limits) -> object:
    """Return the first argument of the jobs, or an error that is the answer to each of them."""
    try:
        if source is None or callable(source):
            return source and source()
        from graphkit.store import open_store

        return open_store(source, limits.hosts)
    except GraphkitError as error:
        return error
    except Exception:  # noqa: BLE001 - a defect is reported by the caller
        return DefectError.handled()


def _run(limits: Limits, store: object, job: Callable[..., object], arguments: tuple[object, ...]) -> object:
    """Run a job, and return its answer or its error."""
    if isinstance(store, GraphkitError):
        return store
    try:
        return job(store, *arguments)
    except GraphkitError as error:
        return error
    except BaseException as error:  # noqa: BLE001 - a panic of the engine is no Exception
        return _failure(error, limits)


def _failure(error: BaseException, limits: Limits) -> GraphkitError:
    """Return the error for the caller, who did nothing wrong if it is none of the known ones."""
    if isinstance(error, MemoryError):
        return memory_error(limits)
    if isinstance(error, RecursionError):
        return QueryError("The query is nested too deeply.", "Simplify it.")
    if type(error).__name__ == "PanicException":
        return QueryError(f"The engine failed on this query: {error}", "Rewrite it.")
    if isinstance(error, OSError):
        return StoreError(f"The system refused a file or an address: {error}.", "Check its permissions and the disk.")
    if isinstance(error, Exception):
        return DefectError.handled()
    raise error


def network_of(_store: object = None) -> str:
    """Return the name of the network that this process is in; as a job, that of a worker."""
    with suppress(OSError):
        return str(Path("/proc/self/ns/net").readlink())
    return ""


def _disconnect() -> None:
    """Move into an empty network namespace where the kernel allows it: a second barrier behind `store.guard`."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def die_with(parent: int) -> None:
    """End this process when its parent ends, even during a query."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit_memory(limits: Limits) -> None:
    """Limit the address space; beyond it the engine's allocator aborts the process."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import resource

        now = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        most = now + limits.megabytes * _MEGABYTE
        allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
        if allowed != resource.RLIM_INFINITY:
            most = min(most, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _exit_on_hangup(descriptor: int) -> None:
    """End this process as soon as the other end is closed, even during a query."""
    import threading

    def wait() -> None:
        _poll(descriptor, select.POLLHUP).poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    _socket, _messages = map(int, sys.argv[1:])
    # The thread that started this process may end before it, so it cannot simply die with its parent.
    with suppress(EOFError):
        run_jobs(Channel(_socket, _socket), _messages, _socket)

"""Workers for systems without forks and inherited descriptors, such as Windows, where they have not been tested.

They have no file for the last words of a crashing engine, and on Windows neither a limit of memory nor a network of
their own.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

from graphkit.model.processes import hidden_script
from graphkit.query.worker_process import Channel, pack, run_jobs, unpack

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess


class SpawnedChannel(Channel):
    """Sends and receives packed messages over a connection of `multiprocessing`."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        super().__init__(connection.fileno(), connection.fileno())
        self._connection = connection

    def send(self, message: object) -> None:
        """Send a message."""
        self._connection.send_bytes(pack(message))

    def receive(self, seconds: float | None = None) -> Any:  # noqa: ANN401 - any message
        """Wait for a message and return it.

        Raises:
            TimeoutError: It does not begin to arrive within so many seconds.
            EOFError: The other end is closed.
        """
        if not self._connection.poll(seconds):
            raise TimeoutError
        return unpack(self._connection.recv_bytes())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class ProcessSpawner:
    """Starts workers with `multiprocessing`."""

    def __init__(self) -> None:
        self._processes: dict[int, SpawnProcess] = {}

    def start(self, messages: int) -> tuple[int, Channel]:  # noqa: ARG002 - a descriptor cannot be passed on
        """Start a worker; return its process id and a channel to it."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_run, args=(theirs,), daemon=True)
        with hidden_script():
            process.start()
        theirs.close()
        number = process.pid or 0
        self._processes[number] = process
        return number, SpawnedChannel(ours)

    def wait(self, process: int) -> int:
        """Wait until a worker has ended; return its exit status in the form of `os.waitpid`."""
        ended = self._processes.pop(process)
        ended.join()
        code = ended.exitcode or 0
        return -code if code < 0 else code << 8

    def discard(self, process: int) -> None:
        """Wait until a killed worker has ended."""
        self.wait(process)


def _run(connection: Connection[Any, Any]) -> None:
    run_jobs(SpawnedChannel(connection), None)

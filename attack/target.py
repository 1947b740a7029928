"""The targets: a server whose event loop is watched, a command line in forked processes, and a canary."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

STALLS = "/-/stalls"
_BEAT = 0.002
# The address space of a command, to protect this machine.
_MEMORY = 6 << 30


class Canary(threading.Thread):
    """A server on loopback that counts its connections: nothing may reach it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.hits = 0

    def run(self) -> None:
        """Count."""
        while True:
            connection, _ = self.socket.accept()
            self.hits += 1
            connection.close()


@contextlib.contextmanager
def serving(workspace: Path) -> Iterator[tuple[int, int]]:
    """Run a server with a watched event loop; yield its port and its process id."""
    command = [sys.executable, "-m", "attack.target", str(workspace)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr  # noqa: S101 - a pipe
        port = int(server.stderr.readline().partition("127.0.0.1:")[2].partition("/")[0])
        log = threading.Thread(target=_forward, args=(server.stderr,), daemon=True)
        log.start()
        try:
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(30)
            log.join()


def _forward(lines: Any) -> None:  # noqa: ANN401 - a text file
    """Print what is no line of the request log: a traceback, for example."""
    for line in lines:
        if not line.startswith("{"):
            sys.stderr.write(line)


class Watch:
    """Middleware that measures the CPU time between two turns of the event loop, and reports the longest on request.

    It is CPU time, because on a busy machine the loop also waits for its turn.
    """

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - an ASGI application
        self.app = app
        self.longest = 0.0
        self._last = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - of ASGI
        """Answer a request for the longest stall, and forget it."""
        if scope.get("path") != STALLS:
            await self.app(scope, receive, send)
            return
        if not self._last:
            self._beat()
        body = json.dumps(self.longest * 1_000).encode()
        self.longest = 0.0
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})

    def _beat(self) -> None:
        import asyncio

        now = time.thread_time()
        self.longest = max(self.longest, now - self._last if self._last else 0.0)
        self._last = now
        asyncio.get_running_loop().call_later(_BEAT, self._beat)


def _serve(workspace: str) -> None:
    from graphkit.cli import main
    from graphkit.web.server import app

    make = app.make_app
    app.make_app = lambda *given: Watch(make(*given))  # type: ignore[assignment]
    limits = ("--timeout", "1", "--rate", "0", "--workers", "3", "--per-client", "2", "--rows", "50000")
    sys.argv = ["graphkit", "serve", "--port", "0", "-w", workspace, *limits]
    main()


def run_command(arguments: Sequence[str], folder: Path, seconds: float) -> tuple[int, str]:
    """Run the command line in a copy of this process, which must have one thread; return its status and its stderr.

    A status below 0 is a signal; the copy is killed with SIGKILL when its time is up.
    """
    with tempfile.TemporaryFile() as messages:
        process = os.fork()
        if process == 0:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            _become(arguments, folder, messages.fileno())
        end = time.monotonic() + seconds
        while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > end:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process, signal.SIGKILL)
                break
            time.sleep(0.005)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        messages.seek(0)
        return status, messages.read().decode("utf-8", "replace")


def _become(arguments: Sequence[str], folder: Path, messages: int) -> None:
    from graphkit.cli import main

    code: object = 0
    try:
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor, target in ((nothing, 0), (nothing, 1), (messages, 2)):
            os.dup2(descriptor, target)
        sys.argv = ["graphkit", *arguments]
        main()
    except SystemExit as error:
        code = error.code
    except BaseException:  # noqa: BLE001 - a failure to report
        import traceback

        traceback.print_exc()
        code = 99
    finally:
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve(sys.argv[1])

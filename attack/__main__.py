"""Attack a server and the command line with every hostile input, and print what did not survive.

python -m attack [--quick]
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from attack.commands import commands
from attack.queries import queries
from attack.requests import requests
from attack.target import STALLS, Canary, run_command, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from attack.commands import Command

LONGEST_STALL = 20.0  # milliseconds
# The server's time limit is 1 s of computing time, and at most four times as long on a busy machine.
ANSWER_SECONDS, COMMAND_SECONDS = 10.0, 60.0
PAUSE_SECONDS = 0.3
QUICK = 40
_LEAKS, _SCRIPTS = (b"Traceback", b"root:x:"), (b"<script>alert(1)", b"<img src=x")


@dataclass(slots=True)
class Result:
    """The number of inputs of one kind, the failures, and the longest stall in milliseconds with its inputs."""

    kind: str
    tried: int = 0
    failures: list[str] = field(default_factory=list)
    stall: float = 0.0
    stalled_by: str = ""

    def fail(self, name: str, message: str) -> None:
        """Add a failure, and print it at once."""
        self.failures.append(name)
        print(f"{self.kind}: {name}: {message}", flush=True)


class Attack:
    """Sends inputs to a server."""

    def __init__(self, port: int, canary: Canary) -> None:
        self.port = port
        self.canary = canary

    def queries(self, texts: Iterable[tuple[str, str]]) -> Result:
        """Send queries, two at a time, so that both workers of a client are busy."""
        return self._run("queries", [(name, self._query(text)) for name, text in texts], 2)

    def requests(self, texts: Iterable[tuple[str, bytes]]) -> Result:
        """Send raw requests."""
        return self._run("requests", [(name, self._request(data)) for name, data in texts], 16)

    def _run(self, kind: str, inputs: list[tuple[str, Callable[[], str]]], at_once: int) -> Result:
        result = Result(kind)
        self._stall()
        with ThreadPoolExecutor(at_once) as threads:
            for start in range(0, len(inputs), 4 * at_once):
                part = inputs[start : start + 4 * at_once]
                before = self.canary.hits
                for (name, _), failure in zip(part, threads.map(lambda one: one[1](), part), strict=True):
                    result.tried += 1
                    if failure:
                        result.fail(name, failure)
                names = f"{part[0][0]} to {part[-1][0]}"
                stall = self._stall()
                if stall > result.stall:
                    result.stall, result.stalled_by = stall, names
                if self.canary.hits > before:
                    result.fail(names, f"{self.canary.hits - before} requests reached the canary")
                if not self._answers():
                    result.fail(names, "the server no longer answers")
                    break
        if result.stall > LONGEST_STALL:
            result.fail(result.stalled_by, f"the event loop stood still for {result.stall:.0f} ms")
        return result

    def _query(self, text: str) -> Callable[[], str]:
        body = text.replace("CANARY", self.canary.address).encode("utf-8", "surrogatepass")
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nConnection: close"
        return self._request(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def _request(self, data: bytes) -> Callable[[], str]:
        def send() -> str:
            """Send the request and return what is wrong with the response."""
            answer = b""
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS) as client:
                    client.sendall(data)
                    while part := client.recv(1 << 20):
                        answer = (answer + part)[-100_000:]
                        client.settimeout(PAUSE_SECONDS)  # the connection stays open for another request
            except TimeoutError:
                if not answer:
                    return f"no answer in {ANSWER_SECONDS:.0f} s"
            except OSError:
                pass  # the server has closed the connection
            scripts = _SCRIPTS if b"content-type: text/html" in answer else ()
            leaks = [leak.decode() for leak in (*_LEAKS, *scripts) if leak in answer]
            if leaks:
                return f"the answer contains {leaks}"
            return "500 Internal Server Error" if answer.startswith(b"HTTP/1.1 500") else ""

        return send

    def _get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def _stall(self) -> float:
        return float(self._get(STALLS))

    def _answers(self) -> bool:
        return b"true" in self._get("/sparql?query=ASK%7B%7D%23" + str(time.monotonic_ns()))


def attack_commands(inputs: Iterable[Command], workspace: Path, address: str) -> Result:
    """Run commands, each in a workspace of its own."""
    result = Result("commands")
    copy = workspace.parent / "copy"
    for command in inputs:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(workspace, copy, symlinks=True)
        for path, content in command.files.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_bytes(content.replace(b"CANARY", address.encode()))
        arguments = [word.replace("CANARY", address) for word in command.arguments]
        status, messages = run_command(arguments, copy, COMMAND_SECONDS)
        result.tried += 1
        if status not in {0, 1, 2}:
            result.fail(command.name, f"exit status {status}: {messages[-200:]!r}")
        elif "Traceback" in messages or "panicked" in messages:
            result.fail(command.name, repr(messages[-300:]))
        elif command.files and any(character in messages for character in "\x07\x1b\u202e"):
            result.fail(command.name, f"a control character was printed: {messages[:200]!r}")
    return result


def resident(process: int) -> int:
    """Return the memory of a process in megabytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1_024


def main(words: list[str]) -> int:
    """Print a table of the results; return 1 if an input did harm."""
    parser = argparse.ArgumentParser(prog="python -m attack", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK}th input only")
    step = QUICK if parser.parse_args(words).quick else 1
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "w"
        graphkit = [sys.executable, "-c", "from graphkit.cli import main; main()"]
        for arguments in (["init", str(workspace)], ["build", "-w", str(workspace)]):
            subprocess.run([*graphkit, *arguments], check=True, capture_output=True)
        results, memory = _attack(workspace, step)
    for result in results:
        stall = f", longest stall of the event loop {result.stall:.1f} ms" if result.stalled_by else ""
        print(f"{result.kind:<9} {result.tried:>5} tried, {result.tried - len(result.failures):>5} survived{stall}")
    print(f"memory of the server: {memory[0]} MB before, {memory[1]} MB after")
    return int(any(result.failures for result in results))


def _attack(workspace: Path, step: int) -> tuple[list[Result], tuple[int, int]]:
    canary = Canary()
    # Commands run in copies of this process, which therefore has no other thread yet: their connections wait.
    found = attack_commands(list(commands())[::step], workspace, canary.address)
    canary.start()
    time.sleep(0.2)
    if canary.hits:
        found.fail("all", f"{canary.hits} requests reached the canary")
    with serving(workspace) as (port, process):
        attack = Attack(port, canary)
        attack.requests(list(requests())[:20])  # memory grows with the first requests
        before = resident(process)
        results = [found, attack.queries(list(queries())[::step]), attack.requests(list(requests())[::step])]
        return results, (before, resident(process))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

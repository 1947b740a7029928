"""Commands under a limit of address space (`ulimit -v`), which the engine answers with an abort.

The command then runs in a child process, so that its end can be reported. Without a limit this costs nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from graphkit.query.limits import address_space, is_short_of_memory

_REPORTED = {0, 1, 2}  # the exit codes of a command that could say itself how it ended


def run_within_limit(command: Callable[[], None]) -> None:
    """Run a command; if it dies for lack of address space, report that with the limit and exit with 2."""
    limit = address_space()
    if limit is None:
        command()
        return
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.dup2(writing, 2)
        command()
        return
    os.close(writing)
    code, said = _wait(child, reading)
    if _has_died(code, said):
        said = (
            f"There is not enough memory: this shell allows {limit} MB (ulimit -v), which the engine "
            "and its threads use up.\nType ulimit -v unlimited, or allow at least 2,000 MB. Nothing was changed.\n"
        ).encode()
        code = 2
    os.write(2, said)
    sys.exit(code if code >= 0 else 128 - code)


def _has_died(code: int, said: bytes) -> bool:
    """Return whether a child ended for lack of address space; the system's loader reports that with exit code 127."""
    if code in {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS}:
        return True
    return (code not in _REPORTED and is_short_of_memory(said)) or (code != 0 and b"Traceback" in said)


def _wait(child: int, reading: int) -> tuple[int, bytes]:
    """Return the exit code of a child and its standard error; Ctrl-C goes to the child as well."""
    said = b""
    with os.fdopen(reading, "rb") as pipe:
        while True:
            try:
                said += pipe.read()
                return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said
            except KeyboardInterrupt:
                continue

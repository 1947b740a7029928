"""Interrupt every command at every change of the disk, and print what survived: python -m faults [OPTIONS] [NAME …].

For each command and each call of rename, unlink, fsync and so on, each file opened for writing and each HTTP request:
a kill, a power failure, and the error of that call (a full disk, a failed sync, a lost request); then kills at random
moments, and limits of the size of a file. After each the build must be readable, a second run must give what an
undisturbed run gives, and nothing may be left beside it.

A kill at a call leaves the disk as it is at that moment, so that one run shows the states of all its calls; a power
failure leaves what was synced by then. The errors, and the kills at random moments, are real.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from faults.commands import COMMANDS, Command, first_state
from faults.hook import in_child, in_children
from faults.server import serving
from faults.trials import KINDS, Outcome, Share, Trials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A process with threads cannot be forked safely: those of NumPy and pyarrow, which start when they are loaded.
_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
_ROW = "{:<18}{:>6}{:>6}{:>15}{:>11}{:>13}{:>14}{:>12}{:>13}{:>7}{:>10}{:>9}"


@contextmanager
def trial_folder() -> Iterator[Path]:
    """Make a folder for trials; in memory where possible, since nothing there needs a disk."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def try_command(command: Command, base: Path, folder: Path, shares: Sequence[Share]) -> Outcome:
    """Run the trials of a command in children, each of which has a share of them."""
    folder.mkdir()
    jobs = ((_share, command, base, folder / str(share.number), share) for share in shares)
    outcomes: list[Outcome] = in_children(jobs)
    shutil.rmtree(folder)
    return reduce(add, outcomes)


def _share(command: Command, base: Path, folder: Path, share: Share) -> Outcome:
    folder.mkdir()
    with serving(folder / "root") as port:
        return Trials(command, base, folder, port).run(share)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__.split("\n")[0])
    known = [command.name for command in COMMANDS]
    parser.add_argument("names", nargs="*", help=f"of: {'; '.join(known)}")
    parser.add_argument("--most", type=int, help="try at most this many calls and limits of each command")
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments, over all commands")
    parser.add_argument("--seed", type=int, default=1, help="chooses the calls and the moments")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="trials at once")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in known]:
        parser.error(f"No command {unknown[0]!r}. Type one of: {'; '.join(known)}")
    return given


def main() -> int:
    """Print a table, with each failure below the row of its command; return 1 if there was one."""
    given = _arguments()
    os.environ |= _NO_THREADS
    commands = [command for command in COMMANDS if not given.names or command.name in given.names]
    kills = -(-given.kills // len(commands))
    shares = [Share(number, given.jobs, given.most, kills, given.seed) for number in range(given.jobs)]
    failed = 0
    print(_ROW.format("command", "calls", *KINDS, "tried", "survived", "seconds"), flush=True)
    with trial_folder() as folder:
        in_child(first_state, folder / "base")
        for command in commands:
            begin = time.monotonic()
            found = try_command(command, folder / "base", folder / "trial", shares)
            tried = found.tried.total()
            seconds = round(time.monotonic() - begin)
            kinds = (found.tried[kind] for kind in KINDS)
            print(_ROW.format(command.name, found.calls, *kinds, tried, tried - found.failed, seconds))
            print("".join(f"  {failure}\n" for failure in found.failures), end="", flush=True)
            failed += len(found.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Interrupt every command at every change of the disk, and print what survived: python -m faults [OPTIONS] [NAME …].

For each command and each call of rename, unlink, fsync and so on: a kill, a full disk, a failed sync and a power
failure at that call; then kills at random moments. After each the build must be readable, a second run must give
what an undisturbed run gives, and nothing may be left beside it.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from faults.commands import COMMANDS, LEFTOVER, Command, fingerprint, first_state, problems
from faults.hook import Fault, copy, in_child, run, run_and_kill

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("kill", "full disk", "failed sync", "power failure")
_ERRORS = {"full disk": errno.ENOSPC, "failed sync": errno.EIO}


class Trials:
    """The trials of one command."""

    def __init__(self, command: Command, base: Path, folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.root = folder / "root"
        self.start = folder / "start"
        copy(base, self.root)
        in_child(command.prepare, self.root)
        # The data may name folders: the trial always runs at the same path, and `start` is a copy of it.
        copy(self.root, self.start)
        self.had_build = (self.root / "w/build/graph.nq").exists()
        count = folder / "count"
        self.code = run(command.words(self.root), Fault(), count)
        self.calls = int(count.read_text())
        self.after = fingerprint(self.root)
        self.failures: list[str] = []
        if self.code != command.code:
            self.failures.append(f"{command.name}: an undisturbed run ended with {self.code}")
        self.tried: Counter[str] = Counter()

    def fault(self, kind: str, call: int) -> None:
        """Try one fault at one call."""
        copy(self.start, self.root)
        disk = (self.root, self.folder / "left") if kind == "power failure" else None
        code = run(self.command.words(self.root), Fault(call, _ERRORS.get(kind, 0), disk))
        if disk and disk[1].exists():
            shutil.rmtree(self.root)
            disk[1].rename(self.root)
        self._judge(kind, f"call {call}", code)

    def kill(self, seconds: float) -> None:
        """Try a kill at a random moment."""
        copy(self.start, self.root)
        self._judge("random kill", "some moment", run_and_kill(self.command.words(self.root), seconds))

    def _judge(self, kind: str, where: str, code: int) -> None:
        self.tried[kind] += 1
        wrong = in_child(problems, self.root, self.had_build)
        done = {name: mark for name, mark in fingerprint(self.root).items() if not LEFTOVER.search(name)} == self.after
        if code == 0 and kind != "power failure" and self.code == 0 and not done:
            wrong.append("it reported success, but its work is not complete")
        again = run(self.command.words(self.root), Fault())
        if again != self.code and not done:
            wrong.append(f"a second run ended with {again}")
        wrong += in_child(problems, self.root, self.had_build)
        found = fingerprint(self.root)
        # A command that had done its work may refuse to do it again.
        if found != self.after and not done:
            names = {name for name in {*found, *self.after} if found.get(name) != self.after.get(name)}
            wrong.append(f"after a second run these differ: {', '.join(sorted(names)[:5])}")
        left = [name for name in map(str, self.root.rglob("*")) if LEFTOVER.search(name)]
        if left:
            wrong.append(f"left behind: {', '.join(left[:3])}")
        self.failures += [f"{self.command.name}, {kind} at {where}: {text}" for text in wrong]


@contextmanager
def trial_folder() -> Iterator[Path]:
    """Make a folder for trials; in memory where possible, since nothing there needs a disk."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def try_command(command: Command, base: Path, folder: Path, most: int | None, kills: int) -> Trials:
    """Run the trials of a command.

    Args:
        most: The most calls to interrupt, spread evenly; None for all.
        kills: How many kills at random moments.
    """
    trials = Trials(command, base, folder)
    numbers = range(1, trials.calls + 1)
    if most is not None and most < len(numbers):
        numbers = sorted(random.sample(numbers, most))  # type: ignore[assignment]
    for number in numbers:
        for kind in KINDS:
            trials.fault(kind, number)
    for _ in range(kills):
        trials.kill(1.0)
    return trials


def main() -> int:
    """Print a table, and each failure; return 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(command.name for command in COMMANDS)}")
    parser.add_argument("--most", type=int, help="interrupt at most this many calls of each command")
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments, over all commands")
    parser.add_argument("--seed", type=int, default=1, help="chooses the calls and the moments")
    given = parser.parse_args()
    random.seed(given.seed)
    commands = [command for command in COMMANDS if not given.names or command.name in given.names]
    failures: list[str] = []
    print(f"{'command':<20}{'calls':>7}{'tried':>7}{'failed':>8}", flush=True)
    with trial_folder() as folder:
        in_child(first_state, folder / "base")
        for command in commands:
            (folder / "trial").mkdir()
            trials = try_command(command, folder / "base", folder / "trial", given.most, given.kills // len(commands))
            shutil.rmtree(folder / "trial")
            tried = sum(trials.tried.values())
            print(f"{command.name:<20}{trials.calls:>7}{tried:>7}{len(trials.failures):>8}", flush=True)
            failures += trials.failures
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

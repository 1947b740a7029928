"""The trials of one command: what a fault leaves on the disk, and what a second run makes of it."""

from __future__ import annotations

import errno
import gc
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from faults.commands import LEFTOVER, Command, fingerprint, problems
from faults.hook import REQUEST, SYNC, Fault, copy, in_child, measure, run, run_and_kill, state
from faults.server import settle
from graphkit.query.worker import may_fork

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

# The calls that report an error of their own, and the error of all others.
_ERRORS = {SYNC: ("failed sync", errno.EIO), REQUEST: ("lost request", errno.ECONNRESET)}
_FULL = ("full disk", errno.ENOSPC)
KINDS = ("kill", "power failure", *(kind for kind, _ in (_FULL, *_ERRORS.values())), "file limit", "random kill")
# Limits of the size of a file in bytes: they also make the writes of the engine and of pyarrow fail.
_LIMITS = (200, 2_000, 20_000, 70_000, 100_000, 135_000, 600_000, 1_100_000)


@dataclass(frozen=True, slots=True)
class Share:
    """One of several equal shares of the trials.

    Attributes:
        number: Counted from 0.
        most: The most calls and limits to try, over all shares; None for all.
        kills: How many kills at random moments, over all shares.
        seed: Chooses the calls and the moments.
    """

    number: int
    of: int
    most: int | None
    kills: int
    seed: int

    def count(self, whole: int) -> int:
        """Return how many of several things to try."""
        return whole if self.most is None else min(self.most, whole)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a state of the disk, and whether the work of the command is complete there."""

    done: bool
    wrong: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What the trials found.

    Attributes:
        calls: How many calls an undisturbed run makes.
        tried: How many trials of each kind.
        failed: How many of them found something wrong.
    """

    calls: int
    tried: Counter[str]
    failed: int
    failures: list[str]

    def __add__(self, other: Outcome) -> Outcome:
        """Return both together."""
        tried = self.tried + other.tried
        return Outcome(self.calls, tried, self.failed + other.failed, [*self.failures, *other.failures])


class Trials:
    """The trials of one command, in one folder.

    The data may name folders, so that every trial runs at the same path; `start` is a copy of it.
    """

    def __init__(self, command: Command, base: Path, folder: Path, port: int) -> None:
        self.name, self.port = command.name, port
        self.folder, self.root, self.start = folder, folder / "root", folder / "start"
        copy(base, self.root)
        in_child(command.prepare, self.root)
        copy(self.root, self.start)
        self.had_build = (self.root / "w/build/graph.nq").exists()
        self.outcome = Outcome(0, Counter(), 0, [])
        self.verdicts: dict[str, Verdict] = {}
        self.readable: dict[str, list[str]] = {}
        self.words = command.words(self.root, port)
        self._undisturbed(command.code)

    def _undisturbed(self, expected: int) -> None:
        """Run the command once, to know what it does; from then on a child finds its modules loaded."""
        begin = time.monotonic()
        self.code, self.calls, modules = measure(self.words, self.root, self.folder / "notes")
        self.seconds = time.monotonic() - begin
        self.outcome.calls = len(self.calls)
        self.after = fingerprint(self.root)
        if self.code != expected:
            self._add("an undisturbed run", "", [f"it ended with {self.code}"])
        _preload(modules)

    def run(self, share: Share) -> Outcome:
        """Run a share of the trials."""
        chance = random.Random(f"{share.seed} {self.name}")
        numbers = range(1, self.outcome.calls + 1)
        chosen = sorted(chance.sample(numbers, share.count(len(numbers))))
        limits = sorted(chance.sample(_LIMITS, share.count(len(_LIMITS))))
        moments = [chance.uniform(0, 1.2) for _ in range(share.kills)]
        self._calls(chosen[share.number :: share.of])
        self._commands(limits[share.number :: share.of], moments[share.number :: share.of])
        return self.outcome

    def _calls(self, numbers: Collection[int]) -> None:
        self.pictures(numbers)
        for number in numbers:
            kind, error = _ERRORS.get(self.calls[number - 1], _FULL)
            self.fault(kind, f"call {number}", Fault(number, error))

    def _commands(self, limits: Iterable[int], moments: Iterable[float]) -> None:
        for largest in limits:
            self.fault("file limit", f"{largest} bytes", Fault(largest=largest))
        for moment in moments:
            copy(self.start, self.root)
            code = run_and_kill(self.words, self.root, moment * self.seconds)
            settle(self.port)
            self._judge("random kill", "some moment", code)

    def pictures(self, numbers: Collection[int]) -> None:
        """Try a kill and a power failure at some calls: one run goes through, and the disk is copied at each."""
        folder = self.folder / "pictures"
        copy(self.start, self.root)
        run(self.words, self.root, Fault(), folder, numbers)
        for line in (folder / "taken").read_text().splitlines() if numbers else ():
            number, kind, name = line.split()
            copy(folder / name, self.root)
            self._judge(kind.replace("-", " "), f"call {number}", -9)

    def fault(self, kind: str, where: str, fault: Fault) -> None:
        """Try a fault that the command can report."""
        copy(self.start, self.root)
        self._judge(kind, where, run(self.words, self.root, fault))

    def _judge(self, kind: str, where: str, code: int) -> None:
        self.outcome.tried[kind] += 1
        found = self._verdict()
        wrong = [*found.wrong]
        if code == self.code == 0 and not found.done:
            wrong.append("it reported success, but its work is not complete")
        if code in {1, 99} and code != self.code:
            wrong.append(f"it ended with {code}, as no fault should")
        self._add(kind, where, wrong)

    def _add(self, kind: str, where: str, wrong: Collection[str]) -> None:
        self.outcome.failed += bool(wrong)
        self.outcome.failures += [f"{self.name}, {kind} {where and f'at {where}'}: {text}" for text in wrong]

    def _verdict(self) -> Verdict:
        """Judge the present state; equal states have the same future."""
        name = state(self.root)
        if name not in self.verdicts:
            self.verdicts[name] = self._look()
        return self.verdicts[name]

    def _look(self) -> Verdict:
        wrong = self._unreadable()
        done = {name: mark for name, mark in fingerprint(self.root).items() if not LEFTOVER.search(name)} == self.after
        again = run(self.words, self.root, Fault())
        if again != self.code and not done:
            wrong.append(f"a second run ended with {again}")
        wrong += self._unreadable()
        found = fingerprint(self.root)
        # A command that had done its work may refuse to do it again.
        if found != self.after and not done:
            names = {name for name in {*found, *self.after} if found.get(name) != self.after.get(name)}
            wrong.append(f"after a second run these differ: {', '.join(sorted(names)[:5])}")
        left = [name for name in map(str, self.root.rglob("*")) if LEFTOVER.search(name)]
        if left:
            wrong.append(f"left behind: {', '.join(left[:3])}")
        return Verdict(done, tuple(wrong))

    def _unreadable(self) -> list[str]:
        """Return what is wrong with the build."""
        name = state(self.root / "w")
        if name not in self.readable:
            self.readable[name] = in_child(problems, self.root, self.had_build)
        return [*self.readable[name]]


def _preload(modules: Iterable[str]) -> None:
    """Load the modules that a command needs."""
    for name in modules:
        if name.partition(".")[0] not in {"__main__", "faults"}:
            with suppress(ImportError):
                import_module(name)
    gc.freeze()
    if not may_fork():
        raise RuntimeError("A module has started a thread: the trials cannot be forked.")

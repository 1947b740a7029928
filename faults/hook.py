"""Run a command in a child process that is killed, gets an error or loses power at its Nth change of the disk."""

from __future__ import annotations

import itertools
import os
import pickle
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graphkit.model import files

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# The calls that change the disk. Writing into a file is not among them: a part has no reader before its rename.
CALLS = ("rename", "replace", "link", "symlink", "unlink", "rmdir", "mkdir", "truncate", "fsync")
NEVER = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at a call.

    Attributes:
        call: The number of the call, from 1; `NEVER` to count only.
        error: The error that the call reports; 0 for a kill.
        disk: For a power failure, the folder to lose what was not synced from, and the folder for what is left.
    """

    call: int = NEVER
    error: int = 0
    disk: tuple[Path, Path] | None = None


@dataclass(slots=True)
class Disk:
    """What a disk is sure to hold: the contents of synced files and the entries of synced folders.

    It is a pessimist: a name that was not synced is lost, and so are the contents of a file that was not. Everything
    that was there at the beginning was synced.
    """

    root: Path
    contents: dict[int, bytes] = field(default_factory=dict)
    entries: dict[int, dict[str, tuple[int, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take in everything below the root."""
        for path in (self.root, *self.root.rglob("*")):
            if not path.is_symlink():
                self.sync(path)

    def sync(self, path: Path) -> None:
        """Take in a file, or the entries of a folder."""
        number = path.stat().st_ino
        if path.is_dir():
            self.entries[number] = {
                child.name: (child.lstat().st_ino, str(child.readlink()) if child.is_symlink() else "")
                for child in path.iterdir()
            }
        elif path.is_file():
            self.contents[number] = path.read_bytes()

    def write(self, path: Path, number: int | None = None) -> None:
        """Write what is left to a folder."""
        path.mkdir()
        for name, (child, link) in self.entries.get(number or self.root.stat().st_ino, {}).items():
            if link:
                (path / name).symlink_to(link)
            elif child in self.entries:
                self.write(path / name, child)
            elif child in self.contents:
                (path / name).write_bytes(self.contents[child])
            else:
                (path / name).write_bytes(b"")


def in_child(call: Callable[..., T], *arguments: object) -> T:
    """Call a function in a child and return its result.

    The engine has threads, which a fork does not copy: the process that forks the trials must never open a store.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(theirs, pickle.dumps(call(*arguments)))
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(data)  # type: ignore[no-any-return]  # noqa: S301


def run(arguments: list[str], fault: Fault, count: Path | None = None) -> int:
    """Run a command in a child and return its exit code; negative if a signal ended it.

    Args:
        arguments: The command as a user types it, without `graphkit`.
        count: A file for the number of calls.
    """
    child = os.fork()
    if not child:
        _work(arguments, fault, count)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run_and_kill(arguments: list[str], seconds: float) -> int:
    """Run a command in a child, kill it after a time and return its exit code."""
    child = os.fork()
    if not child:
        _work(arguments, Fault(), None)
    time.sleep(random.uniform(0, seconds))
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _work(arguments: list[str], fault: Fault, count: Path | None) -> None:
    """Run the command line and leave; never return."""
    from graphkit.cli import main

    code = 99
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        sys.argv = ["graphkit", *arguments]
        calls = install(fault)
        main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        if count:
            count.write_text(str(next(calls) - 1))
        os._exit(code)


def install(fault: Fault) -> itertools.count[int]:
    """Replace the calls by counting ones, and return the counter. Nothing is really synced: the machine stays up."""
    calls = itertools.count(1)
    me = os.getpid()
    disk = Disk(fault.disk[0]) if fault.disk else None
    really = {name: getattr(os, name) for name in CALLS}

    def counted(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def counting(*arguments: object, **options: object) -> object:
            if os.getpid() == me and next(calls) == fault.call:
                if fault.error:
                    raise OSError(fault.error, os.strerror(fault.error))
                if disk and fault.disk:
                    for other, original in really.items():
                        setattr(os, other, original)
                    disk.write(fault.disk[1])
                os.kill(me, signal.SIGKILL)
            if name == "fsync":
                if disk and isinstance(arguments[0], int):
                    disk.sync(Path(f"/proc/self/fd/{arguments[0]}").readlink())
                return None
            return call(*arguments, **options)

        return counting

    for name, call in really.items():
        setattr(os, name, counted(name, call))
    vars(files)["_exchange"] = counted("exchange", vars(files)["_exchange"])
    return calls


def copy(source: Path, target: Path) -> None:
    """Copy a folder, links as links, to a folder that is replaced."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)

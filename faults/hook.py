"""Run a command in a child process in which every change of the disk is counted, and can fail or be the last one."""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import os
import pickle
import resource
import shutil
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import IO, TYPE_CHECKING, Any, TypeVar

from graphkit.model import files
from graphkit.store.remote import http

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

T = TypeVar("T")

# The calls that change the disk. Beside them count each file that Python opens for writing, and each HTTP request.
CALLS = ("rename", "replace", "link", "symlink", "unlink", "rmdir", "mkdir", "truncate")
SYNC, REQUEST = "fsync", "request"
NEVER = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at a call.

    Attributes:
        call: The number of the call, from 1; `NEVER` to count only.
        error: The error that the call reports; 0 for a kill. A file that is opened for writing on a full disk opens,
            but nothing can be written into it.
        largest: The greatest size of a file in bytes, also of one that the engine writes; 0 for no limit.
    """

    call: int = NEVER
    error: int = 0
    largest: int = 0


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


class Pictures:
    """Copies of the disk at some calls of one run: as a kill leaves it there, and as a power failure leaves it.

    Equal states are kept once. The list in `taken` has, line by line, a number, a kind and the name of a state.
    """

    def __init__(self, root: Path, folder: Path, numbers: Collection[int]) -> None:
        self.root, self.folder, self.numbers = root, folder, numbers
        folder.mkdir()
        self.disk = Disk(root)
        self.taken = folder / "taken"

    def take(self, number: int) -> None:
        """Keep both states at a call."""
        if number not in self.numbers:
            return
        left = self.folder / "left"
        self.disk.write(left)
        with self.taken.open("a", encoding="utf-8") as file:
            file.write(f"{number} kill {self._keep(self.root)}\n{number} power-failure {self._keep(left)}\n")
        shutil.rmtree(left)

    def _keep(self, source: Path) -> str:
        name = state(source)
        if not (self.folder / name).exists():
            copy(source, self.folder / name)
        return name


def state(root: Path) -> str:
    """Return a hash of the names, links and contents of everything below a folder.

    Folders that are parts count by their names: they are removed as they are, or renamed, never read.
    """
    made = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if ".part/" in str(path):
            continue
        made.update(os.fsencode(path.relative_to(root)) + b"\0")
        if path.is_symlink():
            made.update(os.fsencode(path.readlink()))
        elif path.is_file():
            made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()


def copy(source: Path, target: Path) -> None:
    """Copy a folder, links as links, to a folder that is replaced."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)


# --- children --------------------------------------------------------------------------------------------------------


def in_child(call: Callable[..., T], *arguments: object) -> T:
    """Call a function in a child and return its result."""
    return in_children([(call, *arguments)])[0]  # type: ignore[no-any-return]


def in_children(jobs: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Call functions at once, each in a child, and return their results.

    The engine has threads, which a fork does not copy: the process that forks the trials must never open a store.
    """
    begun = [_begin(*job) for job in jobs]
    return [_end(child, pipe) for child, pipe in begun]


def _begin(call: Callable[..., object], *arguments: object) -> tuple[int, int]:
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        try:
            with os.fdopen(theirs, "wb") as pipe:
                pipe.write(pickle.dumps(call(*arguments)))
        except BaseException:  # noqa: BLE001 - the parent finds no result
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(theirs)
    return child, ours


def _end(child: int, pipe: int) -> object:
    with os.fdopen(pipe, "rb") as reading:
        data = reading.read()
    os.waitpid(child, 0)
    if not data:
        raise RuntimeError("A child has ended without a result.")
    return pickle.loads(data)  # noqa: S301 - of our own child


def run(arguments: list[str], root: Path, fault: Fault, pictures: Path | None = None, at: Collection[int] = ()) -> int:
    """Run a command in a child and return its exit code; negative if a signal ended it.

    Args:
        arguments: The command as a user types it, without `graphkit`.
        root: The folder that it works in.
        pictures: A folder for copies of the disk.
        at: The numbers of the calls at which to copy it.
    """
    child = os.fork()
    if not child:
        _work(arguments, lambda: install(fault, root, Pictures(root, pictures, at) if pictures else None))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def measure(arguments: list[str], root: Path, notes: Path) -> tuple[int, list[str], list[str]]:
    """Run a command in a child; return its exit code, its calls and the modules that it has loaded."""
    child = os.fork()
    if not child:
        _work(arguments, lambda: install(Fault(), root), notes)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    calls, modules = notes.read_text().split("\n")
    return code, calls.split(), modules.split()


def run_and_kill(arguments: list[str], root: Path, seconds: float) -> int:
    """Run a command in a child, kill it after a time and return its exit code."""
    child = os.fork()
    if not child:
        _work(arguments, lambda: install(Fault(), root))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _work(arguments: list[str], begin: Callable[[], list[str]], notes: Path | None = None) -> None:
    """Run the command line and leave; never return."""
    from graphkit.cli import main

    code = 99
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(quiet, number)
        sys.argv = ["graphkit", *arguments]
        calls = begin()
        main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        if notes:
            notes.write_text(f"{' '.join(calls)}\n{' '.join(sys.modules)}")
        os._exit(code)


# --- calls -----------------------------------------------------------------------------------------------------------


def install(fault: Fault, root: Path | None = None, pictures: Pictures | None = None) -> list[str]:
    """Replace the calls by counting ones, and return the list to which each adds its name.

    Nothing is really synced: the machine stays up.

    Args:
        root: The folder in which files that are opened for writing count; by default none count.
        pictures: Copies the disk at calls.
    """
    if fault.largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.largest, fault.largest))
    hook = _Hook(fault, root, pictures)
    for name in CALLS:
        setattr(os, name, hook.counted(name, getattr(os, name)))
    os.fsync = hook.synced  # type: ignore[assignment]
    builtins.open = io.open = hook.opened  # type: ignore[assignment]
    vars(files)["_exchange"] = hook.counted("exchange", vars(files)["_exchange"])
    vars(http)["exchange"] = hook.counted(REQUEST, vars(http)["exchange"])
    return hook.calls


class _Hook:
    """Counts the calls of this process, and fails, kills or copies at one of them."""

    def __init__(self, fault: Fault, root: Path | None, pictures: Pictures | None) -> None:
        self.fault, self.pictures = fault, pictures
        self.calls: list[str] = []
        self.process = os.getpid()
        self.inside = f"{root}/"
        self.busy = False
        self.lock = RLock()  # files are synced by several threads
        self.open = io.open

    def reached(self, name: str) -> bool:
        """Count a call; return whether it shall fail."""
        if os.getpid() != self.process:  # first: a fork copies a lock that another thread holds
            return False
        with self.lock:
            if self.busy:
                return False
            self.calls.append(name)
            number = len(self.calls)
            if self.pictures:
                self.busy = True
                self.pictures.take(number)
                self.busy = False
            if number == self.fault.call and not self.fault.error:
                os.kill(self.process, signal.SIGKILL)
            return number == self.fault.call

    def fail(self) -> None:
        raise OSError(self.fault.error, os.strerror(self.fault.error))

    def counted(self, name: str, call: Callable[..., T]) -> Callable[..., T]:
        """Return a call that counts."""

        def counting(*arguments: object, **options: object) -> T:
            if self.reached(name):
                self.fail()
            return call(*arguments, **options)

        return counting

    def synced(self, number: int) -> None:
        """Count a sync."""
        if self.reached(SYNC):
            self.fail()
        with self.lock:
            if self.pictures and not self.busy:
                self.pictures.disk.sync(Path(f"/proc/self/fd/{number}").readlink())

    def opened(self, file: Any, mode: str = "r", *others: Any, **options: Any) -> IO[Any]:  # noqa: ANN401
        """Open a file, and count it if it is one of the trial that is written to."""
        writes = set(mode) & set("wax+") and isinstance(file, (str, Path)) and str(file).startswith(self.inside)
        fails = writes and self.reached("open")
        if fails and self.fault.error != errno.ENOSPC:
            self.fail()
        found: IO[Any] = self.open(file, mode, *others, **options)
        if fails:
            os.dup2(os.open("/dev/full", os.O_RDWR), found.fileno())
        return found

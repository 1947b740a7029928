"""Files and folders that are replaced as a whole, also when the process is killed or the power fails; their hashes.

Every write goes to a part beside its destination, is synced to the disk, and is then renamed. A replacement of several
paths first writes a journal with their names. The next replacement in one of the folders, or `recover`, undoes a
replacement whose process died before it was complete. The journal is locked while its process lives.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

from collections.abc import Iterator, Sequence

if TYPE_CHECKING:
    import gzip

# The folders in which a name stands for an open file of this process.
_STREAMS = {"/dev", "/dev/fd", "/proc/self/fd"}
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_SYNCED_AT_ONCE = 4


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def compressed(path: Path) -> Iterator[gzip.GzipFile]:
    """Open a file to write it compressed, without a name and a time, so that the same content gives the same bytes."""
    import gzip

    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        yield packed


def is_stream(path: Path) -> bool:
    """Return whether a path is a device, a pipe or an open file such as /dev/stdout, which is written to, not replaced.

    >>> is_stream(Path("/dev/null")), is_stream(Path("/tmp"))
    (True, False)
    """
    if str(path.absolute().parent) in _STREAMS:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to, and rename it to `path` on success. Folders work too.

    After an error or Ctrl-C `path` is unchanged and nothing is left beside it. A link is followed, and a device or a
    pipe is written to.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(path) as part:
    ...     _ = part.write_text("whole")
    >>> path.read_text()
    'whole'
    """
    with replacing_all(path) as (part,):
        yield part


@contextmanager
def replacing_all(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Replace several paths that belong together: all of them or none.

    A kill or a power failure between two renames is undone by the next replacement in one of the folders, or by
    `recover`.
    """
    streams = {path: _temporary() for path in paths if is_stream(path)}
    targets = {path: Path(os.path.realpath(path)) for path in paths if path not in streams}
    with _Replacement.begin(tuple(targets.values())) as replacement:
        try:
            yield tuple(streams.get(path) or replacement.part(targets[path]) for path in paths)
            with _uninterrupted():
                replacement.commit()
            for stream, part in streams.items():
                _copy(part, stream)
        finally:
            for part in streams.values():
                part.unlink(missing_ok=True)


def _temporary() -> Path:
    import tempfile  # takes as long to load as a question to answer

    return Path(tempfile.gettempdir(), f"graphkit.{os.urandom(8).hex()}")


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Make a folder inside another for the length of a block; after a kill the next writer there removes it."""
    with _Replacement.begin((folder / "scratch",)) as replacement:
        part = replacement.part(folder / "scratch")
        part.mkdir()
        yield part


def recover(*folders: Path) -> None:
    """Undo the replacements in these folders whose process died before they were complete.

    A folder that cannot be written to is left as it is.
    """
    for folder in folders:
        for journal in sorted(folder.glob(".graphkit.*.journal")):
            with suppress(OSError):
                replacement = _Replacement.read(journal)
                first = replacement.journals[0]
                with _lock(first if first.exists() else journal) as locked:
                    if locked:
                        replacement.undo()


class _Replacement:
    """A replacement of paths, with a journal in each of their folders.

    The first journal decides: while it holds names, the renames are not complete. It is emptied when they are.
    """

    def __init__(self, token: str, targets: Sequence[Path]) -> None:
        self.token = token
        self.targets = targets
        self.journals = [
            folder / f".graphkit.{token}.journal" for folder in dict.fromkeys(target.parent for target in targets)
        ]

    @classmethod
    @contextmanager
    def begin(cls, targets: Sequence[Path]) -> Iterator[_Replacement]:
        """Lock the journals, and remove every part and journal at the end."""
        self = cls(os.urandom(4).hex(), targets)
        if not targets:
            yield self
            return
        for journal in self.journals:
            journal.parent.mkdir(parents=True, exist_ok=True)
        recover(*(journal.parent for journal in self.journals))
        with _locks(self.journals):
            try:
                yield self
            finally:
                with _uninterrupted():
                    self.undo()

    @classmethod
    def read(cls, journal: Path) -> _Replacement:
        """Read the journal of a dead process; an empty one is of a process before its renames or after them."""
        text, token = journal.read_text(encoding="utf-8"), journal.name.split(".")[2]
        if text.endswith("\n"):
            names = json.loads(text)
        else:
            names = [".graphkit", *(mark.parent.name for mark in journal.parent.glob(f"*/{_mark(token)}"))]
        return cls(token, [Path(os.path.normpath(journal.parent / name)) for name in names])

    def part(self, target: Path) -> Path:
        return target.parent / f".{target.name}.{self.token}.part"

    def _old(self, target: Path) -> Path:
        return target.parent / f".{target.name}.{self.token}.old"

    def commit(self) -> None:
        """Sync the parts, and rename them to their places."""
        for target in self.targets:
            if self.part(target).is_file() and target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            sync_tree(self.part(target))
        if len(self.targets) == 1 and _replace_at_once(self.part(self.targets[0]), self.targets[0]):
            sync(self.targets[0].parent)
        elif self.targets:
            self._replace_together()

    def _replace_together(self) -> None:
        # The first journal decides, so that it is written last.
        for journal in reversed(self.journals):
            names = [os.path.relpath(target, journal.parent) for target in self.targets]
            journal.write_text(json.dumps(names) + "\n", encoding="utf-8")
            sync(journal)
            sync(journal.parent)
        for target in self.targets:
            self._place(target)
        for journal in self.journals:
            sync(journal.parent)
        self._end()

    def _place(self, target: Path) -> None:
        """Put a part in its place; a folder is exchanged, so that there is no moment without it."""
        part = self.part(target)
        if target.is_dir() and part.is_dir():
            mark = part / _mark(self.token)
            mark.touch()
            sync(part)
            if _exchange(part, target):
                return
            mark.unlink()
        _keep(target, self._old(target))
        part.replace(target)

    def _end(self) -> None:
        """Empty the first journal: from here on there is nothing to put back."""
        os.truncate(self.journals[0], 0)
        sync(self.journals[0])

    def undo(self) -> None:
        """Put everything back if the renames are not complete; remove the parts, old files and journals."""
        first = self.journals[0]
        if first.exists() and first.stat().st_size:
            for target in self.targets:
                self._restore(target)
            self._end()
        for target in self.targets:
            if target.is_dir():
                (target / _mark(self.token)).unlink(missing_ok=True)
            remove(self._old(target))
            remove(self.part(target))
        for journal in self.journals:
            for left in journal.parent.glob(f".*.{self.token}.*"):
                if left not in self.journals:
                    remove(left)
        for journal in reversed(self.journals):
            journal.unlink(missing_ok=True)

    def _restore(self, target: Path) -> None:
        """Undo one rename. Each step leaves a state from which this can begin again."""
        part, old = self.part(target), self._old(target)
        if part.exists() and (target / _mark(self.token)).exists():
            _exchange(part, target)
        if not part.exists() and target.exists():
            target.replace(part)
        if old.exists() and not target.exists():
            old.replace(target)


def _mark(token: str) -> str:
    """Return the name of a file that tells a new folder from the old one, once they are exchanged."""
    return f".graphkit.{token}.new"


def _replace_at_once(part: Path, target: Path) -> bool:
    """Replace a path by one system call, and return whether that is possible here."""
    if not target.is_dir():
        part.replace(target)
        return True
    return _exchange(part, target)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders by one system call, where the system has it (Linux)."""
    call = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    paths = os.fsencode(one), os.fsencode(other)
    return call is not None and call(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0


def _keep(target: Path, old: Path) -> None:
    """Keep the old file under another name, without a moment in which it is missing; a folder is moved."""
    if target.is_dir():
        target.replace(old)
    elif target.exists():
        try:
            os.link(target, old)
        except OSError:  # A disk without hard links.
            shutil.copy2(target, old)


def sync(path: Path) -> None:
    """Write a file or a folder through to the disk."""
    try:
        number = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except PermissionError:  # A folder that may be written to but not read, and on Windows any folder.
        return
    try:
        os.fsync(number)
    except OSError as error:
        # Some file systems have no sync for folders.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(number)


def sync_tree(path: Path) -> None:
    """Write a file, or a folder with everything in it, through to the disk.

    Several files at a time take a quarter of the time, because the disk writes them together.
    """
    from concurrent.futures import ThreadPoolExecutor

    folders = [path] if path.is_dir() else []
    files = [] if folders else [path]
    for folder in folders:
        for child in folder.iterdir():
            (folders if child.is_dir() else files).append(child)
    with ThreadPoolExecutor(_SYNCED_AT_ONCE) as threads:
        list(threads.map(sync, files))
    for folder in reversed(folders):
        sync(folder)


@contextmanager
def _locks(journals: Sequence[Path]) -> Iterator[None]:
    """Create journals and hold their locks."""
    with ExitStack() as held:
        for journal in journals:
            while not held.enter_context(_lock(journal, os.O_CREAT)):
                pass  # Another process took the new file for a leftover.
        yield


@contextmanager
def _lock(journal: Path, create: int = 0) -> Iterator[bool]:
    """Lock a journal; yield False if a running process holds the lock, or if the journal is gone."""
    number = os.open(journal, os.O_RDWR | create, 0o666)
    try:
        # Without locks a new journal is ours, and a leftover is taken for the work of a running process.
        yield (lock(number, alone=True, wait=bool(create)) or bool(create)) and os.fstat(number).st_nlink > 0
    finally:
        os.close(number)


def lock(number: int, *, alone: bool = False, wait: bool = True) -> bool:
    """Lock an open file or folder until it is closed; return False if another process holds it, or without locks.

    Args:
        alone: Whether no other process may hold the lock too.
        wait: Whether to wait for other processes.
    """
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(number, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # It is held, or the disk has no locks.
        return False
    return True


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C until the block is finished.

    Python delivers signals to the main thread, so other threads do not need this. Blocking the signal would not help:
    the database has threads of its own that would receive it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
    if came:
        raise KeyboardInterrupt


def _copy(part: Path, stream: Path) -> None:
    """Write a finished file to a device, a pipe or an open file."""
    with part.open("rb") as file, stream.open("ab") as out:
        shutil.copyfileobj(file, out)


def remove(path: Path) -> None:
    """Remove a file or a folder if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

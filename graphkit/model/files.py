"""Files and folders that are replaced as a whole, and their hashes."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_mark(path: Path) -> tuple[int, int, int] | None:
    """Return inode, time and size of a file, which change when it is replaced; None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to, and rename it to `path` on success. Folders work too.

    After an error or Ctrl-C `path` is unchanged and nothing is left beside it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(path) as beside:
    ...     _ = beside.write_text("whole")
    >>> path.read_text()
    'whole'
    """
    with replacing_all(path) as (beside,):
        yield beside


@contextmanager
def replacing_all(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Replace several paths that belong together, without a pause between them.

    Ctrl-C cannot come between the renames; only a kill or a power failure can.
    """
    for folder in {path.parent for path in paths}:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(folder, {path.name for path in paths if path.parent == folder})
    beside = tuple(path.parent / f".{path.name}.{os.getpid()}.part" for path in paths)
    try:
        yield beside
        with _uninterrupted():
            for new, path in zip(beside, paths, strict=True):
                _swap(new, path)
    finally:
        with _uninterrupted():
            for new in beside:
                _remove(new)


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


def _clear_leftovers(folder: Path, names: Collection[str]) -> None:
    """Remove the leftovers of a killed process, and restore the files that it moved but did not replace."""
    for left in folder.glob(".*.*.*"):
        name, number, suffix = left.name[1:].rsplit(".", 2)
        if name in names and number.isdigit() and not _is_running(int(number)):
            path = folder / name
            if suffix == "old" and not path.exists():
                left.replace(path)
            else:
                _remove(left)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _swap(beside: Path, path: Path) -> None:
    """Rename a finished file or folder to the path of the old one."""
    if beside.is_file() and path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.is_dir():
        beside.replace(path)
        return
    # A folder cannot replace a full folder: move the old folder aside first, and back if that fails.
    old = path.parent / f".{path.name}.{os.getpid()}.old"
    try:
        path.replace(old)
        beside.replace(path)
    finally:
        if old.exists() and not path.exists():
            old.replace(path)
        _remove(old)


def _remove(path: Path) -> None:
    """Remove a file or a folder if it exists."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

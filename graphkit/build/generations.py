"""Writes builds as generations: a new one becomes current by one rename, so that readers never meet half a build.

The generation that was current before stays for `graphkit build --rollback`. Older ones are removed when no process
holds the lock that readers take. `graphkit.model.generation` describes the folders.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from graphkit.model.errors import StoreError
from graphkit.model.files import hash_file, lock, remove, scratch_folder, sync, sync_tree
from graphkit.model.generation import Generation, current_name, open_current, open_generation

_SUMS = "SHA256SUMS"
_GRAPH_LINK = "current/graph.nq"
_PART = ".previous.part"
_NO_LINKS = {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


@contextmanager
def new_generation(build: Path) -> Iterator[Generation]:
    """Make a folder to write a generation to; it is removed at the end unless `switch` has moved it."""
    with scratch_folder(build / "generations") as folder:
        yield Generation(folder)


def seal(new: Generation) -> None:
    """Write the hashes of all files of a finished generation, and sync it to the disk.

    The index must be closed: its engine keeps a log in which every path is absolute.
    """
    for path in (*new.index.glob("LOG*"), *new.index.glob("LOCK")):
        path.unlink()
    files = sorted(path for path in new.folder.rglob("*") if path.is_file())
    sums = "".join(f"{hash_file(path)}  {path.relative_to(new.folder).as_posix()}\n" for path in files)
    (new.folder / _SUMS).write_text(sums, encoding="utf-8", newline="\n")
    sync_tree(new.folder)


def find_whole(build: Path, sha256: str) -> Generation | None:
    """Open an undamaged generation of a graph if there is one."""
    opened = map(open_generation, sorted((build / "generations").glob(f"{sha256}*")))
    return next((found for found in opened if found and _is_whole(found)), None)


def _is_whole(found: Generation) -> bool:
    try:
        lines = (found.folder / _SUMS).read_text(encoding="utf-8").splitlines()
        return bool(lines) and all(hash_file(found.folder / line[66:]) == line[:64] for line in lines)
    except (OSError, UnicodeDecodeError):
        return False


def switch(build: Path, to: Generation, sha256: str) -> Generation:
    """Make a generation the current one.

    Args:
        to: A sealed generation, new or from `find_whole`.

    Returns:
        The generation at its final place.
    """
    with _alone(build):
        if to.folder.name.startswith("."):
            # Another process may have built the same graph meanwhile.
            to = find_whole(build, sha256) or _placed(build, to, sha256)
        _switch(build, to)
    return to


def _placed(build: Path, new: Generation, sha256: str) -> Generation:
    """Move a generation to its place; beside it if a damaged one is there."""
    names = (sha256 if number == 0 else f"{sha256}-{number}" for number in count())
    place = next(path for name in names if not (path := build / "generations" / name).exists())
    new.folder.rename(place)
    sync(place.parent)
    return Generation(place)


def roll_back(build: Path) -> Generation:
    """Make the generation that was current before the current one again; a second time undoes the first.

    Raises:
        StoreError: There is no such generation, or it is damaged.
    """
    current = open_current(build)
    with _alone(build):
        found = open_generation(build / "generations" / (current.previous or "none"))
        if found is None or not _is_whole(found):
            problem = "is damaged" if found else "does not exist"
            raise StoreError(f"The build before the current one {problem}.", "Correct the data, then: graphkit build")
        _switch(build, found)
    return found


@contextmanager
def _alone(build: Path) -> Iterator[None]:
    """Keep other builds from switching for the length of a block."""
    if sys.platform == "win32":  # A folder cannot be locked there.
        yield
        return
    number = os.open(build / "generations", os.O_RDONLY)
    try:
        lock(number, alone=True)
        yield
    finally:
        os.close(number)


def _switch(build: Path, to: Generation) -> None:
    before = current_name(build)
    if before != to.folder.name:
        if before.startswith(to.sha256):  # It was damaged.
            before = Generation(build / "generations" / before).previous
        _write(to.folder / "previous", before, to.folder.with_name(_PART))
    _link(build / "graph.nq", _GRAPH_LINK)
    _link(build / "current", f"generations/{to.folder.name}")
    _remove_older(build)


def _link(link: Path, target: str) -> None:
    """Point a link to a target by one rename, unless it does so already."""
    if link.is_symlink() and str(link.readlink()) == target:
        return
    part = link.with_name(f".{link.name}.part")
    part.unlink(missing_ok=True)
    if not _is_linked(part, target):
        if target == _GRAPH_LINK:
            link.unlink(missing_ok=True)
            return
        _write(link, target, part)
        return
    if link.is_dir() and not link.is_symlink():
        remove(link)  # a copy of the folder that did not keep the links
    part.replace(link)
    sync(link.parent)


def _write(path: Path, text: str, part: Path) -> None:
    """Replace a file by one rename."""
    part.write_text(f"{text}\n", encoding="utf-8")
    sync(part)
    part.replace(path)
    sync(path.parent)


def _is_linked(part: Path, target: str) -> bool:
    """Make a link, and return whether there are links on this disk."""
    try:
        part.symlink_to(target)
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def _remove_older(build: Path) -> None:
    """Remove what no reader can reach: a failure leaves it to the next build."""
    current = Generation(build / "generations" / current_name(build))
    for folder in (build / "generations").iterdir():
        if folder.name.endswith(".removed"):
            shutil.rmtree(folder, ignore_errors=True)
        elif not folder.name.startswith(".") and folder.name not in {current.folder.name, current.previous}:
            with suppress(OSError):
                _remove_unread(Generation(folder))
    # Leftovers of a killed build, and what earlier versions of graphkit wrote.
    for old in (build / "generations" / _PART, build / "store", build / "void.json"):
        with suppress(OSError):
            remove(old)


def _remove_unread(old: Generation) -> None:
    number = -1 if sys.platform == "win32" or not old.graph_file.exists() else os.open(old.graph_file, os.O_RDONLY)
    try:
        if number < 0 or lock(number, alone=True, wait=False):
            gone = old.folder.with_name(f".{old.folder.name}.removed")
            old.folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
    finally:
        if number >= 0:
            os.close(number)

"""The folder on disk: where the ontology, the data and the build are.

Nothing else in the package looks for files or reads the environment.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.model.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def file_mark(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from the one that takes its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that holds `ontology/` and `data/`, and gets a `build/`.

    Args:
        root: The folder.
    """

    root: Path

    @property
    def ontology(self) -> Path:
        """The ontology folder: vocabularies, shapes, rules, checks and saved questions."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The data folder: `dataset.yaml`, `entities/`, `sources/`, and perhaps `merges.yaml`."""
        return self.root / "data"

    @property
    def merges(self) -> Path:
        """The file of what is read as something else; there need not be one."""
        return self.data / "merges.yaml"

    @property
    def build(self) -> Path:
        """The build folder; everything in it can be made again."""
        return self.root / "build"

    @property
    def graph_file(self) -> Path:
        """The product: the whole graph as sorted N-Quads."""
        return self.build / "graph.nq"

    @property
    def store(self) -> Path:
        """The index of the product."""
        return self.build / "store"

    def places_file(self, kind: str, about: str = "", hops: int = 0) -> Path:
        """Return the file that keeps where the nodes of a view stand; there need not be one.

        Args:
            kind: What is drawn: a plain word.
            about: What it is about, as it was typed: no part of it gets into the name of the file.
            hops: How many steps from there.
        """
        asked = hashlib.sha256(f"{about} {hops}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return self.build / "places" / (f"{kind}-{asked}.json" if about else f"{kind}.json")

    def vocabularies(self) -> list[Path]:
        """List the Turtle files of the ontology that go into the graph: all but the shapes."""
        return [path for path in sorted(self.ontology.glob("*.ttl")) if path.name != "shapes.ttl"]

    def rules(self) -> list[Path]:
        """List the rules in the order in which they apply."""
        return sorted((self.ontology / "rules").glob("*.rq"))

    def checks(self) -> list[Path]:
        """List the checks."""
        return sorted((self.ontology / "checks").glob("*.rq"))

    def questions(self) -> list[Path]:
        """List the saved questions."""
        return sorted((self.ontology / "questions").glob("*.rq"))

    def entity_files(self) -> list[Path]:
        """List the files that describe entities."""
        return sorted((self.data / "entities").glob("*.y*ml"))

    def source_files(self) -> list[Path]:
        """List the files of source documents, one each."""
        return sorted((self.data / "sources").glob("*.y*ml"))

    def story_files(self) -> list[Path]:
        """List the files of stories."""
        return sorted((self.data / "stories").glob("*.y*ml"))

    def name(self, path: Path) -> str:
        """Spell a path as messages show it: from the root of the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def is_workspace(folder: Path) -> bool:
    """Say whether a folder is a workspace."""
    return (folder / "ontology").is_dir() and (folder / "data" / "dataset.yaml").is_file()


def find_workspace(start: Path | str | None = None) -> Workspace:
    """Find the workspace at a folder or the nearest one above it.

    Args:
        start: Where to start; by default `$GRAPHKIT_WORKSPACE`, else the current folder.

    Raises:
        WorkspaceError: There is none.
    """
    begin = Path(start or os.environ.get("GRAPHKIT_WORKSPACE") or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if is_workspace(folder):
            return Workspace(folder)
    raise WorkspaceError(
        f"No workspace at {begin} or above it: a folder with ontology/ and data/dataset.yaml.",
        "Type: graphkit init DIR   or name one with --workspace DIR",
    )


def questions_place(start: Path | str | None = None) -> Workspace:
    """Find the workspace whose saved questions are asked of an endpoint; without one, the packaged ontology.

    Args:
        start: A workspace that was named, or nothing.

    Raises:
        WorkspaceError: One was named, and there is none.
    """
    try:
        return find_workspace(start)
    except WorkspaceError:
        if start:
            raise
        return Workspace(packaged_ontology().parent)


def credentials() -> tuple[str, str] | None:
    """Return user and password for an endpoint, of `$GRAPHKIT_STORE_USER` and `$GRAPHKIT_STORE_PASSWORD`."""
    user = os.environ.get("GRAPHKIT_STORE_USER", "")
    return (user, os.environ.get("GRAPHKIT_STORE_PASSWORD", "")) if user else None


def packaged_ontology() -> Path:
    """Return the ontology that came with the package, installed or in a checkout."""
    here = Path(__file__).resolve().parent.parent
    installed = here / "ontology"
    return installed if installed.is_dir() else here.parent / "ontology"


def init_workspace(folder: Path) -> Workspace:
    """Start a new workspace: the packaged ontology and a small example to replace.

    Args:
        folder: A folder that does not exist yet or is empty.

    Raises:
        WorkspaceError: The folder holds something, or cannot be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not empty.", "Name a new folder: graphkit init DIR")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(packaged_ontology(), folder / "ontology")
        shutil.copytree(Path(__file__).parent / "starter", folder, dirs_exist_ok=True)
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}.", "Name another folder.") from error
    return Workspace(folder.resolve())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to, and rename it into place when all went well.

    Whatever goes wrong, Ctrl-C included, `path` is as it was and nothing is left beside it. Folders work too.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(place) as beside:
    ...     _ = beside.write_text("whole")
    >>> place.read_text()
    'whole'
    """
    with replacing_all(path) as (beside,):
        yield beside


@contextmanager
def replacing_all(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Do the same for several paths that belong together: one is put in place right after the other.

    Ctrl-C cannot come between them; only a kill or a power failure can.
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
    """Let Ctrl-C wait until what is begun is finished.

    Python hands signals to the main thread alone, so that no other thread needs this. (Blocking the signal would not
    do: the database has threads of its own, and one of them would take it.)
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
    """Remove what a killed process left beside paths; put back what it had moved aside and not replaced."""
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
    """Put a finished file or folder in the place of the old one."""
    if beside.is_file() and path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.is_dir():
        beside.replace(path)
        return
    # A folder cannot be renamed over a full one: move the old one aside first, and back if that fails.
    old = path.parent / f".{path.name}.{os.getpid()}.old"
    try:
        path.replace(old)
        beside.replace(path)
    finally:
        if old.exists() and not path.exists():
            old.replace(path)
        _remove(old)


def _remove(path: Path) -> None:
    """Remove a file or a folder if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

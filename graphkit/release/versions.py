"""Versions of a graph: builds, released folders, workspaces and commits of Git, each read as sorted N-Quads."""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, cast

from graphkit.build.pipeline import check
from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import Level, NotFoundError, StoreError, WorkspaceError, has_errors
from graphkit.model.generation import Generation, open_current
from graphkit.model.workspace import Workspace

_FILES = ("graph.nq", "graph.nq.gz")
# No line of N-Quads is greater than this one.
_END = b"\xff"


class Lines(Protocol):
    """A graph as sorted lines of N-Quads."""

    def sorted_lines(self) -> Iterator[bytes]:
        """Yield the lines."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a graph.

    Attributes:
        name: The path or commit as the user typed it.
        lines: The file of its lines, or the lines.
        generation: The build that must not be removed while the version is read.
    """

    name: str
    lines: Path | bytes = field(repr=False)
    generation: Generation | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """Open the lines."""
        if isinstance(self.lines, bytes):
            return io.BytesIO(self.lines)
        if self.lines.suffix == ".gz":
            return cast("BinaryIO", gzip.open(self.lines))
        return self.lines.open("rb")

    def sha256(self) -> str:
        """Return the hash of the lines."""
        return sha256_of(self.sorted_lines())

    def sorted_lines(self) -> Iterator[bytes]:
        """Yield the lines.

        Raises:
            StoreError: They are not sorted, or the file is damaged.
        """
        try:
            yield from self._checked()
        except (OSError, EOFError) as error:
            raise StoreError(f"{self.name} cannot be read: {error}", "Build or download it again.") from error

    def _checked(self) -> Iterator[bytes]:
        before = b""
        with self.open() as file:
            for number, line in enumerate(file, 1):
                if line <= before:
                    raise StoreError(f"{self.name}, line {number}: the lines are not sorted.", "Type: sort -u")
                yield line
                before = line


def sha256_of(lines: Iterable[bytes]) -> str:
    """Return the hash of some lines."""
    found = hashlib.sha256()
    for line in lines:
        found.update(line)
    return found.hexdigest()


class Line(NamedTuple):
    """A line that only one of two versions has."""

    added: bool
    text: bytes


def changed_lines(old: Lines, new: Lines) -> Iterator[Line]:
    """Yield the lines that only one of two versions has, in their order."""
    left, right = old.sorted_lines(), new.sorted_lines()
    one, other = next(left, _END), next(right, _END)
    while not (one == other == _END):
        if one == other:
            one, other = next(left, _END), next(right, _END)
        elif one < other:
            yield Line(added=False, text=one)
            one = next(left, _END)
        else:
            yield Line(added=True, text=other)
            other = next(right, _END)


def open_version(name: str, workspace: Workspace) -> Version:
    """Open a version of a graph.

    Args:
        name: A file of sorted N-Quads, a folder with one, a build folder, a workspace with a build, or a commit of the
            Git repository of the workspace.

    Raises:
        NotFoundError: It is none of these.
        StoreError: The folder has no graph.
        WorkspaceError: The data of the commit have errors.
    """
    path = Path(name)
    if path.is_file():
        return Version(name, path)
    return _in_folder(name, path) if path.is_dir() else _in_git(name, workspace)


def _in_folder(name: str, folder: Path) -> Version:
    if (folder / "data" / "dataset.yaml").is_file():
        return _built(name, Workspace(folder.resolve()).build)
    if (folder / "generations").is_dir():
        return _built(name, folder)
    for file in _FILES:
        if (folder / file).is_file():
            return Version(name, folder / file)
    raise StoreError(f"{name} has no {' or '.join(_FILES)}.", "Name a build, a workspace or a released folder.")


def _built(name: str, build: Path) -> Version:
    generation = open_current(build)
    return Version(name, generation.graph_file, generation)


def _in_git(name: str, workspace: Workspace) -> Version:
    git = shutil.which("git")
    commit = _git(git, workspace, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if not git or not commit:
        hint = "Name a file, a released folder, a build, a workspace, or a commit such as HEAD."
        raise NotFoundError(f"There is no file, folder or commit {name!r}.", instead_of_file(Path(name), hint))
    with tempfile.TemporaryDirectory() as folder:
        return Version(name, _compiled(name, _checked_out(git, commit.decode().strip(), workspace, Path(folder))))


def _git(git: str | None, workspace: Workspace, *words: str) -> bytes:
    """Return the output of git; nothing if it fails or is not installed."""
    command = [git or "git", "-C", str(workspace.root), *words]
    return subprocess.run(command, capture_output=True, check=False).stdout if git else b""  # noqa: S603


def _checked_out(git: str, commit: str, workspace: Workspace, folder: Path) -> Workspace:
    """Write the data and the ontology of a commit into a folder; the working tree stays as it is."""
    archive = _git(git, workspace, "archive", "--format=zip", commit, "data", "ontology")
    if not archive:
        raise NotFoundError(f"The commit {commit[:12]} has no data/ and ontology/ here.", "Name another commit.")
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
    return Workspace(folder)


def _compiled(name: str, workspace: Workspace) -> bytes:
    checked = check(workspace)
    if has_errors(checked.problems):
        first = next(problem for problem in checked.problems if problem.level is Level.ERROR)
        hint = "Compare with its released folder, or with a build of its time."
        raise WorkspaceError(f"The data of {name} have errors now: {first.location}: {first.message}", hint)
    return "".join(checked.lines).encode()

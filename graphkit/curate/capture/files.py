"""Captures on disk, outside the workspace: the text and its original."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graphkit.curate.capture.document import Document
from graphkit.curate.capture.extract import PageText
from graphkit.model.errors import WorkspaceError
from graphkit.model.files import recover, replacing_all
from graphkit.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Stored:
    """The files of a capture."""

    sha256: str
    characters: int
    files: tuple[Path, ...]


def default_folder(variables: Mapping[str, str]) -> Path:
    """Return the folder of captures in the user's data folder (XDG Base Directory Specification).

    >>> default_folder({"XDG_DATA_HOME": "/data"}).as_posix()
    '/data/graphkit/captures'
    """
    named = Path(variables.get("XDG_DATA_HOME", ""))
    # The specification says to ignore relative paths.
    return (named if named.is_absolute() else Path("~/.local/share")) / "graphkit" / "captures"


def check_folder(folder: Path, workspace: Workspace) -> Path:
    """Return the absolute folder of captures, if it may hold captures.

    Raises:
        WorkspaceError: It is inside the workspace or its repository, or is not a folder.
    """
    try:
        location = folder.expanduser().resolve()
    except (OSError, RuntimeError) as error:  # a home or a link that leads nowhere
        raise WorkspaceError(f"{folder} cannot be found: {error}.", "Choose another folder: --to DIR") from error
    repository = _repository(workspace.root)
    for inside, what in ((workspace.root, "workspace"), (repository, "repository of the workspace")):
        if inside and location.is_relative_to(inside.resolve()):
            raise WorkspaceError(
                f"{location} is inside the {what}, {inside}. Captures are other people's texts, not to be republished.",
                "Choose another folder: --to DIR, or set GRAPHKIT_CAPTURES.",
            )
    if location.exists() and not location.is_dir():
        raise WorkspaceError(f"{location} is not a folder.", "Choose another: --to DIR")
    return location


def _repository(root: Path) -> Path | None:
    return next((folder for folder in (root.resolve(), *root.resolve().parents) if (folder / ".git").exists()), None)


def store(folder: Path, source_id: str, page: PageText, document: Document, *, replace: bool = False) -> Stored:
    """Write a text and its original; a stored file with the same text is not changed.

    Raises:
        WorkspaceError: Another text has this name, or the folder is not writable.
    """
    text = page.text.encode()
    files = {folder / f"{source_id}.txt": text}
    if text != document.body:
        suffix = ".original.txt" if page.suffix == ".txt" else page.suffix
        files[folder / f"{source_id}{suffix}"] = document.body
    recover(folder)
    try:
        missing = files if replace else _missing(files)
        if missing:
            _write(missing)
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written: {error.strerror}.", "Choose another: --to DIR") from error
    return Stored(hashlib.sha256(text).hexdigest(), len(page.text), tuple(files))


def _missing(files: dict[Path, bytes]) -> dict[Path, bytes]:
    """Return the files that do not exist yet.

    The same text may come from different bytes, as pages contain time stamps and counters: the first original stays.
    """
    (text, body), *_ = files.items()
    if text.exists() and text.read_bytes() != body:
        raise _other(text, "another text")
    for path in files:
        if path.exists() and not text.exists():
            raise _other(path, "an original without its text")
    return {path: body for path, body in files.items() if not path.exists()}


def _other(path: Path, what: str) -> WorkspaceError:
    return WorkspaceError(
        f"{path} holds {what} and was not changed.",
        "Compare the two. Type --id OTHER to keep both, or --replace to overwrite the old one.",
    )


def _write(files: dict[Path, bytes]) -> None:
    with replacing_all(*files) as places:
        for location, body in zip(places, files.values(), strict=True):
            location.write_bytes(body)

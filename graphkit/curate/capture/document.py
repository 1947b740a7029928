"""A document as it was fetched or read, before its text is extracted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import GraphkitError, Location, Problem, WorkspaceError

MAX_BYTES = 20_000_000
_TYPES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}


class PageError(GraphkitError):
    """The content of a page or file cannot be captured; carries the problem to be reported."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, problem.solution)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a page or file.

    Attributes:
        charset: The encoding in the Content-Type header, or "".
        url: The address that answered; "" for a file.
    """

    name: str
    body: bytes
    media_type: str
    charset: str = ""
    url: str = ""


def read_file(path: Path, most: int = MAX_BYTES) -> Document:
    """Read a saved page."""
    if path.suffix.lower() not in _TYPES:
        raise WorkspaceError(f"{_shown(path)} is neither a web address nor a file that can be captured.", _SORTS)
    if not path.is_file():
        raise WorkspaceError(f"There is no file {_shown(path)}.", instead_of_file(path, _SORTS))
    try:
        with path.open("rb") as file:
            body = file.read(most + 1)
        size = path.stat().st_size
    except OSError as error:
        raise WorkspaceError(f"{_shown(path)} cannot be read: {error.strerror}.", "Make it readable.") from error
    if len(body) > most:
        raise too_large(_shown(path), size, most)
    return Document(_shown(path), body, _TYPES[path.suffix.lower()])


def _shown(path: Path) -> str:
    """Return a file name as printable text."""
    return "".join(character if character.isprintable() else "\ufffd" for character in str(path))


_SORTS = "Use an address that begins with http:// or https://, or an .html, .pdf or .txt file."


def too_large(name: str, size: int, most: int) -> PageError:
    """Return the error for a page that is larger than allowed."""
    message = f"It has at least {size:,} bytes; the limit is {most:,}."
    solution = f"to allow more, type: --max-bytes {max(size, 2 * most)}"
    return PageError(Problem("file-too-large", Location(name), message, solution))

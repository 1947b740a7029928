"""The text of a PDF file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.corpus.evidence import MAX_CAPTURE_BYTES
from graphkit.curate.capture.document import PageError
from graphkit.model.errors import Level, Location, MissingExtraError, Problem
from graphkit.model.text import counted

if TYPE_CHECKING:
    from pypdf import PdfReader

    from graphkit.curate.capture.document import Document

_LISTED = 20
_OCR = "run OCR on it, check the result, and capture the .txt file."
_UNLOCK = "ask for a copy without a password, or print it to a new PDF file."
_REPAIR = "download it again, or open it in a viewer and print it to a new PDF file."


@dataclass(frozen=True, slots=True)
class PdfText:
    """The content of a PDF file."""

    text: str
    title: str
    problems: tuple[Problem, ...]


def is_pdf(document: Document) -> bool:
    """Return whether this is a PDF file, by type or content."""
    return document.media_type == "application/pdf" or document.body[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(document: Document) -> PdfText:
    """Read the text of a PDF file.

    Raises:
        PageError: It is broken or locked, or contains only pictures.
    """
    try:
        import pypdf
        from pypdf.errors import DependencyError
    except ImportError as error:
        raise MissingExtraError("pypdf", "curate") from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(document.body))
        _unlock(reader, document)
        pages = _pages(reader, document)
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except PageError:
        raise
    except DependencyError as error:
        raise _locked(document) from error
    except Exception as error:  # a broken file can trip the library anywhere
        why = f"{type(error).__name__}: {str(error)[:120]}"
        raise PageError(
            Problem("broken-pdf", Location(document.name), f"This PDF file cannot be read ({why}).", _REPAIR)
        ) from error
    return PdfText("\n\n".join(pages), title, tuple(_pages_without_text(pages, document)))


def _unlock(reader: PdfReader, document: Document) -> None:
    # Many files are locked only against changes, and open with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(document)


def _locked(document: Document) -> PageError:
    return PageError(
        Problem("encrypted-pdf", Location(document.name), "This PDF file is locked with a password.", _UNLOCK)
    )


def _pages(reader: PdfReader, document: Document) -> list[str]:
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(_whole(page.extract_text()).strip())
        size += len(pages[-1])
        if size > MAX_CAPTURE_BYTES:
            raise ValueError(f"more than {MAX_CAPTURE_BYTES:,} characters of text")
    if not any(any(map(str.isalpha, page)) for page in pages):
        message = f"This PDF file has {counted(len(pages), 'page')} without text, only pictures."
        raise PageError(Problem("pdf-without-text", Location(document.name), message, _OCR))
    return pages


def _whole(text: str) -> str:
    """Join surrogate pairs; a lone surrogate becomes the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


def _pages_without_text(pages: list[str], document: Document) -> list[Problem]:
    empty = [str(number) for number, page in enumerate(pages, 1) if not page]
    if not empty:
        return []
    shown = ", ".join(empty[:_LISTED]) + (" …" if len(empty) > _LISTED else "")
    message = f"{len(empty)} of {len(pages)} pages have no text: {shown}."
    return [Problem("pages-without-text", Location(document.name), message, f"check them; {_OCR}", Level.WARNING)]

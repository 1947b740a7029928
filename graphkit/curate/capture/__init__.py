"""A page or a file becomes a capture outside the workspace, and the head of a source file.

Nothing is stored unless all of it is in order, and nothing that is stored is overwritten unasked.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graphkit.corpus.load import load
from graphkit.corpus.parse import near
from graphkit.curate.capture.block import (
    LONGEST_TITLE,
    Block,
    Publisher,
    check_id,
    find_publisher,
    own_address,
    propose_id,
)
from graphkit.curate.capture.document import Document, PageError, read_file
from graphkit.curate.capture.extract import Page, extract
from graphkit.curate.capture.fetch import FetchLimits, fetch
from graphkit.curate.capture.files import Stored, check_folder, store
from graphkit.curate.capture.publication_date import published
from graphkit.model.errors import Level, Location, Problem, WorkspaceError
from graphkit.model.records import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.model.records import Corpus
    from graphkit.model.workspace import Workspace

STEPS = ("load", "connect", "download", "extract", "store")
KIND = "news-article"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """What a curator asks for beside the page itself.

    Attributes:
        source_id: The id; "" proposes one.
        kind: The kind of source; "" proposes one.
        encoding: The encoding of the page; "" takes the one that it names.
        replace: Another text of that name may be overwritten.
        accept_short: A short text, or what looks like a notice, is taken too.
        limits: How far a fetch may go.
    """

    source_id: str = ""
    kind: str = ""
    encoding: str = ""
    replace: bool = False
    accept_short: bool = False
    limits: FetchLimits = field(default_factory=FetchLimits)


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of it.

    Attributes:
        block: The head of the source file; None if nothing was stored.
        files: What is on disk now.
        problems: Why nothing was stored, or what to look at.
    """

    block: Block | None
    files: tuple[Path, ...]
    problems: list[Problem]


def capture(
    origin: str,
    workspace: Workspace,
    folder: Path,
    options: CaptureOptions,
    progress: Callable[[str], None] = lambda _step: None,
) -> Captured:
    """Fetch a page or read a file, store its text, and propose the head of its source file.

    Args:
        origin: An http or https address, or an .html, .pdf or .txt file.
        workspace: Whose source it is to be.
        folder: Where captures are kept.
        options: What is asked for.
        progress: Told the name of each step on entering it.

    Raises:
        FetchError: The page cannot be fetched, or must not be.
        WorkspaceError: The folder, the id, the kind or the file cannot be used.
        MissingExtraError: A library is not installed.
    """
    progress("load")
    place = check_folder(folder, workspace)
    corpus = load(workspace).corpus
    _check_options(options, corpus)
    try:
        document = _document(origin, options.limits, progress)
        progress("extract")
        page = extract(document, options.encoding, accept_short=options.accept_short)
    except PageError as error:
        return Captured(None, (), [error.problem])
    progress("store")
    return _kept(document, page, place, corpus, options)


def _check_options(options: CaptureOptions, corpus: Corpus) -> None:
    if options.source_id:
        check_id(options.source_id)
    kinds = corpus.vocabulary.source_kinds
    if options.kind and options.kind not in kinds:
        raise WorkspaceError(f"There is no kind of source {options.kind!a}.", _sentence(near(options.kind, kinds)))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _document(origin: str, limits: FetchLimits, progress: Callable[[str], None]) -> Document:
    if _ADDRESS.match(origin) and not Path(origin).is_file():
        return fetch(origin, limits, progress)
    return read_file(Path(origin), limits.max_bytes)


def _kept(document: Document, page: Page, folder: Path, corpus: Corpus, options: CaptureOptions) -> Captured:
    address = own_address(document, page.facts.address)
    coded = next((one.id for one in corpus.sources.values() if address and one.url == address), "")
    source_id = options.source_id or coded or propose_id(document, address, page.facts.title)
    _refuse_taken(source_id, address, corpus)
    stored = store(folder, source_id, page, document, replace=options.replace)
    block, problems = _proposed(document, page, address, corpus, options)
    values = {"id": source_id, **block.values, "capture": _capture(stored), "statements": {}}
    return Captured(
        Block(values, block.notes),
        stored.files,
        [*page.problems, *_redirected(document), *problems, *_known(source_id, document, corpus)],
    )


def _refuse_taken(source_id: str, address: str, corpus: Corpus) -> None:
    """Two sources never share an id, and so neither a capture."""
    known = corpus.sources.get(source_id)
    if known and address and known.url and known.url != address:
        raise WorkspaceError(f"The id {source_id} is that of a source at {known.url}.", "Name another: --id OTHER")


def _redirected(document: Document) -> list[Problem]:
    """Warn of a page at another place: a page that is gone often leads to the front page, or to a notice."""
    if not document.url or _place(document.url) == _place(document.name):
        return []
    message = f"The address leads to another one, {document.url}."
    return [Problem("redirected", Location(document.name), message, "look whether it is the same page.", Level.WARNING)]


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def _known(source_id: str, document: Document, corpus: Corpus) -> list[Problem]:
    if source_id not in corpus.sources:
        return []
    message = f"The source {source_id!r} is in the workspace already."
    solution = "do not overwrite its file: compare the text, and take over the lines that changed."
    return [Problem("already-coded", Location(document.name), message, solution, Level.WARNING)]


def _capture(stored: Stored) -> dict[str, object]:
    return {"sha256": stored.sha256, "characters": stored.characters}


def _proposed(
    document: Document, page: Page, address: str, corpus: Corpus, options: CaptureOptions
) -> tuple[Block, list[Problem]]:
    """Propose the part of a block that does not depend on where the text is stored."""
    facts, today = page.facts, dt.datetime.now().astimezone().date()
    publisher = find_publisher(corpus, address, facts.site)
    date = published(facts.dates, document.name, today)
    values = {
        "kind": options.kind or KIND,
        "publisher": publisher.slug,
        "title": facts.title if len(facts.title) <= LONGEST_TITLE else "",
        "url": address,
        "published": date.date,
        "retrieved": today.isoformat() if document.url else "",
        "language": facts.language if facts.language != Source.model_fields["language"].default else "",
    }
    notes = {
        "kind": "" if options.kind else "proposed; --kind names another",
        "publisher": publisher.why,
        "title": _of_title(page, values["title"]),
        "url": "as the page names itself" if address and not document.url else "",
        "published": f"{date.problem.message} {_sentence(date.problem.solution)}" if date.problem else "",
    }
    block = Block(_filled(values), _filled(notes))
    return block, [
        *([date.problem] if date.problem else []),
        *_by_name(publisher, document),
        *_to_fill_in(block, document),
    ]


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text}


def _of_title(page: Page, title: str) -> str:
    if not title:
        return "none was found; type the title that is printed"
    return "as the PDF file names itself; compare it with its first page" if page.suffix == ".pdf" else ""


def _by_name(publisher: Publisher, document: Document) -> list[Problem]:
    if not publisher.by_name:
        return []
    message = f"The publisher {publisher.slug!r} was told by its name alone: {publisher.why}."
    solution = "give its entity a url:, and it is told by that."
    return [Problem("publisher-by-name", Location(document.name), message, solution, Level.WARNING)]


def _to_fill_in(block: Block, document: Document) -> list[Problem]:
    return [
        Problem(
            "to-fill-in",
            Location(document.name),
            f"The {key} could not be told: {block.notes[key]}.",
            f"fill in {key}: before you build.",
            Level.WARNING,
        )
        for key in block.open_keys
    ]

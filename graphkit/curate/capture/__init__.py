"""Store the text of a page or file outside the workspace, and propose the head of its source file.

Nothing is stored unless everything is in order, and no stored file is overwritten without permission.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from graphkit.corpus.load import load
from graphkit.curate.capture.document import Document, PageError, read_file
from graphkit.curate.capture.extract import PageText, extract
from graphkit.curate.capture.fetch import FetchLimits, fetch, redirected
from graphkit.curate.capture.files import Stored, check_folder, store
from graphkit.curate.capture.metadata import BELOW_HEADLINE, PageMetadata, PublicationDate, publication_date
from graphkit.curate.capture.source_header import (
    LONGEST_TITLE,
    Publisher,
    SourceHeader,
    check_id,
    find_publisher,
    own_address,
    propose_id,
)
from graphkit.curate.yaml_edit import capital
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, Location, Problem, WorkspaceError
from graphkit.model.records import Corpus, Source
from graphkit.model.workspace import Workspace
from graphkit.store.http import parse_address

STEPS = ("load", "connect", "download", "extract", "store")
KIND = "news-article"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """The options of a capture.

    Attributes:
        url: The address of a saved page.
    """

    source_id: str = ""
    url: str = ""
    kind: str = ""
    encoding: str = ""
    replace: bool = False
    accept_short: bool = False
    limits: FetchLimits = field(default_factory=FetchLimits)


@dataclass(frozen=True, slots=True)
class Captured:
    """The result of a capture.

    Attributes:
        block: The head of the source file; None if nothing was stored.
    """

    block: SourceHeader | None
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

    Raises:
        FetchError: The page cannot or must not be fetched.
        WorkspaceError: The folder, the id, the kind or the file cannot be used.
    """
    progress("load")
    location = check_folder(folder, workspace)
    corpus = load(workspace).corpus
    _check_options(options, corpus)
    try:
        document = _document(origin, options.limits, progress)
        progress("extract")
        page = extract(document, options.encoding, accept_short=options.accept_short)
    except PageError as error:
        return Captured(None, (), [error.problem])
    progress("store")
    return _kept(document, page, location, corpus, options)


def _check_options(options: CaptureOptions, corpus: Corpus) -> None:
    if options.source_id:
        check_id(options.source_id)
    if options.url:
        parse_address(options.url)
    kinds = corpus.vocabulary.source_kinds
    if options.kind and options.kind not in kinds:
        raise WorkspaceError(f"There is no kind of source {options.kind!a}.", instead(options.kind, kinds))


def _document(origin: str, limits: FetchLimits, progress: Callable[[str], None]) -> Document:
    if _ADDRESS.match(origin) and not Path(origin).is_file():
        return fetch(origin, limits, progress)
    return read_file(Path(origin), limits.max_bytes)


def _kept(document: Document, page: PageText, folder: Path, corpus: Corpus, options: CaptureOptions) -> Captured:
    address = options.url or own_address(document, page.metadata.address)
    coded = next((source.id for source in corpus.sources.values() if address and source.url == address), "")
    source_id = options.source_id or coded or propose_id(document, address, page.metadata.title)
    _refuse_taken(source_id, address, corpus)
    stored = store(folder, source_id, page, document, replace=options.replace)
    block, problems = _proposed(document, page, address, corpus, options)
    values = {"id": source_id, **block.values, "capture": _capture(stored), "statements": {}}
    return Captured(
        SourceHeader(values, block.notes),
        stored.files,
        [*page.problems, *redirected(document), *problems, *_known(source_id, document, corpus)],
    )


def _refuse_taken(source_id: str, address: str, corpus: Corpus) -> None:
    """Refuse an id that belongs to a source with another address."""
    known = corpus.sources.get(source_id)
    if known and address and known.url and known.url != address:
        raise WorkspaceError(f"The id {source_id} belongs to a source at {known.url}.", "Choose another: --id OTHER")


def _known(source_id: str, document: Document, corpus: Corpus) -> list[Problem]:
    if source_id not in corpus.sources:
        return []
    message = f"The workspace already has a source {source_id!r}."
    solution = "do not overwrite its file: compare the text and copy the lines that changed."
    return [Problem("already-coded", Location(document.name), message, solution, Level.WARNING)]


def _capture(stored: Stored) -> dict[str, object]:
    return {"sha256": stored.sha256, "characters": stored.characters}


def _proposed(
    document: Document, page: PageText, address: str, corpus: Corpus, options: CaptureOptions
) -> tuple[SourceHeader, list[Problem]]:
    """Propose the part of a block that does not depend on where the text is stored."""
    metadata, today = page.metadata, dt.datetime.now().astimezone().date()
    publisher = find_publisher(corpus, address, metadata.site)
    date = publication_date(metadata.dates, document.name, today)
    values = {
        "kind": options.kind or KIND,
        "publisher": publisher.slug,
        "title": metadata.title if len(metadata.title) <= LONGEST_TITLE else "",
        "url": address,
        "published": date.date,
        "retrieved": today.isoformat() if document.url else "",
        "language": metadata.language if metadata.language != Source.model_fields["language"].default else "",
    }
    notes = {
        "kind": "" if options.kind else "proposed; choose another with --kind",
        "publisher": publisher.why,
        "title": _of_title(page, values["title"]),
        "url": "as the page states it" if address and not document.url and not options.url else "",
        "published": _of_date(date, metadata),
    }
    block = SourceHeader(_filled(values), _filled(notes))
    return block, [
        *([date.problem] if date.problem else []),
        *_by_name(publisher, document),
        *_to_fill_in(block, document),
    ]


def _of_date(date: PublicationDate, metadata: PageMetadata) -> str:
    if date.problem:
        return f"{date.problem.message} {capital(date.problem.solution)}"
    below = any(printed.where == BELOW_HEADLINE for printed in metadata.dates)
    return f"as printed {BELOW_HEADLINE}; check that it is the date of publication" if below else ""


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text}


def _of_title(page: PageText, title: str) -> str:
    if not title:
        return "no title was found; type the printed title"
    return "from the metadata of the PDF file; compare it with the first page" if page.suffix == ".pdf" else ""


def _by_name(publisher: Publisher, document: Document) -> list[Problem]:
    if not publisher.by_name:
        return []
    message = f"The publisher {publisher.slug!r} was recognised only by its name: {publisher.why}."
    solution = "give its entity a url:, which identifies it."
    return [Problem("publisher-by-name", Location(document.name), message, solution, Level.WARNING)]


def _to_fill_in(block: SourceHeader, document: Document) -> list[Problem]:
    return [
        Problem(
            "to-fill-in",
            Location(document.name),
            f"The {key} was not found: {block.notes[key]}.",
            f"fill in {key}: before you build.",
            Level.WARNING,
        )
        for key in block.open_keys
    ]

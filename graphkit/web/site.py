"""The static site: all pages as files, which need no server."""

from __future__ import annotations

import gzip
import re
import shutil
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from graphkit.analysis.properties import scan
from graphkit.build.statistics import read_statistics
from graphkit.model.errors import ExportError, GraphkitError
from graphkit.model.files import replacing
from graphkit.model.iris import PREFIXES
from graphkit.query.formats import write_turtle
from graphkit.query.limits import Limits
from graphkit.query.questions import read_questions
from graphkit.query.worker import Worker
from graphkit.store import EmbeddedStore
from graphkit.view.positions import read_positions
from graphkit.web.describe import void
from graphkit.web.pages import OF_PAGES, network_page
from graphkit.web.pages.context import DATASET, metadata_of, page_context, read_metadata
from graphkit.web.pages.dossier import last_page, page_path
from graphkit.web.pages.entities import render_thing
from graphkit.web.pages.links import has_page, kind_of, path_of
from graphkit.web.pages.lists import LISTS, render_failed, render_list, render_moved
from graphkit.web.pages.paged import all_parts
from graphkit.web.pages.rdf import WRITERS, join, subjects
from graphkit.web.pages.render import render
from graphkit.web.query_page import write_query_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from graphkit.model.generation import Generation
    from graphkit.model.workspace import Workspace
    from graphkit.query.questions import Question
    from graphkit.store import Store
    from graphkit.web.pages.context import DatasetMetadata, PageContext

MARKER = ".graphkit-site"
STEPS = ("read", "things", "lists", "graph", "query")
_MARK = b"Made by graphkit site, which replaces this folder as a whole.\n"
_MOST_ADDRESSES = 50_000


@dataclass(frozen=True, slots=True)
class SiteReport:
    """A report on the site.

    Attributes:
        pages: Number of HTML pages.
        files: Number of all files.
        size: Their size in bytes.
        note: What is missing, and how to add it.
    """

    pages: int
    files: int
    size: int
    note: str = ""


def write_site(
    workspace: Workspace,
    store: Store,
    folder: Path,
    base_url: str = "",
    progress: Callable[[str], None] = lambda _step: None,
) -> SiteReport:
    """Write all pages of a workspace.

    The same graph gives the same bytes. The folder is complete or as it was.

    Args:
        workspace: The workspace with the build and the saved questions.
        store: Its built graph.
        folder: The target; a folder that an earlier run made is replaced, any other must be empty.
        base_url: The address of the site; with it, a sitemap is written.
        progress: Called with each of `STEPS` when it begins.

    Raises:
        ExportError: The folder belongs to something else or cannot be written, or the address is not a web address.
        StoreError: There is no build.
    """
    _require(folder, base_url)
    generation = (isinstance(store, EmbeddedStore) and store.generation) or workspace.generation()
    try:
        with replacing(folder.resolve()) as beside:
            beside.mkdir()
            _fill(workspace, store, generation, beside, progress)
            progress("query")
            note = _write_query_page(workspace, store, beside)
            base = base_url and base_url.rstrip("/") + "/"
            _write(beside / "void.ttl", _describe(generation, base))
            if base:
                _write_sitemap(beside, base)
            files = [path for path in beside.rglob("*") if path.is_file()]
            pages = sum(path.suffix == ".html" for path in files)
            return SiteReport(pages, len(files), sum(path.stat().st_size for path in files), note)
    except OSError as error:
        raise ExportError(f"{folder} cannot be written: {error.strerror or error}.", "Name another folder.") from error


def _require(folder: Path, base_url: str) -> None:
    if folder.exists() and not _is_ours(folder):
        raise ExportError(
            f"{folder} is not empty and was not made by graphkit site.", "Name a new folder: graphkit site DIR"
        )
    if base_url and not _is_address(base_url):
        raise ExportError(
            f"{base_url!r} is not a web address.", "Type for example: --base-url https://example.org/site/"
        )


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARKER).is_file() or not any(folder.iterdir()))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    # The paths of pages cannot follow a query or a fragment.
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"?#]", text)


def _fill(
    workspace: Workspace, store: Store, generation: Generation, folder: Path, progress: Callable[[str], None]
) -> None:
    progress("read")
    (folder / MARKER).write_bytes(_MARK)
    with generation.graph_file.open("rb") as lines:
        context = page_context(scan(lines))
    site = metadata_of(context.properties)
    progress("things")
    for path, body in _things(context, site):
        _write(folder / path, body)
    progress("lists")
    questions = read_questions(workspace.questions())
    for path, body in _lists(store, questions, context, site):
        _write(folder / path, body)
    for path, body in _answers(generation, questions, site):
        _write(folder / path, body)
    _write(folder / "network.html", network_page(store, read_positions(workspace.places_file("entities"))))
    for name, content in OF_PAGES.items():
        _write(folder / "assets" / name, content())
    progress("graph")
    with (
        generation.graph_file.open("rb") as graph,
        (folder / "graph.nq.gz").open("wb") as file,
        # Without a time and a name, so that the same graph gives the same bytes.
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed,
    ):
        shutil.copyfileobj(graph, packed, 1 << 20)


def _describe(generation: Generation, base: str) -> bytes:
    """Describe the graph; files have no endpoint, and only an address leads to the whole graph."""
    found = [
        one
        for one in void(read_statistics(generation), DATASET)
        if one.predicate.value != PREFIXES["void"] + "sparqlEndpoint"
    ]
    if base:
        dump = (DATASET, PREFIXES["void"] + "dataDump", f"{base}graph.nq.gz")
        found.append(ox.Triple(*map(ox.NamedNode, dump)))
    return write_turtle(found).encode()


def _write_query_page(workspace: Workspace, store: Store, folder: Path) -> str:
    """Write the query page with its engine, or a page that says that the engine was not built. Return a note."""
    try:
        write_query_page(store, read_questions(workspace.questions()), folder, folder / "graph.nq.gz")
    except ExportError as error:
        _write(folder / "query.html", render("noquery", "query", site=read_metadata(store), title="Query"))
        return f"There is no query page in it. {error}"
    return ""


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _things(context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    """Yield each page of a thing, and the thing as data."""
    properties = context.properties

    @cache
    def written(name: str, form: str) -> str:
        return WRITERS[form](name, properties.record(name))

    for name in sorted(properties.subjects("rdf:type") | properties.subjects("dcterms:isReplacedBy")):
        path = path_of(name)
        if not path or not has_page(properties, name):
            continue
        now = properties.one(name, "dcterms:isReplacedBy")
        body = render_moved(path, context.link(now), site) if now else render_thing(name, context, site)
        yield f"{path}.html", body
        if not now and kind_of(path) == "id":
            yield from _further_pages(name, context, site)
        names = subjects(name, context)
        for form in ("ttl", "jsonld"):
            yield f"{path}.{form}", join((written(subject, form) for subject in names), form)
    for form in ("ttl", "jsonld"):
        body = join([written(DATASET, form)], form) if DATASET in properties else b""
        yield from ((f"{name}.{form}", body) for name in ("index", "about"))


def _further_pages(name: str, context: PageContext, site: DatasetMetadata) -> Iterator[tuple[str, bytes]]:
    for number in range(2, last_page(name, context) + 1):
        yield f"{page_path(name, number)}.html", render_thing(name, context, site, number)


def _lists(
    store: Store, questions: Mapping[str, Question], context: PageContext, site: DatasetMetadata
) -> Iterator[tuple[str, bytes]]:
    yield from ((f"{path}.html", body) for path, body in all_parts(store, context, site))
    yield from ((f"{path}.html", render_list(store, path, questions, site)) for path in LISTS)


def _answers(
    generation: Generation, questions: Mapping[str, Question], site: DatasetMetadata
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of each question, asked by a worker: the questions may be a stranger's."""
    asking = Worker(generation, Limits())
    try:
        for name, question in questions.items():
            path = f"questions/{name}"
            try:
                body = asking.run(render_list, path, {name: question}, site)
            except GraphkitError as error:  # a query that took too long, for example
                body = render_failed(path, question, error, site)
            yield f"{path}.html", body
    finally:
        asking.stop()


def _write_sitemap(folder: Path, base: str) -> None:
    """Write the addresses of all pages, in as many files as the sitemap protocol requires."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    parts = [paths[start : start + _MOST_ADDRESSES] for start in range(0, len(paths), _MOST_ADDRESSES)]
    names = ["sitemap.xml"] if len(parts) == 1 else [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        _write(folder / name, _sitemap("urlset", "url", base, part))
    if len(parts) > 1:
        _write(folder / "sitemap.xml", _sitemap("sitemapindex", "sitemap", base, names))


def _sitemap(whole: str, part: str, base: str, paths: list[str]) -> bytes:
    lines = "".join(f"<{part}><loc>{escape(base + path)}</loc></{part}>\n" for path in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{space}">\n{lines}</{whole}>\n'.encode()

"""The static site: all pages as files, which need no server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import networkx as nx
import pyoxigraph as ox

from graphkit.analysis.network import network_of
from graphkit.analysis.properties import scan
from graphkit.build.statistics import read_statistics
from graphkit.model.errors import ExportError, GraphkitError, MissingExtraError, reason
from graphkit.model.files import compressed, replacing
from graphkit.model.generation import Generation
from graphkit.model.iris import DATASET, PREFIXES
from graphkit.model.stories import Story
from graphkit.model.workspace import Workspace
from graphkit.query.formats import write_turtle
from graphkit.query.limits import Limits
from graphkit.query.questions import Question, read_questions
from graphkit.query.worker import Worker
from graphkit.store import EmbeddedStore, Store
from graphkit.view.positions import read_positions
from graphkit.web.describe import void
from graphkit.web.pages import OF_PAGES, published_metadata
from graphkit.web.pages.context import DatasetMetadata, PageContext, metadata_of, page_context, read_metadata
from graphkit.web.pages.dossier import last_page, page_path
from graphkit.web.pages.entities import render_thing
from graphkit.web.pages.links import has_page, kind_of, path_of
from graphkit.web.pages.lists import LISTS, render_failed, render_list, render_moved
from graphkit.web.pages.paged import all_parts
from graphkit.web.pages.previews import STORY, has_preview, oembed, preview_of, preview_of_story
from graphkit.web.pages.rdf import WRITERS, join, subjects
from graphkit.web.pages.render import render
from graphkit.web.pages.views import network_page, network_picture, positioned, story_page
from graphkit.web.published import Published
from graphkit.web.query_page import write_query_page

MARKER = ".graphkit-site"
STEPS = ("read", "things", "lists", "views", "graph", "query")
_MARK = b"Made by graphkit site, which replaces this folder as a whole.\n"
_MOST_ADDRESSES = 50_000
_NOWHERE = Published()


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
    published: Published = _NOWHERE,
    progress: Callable[[str], None] = lambda _step: None,
) -> SiteReport:
    """Write all pages of a workspace.

    The same graph gives the same bytes. The folder is complete or as it was.

    Args:
        folder: The target; a folder that an earlier run made is replaced, any other must be empty.
        published: The address of the site, with which a sitemap and previews are written, and its stories.
        progress: Called with each of `STEPS` when it begins.

    Raises:
        ExportError: The folder belongs to something else or cannot be written, or the address is not a web address.
        StoreError: There is no build.
    """
    _require(folder)
    published.require()
    generation = (isinstance(store, EmbeddedStore) and store.generation) or workspace.generation()
    try:
        with replacing(folder.resolve()) as beside:
            beside.mkdir()
            notes = [_fill(_Filling(workspace, store, generation, beside, published), progress)]
            progress("query")
            notes.append(_write_query_page(workspace, store, beside))
            _write(beside / "void.ttl", _describe(generation, published.base))
            if published.address:
                _write_sitemap(beside, published.base)
            files = [path for path in beside.rglob("*") if path.is_file()]
            pages = sum(path.suffix == ".html" for path in files)
            return SiteReport(pages, len(files), sum(path.stat().st_size for path in files), " ".join(notes).strip())
    except OSError as error:
        raise ExportError(f"{folder} cannot be written: {reason(error)}.", "Name another folder.") from error


def _require(folder: Path) -> None:
    if folder.exists() and not _is_ours(folder):
        raise ExportError(
            f"{folder} is not empty and was not made by graphkit site.", "Name a new folder: graphkit site DIR"
        )


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARKER).is_file() or not any(folder.iterdir()))


@dataclass(frozen=True, slots=True)
class _Filling:
    """What the pages of a site are made from, and where they go."""

    workspace: Workspace
    store: Store
    generation: Generation
    folder: Path
    published: Published

    def write(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Write files, given by their paths."""
        for path, body in pages:
            _write(self.folder / path, body)

    def copy_graph(self) -> None:
        """Write the graph, compressed."""
        with self.generation.graph_file.open("rb") as graph, compressed(self.folder / "graph.nq.gz") as packed:
            shutil.copyfileobj(graph, packed, 1 << 20)


def _fill(site: _Filling, progress: Callable[[str], None]) -> str:
    """Write all pages but that of queries, and the graph. Return a note."""
    progress("read")
    _write(site.folder / MARKER, _MARK)
    with site.generation.graph_file.open("rb") as lines:
        context = page_context(scan(lines))
    metadata = published_metadata(metadata_of(context.properties), site.published)
    progress("things")
    site.write(_things(context, metadata))
    progress("lists")
    questions = read_questions(site.workspace.questions())
    site.write(_lists(site.store, questions, context, metadata))
    site.write(_answers(site.generation, questions, metadata))
    progress("views")
    whole = network_of(context.properties)
    shown = positioned(whole, read_positions(site.workspace.places_file("entities")))
    site.write(_views(shown, site.published.stories, metadata))
    site.write((f"assets/{name}", content()) for name, content in OF_PAGES.items())
    note = _write_previews(site, context, whole, metadata)
    progress("graph")
    site.copy_graph()
    return note


def _views(
    shown: nx.MultiDiGraph[str], stories: Mapping[str, Story], metadata: DatasetMetadata
) -> Iterator[tuple[str, bytes]]:
    yield "network.svg", network_picture(shown)
    yield "network.html", network_page(shown, metadata)
    for path, _ in metadata.stories:
        yield f"{path}.html", story_page(shown, path, stories[path.removeprefix(STORY)], metadata)


def _write_previews(
    site: _Filling, context: PageContext, whole: nx.MultiDiGraph[str], metadata: DatasetMetadata
) -> str:
    """Write the previews of pages, which name the address of the site; return a note if they cannot be drawn."""
    try:
        site.write(_previews(site.published.stories, context, whole, metadata) if metadata.address else ())
    except MissingExtraError as error:
        return f"There are no preview images in it. {error}"
    return ""


def _previews(
    stories: Mapping[str, Story], context: PageContext, whole: nx.MultiDiGraph[str], metadata: DatasetMetadata
) -> Iterator[tuple[str, bytes]]:
    found = {path: preview_of_story(stories[path.removeprefix(STORY)], whole, metadata) for path, _ in metadata.stories}
    for name in sorted(context.properties.subjects("rdf:type")):
        if path_of(name) and has_preview(name, context):
            found[path_of(name)] = preview_of(name, context, whole, metadata)
    for path, preview in found.items():
        yield f"{path}.png", preview.png()
        yield f"oembed/{path}.json", oembed(path, preview.title, metadata)


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

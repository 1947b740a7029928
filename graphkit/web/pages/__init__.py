"""Pages about one thing each, as HTML for people and as RDF for programs.

Pure functions over a store. All links are relative and name files, so that the same bytes work from a server and from
a folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from graphkit.analysis.network import network
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import BASE
from graphkit.view.diagrams import Asked, make
from graphkit.view.page.groups import MOST_EDGES
from graphkit.view.page.page import render as render_view
from graphkit.view.positions import with_positions
from graphkit.web.pages.context import DATASET, DatasetMetadata, read_mentioned, read_metadata, read_thing
from graphkit.web.pages.entities import render_thing
from graphkit.web.pages.links import link, path_of, root_of
from graphkit.web.pages.lists import LISTS, render_list, render_missing, render_moved
from graphkit.web.pages.paged import PAGED
from graphkit.web.pages.rdf import FORMS, subjects, write_data
from graphkit.web.pages.render import masthead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphkit.query.questions import Question
    from graphkit.store import Store
    from graphkit.view.layout.stress import Positions

__all__ = ["EGO", "FORMS", "OF_PAGES", "Page", "network_page", "page"]

# The network near one thing is a page beside the network page, so that relative links work in both.
EGO = "ego-"


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its HTTP status.

    Attributes:
        media: The media type of the body; all text is UTF-8.
        status: 200, 301 or 404.
        location: The new address of a merged thing, relative to this page.
    """

    body: bytes
    media: str
    status: int = 200
    location: str = ""


def page(
    store: Store,
    path: str,
    form: str = "html",
    questions: Mapping[str, Question] | None = None,
    places: Positions | None = None,
) -> Page:
    """Make one page.

    Args:
        path: `id/met`, `source/<id>`, `statement/<source>/<key>`, `proposition/<hash>`, `dispute/<hash>`,
            `dispute/matter/<hash>`; a list such as `entities`, `sources`, `statements` or `disputes`, or a part of it:
            `statements/<page>`, `statements/<facet>`, `statements/<facet>/<page>`; `index`, `questions`,
            `questions/<name>`, `about`, the `network` of all entities, or `ego-<id>`, the network near an entity or
            in a source.
        form: html, ttl, jsonld or nt. Lists are HTML only; `index` and `about` are also the dataset as data.
        questions: The saved questions, by name.
        places: The earlier positions of the nodes of the network.
    """
    site = read_metadata(store)
    if path in {"index", "about"} and form != "html":
        return Page(write_data([DATASET], read_mentioned(store, [DATASET]), form), FORMS[form])
    if path == "network" and form == "html":
        return Page(network_page(store, places, EGO), FORMS["html"])
    if path.startswith(EGO) and form == "html":
        return _ego_page(store, path, site)
    if path in LISTS or path.partition("/")[0] in {"questions", *PAGED}:
        body = render_list(store, path, questions or {}, site) if form == "html" else b""
        return Page(body, FORMS["html"]) if body else Page(render_missing(store, path, site), FORMS["html"], 404)
    thing, number = _split(path)
    if path_of(BASE + thing) == "" or (number > 1 and form != "html"):
        return Page(render_missing(store, path, site), FORMS["html"], 404)
    return _thing_page(store, thing, form, number, site=site)


_FURTHER = re.compile(r"(id/[a-z0-9-]+)/([1-9][0-9]{0,5})")


def _split(path: str) -> tuple[str, int]:
    """Return the path of a thing, and the number of the page: only entities have several."""
    found = _FURTHER.fullmatch(path)
    return (found[1], int(found[2])) if found and found[2] != "1" else (path, 1)


def _ego_page(store: Store, path: str, site: DatasetMetadata) -> Page:
    name = path.removeprefix(EGO)
    try:
        body = ego_page(store, name) if path_of(f"{BASE}id/{name}") else b""
    except NotFoundError:
        body = b""
    return Page(body or render_missing(store, path, site), FORMS["html"], 200 if body else 404)


def _thing_page(store: Store, path: str, form: str, number: int, site: DatasetMetadata) -> Page:
    name = BASE + path
    context = read_thing(store, name)
    now = context.properties.one(name, "dcterms:isReplacedBy")
    if now and number == 1:
        body = render_moved(path, link(read_mentioned(store, [now]), now), site)
        return Page(body, FORMS["html"], 301, f"{root_of(path)}{path_of(now)}.{form}")
    if name not in context.properties:
        return Page(render_missing(store, path, site), FORMS["html"], 404)
    if form == "html":
        body = render_thing(name, context, site, number)
        return Page(body or render_missing(store, path, site), FORMS[form], 200 if body else 404)
    return Page(write_data(subjects(name, context), context.properties, form), FORMS[form])


def network_page(store: Store, before: Positions | None = None, ego: str = "") -> bytes:
    """Return the page of the network of entities, whose panel links to the other pages.

    Args:
        before: The positions of nodes in `graphkit view`.
        ego: The start of the addresses of networks near one thing, if there are such pages.
    """
    drawing = network(store)
    drawing.graph.update(site=True, ego=ego)
    shown = with_positions(drawing, before or {}) if drawing.number_of_edges() <= MOST_EDGES else drawing
    return render_view(shown, masthead("network", read_metadata(store))).encode("utf-8", "replace")


def ego_page(store: Store, name: str) -> bytes:
    """Return the page of an entity with its neighbours, or of the statements in a source.

    Raises:
        NotFoundError: There is no entity or source of that name, or it has no neighbours.
    """
    drawing = make("ego", store, Asked(about=name, hops=1))
    drawing.graph.update(site=True, ego=EGO)
    return render_view(drawing, masthead(EGO + name, read_metadata(store))).encode("utf-8", "replace")


def style() -> bytes:
    """Return the style sheet of all pages, which begins with what views and pages share."""
    shared = (files("graphkit.view").joinpath("static", name).read_bytes() for name in ("shared.css", "masthead.css"))
    return b"".join([*shared, files("graphkit.web.pages").joinpath("site.css").read_bytes()])


def script() -> bytes:
    """Return the script of the home page and of entities."""
    return files("graphkit.view").joinpath("static/site.min.js").read_bytes()


# The files that pages load, by their name in `assets/`.
OF_PAGES: Mapping[str, Callable[[], bytes]] = {"site.css": style, "site.js": script}

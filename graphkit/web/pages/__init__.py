"""Pages: what the graph says of one thing, as a person reads it and as a program does.

Pure functions over a store. All links are relative and name files, so that the same bytes work from a server, from
a folder and from a stick.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from graphkit.model.errors import NotFoundError
from graphkit.model.iris import BASE
from graphkit.web.pages.dataset import DATASET, Masthead, read_masthead
from graphkit.web.pages.entities import render_thing
from graphkit.web.pages.links import link, path_of, root_of
from graphkit.web.pages.lists import LISTS, render_list
from graphkit.web.pages.network import EGO, ego_page, network_page
from graphkit.web.pages.not_found import render_missing, render_moved
from graphkit.web.pages.page_queries import read_page
from graphkit.web.pages.rdf import FORMS, subjects, write_data
from graphkit.web.pages.records import read_around, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.query.questions import Question
    from graphkit.store import Store
    from graphkit.view.layout.stress import Places

__all__ = ["FORMS", "Page", "network_page", "page", "style"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it leaves.

    Attributes:
        body: The bytes.
        media: Their type; all text is UTF-8.
        status: As HTTP has it: 200, 301 or 404.
        location: Where it is now, relative to this page; "" if it is here.
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
    places: Places | None = None,
) -> Page:
    """Make one page.

    Args:
        store: The graph.
        path: `id/met`, `source/<id>`, `statement/<source>/<key>`, `proposition/<hash>`, `dispute/<hash>`, or a list:
            `index`, `entities`, `sources`, `statements`, `statements/<page>`, `disputes`, `questions`,
            `questions/<name>`, `about`, the `network` of all entities, or `ego-<id>`: what is near one, or told by it.
        form: html, ttl, jsonld or nt. Lists are HTML only; `index` and `about` are also the dataset as data.
        questions: The saved questions, by name.
        places: Where the nodes of the network stood before.
    """
    site = read_masthead(store)
    if path in {"index", "about"} and form != "html":
        return Page(write_data([DATASET], read_around(store, [DATASET]), form), FORMS[form])
    if path == "network" and form == "html":
        return Page(network_page(store, places, EGO), FORMS["html"])
    if path.startswith(EGO) and form == "html":
        return _ego_page(store, path, site)
    if path in LISTS or path.partition("/")[0] in {"questions", "statements"}:
        body = render_list(store, path, questions or {}, site) if form == "html" else b""
        return Page(body, FORMS["html"]) if body else Page(render_missing(store, path, site), FORMS["html"], 404)
    if path_of(BASE + path) == "":
        return Page(render_missing(store, path, site), FORMS["html"], 404)
    return _thing_page(store, path, form, site=site)


def _ego_page(store: Store, path: str, site: Masthead) -> Page:
    name = path.removeprefix(EGO)
    try:
        body = ego_page(store, name) if path_of(f"{BASE}id/{name}") else b""
    except NotFoundError:
        body = b""
    return Page(body or render_missing(store, path, site), FORMS["html"], 200 if body else 404)


def _thing_page(store: Store, path: str, form: str, site: Masthead) -> Page:
    name = BASE + path
    book = read_page(store, name)
    now = word(book.records.get(name), "dcterms:isReplacedBy")
    if now:
        here = path_of(now)
        body = render_moved(path, link(read_around(store, [now]), now), site)
        return Page(body, FORMS["html"], 301, f"{root_of(path)}{here}.{form}")
    if name not in book.records:
        return Page(render_missing(store, path, site), FORMS["html"], 404)
    if form == "html":
        return Page(render_thing(name, book, site), FORMS[form])
    return Page(write_data(subjects(name, book), book.records, form), FORMS[form])


def style() -> bytes:
    """Return the style sheet of all pages, which they expect at `assets/site.css`."""
    return files("graphkit.web.pages").joinpath("site.css").read_bytes()

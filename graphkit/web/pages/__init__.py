"""Pages about one thing each, as HTML for people and as RDF for programs.

Pure functions over a store. All links are relative and name files, so that the same bytes work from a server and from
a folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from graphkit.model.iris import BASE, DATASET
from graphkit.store import Store
from graphkit.view.preview import Preview
from graphkit.web.pages.context import DatasetMetadata, read_mentioned, read_metadata, read_thing, whole_network
from graphkit.web.pages.entities import render_thing
from graphkit.web.pages.links import link, path_of, root_of
from graphkit.web.pages.lists import LISTS, render_list, render_missing, render_moved
from graphkit.web.pages.paged import PAGED
from graphkit.web.pages.previews import STORY, has_preview, oembed, preview_of, preview_of_story
from graphkit.web.pages.rdf import FORMS, subjects, write_data
from graphkit.web.pages.views import EGO, is_view, story_paths, view_page, view_picture
from graphkit.web.published import Beside, Published

__all__ = ["EGO", "FORMS", "OF_PAGES", "Page", "page"]

_NOTHING = Beside()
_EMBED = "oembed/"


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


def page(store: Store, path: str, form: str = "html", beside: Beside = _NOTHING) -> Page:
    """Make one page.

    Args:
        path: `id/met`, `source/<id>`, `statement/<source>/<key>`, `proposition/<hash>`, `dispute/<hash>`,
            `dispute/matter/<hash>`; a list such as `entities`, `sources`, `statements` or `disputes`, or a part of it:
            `statements/<page>`, `statements/<facet>`, `statements/<facet>/<page>`; `index`, `questions`,
            `questions/<name>`, `about`, the `network` of all entities, `story-<name>`, or `ego-<id>`, the network near
            an entity or in a source.
        form: html, ttl, jsonld or nt; lists are HTML only, `index` and `about` are also the dataset as data. The
            preview of an entity, a disagreement or a story is png, and json with `oembed/` before its path; the picture
            of the `network` is svg.
    """
    site = published_metadata(read_metadata(store), beside.published)
    if form in {"png", "json", "svg"}:
        body = view_picture(store, path) if form == "svg" else _preview(store, path, form, beside, site)
        return _found(store, path, site, form, body)
    if path in {"index", "about"} and form != "html":
        return Page(write_data([DATASET], read_mentioned(store, [DATASET]), form), FORMS[form])
    if is_view(path):
        return _found(store, path, site, "html", view_page(store, path, beside, site) if form == "html" else b"")
    if path in LISTS or path.partition("/")[0] in {"questions", *PAGED}:
        body = render_list(store, path, beside.questions, site) if form == "html" else b""
        return _found(store, path, site, "html", body)
    thing, number = _split(path)
    if path_of(BASE + thing) == "" or (number > 1 and form != "html"):
        return _found(store, path, site)
    return _thing_page(store, thing, form, number, site=site)


def published_metadata(site: DatasetMetadata, published: Published) -> DatasetMetadata:
    """Return the metadata of the dataset with those of its publication."""
    return replace(site, address=published.base, stories=story_paths(published.stories))


def _found(store: Store, path: str, site: DatasetMetadata, form: str = "html", body: bytes = b"") -> Page:
    """Return a page, or if it is empty the page of a name that does not exist."""
    return Page(body, FORMS[form]) if body else Page(render_missing(store, path, site), FORMS["html"], 404)


def _preview(store: Store, path: str, form: str, beside: Beside, site: DatasetMetadata) -> bytes:
    """Return an image, or how to embed the picture of a page; b"" if the page has none."""
    of_page = path.removeprefix(_EMBED)
    if (form == "json") != (of_page != path) or (form == "json" and not site.address):
        return b""
    found = _previewed(store, of_page, beside.published, site)
    if found is None:
        return b""
    return found.png() if form == "png" else oembed(of_page, found.title, site)


def _previewed(store: Store, path: str, published: Published, site: DatasetMetadata) -> Preview | None:
    story = published.stories.get(path.removeprefix(STORY)) if path.startswith(STORY) else None
    if story:
        return preview_of_story(story, whole_network(store), site)
    name = BASE + path
    context = read_thing(store, name) if path_of(name) else None
    return preview_of(name, context, whole_network(store), site) if context and has_preview(name, context) else None


_FURTHER = re.compile(r"(id/[a-z0-9-]+)/([1-9][0-9]{0,5})")


def _split(path: str) -> tuple[str, int]:
    """Return the path of a thing, and the number of the page: only entities have several."""
    found = _FURTHER.fullmatch(path)
    return (found[1], int(found[2])) if found and found[2] != "1" else (path, 1)


def _thing_page(store: Store, path: str, form: str, number: int, site: DatasetMetadata) -> Page:
    name = BASE + path
    context = read_thing(store, name, number if form == "html" else 0)
    now = context.properties.one(name, "dcterms:isReplacedBy")
    if now and number == 1:
        body = render_moved(path, link(read_mentioned(store, [now]), now), site)
        return Page(body, FORMS["html"], 301, f"{root_of(path)}{path_of(now)}.{form}")
    if name not in context.properties:
        return _found(store, path, site)
    if form == "html":
        return _found(store, path, site, form, render_thing(name, context, site, number))
    return Page(write_data(subjects(name, context), context.properties, form), FORMS[form])


def style() -> bytes:
    """Return the style sheet of all pages, which begins with what views and pages share."""
    shared = (files("graphkit.view").joinpath("static", name).read_bytes() for name in ("shared.css", "masthead.css"))
    return b"".join([*shared, files("graphkit.web.pages").joinpath("site.css").read_bytes()])


def script() -> bytes:
    """Return the script of the home page and of entities."""
    return files("graphkit.view").joinpath("static/site.min.js").read_bytes()


# The files that pages load, by their name in `assets/`.
OF_PAGES: Mapping[str, Callable[[], bytes]] = {"site.css": style, "site.js": script}

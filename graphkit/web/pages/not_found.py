"""Pages of what is not here: never was, or goes by another name now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.iris import entity_iri
from graphkit.query.questions import nearest
from graphkit.web.pages.links import Link, path_of
from graphkit.web.pages.render import render

if TYPE_CHECKING:
    from graphkit.store import Store
    from graphkit.web.pages.dataset import Masthead


def render_missing(store: Store, path: str, site: Masthead) -> bytes:
    """Render a page that says that there is nothing of that name, and which names are near it."""
    said = nearest(path.rpartition("/")[2][:100], store)
    slugs = said.removeprefix("Near: ").rstrip(".").split(", ") if said.startswith("Near: ") else []
    near = [Link(entity_iri(slug), slug, path_of(entity_iri(slug))) for slug in slugs]
    return render("missing", path, site=site, title="There is nothing of that name", wanted=path, near=near)


def render_moved(path: str, now: Link, site: Masthead) -> bytes:
    """Render a page that leads from a merged name to what it was merged into."""
    return render("moved", path, site=site, title="This name was merged", now=now)

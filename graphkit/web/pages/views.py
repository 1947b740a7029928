"""Views that are pages of a site: the network, the network near one thing, and stories."""

from __future__ import annotations

import re
from collections.abc import Mapping

import networkx as nx

from graphkit.analysis.network import network
from graphkit.analysis.outline import MOST_EDGES
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import BASE
from graphkit.model.stories import Story
from graphkit.store import Store
from graphkit.view.diagrams import Asked, make
from graphkit.view.diagrams.told import told
from graphkit.view.drawing import draw
from graphkit.view.layout.stress import Positions
from graphkit.view.page.page import caption_of, render
from graphkit.view.page.svg import picture
from graphkit.view.positions import with_positions
from graphkit.view.print_layout import fitting
from graphkit.web.pages.context import DatasetMetadata
from graphkit.web.pages.links import path_of
from graphkit.web.pages.previews import STORY
from graphkit.web.pages.render import head_of_story, masthead
from graphkit.web.published import Beside

# The network near one thing is a page beside the network page, so that relative links work in both.
EGO = "ego-"
# Width of the picture on the home page in points, if its labels had 7.
_READABLE = 680.0
_NAME = re.compile(r"[a-z0-9-]+")


def view_page(store: Store, path: str, beside: Beside, site: DatasetMetadata) -> bytes:
    """Return the view at a path; b"" if there is none.

    Args:
        path: `network`, `ego-<id>` or `story-<name>`.
    """
    if path == "network":
        return network_page(positioned(make("entities", store, Asked(grouped=True)), beside.places), site, EGO)
    if path.startswith(EGO):
        return _ego_page(store, path, site)
    story = beside.published.stories.get(path.removeprefix(STORY)) if path.startswith(STORY) else None
    return story_page(network(store), path, story, site, EGO) if story else b""


def view_picture(store: Store, path: str) -> bytes:
    """Return the picture of the network as SVG; b"" for any other path."""
    return network_picture(make("entities", store, Asked(grouped=True))) if path == "network" else b""


def is_view(path: str) -> bool:
    """Return whether a path is that of a view."""
    return path == "network" or path.startswith((EGO, STORY))


def positioned(drawing: nx.MultiDiGraph[str], before: Positions) -> nx.MultiDiGraph[str]:
    """Return a network with the positions of its nodes in `graphkit view`, unless only its groups are drawn."""
    return with_positions(drawing, before) if drawing.number_of_edges() <= MOST_EDGES else drawing


def network_page(drawing: nx.MultiDiGraph[str], site: DatasetMetadata, ego: str = "") -> bytes:
    """Return the page of the network of entities, whose panel links to the other pages.

    Args:
        ego: The start of the addresses of networks near one thing, if there are such pages.
    """
    drawing.graph.update(site=True, ego=ego)
    return render(drawing, masthead("network", site)).encode("utf-8", "replace")


def network_picture(drawing: nx.MultiDiGraph[str]) -> bytes:
    """Return a picture of the busiest actors and schemes, with labels that can be read on the home page."""
    shown = fitting(drawing, _READABLE) if drawing.number_of_edges() else draw(drawing)
    return picture(shown, caption_of(drawing)).encode("utf-8", "replace")


def story_page(drawing: nx.MultiDiGraph[str], path: str, story: Story, site: DatasetMetadata, ego: str = "") -> bytes:
    """Return the page of a story: the part of the network that it shows, with its steps."""
    part = told(drawing, story)
    part.graph.update(site=True, ego=ego)
    head = head_of_story(path, story.title, story.steps[0].text, site)
    return render(part, masthead(path, site), head).encode("utf-8", "replace")


def _ego_page(store: Store, path: str, site: DatasetMetadata) -> bytes:
    """Return the page of an entity with its neighbours, or of the statements in a source; b"" if it has none."""
    name = path.removeprefix(EGO)
    if not path_of(f"{BASE}id/{name}"):
        return b""
    try:
        drawing = make("ego", store, Asked(about=name, hops=1))
    except NotFoundError:
        return b""
    drawing.graph.update(site=True, ego=EGO)
    return render(drawing, masthead(path, site)).encode("utf-8", "replace")


def story_paths(stories: Mapping[str, Story]) -> tuple[tuple[str, str], ...]:
    """Return the path and the title of each story whose name can be a part of an address."""
    return tuple((f"{STORY}{name}", story.title) for name, story in sorted(stories.items()) if _NAME.fullmatch(name))

"""The view of the whole network as one of the pages; the others link into it with what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from graphkit.analysis.network import network
from graphkit.model.text import visible
from graphkit.view.diagrams import Asked, make
from graphkit.view.page.groups import MOST_EDGES
from graphkit.view.page.page import render
from graphkit.view.positions import settled

if TYPE_CHECKING:
    from graphkit.store import Store
    from graphkit.view.layout.stress import Places


# Pages of what is near one thing lie beside the network, so that links from either lead to the same places.
EGO = "ego-"


def network_page(store: Store, before: Places | None = None, ego: str = "") -> bytes:
    """Return the page of the network of entities, whose panel links to the other pages.

    Args:
        store: The graph.
        before: Where nodes stood in `graphkit view`.
        ego: How addresses of what is near one thing begin, if there are such pages.
    """
    drawing = network(store)
    drawing.graph.update(site=True, ego=ego)
    shown = settled(drawing, before or {}) if drawing.number_of_edges() <= MOST_EDGES else drawing
    return render(shown).encode("utf-8", "replace")


def ego_page(store: Store, name: str) -> bytes:
    """Return the page of an entity and what is one step from it, or of what a source tells.

    Raises:
        NotFoundError: There is none of that name, or nothing relates it to anything else.
    """
    drawing = make("ego", store, Asked(about=name, hops=1))
    drawing.graph.update(site=True, ego=EGO)
    return render(drawing).encode("utf-8", "replace")


def network_place(path: str, title: str = "") -> str:
    """Return where in the network a thing is shown, from the root of the site; "" for what it does not show.

    >>> network_place("id/met")
    'network.html#at=n-met&hops=1'
    >>> network_place("source/gazette", "A title")
    'network.html#only-source=A+title'
    """
    kind, _, name = path.partition("/")
    if kind == "id":
        return f"network.html#{urlencode({'at': f'n-{visible(name)}', 'hops': 1})}"
    if kind == "source":
        return f"network.html#{urlencode({'only-source': visible(title)})}"
    return f"network.html#d-{name[:12]}" if kind == "dispute" else ""

"""The network page, to which all other pages link, and the network near one entity or source."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from graphkit.analysis.network import network
from graphkit.model.text import visible
from graphkit.view.diagrams import Asked, make
from graphkit.view.page.groups import MOST_EDGES
from graphkit.view.page.page import render
from graphkit.view.positions import with_positions

if TYPE_CHECKING:
    from graphkit.store import Store
    from graphkit.view.layout.stress import Positions


# The network near one thing is a page beside the network page, so that relative links work in both.
EGO = "ego-"


def network_page(store: Store, before: Positions | None = None, ego: str = "") -> bytes:
    """Return the page of the network of entities, whose panel links to the other pages.

    Args:
        store: The graph.
        before: The positions of nodes in `graphkit view`.
        ego: The start of the addresses of networks near one thing, if there are such pages.
    """
    drawing = network(store)
    drawing.graph.update(site=True, ego=ego)
    shown = with_positions(drawing, before or {}) if drawing.number_of_edges() <= MOST_EDGES else drawing
    return render(shown).encode("utf-8", "replace")


def ego_page(store: Store, name: str) -> bytes:
    """Return the page of an entity with its neighbours, or of the statements in a source.

    Raises:
        NotFoundError: There is no entity or source of that name, or it has no neighbours.
    """
    drawing = make("ego", store, Asked(about=name, hops=1))
    drawing.graph.update(site=True, ego=EGO)
    return render(drawing).encode("utf-8", "replace")


def network_address(path: str, title: str = "") -> str:
    """Return the address at which the network page shows a thing, from the root of the site; "" if it does not.

    >>> network_address("id/met")
    'network.html#at=n-met&hops=1'
    >>> network_address("source/gazette", "A title")
    'network.html#only-source=A+title'
    """
    kind, _, name = path.partition("/")
    if kind == "id":
        return f"network.html#{urlencode({'at': f'n-{visible(name)}', 'hops': 1})}"
    if kind == "source":
        return f"network.html#{urlencode({'only-source': visible(title)})}"
    return f"network.html#d-{name[:12]}" if kind == "dispute" else ""

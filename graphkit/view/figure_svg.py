"""A picture for a paper, as SVG: the same as on the page, in the colours of paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.view.drawing import draw
from graphkit.view.page.html import put
from graphkit.view.page.page import foot_of
from graphkit.view.page.svg import picture

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx


def write_svg(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the picture of a network as an SVG file; see `graphkit.view.view`."""
    text = picture(draw(network), foot_of(network), look="light")
    put(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', path)

"""One HTML file that holds a whole view: picture, tables, evidence and the script that explores them.

It opens from an e-mail and needs no network. The picture is SVG, the tables are HTML: both are there without
JavaScript. The page's Content-Security-Policy names each script and style by its hash and forbids everything else
but images that the page makes itself, to save them.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING, Any

from graphkit.model.iris import BASE
from graphkit.model.text import escaped, visible
from graphkit.view.drawing import draw
from graphkit.view.page.groups import MOST_EDGES, overview
from graphkit.view.page.html import content_policy, put, sheet, static
from graphkit.view.page.legend import legend_with_boxes
from graphkit.view.page.svg import picture, style
from graphkit.view.page.tables import evidence_tables
from graphkit.view.story import story_of

# Attributes that thousands of lines and nodes have; text holds no quotes, for it is escaped.
_QUOTED = re.compile(r'\b(x|y|href|data-b|class)="([-#.\w]+)"(?=[ >])')

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import networkx as nx

    from graphkit.view.page.groups import Overview


def write_page(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the view of a network as one self-contained HTML file; see `graphkit.view.view`."""
    put(render(network), path)


def render(network: nx.MultiDiGraph[str]) -> str:
    """Return the page as text; of a large network, that of its groups."""
    inside = overview(network) if network.number_of_edges() > MOST_EDGES else None
    return _page(inside.network if inside else network, inside)


def _page(network: nx.MultiDiGraph[str], inside: Overview | None) -> str:
    drawing = draw(network)
    facts, natural = _facts(network.graph), network.graph.get("natural")
    looks, code = sheet("page.css"), script("overview" if inside else "view")
    return Template(static("page.html")).substitute(
        policy_of_page=content_policy([code], [looks, style()], images="blob:"),
        style=looks,
        script=code,
        picture=_spare(
            picture(drawing, caption_of(network), inside.kinds if inside else (), "natural" if natural else "")
        ),
        legend=legend_with_boxes(drawing, inside),
        groups=f'<script type="application/json" id="groups">{inside.packed}</script>' if inside else "",
        site=_site(network.graph),
        natural=' class="natural"' if natural else "",
        home='<p><a href="index.html">All pages</a></p>' if network.graph.get("site") else "",
        story=story_of(network.graph.get("story")),
        lead=escaped(network.graph.get("lead", "")),
        **evidence_tables(drawing, network.graph),
        **{name: escaped(value) for name, value in facts.items()},
    )


def _site(about: Mapping[str, Any]) -> str:
    """Say in which site a page is, and how the pages of what is near one thing begin there."""
    ego = f' data-ego="{about["ego"]}"' if about.get("ego") else ""
    return f' data-site="{BASE}"{ego}' if about.get("site") else ""


def _spare(picture: str) -> str:
    """Return a picture without those quotes that HTML does without and XML does not."""
    return _QUOTED.sub(r"\1=\2", picture)


def script(name: str = "view") -> str:
    """Return the script of a page or of an overview, minified; web/view holds what it is made from."""
    _, _, code = static(f"{name}.min.js").partition("\n")
    return code.strip()


def caption_of(network: nx.MultiDiGraph[str]) -> str:
    """Return the line under a picture: what it is of, under which policy, which version and licence."""
    facts = _facts(network.graph)
    version = facts["version"] + (f" of {facts['released']}" if network.graph.get("released") else "")
    return f"{facts['title']} · policy: {facts['policy']} · version {version} · licence: {facts['licence']}"


def _facts(about: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "dataset", "version", "licence", "policy", "released")
    return {name: visible(about.get(name, "")) or "not given" for name in names}

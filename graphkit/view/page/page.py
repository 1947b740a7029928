"""The page of the svg engine: one HTML file with picture, tables, evidence and a script to explore them.

The page works offline. The picture is SVG and the tables are HTML, so both work without JavaScript. The
Content-Security-Policy of the page names each script and style by its hash. It forbids everything else, except images
that the page makes itself, to save them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlencode

import networkx as nx

from graphkit.analysis.outline import MOST_EDGES
from graphkit.model.dates import date_words
from graphkit.model.iris import BASE
from graphkit.model.stories import Step, Story
from graphkit.model.text import as_json, escaped, visible
from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode, draw
from graphkit.view.page.groups import Overview, overview
from graphkit.view.page.html import content_policy, put, sheet, static
from graphkit.view.page.legend import legend
from graphkit.view.page.svg import class_of, looks_of, picture, style
from graphkit.view.page.tables import evidence_tables

_HINT = (
    "Select a line to see its statements and their sources. A dashed line is not a reported fact: the legend says why."
)
# The hint of a picture that is read like a table, whose legend is below it.
_SHORT_HINT = "Select a {} to see its statements and their sources."
# Attributes of thousands of edges and nodes, whose quotes XML requires and HTML does not. Escaped text has no quotes.
_QUOTED = re.compile(r'\b(x|y|href|data-b|class)="([-#.\w]+)"(?=[ >])')
# The last character that a script counts as one.
_LAST_OF_ONE_UNIT = "\uffff"


def write_page(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the view of a network as one self-contained HTML file; see `graphkit.view.view`."""
    put(render(network), path)


def render(network: nx.MultiDiGraph[str], masthead: str = "", head: str = "") -> str:
    """Return the page as text; for a large network, the page of its groups.

    Args:
        masthead: The HTML of the masthead of the site that the page belongs to.
        head: The HTML of further elements of its head.
    """
    inside = overview(network) if network.number_of_edges() > MOST_EDGES else None
    return _page(inside.network if inside else network, inside, masthead, head)


def _page(network: nx.MultiDiGraph[str], inside: Overview | None, masthead: str, head: str) -> str:
    drawing, natural = draw(network, framed=True), network.graph.get("natural")
    code = script("overview" if inside else "view")
    looks = "".join(map(sheet, ("shared.css", *(["masthead.css"] if masthead else []), "page.css")))
    drawn = picture(drawing, caption_of(network), inside.kinds if inside else (), "natural" if natural else "")
    return assembled(
        network.graph,
        [looks],
        [code],
        policy_of_page=content_policy([code], [looks, style(drawing)], images="blob:"),
        picture=_QUOTED.sub(r"\1=\2", drawn),
        legend=legend(drawing, inside, network.graph, checkboxes=True),
        data=_data_of("groups", inside.packed if inside else "") + _data_of("rest", packed_rest(drawing)),
        natural=' class="natural"' if natural else "",
        masthead=f'<div class="masthead">\n{masthead}</div>' if masthead else "",
        head=head,
        without_script="so the picture is not interactive. The tables below list every statement with its source.",
        **evidence_tables(drawing, network.graph),
    )


def _data_of(ident: str, text: str) -> str:
    return f'<script type="application/json" id="{ident}">{text}</script>' if text else ""


def assembled(about: Mapping[str, Any], styles: Sequence[str], scripts: Sequence[str], **parts: str) -> str:
    """Return a page of either engine.

    Args:
        parts: The other fields of `static/page.html`: the content policy, the picture, the legend, the tables.
    """
    fields = {
        "site": _site(about),
        "masthead": "",
        "head": "",
        "story": _story_list(about.get("story")),
        "lead": escaped(about.get("lead", "")),
        "hint": _SHORT_HINT.format(about.get("part", "line")) if about.get("natural") else _HINT,
        "natural": "",
        "credit": "",
        **{name: escaped(value) for name, value in _facts(about).items()},
        **parts,
    }
    headline, title = escaped(parts.get("headline", "")), fields["title"]
    return Template(static("page.html")).substitute(
        {"sides": "", **fields},
        heading=f'<p class="over">{title}</p>\n<h1>{headline}</h1>' if headline else f"<h1>{title}</h1>",
        styles="\n".join(f"<style>{text}</style>" for text in styles),
        scripts="\n".join(f"<script>{text}</script>" for text in scripts),
    )


def _site(about: Mapping[str, Any]) -> str:
    """Return attributes that name the site of a page, and the beginning of the addresses of its ego views."""
    ego = f' data-ego="{about["ego"]}"' if about.get("ego") else ""
    return f' data-site="{BASE}"{ego}' if about.get("site") else ""


def script(name: str = "view") -> str:
    """Return the script of a page, minified: `view`, `overview` or `vis`. Its sources are in frontend/."""
    _, _, code = static(f"{name}.min.js").partition("\n")
    return code.strip()


def caption_of(network: nx.MultiDiGraph[str]) -> str:
    """Return the caption of a picture: title, policy, version and licence."""
    facts = _facts(network.graph)
    return f"{facts['title']} · policy: {facts['policy']} · version {facts['version']} · licence: {facts['licence']}"


def _facts(about: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "dataset", "version", "licence", "policy")
    facts = {name: visible(about.get(name, "")) or "not given" for name in names}
    released = visible(about.get("released", ""))
    return {**facts, "version": f"{facts['version']} of {date_words(released)}"} if released else facts


def address_of(step: Step) -> str:
    """Return the state of the page in a step, as the fragment of an address, so that each step is an ordinary link.

    >>> from graphkit.model.stories import Step
    >>> address_of(Step("Who paid", focus=("met",), only={"relation": ("funded",)}))
    'at=n-met&hops=1&only-relation=funded'
    """
    state = [("at", " ".join(f"n-{slug}" for slug in step.focus)), ("hops", "1")] if step.focus else []
    state += [(f"only-{group}", value) for group, values in sorted(step.only.items()) for value in values]
    state += [(name, str(year)) for name, year in (("since", step.since), ("until", step.until)) if year]
    return urlencode(state)


def _story_list(story: Story | None) -> str:
    """Return the steps of a story as a list of links; nothing if there is no story."""
    if story is None:
        return ""
    steps = "\n".join(f'<li><a href="#{escaped(address_of(step))}">{escaped(step.text)}</a>' for step in story.steps)
    return f'<section id="story"><h2>Steps of the story</h2><ol>{steps}</ol></section>'


def packed_rest(drawing: Drawing) -> str:
    """Return the parts that are not in the picture, as JSON; "" if it is complete.

    Each list has an entry for each node, edge and pair of the drawing in turn, 0 if it is in the picture.
    """
    hidden = {node.id for node in drawing.nodes if drawing.opens_on_part and not node.opening}
    joined = {edge.id for pair in drawing.pairs for edge in pair.edges}
    if not hidden and not joined:
        return ""
    rest = {
        "nodes": [_node(node) if node.id in hidden else 0 for node in drawing.nodes],
        "looks": " ".join(
            _edge(edge) if edge.id in joined or not hidden.isdisjoint((edge.source, edge.target)) else "0"
            for edge in drawing.edges
        ),
        "pairs": _pairs(drawing, hidden),
    }
    return as_json(rest)


def _node(node: DrawnNode) -> list[object]:
    """Return position, symbol, radius, and the label: where its lines end in the name, or its text."""
    return [*node.position, int(class_of(node.kind)[1:]), node.radius, *_label(node)]


def _label(node: DrawnNode) -> list[object]:
    lines = node.label.split("\n")
    if " ".join(lines) != node.name or max(node.name) > _LAST_OF_ONE_UNIT:
        return [node.label]
    return [end - 1 for end in accumulate(len(line) + 1 for line in lines[:-1])]


def _edge(edge: DrawnEdge) -> str:
    """Return the key without its beginning, the numbers of both classes, and the curvature if there is any."""
    classes = "".join(class_of(style)[1:] for style in (edge.polarity, edge.status))
    return f"{edge.key[2:]}{classes}{f'{edge.curvature:+g}' if edge.curvature else ''}"


def _pairs(drawing: Drawing, hidden: set[str]) -> list[Any]:
    """Return the numbers of both ends, class and curvature of each pair that is not in the picture."""
    numbers = {node.id: number for number, node in enumerate(drawing.nodes)}
    return [
        [numbers[pair.source], numbers[pair.target], looks_of(pair), *([pair.curvature] if pair.curvature else [])]
        for pair in drawing.pairs
        if not hidden.isdisjoint((pair.source, pair.target))
    ]

"""The page of the pyvis engine: one HTML file that needs no network.

The picture is drawn by the vis-network that pyvis brings along; template, style and script are
ours, in `static/`. The page's Content-Security-Policy names each script and style by its hash and
forbids everything else.
"""

from __future__ import annotations

from dataclasses import fields
from string import Template
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import ExportError
from graphkit.model.text import as_json, escaped
from graphkit.view.drawing import draw
from graphkit.view.page.evidence import FACTS, Saying, sayings_of
from graphkit.view.page.groups import MOST_EDGES, pack
from graphkit.view.page.html import content_policy, put, static
from graphkit.view.page.legend import legend
from graphkit.view.vis.data import vis_data, vis_file
from graphkit.view.vis.table import entity_table, filled_table, statement_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import networkx as nx

    from graphkit.view.drawing import Drawing, DrawnEdge

MOST_DRAWN = 50_000
_FIELDS = tuple(field.name for field in fields(Saying))
_BELOW = "Everything in it is in the tables below, with its sources."
_PACKED = (
    "Its statements are packed in this file and need a script; a part that has tables: graphkit view --about NAME."
)


def write_page(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write the picture of a network, with its evidence, as one self-contained HTML file.

    The same network gives the same bytes. The file is complete or not there: it is written beside
    and renamed.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        path: The file to write; nothing else is written anywhere.

    Raises:
        MissingExtraError: pyvis, which brings vis-network along, is not installed.
        ExportError: The file cannot be written.
    """
    put(render(network), path)


def write_plain(network: nx.MultiDiGraph[str], path: Path) -> None:
    """Write a page for tens of thousands of edges: lines on a canvas, labels only of what is chosen.

    Above some thousands, the statements are packed, and the script lists them a hundred relations at a time.
    """
    require_drawable(network)
    put(render(network), path)


def require_drawable(network: nx.MultiDiGraph[str]) -> None:
    """Refuse more edges than a browser draws in reasonable time.

    Raises:
        ExportError: There are more.
    """
    number = network.number_of_edges()
    if number > MOST_DRAWN:
        raise ExportError(
            f"{number:,} edges are more than the {MOST_DRAWN:,} that a canvas can draw.",
            "Leave out --engine for an overview, or type --about NAME for a part.",
        )


def render(network: nx.MultiDiGraph[str]) -> str:
    """Return the page as text."""
    drawing = draw(network)
    sayings = sayings_of(drawing, network.graph["evidence"])
    return page_of(drawing, sayings, page_data(drawing, sayings), network.graph)


def page_of(drawing: Drawing, sayings: Mapping[str, Saying], data: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Return a page of a drawing.

    Args:
        drawing: What stands in its tables and its key.
        sayings: The statements of it.
        data: What its script draws: as `page_data` gives it, or with another look.
        about: Title, dataset, version, licence, policy and `total`, the number of statements there are.
    """
    styles = [_vis_style(), static("vis.css")]
    scripts = [_vis_script(), static("vis.js")]
    return Template(static("vis.html")).substitute(
        policy_of_page=content_policy(scripts, styles),
        styles="\n".join(f"<style>{style}</style>" for style in styles),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
        legend=legend(drawing),
        **_content(drawing, sayings, data),
        counts=_counts(drawing, sayings, about["total"]),
        **_facts(about),
    )


def _content(drawing: Drawing, sayings: Mapping[str, Saying], data: Mapping[str, Any]) -> dict[str, str]:
    """Return evidence and tables: of a large network packed, for rows of fifty thousand statements stop a browser."""
    if len(drawing.edges) > MOST_EDGES:
        held = {"data": as_json(pack(data)), "packed": " data-packed", "elsewhere": _PACKED}
        return {**held, "statements": filled_table(), "entities": ""}
    tables = {"statements": statement_table(drawing, sayings), "entities": entity_table(drawing)}
    return {"data": as_json(data), "packed": "", "elsewhere": _BELOW, **tables}


def page_data(drawing: Drawing, sayings: Mapping[str, Saying]) -> dict[str, Any]:
    """Return what the page's script reads: picture and evidence, by node and edge id."""
    number = {iri: i for i, iri in enumerate(sayings)}
    return {
        **vis_data(drawing),
        "labelled": [stroke.id for stroke in drawing.edges if stroke.labelled],
        "facts": FACTS,
        "statements": [_given(saying) for saying in sayings.values()],
        "entities": {s.id: {"name": s.name, "kind": s.kind.word, "iri": s.iri} for s in drawing.nodes},
        "relations": {stroke.id: _relation(stroke, number) for stroke in drawing.edges},
    }


def _relation(stroke: DrawnEdge, number: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": stroke.name,
        "scope": stroke.scope,
        "mark": stroke.status.mark or "reported",
        "meaning": stroke.status.meaning,
        "polarity": stroke.polarity.word,
        "disputes": stroke.disputes,
        "statements": [number[iri] for iri in stroke.statements],
    }


def _given(saying: Saying) -> dict[str, str]:
    """Return what is known of a statement."""
    return {name: value for name in _FIELDS if (value := getattr(saying, name))}


def _vis_script() -> str:
    """Return vis-network as it may stand in a page: it cannot end its element or ask for a map."""
    script = vis_file("vis-network.min.js").partition("//# sourceMappingURL=")[0]
    return script.replace("</script", "<\\/script").replace("<!--", "\\x3c!--")


def _vis_style() -> str:
    """Return the style of vis-network without the icons of its editing tools, never shown here."""
    rules = vis_file("vis-network.css").split("}")
    return "".join(f"{rule}}}" for rule in rules if rule.strip() and "url(" not in rule)


def _counts(drawing: Drawing, sayings: Mapping[str, Saying], total: int) -> str:
    hidden = max(int(total) - len(sayings), 0)
    return (
        f"{len(sayings)} of {int(total)} statements drawn; {hidden} hidden. "
        f"{len(drawing.nodes)} nodes, {len(drawing.edges)} edges."
    )


def _facts(about: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "dataset", "version", "licence", "policy")
    return {name: escaped(about[name]) or "not given" for name in names}

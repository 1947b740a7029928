"""A pyvis `Network` that writes our page: it asks no other host for anything and runs no text.

Everything that pyvis lets one configure stays; only what is written is ours, with the template of `vis_page`.
Importing this file imports pyvis.
"""

from __future__ import annotations

import json
import re
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyvis.edge import Edge
from pyvis.network import Network

from graphkit.model.errors import ExportError
from graphkit.view.drawing import Drawing
from graphkit.view.page.html import put
from graphkit.view.vis.added import (
    added_shape,
    added_stroke,
    known_shape,
    known_stroke,
    own_look,
    turns,
    without_claims,
)
from graphkit.view.vis.page import page_data, page_of
from graphkit.view.vis.values import without_calls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.view.drawing import DrawnEdge, DrawnNode
    from graphkit.view.page.evidence import Saying

_SIZE = re.compile(r"\d{1,5}(\.\d{1,3})?(px|%|em|rem|vh|vw)?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}|(rgb|hsl)a?\([-\d., %/]{5,40}\)")
# What makes parts of a page out of texts, or needs pictures from elsewhere.
_TOOLS = ("configure", "manipulation", "locale", "locales")
_PYVIS_PAPER = "#ffffff"


class OfflineNetwork(Network):  # type: ignore[misc]  # pyvis has no types
    """A pyvis network whose pages are those of `graphkit view --engine pyvis`.

    Titles, headings and labels are text, never HTML. Images, the icons of a font, templates of one's own and the
    panel of `show_buttons` are left out. `cdn_resources` changes nothing: all is in the file.
    """

    def __init__(self, drawing: Drawing, sayings: Mapping[str, Saying], about: Mapping[str, Any]) -> None:
        super().__init__(height="640px", directed=True, cdn_resources="in_line")
        self._shapes = {shape.id: shape for shape in drawing.nodes}
        self._strokes = {stroke.id: stroke for stroke in drawing.edges}
        self._sayings, self._about = sayings, about

    def add_edge(self, source: str | int, to: str | int, **options: Any) -> None:  # noqa: ANN401 - vis-network's own
        """Add an edge, beside others between the same nodes too, whether directed or not.

        Raises:
            ExportError: There is no such node.
        """
        for end in (source, to):
            if end not in self.node_map:
                raise ExportError(f"An edge needs the node {end!r}, which is not there.", f"Type add_node({end!r}).")
        self.edges.append(Edge(source, to, self.directed, **options).options)

    def from_DOT(self, dot: str) -> None:  # noqa: N802 - pyvis's name
        """Refuse: vis-network would run the text.

        Raises:
            ExportError: Always.
        """
        raise ExportError(f"{dot!r} is DOT, which is not drawn.", "Read it with networkx, and type from_nx(graph).")

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - as in pyvis
        """Return the page as text, the same wherever it is shown; the arguments are pyvis's and change nothing.

        Raises:
            ExportError: A size, a colour or the end of an edge is none.
        """
        shapes, strokes = self._drawn_shapes(), self._drawn_strokes()
        drawing = Drawing(tuple(shapes), tuple(strokes))
        said = {iri for stroke in strokes for iri in stroke.statements}
        sayings = {iri: saying for iri, saying in self._sayings.items() if iri in said}
        data = {**page_data(drawing, sayings), **self._own(shapes, strokes)}
        about = {**self._about, "title": self.heading or self._about["title"]}
        self.html: str = page_of(drawing, sayings, data, about)
        return self.html

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as in pyvis
        """Write the page, complete or not at all, in UTF-8, and nothing beside it.

        Args:
            name: The file, ending in .html.
            local: pyvis's; changes nothing.
            notebook: pyvis's; changes nothing.
            open_browser: Whether to open it in a browser.

        Raises:
            ExportError: It cannot be written, or is named otherwise.
        """
        path = Path(name)
        if path.suffix.lower() not in {".html", ".htm"}:
            raise ExportError(f"{path.name!r} is not the name of a page.", "Name a file that ends in .html.")
        put(self.generate_html(), path)
        if open_browser:
            webbrowser.open(path.resolve().as_uri())

    def save_graph(self, name: str) -> None:
        """Write the page; see `write_html`."""
        self.write_html(name)

    def show(self, name: str, local: bool = True, notebook: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - as in pyvis
        """Write the page and return it in a frame for a notebook; without a notebook, open it in a browser."""
        frame = super().show(str(name), local=local, notebook=notebook)
        if frame is not None:
            frame.src = quote(str(name))
            frame.width, frame.height = self._size("width"), self._size("height")
        return frame

    def _drawn_shapes(self) -> list[DrawnNode]:
        return [
            known_shape(self._shapes.get(node["id"]), node, f"n{i}") or added_shape(node, f"n{i}")
            for i, node in enumerate(self.nodes)
        ]

    def _drawn_strokes(self) -> list[DrawnEdge]:
        ids = {node["id"]: f"n{i}" for i, node in enumerate(self.nodes)}
        there = {node["id"] for node in self.nodes if known_shape(self._shapes.get(node["id"]), node, "")}
        return [self._stroke(edge, f"e{i}", ids, there) for i, edge in enumerate(self.edges)]

    def _stroke(
        self, edge: Mapping[str, Any], ident: str, ids: Mapping[str | int, str], there: set[str | int]
    ) -> DrawnEdge:
        """Return the stroke of an edge; between nodes that are not both `there`, of the graph, it is added."""
        pair = edge["from"], edge["to"]
        for end in pair:
            if end not in ids:
                raise ExportError(f"An edge leads to {end!r}, which is no node.", "Remove the edge, or add the node.")
        ends, stroke = (ids[pair[0]], ids[pair[1]]), self._was(edge)
        known = known_stroke(stroke, edge, ident, ends) if there.issuperset(pair) else None
        return known or added_stroke(without_claims(edge, stroke), ident, ends)

    def _was(self, edge: Mapping[str, Any]) -> DrawnEdge | None:
        return self._strokes.get(edge.get("id", ""))

    def _own(self, shapes: list[DrawnNode], strokes: list[DrawnEdge]) -> dict[str, Any]:
        """Return what was configured: how things look, under the ids of the page."""
        bends = turns([(one.source, one.target) for one in strokes])
        options = json.loads(self.get_network_data()[-1])
        return {
            "nodes": [{**own_look(node, one), "id": one.id} for node, one in zip(self.nodes, shapes, strict=True)],
            "edges": [
                {**bend, **self._look_of(edge, one), "id": one.id, "from": one.source, "to": one.target}
                for edge, one, bend in zip(self.edges, strokes, bends, strict=True)
            ],
            "options": without_calls({name: value for name, value in options.items() if name not in _TOOLS}),
            "look": self._look(),
        }

    def _look_of(self, edge: Mapping[str, Any], stroke: DrawnEdge) -> dict[str, Any]:
        return own_look(edge if stroke.iri else without_claims(edge, self._was(edge)), stroke)

    def _look(self) -> dict[str, Any]:
        colour = str(self.bgcolor or _PYVIS_PAPER)
        if not _COLOUR.fullmatch(colour):
            raise ExportError(f"bgcolor={colour!r} is no colour.", "Type a name or #rrggbb.")
        return {
            "height": self._size("height"),
            "width": self._size("width"),
            "paper": "" if colour == _PYVIS_PAPER else colour,
            "filter": bool(self.filter_menu),
        }

    def _size(self, name: str) -> str:
        value = str(getattr(self, name))
        if not _SIZE.fullmatch(value):
            raise ExportError(f"{name}={value!r} is no size.", "Type a number of pixels, such as 640px, or 100%.")
        return f"{value}px" if value[-1].isdigit() else value

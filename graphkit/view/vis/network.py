"""A pyvis `Network` that writes our page: it asks no other host for anything and never runs text.

All configuration is that of pyvis; only the page is ours. Importing this file imports pyvis, which takes a second.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from numbers import Integral, Real
from pathlib import Path
from typing import Any
from urllib.parse import quote

import networkx as nx
from pyvis.edge import Edge
from pyvis.network import Network

from graphkit.model.did_you_mean import did_you_mean
from graphkit.model.errors import ExportError
from graphkit.model.text import visible
from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode, draw
from graphkit.view.encoding import NodeStyle, StatusStyle, polarity_of
from graphkit.view.page.html import put
from graphkit.view.vis.page import EDGES, NODES, page_data, page_of, vis_edge, vis_node

_SIZE = re.compile(r"\d{1,5}(\.\d{1,3})?(px|%|em|rem|vh|vw)?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}|(rgb|hsl)a?\([-\d., %/]{5,40}\)")
# The options that make HTML of text or need pictures from elsewhere.
_TOOLS = ("configure", "manipulation", "locale", "locales")
_PYVIS_BACKGROUND = "#ffffff"
_ADDED_KIND = NodeStyle("added by hand", "dot", "#97c2fc")
_ADDED_STATUS = StatusStyle("added", "added by hand; no statement of the graph says so", ())
_CURVATURE = 0.12
_WORD_JOINER = "\u2060"
# Names that would reach the prototype of all objects of a page, and options whose value is an address to load.
_LEFT_OUT = frozenset({"__proto__", "constructor", "prototype", "image", "brokenImage", "src", "icon", "ctxRenderer"})
_OF_NODES = ("borderWidth", "color", "font", "group", "hidden", "label", "level", "mass", "opacity", "physics", "shape",
    "size", "title", "value", "x", "y")  # fmt: skip
# Shapes and arrows that need an image or a script, and their substitutes.
_SUBSTITUTES = {
    ("shape", "image"): "dot",
    ("shape", "circularImage"): "dot",
    ("shape", "icon"): "dot",
    ("shape", "custom"): "dot",
    ("type", "image"): "arrow",
}


def _same(value: object) -> object:
    return value


class OfflineNetwork(Network):  # type: ignore[misc]  # pyvis has no types
    """A pyvis network whose pages are those of `graphkit view --engine pyvis`, to configure further in a notebook.

    Nodes are `n0`, `n1` …, edges `e0`, `e1` …, each with its `iri`. Positions are fixed and physics is off;
    `toggle_physics(True)` turns it on. Titles, headings and labels are text, never HTML. Images, icons, templates and
    the panel of `show_buttons` are left out. `cdn_resources` changes nothing: the file is self-contained.
    """

    def __init__(self, network: nx.MultiDiGraph[str]) -> None:
        drawing = draw(network)
        super().__init__(height="640px", directed=True, cdn_resources="in_line")
        self._drawn_nodes = {node.id: node for node in drawing.nodes}
        self._drawn_edges = {edge.id: edge for edge in drawing.edges}
        self._about = network.graph
        self.toggle_physics(status=False)
        self.set_edge_smooth("continuous")
        for node in drawing.nodes:
            options = vis_node(node)
            self.add_node(options.pop("id"), iri=node.iri, title=_hover_text(node), **NODES, **options)
        for edge in drawing.edges:
            options = vis_edge(edge)
            source, target = options.pop("from"), options.pop("to")
            self.add_edge(source, target, iri=edge.iri, title=_hover_text(edge), **EDGES, **options)

    def add_node(self, n_id: object, label: str | None = None, **options: Any) -> None:  # noqa: ANN401 - vis-network's own
        """Add a node. Its id is text or a whole number, also one of numpy or pandas.

        Raises:
            ExportError: The id is something else.
        """
        super().add_node(_node_id(n_id), label, **options)

    def add_nodes(self, nodes: Sequence[object], **options: Sequence[Any]) -> None:
        """Add nodes, with a value for each of them in every option. An id of digits stays text.

        Raises:
            ExportError: An option is misspelt or has too few or too many values, or an id is neither text nor a whole
                number.
        """
        for name, values in options.items():
            if len(values) != len(nodes):
                message = f"{name} has {len(values)} values for {len(nodes)} nodes."
                raise ExportError(message, "Give one value for each node.")
            if near := "" if name in _OF_NODES else difflib.get_close_matches(name, _OF_NODES, n=1, cutoff=0.8):
                raise ExportError(f"Nodes have no option {name!r}.", did_you_mean(near))
        for number, node in enumerate(nodes):
            self.add_node(node, **{name: values[number] for name, values in options.items()})

    def add_edge(self, source: object, to: object, **options: Any) -> None:  # noqa: ANN401 - vis-network's own
        """Add an edge, also where others join the same nodes, directed or not.

        Raises:
            ExportError: There is no such node.
        """
        self.edges.append(Edge(self._end(source), self._end(to), self.directed, **options).options)

    def _end(self, value: object) -> str | int:
        """Return the id of a node; 1 finds "1" and the other way round if only one of them is there."""
        end = _node_id(value)
        other: str | int = str(end) if isinstance(end, int) else int(end) if end.isdecimal() else end
        for found in (end, other):
            if found in self.node_map:
                return found
        raise ExportError(f"There is no node {end!r} for this edge.", f"Type add_node({end!r}) first.")

    def from_nx(  # noqa: PLR0913, PLR0917 - as in pyvis
        self,
        nx_graph: nx.Graph[Any],
        node_size_transf: Callable[[Any], Any] = _same,
        edge_weight_transf: Callable[[Any], Any] = _same,
        default_node_size: float = 10,
        default_edge_weight: float = 1,
        show_edge_weights: bool = True,  # noqa: ARG002, FBT001, FBT002 - as in pyvis
        edge_scaling: bool = False,  # noqa: FBT001, FBT002 - as in pyvis
    ) -> None:
        """Add the nodes and edges of a networkx graph, which is not changed.

        Raises:
            ExportError: It is not a networkx graph, or an id or a size in it cannot be used.
        """
        if not hasattr(nx_graph, "nodes") or not hasattr(nx_graph, "edges"):
            raise ExportError(f"{type(nx_graph).__name__} is not a networkx graph.", "Type from_nx(graph).")
        for node, data in nx_graph.nodes(data=True):
            size = node_size_transf(_number(data.get("size", default_node_size), f"size of node {node!r}"))
            self.add_node(node, **{**_named(data), "size": int(size)})
        width = "value" if edge_scaling else "width"
        for source, target, data in nx_graph.edges(data=True):
            where = f"weight of edge {source!r} to {target!r}"
            weight = edge_weight_transf(_number(data.get("weight", default_edge_weight), where))
            known = {name: value for name, value in _named(data).items() if name != "weight"}
            own = known if {"value", "width"} <= known.keys() else {**known, width: weight}
            self.add_edge(source, target, **own)

    def set_options(self, options: str) -> None:
        """Set the options of vis-network.

        Args:
            options: A JSON object, also after `options =`.

        Raises:
            ExportError: It is not JSON.
        """
        try:
            super().set_options(options)
        except ValueError as error:
            solution = 'Put names in double quotes, as in {"physics": {"enabled": false}}.'
            raise ExportError(f"The options are not JSON: {error}.", solution) from error

    def from_DOT(self, dot: str) -> None:  # noqa: N802 - pyvis's name
        """Refuse DOT, because vis-network would run the text.

        Raises:
            ExportError: Always.
        """
        raise ExportError(f"{dot!r} is DOT, which is not supported.", "Read it with networkx, and type from_nx(graph).")

    def generate_html(self, name: str = "index.html", local: bool = True, notebook: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - as in pyvis
        """Return the page as text; pyvis's arguments change nothing.

        Raises:
            ExportError: A size or a colour is invalid, or an edge has no end.
        """
        nodes, edges = self._page_nodes(), self._page_edges()
        drawing = Drawing(tuple(nodes), tuple(edges))
        data = {**page_data(drawing), **self._configured(nodes, edges)}
        self.html: str = page_of(drawing, data, {**self._about, "title": self.heading or self._about["title"]})
        return self.html

    def write_html(self, name: str, local: bool = True, notebook: bool = False, open_browser: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as in pyvis
        """Write the page in UTF-8, completely or not at all, and no other file.

        Args:
            open_browser: Whether to open it in a browser.

        Raises:
            ExportError: It cannot be written, or has another ending.
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

    def _known_node(self, node: Mapping[str, Any]) -> DrawnNode | None:
        """Return the node of the graph that a pyvis node represents, unless it was replaced by hand."""
        known = self._drawn_nodes.get(node["id"])
        return known if known and node.get("iri") == known.iri else None

    def _page_nodes(self) -> list[DrawnNode]:
        return [
            replace(known, id=f"n{i}") if (known := self._known_node(node)) else _added_node(node, f"n{i}")
            for i, node in enumerate(self.nodes)
        ]

    def _page_edges(self) -> list[DrawnEdge]:
        ids = {node["id"]: f"n{i}" for i, node in enumerate(self.nodes)}
        known = {node["id"] for node in self.nodes if self._known_node(node)}
        return [self._page_edge(edge, f"e{i}", ids, known) for i, edge in enumerate(self.edges)]

    def _page_edge(
        self, edge: Mapping[str, Any], ident: str, ids: Mapping[str | int, str], known: set[str | int]
    ) -> DrawnEdge:
        """Return an edge for the page: one that no longer joins the same known nodes has no evidence."""
        pair, was = (edge["from"], edge["to"]), self._edge_before(edge)
        for end in pair:
            if end not in ids:
                raise ExportError(
                    f"There is no node {end!r}, to which an edge leads.", "Remove the edge, or add the node."
                )
        ends = ids[pair[0]], ids[pair[1]]
        if was and known.issuperset(pair) and (edge.get("iri"), *pair) == (was.iri, was.source, was.target):
            return replace(was, id=ident, source=ends[0], target=ends[1])
        return _added_edge(_without_claims(edge, was), ident, ends)

    def _edge_before(self, edge: Mapping[str, Any]) -> DrawnEdge | None:
        return self._drawn_edges.get(edge.get("id", ""))

    def _configured(self, nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge]) -> dict[str, Any]:
        """Return the options of nodes, edges and network, with the ids of the page."""
        curves = _curves([(edge.source, edge.target) for edge in edges])
        options = json.loads(self.get_network_data()[-1])
        return {
            "nodes": [
                {**_own_options(node, NODES, drawn), "id": drawn.id}
                for node, drawn in zip(self.nodes, nodes, strict=True)
            ],
            "edges": [
                {**curve, **self._edge_options(edge, drawn), "id": drawn.id, "from": drawn.source, "to": drawn.target}
                for edge, drawn, curve in zip(self.edges, edges, curves, strict=True)
            ],
            "options": without_calls({name: value for name, value in options.items() if name not in _TOOLS}),
            "look": self._look(),
        }

    def _edge_options(self, edge: Mapping[str, Any], drawn: DrawnEdge) -> dict[str, Any]:
        return _own_options(edge if drawn.iri else _without_claims(edge, self._edge_before(edge)), EDGES, drawn)

    def _look(self) -> dict[str, Any]:
        colour = str(self.bgcolor or _PYVIS_BACKGROUND)
        if not _COLOUR.fullmatch(colour):
            raise ExportError(f"bgcolor={colour!r} is not a colour.", "Type a name or #rrggbb.")
        return {
            "height": self._size("height"),
            "width": self._size("width"),
            "background": "" if colour == _PYVIS_BACKGROUND else colour,
            "filter": bool(self.filter_menu),
        }

    def _size(self, name: str) -> str:
        value = str(getattr(self, name))
        if not _SIZE.fullmatch(value):
            raise ExportError(f"{name}={value!r} is not a size.", "Type a number of pixels, such as 640px, or 100%.")
        return f"{value}px" if value[-1].isdigit() else value


def _node_id(value: object) -> str | int:
    """Return an id as pyvis takes it; numbers of numpy and pandas become those of Python.

    >>> _node_id(2.0), _node_id("2")
    (2, '2')
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and float(value).is_integer():
        return int(float(value))
    raise ExportError(
        f"{value!r} cannot be the id of a node: an id is text or a whole number.",
        "Type networkx.relabel_nodes(graph, str) first, or give another id.",
    )


def _number(value: object, what: str) -> float:
    """Return a number, also one that is written as text, as tables hold it."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ExportError(f"The {what} is {value!r}, which is not a number.", "Correct it, or leave it out.")
    return int(number) if number.is_integer() else number


def _named(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the attributes that can be options: those whose name is text and no argument of ours."""
    return {
        name: value for name, value in data.items() if isinstance(name, str) and name not in {"n_id", "source", "to"}
    }


def _hover_text(part: DrawnNode | DrawnEdge) -> str:
    """Return the hover text that a node or an edge begins with; pyvis's template might take it for HTML."""
    below = part.kind.word if isinstance(part, DrawnNode) else part.scope
    text = f"{part.name}\n{below}" if below else part.name
    return text.replace("<", "‹").replace(">", "›").replace("&", "＆").replace("href", f"h{_WORD_JOINER}ref")


def _added_node(node: Mapping[str, Any], ident: str) -> DrawnNode:
    own = visible(node["id"])
    name = visible(node.get("label") or own) or "unnamed"
    return DrawnNode(ident, ident, name, name, own, _ADDED_KIND, (0, 0), 0, (), "")


def _added_edge(edge: Mapping[str, Any], ident: str, ends: tuple[str, str]) -> DrawnEdge:
    name = visible(edge.get("label") or "") or "added by hand"
    return DrawnEdge(
        id=ident, key=ident, source=ends[0], target=ends[1], iri="", name=name, label=name,
        verb=name, scope="", status=_ADDED_STATUS, mark=_ADDED_STATUS.mark, polarity=polarity_of("neutral"),
        curvature=0, labelled=True, faint=False, policies=(), statements=(),
    )  # fmt: skip


def _without_claims(edge: Mapping[str, Any], was: DrawnEdge | None) -> Mapping[str, Any]:
    """Return an edge whose ends were changed, without the text, dashes and colour that the graph gave it."""
    if not was:
        return edge
    claims = {
        "title": _hover_text(was), "label": was.label, "dashes": list(was.status.dashes), "color": was.status.colour,
    }  # fmt: skip
    own = {name: value for name, value in edge.items() if name not in claims or value != claims[name]}
    return own if "label" in own else {**own, "label": was.verb}


def _own_options(part: Mapping[str, Any], common: Mapping[str, Any], drawn: DrawnNode | DrawnEdge) -> dict[str, Any]:
    """Return the options of a node or an edge without those that all share and the hover text that was made for it."""
    usual = without_calls({**common, "title": _hover_text(drawn)})
    own = without_calls({name: value for name, value in part.items() if name != "iri"})
    return {name: value for name, value in own.items() if usual.get(name) != value}


def _curves(ends: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield the curve of each edge unless it has one of its own: parallel edges and loops are apart."""
    number = Counter(map(frozenset, ends))
    seen: Counter[frozenset[str]] = Counter()
    for source, target in ends:
        pair = frozenset((source, target))
        seen[pair] += 1
        yield _curve(source, target, seen[pair]) if number[pair] > 1 else {}


def _curve(source: str, target: str, number: int) -> dict[str, Any]:
    if source == target:
        return {"selfReference": {"size": 22, "angle": round(number * 0.9, 3)}}
    # All are on the same side, seen from the same end, each farther out than the one before.
    side = "curvedCW" if source < target else "curvedCCW"
    return {"smooth": {"enabled": True, "type": side, "roundness": round(number * _CURVATURE, 3)}}


def without_calls(value: Any) -> Any:  # noqa: ANN401 - any option of vis-network
    """Return an option as plain JSON, without anything that would make a browser load a file.

    >>> without_calls({"shape": "image", "image": "https://example.org/a.png", "size": 3})
    {'shape': 'dot', 'size': 3}
    """
    if isinstance(value, Mapping):
        names = {name: visible(name) for name in value}
        kept = {names[name]: without_calls(inner) for name, inner in value.items() if names[name] not in _LEFT_OUT}
        return {
            name: _SUBSTITUTES.get((name, inner), inner) if isinstance(inner, str) else inner
            for name, inner in kept.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [without_calls(inner) for inner in value]
    if hasattr(value, "tolist"):  # an array or a number of numpy
        return without_calls(value.tolist())
    return _plain(value)


def _plain(value: Any) -> str | float | bool | None:  # noqa: ANN401 - numbers of numpy, dates, anything
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return "\n".join(map(visible, str(value).split("\n")))

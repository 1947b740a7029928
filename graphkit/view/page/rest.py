"""The parts of a drawing that its opening picture leaves out, packed for the script of the page, which draws them.

These are nodes that are not in the opening picture, with their lines, and the lines that one line of a pair replaces.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from graphkit.model.text import as_json
from graphkit.view.drawing import Drawing, DrawnEdge, DrawnNode
from graphkit.view.page.svg import class_of, looks_of

# The last character that a script counts as one.
_LAST_OF_ONE_UNIT = "\uffff"


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

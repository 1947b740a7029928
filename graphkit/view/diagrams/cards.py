"""Lines of statements and of other links, and the attributes of nodes, for views of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import networkx as nx

from graphkit.analysis.disagreements import AGAINST
from graphkit.analysis.network import status_of_stances
from graphkit.analysis.statements import StatementView
from graphkit.view.card import LINE, Card
from graphkit.view.drawing import NARROW

# Height of a line of the lists on a narrow screen, space below a list, and most letters of a line.
_LISTED, _BELOW, LETTERS = 25, 10, 48
# The line of one statement: others, in the same picture, may assert what it denies.
MEANINGS = {"denied": "denied: the speaker denies it"}


def add_stance(
    network: nx.MultiDiGraph[str], view: StatementView, source: str, target: str, *, faint: bool = False
) -> None:
    """Add the edge of a statement, labelled with its stance."""
    add_link(network, (source, target), view.stance, (view.iri,), status_of_stances([view.stance]), faint=faint)


def add_link(
    network: nx.MultiDiGraph[str],
    ends: tuple[str, str],
    label: str,
    statements: tuple[str, ...],
    status: str,
    **more: object,
) -> None:
    """Add an edge that rests on statements and whose label names its status."""
    source, target = ends
    polarity = "critical" if label in AGAINST else "neutral"
    attributes = attributes_of(network, label, statements, status) | {"polarity": polarity, "unmarked": True}
    network.add_edge(source, target, key=f"{source} {label} {target}", **{**attributes, **more})


def attributes_of(
    network: nx.MultiDiGraph[str], label: str, statements: tuple[str, ...], status: str
) -> dict[str, object]:
    """Return the attributes of a neutral edge that rests on statements; see `graphkit.analysis.network`."""
    views = [network.graph["evidence"][name] for name in statements]
    return {
        "relation": label, "label": label, "polarity": "neutral", "status": status, "plain": status == "reported",
        "policies": (), "scope": "", "statements": statements, "disputes": (),
        "speakers": tuple(sorted({view.speaker for view in views})),
        "stances": tuple(sorted({view.stance for view in views})),
    }  # fmt: skip


def place_lists(
    drawing: nx.MultiDiGraph[str],
    lists: Iterable[tuple[str, Sequence[str], Sequence[tuple[dict[str, Any], str]]]],
    middle: int,
) -> None:
    """Place lists for a narrow screen below one another: a node with its lines of text, and edges with theirs below it.

    Args:
        middle: The distance of a line from the top of its row.
    """
    y = 0
    for name, text, lines in lists:
        card: Card = drawing.nodes[name]["card"]
        drawing.nodes[name]["card"] = card.with_narrow((0, y), *text)
        y += LINE * (len(text) - 1)
        for data, line in lines:
            y += _LISTED
            data.update(narrow=((0, y + middle), (NARROW, y + middle)), narrow_lines=(line,))
        y += _LISTED + (_BELOW if lines else 0)

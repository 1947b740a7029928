"""Disputes as a table: one side on the left, the other on the right, propositions and kind of dispute between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import networkx as nx

from graphkit.analysis.disagreements import AGAINST, Disagreement, disagreements_among
from graphkit.analysis.disputes import DisputeView, dispute_views, find_disputes
from graphkit.analysis.network import add_nodes, status_of_stances, with_counts
from graphkit.analysis.parts import network_with
from graphkit.analysis.properties import read_linked
from graphkit.analysis.statements import StatementView
from graphkit.model.dates import date_words
from graphkit.model.errors import NotFoundError
from graphkit.store import Store
from graphkit.view.card import Card, lines_of
from graphkit.view.diagrams import Asked, subject_of
from graphkit.view.diagrams.cards import MEANINGS, add_link, add_stance
from graphkit.view.encoding import STATUSES

# Widths of a statement and of a proposition, and the left edges of the three columns.
_WIDE, _MIDDLE = 340, 340
_LEFTS = (-610, -170, 270)
# Space between two cards, and between two disagreements. Most lines of a text. Indent of the other side on a phone.
_GAP, _APART, _MOST, _INDENT = 12, 44, 6, 6
# How far a line runs straight before it bends.
_REACH = 40


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the disagreements about an entity, or all; first those in which one speaker denies another's claim."""
    disputes, label = _disputes(store, asked)
    return table_of(store, asked, disputes, f"Disputes: {label}" if label else "All disputes")


def table_of(store: Store, asked: Asked, disputes: Sequence[DisputeView], title: str) -> nx.MultiDiGraph[str]:
    """Return the network of some disputes."""
    sides = {name for dispute in disputes for _, name in dispute.sides()}
    properties, drawing = network_with(store, asked.policy, sides, [dispute.iri for dispute in disputes])
    drawing.graph["disputes"] = disputes
    views = drawing.graph["evidence"]
    add_nodes(drawing, properties, sorted({views[name].proposition for name in sides}))
    top = low = 0
    for matter in disagreements_among(disputes, properties):
        top, low = _add(drawing, matter, top, low)
    drawing.graph.update(
        title=title, undrawn={}, natural=True, part="card", together=True, meanings=MEANINGS,
        lead="One side on the left, the other on the right, the claim between them; on a phone, one below the other.",
    )  # fmt: skip
    return with_counts(drawing)


def _disputes(store: Store, asked: Asked) -> tuple[Sequence[DisputeView], str]:
    if not asked.about:
        disputes, label = find_disputes(store), ""
    else:
        subject = subject_of(store, asked, ("dispute", "entity"))
        is_one = subject.kind == "dispute"
        found = read_linked(store, [subject.iri]) if is_one else None
        disputes = dispute_views(found) if found else find_disputes(store, about=subject.iri)
        label = subject.label
    if not disputes:
        problem = f"No dispute is about {label!r}." if label else "The graph has no dispute."
        raise NotFoundError(problem, "Type: graphkit disputes")
    return disputes, label


def _add(drawing: nx.MultiDiGraph[str], matter: Disagreement, top: int, low: int) -> tuple[int, int]:
    """Add a disagreement with a row for each proposition; return its bottom in the usual and in the narrow picture."""
    views = drawing.graph["evidence"]
    one = _one_side(matter, views)
    rows: dict[str, list[StatementView]] = {}
    for name in matter.statements:
        if name not in drawing:
            rows.setdefault(views[name].proposition, []).append(views[name])
    heads = lines_of(f"{matter.question(views)} ({', '.join(matter.kinds)})", _MIDDLE, 5, bold=True)
    for claim, some in rows.items():
        top, low = _row(drawing, claim, heads, (top, low), (some, one))
        heads = ()
    _oppose(drawing, matter)
    return top + _APART, low + _APART


def _one_side(matter: Disagreement, views: Mapping[str, StatementView]) -> set[str]:
    """Return the statements for the left: those of one side, or those not against, or those affirmed by a dispute."""
    sides = matter.sides(views)
    against = {name for name in matter.statements if views[name].stance in AGAINST}
    if len(sides) == 2:  # noqa: PLR2004 - one side and the other
        return {view.iri for view in sides[0][1]}
    return {
        name for dispute in matter.disputes for name in (matter.statements if against else dispute.affirmed)
    } - against


def _row(
    drawing: nx.MultiDiGraph[str], claim: str, heads: tuple[str, ...], tops: tuple[int, int],
    statements: tuple[Sequence[StatementView], set[str]],
) -> tuple[int, int]:  # fmt: skip
    """Add a proposition in the middle, and the statements of each side beside it."""
    (top, low), (some, one), node = tops, statements, drawing.nodes[claim]
    bottom = top
    if "card" not in node:
        card = Card(_MIDDLE, heads, lines_of(node["label"], _MIDDLE, _MOST), narrow=(0, low))
        node.update(position=(_LEFTS[1], top), kind="Proposition", card=card)
        bottom, low = top + card.height + _GAP, low + card.height + _GAP
    for column in (0, 2):
        at = top
        side = [view for view in some if (view.iri in one) == (not column)]
        for view in sorted(side, key=lambda view: (view.said.lstrip("./"), view.iri)):
            height = _statement(drawing, view, (_LEFTS[column], at), (_INDENT if column else 0, low))
            _join(drawing, view, claim)
            at, low = at + height + _GAP, low + height + _GAP
        bottom = max(bottom, at)
    return bottom, low


def _statement(drawing: nx.MultiDiGraph[str], view: StatementView, at: tuple[int, int], narrow: tuple[int, int]) -> int:
    facts = [date_words(view.said) or "undated", *view.remarks]
    head = lines_of(f"{view.speaker} {view.act} · {' · '.join(facts)}", _WIDE, 2, bold=True)
    status = STATUSES[status_of_stances([view.stance])]
    card = Card(_WIDE, head, lines_of(view.gist, _WIDE, _MOST), status, narrow=narrow)
    drawing.add_node(
        view.iri, label=f"{view.speaker} ({date_words(view.said) or 'undated'}): {view.gist}", kind="Statement",
        slug=view.id.replace("/", "--"), aliases=(), position=at, card=card,
    )  # fmt: skip
    return card.height


def _join(drawing: nx.MultiDiGraph[str], view: StatementView, claim: str) -> None:
    """Add the line from a statement to its proposition."""
    add_stance(drawing, view, view.iri, claim)
    *_, key = max(drawing.out_edges(view.iri, keys=True))
    drawing.edges[view.iri, claim, key]["path"] = _across(drawing, view.iri, claim)


def _oppose(drawing: nx.MultiDiGraph[str], matter: Disagreement) -> None:
    """Add a line between each two propositions that conflict."""
    views = drawing.graph["evidence"]
    found: dict[tuple[str, str], set[str]] = {}
    for dispute in matter.disputes:
        for one, other in product(dispute.affirmed, dispute.denied):
            ends = views[one].proposition, views[other].proposition
            if ends[0] != ends[1] and all("card" in drawing.nodes[end] for end in ends):
                found.setdefault(ends if ends[::-1] not in found else ends[::-1], set()).update((one, other))
    for both, names in found.items():
        path = _beside(drawing, both)
        against = {views[name].proposition for name in names if views[name].stance == "denies"}
        words = "conflicts with the denial of" if against == {both[1]} else "conflicts with"
        add_link(drawing, both, words, tuple(sorted(names)), "disputed", path=path, faint=len(path) > 2)  # noqa: PLR2004 - bent


def _across(drawing: nx.MultiDiGraph[str], name: str, claim: str) -> tuple[tuple[int, int], ...]:
    """Return the path between the nearest edges of a statement and a proposition."""
    (x, y), (left, top) = drawing.nodes[name]["position"], drawing.nodes[claim]["position"]
    start = (x + drawing.nodes[name]["card"].width if x < left else x, y + 20)
    end = (left if x < left else left + _MIDDLE, top + 20)
    reach = _REACH if x < left else -_REACH
    return start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end


def _beside(drawing: nx.MultiDiGraph[str], ends: tuple[str, str]) -> tuple[tuple[int, int], ...]:
    """Return the path between two propositions, straight if they are neighbours, else beside those between them."""
    one, other = sorted(ends, key=lambda end: drawing.nodes[end]["position"][1])
    (x, y), (_, below) = drawing.nodes[one]["position"], drawing.nodes[other]["position"]
    bottom = y + drawing.nodes[one]["card"].height
    between = any(
        bottom < data["position"][1] < below
        for _, data in drawing.nodes(data=True)
        if "card" in data and data["position"][0] == x
    )
    if not between:
        return (x + _MIDDLE // 2, bottom), (x + _MIDDLE // 2, below)
    return (x, y + 30), (x - _REACH, y + 30), (x - _REACH, below + 30), (x, below + 30)

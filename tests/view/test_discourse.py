"""Views of actors and claims: lines are the ties of the network, and rest on their statements."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest

from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.iris import PREFIXES
from graphkit.view.diagrams import Asked, make
from graphkit.view.drawing import draw
from graphkit.view.page.page import render

if TYPE_CHECKING:
    from graphkit.graph import Graph

KINDS = {"discourse": "actor-concept", "coalitions": "actor-actor"}
MET = PREFIXES["id"] + "met"


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_each_line_is_a_tie_with_its_statements(ours_graph: Graph, name: str, kind: str) -> None:
    drawing, made = make(name, ours_graph.store, Asked()), ours_graph.projection(kind)
    lines = {
        (drawing.nodes[source]["label"], drawing.nodes[target]["label"]): data
        for source, target, data in drawing.edges(data=True)
    }
    ties = list(made.ties())
    assert len(lines) == drawing.number_of_edges() == len(ties)
    for row, column, weight in ties:
        data = lines[made.rows[row], made.columns[column]]
        parts = {PREFIXES["statement"] + part.statement for part in made.contributions(row, column)}
        assert set(data["statements"]) == parts
        assert (data["status"] == "reported") is (weight > 0), "only agreement is a solid line"
        assert data["polarity"] == {1: "supportive", 0: "neutral", -1: "critical"}[(weight > 0) - (weight < 0)]


@pytest.mark.parametrize(("name", "words"), [
    ("discourse", ("+ supports the claim", "− opposes the claim", "± both, equally often")),
    ("coalitions", ("+ more often agrees", "− more often disagrees; ± both, equally often")),
])  # fmt: skip
def test_the_legend_says_what_the_lines_mean_here_instead_of_labels(
    ours_graph: Graph, name: str, words: tuple[str, ...]
) -> None:
    code = render(make(name, ours_graph.store, Asked()))
    assert [word in code for word in words] == [True] * len(words)
    assert "a source reports it" not in code
    assert "the legend says why" not in code
    texts = re.findall(r'class="e [^>]*>(?:<path[^>]*>)*<text[^>]*>([^<]*)', code)
    assert set(texts) == {"+", "−", "±"}, "the sign of each cell is its only text"
    assert len(texts) == code.count('<g class="e ')


def test_the_matrix_of_claims_uses_the_width_and_cuts_no_claim(ours_graph: Graph) -> None:
    drawing = draw(make("discourse", ours_graph.store, Asked()))
    cards = [(*node.position, node.card) for node in drawing.nodes if node.card]
    claims = [node.card for node in drawing.nodes if node.card and node.kind.word == "proposition"]
    assert len(claims) > 15
    assert not [card for card in claims if "…" in " ".join((*card.body, *card.narrow_lines))]
    assert max(x + card.width for x, _, card in cards) - min(x for x, *_ in cards) >= 1100
    boxes = [(x, y, x + card.width, y + card.height - 3) for x, y, card in cards]
    for one, other in combinations(boxes, 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    rows = sorted((card.narrow[1], card.narrow_height) for *_, card in cards if card.narrow)
    assert all(top + high <= below + 4 for (top, high), (below, _) in pairwise(rows)), "nor on another on a phone"


def test_on_a_phone_coalitions_say_in_words_how_often_an_actor_agrees(ours_graph: Graph) -> None:
    drawing = make("coalitions", ours_graph.store, Asked())
    texts = [" ".join(data["card"].narrow_lines) for _, data in drawing.nodes(data=True)]
    assert all(re.search(r": .*(dis)?agrees with \d+", text) for text in texts)
    assert any(re.search(r"agrees with \d+, disagrees with \d+", text) for text in texts)


def test_a_tie_that_cancels_out_is_drawn(small_graph: Graph) -> None:
    drawing = make("discourse", small_graph.store, Asked())
    labels = {data["label"] for *_, data in drawing.edges(data=True)}
    assert labels == {"supports", "opposes", "supports and opposes"}


def test_claims_are_propositions_and_actors_what_they_are(ours_graph: Graph) -> None:
    drawing = make("discourse", ours_graph.store, Asked())
    assert {drawing.nodes[target]["kind"] for _, target in drawing.edges()} == {"Proposition"}
    assert {"PublicBody", "Organisation"} <= {drawing.nodes[source]["kind"] for source, _ in drawing.edges()}
    assert drawing.nodes[MET]["kind"] == "PublicBody"


def test_a_view_says_what_was_left_out(ours_graph: Graph) -> None:
    about = make("coalitions", ours_graph.store, Asked()).graph
    lead, drawn = about["lead"], about["drawn"]
    assert f" {drawn} statements are counted (" in lead, "as many as the page shows"
    assert drawn + sum(map(int, re.findall(r": (\d+)", lead.partition("counted (")[2]))) == about["total"]
    assert "reports of news media in their own words, left out: " in lead


def test_a_view_may_count_concepts_as_their_broader_ones(coded_graph: Graph) -> None:
    drawing = make("discourse", coded_graph.store, Asked(roll_up="broader"))
    labels = {drawing.nodes[target]["label"] for _, target in drawing.edges()}
    assert labels == {"The partners were consulted", "The scheme works"}
    with pytest.raises(QueryError, match="'broader' is not defined with the kind 'dispute'"):
        make("dispute", coded_graph.store, Asked(roll_up="broader"))


def test_a_view_may_start_from_an_actor(ours_graph: Graph) -> None:
    drawing = make("coalitions", ours_graph.store, Asked(about="met", hops=1))
    assert all(MET in ends for ends in drawing.edges())
    with pytest.raises(NotFoundError):
        make("coalitions", ours_graph.store, Asked(about="nobody at all"))


@pytest.mark.parametrize("name", KINDS)
def test_each_tie_is_a_cell_of_its_own_in_the_row_and_column_of_its_ends(ours_graph: Graph, name: str) -> None:
    drawing = make(name, ours_graph.store, Asked())
    tops = {node: top for node, (_, top) in drawing.nodes(data="position")}
    cells = {}
    for *ends, data in drawing.edges(data=True):
        (left, y), (right, _) = data["path"]
        cells[(left + right) // 30, y] = data["polarity"]
        assert y - 7 in {tops[end] for end in ends}, "a cell is in the row of one of its ends"
    assert len(cells) == drawing.number_of_edges(), "no cell lies on another"
    below = [(sign, cells.get((column, y + 17))) for (column, y), sign in cells.items()]
    assert sum(sign == other for sign, other in below) > sum(bool(other) for _, other in below) / 2, "rows are alike"

"""Networks of a graph without a codebook: who counts as an actor, and which side a stance takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphkit.analysis.discourse.kinds import KINDS
from graphkit.analysis.discourse.reading import Reader, Reading
from graphkit.model.codebook import STANCES
from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, SP
from graphkit.store import texts

if TYPE_CHECKING:
    from graphkit.analysis.discourse.projection import Projection
    from graphkit.graph import Graph


def ties(found: Projection) -> dict[tuple[str, str], float]:
    return {(found.rows[row], found.columns[column]): weight for row, column, weight in found.ties()}


def test_an_organisation_speaks_through_its_documents_and_people(small_graph: Graph) -> None:
    assert ties(small_graph.projection("actor-concept")) == {
        ("Charity", "consulted Charity"): -2,  # the charity and its spokeswoman
        ("Charity", "criticised Scheme"): 1,
        ("Charity", "harms partners"): 1,
        ("Force", "carries out profiling"): 0,  # its document plans it, and it denies it
        ("Force", "consulted Charity"): 1,
        ("Force", "consulted partners"): 1,
        ("Ministry", "takes action against knife crime"): -1,
    }


def test_actors_that_contradict_each_other_have_a_negative_tie(small_graph: Graph) -> None:
    assert ties(small_graph.projection("actor-actor")) == {("Charity", "Force"): -2}
    assert ties(small_graph.projection("dispute")) == {("Charity", "Force"): 4}


def test_speakers_are_actors_on_demand(small_graph: Graph) -> None:
    found = small_graph.projection("actor-concept", Reading(actor="speaker"))
    assert found.rows == ("assessment", "Charity", "Force", "Ministry", "Spokeswoman")
    kinds = small_graph.projection("actor-concept", Reading(actor="kind"))
    assert set(kinds.rows) == {"organisation", "public-body"}


def test_publishers_that_report_are_dropped_and_counted_or_kept(small_graph: Graph) -> None:
    dropped, kept = (small_graph.projection("actor-concept", Reading(narrators=word)) for word in ("drop", "keep"))
    assert dropped.notes["statements"]["narrators, dropped"] == kept.notes["statements"]["narrators, kept"] == 13
    assert len(kept.coded) - len(dropped.coded) == 13
    assert {"Daily", "Weekly", "Copycat"} <= set(kept.rows) - set(dropped.rows)


@pytest.mark.parametrize("sign", ["+", "-", "0"])
def test_the_side_of_a_stance_can_be_changed(small_graph: Graph, sign: str) -> None:
    found = small_graph.projection("actor-concept", Reading(stances={"plans": sign}))
    weight = ties(found)["Force", "carries out profiling"]
    assert weight == {"+": 1, "-": -1, "0": 0}[sign] - 1
    assert found.notes["reading"]["stances"] == {
        **{stance: choice.side for stance, choice in STANCES.items()},
        "plans": sign,
    }


def test_a_withdrawal_takes_back_the_earlier_statements_of_its_actor_from_then_on(figures_graph: Graph) -> None:
    settings = Reading(concept="proposition", narrators="keep")
    found, before, after = (
        figures_graph.projection("actor-concept", settings, end=end) for end in ("", "2020-05-04", "2020-05-05")
    )
    assert found.notes["statements"]["withdrawals"] == found.left_out["withdrawn"] == 1
    assert "withdrawn" not in before.left_out
    assert after.left_out["withdrawn"] == 1
    assert set(before.coded.ids) - set(after.coded.ids) == {"daily-2020/asked-286"}
    counted = figures_graph.projection(
        "actor-concept", Reading(concept="proposition", narrators="keep", stances={"retracts": "-"})
    )
    assert len(counted.coded) - len(found.coded) == 2


def test_a_withdrawal_takes_back_one_proposition_and_no_other_of_the_same_claim(figures_graph: Graph) -> None:
    settings = Reading(concept="claim", narrators="keep")
    found, before = (figures_graph.projection("actor-concept", settings, end=end) for end in ("", "2020-05-04"))
    assert set(before.coded.ids) - set(found.coded.ids) == {"daily-2020/asked-286"}
    [claim] = {column for row, column, _ in before.ties() if "daily-2020/asked-286" in ids_of(before, row, column)}
    assert any(claim == column and ids_of(found, row, column) for row, column, _ in found.ties())


def ids_of(network: Projection, row: int, column: int) -> set[str]:
    return {part.statement for part in network.contributions(row, column)}


ALL_SPEAKERS = """
SELECT ?statement ?speaker ?proposition ?source ?stance ?first ?last ?status {
  ?statement sp:proposition ?proposition ; sp:speaker ?speaker ; sp:source ?source ; sp:stance ?stance
  OPTIONAL { ?statement sp:saidEarliest ?first } OPTIONAL { ?statement sp:saidLatest ?last }
  OPTIONAL { ?statement sp:evidence/sp:evidenceStatus ?status }
}"""


@pytest.mark.parametrize("graph", ["small_graph", "ours_graph"])
def test_the_columns_are_those_of_a_query_for_each_statement(request: pytest.FixtureRequest, graph: str) -> None:
    store = request.getfixturevalue(graph).store
    reading = Reading(concept="proposition", actor="speaker", narrators="keep", stances=dict.fromkeys(STANCES, "+"))
    reader = Reader(store, reading)
    read = reader.columns(reader.opinions())
    coded = read.coded
    names = [[*map(str, labels)] for labels in (coded.actors, coded.concepts, coded.documents)]
    found = {
        (
            PREFIXES["statement"] + name, read.iris[names[0][actor]], read.iris[names[1][concept]], names[2][source],
            *("" if np.isnat(day) else str(day)[:10] for day in (first, last)), read.evidence.get(name, ""),
        )
        for name, actor, concept, source, first, last in zip(
            coded.ids, coded.actor, coded.concept, coded.document, coded.first, coded.last, strict=True
        )
    }  # fmt: skip
    columns = ("statement", "speaker", "proposition", "source", "first", "last", "status")
    asked = texts(store, ALL_SPEAKERS, *columns)
    assert found == {(*row[:-1], row[-1].removeprefix(SP)) for row in asked}
    assert len(found) == len(coded)


def test_relays_funding_and_citations_lead_from_one_to_the_other(small_graph: Graph) -> None:
    assert ties(small_graph.projection("relay")) == {
        ("Daily", "assessment"): 1, ("Daily", "Force"): 2, ("Weekly", "Charity"): 2, ("Weekly", "Force"): 1,
        ("Weekly", "Ministry"): 1, ("Weekly", "Spokeswoman"): 2,
    }  # fmt: skip
    assert ties(small_graph.projection("funding")) == {("Ministry", "Scheme"): 3}
    assert ties(small_graph.projection("citation")) == {
        ("copy-1", "daily-1"): 1, ("daily-1", "assessment"): 1, ("weekly-1", "assessment"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_tie_of_our_data_is_the_sum_of_its_statements(ours_graph: Graph, kind: str) -> None:
    found = ours_graph.projection(kind)
    for row, column, weight in found.ties():
        parts = found.contributions(row, column)
        assert parts
        assert sum(part.contribution for part in parts) == pytest.approx(weight, abs=1e-12)
    assert not found.reason


def test_no_statement_of_our_data_is_lost(ours_graph: Graph) -> None:
    total = ours_graph.network().graph["total"]
    found = ours_graph.projection("actor-concept", Reading(concept="claim", narrators="keep"))
    assert len(found.coded) + found.notes["statements"]["withdrawals"] + found.left_out["withdrawn"] == total


def test_dates_of_publication_are_known_more_often(ours_graph: Graph) -> None:
    said, possible, published = (
        ours_graph.projection("actor-concept", Reading(dates=dates), start="2018", end="2022")
        for dates in ("certain", "possible", "published")
    )
    assert len(said.coded) < len(possible.coded)
    assert len(said.coded) < len(published.coded)
    assert {"no certain date", "outside the period"} <= set(said.left_out)


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        ({"concept": "topic"}, "'topic' is not a choice for concept"),
        ({"actor": "party"}, "'party' is not a choice for actor"),
        ({"roll_up": "up"}, "'up' is not a choice for roll_up"),
        ({"narrators": "maybe"}, "'maybe' is not a choice for narrators"),
        ({"stances": {"hopes": "+"}}, "'hopes' is not a choice for stance"),
        ({"stances": {"plans": "?"}}, "'\\?' is not a choice for sign"),
    ],
)
def test_unknown_settings_of_the_reading_are_an_error(reading: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        Reading(**reading)


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        ("actors", {}, "no kind of network 'actors'"),
        ("relay", {"colour": 1}, "no setting 'colour'"),
        ("relay", {"mode": "actors"}, "no setting 'mode'"),
        ("relay", {"aggregation": "congruence"}, "aggregation 'congruence' is not defined with the mode 'directed'"),
    ],
)
def test_unknown_kinds_and_settings_are_an_error(
    small_graph: Graph, kind: str, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        small_graph.projection(kind, **settings)

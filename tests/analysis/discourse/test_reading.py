"""Networks of a graph without a codebook: who counts as an actor, which side a stance takes, and the files."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from graphkit.analysis.discourse.coded import coded
from graphkit.analysis.discourse.files import FORMATS, recompute, texts
from graphkit.analysis.discourse.kinds import KINDS
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.analysis.discourse.reading import STANCES, Reading
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.errors import ExportError, QueryError

if TYPE_CHECKING:
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
    assert found.notes["reading"]["stances"] == {**STANCES, "plans": sign}


def test_a_withdrawal_takes_back_the_earlier_statements_of_its_actor(figures_graph: Graph) -> None:
    settings = Reading(concept="proposition", narrators="keep")
    found = figures_graph.projection("actor-concept", settings)
    counted = figures_graph.projection(
        "actor-concept", Reading(concept="proposition", narrators="keep", stances={"retracts": "-"})
    )
    left_out = found.notes["statements"]["withdrawn or a withdrawal"]
    assert left_out == len(counted.coded) - len(found.coded) > 1


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
    found = ours_graph.projection("actor-concept", Reading(narrators="keep"))
    assert len(found.coded) + found.notes["statements"]["withdrawn or a withdrawal"] == total


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


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_file_alone_recomputes_the_network(ours_graph: Graph, kind: str) -> None:
    found = ours_graph.projection(kind, min_row=2, isolates=True, duplicates="document")
    (text,) = texts(found, "json").values()
    again = recompute(text)
    assert (again.rows, again.columns, again.left_out) == (found.rows, found.columns, found.left_out)
    np.testing.assert_array_equal(again.to_matrix(), found.to_matrix())
    about = json.loads(text)
    assert {"graphkit", "settings", "notes", "left_out"} <= set(about)
    assert len(about["ties"]) == len(list(found.ties()))


WRONG_ROW = (
    '{"kind": "", "coded": [["1", "A", "C", true, "", "soon", ""]], "settings": {},'
    ' "qualifier": "boolean", "scale": null}'
)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"coded": [], "settings": {"colour": 1}, "scale": null}', WRONG_ROW, WRONG_ROW[:-1]]
)
def test_another_file_cannot_be_recomputed(text: str) -> None:
    with pytest.raises(QueryError, match="not the JSON file of a network"):
        recompute(text)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


STRANGE = ["NA", "=1+1", '"', ";", "a\u202eb", "x" * 10_000, "a\nb", "Ünïcode", "<&>"]


def strange() -> Projection:
    names = [str(number) for number in range(len(STRANGE))]
    said = coded(names, STRANGE, ["NA"] * len(STRANGE), [True] * len(STRANGE))
    return project(said, Projecting(aggregation="subtract"))


def test_labels_are_in_every_file_as_typed() -> None:
    found = strange()
    matrix, trace = texts(found, "matrix").values()
    assert [row[0] for row in read(matrix)[1:]] == list(found.rows)
    assert {row[0] for row in read(trace)[1:]} == set(STRANGE)
    assert {row[0] for row in read(texts(found, "edges")[".csv"])[1:]} == set(STRANGE)
    graph = nx.parse_graphml(texts(found, "graphml")[".graphml"])
    assert {data["label"] for _, data in graph.nodes(data=True)} == set(STRANGE)
    assert {row[0] for row in json.loads(texts(found, "json")[".json"])["ties"]} == set(STRANGE)


def test_a_character_that_xml_cannot_hold_is_an_error_of_graphml_only() -> None:
    said = coded(["1"], ["a\x01"], ["C"], [True])
    found = project(said)
    with pytest.raises(ExportError, match="has a character that XML cannot hold"):
        texts(found, "graphml")
    assert "a\x01" in texts(found, "edges")[".csv"]


def test_a_tie_has_its_ids_or_they_are_in_a_second_file(small_graph: Graph) -> None:
    found = small_graph.projection("actor-concept")
    (edges,) = texts(found, "edges").values()
    assert all(len(row[-1].split()) == int(row[3]) for row in read(edges)[1:])
    assert ["Force", "carries out profiling", "0", "2", "1", "1"] in [row[:-1] for row in read(edges)]
    few, trace = texts(found, "edges", 1).values()
    assert [row[-1] == "" for row in read(few)[1:]] == [int(row[3]) > 1 for row in read(few)[1:]]
    sums: dict[tuple[str, str], float] = {}
    for row in read(trace)[1:]:
        sums[row[0], row[1]] = sums.get((row[0], row[1]), 0) + float(row[-1])
    assert sums == ties(found)


def test_graphml_has_the_settings_and_the_statements(small_graph: Graph) -> None:
    found = small_graph.projection("actor-actor")
    graph = nx.parse_graphml(texts(found, "graphml")[".graphml"])
    assert json.loads(graph.graph["settings"])["settings"] == found.settings.as_dict()
    ((_, _, data),) = graph.edges(data=True)
    assert (data["weight"], data["statements"], len(data["ids"].split())) == (-2, 3, 3)


def test_an_unknown_format_is_an_error(small_graph: Graph) -> None:
    with pytest.raises(QueryError, match="no format 'xls'"):
        texts(small_graph.projection("relay"), "xls")


@pytest.mark.parametrize("form", FORMATS)
def test_a_weight_that_dna3_leaves_undefined_is_written(form: str) -> None:
    said = coded(["1", "2"], ["A", "B"], ["C", "C"], [1, 1], qualifier="integer")
    found = project(said, Projecting(mode="actors", aggregation="subtract", compat="dna3"))
    text = next(iter(texts(found, form).values()))
    assert ("null" if form == "json" else "nan") in text
    if form == "json":
        assert np.isnan(recompute(text).to_matrix()[0, 1])


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_network_has_a_file_too(small_graph: Graph, form: str) -> None:
    found = small_graph.projection("relay", start="2050")
    assert found.reason
    assert next(iter(texts(found, form).values()))

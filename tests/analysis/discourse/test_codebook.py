"""Networks of actors and the concepts of a codebook, and what the codebook does not code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from places import CODED, REPOSITORY, SMALL, copy_workspace

from graphkit.analysis.discourse.codebook import PROPERTIES, agreement_table, rolled_up
from graphkit.analysis.discourse.coverage import Uncoded, coverage
from graphkit.analysis.discourse.reading import Reading
from graphkit.analysis.discourse.record import record
from graphkit.analysis.properties import Properties, read_properties
from graphkit.build.pipeline import build
from graphkit.graph import Graph, open_graph
from graphkit.model.codebook import STANCES
from graphkit.model.errors import QueryError
from graphkit.model.iris import SP

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.analysis.discourse.projection import Projection


def ties(found: Projection) -> dict[tuple[str, str], float]:
    return {(found.rows[row], found.columns[column]): weight for row, column, weight in found.ties()}


def test_a_graph_with_a_codebook_has_networks_of_its_concepts(coded_graph: Graph) -> None:
    found = coded_graph.projection("actor-concept")
    assert ties(found) == {
        ("Charity", "The partners were consulted"): -4,  # two denials of weight 2
        ("Charity", "The scheme works"): -4,
        ("Force", "The partners were consulted"): 4,
        ("Force", "The scheme profiles people"): -2,  # it denies it; its own plan counts 0
        ("Ministry", "The scheme works"): -2,
    }
    assert found.coded.scale == (-2, 2)
    assert found.notes["reading"]["concept"] == "codebook"
    assert found.notes["reading"]["stances"]["plans"] == "0"
    assert found.notes["reading"]["certainties"] == {"certain": 2, "possible": 1, "probable": 1}
    assert found.notes["statements"]["narrated facts, dropped"] == 3


def test_the_table_of_the_codebook_can_be_changed(coded_graph: Graph) -> None:
    found = coded_graph.projection("actor-concept", Reading(stances={"plans": "+"}))
    assert ties(found)["Force", "The scheme profiles people"] == 0  # the plan and the denial cancel out


def test_ties_of_actors_that_take_no_side_stay_without_weight(coded_graph: Graph) -> None:
    found = coded_graph.projection("actor-concept", Reading(stances=dict.fromkeys(STANCES, "0")))
    assert ties(found) == dict.fromkeys(ties(coded_graph.projection("actor-concept")), 0)
    assert {(row["positive"], row["negative"]) for row in found.to_table()} == {(0, 0)}
    assert all(row["statements"] for row in found.to_table())


def test_facts_and_claims_are_there_on_demand(coded_graph: Graph) -> None:
    facts = coded_graph.projection("actor-concept", Reading(facts="keep", narrators="keep"))
    assert ties(facts)["Daily", "The ministry paid"] == 2
    claims = coded_graph.projection("actor-concept", Reading(concept="claim"))
    assert "harms partners" in claims.columns


def test_the_agreement_in_the_graph_is_that_of_the_network(coded_graph: Graph) -> None:
    found = coded_graph.projection("actor-concept", Reading(facts="keep", narrators="keep"))
    properties = read_properties(coded_graph.store, PROPERTIES)
    agreements = [int(properties.one(name, "sp:agreement")) for name in properties.subjects("sp:agreement")]
    levels = [found.coded.levels[level] for level in found.coded.level]
    assert sorted(levels) == sorted(agreements)


def test_a_graph_without_a_codebook_says_so(small_graph: Graph) -> None:
    with pytest.raises(QueryError, match="has no codebook"):
        small_graph.projection("actor-concept", Reading(concept="codebook"))
    with pytest.raises(QueryError, match="'broader' is not defined with the concept 'claim'"):
        small_graph.projection("actor-concept", Reading(roll_up="broader"))
    assert small_graph.projection("actor-concept").notes["reading"]["concept"] == "claim"


def test_a_withdrawing_stance_survives_the_graph(coded_graph: Graph, small_graph: Graph) -> None:
    for graph in (coded_graph, small_graph):
        table = agreement_table(read_properties(graph.store, PROPERTIES), {})
        assert table.sides["retracts"] == "withdraw"
        assert table.sides["denies"] == "-"


def test_files_say_which_concepts_and_which_table_were_used(coded_graph: Graph, small_graph: Graph) -> None:
    used, without = (
        json.loads(record(graph.projection("actor-actor")))["notes"]["reading"] for graph in (coded_graph, small_graph)
    )
    assert (used["concept"], used["stances"]["plans"], len(used["codebook"])) == ("codebook", "0", 32)
    assert (without["concept"], without["stances"]["plans"], without["codebook"]) == ("claim", "+", "")


# --- broader concepts ----------------------------------------------------------------------------


@pytest.mark.parametrize("roll_up", ["broader", "broadest"])
def test_concepts_count_as_their_broader_ones_with_their_statements(coded_graph: Graph, roll_up: str) -> None:
    found = coded_graph.projection("actor-concept", Reading(roll_up=roll_up))
    assert ties(found) == {
        ("Charity", "The partners were consulted"): -4,
        ("Charity", "The scheme works"): -4,
        ("Force", "The partners were consulted"): 4,
        ("Force", "The scheme works"): -2,  # as it denies that the scheme profiles people
        ("Ministry", "The scheme works"): -2,
    }
    traced = [(part.statement, part.contribution) for part in found.statements("Force", "The scheme works")]
    own = coded_graph.projection("actor-concept").statements("Force", "The scheme profiles people")
    assert traced == [(part.statement, part.contribution) for part in own]


@pytest.mark.parametrize(
    ("roll_up", "counted"),
    [
        ("no", {"a": ["a"], "b": ["b"], "d": ["d"], "x": ["x"]}),
        ("broader", {"a": ["b", "c"], "b": ["d"], "d": ["d"], "x": ["y"]}),
        ("broadest", {"a": ["c", "d"], "b": ["d"], "d": ["d"], "x": ["x"]}),
    ],
)
def test_ways_up_may_part_and_a_circle_leads_nowhere(roll_up: str, counted: dict[str, list[str]]) -> None:
    above: dict[str, str | list[str]] = {"a": ["<b>", "<c>"], "b": "<d>", "x": "<y>", "y": "<x>"}
    properties = Properties({"skos:broader": above})
    assert {each: rolled_up(properties, each, roll_up) for each in counted} == counted


# --- coverage ------------------------------------------------------------------------------------


def test_coverage_counts_what_is_coded_and_what_is_not(coded_graph: Graph) -> None:
    found = coded_graph.coverage()
    assert (found.statements, found.coded, found.claims) == (22, 12, 9)
    assert [(row.concept, row.kind, row.statements, row.supporting, row.opposing) for row in found.concepts] == [
        ("asked", "claim", 4, 1, 1),
        ("works", "claim", 3, 0, 2),
        ("profiles", "claim", 2, 0, 1),
        ("paid", "fact", 3, 0, 0),  # by news media only
    ]
    assert [row.concept for row in found.concepts if row.contested] == ["asked"]
    assert found.relations[:2] == (Uncoded("operates", 3, 3), Uncoded("was launched", 3, 3))
    assert sum(row.uncoded for row in found.relations) == found.statements - found.coded
    assert found.lone_concepts == ("The scheme profiles people",)
    assert found.lone_actors == ("Ministry",)
    assert found.conflicts == ()


def test_coverage_depends_on_who_counts_as_an_actor(coded_graph: Graph) -> None:
    found = coverage(coded_graph.store, Reading(concept="codebook", facts="keep", narrators="keep", actor="speaker"))
    rows = {row.concept: row for row in found.concepts}
    assert (rows["paid"].actors, rows["asked"].opposing) == (3, 2)


def test_our_codebook_is_shared_and_contested(ours_graph: Graph) -> None:
    found = coverage(ours_graph.store, Reading(concept="codebook", narrators="keep"))
    claims = [row for row in found.concepts if row.kind == "claim"]
    assert len(claims) >= 15
    assert sum(row.contested for row in claims) >= 10
    assert found.claims >= 250
    assert found.conflicts == ()
    network = ours_graph.projection("actor-concept")  # without news media
    properties, kinds = (
        read_properties(ours_graph.store),
        {SP + kind for kind in ("Organisation", "PublicBody", "Office")},
    )
    bodies = [bool(kinds & {*properties.all(network.iris[row], "rdf:type")}) for row in network.rows]
    said = sum(plane.toarray() for plane in network.planes.values())
    assert len(network.columns) == len(claims)
    assert (said[bodies] > 0).sum(axis=0).min() >= 3


READINGS: dict[str, dict[str, Any]] = {
    "propositions": {"concept": "proposition"},
    "claims without a codebook": {"concept": "claim"},
    "**codebook**": {},
    "codebook, `--stance plans=0`": {"stances": {"plans": "0"}},
    "codebook, `--roll-up broadest`": {"roll_up": "broadest"},
    "codebook, `--narrators keep`": {"narrators": "keep"},
    "codebook, `--evidence confirmed`": {"evidence": "confirmed"},
    "codebook, `--evidence verified`": {"evidence": "verified"},
}


@pytest.mark.parametrize("row", READINGS)
def test_the_counts_in_the_documentation_are_those_of_our_corpus(ours_graph: Graph, row: str) -> None:
    reading = Reading(**READINGS[row])
    found = ours_graph.projection("actor-concept", reading)
    one_mode = [
        sum(weight > 0 for *_, weight in ours_graph.projection("actor-actor", reading, aggregation=side).ties())
        for side in ("congruence", "conflict")
    ]
    sides = [sum(plane for level, plane in found.planes.items() if level * sign > 0) for sign in (1, -1)]
    said = sum(plane.toarray() for plane in found.planes.values()) > 0
    contested = [(side > 0).sum(axis=0) > 0 for side in sides]
    counts = [
        len(set(found.coded.ids)), *said.shape, (said.sum(axis=0) > 1).sum(), (contested[0] & contested[1]).sum(),
        said.sum(), *one_mode,
    ]  # fmt: skip
    documented = (REPOSITORY / "docs/discourse.md").read_text(encoding="utf-8")
    [line] = [line for line in documented.splitlines() if line.startswith(f"| {row} ")]
    assert line.split(" | ")[1:] == [*map(str, counts[:-1]), f"{counts[-1]} |"]


# --- actors --------------------------------------------------------------------------------------


def spoken(text: str, folder: Path) -> Graph:
    """Build the small workspace with other entities of one line each, and with one exception more in the codebook."""
    place = copy_workspace(SMALL, folder)
    path = place.data / "entities/all.yaml"
    lines = {line.strip().partition(":")[0]: line for line in path.read_text(encoding="utf-8").splitlines()}
    lines |= {line.strip().partition(":")[0]: line for line in text.splitlines()}
    path.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
    said = 'weekly-1/harms: "-"'
    more = CODED.read_text(encoding="utf-8").replace(said, f'{said}\n      weekly-1/no-profiling: "-"')
    place.codebook.write_text(more, encoding="utf-8")
    assert build(place).ok
    return open_graph(place.root)


def test_a_speaker_for_two_organisations_is_an_error_that_names_both(tmp_path: Path) -> None:
    text = "  spokeswoman: {kind: person, label: Spokeswoman, speaksFor: [charity, weekly]}"
    graph = spoken(text, tmp_path / "w")
    with pytest.raises(QueryError, match="Spokeswoman speaks for Charity and Weekly in weekly-1/criticises"):
        graph.projection("actor-concept")
    assert "Spokeswoman" in graph.projection("actor-concept", Reading(actor="speaker")).rows
    # The force denies profiling, which is here a position on whether the scheme works, too, on the other side.
    found = graph.projection("actor-concept", Reading(actor="speaker", roll_up="broader"))
    assert ties(found)["Force", "The scheme works"] == 0
    assert found.notes["statements"]["opposite sides of a broader concept"] == 1


def test_sectors_name_news_media_and_group_actors(tmp_path: Path) -> None:
    """The weekly is a charity's magazine, so it takes sides; the ministry's reports are those of a news service."""
    text = (
        "  weekly: {kind: organisation, label: Weekly, sector: civil-society}\n"
        "  ministry: {kind: public-body, label: Ministry, sector: news-media}\n"
        "  charity: {kind: organisation, label: Charity, sector: civil-society}"
    )
    graph = spoken(text, tmp_path / "w")
    found = graph.projection("actor-concept", Reading(facts="keep"))
    assert "Ministry" not in found.rows
    assert ties(found)["Weekly", "The ministry paid"] == 2
    sectors = graph.projection("actor-concept", Reading(actor="sector"))
    assert sectors.rows == ("civil society", "no sector")


def test_our_speakers_for_no_organisation_are_counted_and_kept(ours_graph: Graph) -> None:
    found = ours_graph.projection("actor-concept")
    assert {"Mayor of London", "Emmanuelle Andrews"} <= set(found.rows)
    assert found.notes["statements"]["speakers for no organisation"] > 0
    assert "Sadiq Khan" not in found.rows


@pytest.mark.parametrize("status", ["unverified", "confirmed", "verified"])
def test_statements_with_weaker_evidence_are_left_out_and_counted(ours_graph: Graph, status: str) -> None:
    every = ours_graph.projection("actor-concept", Reading(concept="claim", narrators="keep"))
    found = ours_graph.projection("actor-concept", Reading(concept="claim", narrators="keep", evidence=status))
    left_out = found.notes["statements"].get(f"evidence not {status}", 0)
    withdrawn = [
        each.notes["statements"].get("withdrawals", 0) + each.left_out.get("withdrawn", 0) for each in (every, found)
    ]
    assert len(found.coded) + withdrawn[1] + left_out == len(every.coded) + withdrawn[0]
    assert bool(left_out) == (status != "unverified")

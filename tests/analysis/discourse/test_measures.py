"""Measures: known networks, two camps and one, and what is too small to measure."""

from __future__ import annotations

import csv
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from discourse import SAMPLE, needs_sample, sample, synthetic

from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.measures import Measure, measures
from graphkit.analysis.discourse.polarisation import dna3_score, polarisation, score
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.settings import Projecting
from graphkit.model.errors import QueryError

if TYPE_CHECKING:
    from graphkit.graph import Graph

DIFFERENCE = Projecting(mode="actors", aggregation="subtract", normalisation="average")


def camps(*opinions: str) -> Coded:
    """Return statements of actors A0, A1 … on concepts; an opinion such as "++-" has a sign for each."""
    said = [
        (f"A{actor:02}", f"C{place}", sign) for actor, signs in enumerate(opinions) for place, sign in enumerate(signs)
    ]
    return coded(
        [f"{a}{c}" for a, c, _ in said], [a for a, _, _ in said], [c for _, c, _ in said], [s == "+" for *_, s in said]
    )


def measured(
    said: Coded, settings: Projecting = DIFFERENCE, seed: int = 1, method: str = "louvain"
) -> dict[str, Measure]:
    return {measure.name: measure for measure in measures(project(said, settings), seed, method)}


TWO_CAMPS = camps(*["+++"] * 4, *["---"] * 4)


@pytest.mark.parametrize("method", ["louvain", "leiden"])
def test_two_camps_are_found_and_score_best(method: str) -> None:
    found = measured(TWO_CAMPS, method=method)
    split = [[f"A0{n}" for n in range(4)], [f"A0{n}" for n in range(4, 8)]]
    assert found["polarisation"].values == {"score": 1.0, "camps": split}
    assert found["communities"].values["groups"] == split
    assert found["communities"].values["modularity"] == pytest.approx(0.5)
    assert found["balance"].values["frustration"] == 0
    assert found["balance"].values["triads"] == found["balance"].values["balanced triads"] == 56


def test_one_camp_scores_worst() -> None:
    assert measured(camps(*["+++"] * 6))["polarisation"].reason.startswith("No two rows disagree")
    agreed = np.ones((6, 6)) - np.eye(6)
    assert polarisation(agreed, 0 * agreed).score == 0


def test_no_other_partition_scores_like_the_two_camps() -> None:
    congruence, conflict = (
        project(TWO_CAMPS, Projecting(mode="actors", aggregation=name, normalisation="average")).to_matrix()
        for name in ("congruence", "conflict")
    )
    scores = {members: score(congruence, conflict, members) for members in product((0, 1), repeat=8) if not members[0]}
    assert max(scores, key=lambda members: scores[members]) == (0, 0, 0, 0, 1, 1, 1, 1)
    assert sorted(scores.values())[-2] < 1
    # The score that DNA 3 maximises is least for the camps.
    assert dna3_score(congruence, conflict, (0, 0, 0, 0, 1, 1, 1, 1), normalised=True) == pytest.approx(0.25)
    assert dna3_score(congruence, conflict, (0, 0, 1, 1, 0, 0, 1, 1), normalised=True) == pytest.approx(
        0.535714285714286
    )


@needs_sample
def test_the_recorded_polarisation_scores_of_dna3_are_reproduced() -> None:
    with (SAMPLE / "sample_polarization.csv").open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    for record in records:
        congruence, conflict = (
            project(
                sample(),
                Projecting(
                    mode="actors", aggregation=name, normalisation="average", compat="dna3",
                    duplicates=record["duplicates"].replace("acrossrange", "all"),
                ),
            ).to_matrix()
            for name in ("congruence", "conflict")
        )  # fmt: skip
        members = [int(camp) for camp in record["memberships_in_row_order"]]
        found = dna3_score(congruence, conflict, members, normalised=record["normalizeScores"] == "1")
        assert found == pytest.approx(float(record["finalMaxQ"]), abs=1e-9)
    assert len(records) == 96


@needs_sample
def test_modularity_is_weighted() -> None:
    settings = Projecting(mode="actors", aggregation="subtract", normalisation="average", duplicates="document")
    assert measured(sample(), settings)["communities"].values["modularity"] == pytest.approx(0.4084, abs=0.001)


def test_a_local_search_finds_the_camps_of_many_actors() -> None:
    found = measured(camps(*["++++"] * 9, *["----"] * 9))
    assert found["polarisation"].values["score"] == 1
    assert "local search, seed 1" in found["polarisation"].method
    assert found["balance"].values["frustration"] == 0


def test_a_triad_of_mixed_signs_is_frustrated_by_its_weakest_tie() -> None:
    # A and B agree on three concepts, B and C on one, A and C disagree on two.
    said = coded(
        [str(n) for n in range(12)],
        list("AABBABBCACAC"),
        ["C1", "C2", "C1", "C2", "C3", "C3", "C4", "C4", "C5", "C5", "C6", "C6"],
        [*[True] * 9, False, True, False],
    )
    found = measured(said, Projecting(mode="actors", aggregation="subtract"))["balance"].values
    assert (found["triads"], found["balanced triads"], found["frustration"]) == (1, 0, 1)


def test_centralities_of_a_star() -> None:
    said = coded(list("123456"), list("ABACAD"), ["C1", "C1", "C2", "C2", "C3", "C3"], [True] * 6)
    found = measured(said, Projecting(mode="actors"))["centrality"].values
    assert found["A"] == {"degree": 3, "strength": 3.0, "betweenness": 1.0, "eigenvector": 1.0}
    assert found["B"]["eigenvector"] == pytest.approx(1 / 3**0.5)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (camps("++", "+-"), "At least 3 rows are needed; the network has 2."),
        (camps("+", "+", "-"), "At least 2 shared columns are needed; the network has 1."),
        (camps(), "At least 3 rows are needed; the network has 0."),
    ],
)
def test_a_network_too_small_has_reasons_instead_of_numbers(said: Coded, reason: str) -> None:
    for measure in measured(said).values():
        assert (measure.values, measure.reason) == ({}, reason)


def test_conflict_has_no_communities() -> None:
    found = measured(TWO_CAMPS, Projecting(mode="actors", aggregation="conflict"))
    assert not found["communities"].values
    assert "aggregation subtract" in found["communities"].reason
    assert found["polarisation"].values["score"] == 1


def test_the_same_seed_gives_the_same_measures() -> None:
    said = synthetic("agreement")
    assert measured(said, seed=5) == measured(said, seed=5)


def test_measures_need_a_network_of_one_mode_and_a_known_method() -> None:
    with pytest.raises(QueryError, match="mode 'two-mode'"):
        measured(TWO_CAMPS, Projecting())
    with pytest.raises(QueryError, match="'infomap' is not a choice for method"):
        measured(TWO_CAMPS, method="infomap")


def test_our_data_can_be_measured(ours_graph: Graph) -> None:
    found = measures(ours_graph.projection("actor-actor"))
    assert not any(measure.reason for measure in found)

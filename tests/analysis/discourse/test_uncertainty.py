"""How sure a network is, when it changes, and who links others."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from commands import runner
from discourse import needs_sample, records, sample, sample_settings
from scipy import sparse

from graphkit.analysis.discourse.bootstrap import bootstrap, resampled
from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.measures import measures
from graphkit.analysis.discourse.phases import distances, phases
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.discourse.windows import Window, kernel_slices
from graphkit.model.errors import QueryError
from graphkit.release.projections import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said

    from graphkit.graph import Graph

ONE_MODE = Projecting(mode="actors", aggregation="subtract")


def said(*rows: tuple[str, str, str, bool], dates: list[str] | None = None) -> Coded:
    """Return statements of actor, concept, document and position."""
    return coded(
        [str(number) for number in range(len(rows))], [row[0] for row in rows], [row[1] for row in rows],
        [row[3] for row in rows], [row[2] for row in rows], dates,
    )  # fmt: skip


def camps(documents: int) -> Coded:
    """Return two camps of two actors that say the same of three concepts in each document."""
    return said(
        *(
            (actor, f"C{concept}", f"D{document}", actor < "C")
            for document in range(documents)
            for actor in "ABCD"
            for concept in range(3)
        )
    )


# --- bootstrap -----------------------------------------------------------------------------------


def test_what_all_documents_say_is_sure() -> None:
    found = bootstrap(project(camps(5), Projecting(mode="actors", aggregation="subtract", normalisation="average")), 20)
    assert dict(found.measured)["polarisation"][:3] == (1.0, 1.0, 1.0)
    assert dict(found.measured)["modularity"].low == dict(found.measured)["modularity"].high == pytest.approx(0.5)
    assert found.ties


def test_what_one_document_says_is_not() -> None:
    one = said(("A", "C", "D0", True), ("B", "C", "D0", True), ("A", "E", "D1", True), ("C", "C", "D2", True))
    found = bootstrap(project(one, ONE_MODE), 100)
    ties = {(row, column): interval for row, column, interval in found.ties}
    assert ties["A", "B"].value == 1
    assert ties["A", "B"].low == 0, "a draw without the document has no tie"
    assert ties["A", "B"].high > 1, "a draw may have the document twice"
    assert 0.5 < ties["A", "B"].same_sign < 0.9, "19 of 27 draws have it"


def test_a_draw_has_as_many_documents_each_whole() -> None:
    given = camps(7)
    drawn = resampled(given, np.random.default_rng(3))
    assert len(drawn.documents) == 7
    assert np.bincount(drawn.document).tolist() == [12] * 7
    assert len(set(drawn.ids.tolist())) < len(given)


def test_duplicates_in_a_document_that_is_drawn_twice_count_twice() -> None:
    settings = Projecting(mode="actors", aggregation="congruence", duplicates="document")
    found = bootstrap(project(camps(4), settings), 30)
    assert max(interval.high for *_, interval in found.ties) == 3 * 16


def test_the_same_seed_gives_the_same_intervals() -> None:
    made = project(sample_like(), ONE_MODE)
    assert bootstrap(made, 10, seed=4) == bootstrap(made, 10, seed=4)
    assert bootstrap(made, 10, seed=4).ties != bootstrap(made, 10, seed=5).ties


def sample_like() -> Coded:
    random = np.random.default_rng(1)
    return said(
        *(
            (f"A{random.integers(6)}", f"C{random.integers(4)}", f"D{random.integers(9)}", bool(random.integers(2)))
            for _ in range(80)
        )
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (said(("A", "C", "D", True), ("B", "C", "E", True)), "At least 3 rows are needed; the network has 2"),
        (
            said(*((actor, "C", actor, True) for actor in "ABC")),
            "At least 2 shared columns are needed; the network has 1",
        ),
        (camps(2), "At least 3 documents are needed; the network has 2"),
    ],
)
def test_too_little_gives_a_reason_and_no_number(given: Coded, reason: str) -> None:
    found = bootstrap(project(given, ONE_MODE))
    assert reason in found.reason
    assert (found.ties, found.measured) == ((), ())


def test_one_draw_is_no_interval() -> None:
    with pytest.raises(QueryError, match="1 draws give no interval"):
        bootstrap(project(camps(3), ONE_MODE), 1)


# --- phases --------------------------------------------------------------------------------------


def series(*weights: list[list[int]], settings: Projecting = ONE_MODE) -> list[Window]:
    """Return windows with networks of given weights."""
    number = len(weights[0])
    actors = [f"A{place}" for place in range(number)]
    made = project(coded(actors, actors, ["C"] * number, [True] * number), settings)
    moments = [dt.datetime.fromisoformat("2020-01-01") + dt.timedelta(days=day) for day in range(len(weights))]
    return [
        Window(moment, moment, moment, replace(made, matrix=sparse.csr_array(np.array(weight, dtype=float))))
        for moment, weight in zip(moments, weights, strict=True)
    ]


PAIRS = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
STAR = [[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
# Both have the degrees 1, 1, 2, 2, 2, 2, and are wired differently.
PATH = [[0, 1, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0], [0, 0, 0, 1, 0, 1],
        [0, 0, 0, 0, 1, 0]]  # fmt: skip
TRIANGLE_AND_PAIR = [[0, 1, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1],
                     [0, 0, 0, 1, 0, 1], [0, 0, 0, 1, 1, 0]]  # fmt: skip


def test_a_phase_ends_where_the_network_changes() -> None:
    found = phases(series(PAIRS, PAIRS, PAIRS, STAR, STAR))
    assert found.phases == (1, 1, 1, 2, 2)
    assert found.transitions == [dt.datetime.fromisoformat("2020-01-04")]
    assert found.distances.max() == 1
    assert found.modularity == pytest.approx(0.375)


def test_a_phase_may_return() -> None:
    assert phases(series(PAIRS, STAR, PAIRS, STAR)).phases == (1, 2, 1, 2)


def test_equal_degrees_with_other_wiring_differ_only_by_laplacian_eigenvalues() -> None:
    assert distances(series(PATH, TRIANGLE_AND_PAIR))[0, 1] > 0.1
    compat = Projecting(mode="actors", aggregation="subtract", compat="dna3")
    assert distances(series(PATH, TRIANGLE_AND_PAIR, settings=compat))[0, 1] == 0


def test_an_absolute_distance_counts_each_tie_once() -> None:
    assert distances(series(PAIRS, STAR), "absolute").tolist() == [[0, 3], [3, 0]]


@needs_sample
def test_distances_of_the_program_are_reproduced() -> None:
    known = [record for record in records("sample_slice_distances") if not record["normalizeToOne"]]
    assert known
    for record in known:
        given = {**record["settings"], "normalization": record["normalization"]}
        found = distances(slices(given), {"absdiff": "absolute"}.get(record["method"], "spectral"))
        upper = found[np.triu_indices(len(found), 1)]
        np.testing.assert_allclose(upper, record["upper_triangle_by_row"], rtol=1e-8, atol=1e-8)


def slices(given: dict[str, Any]) -> list[Window]:
    settings = sample_settings({**given, "networkType": "onemode"})
    return kernel_slices(
        sample(), settings, given["timeWindow"], given["windowSize"], given["kernel"], indent=given["indentTime"]
    )


def test_few_or_equal_networks_have_no_phases() -> None:
    assert phases(series(PAIRS, STAR)).reason == "At least 4 windows are needed; the series has 2."
    assert phases(series(*[PAIRS] * 5)).reason == "All networks of the series are equal."


def test_networks_of_other_actors_and_unknown_distances_are_an_error() -> None:
    with pytest.raises(QueryError, match="Networks with different rows have no distance"):
        distances([*series(PAIRS), *series(PATH)])
    with pytest.raises(QueryError, match="There is no distance 'far'"):
        distances(series(PAIRS, STAR), "far")


# --- brokers -------------------------------------------------------------------------------------


def test_brokers_have_roles_by_community() -> None:
    two_cliques = [
        (actor, f"{group}{pair}", "D", True) for group in ("abcd", "wxyz") for pair in range(6) for actor in group
    ]
    bridge = [("d", "bridge", "D", True), ("w", "bridge", "D", True)]
    (found,) = measures(project(said(*two_cliques, *bridge), ONE_MODE), only=("brokers",))
    assert found.values == {
        "d": {"coordinator": 0, "consultant": 0, "gatekeeper": 3, "liaison": 0},
        "w": {"coordinator": 0, "consultant": 0, "gatekeeper": 3, "liaison": 0},
    }


def test_without_a_link_there_is_no_broker() -> None:
    (found,) = measures(project(camps(1), ONE_MODE), only=("brokers",))
    assert (found.values, found.reason) == ({}, "No actor links two others that have no tie.")


def test_the_claims_that_divide_the_camps_come_first() -> None:
    rows = [(actor, concept, "D", actor < "D") for actor in "ABCDEF" for concept in ("C0", "C1")]
    rows += [(actor, "shared", "D", True) for actor in "ABCDEF"] + [("A", "own", "D", True)]
    rows += [("B", "mixed", "D", True), ("B", "mixed", "E", False), ("E", "mixed", "D", False)]
    (found,) = measures(project(said(*rows), ONE_MODE), only=("divides",))
    assert list(found.values.items()) == [
        ("C0", {"camp 1": 1.0, "camp 2": -1.0, "difference": 2.0}),
        ("C1", {"camp 1": 1.0, "camp 2": -1.0, "difference": 2.0}),
        ("mixed", {"camp 1": 0.0, "camp 2": -1.0, "difference": 1.0}),
        ("shared", {"camp 1": 1.0, "camp 2": 1.0, "difference": 0.0}),
    ], "what one camp alone speaks of divides nobody"


def test_one_camp_is_divided_by_nothing() -> None:
    rows = [(actor, concept, "D", True) for actor in "ABC" for concept in "XY"]
    (found,) = measures(project(said(*rows), ONE_MODE), only=("divides",))
    assert found.values == {}
    assert found.reason.startswith("No two rows disagree")


# --- on the command line ---------------------------------------------------------------------------


@pytest.fixture
def run(small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return a function that runs commands on the small workspace."""
    run = runner(monkeypatch, capsys)
    return lambda *args: run(*args, "--workspace", str(small_graph.workspace.root))


def test_windows_are_listed_and_written(run: Callable[..., Said], tmp_path: Path) -> None:
    said = run("windows", "--unit", "days", "--size", "1", "-f", "csv", "-o", str(tmp_path / "series"))
    assert said.code == 0
    rows = said.out.splitlines()
    assert rows[0] == "start,middle,stop,rows,ties,weight,phase"
    files = sorted((tmp_path / "series").iterdir())
    assert len(files) == len(rows) - 1 > 1
    assert json.loads(files[0].read_text(encoding="utf-8"))["kind"] == "actor-actor"
    assert read(files[0]).settings.mode == "actors"


def test_no_window_and_no_phases_say_why(run: Callable[..., Said]) -> None:
    assert "No window lies inside the period" in run("windows", "--unit", "years", "--size", "50").err
    assert "No statement is left" in run("windows", "--start", "2050").err
    assert "No statement has a date with both ends" in run("windows", "--dates", "certain").err
    assert "No phases: " in run("windows", "--unit", "years", "--size", "1", "--phases").err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--kernel", "round"], "There is no kernel 'round'"),
        (["--unit", "statements", "--kernel", "uniform"], "goes with days, weeks"),
        (["--unit", "hours"], "'hours' is not a choice. Type one of: days"),
        (["--phases", "--distance", "far"], "'far' is not a choice. Type one of: spectral"),
    ],
)
def test_wrong_windows_are_an_error(run: Callable[..., Said], options: list[str], message: str) -> None:
    said = run("windows", *options)
    assert said.code == 2
    assert message in " ".join(said.err.split())


def test_the_backbone_is_listed_or_there_is_a_reason(run: Callable[..., Said]) -> None:
    said = run("backbone", "--min-column", "1", "--aggregation", "ignore", "-f", "csv")
    assert said.out.splitlines()[0] == "removed,concept,loss,loss of the removed,statements left"
    assert len(said.out.splitlines()) > 2
    assert "No backbone: " in run("backbone", "--min-column", "9").err


def test_intervals_are_measures(run: Callable[..., Said]) -> None:
    said = run("measures", "--bootstrap", "5", "-f", "json")
    found = {measure["name"]: measure for measure in json.loads(said.out)}["bootstrap"]
    assert found["reason"] or "Charity – Force" in found["values"]
    assert "bootstrap" in run("measures", "--bootstrap", "5").out

"""Projections: the numbers of another program, where ours differ from them, and the laws that weights obey."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from discourse import NETWORKS, needs_sample, records, sample, sample_settings, synthetic
from hypothesis import given
from hypothesis import strategies as st

from graphkit.analysis.discourse.backbone import backbone_loss, nested_backbone, spectrum
from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.analysis.discourse.selection import select
from graphkit.analysis.discourse.settings import AGGREGATIONS, DUPLICATES, MODES, NORMALISATIONS, Projecting
from graphkit.model.errors import NotFoundError, QueryError


def settings_of(record: list[Any], compat: str = "") -> Projecting:
    mode, _, aggregation, normalisation, duplicates, _ = record
    return Projecting(
        mode=mode, aggregation=aggregation, normalisation=normalisation, duplicates=duplicates, compat=compat
    )


def matrix_of(record: list[Any]) -> np.ndarray[Any, Any]:
    """Return the given matrix; only half of a symmetric one is stored."""
    given_rows = [[np.nan if value is None else value for value in row] for row in record[-1]]
    if record[0] == "two-mode":
        return np.array(given_rows, dtype=float)
    full = np.zeros((len(given_rows) + 1,) * 2)
    for number, row in enumerate(given_rows):
        full[number, number + 1 :] = full[number + 1 :, number] = row
    return full


def name_of(record: list[Any]) -> str:
    return "-".join(record[:5])


if TYPE_CHECKING:
    from random import Random

WITH_RESULT = [record for record in NETWORKS["networks"] if record[-1]]
WITHOUT_RESULT = [record for record in NETWORKS["networks"] if not record[-1]]


@pytest.mark.parametrize("record", WITH_RESULT, ids=name_of)
def test_the_numbers_of_dna3_are_reproduced(record: list[Any]) -> None:
    found = project(synthetic(record[1]), settings_of(record, compat="dna3"))
    assert list(found.rows) == NETWORKS["rows"]
    assert list(found.columns) == NETWORKS["rows" if found.settings.one_mode else "columns"]
    np.testing.assert_allclose(found.to_matrix(), matrix_of(record), atol=1e-9, rtol=0)


def test_all_the_given_matrices_are_compared() -> None:
    assert (len(WITH_RESULT), len(WITHOUT_RESULT)) == (103, 4)


@pytest.mark.parametrize("record", WITHOUT_RESULT, ids=name_of)
@pytest.mark.parametrize("compat", ["", "dna3"])
def test_settings_without_a_result_are_an_error_that_names_both(record: list[Any], compat: str) -> None:
    with pytest.raises(QueryError, match="normalisation 'prominence' is not defined with the aggregation 'combine'"):
        settings_of(record, compat=compat)


def differs(record: list[Any]) -> bool:
    """Return whether our numbers differ: levels are compared on a scale of -5 to 5, not on the one observed."""
    return record[0] == "actors" and record[1] in {"score", "constant"} and record[2] != "ignore"


@pytest.mark.parametrize("record", WITH_RESULT, ids=name_of)
def test_by_default_only_the_scale_of_whole_numbers_changes_these_matrices(record: list[Any]) -> None:
    scale = (-5, 5) if record[1] in {"score", "constant"} else None
    found = project(synthetic(record[1], scale), settings_of(record))
    order = [found.rows.index(label) for label in NETWORKS["rows"]]
    columns = "rows" if found.settings.one_mode else "columns"
    weights = found.to_matrix()[order][:, [found.columns.index(label) for label in NETWORKS[columns]]]
    assert np.isfinite(weights).all()
    assert np.allclose(weights, matrix_of(record), atol=1e-9, rtol=0) is not differs(record)


@pytest.mark.parametrize(
    ("duplicates", "compat", "kept"),
    [
        ("month", "dna3", 74), ("month", "", 77), ("week", "dna3", 76), ("week", "", 78),
    ],
)  # fmt: skip
def test_by_default_weeks_and_months_have_a_year(duplicates: str, compat: str, kept: int) -> None:
    found = project(synthetic("agreement"), Projecting(aggregation="subtract", duplicates=duplicates, compat=compat))
    assert len(found.coded) == kept


def test_american_weeks_begin_on_sunday() -> None:
    sunday, monday = "2004-01-04", "2004-01-05"
    said = coded(["1", "2"], ["A", "A"], ["C", "C"], [True, True], dates=[sunday, monday])
    kept = {
        compat: len(project(said, Projecting(duplicates="week", compat=compat)).coded)
        for compat in ("", "dna3", "dna3-us")
    }
    assert kept == {"": 2, "dna3": 2, "dna3-us": 1}


def opposed(first: int, second: int, scale: tuple[int, int] | None = (-5, 5)) -> Coded:
    """Return two statements of A and three of B about one concept, each in one document."""
    levels = [first, first, second, second, second]
    return coded(list("12345"), list("AABBB"), ["C"] * 5, levels, list("aabbb"), qualifier="integer", scale=scale)


@pytest.mark.parametrize(
    ("said", "compat", "weights"),
    [
        (opposed(-4, 2), "dna3", (0.0, 6.0, -6.0)),
        (opposed(-4, 2), "", (2.4, 3.6, -1.2)),
        (opposed(5, 5), "dna3", (np.nan,) * 3),
        (opposed(5, 5), "", (6.0, 0.0, 6.0)),
        (opposed(5, 5, None), "", (6.0, 0.0, 6.0)),
    ],
)
def test_levels_are_compared_on_their_scale(said: Coded, compat: str, weights: tuple[float, ...]) -> None:
    found = [
        project(said, Projecting(mode="actors", aggregation=aggregation, compat=compat)).to_matrix()[0, 1]
        for aggregation in ("congruence", "conflict", "subtract")
    ]
    np.testing.assert_allclose(found, weights, atol=1e-9)


@pytest.mark.parametrize(
    ("level", "compat", "kept"), [(500, "dna3", 5), (500, "", 2), (-4, "dna3", 2), (127, "dna3", 2), (128, "dna3", 5)]
)
def test_large_levels_are_duplicates_too(level: int, compat: str, kept: int) -> None:
    said = opposed(level, level, None)
    found = project(said, Projecting(aggregation="subtract", duplicates="document", compat=compat))
    assert len(found.coded) == kept


def test_labels_are_in_alphabetical_order() -> None:
    assert project(synthetic("none")).rows[:5] == ("agency a", "Agency B", "Bureau", "Council", "Émigré Group")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"aggregation": "congruence"}, ["congruence", "two-mode"]),
        ({"mode": "actors", "aggregation": "combine"}, ["combine", "actors"]),
        ({"mode": "actors", "normalisation": "activity"}, ["activity", "actors"]),
        ({"mode": "two-mode", "normalisation": "jaccard"}, ["jaccard", "two-mode"]),
        ({"mode": "square"}, ["mode", "square", "two-mode, actors"]),
        ({"compat": "dna2"}, ["compat", "dna2", "dna3"]),
        ({"duplicates": "day"}, ["duplicates", "day", "week"]),
    ],
)
def test_an_error_names_the_settings_that_exclude_each_other(settings: dict[str, str], named: list[str]) -> None:
    with pytest.raises(QueryError) as caught:
        Projecting(**settings)  # type: ignore[arg-type]
    assert all(name in str(caught.value) for name in named)


def test_levels_are_compared_only_if_there_are_any() -> None:
    with pytest.raises(QueryError, match="aggregation 'subtract' is not defined with the qualifier 'none'"):
        project(synthetic("none"), Projecting(aggregation="subtract"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ids": ["1", "1"], "actors": ["A", "A"]}, "Two statements have the id '1'"),
        ({"levels": [3, 9], "qualifier": "integer", "scale": (0, 5)}, "Statement '2' has the level 9, which is off"),
        ({"dates": ["2020-05-02", "2020-05-02"], "latest": ["2020-05-03", "2020-05-01"]}, "before it begins"),
        ({"qualifier": "colour", "levels": [1, 1]}, "no qualifier 'colour'"),
    ],
)
def test_wrong_statements_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        coded(**{"ids": ["1", "2"], "actors": ["A", "B"], "concepts": ["C", "C"], **arguments})


# --- laws ----------------------------------------------------------------------------------------


@st.composite
def statements(draw: st.DrawFn, qualifier: str = "boolean", least: int = 0) -> Coded:
    level = {
        "boolean": st.booleans(), "integer": st.integers(-2, 2), "text": st.sampled_from("xyz"), "none": st.just(1)
    }[qualifier]  # fmt: skip
    entry = st.tuples(
        st.sampled_from("ABCDE"), st.sampled_from("PQRS"), level, st.sampled_from("de"), st.dates().map(str)
    )
    drawn = draw(st.lists(entry, min_size=least, max_size=25))
    actors, concepts, levels, documents, dates = zip(*drawn, strict=True) if drawn else [()] * 5
    return coded(
        [str(number) for number in range(len(drawn))], actors, concepts,
        None if qualifier == "none" else levels, documents, dates, qualifier=qualifier,
        scale=(-3, 3) if qualifier == "integer" else None,
    )  # fmt: skip


def any_settings(**fixed: str) -> st.SearchStrategy[Projecting]:
    choices = [
        made
        for mode in MODES
        for aggregation in AGGREGATIONS
        for normalisation in NORMALISATIONS
        for duplicates in DUPLICATES
        if (made := defined(mode=mode, aggregation=aggregation, normalisation=normalisation, duplicates=duplicates))
        and all(getattr(made, name) == value for name, value in fixed.items())
    ]
    return st.sampled_from(choices)


def defined(**settings: str) -> Projecting | None:
    try:
        return Projecting(**settings)  # type: ignore[arg-type]
    except QueryError:
        return None


def ties(found: Projection) -> dict[tuple[str, str], float]:
    return {(found.rows[row], found.columns[column]): weight for row, column, weight in found.ties()}


any_statements = st.sampled_from(["boolean", "integer", "text"]).flatmap(statements)


@given(statements(), st.sampled_from(["no", "average", "jaccard", "cosine"]), st.sampled_from(DUPLICATES[1:]))
def test_congruence_and_conflict_sum_to_all_pairs(said: Coded, normalisation: str, duplicates: str) -> None:
    # Under ignore, statements that differ in the level only are duplicates; here, none is left out.
    del duplicates
    settings = Projecting(mode="actors", normalisation=normalisation)
    every, congruence, conflict, difference = (
        project(said, replace(settings, aggregation=aggregation)).to_matrix()
        for aggregation in ("ignore", "congruence", "conflict", "subtract")
    )
    np.testing.assert_allclose(congruence + conflict, every, atol=1e-12)
    np.testing.assert_allclose(congruence - conflict, difference, atol=1e-12)


@given(any_statements, any_settings(mode="actors"))
def test_networks_among_actors_are_symmetric_without_a_diagonal(said: Coded, settings: Projecting) -> None:
    found = project(said, settings).to_matrix()
    np.testing.assert_allclose(found, found.T, atol=1e-12)
    assert not found.diagonal().any()


@given(any_statements, any_settings(duplicates="include"), st.randoms(use_true_random=False))
def test_the_order_of_statements_changes_nothing(said: Coded, settings: Projecting, random: Random) -> None:
    order = np.array(random.sample(range(len(said)), len(said)), dtype=int)
    np.testing.assert_array_equal(
        project(said.select(order), settings).to_matrix(), project(said, settings).to_matrix()
    )


@given(any_statements, any_settings())
def test_contributions_sum_to_the_weight(said: Coded, settings: Projecting) -> None:
    found = project(said, settings)
    for row, column, weight in found.ties():
        parts = found.statements(found.rows[row], found.columns[column])
        assert parts
        assert abs(sum(part.contribution for part in parts) - weight) <= 1e-12 * max(1, len(parts))


@given(statements(least=1), any_settings(normalisation="no", duplicates="include"), st.data())
def test_a_removed_statement_changes_only_its_own_ties(said: Coded, settings: Projecting, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(said) - 1))
    before = project(said, settings)
    after = ties(project(said.select(np.arange(len(said)) != place), settings))
    own = {said.actors[said.actor[place]], said.concepts[said.concept[place]]}
    for tie, weight in ties(before).items():
        assert abs(after.get(tie, 0.0) - weight) <= 1e-12 or own & set(tie)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("PQ"), st.booleans()), max_size=20), st.data())
def test_true_and_false_count_as_1_and_0_on_that_scale(said: list[tuple[str, str, bool]], data: st.DataObject) -> None:
    names, (actors, concepts, levels) = list(map(str, range(len(said)))), zip(*said, strict=True) if said else [()] * 3
    yes_no = coded(names, actors, concepts, levels)
    numbers = coded(names, actors, concepts, list(map(int, levels)), qualifier="integer", scale=(0, 1))
    settings = data.draw(any_settings(mode="actors"))
    np.testing.assert_array_equal(project(yes_no, settings).to_matrix(), project(numbers, settings).to_matrix())


# --- what is left out, and what stays ------------------------------------------------------------


def test_a_tie_that_cancels_out_stays_with_both_counts() -> None:
    said = coded(["1", "2", "3"], ["A", "A", "B"], ["C", "C", "C"], [True, False, True])
    found = project(said, Projecting(aggregation="subtract"))
    assert ties(found) == {("A", "C"): 0.0, ("B", "C"): 1.0}
    assert [found.planes[level].toarray().tolist() for level in (False, True)] == [[[1], [0]], [[1], [1]]]
    between = project(said, Projecting(mode="actors", aggregation="subtract"))
    assert ties(between) == {("A", "B"): 0.0}
    assert [part.contribution for part in between.statements("A", "B")] == [0.5, -0.5, 0.0]


@needs_sample
def test_the_sample_has_22_ties_not_21() -> None:
    assert len(ties(project(sample(), Projecting(aggregation="subtract")))) == 22


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "There are no statements."),
        ({"mode": "actors"}, "There are no statements."),
    ],
)
def test_no_statements_are_an_empty_network(settings: dict[str, Any], reason: str) -> None:
    found = project(coded([], [], [], []), Projecting(**settings))
    assert (found.to_matrix().size, found.reason, found.to_table()) == (0, reason, [])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"start": "2030"}, r"No statement is left \(left out: 5 no certain date\)"),
        ({"min_row": 9}, r"No statement is left \(left out: 5 too few statements\)"),
        ({"mode": "concepts"}, "A network of concepts needs two concepts; there is one: C"),
        ({"mode": "actors", "aggregation": "conflict"}, "No pair of the 2 rows has a tie"),
    ],
)
def test_an_empty_network_has_its_reason(settings: dict[str, Any], reason: str) -> None:
    found = project(opposed(1, 1), Projecting(**settings))
    assert not list(found.ties())
    assert re.match(reason, found.reason), found.reason


def test_a_network_of_one_actor_says_so() -> None:
    said = coded(["1"], ["A"], ["C"], [True])
    assert (
        project(said, Projecting(mode="actors")).reason == "A network among actors needs two actors; there is one: A."
    )


def test_rare_actors_and_concepts_are_left_out_even_among_isolates() -> None:
    said = coded(list("1234"), list("AAAB"), ["C", "C", "D", "C"], [True] * 4)
    found = project(said, Projecting(min_row=2, isolates=True))
    assert (found.rows, found.left_out) == (("A",), {"too few statements": 1})


def test_isolates_are_those_of_the_period() -> None:
    said = coded(list("12"), list("AB"), ["C", ""], [True] * 2, dates=["2020-01-01", "2020-01-02"])
    assert project(said, Projecting(isolates=True)).rows == ("A", "B")
    assert project(said, Projecting(isolates=True, end="2020-01-01")).rows == ("A",)


@pytest.mark.parametrize(("dates", "kept"), [("certain", ["1"]), ("possible", ["1", "2", "3"])])
def test_statements_of_uncertain_date_belong_to_a_period_by_rule(dates: str, kept: list[str]) -> None:
    said = coded(
        list("1234"), list("AAAA"), list("CCCC"), [True] * 4,
        dates=["2020-03-01", "2020-01-01", "2020-02-01", None], latest=["2020-03-31", "2020-12-31", None, None],
    )  # fmt: skip
    found = project(said, Projecting(start="2020-03", end="2020-03", dates=dates))
    assert sorted(found.coded.ids) == kept
    assert sum(found.left_out.values()) == 4 - len(kept)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2021", "2020", "ends .* before it begins"),
        ("soon", "", "'soon' is not a date"),
        ("2020T", "", "'2020T' is not a date"),
        ("2020-01-01T25:00:00", "", "is not a date"),
    ],
)
def test_a_wrong_period_is_an_error(start: str, end: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        project(opposed(1, 1), Projecting(start=start, end=end))


def test_weak_ties_are_left_out_in_any_mode() -> None:
    for mode in ("two-mode", "actors", "concepts"):
        full = ties(project(synthetic("agreement"), Projecting(mode=mode)))
        strong = ties(project(synthetic("agreement"), Projecting(mode=mode, min_weight=4)))
        assert strong == {tie: weight for tie, weight in full.items() if weight >= 4}


def test_blocks_of_rows_give_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = [record for record in WITH_RESULT if record[0] == "actors" and record[1] != "constant"]
    whole = [project(synthetic(record[1]), settings_of(record)).to_matrix() for record in settings]
    monkeypatch.setattr("graphkit.analysis.discourse.matrices._BLOCK", 1)
    for record, weights in zip(settings, whole, strict=True):
        np.testing.assert_allclose(project(synthetic(record[1]), settings_of(record)).to_matrix(), weights, atol=1e-12)


def test_a_thousand_statements_of_one_tie_are_all_counted() -> None:
    said = coded([str(n) for n in range(1000)], ["A"] * 1000, ["C"] * 1000, [n % 4 > 0 for n in range(1000)])
    found = project(said, Projecting(aggregation="subtract"))
    assert (found.to_matrix().tolist(), len(found.statements("A", "C"))) == ([[500.0]], 1000)


def test_an_actor_is_not_tied_to_itself_and_unknown_labels_are_an_error() -> None:
    found = project(synthetic("agreement"), Projecting(mode="actors"))
    assert found.statements("Union", "Union") == ()
    with pytest.raises(NotFoundError, match="no row 'Nobody'"):
        found.statements("Nobody", "Union")


def test_networkx_gets_every_tie_once() -> None:
    for mode, kind in (("two-mode", "Graph"), ("actors", "Graph"), ("directed", "DiGraph")):
        found = project(synthetic("agreement"), Projecting(mode=mode))
        graph = found.to_networkx()
        assert type(graph).__name__ == kind
        assert sorted(data["weight"] for _, _, data in graph.edges(data=True)) == sorted(ties(found).values())


# --- backbone ------------------------------------------------------------------------------------


PLAIN = {
    "networkType",
    "variable1",
    "variable2",
    "qualifier",
    "qualifierAggregation",
    "normalization",
    "isolates",
    "duplicates",
}


@needs_sample
def test_the_networks_of_the_sample_are_reproduced() -> None:
    compared = 0
    for record in records("sample_networks"):
        given_settings = record["settings"]
        if set(given_settings) == PLAIN and "matrix" in record:
            said = sample(given_settings["variable1"], given_settings["variable2"], given_settings["qualifier"])
            found = project(said, sample_settings(given_settings))
            np.testing.assert_allclose(found.to_matrix(), np.array(record["matrix"], float), atol=1e-9, rtol=0)
            compared += 1
    assert compared == 84


def chosen(said: Coded, record: dict[str, Any]) -> Coded:
    """Leave out the actors, concepts and levels that a record excludes, or all others."""
    codes = {"organization": (said.actors, said.actor), "concept": (said.concepts, said.concept)}
    codes["agreement"] = (tuple(f":{int(level)}" for level in said.levels), said.level)
    named: dict[str, set[str]] = {}
    for variable, value in record["exclude"]:
        named.setdefault(variable, set()).add(f":{value}")
    masks = [
        np.isin(
            codes[variable][1],
            [n for n, label in enumerate(codes[variable][0]) if label.lstrip("0123456789") in values],
        )
        for variable, values in named.items()
    ]
    return said.select(np.all(masks, axis=0) if record["invertValues"] else ~np.any(masks, axis=0))


@needs_sample
def test_the_filtered_networks_of_the_sample_are_reproduced() -> None:
    compared = 0
    for record in records("sample_networks"):
        given_settings, said = record["settings"], sample()
        if "matrix" not in record:
            continue
        settings = sample_settings(given_settings)
        if "startDate" in given_settings:
            start, end = (
                "-".join(reversed(given_settings[f"{name}Date"].split("."))) + "T" + given_settings[f"{name}Time"]
                for name in ("start", "stop")
            )
            settings = replace(settings, start=start, end=end)
        elif "exclude" in given_settings and not settings.isolates:
            said = chosen(said, given_settings)
        else:
            continue
        found = project(said, settings)
        np.testing.assert_allclose(found.to_matrix(), np.array(record["matrix"], float), atol=1e-9, rtol=0)
        compared += 1
    assert compared == 7


@needs_sample
def test_the_backbones_of_the_sample_are_reproduced() -> None:
    for record in records("sample_backbone"):
        settings = sample_settings(record["settings"])
        if record["method"] == "nested":
            found = nested_backbone(sample(), settings)
            assert [int(step.concept.partition(":")[2]) for step in found] == record["removed_concept_id"]
            assert [step.statements for step in found] == record["statements_left"]
            np.testing.assert_allclose([step.loss for step in found], record["backboneLoss"], atol=1e-9)
            np.testing.assert_allclose([step.redundant_loss for step in found], record["redundantLoss"], atol=1e-9)
        else:
            chosen = {
                name for name in sample().concepts if int(name.partition(":")[2] or 0) in record["backbone_concept_ids"]
            }
            found_losses = backbone_loss(sample(), settings, chosen, record["settings"]["p"])
            np.testing.assert_allclose(found_losses, record["loss_backbone_redundant"], atol=1e-9)


def test_the_spectrum_tells_networks_of_equal_degrees_apart() -> None:
    ring: np.ndarray[Any, Any] = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1)
    triangles: np.ndarray[Any, Any] = np.kron(np.eye(2), np.ones((3, 3)) - np.eye(3))
    assert np.abs(spectrum(ring) - spectrum(triangles)).sum() > 0.1
    np.testing.assert_array_equal(spectrum(ring, compat=True), spectrum(triangles, compat=True))


def test_a_backbone_removes_each_concept_once_and_leaves_the_weights_alone() -> None:
    settings = Projecting(mode="actors", aggregation="subtract", normalisation="average")
    steps = nested_backbone(synthetic("agreement"), settings)
    assert sorted(step.concept for step in steps) == sorted(NETWORKS["columns"])
    assert steps[-1].statements == 0
    assert steps[-1].loss == pytest.approx(1)


def test_a_backbone_of_an_unknown_concept_or_mode_is_an_error() -> None:
    with pytest.raises(QueryError, match="mode 'two-mode'"):
        nested_backbone(synthetic("agreement"), Projecting())
    with pytest.raises(NotFoundError, match="no concept 'C9'"):
        backbone_loss(synthetic("agreement"), Projecting(mode="actors"), {"C9"})


def test_the_selection_keeps_the_first_of_repeated_statements() -> None:
    said = coded(
        list("123"), list("AAA"), list("CCC"), [True] * 3, list("ddd"), ["2020-01-02", "2020-01-01", "2020-01-01"]
    )
    assert list(select(said, Projecting(duplicates="document")).kept.ids) == ["2"]

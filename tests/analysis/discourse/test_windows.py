"""Windows: calendar windows and kernels as another program computes them, and the laws of ours."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from discourse import GOLDEN, needs_sample, records, sample, sample_settings, synthetic

from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.projection import project
from graphkit.analysis.discourse.record import recompute
from graphkit.analysis.discourse.record import record as recorded
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.discourse.windows import (
    KERNELS,
    Window,
    calendar_windows,
    event_windows,
    kernel_slices,
    kernel_weights,
    units_to,
)
from graphkit.model.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

DIFFERENCE = Projecting(aggregation="subtract", isolates=True)


def limits(window: Window) -> list[str]:
    return [moment.isoformat()[:16] for moment in (window.start, window.middle, window.stop)]


@pytest.mark.parametrize(
    "record", json.loads((GOLDEN / "windows.json").read_text()), ids=lambda record: str(record[:2])
)
def test_calendar_windows_are_those_of_dna3(record: list[Any]) -> None:
    unit, size, number, first, last, statements, sums = record
    found = calendar_windows(synthetic("agreement"), DIFFERENCE, unit, size)
    counts = [len(window.projection.coded) for window in found]
    weights = [window.projection.to_matrix().sum() for window in found]
    assert len(found) == number
    assert [limits(window) for window in (found[0], found[-1])] == [first, last] if found else first is None
    assert (counts if isinstance(statements, list) else sum(counts)) == statements
    np.testing.assert_allclose(weights if isinstance(sums, list) else sum(weights), sums, atol=1e-9)


@needs_sample
def test_the_windows_and_slices_of_the_sample_are_reproduced() -> None:
    for record in records("sample_time_windows"):
        given = record["settings"]
        windows = calendar_windows(sample(), sample_settings(given), given["timeWindow"], given["windowSize"])
        assert [len(window.projection.coded) for window in windows] == record["statements"]
        np.testing.assert_allclose(
            [window.projection.to_matrix().sum() for window in windows], record["sum"], atol=1e-9
        )
    for record in records("sample_kernel_slices"):
        given = record["settings"]
        slices = kernel_slices(
            sample(), sample_settings(given), given["timeWindow"], given["windowSize"], given["kernel"],
            indent=given["indentTime"],
        )  # fmt: skip
        sums = [window.projection.to_matrix().sum() for window in slices]
        np.testing.assert_allclose(sums, record["sum_per_slice"], atol=1e-8)


def dated(*days: str) -> Coded:
    """Return a statement of each day, by two actors in turn about one concept."""
    names = [str(number) for number in range(len(days))]
    return coded(
        names, [("A", "B")[n % 2] for n in range(len(days))], ["C"] * len(days), [True] * len(days), dates=days
    )


def test_windows_of_statements_hold_all_of_their_first_and_last_moment() -> None:
    said = dated("2020-01-01", "2020-01-02", "2020-01-02", "2020-01-03", "2020-01-09", "2020-01-09")
    found = event_windows(said, Projecting(), 2)
    assert [(limits(window)[0][:10], limits(window)[2][:10], len(window.projection.coded)) for window in found] == [
        ("2020-01-01", "2020-01-02", 3), ("2020-01-02", "2020-01-03", 3), ("2020-01-02", "2020-01-09", 5),
        ("2020-01-03", "2020-01-09", 3),
    ]  # fmt: skip


def test_a_window_may_be_the_whole_period_or_none() -> None:
    said = dated("2020-01-01", "2020-01-03")
    (only,) = calendar_windows(said, Projecting(mode="actors"), "days", 2)
    assert only.projection.to_matrix().tolist() == [[0, 1], [1, 0]]
    assert calendar_windows(said, Projecting(), "years", 2) == []
    assert calendar_windows(dated(), Projecting(), "years", 2) == []
    assert kernel_slices(dated(), Projecting(), "days", 2, "uniform") == []


def test_undated_statements_are_left_out_of_windows_and_counted() -> None:
    said = coded(["1", "2"], ["A", "B"], ["C", "C"], [True, True], dates=["2020-01-01", None])
    (only,) = calendar_windows(said, Projecting(), "days", 1)
    assert only.projection.left_out == {"no date": 1}


# --- withdrawals ---------------------------------------------------------------------------------


def taken_back() -> Coded:
    """Return what A says in 2018, withdraws in 2020 and says again in 2021, and what B says in 2019."""
    days = ["2018-01-01", "2019-01-01", "2021-01-01"]
    until = ["2020-01-01", "", ""]
    return coded(["1", "2", "3"], ["A", "B", "A"], ["C"] * 3, [True] * 3, dates=days, until=until)


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("", "", ["2", "3"]), ("", "2019", ["1", "2"]), ("", "2020", ["2"]), ("2018", "2021", ["2", "3"]),
        ("2020", "", ["3"]), ("2018", "2018", ["1"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("duplicates", ["include", "all"])
def test_a_statement_counts_in_the_periods_that_end_before_its_withdrawal(
    start: str, end: str, kept: list[str], duplicates: str
) -> None:
    found = project(taken_back(), Projecting(start=start, end=end, duplicates=duplicates))
    assert found.coded.ids.tolist() == kept
    withdrawn = found.left_out.get("withdrawn", 0)
    assert withdrawn + found.left_out.get("outside the period", 0) == 3 - len(kept)
    assert recompute(recorded(found)).coded.ids.tolist() == kept


@pytest.mark.parametrize(("duplicates", "sums"), [("include", [1.5, 1.5, 1, 1]), ("all", [1, 1, 1, 1])])
def test_a_statement_counts_in_the_windows_before_its_withdrawal(duplicates: str, sums: list[float]) -> None:
    settings = Projecting(duplicates=duplicates)
    windows = calendar_windows(taken_back(), settings, "years", 1)
    assert [window.projection.coded.ids.tolist() for window in windows] == [["1"], ["2"], [], ["3"]]
    wide = calendar_windows(taken_back(), settings, "years", 2)
    assert [window.projection.coded.ids.tolist() for window in wide] == [["2"], ["2", "3"]]
    assert [window.projection.left_out for window in wide] == [{"withdrawn": 1}, {"withdrawn": 1}]
    slices = kernel_slices(taken_back(), settings, "years", 6, "uniform", indent=False)
    assert [window.projection.to_matrix().sum() for window in slices] == sums


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calendar_windows(dated(), Projecting(), "hours", 2), "no unit 'hours'"),
        (lambda: calendar_windows(dated(), Projecting(), "days", 0), "size 0 is empty"),
        (lambda: kernel_slices(dated(), Projecting(), "days", 2, "box"), "no kernel 'box'"),
        (
            lambda: kernel_slices(dated(), Projecting(mode="actors", normalisation="cosine"), "days", 2, "uniform"),
            "'cosine' is not defined with the kernel 'uniform'",
        ),
    ],
)
def test_wrong_windows_are_an_error(call: Callable[[], object], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        call()


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_are_symmetric(kernel: str) -> None:
    distance = np.linspace(-1.5, 1.5, 31)
    weights = kernel_weights(kernel, distance)
    np.testing.assert_allclose(weights, weights[::-1], atol=1e-12)
    assert weights[15] == max(weights)


def test_the_triangular_kernel_of_dna3_grows_after_the_middle() -> None:
    assert kernel_weights("triangular", np.array([0.5, -0.5]), compat=True).tolist() == [0.5, 1.5]


def middle(said: Coded, settings: Projecting, size: int, kernel: str) -> Window:
    slices = kernel_slices(said, settings, "months", size, kernel, indent=False)
    return slices[len(slices) // 2]


@pytest.mark.parametrize("aggregation", ["ignore", "congruence", "conflict", "subtract"])
def test_a_uniform_kernel_over_the_whole_period_is_the_static_network_times_its_constant(aggregation: str) -> None:
    settings = Projecting(mode="actors", aggregation=aggregation, normalisation="average")
    said = synthetic("agreement")
    found = middle(said, settings, 120, "uniform").projection
    np.testing.assert_allclose(found.to_matrix(), project(said, settings).to_matrix() / 2, atol=1e-12)


@pytest.mark.parametrize("mode", ["two-mode", "actors"])
@pytest.mark.parametrize("normalisation", ["no", "average"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_contributions_sum_to_the_weights_of_slices(mode: str, normalisation: str, kernel: str) -> None:
    if mode == "two-mode" and normalisation == "average":
        return
    settings = Projecting(mode=mode, aggregation="subtract", normalisation=normalisation)
    found = middle(synthetic("agreement"), settings, 12, kernel).projection
    for row, column, weight in found.ties():
        assert sum(part.contribution for part in found.contributions(row, column)) == pytest.approx(weight, abs=1e-12)


def test_levels_of_slices_count_by_value_not_by_place_in_a_list() -> None:
    said = coded(
        ["1", "2"], ["A", "B"], ["C", "C"], [-2, 10], dates=["2020-01-01"] * 2, qualifier="integer", scale=(-10, 10)
    )
    weights = {
        compat: middle(said, Projecting(aggregation="subtract", compat=compat), 2, "uniform")
        .projection.to_matrix()
        .tolist()
        for compat in ("", "dna3")
    }
    assert weights == {"": [[-1], [5]], "dna3": [[0], [0.5]]}


def test_the_slices_of_dna3_under_average_exceed_those_without() -> None:
    settings = Projecting(mode="actors", aggregation="congruence", normalisation="average", compat="dna3")
    with_average, without = (
        middle(synthetic("agreement"), settings_, 6, "gaussian").projection.to_matrix()
        for settings_ in (settings, Projecting(mode="actors", aggregation="congruence", compat="dna3"))
    )
    assert with_average.sum() > without.sum()
    assert without.diagonal().any()


@pytest.mark.parametrize(
    ("unit", "moment", "units"),
    [
        ("days", "2020-03-03T12:00", 2), ("days", "2020-02-29", -1), ("weeks", "2020-03-20", 2),
        ("months", "2020-04-30", 1), ("months", "2020-02-02", 0), ("months", "2020-02-01", -1),
        ("years", "2021-02-28", 0), ("years", "2021-03-01", 1),
    ],
)  # fmt: skip
def test_distances_are_in_whole_units(unit: str, moment: str, units: int) -> None:
    said = dated("2020-03-01")
    assert units_to(said, dt.datetime.fromisoformat(moment), unit).tolist() == [units]

"""`graphkit coding`: coverage, a sheet for a second coder, and its comparison with the rules."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from commands import runner
from hypothesis import given
from hypothesis import strategies as some

from graphkit.analysis.discourse.reliability import Sheets, nominal_alpha

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said

    from graphkit.graph import Graph


@pytest.fixture
def coding(
    coded_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Return a function that runs `graphkit coding` on the small workspace with a codebook."""
    run = runner(monkeypatch, capsys)
    return lambda *args: run("coding", *args, "--workspace", str(coded_graph.workspace.root))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(*codes: tuple[str, str]) -> str:
    return "statement,codes\n" + "".join(f"{name},{code}\n" for name, code in codes)


def test_coverage_is_a_table_csv_and_json(coding: Callable[..., Said]) -> None:
    assert "statements coded" in coding().out
    assert rows(coding("-f", "csv").out)[0] == {
        "count": "statements coded", "of": "", "number": "12", "in": "22", "details": "",
    }  # fmt: skip
    found = json.loads(coding("-f", "json").out)
    assert (found["statements"], found["coded"], found["claims"]) == (22, 12, 9)
    assert [concept["concept"] for concept in found["concepts"] if concept["contested"]] == ["asked"]


def test_a_sheet_shows_no_codes_and_has_the_concepts_beside_it(coding: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    said = coding("--sample", "5", "--seed", "3", "-o", str(path))
    assert said.code == 0
    drawn = rows(path.read_text(encoding="utf-8"))
    assert len({row["statement"] for row in drawn}) == 5
    assert {row["codes"] for row in drawn} == {""}
    assert all(row["gist"] and row["speaker"] and row["starts"] for row in drawn)
    guide = rows((tmp_path / "sheet-concepts.csv").read_text(encoding="utf-8"))
    assert [row["concept"] for row in guide] == ["asked", "paid", "profiles", "works"]
    assert guide[0]["definition"] == "The force asked the charity or its partners."
    assert guide[0]["example"]


def test_the_same_seed_draws_the_same_statements(coding: Callable[..., Said]) -> None:
    one, again, other = (coding("--sample", "6", "--seed", seed).out for seed in ("1", "1", "2"))
    assert one == again != other


def test_a_sheet_that_agrees_has_alpha_1_and_one_that_differs_lists_where(
    coding: Callable[..., Said], coded_graph: Graph, tmp_path: Path
) -> None:
    found = Sheets(coded_graph.store)
    codes = [
        (name, "; ".join(f"{concept} {sign}" for concept, sign in found.by_rules(name).items()) or "none")
        for name in found.names
    ]
    path = tmp_path / "sheet.csv"
    path.write_text(sheet(*codes), encoding="utf-8")
    same = json.loads(coding("--compare", str(path), "-f", "json").out)
    assert (same["alpha"], same["statements"], same["skipped"], same["disagreements"]) == (1, 22, 0, [])
    changed = {**dict(codes), "daily-1/claims": "asked -", "copy-2/operates": "profiles +", "copy-1/employs": ""}
    path.write_text("\ufeff" + sheet(*changed.items()), encoding="utf-8")
    other = json.loads(coding("--compare", str(path), "-f", "json").out)
    assert (other["statements"], other["skipped"]) == (21, 1)
    assert 0 < other["alpha"] < 1
    assert {(row["statement"], row["concept"], row["rules"], row["sheet"]) for row in other["disagreements"]} == {
        ("daily-1/claims", "asked", "+", "-"),
        ("copy-2/operates", "profiles", "", "+"),
    }
    said = coding("--compare", str(path))
    assert "21 statements coded twice; 1 row not filled in" in said.err
    assert "daily-1/claims" in said.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: There is no column 'codes'"),
        ("statement,gist\n", ":1: There is no column 'codes'"),
        (sheet(("daily-1/claims", "")), "no row has codes"),
        (sheet(("daily-1/claims", "asked")), ":2: 'asked' does not end with +, - or 0"),
        (sheet(("daily-1/claims", "heard +")), ":2: There is no concept 'heard'"),
        (sheet(("daily-1/claims", "asked +; asked -")), ":2: The concept 'asked' occurs twice"),
        (sheet(("daily-1/claims", "none"), ("daily-1/claims", "none")), ":3: The statement 'daily-1/claims' occurs"),
        (sheet(("daily-1/nothing", "none")), ":2: There is no statement 'daily-1/nothing'"),
    ],
)
def test_a_wrong_sheet_is_an_error_with_its_line(
    coding: Callable[..., Said], tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    said = coding("--compare", str(path))
    assert said.code == 2
    assert message in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sample", "23"], "There are 22 statements; 23 cannot be drawn."),
        (["--sample", "0"], "0 is not a whole number of 1 or more"),
        (["--sample", "2", "--compare", "x.csv"], "Type either --sample or --compare."),
        (["--compare", "missing.csv"], "missing.csv cannot be read"),
        (["--actor", "party"], "'party' is not a choice for actor"),
    ],
)
def test_wrong_arguments_are_one_line(coding: Callable[..., Said], arguments: list[str], message: str) -> None:
    said = coding(*arguments)
    assert said.code == 2
    assert message in said.err
    assert "Traceback" not in said.err


def test_a_graph_without_a_codebook_says_so(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(monkeypatch, capsys)
    for arguments in ([], ["--sample", "2"]):
        said = run("coding", *arguments, "--workspace", str(small_graph.workspace.root))
        assert said.code == 2
        assert "The graph has no codebook." in said.err


# Computed with krippendorff 0.9.0; a missing value is a coder who did not code the unit.
FOUR_CODERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [
        (FOUR_CODERS, 0.743421052631579),
        (("1 1 0 0 1 2 0 0 0 0", "1 0 0 0 1 2 2 0 0 1"), 0.5128205128205129),
        (("1 1 1", "1 1 1"), None),  # one value: nothing to tell apart
        (("1 2", ". ."), None),
    ],
)
def test_alpha_is_that_of_the_reference_package(coders: tuple[str, ...], alpha: float | None) -> None:
    units = [[value for value in unit if value != "."] for unit in zip(*(text.split() for text in coders), strict=True)]
    assert nominal_alpha(units) == (alpha if alpha is None else pytest.approx(alpha, abs=1e-9))


UNITS = some.lists(some.lists(some.sampled_from("+-0"), max_size=4), max_size=12)


@given(UNITS, some.randoms())
def test_alpha_depends_on_no_order_and_no_names(units: list[list[str]], chance: random.Random) -> None:
    alpha = nominal_alpha(units)
    mixed = [chance.sample(unit, len(unit)) for unit in chance.sample(units, len(units))]
    renamed = [[{"+": "yes", "-": "no", "0": "none"}[value] for value in unit] for unit in mixed]
    assert nominal_alpha(renamed) == (alpha if alpha is None else pytest.approx(alpha, abs=1e-12))


@given(UNITS)
def test_alpha_is_1_if_all_coders_agree_and_less_otherwise(units: list[list[str]]) -> None:
    alpha = nominal_alpha(units)
    differ = any(len(set(unit)) > 1 for unit in units)
    assert alpha is None or (alpha == 1) != differ
    assert alpha is None or alpha <= 1

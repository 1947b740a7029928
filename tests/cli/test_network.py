"""`graphkit network`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.analysis.discourse.record import recompute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands import Said

    from graphkit.graph import Graph


@pytest.fixture
def network(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Return a function that runs `graphkit network` on the small workspace."""
    run = runner(monkeypatch, capsys)
    return lambda *args: run("network", *args, "--workspace", str(small_graph.workspace.root))


def test_ties_are_listed_and_counts_are_on_stderr(network: Callable[..., Said]) -> None:
    said = network("actor-actor")
    assert said.code == 0
    assert said.out.split()[-6:] == ["Charity", "Force", "-2", "3", "0", "3"]
    assert "9 statements counted; narrators, dropped: 13; without an earliest date: 9" in said.err


def test_a_tie_is_traced_to_its_statements(network: Callable[..., Said]) -> None:
    said = network("actor-actor", "--trace", "Charity", "Force")
    assert {"weekly-1/denies", "daily-1/claims"} <= set(said.out.split())


def test_a_file_is_written_with_its_statements_beside_it(network: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "relay.csv"
    said = network("relay", "-f", "matrix", "-o", str(path))
    assert said.code == 0
    assert {each.name for each in tmp_path.iterdir()} == {"relay.csv", "relay-statements.csv", "relay-network.json"}
    assert str(path) in said.err


def test_the_file_recomputes_the_network(network: Callable[..., Said], small_graph: Graph) -> None:
    said = network("actor-concept", "-f", "json", "--stance", "plans=0", "--min-row", "2")
    again = recompute(said.out)
    assert json.loads(said.out)["notes"]["reading"]["stances"]["plans"] == "0"
    assert again.rows == ("Charity", "Force")
    assert again.settings.min_row == 2
    assert small_graph.projection("actor-concept", min_row=2).rows == again.rows


def test_an_empty_network_says_why_and_is_no_error(network: Callable[..., Said]) -> None:
    said = network("actor-actor", "--start", "2050")
    assert said.code == 0
    assert "No statement is left (left out: " in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["actors"], "There is no kind of network 'actors'."),
        (["actor-concept", "--aggregation", "congruence"], "'congruence' is not defined with the mode 'two-mode'"),
        (
            ["actor-concept", "--aggregation", "combine", "--normalisation", "prominence"],
            "'prominence' is not defined with the aggregation 'combine'",
        ),
        (["actor-actor", "--duplicates", "day"], "'day' is not a choice for duplicates."),
        (["actor-actor", "--stance", "plans"], "'plans' is not STANCE=SIDE"),
        (["actor-actor", "--stance", "hopes=+"], "'hopes' is not a choice for stance."),
        (["actor-actor", "--start", "soon", "-f", "edges"], "'soon' is not a date."),
        (["actor-actor", "--start", "2021", "--end", "2020", "-f", "edges"], "ends (2020) before it begins (2021)"),
        (["actor-actor", "-f", "xls"], "'xls' is not a choice. Type one of: table"),
        (
            ["actor-actor", "--trace", "Charity", "Nobody"],
            "The network has no column 'Nobody'. Type one of: Charity, Force",
        ),
        (["actor-actor", "--roll-up", "up"], "'up' is not a choice for roll_up."),
        (["actor-actor", "--roll-up", "broader", "-f", "edges"], "'broader' is not defined with the concept 'claim'."),
        (["actor-actor", "--compat", "dna2"], "'dna2' is not a choice for compat."),
        (["actor-actor"], "A file needs a format, such as -f edges"),
    ],
)
def test_wrong_input_is_one_error_and_writes_nothing(
    network: Callable[..., Said], tmp_path: Path, arguments: list[str], message: str
) -> None:
    said = network(*arguments, "-o", str(tmp_path / "file"))
    assert said.code == 2
    assert message in " ".join(said.err.replace("│", "").split())
    assert not list(tmp_path.iterdir())


def test_a_file_without_a_format_is_refused_before_the_network_is_made(
    network: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.analysis.discourse.kinds.projection", None)
    assert "A file needs a format" in network("actor-actor", "-o", "file").err

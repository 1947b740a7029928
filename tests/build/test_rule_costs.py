"""What the rules cost: how their work grows with the graph, and what `graphkit rules --profile` prints of it."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from commands import runner
from places import REPOSITORY

from graphkit.build.profile import given, profile
from graphkit.build.rules import Rule, read_rules

if TYPE_CHECKING:
    from graphkit.graph import Graph


def test_the_profile_names_each_rule_with_its_results(small_graph: Graph) -> None:
    place = small_graph.workspace
    found = list(profile(place))
    assert [rule.path for rule, _ in found] == place.rules()
    assert all(rule.cost and applied.rounds == 1 and applied.seconds > 0 for rule, applied in found)
    lines = {line for _, applied in found for line in applied.lines.splitlines(keepends=True)}
    rest = given(place.graph_file, {rule.graph for rule, _ in found})
    assert lines.isdisjoint(rest)
    assert sorted([*lines, *rest]) == place.graph_file.read_bytes().splitlines(keepends=True)


def test_rules_are_listed_and_measured_on_the_command_line(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(monkeypatch, capsys)
    folder = str(small_graph.workspace.root)
    listed = json.loads(run("rules", "--workspace", folder, "--format", "json").out)
    measured = json.loads(run("rules", "--profile", "--workspace", folder, "--format", "json").out)
    assert {row["rule"] for row in listed} == {row["rule"] for row in measured}
    assert {"rule", "graph", "title", "cost"} == set(listed[0])
    assert [row["seconds"] for row in measured] == sorted((row["seconds"] for row in measured), reverse=True)
    assert sum(row["rows"] for row in measured) > 100
    assert run("rules", "--workspace", folder, "--format", "csv").out.startswith("rule,graph,title,cost\n")


RULES = read_rules(sorted((REPOSITORY / "ontology/rules").glob("*.rq")))
_SET = re.compile(r"\n  \{\s+SELECT (?:DISTINCT )?([^{]*?) WHERE \{(.*?)\n  \}", re.DOTALL)


def made(text: str) -> set[str]:
    """Return the variables that expressions bind."""
    return set(re.findall(r"AS (\?\w+)\)", text))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_sets_are_joined_on_variables_that_patterns_bind(rule: Rule) -> None:
    """The engine compares every row with every row if a variable of the join may be unbound: n squared."""
    sets = [({*names.split()}, body) for names, body in _SET.findall(rule.text)]
    for (names, body), (others, other) in pairwise(sets):
        keys = {name for name in names & others if name.startswith("?")}
        assert keys - made(body) - made(other), f"{rule.name}: nothing but {sorted(keys)} to join by"


def test_the_sets_of_the_rules_are_found() -> None:
    assert sum(len(_SET.findall(rule.text)) >= 2 for rule in RULES) >= 12

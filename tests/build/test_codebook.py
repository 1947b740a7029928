"""The codebook codes statements by rules that follow hierarchies, in a graph of its own, and changes nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from places import CODED, SMALL, copy_workspace

from graphkit.build.as_of import as_of
from graphkit.build.engine import Engine, in_line_order
from graphkit.build.pipeline import build, check
from graphkit.graph import Graph, open_graph
from graphkit.model.codebook import CERTAINTIES, STANCES
from graphkit.model.iris import PREFIXES, graph_iri
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.errors import Problem

CODINGS = "SELECT ?s ?c ?a { ?s sp:codedAs ?k . ?k sp:concept ?c OPTIONAL { ?k sp:agreement ?a } }"


def codings(graph: Graph, query: str = CODINGS) -> set[tuple[str, ...]]:
    answer = graph.query(query)
    assert isinstance(answer, Table)
    prefixes = (PREFIXES["statement"], PREFIXES["id"].replace("/id/", "/concept/"))
    return {
        tuple(str(cell).removeprefix(prefixes[0]).removeprefix(prefixes[1]) for cell in row.values()) for row in answer
    }


def test_rules_follow_topics_members_kinds_and_exceptions(coded_graph: Graph) -> None:
    assert codings(coded_graph) == {
        ("daily-1/claims", "asked", "2"),
        ("daily-1/claims-group", "asked", "2"),
        ("weekly-1/denies", "asked", "-2"),
        ("weekly-1/denies-flat", "asked", "-2"),
        ("weekly-1/tackles", "works", "-2"),
        ("weekly-1/criticises", "works", "-2"),
        ("weekly-1/harms", "works", "-2"),
        ("daily-1/profiles", "profiles", "0"),
        ("weekly-1/no-profiling", "profiles", "-2"),
        ("daily-1/funded", "paid", "2"),
        ("weekly-1/funded", "paid", "2"),
        ("copy-1/funded", "paid", "2"),
    }


def test_the_rest_of_the_graph_stays_as_it_is(coded_graph: Graph, small_graph: Graph) -> None:
    own = tuple(f" <{graph_iri(name)}> .\n" for name in ("codebook", "coding"))
    lines = coded_graph.workspace.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)
    without = small_graph.workspace.graph_file.read_text(encoding="utf-8")
    assert "".join(line for line in lines if not line.endswith(own)) == without
    assert graph_iri("coding") not in without


def test_concepts_are_skos(coded_graph: Graph) -> None:
    query = "SELECT ?x { GRAPH graph:codebook { ?x a skos:Concept ; skos:definition ?d ; skos:inScheme ?s } }"
    assert codings(coded_graph, query) == {("asked",), ("works",), ("profiles",), ("paid",)}
    assert codings(coded_graph, "SELECT ?x { ?x skos:broader ?y . ?y a sp:Concept }") == {("profiles",)}


def test_every_stance_and_certainty_has_a_side_with_a_reason(coded_graph: Graph) -> None:
    query = "SELECT ?x ?why { ?x a sp:AgreementRule ; skos:definition ?why }"
    assert len(codings(coded_graph, query)) == len(STANCES) + len(CERTAINTIES)


def test_the_compiled_rules_code_without_the_yaml(coded_graph: Graph, tmp_path: Path) -> None:
    """The rules in the graph are enough: the coding graph is derived anew from the others."""
    place = copy_workspace(SMALL, tmp_path / "w")
    lines = coded_graph.workspace.graph_file.read_text(encoding="utf-8").splitlines(keepends=True)
    coding = {line for line in lines if line.endswith(f" <{graph_iri('coding')}> .\n")}
    assert coding
    assert not place.codebook.exists()
    with Engine.start(place, len(lines), None) as engine:
        engine.load("".join(line for line in lines if line not in coding).encode())
        failed: list[Problem] = []
        added = b"".join(engine.apply_rules(failed, in_line_order)).decode()
    assert not failed
    assert coding <= set(added.splitlines(keepends=True))


def test_rules_follow_merged_entities(coded_graph: Graph, tmp_path: Path) -> None:
    """The force and the ministry are one, and the rule about the force codes its statements as before."""
    place = copy_workspace(SMALL, tmp_path / "w")
    shutil.copy(CODED, place.codebook)
    place.merges.write_text(
        "merges:\n  force: {into: ministry, reason: The same body., date: '2026-11-29'}\n", encoding="utf-8"
    )
    assert build(place).ok
    assert codings(open_graph(place.root)) == codings(coded_graph)


def test_a_graph_as_of_a_day_is_coded_too(coded_graph: Graph) -> None:
    found = as_of(coded_graph.workspace, "2020-05")
    text = found.workspace.graph_file.read_text(encoding="utf-8")
    assert "daily-1/claims/coding/asked" in text
    assert "weekly-1/denies/coding/asked" not in text


@pytest.mark.parametrize("text", ["", "concepts:\n", "concepts: {}\n", "- asked\n", "concepts: [asked]\n"])
def test_a_codebook_without_concepts_is_empty_or_a_problem(tmp_path: Path, text: str) -> None:
    place = copy_workspace(SMALL, tmp_path / "w")
    place.codebook.write_text(text, encoding="utf-8")
    found = check(place)
    assert {problem.location.file for problem in found.problems} <= {"data/codebook.yaml"}
    assert found.ok == (text in {"concepts:\n", "concepts: {}\n"})


def test_a_rule_that_names_a_derived_relation_is_refused(tmp_path: Path) -> None:
    place = copy_workspace(SMALL, tmp_path / "w")
    shutil.copy(CODED, place.codebook)
    text = place.codebook.read_text(encoding="utf-8").replace("[funded]", "[claimed-consulted]")
    place.codebook.write_text(text, encoding="utf-8")
    [problem] = check(place).problems
    assert (problem.code, problem.location.line) == (
        "unknown-relation",
        text.splitlines().index("      - relation: [claimed-consulted]") + 1,
    )

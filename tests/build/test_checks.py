"""Rules, shapes and checks that are wrong themselves are told by name; what they find is told by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.build.pipeline import build, check
from graphkit.model.errors import Level, WorkspaceError

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace

HEAD = "# Title: T\n# Why: W\n"


def failure(workspace: Workspace, file: str, line: int) -> str:
    """Return the message of the only problem, which is in this file and line of the ontology."""
    [problem] = check(workspace).problems
    assert (problem.location.file, problem.location.line) == (f"ontology/{file}", line)
    return problem.message


@pytest.mark.parametrize(
    "rule",
    [
        "CONSTRUCT { [] sp:kind ?x } WHERE { ?x a sp:Statement }",
        "CONSTRUCT { _:y sp:kind ?x } WHERE { ?x a sp:Statement }",
        "CONSTRUCT { ?y sp:kind ?x } WHERE { ?x a sp:Statement . BIND(bnode() AS ?y) }",
    ],
)
def test_a_rule_that_makes_blank_nodes_is_refused(small: Workspace, rule: str) -> None:
    (small.ontology / "rules/90-blank.rq").write_text(HEAD + rule)
    assert "'blank' makes blank nodes" in failure(small, "rules/90-blank.rq", 3)


def test_a_rule_that_never_ends_is_refused(small: Workspace) -> None:
    rule = HEAD + (
        "CONSTRUCT { ?next sp:kind sp:contradiction } WHERE { ?x sp:kind sp:contradiction "
        "BIND(IRI(CONCAT(STR(?x), 'x')) AS ?next) }"
    )
    (small.ontology / "rules/90-endless.rq").write_text(rule)
    assert "'endless' does not end" in failure(small, "rules/90-endless.rq", 3)


def test_a_rule_that_is_no_construct_is_refused(small: Workspace) -> None:
    (small.ontology / "rules/90-select.rq").write_text(HEAD + "SELECT * { ?s ?p ?o }")
    assert "'select' is not a CONSTRUCT" in failure(small, "rules/90-select.rq", 3)


@pytest.mark.parametrize(
    ("folder", "text", "message"),
    [
        ("rules", "CONSTRUCT { ?s sp:kind ?o }\nWHERE { ?s a ?o . oops }", ":4:"),
        (
            "rules",
            "CONSTRUCT { ?s sp:kind ?o }\nWHERE { SERVICESILENT <http://127.0.0.1:9/> { ?s a ?o } }",
            ":4:9: SERVICE",
        ),
        ("rules", "DROP ALL", ":3:"),
        ("rules", "", ":3:1: "),
        ("rules", "# Into: x y\nCONSTRUCT { ?s sp:kind ?o } WHERE { ?s a ?o }", ":3:3: 'x y' cannot name a graph"),
        ("rules", f"CONSTRUCT {{ ?s sp:kind ?o }} WHERE {{ ?s a ?o FILTER({'!' * 200_000}true) }}", ":3:"),
        ("checks", "SELECT ?focus {\n  ?focus a oops }", ":4:16: "),
        ("checks", f"SELECT ?focus {{ ?focus a ?o FILTER({'!' * 200_000}true) }}", ":3:"),
    ],
    ids=["syntax", "service", "update", "empty", "bad graph", "crash", "check syntax", "check crash"],
)
def test_an_error_in_a_rule_or_check_is_located(built_small: Workspace, folder: str, text: str, message: str) -> None:
    before = built_small.generation().folder
    (built_small.ontology / folder / "90-odd.rq").write_text(HEAD + text, encoding="utf-8")
    [problem] = build(built_small).problems
    assert f"{problem.location}: {problem.message}".startswith(f"ontology/{folder}/90-odd.rq{message}")
    assert built_small.generation().folder == before


@pytest.mark.parametrize("folder", ["rules", "checks"])
def test_a_rule_or_check_that_takes_too_long_is_stopped(small: Workspace, folder: str) -> None:
    pattern = "{ ?focus ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?o = ?c && ?f = ?i && ?a = ?h) }"
    query = "SELECT ?focus" if folder == "checks" else "CONSTRUCT { ?focus sp:about ?i } WHERE"
    (small.ontology / folder / "90-slow.rq").write_text(f"{HEAD}{query} {pattern}", encoding="utf-8")
    [problem] = check(small, seconds=1).problems
    assert str(problem.location) == f"ontology/{folder}/90-slow.rq:3:1"
    assert problem.message == "It was stopped after 1 s."
    assert "--timeout" in problem.solution


def test_each_rule_and_check_that_fails_is_reported(small: Workspace) -> None:
    for name in ("rules/90-one.rq", "rules/91-two.rq"):
        (small.ontology / name).write_text(f"{HEAD}CONSTRUCT {{ ?s a oops }}", encoding="utf-8")
    assert [problem.location.file for problem in check(small).problems] == [
        "ontology/rules/90-one.rq", "ontology/rules/91-two.rq"
    ]  # fmt: skip
    for name in ("rules/90-one.rq", "rules/91-two.rq"):
        (small.ontology / name).unlink()
    for name in ("checks/90-one.rq", "checks/91-two.rq"):
        (small.ontology / name).write_text(f"{HEAD}SELECT ?focus {{ ?focus a oops }}", encoding="utf-8")
    assert [problem.location.file for problem in check(small).problems] == [
        "ontology/checks/90-one.rq", "ontology/checks/91-two.rq"
    ]  # fmt: skip


def test_a_rule_may_rest_on_itself(small: Workspace) -> None:
    rule = HEAD + "CONSTRUCT { ?a sp:about ?c } WHERE { ?a skos:broader/(sp:about?) ?c }"
    (small.ontology / "rules/90-recursive.rq").write_text(rule)
    assert check(small).ok


def test_a_check_without_a_focus_is_refused(small: Workspace) -> None:
    (small.ontology / "checks/unfocused.rq").write_text(HEAD + "SELECT ?x { ?x a sp:Nothing }")
    assert "unfocused.rq does not SELECT" in failure(small, "checks/unfocused.rq", 3)


def test_a_shape_that_cannot_be_compiled_is_refused(small: Workspace) -> None:
    shapes = small.ontology / "shapes.ttl"
    more = "\nsp:Odd a sh:NodeShape ; sh:targetClass sp:Statement ; sh:sparql [ sh:select 'SELECT $this {}' ] .\n"
    line = len(shapes.read_text().splitlines()) + 2
    shapes.write_text(shapes.read_text() + more)
    assert "sh:sparql is not supported" in failure(small, "shapes.ttl", line)


def test_an_ontology_that_is_not_turtle_is_refused(small: Workspace) -> None:
    (small.ontology / "core.ttl").write_text("sp:a sp:b")
    with pytest.raises(WorkspaceError, match=r"core\.ttl cannot be read"):
        check(small)


def test_what_a_check_finds_is_placed_and_levelled(small: Workspace) -> None:
    found = (
        HEAD
        + "# Problem: is about a ministry.\n# Solution: think again.\n# Level: warning\n"
        + ("SELECT ?focus ?value { ?focus sp:proposition/sp:subject ?value . FILTER(?value = id:ministry) }")
    )
    (small.ontology / "checks/ministries.rq").write_text(found)
    problems = check(small).problems
    assert {problem.code for problem in problems} == {"ministries"}
    assert {problem.level for problem in problems} == {Level.WARNING}
    assert {problem.location.file for problem in problems} == {
        f"data/sources/{name}.yaml" for name in ("daily-1", "weekly-1", "copy-1")
    }
    first = next(problem for problem in problems if problem.location.file.endswith("daily-1.yaml"))
    lines = (small.root / first.location.file).read_text().splitlines()
    assert lines[first.location.line - 1].strip() == "funded:"
    assert "id:ministry" in first.message


def test_a_shape_is_violated_at_the_statement(small: Workspace) -> None:
    path = small.data / "sources/daily-1.yaml"
    path.write_text(path.read_text().replace("Gist of funded.", "x" * 500))
    (problem,) = check(small).problems
    assert problem.code == "shape-violation"
    lines = path.read_text().splitlines()
    assert lines[problem.location.line - 1].strip() == "funded:"
    assert "400 characters" in problem.message


def test_a_tie_that_no_source_states_is_a_warning(small: Workspace) -> None:
    path = small.data / "sources/weekly-1.yaml"
    text = path.read_text()
    start, end = text.index("  issued:\n"), len(text)
    path.write_text(text[:start] + text[end:])
    (problem,) = check(small).problems
    assert (problem.code, problem.level) == ("register-without-statement", Level.WARNING)

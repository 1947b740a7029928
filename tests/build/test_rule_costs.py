"""What the rules cost: how their work grows with the graph, and what `graphkit rules --profile` prints of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise, product
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from commands import runner
from places import REPOSITORY
from pyoxigraph import NamedNode, RdfFormat

from graphkit.build.compiled import merged, read_lines
from graphkit.build.jobs import keep_sorted
from graphkit.build.pipeline import build, check
from graphkit.build.profile import given, profile
from graphkit.build.reads import graphs, predicates, predicates_after
from graphkit.build.rules import Rule, apply_rule, count_lines, read_rules, results
from graphkit.model.iris import SP, expand, graph_iri
from graphkit.model.vocabulary import read_ontology
from graphkit.model.workspace import Workspace
from graphkit.store import PartialStore, in_memory, open_store, slices, texts
from graphkit.store.syntax import read_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.graph import Graph


def test_the_profile_names_each_rule_with_its_results(small_graph: Graph) -> None:
    place = small_graph.workspace
    found = list(profile(place))
    assert [rule.path for rule, _ in found] == place.rules()
    assert all(rule.cost and applied.rounds == 1 and applied.seconds > 0 for rule, applied in found)
    lines = place.graph_file.read_bytes().splitlines(keepends=True)
    graphs_of = {
        rule.graph: [applied.kept for other, applied in found if other.graph == rule.graph] for rule, _ in found
    }
    for name, kept in graphs_of.items():  # a triple may be a result of two rules
        assert max(kept) <= sum(f"<{name}> .\n".encode() in line for line in lines) <= sum(kept)
    rest = list(given(place.graph_file, {*graphs_of}))
    assert len(lines) - len(rest) > 100
    assert {*rest} < {*lines}


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


@pytest.mark.parametrize(
    ("pattern", "is_open"),
    [
        ("?s ?p ?o", True),
        ("?s sp:a ?x ; ?p ?o", True),
        ("?s !sp:a ?o", True),
        ("?s sp:a|!(sp:b|^sp:c) ?o", True),
        ("GRAPH ?g { ?s sp:a ?o }", True),
        ("GRAPH graph:entities { ?s sp:a ?o }", True),
        ("GRAPH graph:derived { ?s ?p ?o }", False),
        ("VALUES ?p { sp:a } ?s ?p ?o", False),
        ("?s sp:a ?x FILTER(?x != sp:b && !(?x = 1) || !BOUND(?x))", False),
    ],
)
def test_a_rule_that_may_read_any_predicate_gets_the_whole_graph(pattern: str, is_open: bool) -> None:
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
    assert (predicates([Rule(Path("x.rq"), "x", text, read_header(text))]) is None) == is_open


def test_our_rules_name_what_they_read() -> None:
    found = predicates(RULES, read_ontology(Workspace(REPOSITORY).vocabularies()))
    assert found
    assert {f"<{SP}{name}>".encode() for name in ("stance", "purpose", "frame")} < found
    assert f"<{SP}gist>".encode() not in found


def test_results_stay_in_memory_as_long_as_a_later_rule_reads_them() -> None:
    """Of the 510,818 triples about conflicting values of 100,000 statements, the rules before them read most."""
    after = predicates_after(RULES, read_ontology(Workspace(REPOSITORY).vocabularies()))
    names = {name: f"<{SP}{name}>".encode() for name in ("about", "affirmedBy", "deniedBy", "between")}
    assert {names["about"], names["affirmedBy"], names["deniedBy"]} < after["scope-conflict"]
    assert after["value-conflict"] & {*names.values()} == {names["about"]}
    repeated = "CONSTRUCT { ?s <x:c> ?o } WHERE { ?s <x:a> ?o }"
    texts = {"repeated": repeated, "once": "# Repeat: no\n" + repeated.replace("x:a", "x:b")}
    after = predicates_after([Rule(Path(f"{name}.rq"), name, text, read_header(text)) for name, text in texts.items()])
    assert {name: {b"<x:a>", b"<x:b>"} & read for name, read in after.items()} == {
        "repeated": {b"<x:a>", b"<x:b>"},
        "once": set(),
    }


def test_a_graph_that_a_rule_looks_into_is_kept_whole_and_of_others_what_rules_read() -> None:
    text = "# Into: flat/x\nCONSTRUCT { ?s ?p ?o } WHERE { GRAPH graph:derived { ?s ?p ?o } GRAPH <x:it> { ?s ?p ?o } }"
    looked_into = graphs([Rule(Path("x.rq"), "x", text, read_header(text))])
    assert looked_into == {graph_iri("derived"), graph_iri("flat/x"), "x:it"}
    store = PartialStore({b"<x:read>"}, looked_into)
    for name in ("x:it", "x:other"):
        lines = f"<{name}> <x:read> <x:o> .\n<{name}> <x:unread> <x:o> .\n".encode()
        added = b"".join(store.add_to(NamedNode(name), [lines]))
        assert added == lines.replace(b" .\n", f" <{name}> .\n".encode())
    kept = set(texts(store, "SELECT ?s ?p ?g WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", "s", "p", "g"))
    whole = {("x:it", name, graph) for name in ("x:read", "x:unread") for graph in ("", "x:it")}
    assert kept == {*whole, ("x:other", "x:read", "")}


def test_praise_and_criticism_of_one_thing_are_not_compared_pair_by_pair() -> None:
    """Each speaker takes both sides: its statements are opposed by those of the others."""
    [rule] = [rule for rule in RULES if rule.name == "opposed-assessments"]
    text = f'<x:it> <{expand("rdfs:label")}> "it"@en .\n'
    for relation, number in product(("praised", "criticised"), range(1_000)):
        name = f"{relation}{number}"
        text += (
            f"<x:p/{name}> <{SP}relation> <{SP}{relation}> ; <{SP}object> <x:it> ; <{expand('rdfs:label')}> 'x'@en .\n"
        )
        text += (
            f"<x:s/{name}> <{SP}proposition> <x:p/{name}> ; <{SP}stance> <{SP}asserts> ; <{SP}voice> <x:v{number}> .\n"
        )
    store = in_memory(())
    store.engine.load(text.encode(), format=RdfFormat.TURTLE)
    began = process_time()
    found = b"".join(apply_rule(rule, store, list).kept).decode()
    assert process_time() - began < 2  # pair by pair: 8 s
    assert found.count("#affirmedBy>") == found.count("#deniedBy>") == 1_000
    assert found.count("#Dispute>") == 1


@pytest.mark.parametrize("name", ["criticised-document", "figures-cumulative", "figures-fall", "figures-share"])
def test_a_rule_about_rare_claims_does_not_read_all_statements(name: str) -> None:
    """The engine would begin with what most statements have: that they assert something."""
    [rule] = [rule for rule in RULES if rule.name == name]
    text = "".join(
        f"<x:s{number}> <{SP}stance> <{SP}asserts> ; <{SP}proposition> <x:p{number}> ; <{SP}source> <x:d> .\n"
        f"<x:p{number}> <{SP}validEarliest> '2020' .\n"
        for number in range(10_000)
    )
    store = in_memory(())
    store.engine.load(text.encode(), format=RdfFormat.TURTLE)
    everything = "SELECT (COUNT(*) AS ?n) { ?s sp:stance sp:asserts ; sp:proposition ?p ; sp:source ?d }"
    assert next(texts(store, everything, "n")) == ("10000",)
    assert quickest(lambda: apply_rule(rule, store, list)) < quickest(lambda: [*texts(store, everything, "n")]) / 3


def test_a_difference_in_the_telling_does_not_read_all_statements_that_are_certain() -> None:
    """The engine went through them twice for each difference: 0.7 s of 1.2 s with ten differences in 100,000."""
    [rule] = [rule for rule in RULES if rule.name == "told-differently"]
    text = "".join(f"<x:c{number}> <{SP}certainty> <{SP}certain> .\n" for number in range(5_000))
    for number, way in product(range(50), "ab"):
        name = f"{number}{way}"
        text += f"<x:p{name}> <{SP}frame> <x:f{number}> ; <{expand('rdfs:label')}> '{name}'@en .\n"
        text += f"<x:s{name}> <{SP}proposition> <x:p{name}> ; <{SP}speaker> <x:v> ; <{SP}stance> <{SP}asserts> ; "
        text += f"<{SP}source> <x:d{way}> ; <{SP}certainty> <{SP}{'certain' if way == 'a' else 'possible'}> .\n"
    store = in_memory(())
    store.engine.load(text.encode(), format=RdfFormat.TURTLE)
    found = b"".join(results(rule, store)).decode()
    assert found.count("#Dispute>") == 50
    assert '"Difference in the telling: 1a; or: 1b (not stated as certain)"@en' in found
    everything = "SELECT (COUNT(*) AS ?n) { ?s sp:certainty sp:certain }"
    assert quickest(lambda: list(results(rule, store))) < 20 * quickest(lambda: [*texts(store, everything, "n")])


def test_statements_of_one_speaker_about_one_thing_are_not_compared_pair_by_pair() -> None:
    """Only claims about a whole and its part are: 500 denials took 0.3 s, 1,000 took 1.9 s."""
    [rule] = [rule for rule in RULES if rule.name == "told-in-part"]
    text = f"<x:r> a <{SP}Relation> . <x:o0> <{SP}includes> <x:o1> .\n"
    for number in range(1_000):
        text += f"<x:p{number}> <{SP}subject> <x:it> ; <{SP}relation> <x:r> ; <{SP}object> <x:o{number}> ; "
        text += f"<{expand('rdfs:label')}> '{number}'@en .\n<x:s{number}> <{SP}proposition> <x:p{number}> ; "
        text += f"<{SP}stance> <{SP}denies> ; <{SP}speaker> <x:v> ; <{SP}source> <x:d{number}> .\n"
    store = in_memory(())
    store.engine.load(text.encode(), format=RdfFormat.TURTLE)
    assert b"".join(results(rule, store)).decode().count("#Dispute>") == 1
    assert quickest(lambda: list(results(rule, store))) < 0.5


def test_events_with_rival_causes_are_not_compared_with_all_parts_and_wholes() -> None:
    """The engine compared the names, which are texts, each with each: 2,000 events and 10,000 parts took 1.3 s."""
    [rule] = [rule for rule in RULES if rule.name == "rival-causes"]
    label = expand("rdfs:label")
    text = f"<x:r> <{SP}rivalSubjects> true ; <{label}> 'causes'@en .\n"
    text += "".join(f"<x:whole> <{SP}includes> <x:part{number}> .\n" for number in range(10_000))
    for number, cause in [(0, "other"), *product(range(2_000), ("whole", "part"))]:
        subject = "whole" if cause == "whole" else f"{cause}{number}"
        text += f"<x:e{number}> <{label}> 'event'@en . <x:p/{cause}{number}> <{SP}object> <x:e{number}> ; "
        text += f"<{SP}relation> <x:r> ; <{SP}subject> <x:{subject}> . "
        text += f"<x:s/{cause}{number}> <{SP}proposition> <x:p/{cause}{number}> ; <{SP}stance> <{SP}asserts> .\n"
    store = in_memory(())
    store.engine.load(text.encode(), format=RdfFormat.TURTLE)
    assert {*re.findall("about> <x:p/(.*)>", b"".join(results(rule, store)).decode())} == {"whole0", "part0", "other0"}
    assert quickest(lambda: list(results(rule, store))) < 0.5


def quickest(job: Callable[[], object]) -> float:
    """Return the seconds on a core that a job takes, the least of three times."""
    taken = []
    for _ in range(3):
        began = process_time()
        job()
        taken.append(process_time() - began)
    return min(taken)


def test_who_praises_and_criticises_one_thing_alone_is_in_no_dispute_with_itself() -> None:
    [rule] = [rule for rule in RULES if rule.name == "opposed-assessments"]
    lines = [f'<x:it> <{expand("rdfs:label")}> "it"@en <x:g> .\n']
    for relation in ("praised", "criticised"):
        proposition = {"relation": f"<{SP}{relation}>", "object": "<x:it>"}
        said = {"proposition": f"<x:p/{relation}>", "stance": f"<{SP}asserts>", "voice": "<x:v>"}
        lines += [f"<x:p/{relation}> <{SP}{name}> {value} <x:g> .\n" for name, value in proposition.items()]
        lines += [f'<x:p/{relation}> <{expand("rdfs:label")}> "x"@en <x:g> .\n']
        lines += [f"<x:s/{relation}> <{SP}{name}> {value} <x:g> .\n" for name, value in said.items()]
    assert apply_rule(rule, in_memory(lines), count_lines).kept == 0


def test_a_process_of_a_large_build_does_not_read_the_modules_of_records() -> None:
    """They would take 17 MB in each process."""
    code = "import sys, graphkit.build.prepared, graphkit.build.jobs; print('pydantic' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"


def test_many_results_of_a_rule_are_sorted_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of one rule over 100,000 statements have 140 MB; sorted at once, they would take as much again."""
    monkeypatch.setattr("graphkit.build.jobs._RUN", 1_000_000)
    lines = b"".join(b"<x:%d> <x:p> <x:o> <x:g> .\n" % number for number in range(100_000, 0, -1))
    runs = keep_sorted(tmp_path, slices(lines))
    assert len(runs) == len(lines) // 1_000_000 + 1
    assert list(merged(*map(read_lines, runs))) == sorted(lines.splitlines(keepends=True))
    assert keep_sorted(tmp_path, []) == []


def test_results_that_are_too_large_for_memory_go_to_a_file_that_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, text = tmp_path / "graph.nq", "# Repeat: no\nCONSTRUCT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o }"
    path.write_text("".join(f"<x:{number}> <x:p> <x:o> <x:g> .\n" for number in range(40_000)))
    store = PartialStore({b"<x:p>", b"<x:q>"}, ())
    store.load(path)
    monkeypatch.setattr("graphkit.build.rules._IN_MEMORY", 10_000)
    applied = apply_rule(Rule(Path("x.rq"), "x", text, read_header(text)), store, count_lines)
    assert applied.kept == 40_000
    assert next(texts(store, "SELECT (COUNT(*) AS ?n) { ?s <x:q> ?o }", "n")) == ("40000",)
    assert [*tmp_path.iterdir()] == [path]


def test_the_sets_of_the_rules_are_found() -> None:
    assert sum(len(_SET.findall(rule.text)) >= 2 for rule in RULES) >= 12


def test_a_large_graph_is_built_on_disk_with_the_same_bytes(
    small: Workspace, small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.build.compiled.MOST_IN_MEMORY", 10)
    monkeypatch.setattr("graphkit.build.pipeline._MANY", 0)
    checked = check(small)
    assert not small.build.exists() or list(small.build.iterdir()) == []
    built = build(small)
    assert built.ok, built.problems
    assert (checked.ok, checked.counts, checked.sha256) == (True, built.counts, built.sha256)
    of_memory = small_graph.workspace
    assert small.graph_file.read_bytes() == of_memory.graph_file.read_bytes()
    assert small.generation().statistics_file.read_bytes() == of_memory.generation().statistics_file.read_bytes()
    assert set(open_store(small.generation()).engine) == set(open_store(of_memory.generation()).engine)
    assert sorted(path.name for path in small.build.iterdir()) == ["current", "generations", "graph.nq"]


def test_a_rule_that_fails_on_disk_builds_nothing(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphkit.build.compiled.MOST_IN_MEMORY", 10)
    monkeypatch.setattr("graphkit.build.pipeline._MANY", 0)
    (small.ontology / "rules" / "99-bad.rq").write_text("# Title: Bad\nSELECT * { ?s ?p ?o }", encoding="utf-8")
    built = build(small)
    assert [problem.code for problem in built.problems if problem.level == "error"] == ["failing-rule"]
    assert not small.graph_file.exists()
    assert [path.name for path in small.build.iterdir()] == ["generations"]
    assert list((small.build / "generations").iterdir()) == []


def test_plain_triples_of_claims_are_found_on_disk_although_no_rule_reads_what_their_check_reads(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relations that are acts of speech are no claims, but which relations these are was not in memory."""
    for path in (small.ontology / "rules").iterdir():
        path.unlink()
    fact = (
        "CONSTRUCT { ?s ?r ?o } WHERE { ?p sp:subject ?s ; sp:relation ?r ; sp:object ?o . FILTER(?r = sp:criticised) }"
    )
    (small.ontology / "rules" / "50-facts.rq").write_text(f"# Title: F\n# Into: flat/f\n{fact}\n", encoding="utf-8")
    assert "claim-as-fact" not in {problem.code for problem in check(small).problems}
    monkeypatch.setattr("graphkit.build.compiled.MOST_IN_MEMORY", 10)
    monkeypatch.setattr("graphkit.build.pipeline._MANY", 0)
    assert "claim-as-fact" not in {problem.code for problem in check(small).problems}

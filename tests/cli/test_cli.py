"""The command line: what it prints where, how it ends, and what a mistake or an interruption leaves."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
import typer
from builds import write_build
from commands import Said, runner
from typer.testing import CliRunner

import graphkit
from graphkit.build.pipeline import build, check
from graphkit.cli import app
from graphkit.cli.commands import make_app
from graphkit.cli.options import complete_name, complete_parameter
from graphkit.graph import open_graph
from graphkit.model.errors import DefectError
from graphkit.model.workspace import Workspace, init_workspace
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = [str(command.name) for command in app.registered_commands]
GRAPHKIT = [sys.executable, "-c", "from graphkit.cli import main; main()"]
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHKIT_WORKSPACE", raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the starter, built; tests only read it."""
    place = init_workspace(tmp_path_factory.mktemp("cli") / "workspace")
    assert build(place).ok
    return place


@pytest.fixture
def run(built: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run the command line in this process, as in the folder of the built workspace."""
    monkeypatch.chdir(built.root)

    return runner(monkeypatch, capsys)


def start(*args: str, cwd: Path, command: list[str] = GRAPHKIT, **more: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([*command, *args], cwd=cwd, **pipes)


def really(*args: str, cwd: Path, command: list[str] = GRAPHKIT, **more: Any) -> Said:  # noqa: ANN401
    """Run the command line in a process of its own."""
    process = start(*args, cwd=cwd, command=command, **more)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, (out or b"").decode(), (err or b"").decode())


def is_complaint(said: Said, code: int = 2) -> bool:
    """Say whether the user was told what is wrong and what to do: a few lines, and no result."""
    lines = said.err.strip().split("\n")
    return (said.code, said.out, "Traceback" in said.err) == (code, "", False) and len(lines) >= 2


# --- help --------------------------------------------------------------------------------------------


def test_help_lists_the_commands() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    listed = [line.split()[0] for line in shown.output.split("Commands:")[1].splitlines() if line.strip()]
    assert listed == COMMANDS


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_two_examples_that_can_be_typed(name: str, flag: str) -> None:
    program = make_app(name)  # as the command line makes it
    shown = CliRunner().invoke(program, [name, flag])
    assert shown.exit_code == 0
    examples = " ".join(shown.output.split()).partition("Examples: ")[2].split(" | ")
    assert len(examples) == 2
    command = typer.main.get_command(program)
    for example in examples:
        called, first, *rest = shlex.split(example)
        assert (called, first) == ("graphkit", name)
        command.commands[name].make_context(name, rest)  # type: ignore[attr-defined]


def test_nothing_typed_shows_the_help() -> None:
    shown = CliRunner().invoke(app, [])
    assert "Commands:" in shown.output


@pytest.mark.parametrize("program", [GRAPHKIT[1:], ["-m", "graphkit"]])
def test_the_version_is_printed(program: list[str]) -> None:
    done = subprocess.run([sys.executable, *program, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"graphkit {graphkit.__version__}\n", "")


# --- exit codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "--captures", "captures"),
        ("questions",),
        ("query", "who-funds"),
        ("query", "-e", "ASK {}"),
        ("query", "-e", "SELECT * { ?s sp:nothing ?o }"),
        ("explain", "street-cameras"),
        ("quote", "captures/example-gazette-2021.txt", "nobody had ever asked it."),
    ],
)
def test_all_is_well(run: Callable[..., Said], args: tuple[str, ...]) -> None:
    assert run(*args).code == 0


@pytest.mark.parametrize("name", ["check", "build"])
def test_problems_in_the_data_end_with_1(starter: Workspace, run: Callable[..., Said], name: str) -> None:
    (starter.data / "sources/tab.yaml").write_text("id: tab\n\tkind: report\n", encoding="utf-8")
    said = run(name, "-w", str(starter.root))
    assert said.code == 1
    assert "data/sources/tab.yaml:2:1  error  yaml-tab" in said.err
    assert "Solution: indent with spaces." in said.err
    assert not starter.build.exists()


def test_a_warning_ends_with_0(starter: Workspace, run: Callable[..., Said]) -> None:
    text = "entities:\n  pier: {kind: place, label: the pier}\n"
    (starter.data / "entities/more.yaml").write_text(text, encoding="utf-8")
    for name in ("check", "build"):
        said = run(name, "-w", str(starter.root))
        assert said.code == 0
        assert "data/entities/more.yaml:2:3  warning  unused-entity" in said.err


@pytest.mark.parametrize(
    "args",
    [
        ("nothing",),
        ("check", "--nothing"),
        ("check", "too-much"),
        ("query", "who-funds", "--format", "nothing"),
        ("export",),
        ("explain",),
        ("quote", "one"),
        ("init",),
        ("view", "--policy", "nothing"),
    ],
)
def test_wrong_usage_ends_with_2(run: Callable[..., Said], args: tuple[str, ...]) -> None:
    said = run(*args)
    assert is_complaint(said)
    assert "Usage:" in said.err


# --- mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("query", "who-fund"), ["no saved question 'who-fund'", "who-funds"]),
        (("query", "zzzzzz"), ["no saved question", "All: graphkit questions"]),
        (("query", "who-funds", "-e", "ASK {}"), ["Name one question"]),
        (("query", "nothing.rq"), ["no file nothing.rq"]),
        (("query", "data/nothing"), ["no file data/nothing"]),
        (("query", "./data"), ["data cannot be read"]),
        (("query", "who-funds", "-P", "what"), ["'what' is not NAME=VALUE", "--param speaker=met"]),
        (("query", "who-funds", "-P", "=x"), ["no parameter ''", "what"]),
        (("query", "who-funds", "-P", "who=x"), ["no parameter 'who'", "what"]),
        (
            ("query", "who-funds", "-P", "what=steet-cameras"),
            ["nothing called 'steet-", "Did you mean street-cameras"],
        ),
        (("query", "who-funds", "-P", "what=Steet Cameras!"), ["'Steet Cameras!'", "Did you mean street-cameras"]),
        (("query", "who-funds", "-P", "what=" + "x" * 10_000), ["xxx…' (10,000 characters)", "All: graphkit"]),
        (("query", "who-funds", "-P", "what=<x> } #"), ["is not a valid term"]),
        (("query", "-e", "SELECT * { ?s ?p ?o . oops }"), ["line 1, column", "  SELECT * {", "^"]),
        (("query", "-e", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"), ["SERVICE would call", "^"]),
        (("query", "-e", "DROP ALL"), ["DROP would change the graph"]),
        (("query", "-e", "SELECT * { ?s nope:a ?o }"), ["unknown prefix"]),
        (("query", "-e", "SELECT * { ?s ?p ?o }", "-P", "x=1"), ["no variable ?x", "o, p, s"]),
        (("query", "-e", "SELECT * { ?s ?p ?o }", "-f", "ttl"), ["Turtle holds triples"]),
        (("explain", "steet-cameras"), ["nothing called 'steet-cameras'", "street-cameras"]),
        (("explain", "\"'<>{}\\"), ["nothing called"]),
        (("explain", ""), ["nothing called ''"]),
        (("quote", "captures/nothing.txt", "x"), ["There is no file captures/nothing.txt"]),
        (("quote", "captures", "x"), ["captures cannot be read"]),
        (("quote", "captures/example-gazette-2021.txt", "the mayor"), ["does not occur"]),
        (("quote", "captures/example-gazette-2021.txt", "Neighbours United"), ["more than once"]),
        (("check", "--captures", "nowhere"), ["no folder nowhere"]),
        (("build", "--captures", "data/dataset.yaml"), ["no folder data/dataset.yaml"]),
        (("init", "."), ["is not empty"]),
        (("init", "data/dataset.yaml/x"), ["cannot be written"]),
        (("export", "nothing"), ["no format 'nothing'", "graphml"]),
        (("export", "turtle", "-o", "data/dataset.yaml/x.ttl"), ["cannot be written"]),
        (("export", "csv", "-o", "data/dataset.yaml"), ["cannot be written"]),
        (("view", "-o", "data/dataset.yaml/x.html"), ["data/dataset.yaml/x.html"]),
        (("view", "--kind", "dispute", "nobody"), ["too many", "takes none", "Did you mean --about nobody?"]),
        (("explain", "Project", "Alpha"), ["A name with spaces needs quotation marks: 'Project Alpha'"]),
        (("disputes", "--about", "met", "-a", "liberty"), ["--about takes one value, but is given several times."]),
        (
            ("query", "who-denies", "-P", "speaker=met", "-P", "speaker=liberty"),
            ["speaker has two values: met and liberty."],
        ),
        (("view", "--abuot", "x"), ["No such option: --abuot. Did you mean --about?"]),
        (("network", "--measure", "x"), ["Did you mean graphkit measures?"]),
        (("view", "--format", "pgn"), ["'pgn' is not a choice. Did you mean png?"]),
        (("view", "--about", "Neighbors"), ["Did you mean neighbours-united (Neighbours United)?"]),
        (("view", "--hops", "x"), ["'x' is not a whole number from 0 to 9"]),
        (("import", "captures/example-gazete-2021.txt"), ["Did you mean captures/example-gazette-2021.txt?"]),
        (("quote", "captures/example-gazete-2021.txt", "x"), ["Did you mean captures/example-gazette-2021.txt?"]),
    ],
)
def test_a_mistake_is_told_with_the_way_out(run: Callable[..., Said], args: tuple[str, ...], told: list[str]) -> None:
    said = run(*args)
    assert is_complaint(said)
    assert [words for words in told if words not in said.err] == []


@pytest.mark.parametrize(("folder", "shown"), [("", "w/"), ("w/data/entities", "../"), ("w", "data/")])
def test_the_path_of_a_problem_leads_to_its_file_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: str, shown: str
) -> None:
    place = init_workspace(tmp_path / "w")
    path = place.data / "sources/example-gazette-2021.yaml"
    path.write_text(path.read_text().replace("relation: funded", "relation: fundet"))
    monkeypatch.chdir(tmp_path / folder)
    said = runner(monkeypatch, capsys)("check", *([] if folder else ["-w", "w"]))
    where = said.err.partition(":")[0]
    assert where.startswith(shown)
    assert Path(where).samefile(path)


@pytest.mark.parametrize("error", [TypeError("the cause"), DefectError("Traceback …\nTypeError: the cause")])
def test_a_defect_is_printed_with_its_traceback(
    run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_words: list[str]) -> None:
        raise error

    monkeypatch.setattr("graphkit.cli.commands._run", fail)
    said = run("check")
    assert (said.code, said.out, said.err[:9]) == (2, "", "Traceback")
    assert "a defect of graphkit, not a mistake of yours: TypeError: the cause\nReport it" in said.err


@pytest.mark.parametrize(
    ("name", "instead"), [("x.svg", "type --format svg"), ("x.docx", "name a file that ends in .html")]
)
def test_a_page_is_not_written_under_the_name_of_another_format(
    run: Callable[..., Said], name: str, instead: str
) -> None:
    said = run("view", "-o", name)
    assert (said.code, Path(name).exists()) == (2, False)
    assert instead in " ".join(said.err.split())


@pytest.mark.parametrize("name", ["check", "build", "questions", "query", "explain", "view", "export"])
def test_without_a_workspace_it_says_how_to_start_one(
    run: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    more = {"query": ["who-funds"], "explain": ["met"], "export": ["turtle"]}.get(name, [])
    said = run(name, *more)
    assert is_complaint(said)
    assert "No workspace at" in said.err
    assert "graphkit init" in said.err


@pytest.mark.parametrize("args", [("query", "who-funds"), ("explain", "met"), ("view",), ("export", "turtle")])
def test_without_a_build_it_says_so(starter: Workspace, run: Callable[..., Said], args: tuple[str, ...]) -> None:
    said = run(*args, "-w", str(starter.root))
    assert is_complaint(said)
    assert "There is no build" in said.err
    assert "graphkit build" in said.err


def broken_store(place: Workspace) -> None:
    build(place)
    (place.generation().index / "CURRENT").write_bytes(b"nonsense")


def bad_level(place: Workspace) -> None:
    text = "# Level: terrible\nSELECT ?focus { ?focus a sp:Source }"
    (place.ontology / "checks/odd.rq").write_text(text, encoding="utf-8")


def bad_check(place: Workspace) -> None:
    (place.ontology / "checks/odd.rq").write_text("SELECT ?x { ?x a sp:Source }", encoding="utf-8")


def bad_vocabulary(place: Workspace) -> None:
    (place.ontology / "core.ttl").write_bytes(b"\xff")


def folder_for_a_file(place: Workspace) -> None:
    (place.data / "sources/odd.yaml").mkdir()


def dangling_link(place: Workspace) -> None:
    (place.data / "sources/odd.yaml").symlink_to("nowhere")


def file_for_a_folder(place: Workspace) -> None:
    place.build.write_text("in the way", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "args"),
    [
        (broken_store, ("query", "who-funds")),
        (bad_vocabulary, ("check",)),
        (folder_for_a_file, ("check",)),
        (dangling_link, ("build",)),
        (file_for_a_folder, ("build",)),
    ],
)
def test_a_spoilt_workspace_is_a_complaint(
    starter: Workspace, run: Callable[..., Said], spoil: Callable[[Workspace], None], args: tuple[str, ...]
) -> None:
    spoil(starter)
    assert is_complaint(run(*args, "-w", str(starter.root)))


@pytest.mark.parametrize(
    ("spoil", "message"), [(bad_level, "odd.rq is 'terrible'"), (bad_check, "odd.rq does not SELECT ?focus")]
)
def test_a_check_that_cannot_run_is_a_problem_in_every_format(
    starter: Workspace, run: Callable[..., Said], spoil: Callable[[Workspace], None], message: str
) -> None:
    spoil(starter)
    said = run("check", "--format", "json", "-w", str(starter.root))
    [problem] = json.loads(said.out)
    assert (said.code, problem["file"], problem["code"]) == (1, "ontology/checks/odd.rq", "failing-check")
    assert message in problem["message"]


@pytest.mark.parametrize("name", ["turtle", "graphml", "view"])
def test_a_folder_is_never_replaced_by_a_file(starter: Workspace, run: Callable[..., Said], name: str) -> None:
    build(starter)
    args = ("view",) if name == "view" else ("export", name)
    said = run(*args, "-o", str(starter.data), "-w", str(starter.root))
    assert (starter.data / "dataset.yaml").is_file()
    assert is_complaint(said)


@pytest.mark.parametrize(
    "args",
    [
        ["explain", b"met\xff"],
        ["query", b"who\xff"],
        ["query", "who-funds", "-P", b'what="\xff"'],
        ["query", "-e", b"SELECT * { ?s ?p '\xff' }"],
        ["quote", "captures/example-gazette-2021.txt", b"\xff"],
    ],
)
def test_bytes_that_are_no_text_are_a_complaint(run: Callable[..., Said], args: list[str | bytes]) -> None:
    assert is_complaint(run(*map(os.fsdecode, args)))


def test_standard_input_that_is_no_text_is_a_complaint(built: Workspace, tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(b"SELECT * { ?s ?p '\xff' }")
    with (tmp_path / "query").open("rb") as file:
        assert is_complaint(really("query", "-", cwd=built.root, stdin=file))


def test_a_query_file_in_another_encoding_is_a_complaint(run: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "x.rq").write_bytes(b"SELECT * { ?s ?p 'caf\xe9' }")
    said = run("query", str(tmp_path / "x.rq"))
    assert is_complaint(said)
    assert "UTF-8" in said.err


# --- results -----------------------------------------------------------------------------------------

SPACE = "{http://www.w3.org/2005/sparql-results#}"
LABELS = "GRAPH graph:entities { ?who a sp:Entity ; rdfs:label ?label }"
WHO = f"SELECT ?who ?label {{ {LABELS} }} ORDER BY ?who"


def test_all_formats_hold_the_same(run: Callable[..., Said]) -> None:
    said = {name: run("query", "-e", WHO, "-f", name) for name in ("csv", "tsv", "json", "xml")}
    assert {one.err for one in said.values()} == {""}
    from_csv = [(row["who"], row["label"]) for row in csv.DictReader(io.StringIO(said["csv"].out))]
    parsed = json.loads(said["json"].out)
    assert parsed["head"]["vars"] == ["who", "label"]
    from_json = [(row["who"]["value"], row["label"]["value"]) for row in parsed["results"]["bindings"]]
    root = ET.fromstring(said["xml"].out)  # noqa: S314 - our own
    from_xml = [
        (result[0].findtext(f"{SPACE}uri"), result[1].findtext(f"{SPACE}literal"))
        for result in root.iter(f"{SPACE}result")
    ]
    lines = [line.split("\t") for line in said["tsv"].out.splitlines()]
    assert lines[0] == ["?who", "?label"]
    from_tsv = [(who.strip("<>"), label.removesuffix("@en").strip('"')) for who, label in lines[1:]]
    assert len(from_csv) == 5
    assert from_csv == from_json == from_xml == from_tsv


@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_value_has_a_format_too(run: Callable[..., Said], *, truth: bool) -> None:
    query = f"ASK {{ FILTER({str(truth).lower()}) }}"
    assert json.loads(run("query", "-e", query, "-f", "json").out)["boolean"] is truth
    assert run("query", "-e", query).out == ("yes\n" if truth else "no\n")
    shown = ET.fromstring(run("query", "-e", query, "-f", "xml").out)  # noqa: S314 - our own
    assert shown.findtext(f"{SPACE}boolean") == str(truth).lower()


def test_constructed_triples_are_turtle(run: Callable[..., Said]) -> None:
    query = f"CONSTRUCT {{ ?who rdfs:label ?label }} WHERE {{ {LABELS} }}"
    said = run("query", "-e", query, "-f", "ttl")
    graph = rdflib.Graph().parse(data=said.out, format="turtle")
    assert len(graph) == 5
    table = list(csv.reader(io.StringIO(run("query", "-e", query, "-f", "csv").out)))
    assert table[0] == ["subject", "predicate", "object"]
    assert {(row[0], row[2]) for row in table[1:]} == {(str(s), str(o)) for s, _, o in graph}


@pytest.mark.parametrize(
    ("args", "columns"),
    [
        (("questions",), ["name", "asks", "why", "parameters"]),
        (("check",), ["file", "line", "column", "level", "code", "message", "solution"]),
        (("build",), ["what", "number"]),
        (("explain", "street-cameras"), ["statement", "speaker", "stance"]),
    ],
)
def test_lists_are_csv_and_json(
    starter: Workspace, run: Callable[..., Said], args: tuple[str, ...], columns: list[str]
) -> None:
    text = "entities:\n  pier: {kind: place, label: the pier}\n"
    (starter.data / "entities/more.yaml").write_text(text, encoding="utf-8")
    build(starter)
    from_csv = list(csv.DictReader(io.StringIO(run(*args, "-w", str(starter.root), "-f", "csv").out)))
    from_json = json.loads(run(*args, "-w", str(starter.root), "-f", "json").out)
    assert list(from_csv[0])[: len(columns)] == columns
    assert from_csv == [{key: str(value) for key, value in row.items()} for row in from_json]


def test_a_query_comes_from_a_file_and_from_standard_input(
    run: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(f"# Title: Who?\n{WHO}", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        typed = run("query", "-", "-f", "csv")
    assert typed == run("query", str(path), "-f", "csv") == run("query", "-e", WHO, "-f", "csv")


def test_results_and_the_rest_do_not_mix(run: Callable[..., Said], starter: Workspace) -> None:
    shown = run("query", "-e", WHO)
    assert "Example Gazette" in shown.out
    assert shown.err == "5 rows\n"
    (starter.data / "sources/tab.yaml").write_text("id: tab\n\tkind: report\n", encoding="utf-8")
    said = run("build", "-w", str(starter.root))
    assert said.out == ""
    assert "Nothing was built: 1 error." in said.err
    listed = run("build", "-w", str(starter.root), "-f", "json")
    assert [row["code"] for row in json.loads(listed.out)] == ["yaml-tab"]
    assert "yaml-tab" not in listed.err


def test_quote_takes_the_id_of_a_source(run: Callable[..., Said], starter: Workspace) -> None:
    captures = str(starter.root / "captures")
    by_file = run("quote", f"{captures}/example-gazette-2021.txt", "had ever asked it.")
    assert run("quote", "example-gazette-2021", "had ever asked it.", "--captures", captures) == by_file
    unknown = run("quote", "nothing-2021", "had ever asked it.", "--captures", captures)
    assert unknown.code == 2
    assert "no nothing-2021.txt" in unknown.err
    assert "graphkit capture PAGE --id nothing-2021" in unknown.err


def test_quote_says_if_the_capture_prints_other_signs(run: Callable[..., Said], tmp_path: Path) -> None:
    capture = tmp_path / "c.txt"
    capture.write_text("The force said: “We didn’t consult the charity.”\n", encoding="utf-8")
    said = run("quote", str(capture), "We didn't consult the charity")
    assert said.code == 0
    assert "“" not in said.out
    assert "We didn’t" in said.out
    assert "prints other signs" in said.err


def test_quoted_evidence_is_yaml_that_verifies(run: Callable[..., Said], starter: Workspace) -> None:
    said = run("quote", str(starter.root / "captures/example-gazette-2021.txt"), "before the cameras went up.")
    source = starter.data / "sources/example-gazette-2021.yaml"
    block = "".join(f"    {line}\n" for line in said.out.splitlines())
    more = "  up:\n    subject: example-gazette\n    relation: mentions\n    object: street-cameras\n    gist: Up.\n"
    source.write_text(source.read_text(encoding="utf-8") + more + block, encoding="utf-8")
    checked = run("check", "--captures", str(starter.root / "captures"), "--record", "-w", str(starter.root))
    assert "Evidence: 5 verified." in checked.out


def test_check_counts_the_free_scopes(run: Callable[..., Said], starter: Workspace) -> None:
    assert "Free scopes" not in run("check", "-w", str(starter.root)).out
    source = starter.data / "sources/example-gazette-2021.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("    publicity: on-record\n", '    scope: "as far as it goes"\n'), encoding="utf-8")
    assert "Free scopes: 2. To list them: graphkit migrate --dry-run" in run("check", "-w", str(starter.root)).out
    assert run("migrate", "--dry-run", "-w", str(starter.root)).out.count("as far as it") == 2


def test_a_table_of_many_columns_is_still_a_table(run: Callable[..., Said]) -> None:
    names = [f"v{number}" for number in range(80)]
    query = f"SELECT {' '.join('?' + name for name in names)} {{ {' '.join(f'BIND(1 AS ?{name})' for name in names)} }}"
    said = run("query", "-e", query)
    assert (said.code, said.err) == (0, "1 row\n")


# --- outside the checkout ----------------------------------------------------------------------------


def test_a_new_workspace_builds_anywhere(tmp_path: Path) -> None:
    made = really("init", "mine", cwd=tmp_path)
    assert made.code == 0
    assert "graphkit build" in made.out
    built = really("build", cwd=tmp_path / "mine")
    assert (built.code, built.err) == (0, "")
    assert "quads" in built.out
    below = tmp_path / "mine/data/sources"
    answer = really("query", "who-denies", "-f", "csv", cwd=below)
    assert answer.code == 0
    assert "neighbours-united" in answer.out
    for args in (["view"], ["export", "graphml"]):
        said = really(*args, cwd=below)
        assert said.code == 0
        assert Path(said.out.split("  (")[0].split(": ")[0]).is_file()


# --- readers that go, terminals, disks ---------------------------------------------------------------


@pytest.mark.parametrize("args", [["-f", "csv"], ["-f", "json"], []])
def test_a_reader_may_go(built: Workspace, args: list[str]) -> None:
    with start("query", "-e", EVERYTHING, *args, cwd=built.root) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read().decode()
    assert process.returncode == 0
    assert re.fullmatch(r"(\d+ rows\n)?", err)


def test_a_full_disk_is_a_complaint(built: Workspace) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("these tests need /dev/full (Linux)")
    with Path("/dev/full").open("wb") as full:
        said = really("query", "-e", EVERYTHING, "-f", "csv", cwd=built.root, stdout=full)
    assert said.code == 2
    assert "Traceback" not in said.err
    assert said.err


def in_a_terminal(*args: str, cwd: Path) -> str:
    """Run the command line on a terminal and return all that the terminal was sent."""
    ours, theirs = pty.openpty()
    process = start(*args, cwd=cwd, stdout=theirs, stderr=theirs)
    os.close(theirs)
    sent = b""
    try:
        while piece := os.read(ours, 65536):
            sent += piece
    except OSError:  # Linux: nobody writes any more
        pass
    os.close(ours)
    process.wait(30)
    return sent.decode()


EVIL = "\x1b]0;owned\x07\x1b[2J\x9b2Jstreet\u202e cameras\x08"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a built workspace with a label that `check` would refuse."""
    place = init_workspace(tmp_path_factory.mktemp("hostile") / "workspace")
    label = "Exampletown street cameras"
    escaped = "".join(one if one.isprintable() else f"\\u{ord(one):04X}" for one in EVIL)
    lines = [line.replace(label, escaped) for line in build(place).lines]
    write_build(place, lines)
    found = open_graph(place.root).query("SELECT ?label { id:street-cameras rdfs:label ?label }")
    assert isinstance(found, Table)
    assert found.column("label") == [EVIL]
    return place


@pytest.mark.parametrize(
    "args",
    [
        ["query", "-e", "SELECT * { ?s rdfs:label ?label }"],
        ["query", "who-funds"],
        ["explain", "street-cameras"],
        ["explain", "example-gazette-2021/paid"],
    ],
)
def test_a_label_cannot_command_the_terminal(hostile: Workspace, args: list[str]) -> None:
    sent = in_a_terminal(*args, cwd=hostile.root)
    assert "street" in sent
    assert [one for one in ("\x1b]", "\x07", "\x1b[2J", "\x9b", "\u202e", "\x08") if one in sent] == []


def test_a_query_cannot_command_the_terminal(built: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("SELECT * { ?s ?p '\x1b]0;owned\x07' . oops }", encoding="utf-8")
    sent = in_a_terminal("query", str(path), cwd=built.root)
    assert "unexpected here" in sent
    assert "\x1b]" not in sent


# --- interruptions -----------------------------------------------------------------------------------

OLD = "The council paid for the cameras."
NEW = "The Example Gazette reports that Exampletown Council bought the street cameras."
# A command line that gets a signal at a point of a build: in a room, or after a renaming.
DRIVER = """
import os, signal, sys
from pathlib import Path
import graphkit.build.finish, graphkit.build.pipeline, graphkit.build.prepared
from graphkit.cli import main

point, name = sys.argv.pop(1), sys.argv.pop(1)

def then(function, number):
    calls = []
    def called(*args):
        result = function(*args)
        calls.append(args)
        if len(calls) == number:
            os.kill(os.getpid(), getattr(signal, name))
        return result
    return called

if point.isdecimal():
    Path.replace = then(Path.replace, int(point))
else:
    modules = graphkit.build.prepared, graphkit.build.pipeline, graphkit.build.finish
    module = next(module for module in modules if hasattr(module, point))
    setattr(module, point, then(getattr(module, point), 1))
main()
"""


@pytest.fixture
def edited(built: Workspace, tmp_path: Path) -> Workspace:
    """Return a built workspace whose data have changed since, without the places that other tests' views kept."""
    without = shutil.ignore_patterns("places")
    place = Workspace(shutil.copytree(built.root, tmp_path / "edited", symlinks=True, ignore=without))
    source = place.data / "sources/example-gazette-2021.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    return place


def gists(place: Workspace) -> tuple[bool, bool]:
    """Say whether the file and the store hold the old gist; each holds one of the two."""
    lines = place.graph_file.read_text(encoding="utf-8")
    found = open_graph(place.root).query("SELECT ?gist { ?s sp:gist ?gist }")
    assert isinstance(found, Table)
    for known in (lines, found.column("gist")):
        assert (OLD in known) != (NEW in known)
    return OLD in lines, OLD in found.column("gist")


@pytest.mark.parametrize("point", ["load", "write_statistics", "new_index", "1", "2", "3"])
def test_an_interrupted_build_leaves_a_whole_one(edited: Workspace, point: str) -> None:
    said = really(point, "SIGINT", "build", cwd=edited.root, command=[sys.executable, "-c", DRIVER])
    assert "Traceback" not in said.err
    assert sorted(path.name for path in edited.build.iterdir()) == ["current", "generations", "graph.nq"]
    in_file, in_store = gists(edited)
    assert in_file == in_store
    if not point.isdecimal():
        assert in_file, "nothing was put in place yet"
        assert said.code == 130


@pytest.mark.parametrize("point", ["write_statistics", "new_index"])
def test_a_killed_build_leaves_the_last_good_one(edited: Workspace, point: str) -> None:
    said = really(point, "SIGKILL", "build", cwd=edited.root, command=[sys.executable, "-c", DRIVER])
    assert said.code == -signal.SIGKILL
    assert gists(edited) == (True, True)
    assert build(edited).ok
    assert gists(edited) == (False, False)


def test_ctrl_c_at_any_time_leaves_a_whole_build(edited: Workspace, tmp_path: Path) -> None:
    delays = [0.1, 0.3, 0.5, 0.7, 0.9, 1.2]
    places = [Workspace(shutil.copytree(edited.root, tmp_path / str(delay), symlinks=True)) for delay in delays]
    began = time.monotonic()
    processes = [start("build", cwd=place.root) for place in places]
    for process, delay in zip(processes, delays, strict=True):
        time.sleep(max(0.0, began + delay - time.monotonic()))
        process.send_signal(signal.SIGINT)
    for process, place in zip(processes, places, strict=True):
        process.communicate(timeout=60)
        assert sorted(path.name for path in place.build.iterdir()) == ["current", "generations", "graph.nq"]
        in_file, in_store = gists(place)
        assert in_file == in_store


def test_a_disk_that_fills_up_leaves_the_last_good_build(edited: Workspace) -> None:
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from graphkit.cli import main; main()"
    )
    said = really("build", cwd=edited.root, command=[sys.executable, "-c", limited])
    assert is_complaint(said)
    assert sorted(path.name for path in edited.build.iterdir()) == ["current", "generations", "graph.nq"]
    assert gists(edited) == (True, True)


@pytest.mark.parametrize("is_first", [True, False])
def test_wrong_data_leaves_nothing_of_the_index_that_was_begun(edited: Workspace, *, is_first: bool) -> None:
    (edited.data / "sources/wrong.yaml").write_text("id: wrong\n", encoding="utf-8")
    if is_first:
        shutil.rmtree(edited.build)
    files = sorted(edited.root.rglob("*"))
    assert really("build", cwd=edited.root).code == 1
    assert sorted(edited.root.rglob("*")) == files


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_a_build_is_the_same_whether_it_starts_before_the_data_is_read(edited: Workspace, most: int) -> None:
    code = f"import graphkit.build.prepared as p; p._MOST_BYTES = {most}; from graphkit.cli import main; main()"
    assert really("build", cwd=edited.root, command=[sys.executable, "-c", code]).code == 0
    assert edited.graph_file.read_text(encoding="utf-8") == "".join(check(edited).lines)


# --- completion in the shell ------------------------------------------------------------------------------------------


def test_names_are_completed_by_label_and_id(built: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built.root)
    assert complete_name("Exampletown p") == ["Exampletown police"]
    assert complete_name("exampletown-p") == ["exampletown-police"]
    assert complete_parameter("target=STREET-c") == ["target=STREET-cameras"]
    assert complete_parameter("targ") == []


def test_without_a_build_nothing_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert complete_name("a") == []


# --- the vocabulary ---------------------------------------------------------------------------------------------------


def test_relations_are_listed_by_their_ends_with_their_use(run: Callable[..., Said]) -> None:
    every = json.loads(run("relations", "--format", "json").out)
    assert {"relation", "from", "to", "meaning", "example", "uses"} == set(every[0])
    assert all(row["meaning"] and row["from"] and row["to"] for row in every)
    some = json.loads(run("relations", "--from", "Public Body", "--to", "programme", "--format", "json").out)
    funded = next(row for row in some if row["relation"] == "funded")
    assert (funded["from"], funded["uses"] > 0) == ("agent", True)
    names = {row["relation"] for row in some}
    assert "wrote-for" not in names
    assert names < {row["relation"] for row in every}
    assert is_complaint(run("relations", "--from", "company"))


def test_the_vocabulary_lists_every_word_of_the_data(run: Callable[..., Said]) -> None:
    rows = json.loads(run("vocabulary", "--format", "json").out)
    assert {row["list"] for row in rows} == {
        "kind of entity", "kind of source", "stance", "publicity", "unit", "bound", "kind of amount", "period",
        "certainty", "basis", "qualifier",
    }  # fmt: skip
    assert next(row["uses"] for row in rows if row["word"] == "asserts") > 0
    units = run("vocabulary", "unit", "--format", "csv").out.splitlines()
    assert units[0] == "list,word,label,meaning,example,uses"
    assert all(line.startswith("unit,") for line in units[1:])
    assert is_complaint(run("vocabulary", "colours"))


def test_the_vocabulary_needs_no_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(init_workspace(tmp_path / "w").root)
    said = runner(monkeypatch, capsys)("vocabulary", "stance", "--format", "csv")
    assert (said.code, "There is no build" in said.err) == (0, True)
    assert "stance,denies," in said.out

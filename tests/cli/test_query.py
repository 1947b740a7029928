"""`graphkit query` from a terminal: an ordinary query takes a short way without typer, and answers the same."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jobs import children, until

from graphkit.cli.answers import read_arguments
from graphkit.query.formats import ANSWER_FORMATS

if TYPE_CHECKING:
    from graphkit.graph import Graph

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CODE = """
import atexit, sys
from graphkit.cli import main
atexit.register(lambda: print(*sorted({"typer", "rich", "pydantic", "rdflib"} & sys.modules.keys()), file=sys.stderr))
main()
"""


@pytest.fixture(scope="module")
def folder(small_graph: Graph) -> Path:
    return small_graph.workspace.root


def query(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", CODE, "query", *words]
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)


def test_an_ordinary_query_loads_no_large_library(folder: Path) -> None:
    done = query(folder, "who-funds", "--param", "what=scheme")
    assert (done.returncode, done.stderr) == (0, "3 rows\n\n")
    assert "Ministry" in done.stdout


def test_names_that_are_not_in_the_graph_are_named_on_stderr(folder: Path) -> None:
    done = query(folder, "-e", "SELECT * { ?a sp:critisised ?b }", "-f", "csv")
    assert (done.returncode, done.stdout) == (0, "a,b\n")
    assert done.stderr.startswith("The graph has no property sp:critisised. Did you mean sp:criticised")


@pytest.mark.parametrize("form", ANSWER_FORMATS[:-1])
@pytest.mark.parametrize("words", [["who-funds"], ["-e", "ASK { ?s ?p ?o }"], ["-e", "CONSTRUCT WHERE { ?s a ?o }"]])
def test_the_short_way_answers_what_typer_answers(folder: Path, form: str, words: list[str]) -> None:
    short, long = (query(folder, *words, "--format", form, *more) for more in ([], ["--rows", "1000000"]))
    assert (short.returncode, short.stdout) == (0, long.stdout)
    assert (short.stderr.splitlines()[-1], long.stderr.splitlines()[-1]) == ("", "typer")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["a", "b"],
        ["a", "--rows", "3"],
        ["a", "--format", "x"],
        ["-e"],
        ["-ex"],
        ["--format=csv", "a"],
        ["-"],
    ],
)
def test_typer_reads_everything_else(words: list[str]) -> None:
    assert read_arguments(words) is None


def test_without_a_question_the_saved_ones_are_listed_by_topic(folder: Path) -> None:
    done = query(folder)
    assert (done.returncode, done.stderr) == (0, "\n")
    assert "Money\n  graphkit query funding-by-year  Who funded it, how much and when?\n" in done.stdout
    assert "Other questions" not in done.stdout


def test_a_saved_question_in_csv_has_labels_and_ids_and_a_typed_one_is_as_in_sparql(folder: Path) -> None:
    saved = query(folder, "who-funds", "--format", "csv").stdout.splitlines()
    assert saved[0].startswith(
        "statement,speaker,speaker_id,gist,said,said_earliest,said_latest,source,source_id,link,"
    )
    assert ",Ministry,ministry," in saved[1]
    typed = query(folder, "-e", "SELECT ?who { ?who sp:funded ?what }", "--format", "csv").stdout.splitlines()
    assert typed[0] == "who"
    assert typed[1].startswith("https://")


def test_a_typed_query_has_labels_and_ids_in_csv_if_they_are_asked_for(folder: Path) -> None:
    own = ("-e", "SELECT ?who { ?who sp:funded ?what }", "--labels")
    assert query(folder, *own, "-f", "csv").stdout.splitlines() == ["who,who_id", "Ministry,ministry"]
    done = query(folder, *own)
    assert done.returncode == 2
    assert done.stderr.startswith("--labels is for CSV.\nType also: --format csv\n")


def test_a_mistake_is_a_message(folder: Path) -> None:
    for words, message in (
        (["who-fund"], "There is no saved question 'who-fund'"),
        (["-e", "SELECT ?x { ?x }"], "line 1, column"),
        (["who-funds", "-e", "ASK {}"], "Name one question"),
    ):
        done = query(folder, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_an_engine_that_crashes_prints_nothing_of_its_own(folder: Path) -> None:
    nested = "SELECT ?x { VALUES ?x { 1 } FILTER(" + "!" * 60_000 + "?x) }"
    done = query(folder, "-e", nested)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("line 1, column 2034: nested too deeply: more than 2,000 operators and patterns.\n")


def test_the_copy_ends_with_its_parent(folder: Path) -> None:
    arguments = [sys.executable, "-c", CODE, "query", "-e", ENDLESS]
    with subprocess.Popen(arguments, cwd=folder) as running:
        until(lambda: bool(children(running.pid)))
        (copy,) = children(running.pid)
        running.kill()
        running.wait()
        until(lambda: not _runs(copy))


def _runs(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_an_interrupted_query_leaves_no_process(folder: Path) -> None:
    arguments = [sys.executable, "-c", CODE, "query", "-e", ENDLESS]
    with subprocess.Popen(arguments, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        until(lambda: bool(children(running.pid)))
        (copy,) = children(running.pid)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
        assert running.returncode == 130
        assert said.startswith("Interrupted")
    until(lambda: not _runs(copy))  # the system ends it, if the parent had no time to

"""The magics, in an IPython shell as a notebook runs one."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from graphkit.model.iris import PREFIXES
from graphkit.query.answers import Table
from graphkit.query.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.graph import Graph

BOUND = "%%sparql who=$who\nSELECT ?who ?label { ?who rdfs:label ?label }"


@pytest.fixture
def shell(small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """Return a fresh shell with the magics and the small graph as `g`; each Ctrl-C and history is its own."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False  # type: ignore[union-attr]
    made.user_ns["g"] = small_graph
    made.run_line_magic("load_ext", "graphkit.notebook")
    yield made
    made.history_manager.end_session()  # type: ignore[union-attr]
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str) -> Any:  # noqa: ANN401 - what a cell shows
    """Run a cell and return what it shows."""
    ran = shell.run_cell(cell, store_history=False)  # type: ignore[no-untyped-call]
    ran.raise_error()
    return ran.result


def refused(shell: InteractiveShell, cell: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a cell that cannot be asked, and return all that a person sees of it."""
    capsys.readouterr()
    ran = shell.run_cell(cell, store_history=False)  # type: ignore[no-untyped-call]
    assert not ran.success, "the cells after it must not run as if all were well"
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    assert "graphkit/" not in printed.out + printed.err
    return printed.out + printed.err


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_cell_of_sparql_shows_a_table(shell: InteractiveShell) -> None:
    table = run(shell, "%%sparql\nSELECT ?who { VALUES ?who { id:force } }")
    assert isinstance(table, Table)
    assert list(table.shown()) == [("Force",)]


def test_a_saved_question_is_asked_by_name(shell: InteractiveShell, small_graph: Graph) -> None:
    assert run(shell, "%sparql who-denies speaker=charity") == small_graph.query("who-denies", speaker="charity")
    assert len(run(shell, "%sparql who-denies speaker=charity")) < len(run(shell, "%sparql who-denies"))


def test_ask_and_construct_have_answers_too(shell: InteractiveShell) -> None:
    assert run(shell, "%%sparql\nASK { ?s ?p ?o }") is True
    assert "<table>" in run(shell, "%%sparql\nCONSTRUCT WHERE { id:force rdfs:label ?o }")._repr_html_()


def test_the_answer_goes_to_a_variable_and_is_not_shown(shell: InteractiveShell) -> None:
    assert run(shell, "%%sparql --to table\nSELECT ?who { VALUES ?who { id:force } }") is None
    assert isinstance(shell.user_ns["table"], Table)
    assert run(shell, "%sparql who-denies --to other") is None
    assert run(shell, "len(other)") == len(shell.user_ns["other"])


def test_another_variable_can_hold_the_graph(shell: InteractiveShell) -> None:
    shell.user_ns["mine"] = shell.user_ns.pop("g")
    assert run(shell, "%%sparql --graph mine\nASK { ?s ?p ?o }") is True


def test_where_there_is_no_graph_the_workspace_is_opened_as_g(
    shell: InteractiveShell, small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHKIT_WORKSPACE", str(small_graph.workspace.root))
    del shell.user_ns["g"]
    assert len(run(shell, "%sparql who-denies")) > 0
    assert shell.user_ns["g"].workspace == small_graph.workspace


# --- parameters are terms, never text of the query --------------------------------------------------------------------


@pytest.mark.parametrize(
    "who",
    ["force", "id:force", f"<{PREFIXES['id']}force>", PREFIXES["id"] + "force"],
    ids=["slug", "curie", "iri", "value"],
)
def test_a_python_variable_is_bound(shell: InteractiveShell, who: str) -> None:
    shell.user_ns["who"] = who
    assert [row["label"] for row in run(shell, BOUND)] == ["Force"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (15, 15),
        (-3, -3),
        (dt.date(2019, 6, 1), dt.date(2019, 6, 1)),
        ('"two words"', "two words"),
        ('"$who {who}"', "$who {who}"),
    ],
)
def test_values_keep_their_type(shell: InteractiveShell, value: object, expected: object) -> None:
    shell.user_ns["given"] = value
    (row,) = run(shell, "%%sparql x=$given\nSELECT ?x {}")
    assert row["x"] == expected
    assert type(row["x"]) is type(expected)


@pytest.mark.parametrize(
    "attack",
    ['"} UNION { ?s ?p ?o } #', '"\\" } UNION { ?s ?p ?o } #"', "\"' --to g x=met", '"a\nb"', '"{1+1} $g"', '"' * 9],
)
def test_text_stays_text_whatever_it_holds(shell: InteractiveShell, attack: str, small_graph: Graph) -> None:
    shell.user_ns["given"] = attack
    (row,) = run(shell, "%%sparql x=$given\nSELECT ?x {}")
    assert row["x"] == attack[1:].removesuffix('"')
    assert shell.user_ns["g"] is small_graph


@pytest.mark.parametrize(
    "attack", ["force> } UNION { ?who ?p ?o } #", "force speaker=charity", "force\n--to g", "$HOME", ""]
)
def test_a_name_that_is_no_name_never_reaches_the_query(
    shell: InteractiveShell, attack: str, small_graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.user_ns["who"] = attack
    if attack:
        assert re.search("not a valid term|contains nothing", refused(shell, BOUND, capsys))
    else:
        assert len(run(shell, BOUND)) > 1, "nothing given leaves it open"
    assert shell.user_ns["g"] is small_graph


@pytest.mark.parametrize("value", [1.5, True, None, ["met"], dt.datetime(2020, 1, 1, tzinfo=dt.UTC), b"met"])
def test_what_is_no_parameter_is_refused(
    shell: InteractiveShell, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.user_ns["who"] = value
    assert f"A parameter cannot be a {type(value).__name__}" in refused(shell, BOUND, capsys)


def test_braces_and_dollars_of_a_query_are_not_touched(shell: InteractiveShell) -> None:
    shell.user_ns["x"] = "99"
    (row,) = run(shell, "%%sparql\nSELECT $x { BIND('{x} $x' AS $x) }")
    assert row == {"x": "{x} $x"}


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("%sparql who-denis", "who-denies"),
        ("%sparql who-denies speker=charity", "speaker"),
        ("%sparql who-denies speaker=charty", "charity"),
        ("%sparql who-denies speaker=$nobody", "There is no variable 'nobody'"),
        ("%sparql who-denies --to", "--to"),
        ("%sparql who-denies --to 1x", "--to"),
        ("%sparql who-denies --too t", "--to"),
        ("%sparql who-denies speaker='charity", "quotation mark"),
        ("%sparql", "%%sparql"),
        ("%sparql SELECT * { ?s ?p ?o }", "%%sparql"),
        ("%sparql who-denies --graph nowhere", "nowhere = graphkit.open()"),
        ("%sparql who-denies --graph number", "int"),
        ("%%sparql\nwho-denies", "%sparql who-denies"),
        ("%%sparql who-denies\nASK {}", "%sparql who-denies"),
        ("%%sparql\nSELECT ?a {\n  ?a ?b\n}", "line 4, column 1"),
        ("%%sparql\nDROP ALL", "only a build does"),
        ("%%sparql\nSELECT * { SERVICE <http://127.0.0.1:9/> {} }", "SERVICE"),
        ("%%sparql question=force\nASK { ?s ?p ?o }", "question"),
    ],
)
def test_a_mistake_says_what_to_type(
    shell: InteractiveShell, cell: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.user_ns["number"] = 1
    said = refused(shell, cell, capsys)
    assert words in said
    assert len(said.splitlines()) <= 6


# --- completion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "offered", "never"),
    [
        ("%sparql who-d", {"who-denies"}, {"disputes"}),
        ("%sparql who-denies ", {"speaker=", "--to"}, {"who-denies"}),
        ("%sparql who-denies sp", {"speaker="}, {"who-denies"}),
        ("%sparql who-denies speaker=charity ", {"--to"}, {"speaker="}),
        ("%sparql ", {"who-denies", "disputes"}, {"speaker="}),
        ("%%sparql -", {"--to", "--graph"}, {"who-denies"}),
    ],
)
def test_questions_and_their_parameters_are_completed(
    shell: InteractiveShell, line: str, offered: set[str], never: set[str]
) -> None:
    with provisionalcompleter():
        found = {line[: one.start] + one.text for one in shell.Completer.completions(line, len(line))}
    typed = line[: line.rindex(" ") + 1]
    assert {typed + one for one in offered} <= found
    assert not {typed + one for one in never} & found


def test_help_shows_how_it_is_typed(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    run(shell, "%sparql?")
    assert "PARAMETER=VALUE" in capsys.readouterr().out


def test_the_list_of_questions_is_a_table(shell: InteractiveShell) -> None:
    questions = run(shell, "g.questions()")
    assert isinstance(questions, Questions)
    page = questions._repr_html_()
    assert page.count("<tr>") == len(questions) + 1
    assert questions["who-denies"].header.title in page


# --- in a notebook ----------------------------------------------------------------------------------------------------


def execute(graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, *cells: str) -> list[Any]:
    monkeypatch.setenv("GRAPHKIT_WORKSPACE", str(graph.workspace.root))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return [cell.outputs for cell in book.cells]


@pytest.mark.slow
def test_a_notebook_shows_labels_with_links(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ("%load_ext graphkit.notebook", "who = 'force'", BOUND)
    *_, (shown,) = execute(small_graph, tmp_path, monkeypatch, *cells)
    assert f'href="{PREFIXES["id"]}force"' in shown.data["text/html"]


@pytest.mark.slow
def test_a_notebook_stops_at_a_mistake(small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CellExecutionError, match="who-denies") as caught:
        execute(small_graph, tmp_path, monkeypatch, "%load_ext graphkit.notebook", "%sparql who-denis", "1 / 0")
    assert "Traceback" not in str(caught.value)
    assert "ZeroDivisionError" not in str(caught.value)

"""The graph as of a day: what had been published by then, and what the rules derive from that alone."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.build.as_of import as_of
from graphkit.build.pipeline import build
from graphkit.graph import Graph, open_graph
from graphkit.model.errors import QueryError, QueryWarning, StoreError

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace


@pytest.fixture
def built(small: Workspace) -> Workspace:
    """Return the small workspace: daily-1 is of 1 May 2020, weekly-1 of June 2020."""
    assert build(small).ok
    return small


def sources(graph: Graph) -> set[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", QueryWarning)  # nothing may have been published yet
        found = graph.query("SELECT DISTINCT ?source { ?s sp:source ?source }")
    return {str(name).rpartition("/")[2] for name in found.column("source")}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("date", "here", "not_here"),
    [
        ("2020-04-30", set(), {"daily-1", "weekly-1"}),
        ("2020-05-01", {"daily-1"}, {"weekly-1"}),
        ("2020-06-15", {"daily-1"}, {"weekly-1"}),
        ("2020-06", {"daily-1", "weekly-1"}, set()),
        ("2020", {"daily-1", "weekly-1"}, set()),
    ],
)
def test_a_source_counts_from_its_last_possible_day(
    built: Workspace, date: str, here: set[str], not_here: set[str]
) -> None:
    found = sources(open_graph(built).as_of(date))
    assert here <= found
    assert not found & not_here


def test_disputes_are_derived_anew(built: Workspace) -> None:
    graph = open_graph(built)
    assert graph.disputes()
    assert graph.as_of("2020-05").disputes() == (), "the other side had not been published"
    assert {dispute.iri for dispute in graph.as_of("2020").disputes()} <= {dispute.iri for dispute in graph.disputes()}


@pytest.mark.filterwarnings("ignore::graphkit.model.errors.QueryWarning")  # says that the graph is empty
def test_plain_triples_are_derived_anew(built: Workspace) -> None:
    """A denial of June keeps a claim of May out of the plain triples, but not as of May."""
    ask = "ASK { GRAPH <https://w3id.org/surveillance-policy/graph/flat/attributed> { ?a ?b ?c } }"
    graph = open_graph(built)
    assert graph.as_of("2020-05").query(ask) is True
    assert graph.as_of("2019").query(ask) is False


def test_it_counts_what_is_left_out(built: Workspace) -> None:
    found = as_of(built, "2020-05")
    whole = sources(open_graph(built))
    assert found.kept + found.later + found.undated == len(whole)
    assert str(found).startswith(f"As of 31 May 2020: {found.kept} source")


def test_it_is_made_once_for_a_build(built: Workspace) -> None:
    first = as_of(built, "2020-05").workspace.generation()
    assert as_of(built, "2020-05-31").workspace.generation().folder == first.folder
    source = built.data / "sources" / "daily-1.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace("Gist of claims.", "Another gist."), encoding="utf-8")
    assert build(built).ok
    again = as_of(built, "2020-05").workspace.generation()
    assert "Another gist." in again.graph_file.read_text(encoding="utf-8")
    assert len(list((built.build / "as-of").iterdir())) == 1, "that of the earlier build is gone"


def test_the_network_has_only_what_had_been_published(built: Workspace) -> None:
    graph = open_graph(built)
    earlier, whole = graph.network(as_of="2020-05"), graph.network()
    assert 0 < earlier.graph["total"] < whole.graph["total"]


@pytest.mark.parametrize("date", ["", "soon", "2020-13", "2020/..", "x" * 1000])
def test_a_text_that_is_no_date_is_refused(built: Workspace, date: str) -> None:
    with pytest.raises(QueryError, match="is not a date"):
        as_of(built, date)


def test_without_a_build_it_says_so(small: Workspace) -> None:
    with pytest.raises(StoreError, match="There is no build"):
        as_of(small, "2020")


def test_commands_take_a_date_and_say_what_is_left_out(
    built: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(monkeypatch, capsys)
    at = ("--workspace", str(built.root))
    said = run("query", "who-denies", "--as-of", "2020-05", *at)
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("As of 31 May 2020: 1 source")
    assert run("disputes", "--as-of", "2020-05", *at).out == "0 disagreements, 0 disputes\n"
    assert run("view", "--as-of", "2020-05", *at).code == 0
    assert (built.build / "network-2020-05.html").is_file()
    said = run("query", "who-denies", "--as-of", "2020-05", "--store", "http://127.0.0.1:1/")
    assert said.code == 2
    assert "Only the build of a workspace takes it" in said.err

"""Evidence paths: the shortest chain, each hop with a statement, and what is not connected."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.analysis.paths import evidence_path
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES

if TYPE_CHECKING:
    from graphkit.analysis.paths import Hop
    from graphkit.graph import Graph


def path(graph: Graph, start: str, end: str, *, plain: bool = False) -> list[Hop]:
    return evidence_path(graph.network(), PREFIXES["id"] + start, PREFIXES["id"] + end, plain=plain)


def test_each_hop_has_a_statement_and_its_status(small_graph: Graph) -> None:
    first, second = path(small_graph, "ministry", "assessment")[:2]
    assert (first.start, first.end, first.status, first.forward) == ("Ministry", "Scheme", "reported", True)
    assert first.statement.gist
    assert (second.start, second.end, second.forward) == ("Scheme", "Force", False)


def test_a_path_may_follow_plain_edges_only(small_graph: Graph) -> None:
    assert path(small_graph, "force", "charity")[0].status == "disputed"
    found = path(small_graph, "force", "charity", plain=True)
    assert [hop.end for hop in found] == ["Scheme", "Charity"]
    assert {hop.status for hop in found} == {"reported"}


def test_a_step_shows_a_certain_assertion_before_a_hedged_one_a_denial_and_a_copy(small_graph: Graph) -> None:
    network = small_graph.network()
    certain = path(small_graph, "ministry", "scheme")[0].statement
    [edge] = [edge for _, _, edge in network.edges(data=True) if certain.iri in edge["statements"]]
    others = {
        "1": replace(certain, certainty="possible"),
        "2": replace(certain, stance="denies"),
        "3": replace(certain, copied="A"),
    }
    network.graph["evidence"].update(others)
    edge["statements"] = [*others, certain.iri]
    [hop] = evidence_path(network, PREFIXES["id"] + "ministry", PREFIXES["id"] + "scheme")
    assert (hop.statement, hop.more) == (certain, 3)


def test_a_path_to_itself_is_empty(small_graph: Graph) -> None:
    assert path(small_graph, "force", "force") == []


@pytest.mark.parametrize(("end", "plain"), [("knife-crime", True), ("daily", False)])
def test_things_that_are_not_connected_are_an_error(small_graph: Graph, end: str, plain: bool) -> None:
    with pytest.raises(NotFoundError, match=r"No path leads from 'Force' to|not in the network"):
        path(small_graph, "force", end, plain=plain)


def test_the_command_prints_statement_source_gist_and_status(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(monkeypatch, capsys)
    root = str(small_graph.workspace.root)
    said = run("path", "Ministry", "force", "--format", "csv", "--workspace", root)
    first = next(csv.DictReader(io.StringIO(said.out)))
    assert list(first.items())[:3] == [("from", "Ministry"), ("relation", "funded"), ("to", "Scheme")]
    assert first["status"] == "reported"
    assert {"certainty", "hedge", "stance", "earliest", "latest", "link"} < first.keys()
    assert (first["speaker"], first["evidence"]) == ("Daily", "unverified")
    words = run("path", "Ministry", "force", "--workspace", root).out
    assert words.startswith("Ministry – Scheme – Force\n")
    assert f"statement: {first['statement']}\n" in words
    assert "../" not in words, "days are printed in words"
    assert run("path", "Ministry", "nothing", "--workspace", root).code == 2
    assert "'Force' and 'force' are the same entity." in run("path", "Force", "force", "--workspace", root).err
    measured = run("measures", "--workspace", root)
    assert measured.code == 0
    assert "frustration" in measured.out
    assert run("measures", "relay", "--workspace", root).code == 2

"""Evidence paths: the shortest chain, each hop with a statement, and what is not connected."""

from __future__ import annotations

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
    assert said.out.splitlines()[0] == "from,relation,to,status,statement,source,gist,said,more statements"
    assert "Ministry,funded,Scheme,reported," in said.out
    words = run("path", "Ministry", "force", "--workspace", root).out
    assert words.startswith("Ministry – Scheme – Force\n")
    assert "../" not in words, "days are printed in words"
    assert run("path", "Ministry", "nothing", "--workspace", root).code == 2
    assert "'Force' and 'force' are the same entity." in run("path", "Force", "force", "--workspace", root).err
    measured = run("measures", "--workspace", root)
    assert measured.code == 0
    assert "frustration" in measured.out
    assert run("measures", "relay", "--workspace", root).code == 2

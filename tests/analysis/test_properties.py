"""Properties are the same from the lines of a build as from an engine."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from builds import Lines, write_build
from hypothesis import given
from hypothesis import strategies as st

from graphkit.analysis.network import network
from graphkit.analysis.properties import Properties, read_linked, read_properties
from graphkit.analysis.statements import statement_views
from graphkit.model.iris import BASE, PREFIXES, SP, graph_iri
from graphkit.store import EmbeddedStore, in_memory, open_store

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace


def from_engine(store: EmbeddedStore) -> Properties:
    return read_properties(EmbeddedStore(store.engine))


def test_a_few_properties_are_those_of_all(small_graph: Graph) -> None:
    store = open_store(small_graph.workspace.generation())
    every, names = read_properties(store), ("sp:speaker", "sp:gist", "rdf:type", "sp:speaker")
    for one in (store, EmbeddedStore(store.engine)):
        few = read_properties(one, names, ("undisputed",))
        assert few.values.keys() == set(names)
        assert few.values["sp:speaker"] == every.values["sp:speaker"]
        assert few.plain == {"undisputed": every.plain["undisputed"]}
        subjects = [*every.subjects("sp:relay"), *every.subjects("sp:speaker"), *every.subjects("rdf:type")]
        for name in names:
            assert few.column(name, subjects) == [few.one(subject, name) for subject in subjects]


def test_lines_and_engine_give_the_same_properties(ours: tuple[Graph, Checked], small_graph: Graph) -> None:
    for graph in (ours[0], small_graph):
        store = open_store(graph.workspace.generation())
        lines, asked = read_properties(store), from_engine(store)
        assert lines.plain == asked.plain
        assert all(lines.plain["attributed"])
        assert lines.values.keys() == asked.values.keys()
        for name, found in lines.values.items():
            nodes = {one: terms for one, terms in found.items() if name != "rdf:type" or one in asked.values[name]}
            assert nodes == asked.values[name], name


NAMES = st.sampled_from([BASE + "id/one", BASE + "statement/a/b", BASE + "statement/a", BASE + "proposition/1"])
PROPERTIES = st.sampled_from([ox.NamedNode(SP + name) for name in ("gist", "voice", "relay", "saidDate")])
GRAPHS = st.sampled_from([ox.NamedNode(graph_iri(f"flat/{name}")) for name in ("attributed", "verified")])
VALUES = st.one_of(
    st.builds(ox.Literal, st.text()),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text()),
    st.just(ox.Literal("2016", datatype=ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF"))),
    st.builds(ox.NamedNode, NAMES),
)
SUBJECTS = st.builds(ox.NamedNode, NAMES)
QUADS = st.one_of(
    st.builds(ox.Quad, SUBJECTS, PROPERTIES, VALUES, st.just(ox.NamedNode(graph_iri("entities")))),
    st.builds(ox.Quad, SUBJECTS, st.just(ox.NamedNode(SP + "funded")), VALUES, GRAPHS),
)


@given(st.lists(QUADS, max_size=12))
def test_lines_and_engine_agree_on_any_text(quads: list[ox.Quad]) -> None:
    """Also quotation marks, line breaks and backslashes."""
    store = Lines([f"{quad} .\n" for quad in dict.fromkeys(quads)])
    lines, asked = read_properties(store), from_engine(store)
    assert lines == asked
    for name, found in lines.values.items():
        for subject in found:
            said = {quad for quad in quads if str(quad).startswith(f"<{subject}> <{SP}{name[3:]}> ")}
            assert set(lines.all(subject, name)) == {getattr(quad.object, "value", "") for quad in said}


def test_statements_are_the_same_from_the_whole_graph_as_from_a_few_of_its_things(ours_graph: Graph) -> None:
    whole = statement_views(read_properties(ours_graph.store))
    linked = statement_views(read_linked(ours_graph.store, whole))
    assert any("will fund" in said.claim for said in whole.values())
    assert any(said.copied for said in whole.values())
    assert linked == whole


def test_a_newer_build_is_not_read_as_the_old_one(built_small: Workspace) -> None:
    store = open_store(built_small.generation())
    before = network(store)
    write_build(
        built_small, ["<http://x.example/a> <http://x.example/b> <http://x.example/c> <http://x.example/d> .\n"]
    )
    after = network(store)
    assert list(after.edges(data=True)) == list(before.edges(data=True))


@pytest.mark.parametrize("name", ["dataset", "disputes"])
def test_a_store_without_lines_is_asked(small_graph: Graph, name: str) -> None:
    store = open_store(small_graph.workspace.generation())
    copied = in_memory(f"{quad} .\n" for quad in store.quads())
    assert copied.lines() is None
    assert network(copied).graph[name] == network(store).graph[name]
    assert PREFIXES["id"] in next(iter(network(copied)))


def test_things_are_the_same_from_the_lines_as_from_the_index(small_graph: Graph) -> None:
    store = open_store(small_graph.workspace.generation())
    every = {name for values in read_properties(store).values.values() for name in values}
    assert read_linked(store, every) == read_linked(EmbeddedStore(store.engine), every)


class Counted(io.BytesIO):
    """A file that counts the bytes that are read."""

    read_bytes = 0

    def readline(self, size: int | None = -1) -> bytes:
        Counted.read_bytes += len(line := super().readline(size))
        return line

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration


def test_a_claim_that_thousands_of_sources_repeat_is_read_without_all_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other, last = (f"{PREFIXES['proposition']}{name}" for name in ("1", "2", "3"))
    ends = [f"<{one}> <{SP}{name}> <{PREFIXES['id']}{name}>" for name in ("object", "relation", "subject")]
    repeated = [f"{end} <{graph_iri(f'source/{number:05}')}> .\n" for end in ends for number in range(5_000)]
    others = [f"<{name}> <{SP}subject> <{PREFIXES['id']}x> <{graph_iri('source/00001')}> .\n" for name in (other, last)]
    store = Lines([*repeated, *others])
    monkeypatch.setattr(store, "lines", lambda: Counted(store.text))
    found = read_linked(store, [one, last], frozenset())
    assert found == read_linked(EmbeddedStore(store.engine), [one, last], frozenset())
    assert [found.all(one, f"sp:{name}") for name in ("object", "relation", "subject")] == [
        [f"{PREFIXES['id']}{name}"] for name in ("object", "relation", "subject")
    ]
    assert Counted.read_bytes < len(store.text) / 10

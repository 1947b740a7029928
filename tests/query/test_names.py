"""Names: a label, an alias, an id or an IRI finds its entity, however it is typed; a name of several asks back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphkit.model.errors import AmbiguousNameError, NotFoundError, QueryWarning
from graphkit.model.iris import PREFIXES, entity_iri, expand, graph_iri, iri, literal, source_iri
from graphkit.model.names import NameIndex, fold
from graphkit.query.names import term, thing
from graphkit.store import EmbeddedStore, in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.graph import Graph

NAMES = {
    "id:matrix": ["Gangs Violence Matrix", "Gangs Matrix", "the GVM"],
    "id:mopac": ["Mayor’s Office"],
    "id:mayor": ["Mayor of London"],
    "id:liberty": ["Liberty"],
    "id:liberty-us": ["Liberty Inc", "Liberty"],
    "id:straße": ["Straße"],
    "id:shared": ["Being Matrixed"],
    "source:shared": ["Being Matrixed"],
    "source:report-1": ["Annual report"],
    "source:report-2": ["Annual report"],
    **{f"id:camera-{number}": [f"Camera {number} {'x' * 300}"] for number in range(40)},
}


def lines() -> Iterator[str]:
    graph = iri(graph_iri("entities"))
    for name, labels in NAMES.items():
        subject = iri(expand(name))
        yield f"{subject} {iri(expand('rdf:type'))} {iri(expand('sp:Entity'))} {graph} .\n"
        for number, label in enumerate(labels):
            relation = "skos:altLabel" if number else "rdfs:label"
            yield f"{subject} {iri(expand(relation))} {literal(label, language='en')} {graph} .\n"
    yield f"{iri(entity_iri('gvm-old'))} {iri(expand('dcterms:isReplacedBy'))} {iri(entity_iri('matrix'))} {graph} .\n"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return in_memory(lines())


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("matrix", "matrix"),
        ("MATRIX", "matrix"),
        ("Gangs Violence Matrix", "matrix"),
        ("gangs  violence\u00a0MATRIX ", "matrix"),
        ("The Gangs Matrix", "matrix"),
        ("GVM", "matrix"),
        ("gvm-old", "matrix"),
        ("id:Matrix", "matrix"),
        (f"<{entity_iri('matrix')}>", "matrix"),
        (entity_iri("matrix"), "matrix"),
        ("Mayor's Office", "mopac"),
        ("mayor´s ofﬁce", "mopac"),
        ("Mayor\u2018s Of\u00adfice", "mopac"),
        ("STRASSE", "straße"),
        ("Gangs V", "matrix"),
        ("liberty", "liberty"),
        ("Being matrixed", "shared"),
    ],
)
def test_a_name_finds_its_entity(store: EmbeddedStore, typed: str, slug: str) -> None:
    assert thing(typed, store) == entity_iri(slug)


def test_a_source_is_found_if_no_entity_has_the_name(store: EmbeddedStore) -> None:
    assert thing("source:report-1", store) == source_iri("report-1")
    assert thing("Report-1", store) == source_iri("report-1")


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("Liberty", ["liberty: Liberty", "liberty-us: Liberty Inc"]),
        ("mayo", ["mayor: Mayor of London", "mopac: Mayor’s Office"]),
        ("annual report", ["source:report-1: Annual report", "source:report-2: Annual report"]),
    ],
)
def test_a_name_of_several_asks_back(store: EmbeddedStore, typed: str, listed: list[str]) -> None:
    with pytest.raises(AmbiguousNameError, match=f"fits {len(listed)} names") as caught:
        thing(typed, store)
    assert [line.strip() for line in caught.value.hint.splitlines()] == listed


def test_a_name_of_very_many_lists_ten_in_two_kilobytes(store: EmbeddedStore) -> None:
    with pytest.raises(AmbiguousNameError, match="more than 10 names") as caught:
        thing("camera", store)
    assert len(str(caught.value).encode()) <= 2_048
    assert caught.value.hint.count("camera-") == 10
    assert caught.value.hint.endswith("…")


@pytest.mark.parametrize(
    ("typed", "near"), [("Gangs Vialence Matrix", "matrix"), ("id:mtarix", "matrix"), ("Librty", "liberty")]
)
def test_a_mistyped_name_suggests_the_nearest(store: EmbeddedStore, typed: str, near: str) -> None:
    with pytest.raises(NotFoundError, match="contains nothing called") as caught:
        thing(typed, store)
    assert caught.value.hint.startswith(f"Did you mean {near} (")


@pytest.mark.parametrize("typed", ["x" * 10_000, "Gangs " * 100_000, "é" * 10_000, "", " ", "<urn:x>", "\0", "a:b"])
def test_a_name_of_nothing_gives_one_short_message(store: EmbeddedStore, typed: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        thing(typed, store)
    assert len(str(caught.value).encode()) <= 500


def test_parameters_keep_their_other_types(store: EmbeddedStore) -> None:
    assert term("2019-06-01", "id", store) == f'"2019-06-01"^^<{PREFIXES["xsd"]}date>'
    assert term("15", "id", store) == f'"15"^^<{PREFIXES["xsd"]}integer>'
    assert term('"Liberty"', "id", store) == '"Liberty"'
    assert term("gangs matrix", "id", store) == iri(entity_iri("matrix"))


@given(st.lists(st.text(min_size=1).filter(fold), min_size=1, unique_by=fold))
def test_every_name_finds_its_thing_in_any_case(names: list[str]) -> None:
    index = NameIndex((name, name) for name in names)
    for name in names:
        assert index.exact(f" {name}\t") == (name,)
        assert name in index.beginning(name)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# --- the places that take a name --------------------------------------------------------------------------------------


def test_the_api_takes_names(small_graph: Graph) -> None:
    by_slug = small_graph.query("who-denies", speaker="charity")
    assert small_graph.query("who-denies", speaker="CHARITY") == by_slug
    assert small_graph.explain("Knife  Crime").iri == entity_iri("knife-crime")
    assert small_graph.disputes(about="Charity") == small_graph.disputes(about="charity")
    near = small_graph.network(about="Scheme")
    assert entity_iri("scheme") in near
    assert near.number_of_edges() < small_graph.network().number_of_edges()


def test_a_completed_name_is_named(small_graph: Graph) -> None:
    with pytest.warns(QueryWarning, match=r"speaker: 'chari' is the beginning of Charity \(charity\)\."):
        small_graph.query("who-denies", speaker="chari")

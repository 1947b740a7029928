"""A build is byte-stable, whole or not there, and reads back as what was written."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from places import REPOSITORY, SHARED_CAPTURES, SMALL, copy_workspace

from graphkit.analysis.properties import read_properties
from graphkit.analysis.statements import statement_views
from graphkit.build.compile import compile_corpus
from graphkit.build.compiled import compile_lines
from graphkit.build.pipeline import Checked, build, check
from graphkit.build.statistics import count, read_statistics
from graphkit.corpus.json_schema import schemas
from graphkit.corpus.load import load
from graphkit.graph import Graph, open_graph
from graphkit.model.dataset import Creator, DatasetFile
from graphkit.model.errors import StoreError
from graphkit.model.records import Corpus, Entity, Evidence, Source, Statement
from graphkit.model.vocabulary import read_ontology, vocabulary
from graphkit.model.workspace import Workspace, find_workspace
from graphkit.store import embedded, in_memory, open_store

OURS = vocabulary(read_ontology(Workspace(REPOSITORY).vocabularies()))


def test_our_own_data_has_no_problem(ours: tuple[Graph, Checked]) -> None:
    assert ours[1].problems == []
    assert ours[1].counts["statements"] >= 400
    assert ours[1].counts["disputes"] >= 36
    assert ours[1].evidence["verified"] > 0
    assert sum(ours[1].evidence.values()) == ours[1].counts["statements"]


@pytest.mark.skipif(not SHARED_CAPTURES.is_dir(), reason="captures live outside the repository and are not here")
def test_every_passage_of_a_source_with_a_capture_is_in_it() -> None:
    found = check(Workspace(REPOSITORY), SHARED_CAPTURES)
    assert found.problems == []
    assert found.evidence["verified"] > 0
    assert found.without_capture, "the others are listed"


def test_building_twice_gives_the_same_bytes(built_small: Workspace) -> None:
    first = built_small.graph_file.read_bytes()
    build(built_small)
    assert built_small.graph_file.read_bytes() == first


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_hash_seed_is_irrelevant(small: Workspace, seed: str) -> None:
    code = "import sys; from graphkit.cli import main; sys.argv[1:] = ['build']; main()"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=small.root,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
    )
    here = hashlib.sha256(small.graph_file.read_bytes()).hexdigest()
    assert here == check(small).sha256


def _shuffled(node: object, chance: random.Random) -> object:
    if isinstance(node, dict):
        keys = list(node)
        chance.shuffle(keys)
        return {key: _shuffled(node[key], chance) for key in keys}
    return node


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_files_and_keys_is_irrelevant(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    place = copy_workspace(SMALL, tmp_path_factory.mktemp("order") / "w")
    before = check(place).lines
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    entities = yaml.safe_load((place.data / "entities/all.yaml").read_text())["entities"]
    (place.data / "entities/all.yaml").unlink()
    for number, slug in enumerate(chance.sample(sorted(entities), len(entities))):
        one = yaml.safe_dump({"entities": {slug: entities[slug]}})
        (place.data / f"entities/{chance.random()}-{number}.yaml").write_text(one)
    for path in place.source_files():
        source = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - reads everything as text
        path.write_text(yaml.dump(_shuffled(source, chance), sort_keys=False, default_style='"'))
    assert check(place).lines == before
    shutil.rmtree(place.root)


def test_the_file_and_the_store_hold_the_same(built_small: Workspace) -> None:
    stored = sorted(f"{quad} .\n" for quad in open_store(built_small.generation()).quads())
    assert "".join(stored).encode() == built_small.graph_file.read_bytes()


def test_both_libraries_leave_every_literal_as_it_is(ours: tuple[Graph, Checked]) -> None:
    """Oxigraph and rdflib normalise some literals on reading; ours are those that they do not touch."""
    written = set(ox.parse("".join(ours[1].lines), format=ox.RdfFormat.N_QUADS))
    literals = {
        (one.value, one.datatype.value) for one in (quad.object for quad in written) if isinstance(one, ox.Literal)
    }
    triples = list(ours[0].to_rdflib().quads())
    assert len(triples) == len(written)
    read = {(str(one), _datatype(one)) for _, _, one, _ in triples if isinstance(one, rdflib.Literal)}
    assert read == literals


def _datatype(literal: rdflib.Literal) -> str:
    if literal.language:
        return str(rdflib.RDF.langString)
    return str(literal.datatype or rdflib.XSD.string)


def test_the_build_writes_the_statistics_of_the_graph(small: Workspace) -> None:
    built = build(small)
    generation = small.generation()
    written = json.loads(generation.statistics_file.read_text(encoding="utf-8"))
    assert written["graph"] == built.sha256 == generation.sha256
    assert read_statistics(generation) == count(small.graph_file)
    written["triples"] = 0
    generation.statistics_file.write_text(json.dumps(written), encoding="utf-8")
    assert read_statistics(generation).triples == 0


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"graph": "of another build"}'])
def test_statistics_of_another_graph_are_not_used(built_small: Workspace, text: str | None) -> None:
    generation = built_small.generation()
    generation.statistics_file.unlink()
    if text is not None:
        generation.statistics_file.write_text(text, encoding="utf-8")
    assert read_statistics(generation) == count(built_small.graph_file)


def test_a_failed_build_leaves_the_last_good_one(built_small: Workspace) -> None:
    before = built_small.graph_file.read_bytes()
    (built_small.data / "sources/daily-1.yaml").write_text("id: daily-1\n")
    assert not build(built_small).ok
    assert built_small.graph_file.read_bytes() == before
    assert len(statement_views(read_properties(open_store(built_small.generation())))) > 0
    assert sorted(path.name for path in built_small.build.iterdir()) == ["current", "generations", "graph.nq"]


def test_a_build_that_breaks_while_writing_leaves_the_last_good_one(
    built_small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built_small.graph_file.read_bytes()
    (built_small.data / "sources/copy-2.yaml").unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("graphkit.build.prepared.new_index", full)
    with pytest.raises(StoreError, match="No space left"):
        build(built_small)
    assert built_small.graph_file.read_bytes() == before
    assert len(statement_views(read_properties(open_store(built_small.generation())))) > 0
    assert sorted(path.name for path in built_small.build.iterdir()) == ["current", "generations", "graph.nq"]


def test_a_store_stays_readable_while_another_is_put_in_its_place(built_small: Workspace) -> None:
    reader = open_graph(built_small.root)
    (built_small.data / "sources/copy-2.yaml").unlink()
    build(built_small)
    before, after = (
        len(statement_views(read_properties(store))) for store in (open_store(built_small.generation()), reader.store)
    )
    assert after == before + 1


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
sentences = st.lists(words, min_size=1, max_size=6).map(" ".join)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
statements = st.builds(
    Statement,
    subject=st.just("subject"),
    relation=st.just("funded"),
    object=st.just("object"),
    speaker=st.just("speaker"),
    stance=st.sampled_from(sorted(OURS.stances)),
    scope=st.none() | sentences,
    when=st.none() | st.sampled_from(["2019", "2019-06", "2019~", "2019/2020", "2019-06-30"]),
    said=st.none() | st.sampled_from(["2020", "2020-01-31"]),
    via=st.lists(st.sampled_from(["subject", "object"]), max_size=3).map(tuple),
    hedge=st.none() | words,
    gist=sentences,
    evidence=st.builds(
        Evidence,
        starts=words,
        ends=st.none() | words,
        sha256=st.just("0" * 64),
        at=st.none() | st.integers(0, 10**6),
    ),
)


@given(said=statements, key=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True), source=slugs)
def test_a_statement_comes_back_from_its_quads(said: Statement, key: str, source: str) -> None:
    entities = {slug: Entity(kind="organisation", label=slug.title()) for slug in ("subject", "object", "speaker")}
    document = Source(id=source, kind="report", publisher="subject", title="T", statements={key: said})
    dataset = DatasetFile(
        title="T", description="D", version="1.0.0", licence="https://e.org/", creators=(Creator(name="N"),)
    )
    store = in_memory(set(compile_corpus(Corpus(dataset, entities, {source: document}, OURS))))
    (view,) = statement_views(read_properties(store)).values()
    assert (view.id, view.speaker, view.stance) == (f"{source}/{key}", "Speaker", said.stance)
    assert (view.gist, view.hedge) == (said.gist, said.hedge or "")
    assert view.via == " → ".join(slug.title() for slug in said.via)
    assert view.said == (said.said or "")
    assert said.evidence.starts in view.locator
    assert view.evidence == "unverified", "a position that was typed verifies nothing"
    if said.scope:
        assert said.scope in view.claim


def test_propositions_are_named_after_what_they_say(small: Workspace) -> None:
    """Two sources that say the same share one proposition; another scope is another proposition."""
    lines = compile_lines(small, load(small))
    store = in_memory(lines)
    about = "SELECT DISTINCT ?p { ?p sp:subject id:ministry ; sp:relation sp:funded }"
    assert len(list(store.query(about))) == 1  # type: ignore[arg-type]
    scoped = "SELECT DISTINCT ?p { ?p sp:subject id:force ; sp:relation sp:consulted ; sp:object id:charity }"
    assert len(list(store.query(scoped))) == 2  # type: ignore[arg-type]


def test_the_schemas_are_those_of_the_model() -> None:
    for name, schema in schemas(OURS).items():
        kept = json.loads((REPOSITORY / "ontology" / name).read_text())
        assert kept == json.loads(json.dumps(schema)), "type: make schema"


def test_the_union_counts_a_triple_once(built_small: Workspace) -> None:
    """The same proposition stands in several graphs, and is one."""
    store = open_store(built_small.generation())
    (row,) = store.query("SELECT (COUNT(?o) AS ?n) { id:ministry sp:funded ?o }")  # type: ignore[misc]
    assert row["n"].value == "1"


def test_paths_of_the_workspace_are_found_from_below(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small.data / "sources")
    assert find_workspace() == Workspace(Path(small.root).resolve())


def test_an_index_made_in_parts_holds_the_same(
    built_small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_SLICE", 300)
    start = parts = 0
    while start >= 0:
        start = embedded.index_file(tmp_path / "parts", built_small.graph_file, start, slices=2)
        parts += 1
    assert parts > 2
    assert set(ox.Store.read_only(str(tmp_path / "parts"))) == set(
        ox.Store.read_only(str(built_small.generation().index))
    )

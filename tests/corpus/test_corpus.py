"""The made-up corpus: the same bytes each time, what it promises to hold, and a graph with disputes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks.corpus import corpus, entities, main, write_workspace
from graphkit.build.pipeline import build
from graphkit.curate.tables import import_table
from graphkit.graph import open_graph
from graphkit.model.workspace import Workspace
from graphkit.query.answers import Table

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.errors import Problem

SIZE = 6000


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in corpus(SIZE, 1)]


def test_the_same_number_and_seed_give_the_same_bytes() -> None:
    text = "".join(corpus(300, 7))
    assert text == "".join(corpus(300, 7))
    assert text != "".join(corpus(300, 8))
    # From another machine and another process, where texts have other hashes.
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "1dedcc24d94c8d70dccf20b9a3089bcee900564d59fbdaed25611b5194dffd9c"
    )


def test_concepts_and_a_tail_of_speakers_are_made_on_request(tmp_path: Path) -> None:
    place, file = tmp_path / "w", tmp_path / "rows.jsonl"
    main(["--statements", "600", "--concepts", "12", "--zipf", "1.5", "--workspace", str(place), "-o", str(file)])
    import_table(file, Workspace(place), lambda _: None)
    assert build(Workspace(place)).ok
    graph = open_graph(place)
    coded = graph.query("SELECT DISTINCT ?concept { ?statement sp:codedAs/sp:concept ?concept }")
    assert isinstance(coded, Table)
    assert 1 < len(coded) <= 12
    speakers = [
        Counter(row["speaker"] for row in rows if "speaker" in row).most_common(1)[0][1]
        for rows in (map(json.loads, file.read_text(encoding="utf-8").splitlines()), map(json.loads, corpus(600, 1)))
    ]
    assert speakers[0] > 2 * speakers[1]


def test_rows_of_a_source_stand_together_and_only_the_first_has_the_facts(rows: list[dict[str, str]]) -> None:
    assert len(rows) == SIZE
    starts = [
        row["source"] for row, before in zip(rows, [{}, *rows], strict=False) if row["source"] != before.get("source")
    ]
    assert len(starts) == len(set(starts))
    assert len(starts) == sum("kind" in row for row in rows)
    assert len({(row["source"], row["key"]) for row in rows}) == SIZE


def share(number: int, of: int = SIZE) -> float:
    return number / of


def test_the_shares_are_those_of_real_corpora(rows: list[dict[str, str]]) -> None:
    stances = Counter(row.get("stance", "asserts") for row in rows)
    assert 0.12 < share(SIZE - stances["asserts"]) < 0.18
    assert all(stances[one] > SIZE / 200 for one in ("denies", "plans", "concedes", "retracts"))
    heads = [row for row in rows if "kind" in row]
    assert 0.05 < share(sum("derivedFrom" in row for row in heads), len(heads)) < 0.13
    assert 0.05 < share(sum("hedge" in row for row in rows)) < 0.12
    assert 0.08 < share(sum("via" in row for row in rows)) < 0.17
    dates = [row[name] for row in rows for name in ("said", "when", "published", "value") if name in row]
    assert 0.1 < share(sum("/" in date or "~" in date for date in dates), len(dates)) < 0.4
    bounded = [row for row in rows if "number" in row]
    assert share(len(bounded)) > 0.1
    assert 0.4 < share(sum("bound" in row for row in bounded), len(bounded)) < 0.6


def test_some_propositions_are_made_by_many_sources_and_most_by_one(rows: list[dict[str, str]]) -> None:
    parts = ("subject", "relation", "object", "value", "number", "unit", "bound", "scope", "when")
    sources: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        sources.setdefault(tuple(row.get(part, "") for part in parts), set()).add(row["source"])
    counts = sorted((len(some) for some in sources.values()), reverse=True)
    assert counts[0] > 20
    assert counts[0] > 2 * counts[30]
    assert sum(count == 1 for count in counts) > len(counts) / 2
    assert sum(count > 1 for count in counts) > len(counts) / 20


def test_a_copy_names_an_earlier_source_and_repeats_its_claims(rows: list[dict[str, str]]) -> None:
    met: dict[str, set[str]] = {}
    for row in rows:
        met.setdefault(row["source"], set()).add(row["sha256"])
    order = {name: number for number, name in enumerate(met)}
    copies = [row for row in rows if "derivedFrom" in row]
    assert copies
    for row in copies:
        assert order[row["derivedFrom"]] < order[row["source"]]
        assert met[row["source"]] <= met[row["derivedFrom"]]


def test_it_is_imported_and_built_and_disputes_are_found(tmp_path: Path) -> None:
    write_workspace(tmp_path / "w", entities(300, 1))
    place = Workspace(tmp_path / "w")
    table = tmp_path / "c.jsonl"
    table.write_text("".join(corpus(300, 1)), encoding="utf-8")
    reported: list[Problem] = []
    done = import_table(table, place, reported.append)
    assert {problem.code for problem in reported} <= {"years-or-month"}
    assert (done.refused, sum(done.files.values())) == (0, 300)
    built = build(place)
    assert built.ok, built.problems
    assert built.counts["statements"] == 300
    found = open_graph(place.root).query("SELECT DISTINCT ?kind { ?dispute sp:kind ?kind }")
    assert isinstance(found, Table)
    assert len(list(found)) >= 3

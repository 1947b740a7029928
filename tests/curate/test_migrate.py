"""graphkit migrate: sure readings are written, everything else stays as it is and is listed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from graphkit.build.pipeline import check
from graphkit.curate.migrate import plan_migration
from graphkit.model.errors import WorkspaceError
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """# Read in the library.
id: old
kind: report
publisher: example-gazette
title: "Of an earlier version"
statements:
"""
LAST = (
    '    evidence: {starts: "some words", sha256: f3334ee13f0259976d843264e7ae24e7e38a9b42e2db5c5100e24ca1e683f04b}\n'
)


def old(starter: Workspace, *lines: str, relation: str = "consulted", last: str = LAST) -> Path:
    """Add a source with one statement to a workspace and return its file."""
    path = starter.data / "sources/old.yaml"
    said = ["speaker: exampletown-police", "subject: exampletown-police", f"relation: {relation}"]
    said += ["object: neighbours-united", *lines, 'gist: "It says so."']
    path.write_text(
        f"{HEAD}  said: # see page 3\n" + "".join(f"    {line}\n" for line in said) + last, encoding="utf-8"
    )
    return path


@pytest.fixture
def town(starter: Workspace) -> Workspace:
    """Return the starter with a place, a law and a topic."""
    (starter.data / "entities/more.yaml").write_text(
        "entities:\n  the-quay: {kind: place, label: the Quay}\n"
        "  lamps-act: {kind: legal-instrument, label: Lamps Act}\n"
        "  noise: {kind: topic, label: noise}\n",
        encoding="utf-8",
    )
    return starter


@pytest.mark.parametrize(
    ("scope", "written"),
    [
        ("in the Quay", "place: the-quay"),
        ("under the Lamps Act", "under: lamps-act"),
        ("on Exampletown street cameras", "matter: street-cameras"),
        ("at the request of Exampletown Council", "requester: exampletown-council"),
        ("for noise", "purpose: noise"),
        ("in part", 'extent: "in part"'),
        ("by hand", 'manner: "by hand"'),
        ("if money is found", 'condition: "if money is found"'),
        ("section 35(2)(b)", 'provision: "section 35(2)(b)"'),
    ],
)
def test_a_scope_with_one_reading_becomes_a_qualifier(town: Workspace, scope: str, written: str) -> None:
    path = old(town, f'scope: "{scope}"  # as printed')
    before = path.read_text(encoding="utf-8")
    plan_migration(town).write()
    expected = before.replace(f'scope: "{scope}"', f"qualifiers: {{{written}}}")
    assert path.read_text(encoding="utf-8") == expected
    assert [problem.code for problem in check(town).problems if problem.location.file.endswith("old.yaml")] == []


@pytest.mark.parametrize("scope", ["of those added", "for Exampletown Council", "in Exampletown", "wrong tool"])
def test_another_scope_stays_and_is_listed(town: Workspace, scope: str) -> None:
    path = old(town, f'scope: "{scope}"')
    before = path.read_bytes()
    found = plan_migration(town)
    found.write()
    assert path.read_bytes() == before
    assert [(one.kind, one.text, str(one.location)) for one in found.left] == [
        ("scope", scope, "data/sources/old.yaml:12:5")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (['hedge: "may"'], ["certainty: possible", 'hedge: "may"']),
        (['hedge: "probably"  # it says'], ["certainty: probable", 'hedge: "probably"  # it says']),
        (["amount: {number: 30, unit: GBP}", 'hedge: "nearly"'], ["amount: {number: 30, unit: GBP, bound: nearly}"]),
        (["amount: {number: 3, unit: GBP, bound: less-than}", "hedge: almost"],
         ["amount: {number: 3, unit: GBP, bound: almost}"]),
        (["amount: {number: 30, unit: GBP}", "scope: each year"], ["amount: {number: 30, unit: GBP, per: year}"]),
    ],
)  # fmt: skip
def test_hedges_and_rates_get_fields_of_their_own(town: Workspace, before: list[str], after: list[str]) -> None:
    path = old(town, *before, relation="funded")
    expected = old(town, *after, relation="funded").read_text(encoding="utf-8")
    old(town, *before, relation="funded")
    plan_migration(town).write()
    assert path.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("evidence", [LAST.replace("}", ", at: 25}"), LAST.rstrip("\n") + "\n"])
def test_typed_positions_go(town: Workspace, evidence: str) -> None:
    path = old(town, last=evidence)
    plan_migration(town).write()
    assert path.read_text(encoding="utf-8") == old(town).read_text(encoding="utf-8")


def test_a_replaced_relation_becomes_its_successor_and_swaps_its_ends(town: Workspace) -> None:
    path = old(town, relation="assessed")
    plan_migration(town).write()
    text = path.read_text(encoding="utf-8")
    assert "subject: neighbours-united\n    relation: reviewed\n    object: exampletown-police\n" in text


def test_a_successor_that_asks_for_more_is_left_to_a_person(town: Workspace) -> None:
    path = old(town, relation="criminalises")
    before = path.read_bytes()
    found = plan_migration(town)
    assert [(one.kind, one.text) for one in found.left] == [("relation", "criminalises")]
    found.write()
    assert path.read_bytes() == before


def test_planning_writes_nothing_and_a_second_migration_changes_nothing(town: Workspace) -> None:
    path = old(town, 'scope: "in part"', 'hedge: "may"')
    before = path.read_bytes()
    found = plan_migration(town)
    assert len(found.changes) == 2
    assert path.read_bytes() == before
    found.write()
    assert plan_migration(town).changes == ()


def test_lines_with_windows_ends_keep_them(town: Workspace) -> None:
    path = old(town, 'scope: "in part"', 'hedge: "may"')
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    plan_migration(town).write()
    raw = path.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert b'certainty: possible\r\n    hedge: "may"\r\n' in raw


def test_all_files_are_written_or_none(town: Workspace) -> None:
    path = old(town, 'scope: "in part"')
    before = path.read_bytes()
    (town.data / "sources/zebra.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"zebra\.yaml"):
        plan_migration(town)
    assert path.read_bytes() == before


def test_the_ontology_is_brought_up_to_date_and_keeps_the_terms_of_the_workspace(town: Workspace) -> None:
    vocabulary = town.ontology / "vocab.ttl"
    text = vocabulary.read_text(encoding="utf-8")
    earlier = text[: text.index("sp:certaintyScheme")] + text[text.index("sp:publicityScheme") :]
    own = 'sp:pigeons a sp:Unit ;\n    rdfs:label "pigeons"@en .\n'
    vocabulary.write_text(f"{earlier}\n{own}", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="earlier version"):
        check(town)
    found = plan_migration(town)
    assert [one.kind for one in found.changes] == ["ontology"]
    found.write()
    assert vocabulary.read_text(encoding="utf-8") == f"{text}\n# Terms of this workspace.\n\n{own}"
    assert check(town).problems[0].code == "unused-entity"
    assert plan_migration(town).changes == ()


def test_our_own_data_needs_no_change(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    for name in ("ontology", "data"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    assert [str(change.location) for change in plan_migration(place).changes] == []

"""The gate before a release: each rule refuses its own case, with the place, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from commands import runner

from graphkit.model.errors import WorkspaceError
from graphkit.release.publication import RULES, check, conditions, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands import Said

    from graphkit.model.workspace import Workspace

BY, NC, ND, SA = (f"https://creativecommons.org/licenses/{name}/4.0/" for name in ("by", "by-nc", "by-nd", "by-sa"))
CC0, OWN = "https://creativecommons.org/publicdomain/zero/1.0/", "https://example.org/own"


@pytest.fixture
def publishable(small: Workspace) -> Workspace:
    """Return the small workspace, made fit for publication."""
    (small.data / "sources/weekly-1.yaml").unlink()
    edit(
        small,
        "sources/copy-1.yaml",
        "    gist: Gist of employs.",
        "    publicity: on-record\n    gist: Gist of employs.",
    )
    edit(small, "dataset.yaml", "creators:", 'unverifiedShare: "1"\ncreators:')
    assert check(small) == []
    return small


def edit(place: Workspace, name: str, old: str, new: str) -> None:
    path = place.data / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def found(place: Workspace) -> list[tuple[str, str]]:
    return [(one.rule, str(one.location)) for one in check(place)]


def test_a_named_person_needs_publicity_also_where_the_graph_fills_it_in(publishable: Workspace) -> None:
    edit(publishable, "sources/copy-1.yaml", "    publicity: on-record\n", "")
    assert found(publishable) == [("person-without-publicity", "data/sources/copy-1.yaml:15:3")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    gist: Gist of funded.", "    speaker: spokeswoman\n    gist: Gist of funded."),
        ("    gist: Gist of funded.", "    via: [reporter]\n    gist: Gist of funded."),
        ("    relation: funded\n    object: scheme", "    relation: claimed\n    object: {statement: employs}"),
    ],
)
def test_a_person_is_named_by_any_field(publishable: Workspace, old: str, new: str) -> None:
    edit(publishable, "sources/copy-1.yaml", old, new)
    assert found(publishable) == [("person-without-publicity", "data/sources/copy-1.yaml:9:3")]


def test_a_statement_without_people_needs_none(publishable: Workspace) -> None:
    text = (publishable.data / "sources/daily-1.yaml").read_text(encoding="utf-8")
    assert "publicity" not in text
    assert found(publishable) == []


def test_a_person_without_a_public_role_is_private(publishable: Workspace) -> None:
    edit(publishable, "entities/all.yaml", "label: Spokeswoman, speaksFor: [charity]", "label: Spokeswoman")
    assert found(publishable) == [("private-person", "data/entities/all.yaml:10:3")]


@pytest.mark.parametrize("role", ["posts: [{role: speaker, at: charity}]", "speaksFor: [charity]"])
def test_a_post_is_a_public_role(publishable: Workspace, role: str) -> None:
    edit(publishable, "entities/all.yaml", "speaksFor: [charity]", role)
    assert found(publishable) == []


@pytest.mark.parametrize(("publicity", "public"), [("on-record", True), ("self-published", True), ("leaked", False)])
def test_speaking_in_public_is_a_public_role(publishable: Workspace, publicity: str, public: bool) -> None:
    edit(publishable, "entities/all.yaml", "label: Spokeswoman, speaksFor: [charity]", "label: Spokeswoman")
    edit(
        publishable,
        "sources/copy-2.yaml",
        "    gist:",
        f"    speaker: spokeswoman\n    publicity: {publicity}\n    gist:",
    )
    assert (found(publishable) == []) is public


def test_more_unverified_passages_than_allowed_are_listed(publishable: Workspace) -> None:
    edit(publishable, "dataset.yaml", '"1"', '"0.9"')
    first, *others = check(publishable)
    assert (first.rule, str(first.location)) == ("unverified-evidence", "data/dataset.yaml")
    assert "10 of 10 passages (100.0 per cent) are unverified; 90 per cent may be." in first.message
    assert len(others) == 10
    assert str(others[0].location) == "data/sources/copy-1.yaml:9:3"


def test_without_the_field_no_passage_may_be_unverified(publishable: Workspace) -> None:
    edit(publishable, "dataset.yaml", 'unverifiedShare: "1"\n', "")
    assert {one.rule for one in check(publishable)} == {"unverified-evidence"}


@pytest.mark.parametrize("share", ["1.1", "-0.1", "5 %", "some"])
def test_a_share_that_is_none_is_a_located_problem(publishable: Workspace, share: str) -> None:
    edit(publishable, "dataset.yaml", '"1"', f'"{share}"')
    with pytest.raises(WorkspaceError, match="data have errors"):
        check(publishable)


# Licence of the source, licence of the dataset, and whether that is permitted.
LICENCES = [
    ("", BY, True), (BY, BY, True), (CC0, BY, True), (BY, SA, True), (SA, SA, True), (CC0, CC0, True), (NC, NC, True),
    ("https://opendatacommons.org/licenses/by/1-0/", BY, True), (OWN, OWN, True),
    (NC, BY, False), (ND, BY, False), (ND, ND, False), (SA, BY, False), (BY, CC0, False), (SA, CC0, False),
    ("https://opendatacommons.org/licenses/odbl/1-0/", SA, False), (OWN, BY, False),
    (BY, OWN, False),
]  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours", "permitted"), LICENCES)
def test_the_licence_of_a_source_must_permit_that_of_the_dataset(
    publishable: Workspace, theirs: str, ours: str, permitted: bool
) -> None:
    edit(publishable, "dataset.yaml", f"licence: {BY}", f"licence: {ours}")
    if theirs:
        edit(publishable, "sources/copy-2.yaml", "statements:", f"licence: {theirs}\nstatements:")
    assert found(publishable) == ([] if permitted else [("licence", "data/sources/copy-2.yaml:1:5")])


def test_licences_are_known_with_and_without_encryption() -> None:
    assert conditions(NC.replace("https", "http")) == conditions(NC) == frozenset({"by", "nc"})


def test_a_release_is_refused_with_the_places(small: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"for \d+ reasons") as refused:
        require(small)
    assert "data/sources/copy-1.yaml:15:3  person-without-publicity" in refused.value.hint
    assert "--publication" in refused.value.hint


def test_a_publishable_workspace_is_not_refused(publishable: Workspace) -> None:
    require(publishable)


def test_the_command_prints_reasons_and_rules(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run: Callable[..., Said] = runner(monkeypatch, capsys)
    where = ("-w", str(small.root))
    shown = run("check", "--publication", *where)
    assert shown.code == 1
    assert "data/sources/copy-1.yaml:15:3  person-without-publicity" in shown.err
    rows = list(csv.DictReader(io.StringIO(run("check", "--publication", "-f", "csv", *where).out)))
    assert len(rows) == len(check(small))
    rules = json.loads(run("check", "--publication", "--why", "-f", "json", *where).out)
    assert [rule["rule"] for rule in rules] == [rule.name for rule in RULES]
    assert sum(rule["found"] for rule in rules) == len(rows)
    assert run("check", "--why", *where).code == 2

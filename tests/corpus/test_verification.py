"""The record of verified passages: only looking up writes it, and it holds only while the hashes match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.build.pipeline import check
from graphkit.corpus.evidence import Captures
from graphkit.corpus.load import load
from graphkit.corpus.verification import record
from graphkit.model.errors import WorkspaceError

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace


def look_up(workspace: Workspace) -> tuple[int, int, int]:
    captures = Captures.in_folder(workspace.root / "captures")
    done = record(workspace, load(workspace).corpus, captures, "2021-05-01")
    return done.verified, done.kept, done.dropped


def test_without_a_record_nothing_is_verified(starter: Workspace) -> None:
    starter.verification.unlink()
    assert check(starter, starter.root / "captures").evidence == {"unverified": 4}
    assert look_up(starter) == (4, 0, 0)
    assert check(starter).evidence == {"verified": 4}


def test_recording_again_writes_the_same_file(starter: Workspace) -> None:
    before = starter.verification.read_bytes()
    assert look_up(starter) == (4, 0, 0)
    assert starter.verification.read_bytes() == before


def test_what_cannot_be_looked_up_again_is_kept(starter: Workspace) -> None:
    (starter.root / "captures/example-gazette-2021.txt").unlink()
    assert look_up(starter) == (0, 4, 0)
    assert check(starter).evidence == {"verified": 4}
    assert check(starter, starter.root / "captures").without_capture == ("example-gazette-2021",)


@pytest.mark.parametrize("old", ["sha256: 0bd67ef8", "sha256: 2066cef8"])
def test_a_status_ends_with_a_hash_that_changes(starter: Workspace, old: str) -> None:
    path = starter.data / "sources/example-gazette-2021.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, old[:-1] + "9"), encoding="utf-8")
    found = check(starter)
    assert [problem.code for problem in found.problems] == ["stale-verification"]
    assert found.evidence["unverified"] in {1, 4}


def test_a_damaged_record_is_not_overwritten(starter: Workspace) -> None:
    text = starter.verification.read_text(encoding="utf-8").replace(",45,", ",46,")
    starter.verification.write_text(text, encoding="utf-8")
    [problem] = check(starter).problems
    assert (problem.code, problem.location.file) == ("damaged-verification", "data/verification.csv")
    with pytest.raises(WorkspaceError, match="Nothing was recorded"):
        look_up(starter)
    assert starter.verification.read_text(encoding="utf-8") == text

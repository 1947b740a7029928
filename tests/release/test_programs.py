"""Proofs by programs in environments of their own: each refuses a change of its files; without them it is skipped."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY
from releases import PROGRAMS, removed, replaced

from graphkit.release.verify.deposit import Deposit
from graphkit.release.verify.proofs import PROOFS, Outcome, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.graph import Graph

TOOLS = Path(os.environ.get("GRAPHKIT_TOOLS", REPOSITORY / "build/tools"))
PROVED = {name: next(proof for proof in PROOFS if proof.name.endswith(f"by {name}")) for name in PROGRAMS}
CHANGES: dict[str, Callable[[Path], None]] = {
    "HermiT": partial(replaced, "ontology.ttl", "sp:speaker a owl:ObjectProperty", "sp:speaker a owl:DatatypeProperty"),
    "rocrate-validator": partial(replaced, "ro-crate-metadata.json", '"@type": "Dataset"', '"@type": "Data"'),
    "cffconvert": partial(replaced, "CITATION.cff", "^license: .*", "license: CC-BY"),
    "reuse": partial(removed, "LICENSES/CC0-1.0.txt"),
    "ndex2": partial(replaced, "network/graph.cx2", r'\{"id": 0, "s": .*?\}\}, ', ""),
    "ladybug": partial(replaced, "network/neo4j/nodes.csv", r"^(:ID.*\n).*\n", r"\1"),
    "sssom": partial(replaced, "mappings.sssom.tsv", "semapv:UnspecifiedMatching", "by hand"),
}


@pytest.fixture
def copied(released: tuple[Graph, Path], tmp_path: Path) -> Path:
    return shutil.copytree(released[1], tmp_path / "dist")


def tried(name: str, folder: Path, tools: Path | None) -> Outcome:
    return outcome_of(PROVED[name], Deposit.open(folder, tools=tools))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_proves_our_release_and_refuses_a_change(copied: Path, name: str) -> None:
    outcome = tried(name, copied, TOOLS)
    if outcome.result == "skipped":
        pytest.skip(outcome.skipped)
    assert (outcome.result, outcome.faults) == ("proved", "")
    CHANGES[name](copied)
    outcome = tried(name, copied, TOOLS)
    assert outcome.result == "failed"
    assert outcome.faults


@pytest.mark.parametrize("name", PROGRAMS)
def test_without_the_program_its_proof_is_skipped_with_the_command_that_installs_it(copied: Path, name: str) -> None:
    for tools in (None, copied / "nowhere"):
        outcome = tried(name, copied, tools)
        assert (outcome.result, "make tools" in outcome.skipped) == ("skipped", True)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with a program that prints its words and fails if the release has no CITATION.cff."""
    program = tmp_path / "tools/cffconvert/bin/cffconvert"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$SECRET$@"\npwd > "$HOME/place"\ngrep -q Ada "$3"\n', encoding="utf-8")
    program.chmod(0o700)
    return tmp_path / "tools"


def test_a_program_runs_outside_the_release_and_without_the_variables_of_the_user(
    copied: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "xyzzy")
    files = sorted(copied.rglob("*"))
    assert tried("cffconvert", copied, tools).result == "proved"
    replaced("CITATION.cff", "Ada", "Eva", copied)
    outcome = tried("cffconvert", copied, tools)
    assert (outcome.result, outcome.faults) == ("failed", f"--validate -i {copied / 'CITATION.cff'}")
    assert sorted(copied.rglob("*")) == files


def test_a_folder_with_a_link_is_given_to_no_program(copied: Path, tools: Path) -> None:
    (copied / "more").symlink_to("/etc/hostname")
    assert tried("cffconvert", copied, tools).faults == "The folder has links or too many files."


def test_a_program_that_does_not_end_is_stopped(copied: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphkit.release.verify.programs._SECONDS", 0.2)
    (tools / "cffconvert/bin/cffconvert").write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    assert "did not end in 0.2 s" in tried("cffconvert", copied, tools).faults

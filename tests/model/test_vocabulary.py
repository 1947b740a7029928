"""The ontology is read once in a process, and again when its text has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from graphkit.model.errors import WorkspaceError
from graphkit.model.vocabulary import read_ontology, read_vocabulary
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

FILES = Workspace(REPOSITORY).vocabularies()


def test_files_with_the_same_text_are_read_once(tmp_path: Path) -> None:
    copies = [tmp_path / path.name for path in FILES]
    for path, copy in zip(FILES, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    assert read_ontology(copies) is read_ontology(FILES)
    assert read_vocabulary(copies) is read_vocabulary(FILES)


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text("@prefix sp: <https://w3id.org/surveillance-policy/ontology#> .\nsp:praised a sp:Relation .\n")
    assert set(read_vocabulary([path]).relations) == {"praised"}
    path.write_text(path.read_text().replace("praised", "thanked"))
    assert set(read_vocabulary([path]).relations) == {"thanked"}


@pytest.mark.parametrize("name", ["one.ttl", "two.ttl"])
def test_a_message_names_the_file_even_if_another_has_the_same_text(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("not Turtle")
    with pytest.raises(WorkspaceError, match=name):
        read_vocabulary([tmp_path / name])

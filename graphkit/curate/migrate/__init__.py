"""Brings a workspace of an earlier version up to the present model, and lists the places that need a person.

Only texts with one sure reading are changed. The files keep their comments and their layout: lines are replaced, and
each changed file is read again and compared with the data that it should contain. All files are written, or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graphkit.corpus.yaml_tree import Node
from graphkit.curate.migrate.lines import SourceEditor
from graphkit.curate.migrate.readings import Readings, leftovers
from graphkit.curate.yaml_edit import entries, read_file, write_files
from graphkit.model.errors import Location
from graphkit.model.vocabulary import Vocabulary, vocabulary
from graphkit.model.workspace import Workspace, packaged_ontology

_TERM = re.compile(r"^sp:(\w+) a ", re.MULTILINE)
_OWN = "# Terms of this workspace."
_QUERIES = ("rules", "checks")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a statement, or of a file of the ontology.

    Attributes:
        kind: at, certainty, bound, scope, relation, value or ontology.
    """

    location: Location
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """A place where a person must decide."""

    location: Location
    kind: str
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Migration:
    """The changes of a workspace, and what is left.

    Attributes:
        texts: The files that change, with their new texts.
    """

    texts: Mapping[Path, str]
    changes: tuple[Change, ...] = ()
    left: tuple[Leftover, ...] = ()

    def write(self) -> None:
        """Write all files, or none."""
        write_files(self.texts)


def plan_migration(workspace: Workspace) -> Migration:
    """Return the changes that bring a workspace up to the present model; nothing is written.

    Raises:
        WorkspaceError: A file cannot be read, or its layout does not allow a change by lines.
    """
    workspace.recover()
    texts = dict(updated_ontology(workspace))
    changes = [
        Change(Location(workspace.name(path)), "ontology", "an earlier version", "the version of this program")
        for path in texts
    ]
    left: list[Leftover] = []
    words = _vocabulary(workspace, texts)
    readings = Readings(words, _entities(workspace))
    for path in workspace.source_files():
        text, tree = read_file(path, workspace.name(path))
        editor = SourceEditor(text, tree, readings)
        done = editor.migrate()
        changes += [Change(*change) for change in done]
        left += [Leftover(*found) for found in leftovers(editor.tree, words)]
        if done:
            texts[path] = editor.text
    return Migration(texts, tuple(changes), tuple(left))


def _vocabulary(workspace: Workspace, texts: Mapping[Path, str]) -> Vocabulary:
    quads: list[ox.Quad] = []
    for path in {*workspace.vocabularies(), *(path for path in texts if path.parent == workspace.ontology)}:
        if path.suffix == ".ttl" and path.name != "shapes.ttl":
            text = texts.get(path) or path.read_text(encoding="utf-8")
            quads += ox.parse(text, format=ox.RdfFormat.TURTLE)
    return vocabulary(quads)


def _entities(workspace: Workspace) -> dict[str, dict[str, Node]]:
    trees = (read_file(path, workspace.name(path))[1] for path in workspace.entity_files())
    found = (pair for tree in trees for pair in entries(tree, "entities").items())
    return {slug: node for slug, node in found if isinstance(node, dict)}


def updated_ontology(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    """Yield the files of the ontology that differ from those of the program, with their new texts.

    Questions, and files that the program does not have, stay as they are.
    """
    packaged = packaged_ontology()
    if workspace.ontology.resolve() == packaged.resolve():
        return
    known = {name for path in packaged.glob("*.ttl") for name in _TERM.findall(path.read_text(encoding="utf-8"))}
    files = [*packaged.glob("*.ttl"), *packaged.glob("*.json")]
    files += [path for folder in _QUERIES for path in (packaged / folder).glob("*.rq")]
    for path in sorted(files):
        own = workspace.ontology / path.relative_to(packaged)
        before = own.read_text(encoding="utf-8") if own.exists() else ""
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ttl" and path.name != "shapes.ttl":
            text += _own_terms(before, known)
        if text != before and own.parent.is_dir():
            yield own, text


def _own_terms(text: str, known: set[str]) -> str:
    """Return the blocks of terms that the program does not have."""
    blocks = [block for block in text.split("\n\n") if (term := _TERM.match(block.strip())) and term[1] not in known]
    return "\n".join(["", _OWN, "", "\n\n".join(block.strip() for block in blocks), ""]) if blocks else ""

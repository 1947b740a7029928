"""The workspace into which rows are imported: the names that they may refer to, and the existing source files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphkit.corpus import parse as records
from graphkit.corpus.references import Links
from graphkit.corpus.write import INDENT, source_fields, source_text, statement_fields, statement_text
from graphkit.corpus.yaml_tree import Tree, parse_tree, read_tree
from graphkit.curate.tables.table import CannotImportError
from graphkit.model.errors import Location, Problem, WorkspaceError, has_errors
from graphkit.model.records import Entity, Evidence, Source, Statement
from graphkit.model.vocabulary import read_vocabulary
from graphkit.model.workspace import Workspace

_CORRECT = "type graphkit check, and correct the file."


def read_links(workspace: Workspace) -> Links:
    """Read the names that rows may refer to: entities, sources and the terms of the ontology."""
    entities: dict[str, Entity] = {}
    wrong: list[Problem] = []
    for path in workspace.entity_files():
        tree, problems = _read(path, workspace)
        found, others = records.entities(tree)
        wrong += problems or others
        entities = found | entities
    if has_errors(wrong):
        raise CannotImportError(*wrong)
    return Links(entities, frozenset(source_paths(workspace)), read_vocabulary(workspace.vocabularies()))


def source_paths(workspace: Workspace) -> dict[str, Path]:
    """Return the existing source files, by id."""
    return {path.stem: path for path in workspace.source_files()}


def _read(path: Path, workspace: Workspace) -> tuple[Tree, list[Problem]]:
    try:
        return read_tree(path, workspace.name(path))
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.", "Make it readable, or remove it.") from error


@dataclass(slots=True)
class SourceFiles:
    """The source files of a workspace."""

    workspace: Workspace
    add: bool
    paths: dict[str, Path]
    indents: dict[str, int] = field(default_factory=dict)

    def existing(self, name: str, location: Location) -> tuple[Source | None, list[Problem]]:
        """Return an existing source, or the reason why nothing can be added to it; neither if it is new."""
        path = self.paths.get(name)
        if path is None:
            return None, []
        file = self.workspace.name(path)
        if not self.add:
            message = f"Column 'source': {name!r} exists already, in {file}."
            solution = "add the statements to it with --add, or give this source another id."
            return None, [Problem("source-exists", location, message, solution)]
        found, why = self._open(name, path)
        if found is None:
            message = f"Column 'source': nothing can be added to {file}: {why[0]}"
            return None, [Problem("cannot-add", location, message, why[1])]
        return found, []

    def _open(self, name: str, path: Path) -> tuple[Source | None, tuple[str, str]]:
        """Read a source file and try to add a statement to it; return the reason if that is not possible."""
        tree, problems = _read(path, self.workspace)
        source, others = records.source(tree)
        if source is None or problems or others:
            return None, ("there are problems in it.", _CORRECT)
        if source.id != name:
            return None, (f"its id is {source.id!r}.", _CORRECT)
        if not isinstance(tree.root, dict) or list(tree.root)[-1] != "statements":
            return None, ("its key statements: is not the last one.", "move statements: to the end of the file.")
        first = next((key for key in source.statements), "")
        self.indents[name] = tree.key_place(("statements", first)).column - 1
        if not self._takes_more(name, path, source):
            return None, (
                "its statements end in a way that nothing can follow.",
                "write each key in a line of its own.",
            )
        return source, ("", "")

    def _takes_more(self, name: str, path: Path, source: Source) -> bool:
        key = _unused(source)
        raw = b"".join(pieces(path.read_bytes(), [self.spell(name, key, _PROBE)]))
        tree, problems = parse_tree(raw.decode("utf-8-sig"), "")
        found, others = records.source(tree)
        return (
            not problems
            and not others
            and found == source.model_copy(update={"statements": {**source.statements, key: _PROBE}})
        )

    def path(self, name: str) -> Path:
        """Return the file of a source."""
        return self.paths.get(name) or self.workspace.data / "sources" / f"{name}.yaml"

    def begin(self, source: Source) -> bytes:
        """Return the file before the statements that are added."""
        path = self.paths.get(source.id)
        return path.read_bytes() if path else source_text({**source_fields(source), "statements": None}).encode()

    def write(self, source: Source, texts: Iterable[str], path: Path) -> None:
        """Write the file of a source."""
        with path.open("wb") as file:
            file.writelines(pieces(self.begin(source), texts))

    def spell(self, name: str, key: str, statement: Statement) -> str:
        """Return a statement as YAML, with the indentation of its file."""
        return statement_text(key, statement_fields(statement), self.indents.get(name, INDENT))


_PROBE = Statement(subject="x", relation="x", object="x", gist="x", evidence=Evidence(starts="x", sha256="0" * 64))


def _unused(source: Source) -> str:
    key = "probe"
    while key in source.statements:
        key += "-x"
    return key


def pieces(begin: bytes, texts: Iterable[str]) -> Iterator[bytes]:
    r"""Yield the content of a file and then added texts, with the line ends of the file.

    >>> b"".join(pieces(b"a: b\r\nc: d", ["e: f\n"]))
    b'a: b\r\nc: d\r\ne: f\r\n'
    """
    end = b"\r\n" if b"\r\n" in begin else b"\n"
    yield begin if begin.endswith(b"\n") else begin + end
    for text in texts:
        yield text.encode().replace(b"\n", end)

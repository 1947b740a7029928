"""Databases of Discourse Network Analyzer (`.dna`, SQLite) into sources, entities, captures and a codebook.

Texts go into the folder of captures, outside the workspace; the data keep the evidence of each statement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphkit.corpus import parse as records
from graphkit.corpus.lint import check_text
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.capture.files import check_folder
from graphkit.curate.dna.conversion import convert
from graphkit.curate.dna.database import read_database
from graphkit.curate.dna.files import codebook_text, entities_text, refused_text, source_file
from graphkit.curate.tables.sources import read_links
from graphkit.curate.yaml_edit import write_files
from graphkit.model.errors import Location, Problem, WorkspaceError, has_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.corpus.references import Links
    from graphkit.curate.dna.conversion import Converted
    from graphkit.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportedDna:
    """The result of an import.

    Attributes:
        files: The files in the workspace, or what they would be on a real run.
        captures: The texts of the documents, outside it.
        roles: Label of a statement type to the variables that give actor, speaker, concept and qualifier.
        refused: Statement to the reason why it was not imported.
    """

    files: tuple[Path, ...]
    captures: tuple[Path, ...]
    documents: int
    statements: int
    entities: int
    roles: dict[str, str]
    refused: dict[str, str]
    refused_file: Path


def import_dna(
    path: Path, workspace: Workspace, captures: Path, given: Mapping[str, str], *, dry_run: bool = False
) -> ImportedDna:
    """Import a database: all files are written, or none.

    Args:
        captures: The folder for the texts.
        given: Role to the variable that has it, where it is not found by its name: see `graphkit.curate.dna.roles`.

    Raises:
        WorkspaceError: The file is no such database, holds no statement, or one of the new files exists already.
    """
    workspace.recover()
    database = read_database(path)
    links = read_links(workspace)
    made = convert(database, path.stem, links, given)
    texts = _data_files(made, workspace)
    folder = check_folder(captures, workspace)
    stored = {folder / f"{source.id}.txt": made.texts[source.id] for source in made.sources if source.id in made.texts}
    refused = path.with_name(f"{path.stem}.refused.csv")
    _require_new([*(file for file in texts if file != workspace.data / "codebook.yaml"), *stored])
    _check(texts, workspace, links, made)
    if not dry_run:
        rest = {refused: refused_text(database, made.refused)} if made.refused else {}
        write_files({**texts, **stored, **rest})
    count = sum(len(source.statements) for source in made.sources)
    return ImportedDna(
        tuple(texts), tuple(stored), len(made.sources), count, len(made.entities), made.roles, made.refused, refused
    )


def _data_files(made: Converted, workspace: Workspace) -> dict[Path, str]:
    """Return the files of the workspace: entities, sources, and the codebook with its new concepts."""
    sources = workspace.data / "sources"
    found = {sources / f"{source.id}.yaml": source_file(source) for source in made.sources}
    codebook = workspace.data / "codebook.yaml"
    found[workspace.data / "entities" / f"{made.name}.yaml"] = entities_text(made.entities)
    return {**found, codebook: codebook_text(codebook, workspace.name(codebook), made.concepts)}


def _require_new(files: list[Path]) -> None:
    existing = next((file for file in files if file.exists()), None)
    if existing:
        raise WorkspaceError(
            f"{existing} exists already; nothing was imported.", "Remove it, or rename the database: ids begin with it."
        )


def _check(texts: Mapping[Path, str], workspace: Workspace, links: Links, made: Converted) -> None:
    """Make sure that the new files pass the checks of `graphkit check`.

    Raises:
        WorkspaceError: A text of the database cannot be part of the data.
    """
    linked = replace(links, entities={**links.entities, **made.entities})
    for path, text in texts.items():
        tree, problems = parse_tree(text, workspace.name(path))
        problems += check_text(tree)
        if path.parent.name == "sources":
            source, others = records.source(tree)
            problems += others
            problems += linked.check_source(tree, source) if source else []
        if has_errors(problems):
            raise _refusal(next(problem for problem in problems if has_errors([problem])))


def _refusal(problem: Problem) -> WorkspaceError:
    place: Location = problem.location
    return WorkspaceError(
        f"{place} would be wrong ({problem.code}): {problem.message} Nothing was imported.",
        f"Correct it in DNA: {problem.solution}",
    )

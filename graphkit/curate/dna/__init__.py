"""Databases of Discourse Network Analyzer (`.dna`, SQLite) into sources, entities, captures and a codebook.

Texts go into the folder of captures, outside the workspace; the data keep the evidence of each statement.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphkit.corpus import parse as records
from graphkit.corpus.lint import check_text
from graphkit.corpus.write import (
    entity_line,
    quoted,
    source_fields,
    source_text,
    statement_fields,
    statement_text,
    word,
)
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.capture.files import check_folder
from graphkit.curate.dna.conversion import AGREES, DISAGREES, convert
from graphkit.curate.dna.database import DnaDatabase, DnaStatement, read_database
from graphkit.curate.tables.sources import read_links
from graphkit.curate.yaml_edit import entries, read_file, with_entry, write_files
from graphkit.model.errors import Location, Problem, WorkspaceError, has_errors
from graphkit.model.records import Entity, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphkit.corpus.references import Links
    from graphkit.curate.dna.conversion import Converted
    from graphkit.model.workspace import Workspace

_HEADER = ("problem", "id", "type", "document", "start", "stop", "coder", "variables")


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


def source_file(source: Source) -> str:
    """Return the file of a source."""
    if not source.statements:
        return source_text(source_fields(source)) + "statements: {}\n"
    texts = (statement_text(key, statement_fields(each)) for key, each in source.statements.items())
    return source_text({**source_fields(source), "statements": None}) + "".join(texts)


def entities_text(entities: Mapping[str, Entity]) -> str:
    """Return a file of entities."""
    head = "# yaml-language-server: $schema=../../ontology/entities.schema.json\nentities:"
    lines = (f"  {entity_line(slug, entity)}\n" for slug, entity in sorted(entities.items()))
    return f"{head}\n{''.join(lines)}" if entities else f"{head} {{}}\n"


def codebook_text(path: Path, name: str, concepts: Mapping[str, tuple[str, set[str]]]) -> str:
    """Return the codebook with a concept for each label that it does not have yet."""
    text, tree = read_file(path, name, "concepts:\n")
    new = sorted(concepts.keys() - entries(tree, "concepts").keys())
    block = [line for slug in new for line in _concept(slug, *concepts[slug])]
    return with_entry(text, tree, "concepts", block)[0] if block else text


def _concept(slug: str, label: str, relations: set[str]) -> list[str]:
    rules = [(sign, relation) for sign, relation in (("+", AGREES), ("-", DISAGREES)) if relation in relations]
    return [
        f"{word(slug)}:",
        f"  label: {quoted(label)}",
        f"  definition: {quoted('A concept of a DNA database: ' + label)}",
        "  rules:",
        *(f'    - {{sign: "{sign}", relation: [{relation}], object: [{word(slug)}]}}' for sign, relation in rules),
    ]


def refused_text(database: DnaDatabase, refused: Mapping[str, str]) -> str:
    """Return the statements that were not imported, as CSV with the reason first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    writer.writerows(
        (refused[str(each.id)], each.id, database.types.get(each.type, ("",))[0], each.document, each.start, each.stop,
         each.coder, _variables(database, each))
        for each in database.statements if str(each.id) in refused
    )  # fmt: skip
    return out.getvalue()


def _variables(database: DnaDatabase, statement: DnaStatement) -> str:
    _, variables = database.types.get(statement.type, ("", []))
    parts = []
    for variable in variables:
        value = statement.values.get(variable.id, "")
        entity = database.entities.get(value) if variable.type == "short text" else None
        parts.append(f"{variable.name}: {entity.value if entity else value}")
    return "; ".join(parts)

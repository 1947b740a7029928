"""The files of imported databases: YAML, the codebook, and the statements that were refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from graphkit.corpus.write import (
    entity_line,
    quoted,
    source_fields,
    source_text,
    statement_fields,
    statement_text,
    word,
)
from graphkit.curate.dna.conversion import AGREES, DISAGREES
from graphkit.curate.dna.database import DnaDatabase, DnaStatement
from graphkit.curate.yaml_edit import entries, read_file, with_entry
from graphkit.model.records import Entity, Source

_HEADER = ("problem", "id", "type", "document", "start", "stop", "coder", "variables")


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

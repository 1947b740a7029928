"""JSON Schemas for editors, generated from the records and the vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from graphkit.model.codebook import Codebook
from graphkit.model.fields import Record
from graphkit.model.files import replacing
from graphkit.model.records import EntityFile, Merges, Source
from graphkit.model.vocabulary import Vocabulary, read_vocabulary
from graphkit.model.workspace import Workspace


def schemas(words: Vocabulary) -> dict[str, dict[str, Any]]:
    """Return the schemas by file name."""
    relations = [name for name, relation in words.relations.items() if not relation.derived]
    statement = {
        "relation": relations,
        "stance": words.stances,
        "publicity": words.publicity,
        "certainty": words.certainties,
        "basis": words.bases,
    }
    return {
        "source.schema.json": _with_qualifiers(_schema(Source, {"kind": words.source_kinds, **statement}), words),
        "entities.schema.json": _schema(EntityFile, {"kind": words.kinds, "sector": words.sectors}),
        "merges.schema.json": _schema(Merges, {}),
        "codebook.schema.json": _codebook(words, relations),
    }


def _codebook(words: Vocabulary, relations: Iterable[str]) -> dict[str, Any]:
    """Return the schema of the codebook, with the words that its rules and its agreement table may name."""
    schema = _schema(Codebook, {})
    rule = schema["$defs"]["CodingRule"]["properties"]
    for name, known in (("relation", relations), ("subjectKind", words.kinds), ("objectKind", words.kinds)):
        rule[name]["items"] = {"enum": sorted(known)}
    rule["qualifiers"]["propertyNames"] = {"enum": sorted(words.qualifiers)}
    table = schema["$defs"]["Agreement"]["properties"]
    for name, known in (("stances", words.stances), ("certainties", words.certainties)):
        table[name]["propertyNames"] = {"enum": sorted(known)}
    return schema


def _schema(model: type[Record], words: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    whole = model.model_json_schema(by_alias=True)
    for part in [whole, *whole.get("$defs", {}).values()]:
        for name, allowed in words.items():
            if name in part.get("properties", {}):
                part["properties"][name] = {"enum": sorted(allowed), "title": name}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def _with_qualifiers(schema: dict[str, Any], words: Vocabulary) -> dict[str, Any]:
    """Name the qualifiers, and the kinds of amounts, which share their key with the kinds of sources."""
    for part in schema["$defs"].values():
        properties = part.get("properties", {})
        if "qualifiers" in properties:
            known = {"enum": sorted(words.qualifiers)}
            properties["qualifiers"] |= {"propertyNames": known}
    schema["$defs"]["Amount"]["properties"]["kind"] = {"enum": sorted(words.amount_kinds), "title": "kind"}
    return schema


def write_schemas(workspace: Workspace) -> None:
    """Write the schemas into the ontology folder of a workspace."""
    for name, schema in schemas(read_vocabulary(workspace.vocabularies())).items():
        with replacing(workspace.ontology / name) as beside:
            beside.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n", encoding="utf-8")

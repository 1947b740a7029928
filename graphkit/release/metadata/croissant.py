"""croissant.json (Croissant 1.1): the tables as record sets for machine learning, with the fields of responsible AI."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from graphkit.release.content import ReleasedFile
from graphkit.release.metadata.facts import Facts

CONFORMS = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
# Types of the data package to those of Croissant.
TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}
_CR = (
    "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject", "fileProperty",
    "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
    "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _CR},
}
# mlcroissant reads Parquet under this name only, not under that of IANA.
_PARQUET = "application/x-parquet"


def croissant(facts: Facts) -> str:
    """Return croissant.json. The record sets read the Parquet files, whose columns have types."""
    dataset = facts.dataset
    whole = {
        "@context": dict(sorted(_CONTEXT.items())),
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": dataset.title,
        "description": dataset.description,
        "url": facts.address,
        "identifier": facts.address,
        "license": dataset.licence,
        "version": dataset.version,
        "datePublished": facts.released,
        "inLanguage": dataset.language,
        "citeAs": facts.citation,
        "isLiveDataset": False,
        "creator": [{"@type": "sc:Organization", "name": creator.name} for creator in dataset.creators],
        "keywords": list(dataset.subjects),
        **responsible(facts),
        "distribution": [_file_object(file) for file in facts.files if file.name.startswith(("parquet/", "tables/"))],
        "recordSet": [_record_set(table) for table in facts.package["resources"]],
    }
    return json.dumps({key: value for key, value in whole.items() if value != []}, ensure_ascii=False, indent=1) + "\n"


def responsible(facts: Facts) -> dict[str, str | list[str]]:
    """Return the fields of responsible AI (RAI 1.0) that are stated."""
    dataset, counts = facts.dataset, facts.content.counts
    unverified = f"{counts['statements with unverified evidence']} of {counts['statements']}"
    fields: dict[str, str | list[str] | None] = {
        "rai:dataCollection": dataset.collection,
        "rai:dataCollectionType": "Manual Human Curation" if dataset.collection else None,
        "rai:dataAnnotationAnalysis": f"The evidence of {unverified} statements is unverified.",
        "rai:dataLimitations": list(dataset.limits),
        "rai:dataUseCases": list(dataset.uses),
        "rai:dataSocialImpact": "Not fit for: " + " ".join(dataset.misuses) if dataset.misuses else None,
        "rai:personalSensitiveInformation": dataset.sensitive,
        "rai:dataReleaseMaintenancePlan": dataset.maintenance,
    }
    return {name: value for name, value in fields.items() if value}


def _file_object(file: ReleasedFile) -> dict[str, str]:
    parquet = file.name.endswith(".parquet")
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": _PARQUET if parquet else file.media,
        "sha256": file.sha256,
    }


def _record_set(table: Mapping[str, Any]) -> dict[str, Any]:
    name, schema = table["name"], table["schema"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table["description"],
        "key": [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]],
        "field": list(_fields(name, schema)),
    }


def _fields(table: str, schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for column in schema["fields"]:
        yield {
            "@type": "cr:Field",
            "@id": f"{table}/{column['name']}",
            "name": column["name"],
            "description": column["description"],
            "dataType": TYPES[column["type"]],
            "source": {"fileObject": {"@id": f"parquet/{table}.parquet"}, "extract": {"column": column["name"]}},
        }

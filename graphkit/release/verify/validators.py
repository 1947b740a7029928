"""Proofs by the programs and schemas of others, where they are installed or given: none of them is needed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graphkit.model.files import hash_file
from graphkit.release.verify.deposit import TABLE, Deposit, UntriedError

_SUMS = "SHA256SUMS"
# pyshacl holds the graph and its own copies in memory.
_SHACL = 64 << 20


def _imported(name: str) -> Any:  # noqa: ANN401 - a module
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UntriedError(f"{name} is not installed: pip install 'graphkit[verify]'") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what a library logs: its warnings are in its answer too."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _small(deposit: Deposit, *folders: str) -> None:
    """Refuse to give large files to programs that read them as a whole."""
    large = [name for name, size in deposit.files.items() if name.startswith(folders) and size > TABLE // 4]
    if large:
        raise UntriedError(f"{large[0]} is too large for a program that reads it as a whole.")


def check_frictionless(deposit: Deposit) -> Iterator[str]:
    """Yield the errors that frictionless finds in the data package."""
    frictionless = _imported("frictionless")
    _small(deposit, "tables/")
    with _quiet():
        report = frictionless.validate(str(deposit.path("tables/datapackage.json")))
    for task in report.tasks:
        yield from (f"{task.name}: {error.message}" for error in task.errors)
    yield from (error.message for error in report.errors)


def check_mlcroissant(deposit: Deposit) -> Iterator[str]:
    """Yield the warnings of mlcroissant, and the record sets that it reads with other numbers of rows."""
    mlcroissant = _imported("mlcroissant")
    _small(deposit, "parquet/")
    path = deposit.path("croissant.json")
    with _quiet():
        dataset = mlcroissant.Dataset(jsonld=str(path))
        issues = dataset.metadata.ctx.issues
        yield from (str(issue) for issue in (*issues.errors, *issues.warnings))
        for table in deposit.tables:
            rows = sum(1 for _ in dataset.records(record_set=table["name"]))
            expected = sum(1 for _ in deposit.rows(f"tables/{table['name']}.csv"))
            if rows != expected:
                yield f"mlcroissant reads {rows:,} rows of {table['name']}, and the table has {expected:,}."


def check_shapes(deposit: Deposit) -> Iterator[str]:
    """Yield the results of pyshacl for the graph and shapes.ttl."""
    if deposit.files.get("graph-flat.ttl", 0) > _SHACL:
        raise UntriedError("graph-flat.ttl is too large for pyshacl, which holds it in memory.")
    return _against_shapes(deposit, "graph-flat.ttl", deposit.path("shapes.ttl"))


def check_landing_shapes(deposit: Deposit) -> Iterator[str]:
    """Yield the results of pyshacl for the data of the landing page and the shapes for datasets of schema.org."""
    for name in ("soso.ttl", "google.ttl"):
        yield from _against_shapes(deposit, "landing/landing.jsonld", _schema(deposit, name))


def check_dcat_shapes(deposit: Deposit) -> Iterator[str]:
    """Yield the results of pyshacl for dcat.ttl and the shapes of DCAT-AP."""
    return _against_shapes(deposit, "dcat.ttl", _schema(deposit, "dcat-ap.ttl"))


def _against_shapes(deposit: Deposit, name: str, shapes: Path) -> Iterator[str]:
    """Yield the violations; recommendations of shapes are no faults."""
    pyshacl, rdflib = _imported("pyshacl"), _imported("rdflib")
    path, data, rules = deposit.path(name, _SHACL), rdflib.Graph(), rdflib.Graph()
    with _quiet():
        data.parse(path, format="json-ld" if path.suffix == ".jsonld" else "turtle")
        rules.parse(shapes, format="turtle")
        conforms, _, text = pyshacl.validate(data, shacl_graph=rules, allow_warnings=True)
    if not conforms:
        yield from re.findall(r"^\s*Message: (.+)$", text, re.MULTILINE) or [f"{name} does not conform."]


# --- schemas ---------------------------------------------------------------------------------------------------------


def _schema(deposit: Deposit, name: str) -> Path:
    """Return a schema of the folder of schemas, whose SHA256SUMS has the hash of each file.

    Raises:
        UntriedError: There is no such schema, or a schema has another hash.
    """
    folder = deposit.schemas
    if folder is None or not (folder / name).is_file():
        raise UntriedError(f"there is no {name}: graphkit verify --schemas DIR")
    unknown = [path for path in _schemas(folder) if path not in _pinned(folder)]
    if unknown:
        raise UntriedError(f"{folder / _SUMS} does not have the hash of {unknown[0].partition('  ')[2]}.")
    return folder / name


def _schemas(folder: Path) -> list[str]:
    """Return the lines of SHA256SUMS for the schemas in a folder: those that a schema includes count too."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in {".xsd", ".json", ".ttl"}]
    return [f"{hash_file(path)}  {path.relative_to(folder).as_posix()}" for path in paths]


def _pinned(folder: Path) -> set[str]:
    sums = folder / _SUMS
    return set(sums.read_text(encoding="utf-8").split("\n")) if sums.is_file() else set()


def _against_xsd(deposit: Deposit, file: str, schema: str) -> Iterator[str]:
    path = _schema(deposit, schema)
    etree = _imported("lxml.etree")
    parser = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=False)
    checker = etree.XMLSchema(etree.parse(str(path), parser))
    checker.validate(etree.parse(str(deposit.path(file, TABLE // 4)), parser))
    yield from (f"{file}, line {error.line}: {error.message}" for error in checker.error_log)


def check_datacite_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of datacite.xml by the schema of DataCite."""
    return _against_xsd(deposit, "datacite.xml", "datacite.xsd")


def check_datacite_before(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of datacite.xml by the schema of DataCite 4.5, which many repositories still use."""
    return _against_xsd(deposit, "datacite.xml", "datacite-4.5/datacite.xsd")


def check_gexf_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of the network by the schema of GEXF."""
    return _against_xsd(deposit, "network/graph.gexf", "gexf.xsd")


def check_citation_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of CITATION.cff by the schema of the Citation File Format."""
    return _against_json(deposit, deposit.yaml("CITATION.cff"), "cff.json", "Draft7Validator")


def check_datasheet_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of DATASHEET.json by the schema of Bridge2AI."""
    return _against_json(deposit, deposit.object("DATASHEET.json"), "datasheet.json", "Draft201909Validator")


def _against_json(deposit: Deposit, whole: dict[str, Any], schema: str, draft: str) -> Iterator[str]:
    rules = json.loads(_schema(deposit, schema).read_bytes())
    yield from (error.message for error in getattr(_imported("jsonschema"), draft)(rules).iter_errors(whole))

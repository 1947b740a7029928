"""Proofs by the programs and schemas of others, where they are installed or given: none of them is needed."""

from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from graphkit.model.errors import GraphkitError, TooCostlyError
from graphkit.model.files import hash_file
from graphkit.query.worker import Limits, Worker
from graphkit.release.verify import tables
from graphkit.release.verify.deposit import TABLE, Deposit, UnprovedError, UntriedError

_SUMS = "SHA256SUMS"
# pyshacl holds the graph and its own copies in memory: 1 GB for 33 MB of Turtle.
_SHACL = 48 << 20
# The limits of a library: seconds, megabytes, and how many of its findings are read.
_SECONDS, _MEMORY, _MOST = 600.0, 1_792, 100


def _imported(name: str) -> Any:  # noqa: ANN401 - a module
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UntriedError(f"{name} is not installed: pip install 'graphkit[verify]'") from error


def _apart(library: str, job: Callable[..., Iterator[str]], *arguments: object) -> Iterator[str]:
    """Yield the faults that a library finds, in a process without a network, which is stopped if it takes too long.

    Raises:
        UntriedError: It is not installed.
        UnprovedError: It takes too long or too much memory, or crashes.
    """
    _imported(library)
    worker = Worker(None, Limits(_SECONDS, megabytes=_MEMORY))
    try:
        yield from worker.run(_found, job, *arguments)
    except TooCostlyError as error:
        raise UnprovedError(f"{library} takes more than {_SECONDS:g} s, or {_MEMORY:,} MB of memory.") from error
    except GraphkitError as error:
        raise UnprovedError(f"{library} fails: {error}") from error
    finally:
        worker.stop()


def _found(_: object, job: Callable[..., Iterator[str]], *arguments: object) -> list[str]:
    # A system may refuse a worker its own network without hosts.
    socket.socket.connect = socket.getaddrinfo = _refuse  # type: ignore[assignment, method-assign]
    with _quiet():
        try:
            return list(islice(job(*arguments), _MOST))
        except (ImportError, MemoryError):
            raise
        except UnprovedError as error:
            return [str(error)]
        except Exception as error:  # noqa: BLE001 - of a library that reads a hostile file
            return [f"It cannot be read: {type(error).__name__}: {str(error)[:300]}"]


def _refuse(*_: object, **_others: object) -> None:
    raise OSError("graphkit verify uses no network.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what a library logs: its warnings are in its answer too."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _small(deposit: Deposit, *folders: str) -> None:
    """Refuse to give links and large files to programs that open files by themselves and read them as a whole."""
    deposit.require_regular()
    large = [name for name, size in deposit.files.items() if name.startswith(folders) and size > TABLE // 4]
    if large:
        raise UntriedError(f"{large[0]} is too large for a program that reads it as a whole.")


def check_frictionless(deposit: Deposit) -> Iterator[str]:
    """Yield the errors that frictionless finds in the data package."""
    _small(deposit, "tables/")
    return _apart("frictionless", _by_frictionless, str(deposit.path("tables/datapackage.json")))


def _by_frictionless(path: str) -> Iterator[str]:
    report = _imported("frictionless").validate(path)
    for task in report.tasks:
        yield from (f"{task.name}: {error.message}" for error in task.errors)
    yield from (error.message for error in report.errors)


def check_parquet(deposit: Deposit) -> Iterator[str]:
    """Yield the faults of the Parquet files: a file of three kilobytes may make gigabytes of values."""
    return _apart("pyarrow", tables.check_parquet, deposit)


def check_mlcroissant(deposit: Deposit) -> Iterator[str]:
    """Yield the warnings of mlcroissant, and the record sets that it reads with other numbers of rows."""
    _small(deposit, "parquet/")
    for one in deposit.object("croissant.json")["distribution"]:
        if one["contentUrl"] not in deposit.files:
            raise UnprovedError(f"croissant.json names a file that is not in the folder: {one['contentUrl']!r}.")
    return _apart("mlcroissant", _by_mlcroissant, deposit, str(deposit.path("croissant.json")))


def _by_mlcroissant(deposit: Deposit, path: str) -> Iterator[str]:
    dataset = _imported("mlcroissant").Dataset(jsonld=path)
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
    return _apart("pyshacl", _by_pyshacl, deposit.path(name, _SHACL), shapes)


def _by_pyshacl(path: Path, shapes: Path) -> Iterator[str]:
    rdflib = _imported("rdflib")
    data = rdflib.Graph().parse(path, format="json-ld" if path.suffix == ".jsonld" else "turtle")
    rules = rdflib.Graph().parse(shapes, format="turtle")
    conforms, _, text = _imported("pyshacl").validate(data, shacl_graph=rules, allow_warnings=True)
    if not conforms:
        yield from re.findall(r"^\s*Message: (.+)$", text, re.MULTILINE) or [f"{path.name} does not conform."]


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


def by_xsd(file: str, schema: str, deposit: Deposit) -> Iterator[str]:
    """Yield the errors of a file of XML by a schema."""
    path = _schema(deposit, schema)
    etree = _imported("lxml.etree")
    parser = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=False)
    checker = etree.XMLSchema(etree.parse(str(path), parser))
    checker.validate(etree.parse(str(deposit.path(file, TABLE // 4)), parser))
    yield from (f"{file}, line {error.line}: {error.message}" for error in checker.error_log)


def check_citation_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of CITATION.cff by the schema of the Citation File Format."""
    return _against_json(deposit, deposit.yaml("CITATION.cff"), "cff.json", "Draft7Validator")


def check_datasheet_schema(deposit: Deposit) -> Iterator[str]:
    """Yield the errors of DATASHEET.json by the schema of Bridge2AI."""
    return _against_json(deposit, deposit.object("DATASHEET.json"), "datasheet.json", "Draft201909Validator")


def _against_json(deposit: Deposit, whole: dict[str, Any], schema: str, draft: str) -> Iterator[str]:
    rules = json.loads(_schema(deposit, schema).read_bytes())
    yield from (error.message for error in getattr(_imported("jsonschema"), draft)(rules).iter_errors(whole))

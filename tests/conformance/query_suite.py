"""W3C SPARQL 1.1: query evaluation, syntax and result formats, through what `graphkit serve` sends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from answers import FORMS, expected, read, same
from known import KNOWN
from manifests import Case, cases

from graphkit.model.errors import QueryError
from graphkit.store import EmbeddedStore
from graphkit.web.server.jobs import QueryRequest, answer_query

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation",
    "project-expression", "property-path", "subquery", "syntax-query", "csv-tsv-res", "json-res",
)  # fmt: skip
CASES = list(cases(*FOLDERS))
MEDIA = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ttl": "application/sparql-results+json, text/turtle",
    ".rdf": "application/sparql-results+json, text/turtle",
    ".nt": "application/sparql-results+json, text/turtle",
}


def parameters() -> list[object]:
    return [
        pytest.param(one, id=one.name, marks=[pytest.mark.xfail(reason=KNOWN[one.name])] if one.name in KNOWN else [])
        for one in CASES
    ]


def store_of(case: Case) -> EmbeddedStore:
    store = ox.Store()
    for path in case.data:
        store.load(path=path, base_iri=path.as_uri(), format=form_of(path))
    for name, path in case.graphs.items():
        store.load(path=path, base_iri=path.as_uri(), format=form_of(path), to_graph=ox.NamedNode(name))
    return EmbeddedStore(store)


def form_of(path: Path) -> ox.RdfFormat:
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    assert form
    return form


def ask(case: Case, accept: str) -> tuple[bytes, str]:
    text = f"BASE <{case.query.as_uri()}> " + case.query.read_text(encoding="utf-8")
    sent = answer_query(store_of(case), QueryRequest("query", text, {}, accept), 10_000_000, 1 << 40)
    return sent.body, sent.media


@pytest.mark.parametrize("case", parameters())
def test_case(case: Case) -> None:
    if case.kind.startswith("NegativeSyntaxTest"):
        with pytest.raises(QueryError):
            ask(case, "*/*")
    elif case.kind.startswith("PositiveSyntaxTest"):
        ask(case, "*/*")
    elif case.result is None:
        pytest.fail(f"unknown kind {case.kind}")
    else:
        evaluate(case, case.result)


def csv_rows(data: bytes) -> list[str]:
    """Return the lines of a table, blank nodes without their names."""
    return sorted(re.sub(r"_:\w+", "_:", line) for line in data.decode().split())


def evaluate(case: Case, result: Path) -> None:
    body, media = ask(case, MEDIA[result.suffix])
    if result.suffix == ".csv":
        assert csv_rows(body) == csv_rows(result.read_bytes())
        return
    wanted = expected(result)
    if isinstance(wanted, rdflib.Graph):
        assert media == "text/turtle"
        assert same(rdflib.Graph().parse(data=body, format="turtle"), wanted), body.decode()
        return
    form = FORMS.get(result.suffix, ox.QueryResultsFormat.JSON)
    assert same(read(body, form), wanted), body.decode()

"""Answers compared by value: rows in any order, blank nodes by any name, numbers by what they are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import rdflib
from rdflib.compare import isomorphic

if TYPE_CHECKING:
    from pathlib import Path

Row: TypeAlias = tuple[tuple[str, object], ...]
Found: TypeAlias = "bool | Counter[Row] | rdflib.Graph"
_RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "int", "long", "short", "byte", "nonNegativeInteger")}
_FLOATS = {_XSD + "double", _XSD + "float"}
FORMS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".csv": ox.QueryResultsFormat.CSV,
    ".tsv": ox.QueryResultsFormat.TSV,
}


def key(term: object) -> object:
    """Return a term by value."""
    if isinstance(term, ox.Literal):
        name = term.datatype.value
        try:
            if name in _NUMBERS:
                return "number", name, Decimal(term.value)
            if name in _FLOATS:
                return "number", name, float(term.value)
            if name == _XSD + "dateTime":
                return "time", dt.datetime.fromisoformat(term.value)
        except (ValueError, InvalidOperation):
            pass
        return "text", term.value, (term.language or "").lower(), name
    if isinstance(term, ox.BlankNode):
        return "blank", term.value
    return str(term)


def read(data: bytes, form: ox.QueryResultsFormat) -> bool | Counter[Row]:
    """Read an answer as programs do."""
    found = ox.parse_query_results(data, format=form)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [one.value for one in found.variables]
    return Counter(tuple(sorted((n, key(row[n])) for n in names if row[n] is not None)) for row in found)


def expected(path: Path) -> Found:
    """Read the expected answer of a case."""
    if path.suffix in FORMS:
        return read(path.read_bytes(), FORMS[path.suffix])
    graph = rdflib.Graph().parse(path)
    if (None, rdflib.RDF.type, _RS.ResultSet) not in graph:
        return graph
    rows: Counter[Row] = Counter()
    for solution in graph.objects(None, _RS.solution):
        cells = (
            (str(graph.value(one, _RS.variable)), graph.value(one, _RS.value))
            for one in graph.objects(solution, _RS.binding)
        )
        rows[
            tuple(
                sorted(
                    (name, key(ox.parse(f"<x:s> <x:p> {value.n3()} .", format=ox.RdfFormat.TURTLE).__next__().object))
                    for name, value in cells
                    if value is not None
                )
            )
        ] += 1
    return rows


def same(one: Found, other: Found) -> bool:
    """Say whether two answers are the same."""
    if isinstance(one, rdflib.Graph) and isinstance(other, rdflib.Graph):
        return isomorphic(one, other)
    if isinstance(one, Counter) and isinstance(other, Counter):
        return one == other or _match(list(one.elements()), list(other.elements()), {})
    return one == other


def _match(left: list[Row], right: list[Row], names: dict[object, object]) -> bool:
    """Find names for blank nodes with which the rows are the same."""
    if len(left) != len(right):
        return False
    if not left:
        return True
    first, *rest = left
    for number, row in enumerate(right):
        more = _unify(first, row, names)
        if more is not None and _match(rest, right[:number] + right[number + 1 :], more):
            return True
    return False


def _unify(one: Row, other: Row, names: dict[object, object]) -> dict[object, object] | None:
    if [name for name, _ in one] != [name for name, _ in other]:
        return None
    found = dict(names)
    for (_, left), (_, right) in zip(one, other, strict=True):
        if _is_blank(left) and _is_blank(right):
            if found.setdefault(left, right) != right or (left not in names and right in names.values()):
                return None
        elif left != right:
            return None
    return found


def _is_blank(term: object) -> bool:
    return isinstance(term, tuple) and term[0] == "blank"

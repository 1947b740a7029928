"""Rows 1 to 4 and 10: the graph in each form, its canonical hash, its ontology, and its counts in VoID and DCAT."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, cast

import pyoxigraph as ox

from graphkit.release.content import count_graph
from graphkit.release.verify.deposit import GRAPH, TEXT, Deposit, UnprovedError

_NQUADS = "graph.nq.gz"
_MOST_QUADS, _LONGEST_LINE, _PART = 8_000_000, 1 << 20, 4 << 20
_IRI = re.compile(r"(?:https?://[^\s/?#:@]+(?::\d+)?(?:[/?#]\S*)?|urn:\S+|mailto:\S+)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff]")
_FLAT = re.compile(r"/graph/flat/([\w-]+)$")
_NS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS, _OWL, _XSD = (
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)
_CONFORMS = ox.NamedNode("http://purl.org/dc/terms/conformsTo")
_VOID = "http://rdfs.org/ns/void#"


def _day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(dt.date.fromisoformat(text))


def _moment(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d*[1-9])?Z?", text)) and bool(
        dt.datetime.fromisoformat(text)
    )


def _form(pattern: str) -> Callable[[str], bool]:
    return lambda text: bool(re.fullmatch(pattern, text))


# The forms of literals that pyoxigraph and rdflib both leave unchanged. Other types of XML Schema are rewritten by one.
_FORMS: dict[str, Callable[[str], bool]] = {
    "string": lambda _: True, "anyURI": lambda _: True, "date": _day, "dateTime": _moment,
    "integer": _form(r"0|-?[1-9]\d*"), "decimal": _form(r"0|-?(?:0|[1-9]\d*)\.\d*[1-9]|-?[1-9]\d*"),
    "boolean": _form("true|false"), "gYear": _form(r"\d{4}"), "gYearMonth": _form(r"\d{4}-(?:0[1-9]|1[0-2])"),
    "hexBinary": _form("(?:[0-9a-f]{2})*|(?:[0-9A-F]{2})*"),
}  # fmt: skip


# --- the lines -------------------------------------------------------------------------------------------------------


def graph_lines(deposit: Deposit) -> Iterator[bytes]:
    """Yield the lines of the packed graph; see `packed_lines`."""
    return packed_lines(deposit, _NQUADS)


def packed_lines(deposit: Deposit, name: str) -> Iterator[bytes]:
    """Yield the lines of a file that is compressed with gzip.

    Raises:
        UnprovedError: A line or the whole is too long: a small archive may hold a huge file.
    """
    with cast("BinaryIO", gzip.open(deposit.path(name, GRAPH))) as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if number > _MOST_QUADS or not line.endswith(b"\n"):
                raise UnprovedError(f"{name}, line {number:,}: {_line_fault(number)}.")
            yield line


def _line_fault(number: int) -> str:
    return "there are more lines than graphkit verify reads" if number > _MOST_QUADS else "it is too long or cut off"


def _parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines in parts of some megabytes."""
    part: list[bytes] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line)
        if size > _PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def quads_of(lines: Iterable[bytes]) -> Iterator[tuple[bytes, ox.Quad]]:
    """Yield each line with its quad."""
    for part in _parts(lines):
        quads = list(ox.parse(b"".join(part), format=ox.RdfFormat.N_QUADS))
        if len(quads) != len(part):
            raise UnprovedError(f"{_NQUADS} has a line without a quad.")
        yield from zip(part, quads, strict=True)


# --- row 1 -----------------------------------------------------------------------------------------------------------


def check_nquads(deposit: Deposit) -> Iterator[str]:
    """Yield each line of the graph that is out of order, not canonical, or hard on other stores."""
    before = b""
    for line, quad in quads_of(graph_lines(deposit)):
        if line <= before:
            yield f"{_NQUADS} is not sorted at {_cut(line)}"
        if f"{quad} .\n".encode() != line:
            yield f"{_NQUADS} has a line that is not canonical: {_cut(line)}"
        yield from (f"{_NQUADS} has {fault}: {_cut(line)}" for fault in quad_faults(quad))
        before = line
    if not before:
        yield f"{_NQUADS} has no quads."


def _cut(line: bytes) -> str:
    text = line.decode("utf-8", "backslashreplace").strip()
    return text if len(text) <= 160 else f"{text[:160]}…"  # noqa: PLR2004 - fits into two lines of a terminal


def quad_faults(quad: ox.Quad) -> Iterator[str]:
    """Yield the reasons why a store may refuse or change a quad."""
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    yield from ("a blank node" for term in terms if isinstance(term, ox.BlankNode))
    yield from ("an unusual IRI" for term in terms if isinstance(term, ox.NamedNode) and not _IRI.fullmatch(term.value))
    if isinstance(quad.object, ox.Literal):
        yield from _literal_faults(quad.object)


def _literal_faults(literal: ox.Literal) -> Iterator[str]:
    if _UNWANTED.search(literal.value) or not unicodedata.is_normalized("NFC", literal.value):
        yield "a control, private or decomposed character"
    if literal.language and not _LANGUAGE.fullmatch(literal.language):
        yield "a wrong language tag"
    kind = literal.datatype.value
    if kind.startswith(_XSD) and not _stays(kind[len(_XSD) :], literal.value):
        yield f"a literal of xsd:{kind[len(_XSD) :]} that stores refuse or rewrite"


def _stays(kind: str, text: str) -> bool:
    try:
        return kind in _FORMS and _FORMS[kind](text)
    except ValueError:  # a day that does not exist
        return False


# --- rows 2 and 3 ----------------------------------------------------------------------------------------------------


def check_forms(deposit: Deposit) -> Iterator[str]:
    """Yield each form of the graph with more or fewer quads than the packed graph."""
    whole = {hash(str(quad)) for _, quad in quads_of(graph_lines(deposit))}
    for name, form in (("graph.trig", ox.RdfFormat.TRIG), ("graph.jsonld", ox.RdfFormat.JSON_LD)):
        found = {
            hash(str(quad)) for quad in limited(ox.parse(path=deposit.path(name, GRAPH), format=form), name, GRAPH)
        }
        yield from _compared(name, whole, found)
    policy = _policy(deposit)
    triples = {hash(str(quad.triple)) for _, quad in quads_of(graph_lines(deposit)) if _belongs(quad, policy)}
    kept = (quad.triple for quad in triples_of(deposit, "graph-flat.ttl") if quad.predicate != _CONFORMS)
    yield from _compared("graph-flat.ttl", triples, {hash(str(triple)) for triple in kept})


def limited(quads: Iterable[ox.Quad], name: str, most: int) -> Iterator[ox.Quad]:
    """Yield the quads of a file.

    Args:
        most: Characters of all of them as N-Quads: a small file with a long prefix may make gigabytes of them.

    Raises:
        UnprovedError: There are more.
    """
    for number, quad in enumerate(quads):
        most -= len(str(quad))
        if number > _MOST_QUADS or most < 0:
            raise UnprovedError(f"{name} has more or longer quads than graphkit verify reads.")
        yield quad


def _compared(name: str, whole: set[int], found: set[int]) -> Iterator[str]:
    if whole != found:
        yield f"{name} lacks {len(whole - found):,} quads of {_NQUADS}, and has {len(found - whole):,} others."


def triples_of(deposit: Deposit, name: str) -> Iterator[ox.Quad]:
    """Yield the triples of a Turtle file: of the graph, or of a description."""
    most = GRAPH if name == "graph-flat.ttl" else TEXT
    yield from limited(ox.parse(path=deposit.path(name, most), format=ox.RdfFormat.TURTLE), name, most)


def _policy(deposit: Deposit) -> str:
    """Return the policy that the flat graph names."""
    found = (quad.object for quad in triples_of(deposit, "graph-flat.ttl") if quad.predicate == _CONFORMS)
    return next((re.split("[#/]", getattr(name, "value", ""))[-1] for name in found), "")


def _belongs(quad: ox.Quad, policy: str) -> bool:
    """Return whether the flat graph has the triple: plain triples of other policies are left out."""
    found = _FLAT.search(getattr(quad.graph_name, "value", ""))
    return quad.predicate != _CONFORMS and (not found or found[1] == policy)


def check_canonical(deposit: Deposit) -> Iterator[str]:
    """Yield the hash of RDFC-1.0 if it is another than stated.

    A graph without blank nodes is canonical when its lines are canonical and sorted, which row 1 proves.
    """
    stated = deposit.text("CANONICAL.sha256").split()
    found = hashlib.sha256()
    for line in graph_lines(deposit):
        found.update(line)
    if stated[:1] != [found.hexdigest()]:
        yield f"CANONICAL.sha256 has {' '.join(stated[:1]) or 'nothing'}, but the graph has {found.hexdigest()}."


# --- row 4 -----------------------------------------------------------------------------------------------------------


def check_ontology(deposit: Deposit) -> Iterator[str]:
    """Yield the terms of the ontology without a label, with two in one language or two domains, and unknown terms."""
    terms, labels, domains = set[str](), defaultdict[str, Counter[str]](Counter), Counter[str]()
    for quad in triples_of(deposit, "ontology.ttl"):
        subject = getattr(quad.subject, "value", "")
        if quad.predicate.value == _NS + "type" and _is_term(quad.object):
            terms.add(subject)
        if quad.predicate.value == _RDFS + "label" and isinstance(quad.object, ox.Literal):
            labels[subject][quad.object.language or ""] += 1
        domains[subject] += quad.predicate.value == _RDFS + "domain"
    own = sorted(term for term in terms if term.startswith(_space(terms)))
    yield from ["ontology.ttl has no terms."] if not own else []
    yield from (f"{term} has no label." for term in own if not labels[term])
    yield from (f"{term} has two labels in one language." for term in own if max([0, *labels[term].values()]) > 1)
    yield from (f"{term} has two domains." for term, number in sorted(domains.items()) if number > 1)
    yield from (f"{term} is in the graph, but not in ontology.ttl." for term in sorted(_used(deposit, terms) - terms))


def _is_term(kind: object) -> bool:
    spaces = (_OWL, _RDFS, _NS + "Property")
    return isinstance(kind, ox.NamedNode) and kind.value.startswith(spaces) and kind.value != _OWL + "Ontology"


def _space(terms: Iterable[str]) -> str:
    """Return the namespace of most terms."""
    spaces = Counter(re.split(r"(?<=[#/])(?=[^#/]*$)", term)[0] for term in terms)
    return max(spaces, key=lambda space: (spaces[space], space), default="")


def _used(deposit: Deposit, terms: set[str]) -> set[str]:
    """Return the properties in the graph that are in the namespace of the ontology."""
    space = f"<{_space(terms)}"
    found = {line.split(b" ", 2)[1].decode() for line in graph_lines(deposit)}
    return {name[1:-1] for name in found if name.startswith(space)}


# --- row 10 ----------------------------------------------------------------------------------------------------------


def check_void(deposit: Deposit) -> Iterator[str]:
    """Yield each number of void.ttl that is another than that of the graph."""
    counts = count_graph(graph_lines(deposit))
    stated = defaultdict[str, dict[str, str]](dict)
    for quad in triples_of(deposit, "void.ttl"):
        name = quad.predicate.value.removeprefix(_VOID)
        stated[getattr(quad.subject, "value", "")][name] = getattr(quad.object, "value", "")
    whole = next((one for one in stated.values() if "distinctSubjects" in one), {})
    yield from _differences(whole, {"triples": counts.triples, "distinctSubjects": counts.subjects,
                                    "classes": len(counts.classes), "properties": len(counts.predicates)})  # fmt: skip
    for key, value, found in (("class", "entities", counts.classes), ("property", "triples", counts.predicates)):
        parts = {one[key]: one.get(value, "") for one in stated.values() if key in one}
        yield from _differences(parts, found)


def _differences(stated: dict[str, str], counted: object) -> Iterator[str]:
    for name, number in cast("dict[str, int]", counted).items():
        if stated.get(name) != str(number):
            yield f"void.ttl has {stated.get(name, 'no number')} for {name}, but the graph has {number}."


def check_dcat(deposit: Deposit) -> Iterator[str]:
    """Yield each distribution of dcat.ttl whose size or hash is another than that of its file."""
    stated = defaultdict[str, dict[str, str]](dict)
    for quad in triples_of(deposit, "dcat.ttl"):
        name = re.split("[#/]", quad.predicate.value)[-1]
        stated[getattr(quad.subject, "value", "")][name] = getattr(quad.object, "value", "")
    sums = deposit.sums()
    files = {one["title"]: one for one in stated.values() if "byteSize" in one and "title" in one}
    yield from (f"dcat.ttl has no distribution {name}." for name in ("graph.nq.gz", "graph.trig") if name not in files)
    for name, one in files.items():
        digest = stated.get(one.get("checksum", ""), {}).get("checksumValue", "")
        if (one["byteSize"], digest) != (str(deposit.files.get(name)), sums.get(name)):
            yield f"dcat.ttl has another size or hash of {name} than the folder."
        if "license" not in one:
            yield f"dcat.ttl has no licence of {name}."

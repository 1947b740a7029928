"""SHACL Core shapes as set-oriented SPARQL: one query finds every violation of one constraint.

Follows https://www.w3.org/TR/shacl/. The results are those of pyshacl, except where pyshacl departs from the
Recommendation: `DIFFERENCES` in `tests/build/test_shacl.py` lists an example of each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from graphkit.model.iris import PREFIXES
from graphkit.store import scratch_store

Term: TypeAlias = NamedNode | BlankNode | Literal

SH, RDF, RDFS, XSD = (PREFIXES[prefix] for prefix in ("sh", "rdf", "rdfs", "xsd"))
CLASSES = {NamedNode(RDFS + "Class"), NamedNode(PREFIXES["owl"] + "Class")}
IS_A = f"<{RDF}type>/<{RDFS}subClassOf>*"

# The allowed values of SHACL predicates in N-Triples.
ANY, IRI, TERM, TEXT, LIST = ".*", "<.*>", '[<"].*', '".*"', f"_:.*|<{RDF}nil>"
COUNT = rf'"[0-9]+"\^\^<{XSD}integer>'
FLAG = rf'"(true|false)"\^\^<{XSD}boolean>'
BOUND = rf'".*"\^\^<{XSD}(integer|decimal|double|float|date|dateTime)>'
KIND = rf"<{SH}(IRI|BlankNode|Literal|BlankNodeOrIRI|BlankNodeOrLiteral|IRIOrLiteral)>"
# pyshacl checks some of these in its own way; the store turns others into xsd:integer or xsd:dateTime.
UNCHECKABLE = rf"{RDFS}|{RDF}(XMLLiteral|HTML)>|{XSD}(hexBinary|base64Binary|dateTimeStamp|\w+Integer)>"
DATATYPE = rf"<(?!{UNCHECKABLE}|{XSD}(byte|short|int|long|unsigned\w+)>).*>"
PASSIVE = {"name": ANY, "description": ANY, "order": ANY, "group": ANY, "message": ANY}
PASSIVE |= {"path": "<.*>|_:.*", "flags": '"[im]*"', "property": IRI, "ignoredProperties": LIST}
PASSIVE |= {"severity": f"<{SH}(Violation|Warning|Info)>", "deactivated": FLAG}
PROPERTY_ONLY = {"minCount", "maxCount", "uniqueLang", "lessThanOrEquals"}
NODE_ONLY = {"property", "closed", "ignoredProperties"}
SINGLE = {"path", "severity", "deactivated", "pattern", "flags", "closed", "datatype", "nodeKind", "in", "languageIn"}
SINGLE |= {"minCount", "maxCount", "minLength", "maxLength", "minInclusive", "maxInclusive", "uniqueLang"}
TARGETS = {
    "targetClass": (IRI, f"{{{{ ?focus {IS_A} {{}} }}}}"),
    "targetNode": (TERM, "{{ VALUES ?focus {{ {} }} }}"),
    "targetSubjectsOf": (IRI, "{{ ?focus {} ?object }}"),
    "targetObjectsOf": (IRI, "{{ ?subject {} ?focus }}"),
}
# Numbers are checked by their spelling because those of the engine have 64 and 128 bits.
SPELLINGS = {"integer": "[+-]?[0-9]+", "decimal": "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)"}
CASTS = {"boolean", "double", "float", "date", "dateTime", "time", "duration", "dayTimeDuration", "yearMonthDuration"}
WELL_FORMED = {XSD + name: f'REGEX(STR(?value), "^{form}$")' for name, form in SPELLINGS.items()}
WELL_FORMED |= {XSD + name: f"isLITERAL(<{XSD}{name}>(STR(?value)))" for name in CASTS}


class UnsupportedShape(ValueError):  # noqa: N818 - the shape is unsupported
    """Something in the shapes that cannot be compiled; names the shape and the predicate."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One validation result: terms in N-Triples form, paths as IRIs with `^` if inverse."""

    shape: str
    component: str
    focus: str
    path: str | None
    value: str | None
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class ShapeQuery:
    """One constraint of one shape as a SPARQL SELECT of `?focus ?value ?path`."""

    shape: str
    component: str
    path: str | None
    severity: str
    message: str
    sparql: str


def compile_shapes(shapes: Iterable[Quad]) -> tuple[ShapeQuery, ...]:
    """Compile a shapes graph into queries, one for each constraint of each shape with targets.

    Raises:
        UnsupportedShape: A shape is malformed or beyond the supported part of SHACL Core.

    >>> compile_shapes([Quad(NamedNode("e:a"), NamedNode(SH + "xone"), NamedNode("e:b"))])
    Traceback (most recent call last):
    graphkit.build.shacl.UnsupportedShape: e:a: sh:xone is not supported
    """
    graph = scratch_store(Quad(quad.subject, quad.predicate, quad.object) for quad in shapes)
    stated = sorted({(str(q.subject), q.predicate.value) for q in graph if q.predicate.value.startswith(SH)})
    nodes = dict.fromkeys(NamedNode(node[1:-1]) for node, _ in stated if node.startswith("<"))
    queries = [query for node in nodes for query in _queries(graph, node)]
    for node, name in stated:
        if node.startswith("_:") and name.removeprefix(SH) not in {"inversePath", *TESTS}:
            raise UnsupportedShape(f"{node}: {name.replace(SH, 'sh:')} is not supported on a blank node")
    return tuple(queries)


def violations(queries: Iterable[ShapeQuery], store: Store) -> Iterator[Violation]:
    """Run queries on the default graph of a store; each yields its results sorted by focus node.

    >>> from pyoxigraph import RdfFormat, parse
    >>> text = '''PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX e: <https://example.org/>
    ... e:Named sh:targetNode e:met ; sh:property e:name . e:name sh:path e:is ; sh:minCount 1 .'''
    >>> queries = compile_shapes(parse(text, format=RdfFormat.TURTLE))
    >>> [(found.focus, found.message) for found in violations(queries, scratch_store())]
    [('<https://example.org/met>', 'Violates sh:minCount 1.')]
    """
    for query in queries:
        for row in sorted(cast("QuerySolutions", store.query(query.sparql)), key=str):
            focus, value, path = (term and str(term) for term in row)
            stated = path[1:-1] if path else query.path
            yield Violation(query.shape, query.component, focus, stated, value, query.severity, query.message)


def _queries(graph: Store, node: NamedNode) -> Iterator[ShapeQuery]:
    name = "path"
    try:
        shape = _Shape(graph, node)
        path = shape.path and re.sub("[<>]", "", shape.path)
        for name in shape.vocabulary(node):
            component = f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
            for term in shape.terms(node, name):
                body = CONSTRAINTS[name][1](shape, term) if name in CONSTRAINTS else ""
                if body and shape.targets:
                    text = f"SELECT DISTINCT ?focus ?value ?path {{ {body} }}"
                    yield ShapeQuery(node.value, component, path, *shape.about(name, term), text)
    except ValueError as reason:
        raise UnsupportedShape(f"{node.value}: sh:{name} {reason}") from None


class _Shape:
    """A shape's constraints as patterns, which match the violating values first because they are rare."""

    def __init__(self, graph: Store, node: NamedNode) -> None:
        self.graph, self.node = graph, node
        self.path = self.path_of(node)
        parents = graph.quads_for_pattern(None, NamedNode(SH + "property"), node)
        owners = [node, *(cast("Term", quad.subject) for quad in parents)]
        self.targets = " UNION ".join(t for o in owners for t in self.targets_of(o) if self.is_active(node))

    def objects(self, node: Term, predicate: str) -> list[Term]:
        quads = [] if isinstance(node, Literal) else self.graph.quads_for_pattern(node, NamedNode(predicate), None)
        return sorted((cast("Term", quad.object) for quad in quads), key=str)

    def vocabulary(self, node: Term) -> list[str]:
        """Local names of the SHACL predicates of a node."""
        quads = [] if isinstance(node, Literal) else self.graph.quads_for_pattern(node, None, None)
        return sorted({q.predicate.value.removeprefix(SH) for q in quads if q.predicate.value.startswith(SH)})

    def terms(self, node: Term, name: str) -> list[Term]:
        """Values of a SHACL predicate, checked."""
        found = self.objects(node, SH + name)
        if name not in FORMS:
            raise ValueError("is not supported")
        if name in (NODE_ONLY if self.path else PROPERTY_ONLY):
            raise ValueError("does not belong on this kind of shape")
        if len(found) > 1 and name in SINGLE:
            raise ValueError("may be given only once")
        if {"flags": "pattern", "ignoredProperties": "closed"}.get(name, name) not in self.vocabulary(node):
            raise ValueError("says nothing by itself")
        if name == "property" and not all(self.path_of(other) for other in found):
            raise ValueError("has to name a property shape")
        return [_checked(term, FORMS[name]) for term in found]

    def items(self, head: Term, form: str = ANY) -> list[Term]:
        """Members of an RDF list."""
        items: list[Term] = []
        while head != NamedNode(RDF + "nil"):
            first, rest = (self.objects(head, RDF + name) for name in ("first", "rest"))
            if len(first) != 1 or len(rest) != 1 or len(items) > len(self.graph):
                raise ValueError("is not a well-formed list")
            items.append(_checked(first[0], form))
            head = rest[0]
        return items

    def path_of(self, node: Term) -> str | None:
        """The path in SPARQL, None for a node shape."""
        paths = self.objects(node, SH + "path")
        inverse = [f"^{i}" for path in paths for i in self.objects(path, SH + "inversePath")]
        spelled = " ".join(inverse or map(str, paths))
        strange = NamedNode(SH + ("NodeShape" if spelled else "PropertyShape"))
        if strange in self.objects(node, RDF + "type") or not re.fullmatch(r"(\^?<[^ ]*>)?", spelled):
            raise ValueError("has to be one IRI or inverse path of a property shape")
        return spelled or None

    def is_active(self, node: Term) -> bool:
        return not any(flag.value == "true" for flag in self.objects(node, SH + "deactivated"))

    def targets_of(self, node: Term) -> list[str]:
        terms = [(name, term) for name in TARGETS for term in self.objects(node, SH + name)]
        kinds = self.objects(node, RDF + "type")
        kinds += [kind for narrow in kinds for kind in self.objects(narrow, RDFS + "subClassOf")]
        if not CLASSES.isdisjoint(kinds):
            terms.append(("targetClass", node))
        return [TARGETS[name][1].format(term) for name, term in terms if self.is_active(node)]

    def about(self, name: str, term: Term) -> tuple[str, str]:
        """Severity and message."""
        severity = [level.value for level in self.objects(self.node, SH + "severity")]
        said = [text.value for text in self.objects(self.node, SH + "message")]
        said.append(f"Violates sh:{name}{'' if isinstance(term, BlankNode) else ' ' + term.value}.")
        return "".join(severity).removeprefix(SH) or "Violation", said[0]

    def focuses(self, offence: str) -> str:
        return f"{{ SELECT DISTINCT ?focus {{ {self.targets} }} }} {offence}"

    def targeted(self, select: str) -> str:
        return f"{{ SELECT {select} }} FILTER EXISTS {{ {self.targets} }}"

    def values(self, offence: str) -> str:
        if self.path is None:
            return self.focuses(f"BIND(?focus AS ?value) {offence}")
        return self.targeted(f"?focus ?value {{ ?focus {self.path} ?value . {offence} }}")

    def unless(self, *tests: str, given: str = "") -> str:
        return self.values(f"{given} FILTER(!COALESCE({' || '.join(tests) or 'false'}, false))")

    def lacking(self, term: str, given: str = "") -> str:
        own = f"?focus {self.path} ?own ." if self.path else "BIND(?focus AS ?own)"
        return self.focuses(f"{given} FILTER NOT EXISTS {{ {own} FILTER(sameTerm(?own, {term})) }}")

    def different(self, other: Term) -> str:
        missing = self.values(f"FILTER NOT EXISTS {{ ?focus {other} ?value }}")
        return f"{{ {missing} }} UNION {{ {self.lacking('?value', f'?focus {other} ?value .')} }}"

    def fewer(self, least: int) -> str:
        enough, having = f"?focus {self.path} ?value", f"HAVING (COUNT(DISTINCT ?value) >= {least})"
        if least > 1:
            enough = f"SELECT ?focus {{ {enough} }} GROUP BY ?focus {having}"
        return self.focuses(f"MINUS {{ {enough} }}") if least else ""

    def grouped(self, having: str, given: str = "") -> str:
        return self.targeted(f"?focus {{ ?focus {self.path} ?value {given} }} GROUP BY ?focus {having}")

    def matches(self, pattern: Term) -> str:
        flags = "".join(flags.value for flags in self.objects(self.node, SH + "flags"))
        if not scratch_store().query(f'ASK {{ FILTER(isLITERAL(REGEX("", {pattern}, "{flags}"))) }}'):
            raise ValueError(f"cannot be {pattern}: the engine does not know such expressions")
        return self.unless(f'REGEX(STR(?value), {pattern}, "{flags}")')

    def one_of(self, head: Term) -> str:
        """Alternatives; the engine finds the members of a class at once with MINUS, but one by one in a FILTER."""
        members = [self.conforms(node) for node in self.items(head)]
        if not members or not all(member.startswith("EXISTS") and " && " not in member for member in members):
            return self.unless(*members)
        return self.values("".join(member.replace("EXISTS", "MINUS", 1) for member in members))

    def conforms(self, node: Term) -> str:
        """A test for a member of sh:or."""
        names = self.vocabulary(node)
        if not names or not {*names} <= {*TESTS}:
            raise ValueError("supports only alternatives of sh:class, sh:datatype and sh:nodeKind")
        return " && ".join(TESTS[name](term) for name in names for term in self.terms(node, name))

    def closed(self) -> str:
        paths = [self.path_of(other) for other in self.objects(self.node, SH + "property")]
        heads = self.objects(self.node, SH + "ignoredProperties")
        allowed = [*paths, *(str(item) for head in heads for item in self.items(head, IRI))]
        listed = ", ".join(term for term in allowed if term and term.startswith("<"))
        stray = f"?path NOT IN ({listed})" if listed else "true"  # oxigraph 0.5 takes NOT IN () for false
        return self.focuses(f"?focus ?path ?value . FILTER({stray})")


def _checked(term: Term, form: str) -> Term:
    if not re.fullmatch(form, str(term)):
        raise ValueError(f"cannot be {term}")
    return term


KIND_OF_VALUE = 'IF(isIRI(?value), "IRI", IF(isBLANK(?value), "BlankNode", "Literal"))'
TESTS: dict[str, Callable[[Term], str]] = {
    "class": lambda t: f"EXISTS {{ ?value {IS_A} {t} }}",
    "datatype": lambda t: f"DATATYPE(?value) = {t} && {WELL_FORMED.get(t.value, 'true')}",
    "nodeKind": lambda t: f'CONTAINS("{t.value}", {KIND_OF_VALUE})',
}
OWN_TAG = "BIND(LCASE(LANG(?value)) AS ?language)"
SAME_TAG = "?language HAVING (?language != '' && COUNT(DISTINCT ?value) > 1)"
CONSTRAINTS: dict[str, tuple[str, Callable[[_Shape, Term], str]]] = {
    "class": (IRI, lambda s, kind: s.values(f"MINUS {{ ?value {IS_A} {kind} }}")),
    "datatype": (DATATYPE, lambda s, kind: s.unless(TESTS["datatype"](kind))),
    "nodeKind": (KIND, lambda s, kind: s.unless(TESTS["nodeKind"](kind))),
    "in": (LIST, lambda s, head: s.unless(*map("sameTerm(?value, {})".format, s.items(head, TERM)))),
    "languageIn": (LIST, lambda s, head: s.unless(*map("LANGMATCHES(LANG(?value), {})".format, s.items(head, TEXT)))),
    "or": ("_:.*", _Shape.one_of),
    "pattern": (TEXT, _Shape.matches),
    "minLength": (COUNT, lambda s, n: s.unless(f"STRLEN(STR(?value)) >= {n}")),
    "maxLength": (COUNT, lambda s, n: s.unless(f"STRLEN(STR(?value)) <= {n}")),
    "minInclusive": (BOUND, lambda s, least: s.unless(f"?value >= {least}")),
    "maxInclusive": (BOUND, lambda s, most: s.unless(f"?value <= {most}")),
    "hasValue": (TERM, lambda s, term: s.lacking(str(term))),
    "equals": (IRI, _Shape.different),
    "disjoint": (IRI, lambda s, other: s.values(f"FILTER EXISTS {{ ?focus {other} ?value }}")),
    "lessThanOrEquals": (IRI, lambda s, p: s.unless("?value <= ?other", given=f"?focus {p} ?other")),
    "minCount": (COUNT, lambda s, n: s.fewer(int(n.value))),
    "maxCount": (COUNT, lambda s, n: s.grouped(f"HAVING (COUNT(DISTINCT ?value) > {n})")),
    "uniqueLang": (FLAG, lambda s, on: s.grouped(SAME_TAG, OWN_TAG) if on.value == "true" else ""),
    "closed": (FLAG, lambda s, on: s.closed() if on.value == "true" else ""),
}
FORMS = PASSIVE | {name: form for name, (form, _) in (TARGETS | CONSTRAINTS).items()}

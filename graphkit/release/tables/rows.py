"""The rows of the tables, from the properties of the things in a graph."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice
from typing import TypeAlias

from graphkit.analysis.properties import Properties
from graphkit.model.errors import ExportError
from graphkit.model.iris import BASE, PREFIXES, SP, concept_iri, shorten, token
from graphkit.release.tables.columns import Column, Kind, TableOf, tables
from graphkit.store import text_of

Value: TypeAlias = "str | int | Decimal | dt.date | None"
Row: TypeAlias = "tuple[Value, ...]"
# The values of each column of some rows, which share objects: the same text is one.
Columns: TypeAlias = "list[Sequence[Value]]"
# The rows of one part: their values are still in the cache of the processor when they are written.
_PART = 1_000

# The links between entities, from the words that data use for them to their properties.
_LINKS = {
    "member": "sp:member", "broader": "skos:broader", "speaks-for": "sp:speaksFor", "issued-by": "sp:issuedBy",
    "jurisdiction": "sp:jurisdiction",
}  # fmt: skip
_READERS: Mapping[Kind, Callable[[str], Value]] = {
    Kind.DATE: dt.date.fromisoformat, Kind.DECIMAL: Decimal, Kind.INTEGER: int
}  # fmt: skip
# A hash may look like a number, and readers of tables turn such names into numbers.
_HASHED = {"proposition/": "p_", "dispute/": "d_"}
_ENTITY, _TOMBSTONE = PREFIXES["id"], f"{BASE}tombstone/"


def id_of(name: str) -> str:
    """Return the id of a thing in the tables.

    >>> id_of(BASE + "statement/a-source/key"), id_of(BASE + "dispute/5e10")
    ('a-source/key', 'd_5e10')
    """
    for kind in ("id/", "statement/", "source/", "proposition/", "dispute/", "concept/"):
        if name.startswith(BASE + kind):
            return _HASHED.get(kind, "") + name[len(BASE + kind) :]
    return shorten(name)


@dataclass(frozen=True)
class Rows:
    """The rows of all tables of a graph.

    Attributes:
        properties: All properties of the graph.
        listed: Those of the things that have rows; by default all of them.
        counts: How often properties lead to things, where it is known already.
    """

    properties: Properties
    listed: Properties | None = None
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def _own(self) -> Mapping[tuple[str, str], Callable[[str], Value]]:
        # If they were kept, the rows would stay in memory until the next collection of garbage.
        return {
            ("statements", "organisation"): self._organisation,
            ("statements", "claim"): self._claim,
            ("propositions", "statements"): lambda name: self._counts("sp:proposition")[name],
            ("propositions", "disputes"): lambda name: self._counts("sp:about")[name],
            ("entities", "iri"): lambda name: name,
            ("entities", "kind"): self._kind,
            ("entities", "spoken"): lambda name: self._counts("sp:speaker")[name],
            ("entities", "about"): lambda name: self._counts("sp:subject")[name] + self._counts("sp:object")[name],
            ("former_ids", "id"): self._former,
            ("former_ids", "kind"): lambda name: "entity" if name.startswith(_ENTITY) else self._stone(name)[1],
            ("former_ids", "change"): lambda name: "merged" if name.startswith(_ENTITY) else self._stone(name)[0],
            ("concepts", "kind"): lambda name: "fact" if self.properties.one(name, "sp:narrated") else "claim",
            ("sources", "statements"): lambda name: self._counts("sp:source")[name],
        }

    @cached_property
    def tables(self) -> tuple[TableOf, ...]:
        """The tables, with a column for each qualifier of the vocabulary."""
        found = self.properties.values.get("rdf:type", {})
        names = sorted(name for name in found if SP + "Qualifier" in self.properties.all(name, "rdf:type"))
        return tables({token(shorten(name).rpartition(":")[2]): shorten(name) for name in names})

    def of(self, table: TableOf) -> Iterator[Row]:
        """Yield the rows of a table, sorted."""
        return chain.from_iterable(zip(*columns, strict=True) for columns in self.columns(table))

    def columns(self, table: TableOf) -> Iterator[Columns]:
        """Yield the columns of some rows of a table at a time."""
        pairs: Mapping[str, Callable[[], Iterable[Row]]] = {
            "aliases": lambda: self._pairs("skos:altLabel", self._entities()),
            "alternatives": lambda: self._pairs("sp:alternative", self._subjects("sp:alternative")),
            "entity_links": self._links,
            "via": self._via,
            "dispute_statements": self._sides,
            "concept_links": lambda: self._pairs("skos:broader", self._concepts()),
            "codings": self._codings,
            "dispute_parties": lambda: self._pairs("sp:party", self._disputes()),
        }
        if table.name in pairs:
            yield from columns_of(sorted(pairs[table.name](), key=lambda row: tuple(map(str, row))))
            return
        names = sorted(self._things(table.name))
        for start in range(0, len(names), _PART):
            ends: dict[tuple[str, ...], list[str]] = {(): names[start : start + _PART]}
            yield [self._column(table.name, column, ends) for column in table.columns]

    def _subjects(self, name: str) -> Iterable[str]:
        return (self.listed or self.properties).subjects(name)

    def _things(self, table: str) -> Iterable[str]:
        if table == "entities":
            return self._entities()
        if table == "disputes":
            return self._disputes()
        if table == "former_ids":
            names = self.properties.subjects("owl:deprecated")
            return (name for name in names if name.startswith((_ENTITY, _TOMBSTONE)))
        if table == "concepts":
            return self._concepts()
        marks = {
            "statements": "sp:gist",
            "propositions": "sp:relation",
            "sources": "sp:sourceKind",
            "posts": "sp:postAt",
        }
        return self._subjects(marks[table])

    def _entities(self) -> Iterable[str]:
        space = PREFIXES["id"]
        return (
            name
            for name in self.properties.subjects("rdf:type")
            if name.startswith(space) and "/" not in name[len(space) :]
        )

    def _concepts(self) -> Iterable[str]:
        return (name for name in self.properties.subjects("skos:inScheme") if name.startswith(concept_iri("")))

    def _disputes(self) -> Iterable[str]:
        return (name for name in self.properties.subjects("sp:kind") if name.startswith(PREFIXES["dispute"]))

    def _column(self, table: str, column: Column, ends: dict[tuple[str, ...], list[str]]) -> list[Value]:
        """Return the values of a column.

        Args:
            ends: The things to which paths lead from the things of the rows; () to those themselves.
        """
        if (own := self._own().get((table, column.name))) or not column.path or not column.path[-1]:
            return list(map(own or id_of, ends[()]))
        *before, last = column.path
        if not (values := self.properties.values.get(last)):
            return [None] * len(ends[()])
        terms = [_first(values.get(name, "")) for name in self._ends(tuple(before), ends)]
        known = {term: _value(term, column.kind) for term in dict.fromkeys(terms) if term}
        return list(map(known.get, terms))

    def _ends(self, path: tuple[str, ...], ends: dict[tuple[str, ...], list[str]]) -> list[str]:
        if path not in ends:
            ends[path] = self.properties.column(path[-1], self._ends(path[:-1], ends))
        return ends[path]

    def _pairs(self, name: str, subjects: Iterable[str]) -> Iterator[Row]:
        for subject in subjects:
            for term in self.properties.terms(subject, name):
                yield id_of(subject), _value(term, Kind.ID if term.startswith("<") else Kind.TEXT)

    def _links(self) -> Iterator[Row]:
        for entity in self._entities():
            for word, name in _LINKS.items():
                yield from ((id_of(entity), word, id_of(other)) for other in self.properties.all(entity, name))

    def _via(self) -> Iterator[Row]:
        one = self.properties.one
        for statement in self._subjects("sp:relay"):
            for step in self.properties.all(statement, "sp:relay"):
                relay = one(step, "sp:relayedBy")
                yield id_of(statement), self._number(step, "sp:position"), id_of(relay), one(relay, "rdfs:label")

    def _codings(self) -> Iterator[Row]:
        one = self.properties.one
        for statement in self._subjects("sp:codedAs"):
            for coding in self.properties.all(statement, "sp:codedAs"):
                numbers = (self._number(coding, name) for name in ("sp:sign", "sp:agreement"))
                yield id_of(statement), id_of(one(coding, "sp:concept")), *numbers

    def _number(self, thing: str, name: str) -> Value:
        terms = self.properties.terms(thing, name)
        return _value(terms[0], Kind.INTEGER) if terms else None

    def _sides(self) -> Iterator[Row]:
        for dispute in self._disputes():
            for side, name in (("one side", "sp:affirmedBy"), ("other side", "sp:deniedBy")):
                yield from ((id_of(dispute), id_of(one), side) for one in self.properties.all(dispute, name))

    def _organisation(self, statement: str) -> Value:
        """Return the body at the end of the chain of those who are spoken for, if there is exactly one."""
        voices = self.properties.all(statement, "sp:voice")
        ends = [voice for voice in voices if not {*self._spoken_for(voice)} & {*voices}]
        return id_of(ends[0]) if len(ends) == 1 else None

    def _claim(self, statement: str) -> Value:
        """Return the claim in words; of a plan, with "will", so that a plan does not read as a fact."""
        one = self.properties.one
        return one(statement, "sp:plannedSentence") or one(one(statement, "sp:proposition"), "rdfs:label") or None

    def _spoken_for(self, name: str) -> list[str]:
        return [*self.properties.all(name, "sp:speaksFor"), *self.properties.all(name, "sp:issuedBy")]

    def _kind(self, entity: str) -> Value:
        classes = {cls for cls in self.properties.all(entity, "rdf:type") if cls.startswith(SP)}
        wider = {above for cls in classes for above in self.properties.all(cls, "rdfs:subClassOf")}
        narrow = sorted(classes - wider)
        return token(narrow[0].removeprefix(SP)) if narrow else None

    def _former(self, name: str) -> Value:
        typed = self.properties.one(name, "dcterms:identifier")
        return typed or (id_of(name) if name.startswith(_ENTITY) else f"erased_{name.removeprefix(_TOMBSTONE)}")

    def _stone(self, name: str) -> list[str]:
        """Return the words of the label of a tombstone: removed or erased, and the kind."""
        return self.properties.one(name, "rdfs:label").split()

    def _counts(self, name: str) -> Counter[str]:
        if name not in self.counts:
            values = self._subjects(name)
            self.counts[name] = Counter(one for subject in values for one in self.properties.all(subject, name))
        return self.counts[name]


def columns_of(rows: Iterable[Row]) -> Iterator[Columns]:
    """Yield the columns of some rows at a time."""
    left = iter(rows)
    while some := list(islice(left, _PART)):
        yield list(zip(*some, strict=True))


def _first(term: str | list[str]) -> str:
    return term if isinstance(term, str) else term[0]


def _value(term: str, kind: Kind) -> Value:
    """Return a term, which is written as in N-Triples, as a value of a column.

    Raises:
        ExportError: It has another form; builds have no such terms, but other stores may.
    """
    text = text_of(term)
    if kind in _READERS:
        try:
            return _READERS[kind](text)
        except (ValueError, ArithmeticError) as error:
            message = f"The graph has {text[:90]!r} where the tables need a value of the kind {kind.value}."
            raise ExportError(message, "Correct it in the store, or export trig.") from error
    if kind is Kind.WORD:
        return token(text.removeprefix(SP)) if text.startswith(SP) else id_of(text)
    return id_of(text) if term.startswith("<") and kind is not Kind.IRI else text

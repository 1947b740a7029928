"""How much of a graph its codebook codes, and which concepts tell actors apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphkit.analysis.discourse.codebook import codings, is_fact
from graphkit.analysis.discourse.reading import Reader, Reading, Row
from graphkit.model.iris import PREFIXES, concept_iri
from graphkit.store import Store


class ConceptRow(NamedTuple):
    """A concept and who takes a side on it.

    Attributes:
        statements: The number of statements that are coded with it, by anybody.
        supporting, opposing: The number of actors with a statement for it, and of those with one against it.
    """

    concept: str
    label: str
    kind: str
    statements: int
    actors: int
    supporting: int
    opposing: int

    @property
    def contested(self) -> bool:
        """Whether there is an actor on each side."""
        return bool(self.supporting and self.opposing)

    @property
    def sides(self) -> str:
        """How many actors are on each side, in words."""
        return f"{self.actors} actors: {self.supporting} for, {self.opposing} against"


class Uncoded(NamedTuple):
    """A relation, the number of its statements that no concept codes, and the number of all its statements."""

    relation: str
    uncoded: int
    statements: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a codebook codes.

    Attributes:
        statements: The number of all statements.
        coded: The number of those with a concept, and `claims` of those with a concept that is no fact.
        relations: Relations with statements that are not coded, the most frequent first.
        lone_concepts: Concepts of one actor only.
        lone_actors: Actors on one concept only.
        conflicts: Statements that rules of opposite sign code with one concept, with that concept.
        notes: Number of statements by what was done with them.
    """

    statements: int
    coded: int
    claims: int
    concepts: tuple[ConceptRow, ...]
    relations: tuple[Uncoded, ...]
    lone_concepts: tuple[str, ...]
    lone_actors: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]
    notes: Mapping[str, int]

    def table(self) -> list[tuple[str, str, int, int, str]]:
        """Return everything as rows: the count, its thing, the number, the total, and details."""
        rows = [
            ("statements coded", "", self.coded, self.statements, ""),
            ("statements coded with claims", "", self.claims, self.statements, ""),
        ]
        rows += [
            (f"concept ({row.kind})", row.label, row.statements, self.statements, row.sides) for row in self.concepts
        ]
        rows += [("not coded", row.relation, row.uncoded, row.statements, "") for row in self.relations]
        for name, found in (("concept of one actor", self.lone_concepts), ("actor on one concept", self.lone_actors)):
            rows += [(name, label, 1, 1, "") for label in found]
        return rows + [("opposite signs", statement, 1, 1, concept) for statement, concept in self.conflicts]


def coverage(store: Store, reading: Reading | None = None) -> Coverage:
    """Count what the codebook of a graph codes.

    Args:
        reading: Who counts as an actor, and whether news media are dropped.

    Raises:
        QueryError: The graph has no codebook.
    """
    reader = _Counting(store, reading or Reading(concept="codebook", facts="keep"))
    names = reader.statements()
    found = {name: list(dict.fromkeys(codings(reader.properties, name))) for name in names}
    rows = list(reader.standing())
    return Coverage(
        len(names),
        sum(bool(each) for each in found.values()),
        sum(any(not is_fact(reader.properties, concept) for concept, _ in each) for each in found.values()),
        tuple(sorted(reader.concept_rows(found, rows), key=lambda row: (row.kind, -row.statements, row.label))),
        tuple(reader.uncoded(found)),
        reader.lone([(row.concept, row.actor) for row in rows]),
        reader.lone([(row.actor, row.concept) for row in rows]),
        tuple(_conflicts(found)),
        dict(sorted(reader.notes.items())),
    )


def _conflicts(found: Mapping[str, list[tuple[str, int]]]) -> list[tuple[str, str]]:
    """Return the statements that are coded with a concept twice, with opposite signs; a build refuses them."""
    return [
        (slug(name), slug(concept))
        for name, each in found.items()
        for concept, number in Counter(concept for concept, _ in each).items()
        if number > 1
    ]


def slug(name: str) -> str:
    """Return the id of a statement or of a concept."""
    return name.removeprefix(PREFIXES["statement"]).removeprefix(concept_iri(""))


class _Counting(Reader):
    """Counts by concept, by relation and by actor."""

    def concept_rows(self, found: Mapping[str, list[tuple[str, int]]], rows: list[Row]) -> list[ConceptRow]:
        number = Counter(concept for each in found.values() for concept in dict(each))
        sides: defaultdict[str, dict[int, set[str]]] = defaultdict(lambda: {-1: set(), 0: set(), 1: set()})
        for row in rows:
            sides[row.concept][(row.sign > 0) - (row.sign < 0)].add(row.actor)
        every = {self.properties.one(rule, "sp:codes") for rule in self.properties.subjects("sp:codes")}
        return [self._row(concept, number[concept], sides[concept]) for concept in every]

    def _row(self, concept: str, number: int, sides: dict[int, set[str]]) -> ConceptRow:
        kind = "fact" if is_fact(self.properties, concept) else "claim"
        label = self.properties.label(concept)
        return ConceptRow(
            slug(concept), label, kind, number, len(set().union(*sides.values())), len(sides[1]), len(sides[-1])
        )

    def uncoded(self, found: Mapping[str, list[tuple[str, int]]]) -> list[Uncoded]:
        """Return the relations with statements that are not coded."""
        of = {name: self.properties.one(self.properties.one(name, "sp:proposition"), "sp:relation") for name in found}
        without = Counter(of[name] for name, each in found.items() if not each)
        total = Counter(of.values())
        rows = [Uncoded(self.properties.label(one), number, total[one]) for one, number in without.items()]
        return sorted(rows, key=lambda row: (-row.uncoded, row.relation))

    def lone(self, pairs: list[tuple[str, str]]) -> tuple[str, ...]:
        """Return the first parts that occur with one second part only."""
        others = defaultdict(set)
        for one, other in pairs:
            others[one].add(other)
        return tuple(sorted(self.properties.label(one) for one, found in others.items() if len(found) == 1))

"""The lists that pages show: entities, sources, statements and disagreements in their order, with the numbers of each.

They are counted in one pass over the sorted lines of the graph. The build of a large graph writes them beside it, each
page of a list as one line, so that a page is found without a count of all statements.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from graphkit.model.disputes import rank
from graphkit.model.iris import BASE, PREFIXES, SP, expand, graph_iri, iri, token
from graphkit.store import text_of

# The number of rows on a page.
ON_A_PAGE = {"disputes": 15, "entities": 60, "sources": 50, "statements": 60, "schema": 100}
# Of a smaller graph the lists are counted when a page is asked for.
LARGE = 16_000_000
# The sums and the sources on the home page.
SUMS, BUSIEST = 12, 10
HEAD = "!"

_FACET = re.compile(r"[a-z][a-z-]*")
_IN_ENTITIES = f" <{graph_iri('entities')}> .\n".encode()
_PROPOSITION = f"<{PREFIXES['proposition']}".encode()
_SP = f"<{SP}".encode()
Values = dict[bytes, list[bytes]]


class Row(NamedTuple):
    """A line of a list.

    Attributes:
        name: The IRI of the thing.
        facets: Its kinds: the part of an address to the label.
        values: What the template shows.
    """

    name: str
    facets: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a graph.

    Attributes:
        totals: List to facet to its label and the number of its rows, the most frequent facet first; "" is all rows.
        rows: Returns the rows of a list with a facet on a page.
        counts: Kind of thing to its number.
        uses: "property" and "relation" to the IRI of a term and the number of its uses.
        kinds: The kinds of sources and their numbers, the most frequent first.
        busiest: The sources with most statements.
        sums: The statements with the first sums of money, and those with the largest ones.
        all_sums: The number of all statements with sums of money.
    """

    totals: Mapping[str, Mapping[str, tuple[str, int]]]
    rows: Callable[[str, str, int], Sequence[Row]]
    counts: Mapping[str, str]
    uses: Mapping[str, Mapping[str, int]]
    kinds: Sequence[tuple[str, int]]
    busiest: Sequence[Row]
    sums: Sequence[str]
    all_sums: int


def facet_of(name: str, label: str) -> dict[str, str]:
    """Return the facet of a class; none if its name cannot be a part of an address."""
    short = token(name.rpartition("#")[2])
    return {short: label} if _FACET.fullmatch(short) else {}


def _by_facet(rows: Sequence[Row]) -> dict[str, tuple[str, Sequence[Row]]]:
    """Return the label and the rows of each facet, the most frequent first, if there are two or more; "" is all."""
    counts = Counter(facet for row in rows for facet in row.facets)
    labels = {facet: label for row in rows for facet, label in row.facets.items()}
    order = sorted(labels, key=lambda facet: (-counts[facet], facet)) if len(labels) > 1 else ()
    return {"": ("all", rows), **{at: (labels[at], [row for row in rows if at in row.facets]) for at in order}}


def count_lists(lines: Iterable[bytes]) -> Lists:
    """Count the lists in sorted lines of N-Quads."""
    found = _Counting(lines)
    sources = found.sources()
    kept = {"disputes": found.disagreements(), "entities": found.entities(), "sources": sources,
            "statements": found.statements()}  # fmt: skip
    sums, all_sums = found.sums()
    lists = Lists(
        {},
        lambda *_: (),
        found.tally(),
        found.uses,
        Counter(row.values["kind"] for row in sources).most_common(),
        sorted(sources, key=lambda row: (-row.values["count"], row.name))[:BUSIEST],
        sums,
        all_sums,
    )
    return reduce(lambda lists, name: with_rows(lists, name, kept[name]), kept, lists)


def with_rows(lists: Lists, name: str, rows: Sequence[Row]) -> Lists:
    """Return lists with a further one, whose rows are in memory."""
    parts = _by_facet(rows)

    def rows_of(of: str, facet: str, number: int) -> Sequence[Row]:
        if of != name:
            return lists.rows(of, facet, number)
        size = ON_A_PAGE[name]
        return parts[facet][1][(number - 1) * size : number * size]

    totals = {facet: (label, len(some)) for facet, (label, some) in parts.items()}
    return replace(lists, totals={**lists.totals, name: totals}, rows=rows_of)


def write_lists(path: Path, graph: Path, sha256: str) -> None:
    """Count the lists of a file of sorted N-Quads, and write them as sorted lines: a key, a space and JSON.

    A key is the name of a list, a facet or nothing, and the number of a page, with slashes between them.
    """
    with graph.open("rb") as lines:
        lists = count_lists(lines)
    about = {
        "graph": sha256,
        "busiest": [_packed(row) for row in lists.busiest],
        **{name: getattr(lists, name) for name in ("totals", "counts", "uses", "kinds", "sums", "all_sums")},
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{HEAD} {_as_json(about)}\n")
        for name, totals in sorted(lists.totals.items()):
            for facet in sorted(totals, key="{}/".format):
                for number in range(1, -(-totals[facet][1] // ON_A_PAGE[name]) + 1):
                    rows = [_packed(row) for row in lists.rows(name, facet, number)]
                    file.write(f"{key_of(name, facet, number)} {_as_json(rows)}\n")


def key_of(name: str, facet: str, number: int) -> str:
    """Return the key of a page in the file of lists."""
    return f"{name}/{facet}/{number:08}"


def unpacked(name: str, values: Mapping[str, Any]) -> Row:
    """Return a row as it was before it was written; its facets are not kept."""
    return Row(BASE + name, {}, values)


def _packed(row: Row) -> tuple[str, Mapping[str, Any]]:
    return row.name.removeprefix(BASE), row.values


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _full(name: str) -> bytes:
    return iri(expand(name)).encode()


_TYPE, _KIND, _BETWEEN, _MATTER, _STATUS, _SUBJECT, _RELATION, _OBJECT = map(_full, (
    "rdf:type", "sp:kind", "sp:between", "sp:disagreement", "sp:evidenceStatus", "sp:subject", "sp:relation",
    "sp:object",
))  # fmt: skip
_LABEL, _STANCE, _SPEAKER, _FROM, _CLAIM, _ENTITY, _SOURCE, _FUNDED = map(_full, (
    "rdfs:label", "sp:stance", "sp:speaker", "sp:source", "sp:proposition", "sp:Entity", "sp:Source", "sp:funded",
))  # fmt: skip
# Of a sum: its number, unit and time.
_OF_SUMS = tuple(map(_full, ("sp:amount", "sp:unit", "sp:validEarliest", "sp:validTime")))
_OF_OTHERS = frozenset(map(_full, (
    "rdfs:label", "rdfs:subClassOf", "dcterms:title", "dcterms:description", "dcterms:publisher", "sp:sourceKind",
    "sp:published", "skos:notation",
)))  # fmt: skip
_NOTHING: Mapping[str, Any] = {}


@dataclass(slots=True)
class _Matter:
    """The disputes about one matter, with the numbers of their statements."""

    disputes: list[bytes] = field(default_factory=list)
    kinds: set[bytes] = field(default_factory=set)
    statements: set[int] = field(default_factory=set)


class _Numbers:
    """Numbers of things from 1, in the order in which they are first seen, and columns with a value for each."""

    def __init__(self, *columns: str) -> None:
        self._numbers: dict[bytes, int] = {b"": 0}
        self.columns = {name: array("i", [0]) for name in columns}

    def __contains__(self, name: bytes) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._numbers)

    def of(self, name: bytes) -> int:
        """Return the number of a thing."""
        if (found := self._numbers.get(name)) is None:
            found = self._numbers[name] = len(self._numbers)
            for column in self.columns.values():
                column.append(0)
        return found


class _Counting:
    """What the lists need of a graph: for a million statements and their disputes, some hundred bytes of each.

    Attributes:
        values: Property to the values of things that are no statements, propositions and disputes.
        classes: Entity to its classes in the graph of entities.
        claims: The propositions; the columns have their parts and the number of their statements.
        things: Everything else that statements and propositions name.
        disputed: The statements in disputes with their speakers.
        sums_of: Proposition on a sum paid to its number, unit and time; `paid` are the statements on them.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.values: dict[bytes, Values] = {name: {} for name in _OF_OTHERS}
        self.classes: Values = {}
        self.sources_found: list[bytes] = []
        self.matters: dict[bytes, _Matter] = {}
        self.claims, self.things = _Numbers("subject", "relation", "object", "inner", "said"), _Numbers()
        self.disputed = _Numbers("speaker")
        self.by, self.read_in, self.about = (Counter[bytes]() for _ in range(3))
        self.numbers, self.properties = Counter[bytes](), Counter[bytes]()
        self.said: list[Row] = []
        self.facets: dict[bytes, dict[str, str]] = {}
        self.sums_of: dict[int, list[str]] = {}
        self.paid: list[tuple[str, int]] = []
        self._of_class = {_full("sp:Statement"): self._statement, _full("sp:Proposition"): self._proposition,
                          _full("sp:Dispute"): self._dispute}  # fmt: skip
        for subject, record in _records(lines):
            self._take(subject, record)
        relations = self._count_parts()
        self.uses = {"property": _by_name(self.properties), "relation": _by_name(relations)}

    def _take(self, subject: bytes, record: Values) -> None:
        for name, values in record.items():
            self.properties[name] += len(values)
        self.numbers.update(record.get(_STATUS, ()))
        if classes := record.get(_IN_ENTITIES):
            self.classes[subject] = classes
        for cls in record.get(_TYPE, ()):
            self.numbers[cls] += 1
            if take := self._of_class.get(cls):
                take(subject, record)
                return
            if cls == _SOURCE:
                self.sources_found.append(subject)
        for name in _OF_OTHERS & record.keys():
            self.values[name][subject] = record[name]

    def _statement(self, subject: bytes, record: Values) -> None:
        name, stance = _text(subject), next(iter(record.get(_STANCE, ())), b"<>")
        if stance not in self.facets:
            self.facets[stance] = facet_of(_text(stance), token(_text(stance).removeprefix(SP)).replace("-", " "))
        self.said.append(Row(name, self.facets[stance], _NOTHING))
        self.by.update(record.get(_SPEAKER, ()))
        self.read_in.update(record.get(_FROM, ()))
        if subject in self.disputed:
            self.disputed.columns["speaker"][self.disputed.of(subject)] = self.things.of(record[_SPEAKER][0])
        for claim in record.get(_CLAIM, ()):
            number = self.claims.of(claim[len(_PROPOSITION) : -1])
            self.claims.columns["said"][number] += 1
            if number in self.sums_of:
                self.paid.append((name, number))

    def _proposition(self, subject: bytes, record: Values) -> None:
        number, columns = self.claims.of(subject[len(_PROPOSITION) : -1]), self.claims.columns
        for column, name in (("subject", _SUBJECT), ("relation", _RELATION), ("object", _OBJECT)):
            for value in record.get(name, ()):
                if value.startswith(_PROPOSITION):
                    columns["inner"][number] = self.claims.of(value[len(_PROPOSITION) : -1])
                elif value[:1] == b"<":
                    columns[column][number] = self.things.of(value)
        if _FUNDED in record.get(_RELATION, ()) and _OF_SUMS[0] in record:
            self.sums_of[number] = [_text(record[name][0]) if name in record else "" for name in _OF_SUMS]

    def _dispute(self, subject: bytes, record: Values) -> None:
        matter = self.matters.setdefault(record.get(_MATTER, [subject])[0], _Matter())
        matter.disputes.append(subject)
        matter.kinds.update(record.get(_KIND, ()))
        matter.statements.update(map(self.disputed.of, record.get(_BETWEEN, ())))
        if _MATTER not in record:
            self.values[_LABEL][subject] = record[_LABEL]

    def _count_parts(self) -> Counter[bytes]:
        """Count the statements about each thing, and return the number of those with each relation."""
        columns, things = self.claims.columns, [*self.things]
        about, relations = (Counter[int]() for _ in range(2))
        for number, said in enumerate(columns["said"]):
            found, seen, inner = set[int](), set[int](), number if said else 0
            relations[columns["relation"][number]] += said
            while inner and inner not in seen:
                seen.add(inner)
                found.update((columns["subject"][inner], columns["object"][inner]))
                inner = columns["inner"][inner]
            for part in found:
                about[part] += said
        self.about.update({things[number]: times for number, times in about.items()})
        return Counter({things[number]: times for number, times in relations.items() if times})

    def _all(self, name: str, subject: bytes) -> list[bytes]:
        return self.values[_full(name)].get(subject, [])

    def _one(self, name: str, subject: bytes) -> str:
        return next(map(_text, self._all(name, subject)), "")

    def entities(self) -> list[Row]:
        """Return the entities with their kinds, those with most statements first."""
        rows = [self._entity(name) for name, classes in self.classes.items() if _ENTITY in classes]
        return sorted(rows, key=lambda row: (-row.values["about"] - row.values["says"], *_by_label(row)))

    def _entity(self, name: bytes) -> Row:
        classes, one = self.classes[name], self._one
        wide = {above for cls in classes for above in self._all("rdfs:subClassOf", cls)}
        kinds = sorted((one("rdfs:label", cls), _text(cls)) for cls in classes if cls not in wide)
        kinds = [kind for kind in kinds if kind[0]]
        facets = (facet_of(cls, label) for label, cls in kinds)
        values = {
            "label": one("rdfs:label", name),
            "description": one("dcterms:description", name),
            "kinds": [label for label, _ in kinds] or [""],
            "says": self.by[name],
            "about": self.about[name],
        }
        return Row(_text(name), {at: label for facet in facets for at, label in facet.items()}, values)

    def sources(self) -> list[Row]:
        """Return the sources by title, with their publishers and the numbers of their statements."""
        return sorted(map(self._source, self.sources_found), key=_by_label)

    def _source(self, name: bytes) -> Row:
        cls = next(iter(self._all("sp:sourceKind", name)), b"<>")
        kind = self._one("rdfs:label", cls)
        publishers = ((self._one("rdfs:label", one), _text(one)) for one in self._all("dcterms:publisher", name))
        values = {
            "label": self._one("dcterms:title", name),
            "kind": kind,
            "published": self._one("sp:published", name),
            "publishers": [(iri, label) for label, iri in sorted(publishers) if label],
            "count": self.read_in[name],
        }
        return Row(_text(name), facet_of(_text(cls), kind), values)

    def statements(self) -> list[Row]:
        """Return the statements with their stances, by IRI."""
        self.said.sort(key=itemgetter(0))
        return self.said

    def disagreements(self) -> list[Row]:
        """Return the disagreements, or disputes that belong to none, those of denials and of many speakers first."""
        found = [self._disagreement(name, matter) for name, matter in self.matters.items()]
        return [row for _, row in sorted(found, key=itemgetter(0))]

    def _disagreement(self, name: bytes, matter: _Matter) -> tuple[tuple[Any, ...], Row]:
        speakers = self.disputed.columns["speaker"]
        kinds = {_text(kind): self._one("rdfs:label", kind) for kind in matter.kinds}
        label = self._one("rdfs:label", name)
        order = rank(
            {token(kind.removeprefix(SP)) for kind in kinds},
            len({speakers[one] for one in matter.statements}),
            len(matter.statements),
        )
        facets = {at: word for kind, label in kinds.items() for at, word in facet_of(kind, label).items()}
        values = {
            "label": label,
            "statements": len(matter.statements),
            "disputes": sorted(_text(one).removeprefix(BASE) for one in matter.disputes),
        }
        return (*order, label, _text(name)), Row(_text(name), facets, values)

    def tally(self) -> dict[str, str]:
        """Return how many things of each kind there are, in the order of the home page."""
        numbers = {
            "entities": sum(_ENTITY in classes for classes in self.classes.values()),
            **{f"{cls.lower()}s": self.numbers[_full(f"sp:{cls}")] for cls in ("Statement", "Source", "Proposition")},
            "disagreements": len(self.matters),
            "disputes": self.numbers[_full("sp:Dispute")],
            **{f"{status} passages": self.numbers[_full(f"sp:{status}")] for status in ("verified", "confirmed")},
        }
        return {name: str(number) for name, number in numbers.items()}

    def sums(self) -> tuple[list[str], int]:
        """Return the statements with the first and with the largest sums of money, and the number of all."""
        paid = sorted(self._sums())
        largest = {unit: name for unit, _, _, name, _ in sorted(paid, key=itemgetter(-1))}
        return list(dict.fromkeys([*(row[-2] for row in paid[:SUMS]), *largest.values()])), len(paid)

    def _sums(self) -> Iterator[tuple[str, str, str, str, Decimal]]:
        """Yield the unit and the time of sums in the order of `web.pages.money.sums`, the statement and the number."""
        for name, number in self.paid:
            amount, unit, earliest, valid = self.sums_of[number]
            code = self._one("skos:notation", iri(unit).encode())
            if len(code) == len("GBP") and code.isalpha() and code.isupper():
                yield unit, earliest or "9", valid, name, Decimal(amount)


def _records(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Values]]:
    """Yield each subject with the values of its properties, and its classes in the graph of entities."""
    last, record = b"", Values()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            yield last, record
            last, record = subject, {}
        if not predicate.startswith(_SP) and predicate not in _OF_OTHERS and predicate != _TYPE:
            continue
        value = rest[: rest.rindex(b" <")]
        if predicate == _TYPE and line.endswith(_IN_ENTITIES):
            record.setdefault(_IN_ENTITIES, []).append(value)
        known = record.get(predicate)
        if known is None:
            record[predicate] = [value]
        elif known[-1] != value:  # otherwise the same triple in the next graph
            known.append(value)
    yield last, record


def _text(term: bytes) -> str:
    return text_of(term.decode())


def _by_label(row: Row) -> tuple[str, str]:
    return row.values["label"].lower(), row.name


def _by_name(numbers: Mapping[bytes, int]) -> dict[str, int]:
    return {_text(name): number for name, number in numbers.items() if name.startswith(_SP)}

"""Reasons for and against two entities being the same, besides their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphkit.corpus.merges import links
from graphkit.curate.duplicates.names import read_name
from graphkit.model.records import Alternatives, Corpus, Entity, Proposition, Source, Statement, StatementRef

# The weight of each reason; the threshold was chosen with these on data with known duplicates.
_SAME_NUMBER, _SAME_PAGE, _SHARED_LINK = 0.97, 0.1, 0.03
_NEAR_KIND, _OTHER_KIND = -0.05, -0.35
_OTHER_NUMBER, _OTHER_YEAR, _LINKED, _OTHER_JURISDICTION = -0.4, -0.4, -0.4, -0.3
_LISTED_TOGETHER, _SAID_TOGETHER = -0.2, -0.2
# Almost every entity is of these classes, so sharing one of them is no reason.
_GENERAL = frozenset({"Entity", "Speaker", "Agent"})


class Finding(NamedTuple):
    """A reason, and the weight that it adds to the score; below 0 it is a reason against."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Usage:
    """Where entities occur.

    Attributes:
        statements: Slug to `source/key` to its roles there: subject, object, speaker, relay.
        lists: Slug to the keys and entities under which it is listed.
    """

    statements: Mapping[str, Mapping[str, frozenset[str]]] = field(repr=False)
    lists: Mapping[str, frozenset[tuple[str, str]]] = field(repr=False)

    def count(self, slug: str) -> int:
        """Return the number of statements in which an entity occurs."""
        return len(self.statements.get(slug, ()))


def read_usage(corpus: Corpus) -> Usage:
    """Collect the statements and lists in which each entity of a corpus occurs."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for source in corpus.sources.values():
        for key, statement in source.statements.items():
            for part, slug in _parts(statement, source):
                found[slug][f"{source.id}/{key}"].add(part)
    lists: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for slug, entity in corpus.entities.items():
        for name, other in links(entity):
            lists[other].add((name, slug))
    return Usage(
        {slug: {name: frozenset(parts) for name, parts in names.items()} for slug, names in found.items()},
        {slug: frozenset(where) for slug, where in lists.items()},
    )


def _parts(statement: Statement, source: Source) -> Iterator[tuple[str, str]]:
    yield "speaker", statement.speaker or source.publisher
    yield from (("relay", slug) for slug in statement.via)
    current: object = statement
    seen: set[str] = set()
    while isinstance(current, Proposition):
        yield "subject", current.subject
        yield from (("qualifier", slug) for slug in current.qualifiers.values())
        yield from (("amount", slug) for slug in (current.amount.linked.values() if current.amount else ()))
        current = current.object
        if isinstance(current, StatementRef):
            key = current.statement
            # graphkit check reports circles.
            current = None if key in seen else source.statements.get(key)
            seen.add(key)
    if isinstance(current, Alternatives):
        yield from (("object", slug) for slug in current.entities)
    if isinstance(current, str):
        yield "object", current


def findings(one: str, other: str, corpus: Corpus, usage: Usage) -> Iterator[Finding]:
    """Yield the reasons for and against that are in the entity files and the statements."""
    yield from _kinds(one, other, corpus)
    yield from _numbers(corpus.entities[one], corpus.entities[other])
    yield from _links(one, other, corpus, usage)
    together = sorted(set(usage.statements.get(one, ())) & set(usage.statements.get(other, ())))
    if together:
        name = together[0]
        one_part, other_part = (" and ".join(sorted(usage.statements[slug][name])) for slug in (one, other))
        more = f", and in {len(together) - 1} more" if len(together) > 1 else ""
        yield Finding(f"in {name} {one} is {one_part}, and {other} is {other_part}{more}", _SAID_TOGETHER)


def _kinds(one: str, other: str, corpus: Corpus) -> Iterator[Finding]:
    words = corpus.vocabulary
    kinds = [corpus.entities[slug].kind for slug in (one, other)]
    if kinds[0] == kinds[1]:
        yield Finding(f"both are of the kind {kinds[0]}", 0.0)
        return
    above = [words.ancestors.get(words.kinds.get(kind, ""), frozenset()) for kind in kinds]
    near = bool((above[0] & above[1] & words.ancestors.keys()) - _GENERAL)
    yield Finding(
        f"{one} is of the kind {kinds[0]}, {other} of the kind {kinds[1]}", _NEAR_KIND if near else _OTHER_KIND
    )


def _numbers(one: Entity, other: Entity) -> Iterator[Finding]:
    if one.wikidata and other.wikidata:
        if one.wikidata == other.wikidata:
            yield Finding(f"both are {one.wikidata} on Wikidata", _SAME_NUMBER)
        else:
            yield Finding(f"one is {one.wikidata} on Wikidata, the other {other.wikidata}", _OTHER_NUMBER)
    if one.url and one.url == other.url:
        yield Finding(f"both have the page {one.url}", _SAME_PAGE)
    years = [read_name(entity.label).numbers for entity in (one, other)]
    if all(years) and years[0] != years[1]:
        shown = [", ".join(sorted(some)) for some in years]
        yield Finding(f"one label has the number {shown[0]}, the other {shown[1]}", _OTHER_YEAR)


def _links(one: str, other: str, corpus: Corpus, usage: Usage) -> Iterator[Finding]:
    ends: list[set[tuple[str, str]]] = [set(links(corpus.entities[slug])) for slug in (one, other)]
    for name, end in sorted(ends[0] & ends[1]):
        yield Finding(f"both have {end} under {name}", _SHARED_LINK)
    places = [{end for name, end in some if name == "jurisdiction"} for some in ends]
    if all(places) and not places[0] & places[1]:
        yield Finding(
            f"one is for {', '.join(sorted(places[0]))}, the other for {', '.join(sorted(places[1]))}",
            _OTHER_JURISDICTION,
        )
    for holder, slug, linked in ((one, other, ends[0]), (other, one, ends[1])):
        for name, end in sorted(linked):
            if end == slug:
                yield Finding(f"{slug} stands under {name} of {holder}", _LINKED)
    for name, group in sorted(usage.lists.get(one, frozenset()) & usage.lists.get(other, frozenset())):
        if name == "members":
            yield Finding(f"{group} lists both under {name}", _LISTED_TOGETHER)

"""Coded statements of our own graph: who speaks, about which claim, on which side, and when."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from graphkit.analysis.discourse.codebook import (
    PROPERTIES,
    ROLL_UPS,
    WITHDRAW,
    agreement_table,
    codings,
    has_codebook,
    is_fact,
    rolled_up,
)
from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.filters import chosen, require_filters
from graphkit.analysis.discourse.settings import require_choice
from graphkit.analysis.disputes import dispute_views
from graphkit.analysis.network import kind_of
from graphkit.analysis.properties import OF_NETWORKS, Properties, read_properties
from graphkit.analysis.statements import relays_of
from graphkit.model.codebook import SIGNS, STANCES
from graphkit.model.errors import QueryError
from graphkit.model.iris import BASE, POLICIES, PREFIXES, SP, token
from graphkit.store import Store

CONCEPTS = ("", "codebook", "claim", "proposition")
ACTORS = ("organisation", "speaker", "kind", "sector")
NARRATORS = ("drop", "keep")
FACTS = ("drop", "keep")
EVIDENCE = ("unverified", "confirmed", "verified")
DATES = ("certain", "possible", "published")
# A withdrawal without a date holds from the beginning.
_ALWAYS = "0001-01-01"
_FUNDING = {SP + "funded"}
_NAMES = (
    "sp:proposition", "sp:relation", "sp:object", "sp:amount", "sp:value", "sp:stance", "sp:certainty", "sp:speaker",
    "sp:voice", "sp:source", "sp:evidence", "sp:evidenceStatus", "sp:saidEarliest", "sp:saidLatest",
    "sp:publishedEarliest", "sp:publishedLatest", "sp:sourceKind", "sp:origin", "sp:speaksFor", "sp:issuedBy",
    "sp:post", "sp:postAt", "sp:sector", "rdf:type", "rdfs:label", "owl:versionInfo", "dcterms:publisher", *PROPERTIES,
)  # fmt: skip
_NEWS, _OPINION, _MEDIA = SP + "NewsArticle", SP + "OpinionPiece", SP + "newsMedia"
_ORGANISATIONS = {SP + "Organisation", SP + "PublicBody", SP + "Office"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How statements of a graph are coded.

    Attributes:
        concept: codebook, its concepts; claim, a relation with its object; or proposition, which also has a subject, a
            scope and a time. By default codebook if the graph has one, else claim.
        actor: organisation, the one for which the speaker speaks; its kind or sector; or speaker.
        narrators: Whether to drop statements that news media make in their own words, except in opinion pieces. Where
            the sector of a publisher is not known, these are its statements in its own news articles.
        facts: Whether to drop concepts that are facts which sources narrate.
        roll_up: Whether a concept of the codebook counts as itself (no), as the next broader ones, or as the broadest.
            A statement that takes opposite sides on one of them is a tie without weight.
        evidence: The lowest status of the evidence of a statement that counts.
        dates: certain or possible, for the days on which a statement can have been made; or published.
        stances: Stance to `+`, `-`, `0` or `withdraw`, where it differs from the table of the codebook, or from ours.
        only, without: Name of a filter, one of `FILTERS`, to the values that statements must have, or must not have:
            labels, aliases or ids, such as `only={"relation": ["criticised"], "source-kind": ["press-release"]}`.

    Raises:
        QueryError: A setting, a stance, a sign or a filter is unknown.
    """

    concept: str = ""
    actor: str = "organisation"
    narrators: str = "drop"
    facts: str = "drop"
    roll_up: str = "no"
    evidence: str = "unverified"
    dates: str = "certain"
    stances: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, choices in (
            ("concept", CONCEPTS), ("actor", ACTORS), ("narrators", NARRATORS), ("facts", FACTS),
            ("roll_up", ROLL_UPS), ("evidence", EVIDENCE), ("dates", DATES),
        ):  # fmt: skip
            require_choice(getattr(self, name), choices, name)
        for stance, sign in self.stances.items():
            require_choice(stance, tuple(STANCES), "stance")
            require_choice(sign, (*SIGNS, WITHDRAW), "sign")
        require_filters([*self.only, *self.without])


class Row(NamedTuple):
    """A coded statement before it becomes part of the columns; `actor` and `concept` are IRIs, or texts.

    Attributes:
        until: The day from which the statement is withdrawn; "" if it is not.
    """

    statement: str
    actor: str
    concept: str
    sign: int = 1
    until: str = ""


class Read(NamedTuple):
    """The coded statements of a graph.

    Attributes:
        iris: Label of an actor or concept to its IRI.
        notes: Number of statements by what was done with them.
        settings: How they were read, by name, with the table of agreement that was used.
        evidence: Statement to the status of its evidence, for those that have one.
    """

    coded: Coded
    iris: dict[str, str]
    notes: dict[str, int]
    settings: dict[str, Any]
    evidence: dict[str, str]


# Actor and proposition to two days of each withdrawal.
Withdrawals = dict[tuple[str, str], list[tuple[str, str]]]


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the garbage collector, which would look for garbage among rows that live on: a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if was_enabled else gc.disable)()


class Reader:
    """Reads one graph: the properties that it needs, and more by their names; or takes properties that were read."""

    def __init__(self, graph: Store | Properties, reading: Reading, more: Iterable[str] = ()) -> None:
        self.reading = reading
        names, policies = (OF_NETWORKS, POLICIES) if {**reading.only, **reading.without} else ((), ())
        self.properties: Properties = (
            graph if isinstance(graph, Properties) else read_properties(graph, (*_NAMES, *more, *names), policies)
        )
        self.notes: Counter[str] = Counter()
        self.table = agreement_table(self.properties, reading.stances)
        self.coded = has_codebook(self.properties)
        self._weak = EVIDENCE[: EVIDENCE.index(reading.evidence)]
        # The same few arguments occur with most statements.
        self._side: Callable[[str], int | None] = cache(self.table.sign)
        self._weight = cache(self.table.weight)
        self._organisations = cache(partial(organisations, self.properties))
        self._publishers = cache(partial(_publishers, self.properties))
        self._alone: Callable[[str], list[tuple[str, int]]] = cache(lambda claim: [(claim, 1)])
        self._in_words = cache(partial(_claim, cache(self.properties.label)))
        if reading.concept == "codebook" and not self.coded:
            raise QueryError("The graph has no codebook.", "Write data/codebook.yaml, or type: --concept claim")
        if reading.roll_up != "no" and self.concept != "codebook":
            raise QueryError(
                f"The roll-up {reading.roll_up!r} is not defined with the concept {self.concept!r}.",
                "Type: --concept codebook" if self.coded else "Write data/codebook.yaml, or type: --roll-up no",
            )

    @property
    def concept(self) -> str:
        """What the concepts are: those of the codebook, claims or propositions."""
        return self.reading.concept or ("codebook" if self.coded else "claim")

    def settings(self) -> dict[str, Any]:
        """Return the settings by name, for files, with the table of agreement that was used."""
        version = self.properties.one(BASE + "codebook", "owl:versionInfo")
        given = {**asdict(self.reading), "concept": self.concept, "codebook": version}
        return {**given, "stances": dict(self.table.sides), "certainties": dict(self.table.weights)}

    def statements(self) -> list[str]:
        """Return the IRIs of the statements that the filters leave, sorted."""
        every = sorted(self.properties.subjects("sp:proposition"))
        kept = chosen(self.properties, every, self.reading.only, self.reading.without)
        self.notes["filtered out"] = len(every) - len(kept)
        return kept

    def opinions(self, withdrawals: Withdrawals | None = None) -> Iterator[Row]:
        """Yield who takes which side on which claim, and until when; without narrators and withdrawals themselves.

        Args:
            withdrawals: Those of the whole graph, if only some of its statements were read.
        """
        every = self.statements()
        claims = {name: found for name, found in zip(every, self.claims(every), strict=True) if found}
        names = self.counted(claims)
        actors, signs = list(map(self.actor, names)), self.signs(names)
        weights = map(self._weight, self.properties.column("sp:certainty", names))
        if withdrawals is None:
            withdrawals = self._withdrawals(zip(names, actors, signs, strict=True))
        for name, actor, sign, weight in zip(names, actors, signs, weights, strict=True):
            if sign is None:
                self.notes["withdrawals"] += 1
                continue
            later = withdrawals and withdrawals.get((actor, self.properties.one(name, "sp:proposition")))
            until = self._until(name, later) if later else ""
            for claim, side in claims[name]:
                yield Row(name, actor, claim, side * sign * weight, until)

    def standing(self, withdrawals: Withdrawals | None = None) -> Iterator[Row]:
        """Yield the opinions that were not withdrawn at any time; see `opinions`."""
        return (row for row in self.opinions(withdrawals) if not row.until)

    def withdrawals(self) -> Withdrawals:
        """Return the withdrawals among the statements that were read, for `opinions`."""
        every = self.statements()
        names = [name for name, sign in zip(every, self.signs(every), strict=True) if sign is None]
        names = self.counted(name for name, found in zip(names, self.claims(names), strict=True) if found)
        return self._withdrawals((name, self.actor(name), None) for name in names)

    def signs(self, names: Iterable[str]) -> list[int | None]:
        """Return the side that each statement takes on its proposition; None for a withdrawal."""
        return list(map(self._side, self.properties.column("sp:stance", names)))

    def claims(self, names: list[str]) -> Iterator[list[tuple[str, int]]]:
        """Yield the concepts of each statement, and whether its proposition supports or contradicts them."""
        if self.concept == "codebook":
            return map(self._codings, names)
        propositions = self.properties.column("sp:proposition", names)
        return map(self._alone, propositions if self.concept == "proposition" else self._claims(propositions))

    def _claims(self, propositions: list[str]) -> Iterator[str]:
        """Yield the relation and the object of each proposition, its amount or its value, in words."""
        every = dict.fromkeys(propositions)
        words = map(self._in_words, self.properties.column("sp:relation", every), self._targets(every))
        return map(dict(zip(every, words, strict=True)).__getitem__, propositions)

    def _targets(self, propositions: Collection[str]) -> list[str]:
        """Return the object of each proposition, its amount or its value."""
        ends = (self.properties.column(f"sp:{name}", propositions) for name in ("object", "amount", "value"))
        return [thing or amount or value for thing, amount, value in zip(*ends, strict=True)]

    def _codings(self, name: str) -> list[tuple[str, int]]:
        found = list(codings(self.properties, name))
        kept = [each for each in found if self.reading.facts == "keep" or not is_fact(self.properties, each[0])]
        self.notes["not coded"] += not found
        self.notes["narrated facts, dropped"] += bool(found) and not kept
        return self._rolled_up(kept)

    def _rolled_up(self, codings: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return the codings of a statement with the concepts as which they count, each once."""
        sides: dict[str, list[int]] = {}
        for concept, side in codings:
            for wider in rolled_up(self.properties, concept, self.reading.roll_up):
                sides.setdefault(wider, []).append(side)
        self.notes["opposite sides of a broader concept"] += any(len(set(each)) > 1 for each in sides.values())
        return [(concept, each[0] if len(set(each)) == 1 else 0) for concept, each in sides.items()]

    def counted(self, names: Iterable[str]) -> list[str]:
        """Return the statements that count: their evidence is good enough, and they are not narrated."""
        every = kept = list(names)
        if self._weak:
            kept = [name for name, status in zip(every, self._statuses(every), strict=True) if status not in self._weak]
        self.notes[f"evidence not {self.reading.evidence}"] += len(every) - len(kept)
        return self._not_narrated(kept)

    def _statuses(self, names: Iterable[str]) -> list[str]:
        """Return the status of the evidence of each statement; "" for one that has none."""
        column = self.properties.column
        return [status.removeprefix(SP) for status in column("sp:evidenceStatus", column("sp:evidence", names))]

    def _not_narrated(self, names: list[str]) -> list[str]:
        """Return the statements without the stories that news media tell in their own words, which take no side."""
        dropped, column = self.reading.narrators == "drop", self.properties.column
        sources, speakers = column("sp:source", names), column("sp:speaker", names)
        things = zip(sources, speakers, column("sp:sourceKind", sources), column("sp:sector", speakers), strict=True)
        told = [
            (sector == _MEDIA and kind != _OPINION)
            if sector
            else (kind == _NEWS and speaker in self._publishers(source))
            for source, speaker, kind, sector in things
        ]
        self.notes["narrators, dropped" if dropped else "narrators, kept"] += sum(told)
        return [name for name, each in zip(names, told, strict=True) if not each] if dropped else names

    def _withdrawals(self, rows: Iterable[tuple[str, str, int | None]]) -> Withdrawals:
        """Return when an actor takes back what it said on a proposition: as stated, and the day that counts."""
        found: Withdrawals = {}
        for name, actor, sign in rows:
            if sign is None:
                (day,) = self._days([name], "Earliest")
                days = (self.properties.one(name, "sp:saidEarliest"), day)
                found.setdefault((actor, self.properties.one(name, "sp:proposition")), []).append(days)
        return found

    def _until(self, name: str, withdrawals: list[tuple[str, str]]) -> str:
        """Return the day of the first withdrawal that follows a statement; "" if none does."""
        said = self.properties.one(name, "sp:saidEarliest")
        return min((day or _ALWAYS for later, day in withdrawals if not later or said <= later), default="")

    def actor(self, name: str) -> str:
        """Return the actor of a statement, or its kind."""
        if self.reading.actor == "speaker":
            return self.properties.one(name, "sp:speaker")
        found = self._organisation(name)
        if self.reading.actor == "sector":
            return self.properties.label(sector) if (sector := self.properties.one(found, "sp:sector")) else "no sector"
        return token(kind_of(self.properties.all(found, "rdf:type"))) if self.reading.actor == "kind" else found

    def _organisation(self, name: str) -> str:
        """Return the organisation or office of a statement; a speaker for none is an actor of its own."""
        found = self.ends(name)
        if len(found) > 1:
            raise self._several(name, found)
        self.notes["speakers for no organisation"] += not found
        return found[0] if found else self.properties.one(name, "sp:speaker")

    def _several(self, name: str, found: tuple[str, ...]) -> QueryError:
        speaker, *bodies = map(self.properties.label, (self.properties.one(name, "sp:speaker"), *found))
        statement = name.removeprefix(PREFIXES["statement"])
        return QueryError(
            f"{speaker} speaks for {' and '.join(bodies)} in {statement}.",
            "Date the posts in data/entities/, or type: --actor speaker",
        )

    def ends(self, name: str) -> tuple[str, ...]:
        """Return the organisations and offices on whose behalf a statement is made, and which speak for no other."""
        voices = self.properties.all(name, "sp:voice")
        return self._organisations(tuple(voices) or (self.properties.one(name, "sp:speaker"),))

    def relays(self) -> Iterator[Row]:
        """Yield who quotes whom: each relay the one before it, and the publisher the last of them."""
        one, every = self.properties.one, self.properties.all
        for name in self.statements():
            chain = [one(name, "sp:speaker"), *relays_of(name, self.properties)]
            chain += [who for who in every(one(name, "sp:source"), "dcterms:publisher")[:1] if who not in chain]
            pairs = dict.fromkeys(zip(chain[1:], chain, strict=False))
            yield from (Row(name, quoter, quoted) for quoter, quoted in pairs if quoter != quoted)

    def disputes(self) -> Iterator[Row]:
        """Yield which side each actor takes in each dispute."""
        statements = set(self.statements())
        sides = [(dispute.iri, *side) for dispute in dispute_views(self.properties) for side in dispute.sides()]
        counted = set(self.counted(name for _, _, name in sides if name in statements))
        for dispute, side, name in sides:
            if name in counted:
                yield Row(name, self.actor(name), dispute, 1 if side == "one side" else -1)

    def addressees(self) -> Iterator[Row]:
        """Yield whom each claimant makes a claim about, and the object of the claim: two rows for each statement."""
        every, column = self.statements(), self.properties.column
        signs = {name: sign for name, sign in zip(every, self.signs(every), strict=True) if sign is not None}
        names = self.counted(signs)
        propositions = column("sp:proposition", names)
        ends = (map(self.actor, names), column("sp:subject", propositions), self._targets(propositions))
        for name, claimant, addressee, target in zip(names, *ends, strict=True):
            sign, pairs = signs[name], dict.fromkeys(((claimant, addressee), (addressee, target)))
            yield from (Row(name, one, other, sign) for one, other in pairs if one != other and other)

    def funding(self) -> Iterator[Row]:
        """Yield who funded what, according to whom; a denial counts against it."""
        names, column = self.statements(), self.properties.column
        propositions = column("sp:proposition", names)
        ends = (column(f"sp:{name}", propositions) for name in ("subject", "relation", "object"))
        for name, sign, giver, relation, taker in zip(names, self.signs(names), *ends, strict=True):
            if relation in _FUNDING and taker and sign is not None:
                yield Row(name, giver, taker, sign)

    def citations(self) -> Iterator[Row]:
        """Yield which source names which document, in a statement or as the source that it copies."""
        one, every = self.properties.one, self.properties.all
        sources = {name: one(name, "sp:source") for name in self.statements()}
        for name, source in sources.items():
            proposition = one(name, "sp:proposition")
            ends = {one(proposition, "sp:subject"), one(proposition, "sp:object"), one(name, "sp:speaker")}
            for document in sorted(ends - {source, ""}):
                if SP + "Document" in every(document, "rdf:type"):
                    yield Row(name, source, document)
        copies = self.properties.subjects("prov:wasDerivedFrom")
        is_filtered = self.reading.only or self.reading.without
        for source in sorted(copies & set(sources.values()) if is_filtered else copies):
            for origin in every(source, "prov:wasDerivedFrom"):
                yield Row(source, source, origin)

    @_without_collector()
    def columns(self, rows: Iterable[Row]) -> Read:
        """Make columns of rows."""
        iris: dict[str, str] = {}
        statements, actors, concepts, signs, until = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
        names = self._names({*actors, *concepts}, iris)
        ids = [name.removeprefix(PREFIXES["statement"]) for name in statements]
        made = coded(
            ids,
            [names[actor] for actor in actors],
            [names[concept] for concept in concepts],
            signs,
            self._documents(statements),
            self._days(statements, "Earliest"),
            [f"{day}T23:59:59" if day else "" for day in self._days(statements, "Latest")],
            qualifier="integer",
            scale=(-self.table.highest, self.table.highest),
            until=until,
        )
        notes = {**dict(sorted(self.notes.items())), "without an earliest date": int(np.isnat(made.first).sum())}
        evidence = {name: each for name, each in zip(ids, self._statuses(statements), strict=True) if each}
        return Read(made, iris, notes, self.settings(), evidence)

    def _names(self, things: set[str], iris: dict[str, str]) -> dict[str, str]:
        """Return a label for each thing, with its id where two have the same."""
        labels = {thing: self.properties.label(thing) if ":" in thing else thing for thing in things}
        counts = Counter(labels.values())
        names = {
            thing: f"{label} ({thing.rpartition('/')[2]})" if counts[label] > 1 and thing != label else label
            for thing, label in labels.items()
        }
        iris.update((name, thing) for thing, name in sorted(names.items()) if thing.startswith("http"))
        return names

    def _documents(self, names: Sequence[str]) -> list[str]:
        """Return the source of each statement; a source itself."""
        return [source or name for source, name in zip(self.properties.column("sp:source", names), names, strict=True)]

    def _days(self, names: Sequence[str], end: str) -> list[str]:
        """Return the day on which each statement was made, or its source published; of a source its own."""
        things = self._documents(names) if self.reading.dates == "published" else names
        said, published = (self.properties.column(f"sp:{prefix}{end}", things) for prefix in ("said", "published"))
        return [day or other for day, other in zip(said, published, strict=True)]


def _claim(label: Callable[[str], str], relation: str, target: str) -> str:
    """Return a relation and its object in words."""
    return f"{label(relation)} {label(target)}" if target else label(relation)


def organisations(properties: Properties, voices: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the voices of a statement that are organisations or offices, and speak for no other."""
    others = set(voices)
    last = sorted(voice for voice in others if not _speaks_for(properties, voice) & others - {voice})
    return tuple(voice for voice in last if _ORGANISATIONS & set(properties.all(voice, "rdf:type")))


def _speaks_for(properties: Properties, voice: str) -> set[str]:
    every = properties.all
    posts = (body for post in every(voice, "sp:post") for body in every(post, "sp:postAt"))
    return {*every(voice, "sp:speaksFor"), *every(voice, "sp:issuedBy"), *posts}


def _publishers(properties: Properties, source: str) -> set[str]:
    every = properties.all
    return {who for each in (source, *every(source, "sp:origin")) for who in every(each, "dcterms:publisher")}

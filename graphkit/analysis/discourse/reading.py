"""Coded statements of our own graph: who speaks, about which claim, on which side, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from graphkit.analysis.disputes import dispute_views
from graphkit.analysis.network import kind_of
from graphkit.analysis.properties import Properties, read_properties
from graphkit.model.codebook import SIGNS, STANCES
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError
from graphkit.model.iris import BASE, PREFIXES, SP, token
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
_MORE = (
    "sp:saidEarliest", "sp:publishedEarliest", "sp:publishedLatest", "sp:sourceKind", "sp:origin", "sp:speaksFor",
    "sp:issuedBy", "sp:post", "sp:postAt", "sp:sector", "sp:value", "sp:about", "dcterms:publisher",
    "prov:wasDerivedFrom",
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
            _require(getattr(self, name), choices, name)
        for stance, sign in self.stances.items():
            _require(stance, tuple(STANCES), "stance")
            _require(sign, (*SIGNS, WITHDRAW), "sign")
        require_filters([*self.only, *self.without])


def _require(word: str, words: tuple[str, ...], what: str) -> None:
    if word not in words:
        raise QueryError(f"{word!r} is not a choice for {what}.", instead(word, words))


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


class Reader:
    """Reads one graph."""

    def __init__(self, store: Store, reading: Reading) -> None:
        self.reading = reading
        self.properties: Properties = read_properties(store, _MORE + PROPERTIES)
        self.notes: Counter[str] = Counter()
        self.labels: dict[str, str] = {}
        self.table = agreement_table(self.properties, reading.stances)
        self.coded = has_codebook(self.properties)
        self._weak = EVIDENCE[: EVIDENCE.index(reading.evidence)]
        # The same few arguments occur with most statements.
        self._side: Callable[[str], int | None] = cache(self.table.sign)
        self._weight = cache(self.table.weight)
        self._organisations = cache(partial(organisations, self.properties))
        self._by_publisher = cache(partial(told_by_the_publisher, self.properties))
        self._claim_of = cache(partial(_claim, self.properties, cache(self.properties.label)))
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

    def opinions(self) -> Iterator[Row]:
        """Yield who takes which side on which claim, and until when; without narrators and withdrawals themselves."""
        counted = [(name, claims) for name in self.statements() if (claims := self.claims(name)) and self.counts(name)]
        rows = [(name, self.actor(name), self.sign(name), claims) for name, claims in counted]
        withdrawals = self._withdrawals(rows)
        for name, actor, sign, claims in rows:
            if sign is None:
                self.notes["withdrawals"] += 1
                continue
            until = self._until(name, withdrawals[actor, self._proposition(name)]) if withdrawals else ""
            weight = self._weight(self.properties.one(name, "sp:certainty"))
            yield from (Row(name, actor, claim, side * sign * weight, until) for claim, side in claims)

    def standing(self) -> Iterator[Row]:
        """Yield the opinions that were not withdrawn at any time."""
        return (row for row in self.opinions() if not row.until)

    def sign(self, name: str) -> int | None:
        """Return the side that a statement takes on its proposition; None for a withdrawal."""
        return self._side(self.properties.one(name, "sp:stance"))

    def claims(self, name: str) -> list[tuple[str, int]]:
        """Return the concepts of a statement, and whether its proposition supports or contradicts them."""
        if self.concept != "codebook":
            return [(self.claim(name), 1)]
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

    def counts(self, name: str) -> bool:
        """Return whether a statement counts: its evidence is good enough, and it is not narrated."""
        weak = bool(self._weak) and self._status(name) in self._weak
        self.notes[f"evidence not {self.reading.evidence}"] += weak
        return not weak and not self.narrated(name)

    def _status(self, name: str) -> str:
        """Return the status of the evidence of a statement; "" if it has none."""
        return self.properties.one(self.properties.one(name, "sp:evidence"), "sp:evidenceStatus").removeprefix(SP)

    def narrated(self, name: str) -> bool:
        """Return whether a publisher tells a story in its own news article, and is not to be counted."""
        dropped = self.reading.narrators == "drop"
        told = self._by_publisher(self.properties.one(name, "sp:source"), self.properties.one(name, "sp:speaker"))
        self.notes["narrators, dropped" if dropped else "narrators, kept"] += told
        return told and dropped

    def _proposition(self, name: str) -> str:
        return self.properties.one(name, "sp:proposition")

    def _withdrawals(self, rows: Iterable[tuple[str, str, int | None, object]]) -> dict[tuple[str, str], list[str]]:
        """Return the statements with which an actor takes back what it said on a proposition."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name, actor, sign, _ in rows:
            if sign is None:
                found[actor, self._proposition(name)].append(name)
        return found

    def _until(self, name: str, withdrawals: Iterable[str]) -> str:
        """Return the day of the first withdrawal that follows a statement; "" if none does."""
        if not withdrawals:
            return ""
        said, one = self.properties.one(name, "sp:saidEarliest"), self.properties.one
        dates = ((one(each, "sp:saidEarliest"), self._date(each, "Earliest")) for each in withdrawals)
        return min((day or _ALWAYS for later, day in dates if not later or said <= later), default="")

    def actor(self, name: str) -> str:
        """Return the actor of a statement, or its kind."""
        if self.reading.actor == "speaker":
            return self.properties.one(name, "sp:speaker")
        found = self._organisation(name)
        if self.reading.actor == "sector":
            return self.properties.label(sector) if (sector := self.properties.one(found, "sp:sector")) else "no sector"
        return self._kind(found) if self.reading.actor == "kind" else found

    def _kind(self, actor: str) -> str:
        return token(kind_of(self.properties.all(actor, "rdf:type")))

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

    def claim(self, name: str) -> str:
        """Return the proposition of a statement, or its relation and object."""
        proposition = self._proposition(name)
        return proposition if self.concept == "proposition" else self._claim_of(proposition)

    def relays(self) -> Iterator[Row]:
        """Yield who quotes whom: each relay the one before it, and the publisher the last of them."""
        one, every = self.properties.one, self.properties.all
        for name in self.statements():
            steps = sorted(every(name, "sp:relay"), key=lambda step: int(one(step, "sp:position")))
            chain = [one(name, "sp:speaker"), *(relay for step in steps for relay in every(step, "sp:relayedBy"))]
            chain += [who for who in every(one(name, "sp:source"), "dcterms:publisher")[:1] if who not in chain]
            pairs = dict.fromkeys(zip(chain[1:], chain, strict=False))
            yield from (Row(name, quoter, quoted) for quoter, quoted in pairs if quoter != quoted)

    def disputes(self) -> Iterator[Row]:
        """Yield which side each actor takes in each dispute."""
        statements = set(self.statements())
        for dispute in dispute_views(self.properties):
            for side, name in dispute.sides():
                if name in statements and self.counts(name):
                    yield Row(name, self.actor(name), dispute.iri, 1 if side == "one side" else -1)

    def addressees(self) -> Iterator[Row]:
        """Yield whom each claimant makes a claim about, and the object of the claim: two rows for each statement."""
        for name in self.statements():
            proposition, sign = self._proposition(name), self.sign(name)
            if sign is None or not self.counts(name):
                continue
            claimant, addressee = self.actor(name), self.properties.one(proposition, "sp:subject")
            target = _target(self.properties, proposition)
            pairs = dict.fromkeys(((claimant, addressee), (addressee, target)))
            yield from (Row(name, one, other, sign) for one, other in pairs if one != other and other)

    def funding(self) -> Iterator[Row]:
        """Yield who funded what, according to whom; a denial counts against it."""
        one = self.properties.one
        for name in self.statements():
            proposition = one(name, "sp:proposition")
            sign = self.sign(name)
            if one(proposition, "sp:relation") in _FUNDING and one(proposition, "sp:object") and sign is not None:
                yield Row(name, one(proposition, "sp:subject"), one(proposition, "sp:object"), sign)

    def citations(self) -> Iterator[Row]:
        """Yield which source names which document, in a statement or as the source that it copies."""
        one, every = self.properties.one, self.properties.all
        sources = {name: one(name, "sp:source") for name in self.statements()}
        for name, source in sources.items():
            proposition = one(name, "sp:proposition")
            ends = {one(proposition, "sp:subject"), one(proposition, "sp:object"), one(name, "sp:speaker")} - {
                source,
                "",
            }
            for document in sorted(ends):
                if SP + "Document" in every(document, "rdf:type"):
                    yield Row(name, source, document)
        copies = self.properties.subjects("prov:wasDerivedFrom")
        is_filtered = self.reading.only or self.reading.without
        for source in sorted(copies & set(sources.values()) if is_filtered else copies):
            for origin in every(source, "prov:wasDerivedFrom"):
                yield Row(source, source, origin)

    def columns(self, rows: list[Row]) -> Read:
        """Make columns of rows."""
        iris: dict[str, str] = {}
        names = self._names({name for row in rows for name in (row.actor, row.concept)}, iris)
        prefix = PREFIXES["statement"]
        made = coded(
            [row.statement.removeprefix(prefix) for row in rows],
            [names[row.actor] for row in rows],
            [names[row.concept] for row in rows],
            [row.sign for row in rows],
            [self.properties.one(row.statement, "sp:source") or row.statement for row in rows],
            [self._date(row.statement, "Earliest") for row in rows],
            [self._date(row.statement, "Latest") for row in rows],
            qualifier="integer",
            scale=(-self.table.highest, self.table.highest),
            until=[row.until for row in rows],
        )
        notes = {**dict(sorted(self.notes.items())), "without an earliest date": int(np.isnat(made.first).sum())}
        statuses = {name: self._status(prefix + name) for name in made.ids}
        return Read(made, iris, notes, self.settings(), {name: each for name, each in statuses.items() if each})

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

    def _date(self, name: str, end: str) -> str:
        if self.reading.dates == "published" or not name.startswith(PREFIXES["statement"]):
            name, prefix = self.properties.one(name, "sp:source") or name, "published"
        else:
            prefix = "said"
        day = self.properties.one(name, f"sp:{prefix}{end}")
        return f"{day}T23:59:59" if day and end == "Latest" else day


def _claim(properties: Properties, label: Callable[[str], str], proposition: str) -> str:
    """Return the relation and the object of a proposition, in words."""
    target = _target(properties, proposition)
    relation = label(properties.one(proposition, "sp:relation"))
    return f"{relation} {label(target)}" if target else relation


def _target(properties: Properties, proposition: str) -> str:
    """Return the object of a proposition, its amount or its value."""
    one = properties.one
    return one(proposition, "sp:object") or one(proposition, "sp:amount") or one(proposition, "sp:value")


def organisations(properties: Properties, voices: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the voices of a statement that are organisations or offices, and speak for no other."""
    others = set(voices)
    last = sorted(voice for voice in others if not _speaks_for(properties, voice) & others - {voice})
    return tuple(voice for voice in last if _ORGANISATIONS & set(properties.all(voice, "rdf:type")))


def _speaks_for(properties: Properties, voice: str) -> set[str]:
    every = properties.all
    posts = (body for post in every(voice, "sp:post") for body in every(post, "sp:postAt"))
    return {*every(voice, "sp:speaksFor"), *every(voice, "sp:issuedBy"), *posts}


def told_by_the_publisher(properties: Properties, source: str, speaker: str) -> bool:
    """Return whether news media tell a story in their own words, which takes no side."""
    one = properties.one
    kind, sector = one(source, "sp:sourceKind"), one(speaker, "sp:sector")
    if sector:
        return sector == _MEDIA and kind != _OPINION
    return kind == _NEWS and speaker in _publishers(properties, source)


def _publishers(properties: Properties, source: str) -> set[str]:
    every = properties.all
    return {who for each in (source, *every(source, "sp:origin")) for who in every(each, "dcterms:publisher")}

"""What pages tell, ready to be told: each statement, proposition and dispute once, and where to find them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from graphkit.analysis.disputes import DisputeView, account
from graphkit.analysis.statements import StatementView
from graphkit.model.iris import PREFIXES, SP, token
from graphkit.model.text import web_link
from graphkit.web.pages.links import Link, link, links
from graphkit.web.pages.records import Record, word, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as a page tells it.

    Attributes:
        view: As the rest of the package knows it.
        link: To its page.
        speaker: Who said it.
        source: Where it is read.
        via: Through whom it reached the source, in order.
        claim: The proposition.
        passage: First and last words of the passage.
        url: The page with the passage marked, if it is a web address.
        disputes: IRIs of those that it takes part in.
    """

    view: StatementView
    link: Link
    speaker: Link
    source: Link
    via: tuple[Link, ...]
    claim: Link
    passage: str
    url: str
    disputes: tuple[str, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Return where it stands in its source: by position if that is known, then by key, numbers as numbers."""
        at = re.search(r", at (\d+)$", self.view.locator)
        parts = re.split(r"(\d+)", self.view.id)
        return (
            self.view.source, int(at[1]) if at else 0, [int(one) if one.isdecimal() else 0 for one in parts], parts
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as a page tells it.

    Attributes:
        view: As the rest of the package knows it.
        link: To its page.
        kind: Its kind, in words.
        account: Who is on which side, and what is left open.
        about: The propositions in question.
        sides: The statements of each side.
    """

    view: DisputeView
    link: Link
    kind: str
    account: str
    about: tuple[Link, ...]
    sides: tuple[tuple[Said, ...], tuple[Said, ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """All that pages tell; each mapping is by IRI.

    Attributes:
        records: What the graph says.
        said: The statements.
        disputes: The disputes.
        by: Speaker to statements.
        about: Entity to the statements about it, also those about what is said of it.
        passed: Entity to the statements that came through it.
        read_in: Source to statements.
        saying: Proposition to the statements that take a stance on it.
        copies: Source to those that were made from it.
        inside: Proposition to those about it on which somebody takes a stance.
    """

    records: Mapping[str, Record]
    said: Mapping[str, Said]
    disputes: Mapping[str, Dispute]
    by: Mapping[str, tuple[Said, ...]]
    about: Mapping[str, tuple[Said, ...]]
    passed: Mapping[str, tuple[Said, ...]]
    read_in: Mapping[str, tuple[Said, ...]]
    saying: Mapping[str, tuple[Said, ...]]
    copies: Mapping[str, tuple[str, ...]]
    inside: Mapping[str, tuple[str, ...]]


def write_book(records: Mapping[str, Record]) -> Book:
    """Tell records: in time that grows with their number only."""
    among = _group((statement, name) for name in _every(records, "dispute") for statement in _between(records[name]))
    said = {name: _said(records, name, among.get(name, ())) for name in _every(records, "statement")}
    in_order = sorted(said.values(), key=lambda one: one.order)
    return Book(
        records,
        said,
        {name: _dispute(records, name, said) for name in _every(records, "dispute")},
        by=_group((one.speaker.iri, one) for one in in_order),
        about=_group((end, one) for one in in_order for end in ends(records, one.claim.iri)),
        passed=_group((step.iri, one) for one in in_order for step in one.via),
        read_in=_group((one.source.iri, one) for one in in_order),
        saying=_group((one.claim.iri, one) for one in in_order),
        copies=_group(
            (original, name)
            for name in _every(records, "source")
            for original in words(records[name], "prov:wasDerivedFrom")
        ),
        inside=_group(
            (inner, outer)
            for outer in sorted({one.claim.iri for one in in_order})
            for inner in words(records.get(outer), "sp:object")
            if inner.startswith(PREFIXES["proposition"])
        ),
    )


def _group(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, dict[V, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


_CLASSES = {"statement": SP + "Statement", "dispute": SP + "Dispute", "source": SP + "Source"}


def _every(records: Mapping[str, Record], kind: str) -> list[str]:
    space, cls = PREFIXES[kind], _CLASSES[kind]
    return sorted(name for name in records if name.startswith(space) and cls in words(records[name], "rdf:type"))


def _between(record: Record) -> list[str]:
    return [*words(record, "sp:affirmedBy"), *words(record, "sp:deniedBy")]


def ends(records: Mapping[str, Record], proposition: str) -> list[str]:
    """Return the entities that a proposition is about, also through a proposition inside it."""
    record = records.get(proposition)
    found = words(record, "sp:subject")
    for name in words(record, "sp:object"):
        found += ends(records, name) if name.startswith(PREFIXES["proposition"]) else [name]
    return found


def _said(records: Mapping[str, Record], name: str, disputes: Iterable[str]) -> Said:
    record = records[name]
    evidence = records.get(word(record, "sp:evidence"))
    relays = [records.get(step, {}) for step in words(record, "sp:relay")]
    via = [word(step, "sp:relayedBy") for step in sorted(relays, key=lambda step: int(word(step, "sp:position") or 0))]
    passage = " … ".join(words(evidence, "sp:starts") + words(evidence, "sp:ends"))
    ends = _Ends(*(link(records, word(record, at)) for at in ("sp:speaker", "sp:source", "sp:proposition")))
    return Said(
        _view(name, record, evidence, ends), link(records, name), ends.speaker, ends.source, links(records, via),
        ends.claim, passage, web_link(word(evidence, "sp:passageLink")), tuple(disputes),
    )  # fmt: skip


class _Ends(NamedTuple):
    """What a statement ties together."""

    speaker: Link
    source: Link
    claim: Link


def _view(name: str, record: Record, evidence: Record | None, ends: _Ends) -> StatementView:
    at = word(evidence, "sp:startPosition")
    latest = word(record, "sp:saidLatest")
    passage = " … ".join(words(evidence, "sp:starts") + words(evidence, "sp:ends"))
    return StatementView(
        iri=name,
        id=name.removeprefix(PREFIXES["statement"]),
        speaker=ends.speaker.label,
        stance=token(word(record, "sp:stance").removeprefix(SP)),
        gist=word(record, "sp:gist"),
        source=ends.source.iri.removeprefix(PREFIXES["source"]),
        source_title=ends.source.label,
        url=word(evidence, "sp:passageLink"),
        said=word(record, "sp:saidDate") or (f"../{latest}" if latest else ""),
        via="",
        passage=passage,
        position=at,
        publicity=token(word(record, "sp:publicity").removeprefix(SP)),
        proposition=ends.claim.iri,
        claim=ends.claim.label,
        hedge=word(record, "sp:hedge"),
        evidence=word(evidence, "sp:evidenceStatus").removeprefix(SP),
    )


def _dispute(records: Mapping[str, Record], name: str, said: Mapping[str, Said]) -> Dispute:
    record = records[name]
    kind, rule = word(record, "sp:kind"), word(record, "sp:rule")
    affirmed, denied = (
        tuple(one for one in words(record, side) if one in said) for side in ("sp:affirmedBy", "sp:deniedBy")
    )
    view = DisputeView(
        name, token(kind.removeprefix(SP)), word(record, "rdfs:label"), rule.removeprefix(PREFIXES["rule"]),
        word(records.get(rule), "skos:definition"),
        tuple(one.label for one in links(records, words(record, "sp:party"))), affirmed, denied,
    )  # fmt: skip
    return Dispute(
        view,
        link(records, name),
        link(records, kind).label,
        account(view, {one: said[one].view for one in (*affirmed, *denied)}),
        links(records, words(record, "sp:about")),
        (tuple(said[one] for one in affirmed), tuple(said[one] for one in denied)),
    )

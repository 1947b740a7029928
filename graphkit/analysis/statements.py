"""Statements for readers, made from their properties."""

from __future__ import annotations

from dataclasses import dataclass

from graphkit.analysis.properties import Properties
from graphkit.model.iris import PREFIXES, SP, token

# The stances of a planner, with what others do who speak of the plan; and who plans also what others will do.
_PLANS = {"plans": "a plan", "rules-out": "a plan not to"}
_AUTHORITIES = frozenset({SP + "PublicBody", SP + "Office"})
# How the name of a group begins that has a verb in the singular.
_SINGULAR = ("a ", "an ", "one ")


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with all that a reader needs to check it; "" for unknown values.

    Attributes:
        id: `<source>/<key>`.
        gist: The statement in our words.
        url: The page, with a text fragment that marks the passage.
        said: The date of the statement (EDTF).
        via: Labels of the relays between speaker and source, in order.
        passage: First and last words of the passage.
        position: The beginning of the passage in the text of the source, in characters.
        claim: The claim as a sentence, in the future for a plan.
        matter: The label of its proposition, which is the same for all stances.
        hedge: The words with which the speaker qualifies the claim.
        certainty: probable or possible; "" if the speaker is certain.
        basis: second-hand or inference; "" if the statement is first-hand.
        corrects: IRI of the statement that this one replaces.
        reason: IRI of the statement that gives the reason for this one.
        relays: IRIs of the relays, in order.
        copied: The title of the document that its source copies or digests.
        verb: The words of its stance after its speaker, where they are others: see `act`.
    """

    iri: str
    id: str
    speaker: str
    stance: str
    gist: str
    source: str
    source_title: str
    url: str
    said: str
    via: str
    passage: str
    publicity: str
    position: str = ""
    proposition: str = ""
    claim: str = ""
    matter: str = ""
    hedge: str = ""
    certainty: str = ""
    basis: str = ""
    corrects: str = ""
    reason: str = ""
    evidence: str = ""
    speaker_iri: str = ""
    relays: tuple[str, ...] = ()
    copied: str = ""
    verb: str = ""

    @property
    def act(self) -> str:
        """The words of its stance after its speaker: "deny" after several, "reports a plan" if others plan."""
        return self.verb or self.stance

    @property
    def reports_plan(self) -> bool:
        """Whether its speaker says what others plan, or plan not to do."""
        return self.verb.startswith("report")

    @property
    def remarks(self) -> list[str]:
        """What a short form says beside the stance: that it was read in a copy, or that its speaker infers it."""
        return [*(["copy"] if self.copied else []), *(["inferred"] if self.basis == "inference" else [])]

    @property
    def corrects_id(self) -> str:
        """`<source>/<key>` of the statement that this one replaces."""
        return self.corrects.removeprefix(PREFIXES["statement"])

    @property
    def reason_id(self) -> str:
        """`<source>/<key>` of the statement that gives the reason for this one."""
        return self.reason.removeprefix(PREFIXES["statement"])

    @property
    def source_iri(self) -> str:
        """IRI of the source."""
        return PREFIXES["source"] + self.source

    @property
    def locator(self) -> str:
        """The passage in quotation marks, with its position."""
        quoted = f"“{self.passage}”" if self.passage else ""
        return f"{quoted}, at character {self.position}" if self.position else quoted


def statement_views(properties: Properties) -> dict[str, StatementView]:
    """Return all statements whose properties were read, by IRI, in the order of the IRIs."""
    return {name: _view(name, properties) for name in sorted(properties.subjects("sp:gist"))}


def _view(name: str, properties: Properties) -> StatementView:
    one = properties.one
    speaker, source, proposition, evidence = (
        one(name, property_) for property_ in ("sp:speaker", "sp:source", "sp:proposition", "sp:evidence")
    )
    relays = relays_of(name, properties)
    starts, ends, latest = one(evidence, "sp:starts"), one(evidence, "sp:ends"), one(name, "sp:saidLatest")
    return StatementView(
        iri=name,
        id=name.removeprefix(PREFIXES["statement"]),
        speaker=one(speaker, "rdfs:label"),
        stance=token(one(name, "sp:stance").removeprefix(SP)),
        gist=one(name, "sp:gist"),
        source=source.removeprefix(PREFIXES["source"]),
        source_title=one(source, "dcterms:title"),
        url=one(evidence, "sp:passageLink"),
        said=one(name, "sp:saidDate") or (f"../{latest}" if latest else ""),
        via=" → ".join(one(relay, "rdfs:label") for relay in relays),
        passage=f"{starts} … {ends}" if ends else starts,
        publicity=token(one(name, "sp:publicity").removeprefix(SP)),
        position=one(evidence, "sp:startPosition"),
        proposition=proposition,
        claim=one(name, "sp:plannedSentence") or one(proposition, "rdfs:label"),
        matter=one(proposition, "rdfs:label"),
        hedge=one(name, "sp:hedge"),
        certainty=token(one(name, "sp:certainty").removeprefix(SP)).replace("certain", ""),
        basis=token(one(name, "sp:basis").removeprefix(SP)).replace("first-hand", ""),
        corrects=one(name, "sp:corrects"),
        reason=one(name, "sp:reason"),
        evidence=one(evidence, "sp:evidenceStatus").removeprefix(SP),
        speaker_iri=speaker,
        relays=relays,
        copied=_copied(source, properties),
        verb=_verb(name, speaker, properties.one(proposition, "sp:subject"), properties),
    )


def _verb(name: str, speaker: str, planner: str, properties: Properties) -> str:
    """Return the words of a stance that differ from its token; "" if there are none.

    A group has a verb in the plural. A speaker that speaks neither for the subject of a plan nor for an authority
    reports a plan, and does not plan.
    """
    stance = token(properties.one(name, "sp:stance").removeprefix(SP))
    voices = {speaker, *properties.all(name, "sp:voice")}
    kinds = {kind for voice in voices for kind in properties.all(voice, "rdf:type")}
    plural = SP + "Group" in properties.all(speaker, "rdf:type")
    plural = plural and not properties.one(speaker, "rdfs:label").startswith(_SINGULAR)
    if stance in _PLANS and planner not in voices and kinds and kinds.isdisjoint(_AUTHORITIES):
        return f"report{'s' * (not plural)} {_PLANS[stance]}"
    return _plural(stance) if plural else stance.replace("-", " ") if "-" in stance else ""


def _plural(stance: str) -> str:
    """Return the verb of a stance in the plural.

    >>> [_plural(stance) for stance in ("asserts", "denies", "rules-out")]
    ['assert', 'deny', 'rule out']
    """
    verb, *rest = stance.split("-")
    return " ".join([f"{verb[:-3]}y" if verb.endswith("ies") else verb.removesuffix("s"), *rest])


def _copied(source: str, properties: Properties) -> str:
    """Return the title of the document that a source copies or digests, or its id where the title was not read."""
    original = properties.one(source, "prov:wasDerivedFrom")
    return properties.one(original, "dcterms:title") or original.removeprefix(PREFIXES["source"])


def relays_of(name: str, properties: Properties) -> tuple[str, ...]:
    """Return those who passed a statement on, in order."""
    # A number with more digits is greater; a store of others may lack the position.
    positions = {step: properties.one(step, "sp:position") for step in properties.all(name, "sp:relay")}
    steps = sorted(positions, key=lambda step: (len(positions[step]), positions[step]))
    return tuple(relay for step in steps for relay in properties.all(step, "sp:relayedBy"))

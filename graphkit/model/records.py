"""The records of the data: sources with their statements, entities, merges and the dataset.

All stages of a build up to `compile` work on these records; after it everything is quads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from graphkit.model.base_iri import BASE
from graphkit.model.dataset import DatasetFile
from graphkit.model.fields import Date, Record, Text, Url, fault
from graphkit.model.iris import SLUG
from graphkit.model.vocabulary import Vocabulary


def _number(text: str) -> str:
    """Return a number without leading or trailing zeros: the form that every RDF engine leaves unchanged.

    >>> _number("1386723.00"), _number("96.70"), _number("007")
    ('1386723', '96.7', '7')
    """
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


# The bound "around" allows a twentieth on either side: 12 of 240. A wider margin would hide nearly every conflict.
_TOLERANCE = Decimal("0.05")
# The bounds "nearly" and "almost" begin at nine tenths of the number.
_NEARLY = Decimal("0.9")
_LEAST = frozenset({"exactly", "at-least", "more-than", "nearly", "almost"})
_MOST = frozenset({"exactly", "at-most", "less-than", "nearly", "almost"})
_BELOW = frozenset({"nearly", "almost"})
_OF_RANGES = frozenset({"exactly", "around"})
_RANGE = "give the smaller number as number and the greater as to."

LONGEST_ID = 120
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

_STATEMENT_NAME = rf"^(?:{SLUG.pattern}/)?{KEY.pattern}$(?!\n)"

Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$(?!\n)", max_length=LONGEST_ID)]
Key = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$(?!\n)", max_length=LONGEST_ID)]
UnitName = Annotated[str, StringConstraints(pattern=rf"^(?:{SLUG.pattern}|[A-Z]{{3}})$(?!\n)", max_length=LONGEST_ID)]
Edtf = Annotated[str, StringConstraints(min_length=4, max_length=60)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(\.[0-9]{1,6})?$(?!\n)"), AfterValidator(_number)]
HASH = re.compile("[0-9a-f]{64}")
Sha256 = Annotated[str, StringConstraints(pattern=rf"^{HASH.pattern}$(?!\n)")]
# A mark that is present or absent; false is not allowed.
Yes = Annotated[Literal[True], BeforeValidator(lambda typed: typed == "true" or typed)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class Evidence(Record):
    """A passage in the source: its first and last words, and the hash of the whole passage.

    `ends` is absent if the first words are the whole passage. `at` is of no use any more: `graphkit check --record`
    writes the position of a passage that was looked up.
    """

    starts: Words
    ends: Words | None = None
    sha256: Sha256
    at: Annotated[int, Field(ge=0)] | None = None


class Amount(Record):
    """A number of things or of units of a currency, exact, with a bound such as at-least or around, or a range.

    Attributes:
        to: The upper end of a range.
        of: The entity that is counted.
        base: The whole that the amount is a share of.
        per: The period of a rate, or the entity that the amount is counted for, one by one.
        kind: stock, flow or cumulative.
    """

    number: Number
    unit: UnitName
    bound: Slug = "exactly"
    to: Number | None = None
    of: Slug | None = None
    base: Slug | None = None
    per: Slug | None = None
    kind: Slug | None = None

    @model_validator(mode="after")
    def _range(self) -> Amount:
        if self.to is not None and Decimal(self.to) <= Decimal(self.number):
            raise fault("range", f"The range ends at {self.to} and begins at {self.number}.", _RANGE)
        if self.to is not None and self.bound not in _OF_RANGES:
            raise fault("range", f"A range has no bound {self.bound!r}.", "delete bound, or write around.")
        return self

    @property
    def limits(self) -> tuple[str, str]:
        """The least and the greatest number that the amount allows, "" where it is open.

        The limit of more-than, and the upper limits of less-than, nearly and almost, are themselves excluded.

        >>> Amount(number="30", unit="people", bound="more-than").limits
        ('30', '')
        >>> Amount(number="200", unit="people", bound="around").limits
        ('190', '210')
        >>> Amount(number="7000", unit="records", bound="nearly").limits
        ('6300', '7000')
        >>> Amount(number="50", to="60", unit="people").limits
        ('50', '60')
        """
        number, most = Decimal(self.number), Decimal(self.to or self.number)
        if self.bound == "around":
            number, most = number * (1 - _TOLERANCE), most * (1 + _TOLERANCE)
            return _plain(number), _plain(most)
        least = _plain(number * _NEARLY) if self.bound in _BELOW else self.number
        return least if self.bound in _LEAST else "", (self.to or self.number) if self.bound in _MOST else ""

    @property
    def further(self) -> dict[str, str]:
        """What the amount says besides number, unit and bound, by the keys that curators type."""
        found = {key: getattr(self, key) for key in ("to", "of", "base", "per", "kind")}
        return {key: value for key, value in found.items() if value is not None}

    @property
    def linked(self) -> dict[str, str]:
        """The entities, by key; `per` is one unless it is a period."""
        return {key: value for key, value in self.further.items() if key in {"of", "base", "per"}}


class StatementRef(Record):
    """The proposition of another statement of the same source."""

    statement: Key


class Qualifiers(dict[str, str]):
    """Qualifier to its value, never changed; hashable, as records are."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class Alternatives(Record):
    """Two or more entities; the speaker says that one of them is the object and leaves open which one."""

    entities: Annotated[tuple[Slug, ...], Field(alias="any", min_length=2)]

    @model_validator(mode="after")
    def _different(self) -> Alternatives:
        if len(set(self.entities)) < len(self.entities):
            raise fault("alternatives", "An entity is named twice.", "name each alternative once.")
        return self


def _target_kind(value: object) -> str:
    """Return the form of an object, so that a mistake is reported for this form only."""
    if isinstance(value, Alternatives) or (isinstance(value, Mapping) and "any" in value):
        return "alternatives"
    if isinstance(value, StatementRef) or (isinstance(value, Mapping) and "statement" in value):
        return "statement"
    return "proposition" if isinstance(value, Proposition | Mapping) else "entity"


class Proposition(Record):
    """A claim that can be true or false: subject, relation, and an object, a value or an amount.

    Attributes:
        qualifiers: Qualifier to words, or to an entity, by the type of the qualifier in the vocabulary.
        scope: Words that narrow the claim and fit no qualifier.
    """

    subject: Slug
    relation: Slug
    object: Target | None = None
    value: Text | None = None
    amount: Amount | None = None
    qualifiers: Annotated[dict[Slug, Words], AfterValidator(Qualifiers), Field(validate_default=True)] = Field(
        default_factory=dict
    )
    scope: Text | None = None
    when: Edtf | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Proposition:
        if self.object is not None and self.value is not None:
            raise PydanticCustomError("object_or_value", "has an object and a value")
        if self.object is None and self.value is None and self.amount is None:
            raise PydanticCustomError("object_or_value", "needs an object, a value or an amount")
        return self


Target = Annotated[
    Annotated[Slug, Tag("entity")]
    | Annotated[Alternatives, Tag("alternatives")]
    | Annotated[StatementRef, Tag("statement")]
    | Annotated[Proposition, Tag("proposition")],
    Discriminator(_target_kind),
]


def written_out(said: Proposition) -> Iterator[Proposition]:
    """Yield a proposition and the propositions that are written out inside it."""
    yield said
    if isinstance(said.object, Proposition):
        yield from written_out(said.object)


class Statement(Proposition):
    """One speaker takes one stance on one proposition, on one occasion.

    Attributes:
        certainty: certain, probable or possible; a statement with a hedge is probable if nothing else is given.
        basis: first-hand if nothing else is given.
        corrects: The statement whose figure or claim this one replaces: `key` or `source/key`.
        reason: The statement of the same source that gives the reason for this one.
        group: The name of a group of statements whose passages overlap.
    """

    speaker: Slug | None = None
    stance: Slug = "asserts"
    said: Edtf | None = None
    via: tuple[Slug, ...] = ()
    certainty: Slug | None = None
    hedge: Words | None = None
    basis: Slug = "first-hand"
    corrects: Annotated[str, StringConstraints(pattern=_STATEMENT_NAME, max_length=2 * LONGEST_ID + 1)] | None = None
    reason: Key | None = None
    group: Slug | None = None
    publicity: Slug | None = None
    gist: Text
    evidence: Evidence
    note: Text | None = None
    proposed: Yes | None = None

    @property
    def how_certain(self) -> str:
        """The certainty that the curator typed, or that follows from the hedge."""
        return self.certainty or ("probable" if self.hedge else "certain")


class Capture(Record):
    """The text from which the evidence was taken; it is kept outside the workspace."""

    sha256: Sha256
    characters: Annotated[int, Field(ge=1)]


class Source(Record):
    """A source document and the statements in it.

    Attributes:
        licence: The licence of the document, if more of it is used than quotations and facts.
    """

    id: Slug
    kind: Slug
    publisher: Slug
    title: Text
    authors: tuple[Slug, ...] = ()
    url: Url | None = None
    published: Edtf | None = None
    retrieved: Date | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$(?!\n)")] = "en"
    derived_from: Annotated[Slug | None, Field(alias="derivedFrom")] = None
    capture: Capture | None = None
    licence: Url | None = None
    note: Text | None = None
    statements: dict[Key, Statement]


class Post(Record):
    """A role that a person or an office holds at a body; open dates are left out.

    Attributes:
        at: The body, or the office that the person holds.
        speaks: Statements of the holder count as statements of the body while the post is held.
    """

    role: Words
    at: Slug
    from_: Annotated[Edtf | None, Field(alias="from")] = None
    until: Edtf | None = None
    speaks: Yes | None = None


class Entity(Record):
    """An entity: its names, its links to other entities, and its posts.

    `article` stands before the label in a sentence (the Home Office); `plural` marks a label that takes a plural verb.
    """

    kind: Slug
    label: Text
    article: Literal["the", "a", "an"] | None = None
    plural: Yes | None = None
    aliases: tuple[Text, ...] = ()
    written_as: Annotated[dict[Slug, tuple[Text, ...]], Field(alias="writtenAs")] = Field(default_factory=dict)
    description: Text | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    sector: Slug | None = None
    members: tuple[Slug, ...] = ()
    broader: tuple[Slug, ...] = ()
    speaks_for: Annotated[tuple[Slug, ...], Field(alias="speaksFor")] = ()
    issued_by: Annotated[tuple[Slug, ...], Field(alias="issuedBy")] = ()
    jurisdiction: tuple[Slug, ...] = ()
    posts: tuple[Post, ...] = ()
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$(?!\n)")] | None = None
    url: Url | None = None

    @property
    def links(self) -> dict[str, tuple[str, ...]]:
        """The linked entities, by the key that curators type."""
        fields = type(self).model_fields
        return {fields[name].alias or name: getattr(self, name) for name in LINKS}

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the label first, without repetition."""
        written = (name for names in self.written_as.values() for name in names)
        return tuple(dict.fromkeys((self.label, *self.aliases, *written)))


LINKS = tuple(name for name, info in Entity.model_fields.items() if info.annotation == tuple[Slug, ...])


class EntityFile(Record):
    """A file that describes entities, by slug."""

    entities: dict[Slug, Entity]


class Merge(Record):
    """An entity that is read as another entity because both are the same."""

    into: Slug
    reason: Text
    date: Date


class Split(Record):
    """Statements, by `source/key`, in which a slug is read as another entity."""

    reason: Text
    date: Date
    statements: Annotated[dict[str, Slug], Field(min_length=1)]


class Merges(Record):
    """The file `merges.yaml`: entities that are read as others, everywhere or in some statements."""

    merges: dict[Slug, Merge] = Field(default_factory=dict)
    splits: dict[Slug, Split] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replaced:
    """An entity that was merged into another: its old label, and the slug, reason and date of the merge."""

    label: str
    by: str
    reason: str
    date: str


class Tombstone(NamedTuple):
    """The mark of a thing that was erased, or removed by a curator.

    Attributes:
        sha256: The hash of the IRI that it had.
        kind: statement, source or entity.
        id: The id that it had; "" for an erased thing, whose id may contain a name.
    """

    sha256: str
    kind: str
    date: str
    reason: str
    id: str = ""

    @property
    def iri(self) -> str:
        """The IRI of the tombstone itself."""
        return f"{BASE}tombstone/{self.sha256}"


@dataclass(frozen=True, slots=True)
class LookUp:
    """A passage that was looked up in a capture, or whose hash was confirmed without keeping a capture.

    Attributes:
        statement: `source/key`.
        passage: The hash of the passage.
        capture: The hash of the capture; "" if the passage was only confirmed.
        position: Where it starts in the normalised capture.
        date: The day of the look-up.
    """

    statement: str
    passage: str
    capture: str
    position: int | None
    date: str

    @property
    def status(self) -> str:
        """The status of the evidence: verified or confirmed."""
        return "verified" if self.capture else "confirmed"


@dataclass(frozen=True, slots=True)
class Corpus:
    """All records of a workspace.

    Attributes:
        replaced: Slug of each merged entity to the record of its merge.
        readings: `source/key` to notes on the entities that are read differently in that statement.
        looked_up: `source/key` to the record of its passage; statements without one are unverified.
        tombstones: The marks of erased things.
    """

    dataset: DatasetFile
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]
    vocabulary: Vocabulary = field(repr=False)
    replaced: Mapping[str, Replaced] = field(default_factory=dict)
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    looked_up: Mapping[str, LookUp] = field(default_factory=dict)
    tombstones: tuple[Tombstone, ...] = ()

    def evidence_status(self, statement: str) -> str:
        """Return the status of the evidence of a statement: verified, confirmed or unverified."""
        found = self.looked_up.get(statement)
        return found.status if found else "unverified"

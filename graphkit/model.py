"""What a curator writes, as types: sources with their statements, entities, and the vocabulary they use.

The only furniture that is carried between the rooms; after `compile` everything is quads.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import pyoxigraph as ox
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from graphkit.terms import SLUG


def _day(text: str) -> str:
    """Refuse a day that no calendar has."""
    dt.date.fromisoformat(text)
    return text


def _iri(text: str) -> str:
    """Refuse an address that is no IRI: it would make the whole graph unreadable."""
    return ox.NamedNode(text).value


LONGEST_ID = 120
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$(?!\n)", max_length=LONGEST_ID)]
Key = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$(?!\n)", max_length=LONGEST_ID)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Edtf = Annotated[str, StringConstraints(min_length=4, max_length=60)]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$(?!\n)"), AfterValidator(_day)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Url = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$(?!\n)", max_length=2000), AfterValidator(_iri)
]


class Record(BaseModel):
    """Base of everything a curator writes: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re")


class Evidence(Record):
    """Where in the source: the first and last words of the passage and the hash of all of it.

    `ends` is left out where the first words are the whole passage; `at` is the position in the
    normalised capture, written by whoever had the capture at hand.
    """

    starts: Words
    ends: Words | None = None
    sha256: Sha256
    at: Annotated[int, Field(ge=0)] | None = None


class StatementRef(Record):
    """The proposition of another statement of the same source."""

    statement: Key


def _target_kind(value: object) -> str:
    """Tell the three forms of an object apart, so that a mistake is reported once."""
    if isinstance(value, Mapping):
        return "statement" if "statement" in value else "proposition"
    if isinstance(value, StatementRef):
        return "statement"
    return "proposition" if isinstance(value, Proposition) else "entity"


class Proposition(Record):
    """What can be true or not: subject, relation, and an object or a value."""

    subject: Slug
    relation: Slug
    object: Target | None = None
    value: Text | None = None
    scope: Text | None = None
    when: Edtf | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Proposition:
        if (self.object is None) == (self.value is None):
            raise PydanticCustomError("object_or_value", "needs an object or a value, and not both")
        return self


Target = Annotated[
    Annotated[Slug, Tag("entity")]
    | Annotated[StatementRef, Tag("statement")]
    | Annotated[Proposition, Tag("proposition")],
    Discriminator(_target_kind),
]


class Statement(Proposition):
    """One speaker takes one stance on one proposition, on one occasion."""

    speaker: Slug | None = None
    stance: Slug = "asserts"
    said: Edtf | None = None
    via: tuple[Slug, ...] = ()
    hedge: Words | None = None
    publicity: Slug | None = None
    gist: Text
    evidence: Evidence
    note: Text | None = None


class Capture(Record):
    """The text that the evidence was taken from; it is kept outside the workspace."""

    sha256: Sha256
    characters: Annotated[int, Field(ge=1)]


class Source(Record):
    """A source document and what is said in it."""

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
    note: Text | None = None
    statements: dict[Key, Statement]


class Entity(Record):
    """An entity as the dataset knows it: its names and its place among the others."""

    kind: Slug
    label: Text
    aliases: tuple[Text, ...] = ()
    description: Text | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    members: tuple[Slug, ...] = ()
    broader: tuple[Slug, ...] = ()
    speaks_for: Annotated[tuple[Slug, ...], Field(alias="speaksFor")] = ()
    issued_by: Annotated[tuple[Slug, ...], Field(alias="issuedBy")] = ()
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d*$(?!\n)")] | None = None
    url: Url | None = None


class EntityFile(Record):
    """A file that describes entities, by slug."""

    entities: dict[Slug, Entity]


class Dataset(Record):
    """Facts about the dataset as a whole; none of them changes what the data mean."""

    title: Text
    description: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$(?!\n)")]
    licence: Url
    creators: tuple[Text, ...]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$(?!\n)")] = "en"
    released: Date | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the vocabulary.

    Attributes:
        name: Local name, as in the ontology.
        label: How it reads from the subject.
        domain: Classes of which the subject must be one.
        range: Classes of which the object must be one; empty for a relation to values.
        datatype: IRI of the datatype of its values, "" for a relation to things.
        derived: Only rules may use it.
    """

    name: str
    label: str
    domain: frozenset[str]
    range: frozenset[str]
    datatype: str = ""
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that may be used, each list by what a curator types.

    Attributes:
        relations: Token to relation.
        kinds: Token of each kind of entity to its class.
        source_kinds: Token of each kind of source to its class.
        stances: Token to local name.
        publicity: Token to local name.
        ancestors: Class to itself and all classes above it.
    """

    relations: Mapping[str, Relation]
    kinds: Mapping[str, str]
    source_kinds: Mapping[str, str]
    stances: Mapping[str, str]
    publicity: Mapping[str, str]
    ancestors: Mapping[str, frozenset[str]]

    def fits(self, kind: str, classes: frozenset[str]) -> bool:
        """Say whether an entity of a class is one of some classes."""
        return bool(self.ancestors.get(kind, frozenset([kind])) & classes)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that was read, before it is checked against captures.

    Attributes:
        dataset: Facts about the whole.
        entities: Slug to entity.
        sources: The source documents, by id.
        vocabulary: The words they may use.
    """

    dataset: Dataset
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]
    vocabulary: Vocabulary = field(repr=False)

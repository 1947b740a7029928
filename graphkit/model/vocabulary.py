"""The words that a curator may use, as the ontology gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the vocabulary.

    Attributes:
        name: Local name, as in the ontology.
        label: How it reads from the subject.
        domain: Classes of which the subject must be one.
        range: Classes of which the object must be one; empty for a relation to values.
        datatype: IRI of the datatype of its values, "" for a relation to things.
        amount: Its propositions may say how much or how many.
        derived: Only rules may use it.
    """

    name: str
    label: str
    domain: frozenset[str]
    range: frozenset[str]
    datatype: str = ""
    amount: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted or measured.

    Attributes:
        name: Local name, as in the ontology.
        label: How it is written with a number.
        before: Whether it is written before the number, as currencies are.
    """

    name: str
    label: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that may be used, each list by what a curator types.

    Attributes:
        relations: Token to relation.
        kinds: Token of each kind of entity to its class.
        source_kinds: Token of each kind of source to its class.
        stances: Token to local name.
        publicity: Token to local name.
        units: What a curator types to the unit.
        bounds: Token to local name.
        ancestors: Class to itself and all classes above it.
    """

    relations: Mapping[str, Relation]
    kinds: Mapping[str, str]
    source_kinds: Mapping[str, str]
    stances: Mapping[str, str]
    publicity: Mapping[str, str]
    units: Mapping[str, Unit]
    bounds: Mapping[str, str]
    ancestors: Mapping[str, frozenset[str]]

    def fits(self, kind: str, classes: frozenset[str]) -> bool:
        """Say whether an entity of a class is one of some classes."""
        return bool(self.ancestors.get(kind, frozenset([kind])) & classes)

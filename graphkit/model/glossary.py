"""The terms of an ontology with their meanings, as people look them up and as messages list them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.iris import PREFIXES, SP, shorten, token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.model.vocabulary import Vocabulary

_LABEL, _MEANING = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "definition"
_EXAMPLE, _TYPE = PREFIXES["skos"] + "example", PREFIXES["rdf"] + "type"
_STARTS = (PREFIXES["rdfs"] + "domain", PREFIXES["schema"] + "domainIncludes")
_ENDS = (PREFIXES["rdfs"] + "range", PREFIXES["schema"] + "rangeIncludes")
_CUES = (SP + "cue", SP + "inverseCue", SP + "inverseLabel")
_PROPERTY = re.compile("(?:Object|Datatype|Annotation)Property$")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology.

    Attributes:
        name: Its IRI.
        classes: The local names of its classes, such as Relation or Stance.
        starts: The classes of the things that have it, if it is a property; local names or CURIEs.
        ends: The classes or the datatype of its values.
        cues: Words with which texts express it.
    """

    name: str
    label: str
    meaning: str
    example: str
    classes: frozenset[str]
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def is_property(self) -> bool:
        """Whether it is a property."""
        return any(map(_PROPERTY.search, self.classes))


def glossary(triples: Iterable[tuple[str, str, str]]) -> dict[str, Term]:
    """Collect the terms in our namespace, by IRI in alphabetical order.

    Args:
        triples: Subject, predicate and object of the triples of an ontology, as text.
    """
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        if subject.startswith(SP):
            found[subject][predicate].append(value)
    return {name: _term(name, found[name]) for name in sorted(found) if _LABEL in found[name]}


def _term(name: str, values: Mapping[str, list[str]]) -> Term:
    def some(*predicates: str) -> tuple[str, ...]:
        return tuple(sorted(value for predicate in predicates for value in values.get(predicate, ())))

    def one(predicate: str) -> str:
        return next(iter(some(predicate)), "")

    return Term(
        name,
        one(_LABEL),
        one(_MEANING),
        one(_EXAMPLE),
        frozenset(re.split("[#/]", kind)[-1] for kind in some(_TYPE)),
        tuple(map(_short, some(*_STARTS))),
        tuple(map(_short, some(*_ENDS))),
        some(*_CUES),
    )


def _short(name: str) -> str:
    return name.removeprefix(SP) if name.startswith(SP) else shorten(name)


def kind_names(classes: Iterable[str]) -> str:
    """Return classes as curators write kinds; a datatype in words.

    >>> kind_names(["PublicBody", "Person"]), kind_names(["xsd:decimal"])
    ('person, public-body', 'a number')
    """
    return ", ".join(sorted(_DATATYPES.get(name, token(name)) for name in classes))


_DATATYPES = {
    "xsd:decimal": "a number", "xsd:integer": "a whole number", "xsd:string": "text", "xsd:boolean": "true or false",
    "xsd:date": "a day", "xsd:anyURI": "an address", "rdf:langString": "text",
    "http://id.loc.gov/datatypes/edtf/EDTF": "a date", "xsd:nonNegativeInteger": "a whole number",
}  # fmt: skip


def word_lists(words: Vocabulary) -> dict[str, Mapping[str, str]]:
    """Return the lists from which curators choose: name of the list to token to local name."""
    return {
        "kind of entity": words.kinds,
        "kind of source": words.source_kinds,
        "stance": words.stances,
        "publicity": words.publicity,
        "unit": {token: unit.name for token, unit in words.units.items()},
        "bound": words.bounds,
        "kind of amount": words.amount_kinds,
        "period": words.periods,
        "certainty": words.certainties,
        "basis": words.bases,
        "qualifier": {token: qualifier.name for token, qualifier in words.qualifiers.items()},
    }

"""Which statements of a graph are read: only those of some actors, relations, sources and so on, or without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphkit.analysis.discourse.settings import FILTERS
from graphkit.analysis.properties import Properties
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError
from graphkit.model.iris import shorten, token
from graphkit.model.names import WHOLE, NameIndex, quoted, resolve, suggestion

_LISTED = 20


def _voices(properties: Properties, name: str) -> list[str]:
    return properties.all(name, "sp:voice") or properties.all(name, "sp:speaker")


def _policies(properties: Properties, name: str) -> list[str]:
    proposition = properties.one(name, "sp:proposition")
    subject, relation, target = (properties.one(proposition, f"sp:{end}") for end in ("subject", "relation", "object"))
    return [policy for policy, plain in properties.plain.items() if (subject, relation, target) in plain]


_STEPS = {"voice": _voices, "policy": _policies}


def _values(properties: Properties, statement: str, way: Iterable[str]) -> set[str]:
    found = {statement}
    for step in way:
        take = _STEPS.get(step, lambda properties, thing, step=step: properties.all(thing, step))
        found = {value for thing in found for value in take(properties, thing)}
    return found


def require_filters(given: Iterable[str]) -> None:
    """Raise QueryError if there is no filter of a name."""
    for name in given:
        if name not in FILTERS:
            raise QueryError(f"There is no filter {name!r}.", instead(name, FILTERS))


def chosen(
    properties: Properties,
    statements: Sequence[str],
    only: Mapping[str, Sequence[str]],
    without: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return the statements that have one of the values of every filter of `only`, and none of those of `without`.

    Raises:
        QueryError: No statement has a value.
        AmbiguousNameError: Several values have a name.
    """
    kept = list(statements)
    for given, wanted in ((only, True), (without, False)):
        for name, texts in given.items():
            values = {statement: _values(properties, statement, FILTERS[name]) for statement in statements}
            # A text alone is a sequence, too: of its characters.
            several = [texts] if isinstance(texts, str) else texts
            meant = _meant(properties, name, several, set().union(*values.values()))
            kept = [statement for statement in kept if bool(values[statement] & meant) is wanted]
    return kept


def _meant(properties: Properties, name: str, texts: Iterable[str], things: set[str]) -> set[str]:
    index = NameIndex((thing, each) for thing in sorted(things) for each in _names(properties, thing))
    return {_resolved(properties, name, text, index, things) for text in texts}


def _resolved(properties: Properties, name: str, text: str, index: NameIndex, things: set[str]) -> str:
    def describe(some: Iterable[str]) -> list[tuple[str, str, str]]:
        return [(properties.label(thing), "", _id(thing)) for thing in some]

    if index.exact(text):
        return resolve(text, [index], describe, looks=WHOLE)
    near = index.near(text)
    hint = suggestion(describe(near)) if near else instead(text, sorted(map(_id, things)))
    raise QueryError(f"No statement has the {name} {quoted(text)}.", hint)


def _names(properties: Properties, thing: str) -> Iterator[str]:
    yield from (thing, shorten(thing), _id(thing), properties.label(thing))
    yield from properties.all(thing, "skos:altLabel")


def _id(thing: str) -> str:
    """Return what a person types for a thing: the end of its IRI, of a term as in YAML.

    >>> _id("https://w3id.org/surveillance-policy/ontology#PublicBody"), _id("attributed")
    ('public-body', 'attributed')
    """
    space, term, name = thing.rpartition("#")
    return token(name) if term else thing.rpartition("/")[2] or space

"""The words that a curator may use, read from the ontology of a workspace."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from graphkit.model.errors import WorkspaceError
from graphkit.model.iris import PREFIXES, SP, token

_RDF, _RDFS, _SCHEMA = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["schema"]
_Values: TypeAlias = Mapping[tuple[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the vocabulary.

    Attributes:
        name: Local name, as in the ontology.
        label: The verb phrase between subject and object.
        domain: The subject must belong to one of these classes.
        range: The object must belong to one of these classes; empty for a relation to values.
        datatype: IRI of the datatype of its values, "" for a relation to things.
        amount: Its propositions may have an amount.
        derived: Curators may not use it, only rules.
        plural: The verb phrase after a plural subject.
        planned: The verb phrase for what will happen; "" if the ontology gives none.
        measure: A sentence with an amount: {S} subject, {O} object, {A} amount, {a|b} verbs of an event and of a plan;
            "" for the usual one.
        share: A sentence with a share: also {N} the number and {B} the whole.
        flow: A sentence with an amount that arises within a period.
    """

    name: str
    label: str
    domain: frozenset[str]
    range: frozenset[str]
    datatype: str = ""
    amount: bool = False
    derived: bool = False
    plural: str = ""
    planned: str = ""
    measure: str = ""
    share: str = ""
    flow: str = ""


@dataclass(frozen=True, slots=True)
class ReplacedRelation:
    """A relation of an earlier version.

    Attributes:
        by: Token of its successor.
        note: What to do besides; "" if the word alone is replaced.
        swaps: Subject and object change places.
    """

    by: str
    note: str = ""
    swaps: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of amounts: its local name in the ontology, and its label, which precedes the number for a currency."""

    name: str
    label: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A qualifier: its local name, how a sentence writes its value, and the classes of its value; none for words."""

    name: str
    phrase: str
    range: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the ontology, by the word that a curator types.

    Attributes:
        kinds: Token of each kind of entity to its class.
        source_kinds: Token of each kind of source to its class.
        units: Token, or code of a currency, to unit.
        ancestors: Class to itself and all classes above it.
        replaced: Token of each relation of an earlier version to its successor.
        texts: Local name of each term to its label, its definition, its example, and the words that express it.
    """

    relations: Mapping[str, Relation]
    kinds: Mapping[str, str]
    source_kinds: Mapping[str, str]
    stances: Mapping[str, str]
    publicity: Mapping[str, str]
    units: Mapping[str, Unit]
    bounds: Mapping[str, str]
    certainties: Mapping[str, str]
    bases: Mapping[str, str]
    amount_kinds: Mapping[str, str]
    sectors: Mapping[str, str]
    periods: Mapping[str, str]
    qualifiers: Mapping[str, Qualifier]
    ancestors: Mapping[str, frozenset[str]]
    replaced: Mapping[str, ReplacedRelation] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def fits(self, kind: str, classes: frozenset[str]) -> bool:
        """Return whether a class, or a class above it, is among some classes."""
        return bool(self.ancestors.get(kind, frozenset([kind])) & classes)

    def connects(self, relation: Relation, start: str, end: str) -> bool:
        """Return whether a relation may lead from a class, or one below it, to another; "" stands for any class."""
        return self._reaches(start, relation.domain) and self._reaches(end, relation.range)

    def _reaches(self, kind: str, classes: frozenset[str]) -> bool:
        below = (name for name, above in self.ancestors.items() if kind in above)
        return not kind or any(self.fits(name, classes) for name in below)


@dataclass(frozen=True, slots=True)
class _File:
    """A file of an ontology. Files with the same text are equal: the path is only for messages."""

    text: bytes
    path: Path = field(compare=False)


def read_ontology(files: Iterable[Path]) -> tuple[ox.Quad, ...]:
    """Read Turtle files.

    Raises:
        WorkspaceError: A file is not Turtle or cannot be read.
    """
    return _quads(_read(files))


def read_vocabulary(files: Iterable[Path]) -> Vocabulary:
    """Read the words that the Turtle files of an ontology offer to curators.

    Raises:
        WorkspaceError: A file is not Turtle or cannot be read.
    """
    return _vocabulary(_read(files))


def _read(files: Iterable[Path]) -> tuple[_File, ...]:
    found = []
    for path in files:
        try:
            found.append(_File(path.read_bytes(), path))
        except OSError as error:
            raise _unreadable(path, error) from error
    return tuple(found)


# A command reads the ontology up to four times.
@lru_cache(maxsize=2)
def _quads(files: tuple[_File, ...]) -> tuple[ox.Quad, ...]:
    quads: list[ox.Quad] = []
    for file in files:
        try:
            quads += ox.parse(file.text, format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise _unreadable(file.path, error) from error
    return tuple(quads)


@lru_cache(maxsize=2)
def _vocabulary(files: tuple[_File, ...]) -> Vocabulary:
    return vocabulary(_quads(files))


def _unreadable(path: Path, error: Exception) -> WorkspaceError:
    hint = "Correct it, or copy it from a new workspace: graphkit init DIR"
    return WorkspaceError(f"{path} cannot be read: {error}", hint)


def triples_of(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str]]:
    """Yield the triples between named terms and of texts, as text."""
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
            yield quad.subject.value, quad.predicate.value, quad.object.value


def vocabulary(quads: Iterable[ox.Quad]) -> Vocabulary:
    """Collect the words that an ontology offers to curators."""
    values: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, predicate, value in triples_of(quads):
        values[subject, predicate].append(value)
    members = _members(values)
    parents = {child: set(names) for (child, predicate), names in values.items() if predicate == _RDFS + "subClassOf"}
    ancestors = {
        _local(name): frozenset(map(_local, _above(name, parents))) for name in members[PREFIXES["owl"] + "Class"]
    }
    concrete = [name for name in ancestors if "true" not in values.get((SP + name, SP + "abstract"), ())]
    return Vocabulary(
        relations={token(_local(name)): _relation(name, values) for name in members[SP + "Relation"]},
        kinds=_tokens(name for name in concrete if "Entity" in ancestors[name] and "Source" not in ancestors[name]),
        source_kinds=_tokens(name for name in concrete if "Source" in ancestors[name]),
        stances=_tokens(map(_local, members[SP + "Stance"])),
        publicity=_tokens(map(_local, members[SP + "Publicity"])),
        units=dict(_unit(name, values) for name in members[SP + "Unit"]),
        bounds=_tokens(map(_local, members[SP + "Bound"])),
        certainties=_tokens(map(_local, members[SP + "Certainty"])),
        bases=_tokens(map(_local, members[SP + "Basis"])),
        amount_kinds=_tokens(map(_local, members[SP + "AmountKind"])),
        sectors=_tokens(map(_local, members[SP + "Sector"])),
        periods=_tokens(map(_local, members[SP + "Period"])),
        qualifiers={
            token(_local(name)): _qualifier(name, values) for name in _in_order(members[SP + "Qualifier"], values)
        },
        ancestors=ancestors,
        replaced={token(_local(name)): _replaced(name, values) for name in members[SP + "ReplacedRelation"]},
        texts={_local(name): _texts(name, values) for name, predicate in values if predicate == _RDFS + "label"},
    )


def _texts(name: str, values: _Values) -> tuple[str, ...]:
    explained = (_RDFS + "label", PREFIXES["skos"] + "definition", PREFIXES["skos"] + "example")
    cues = (values.get((name, SP + cue), []) for cue in ("cue", "inverseCue", "inverseLabel"))
    return (*(values.get((name, predicate), [""])[0] for predicate in explained), *chain.from_iterable(cues))


def _local(name: str) -> str:
    return name.removeprefix(SP)


def _tokens(names: Iterable[str]) -> dict[str, str]:
    return {token(name): name for name in sorted(names)}


def _members(values: _Values) -> defaultdict[str, list[str]]:
    """Return the sorted terms of each class."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    kind_of = _RDF + "type"
    for name in sorted(name for name, predicate in values if predicate == kind_of and name.startswith(SP)):
        for kind in dict.fromkeys(values[name, kind_of]):
            found[kind].append(name)
    return found


def _in_order(names: list[str], values: _Values) -> list[str]:
    position = PREFIXES["schema"] + "position"
    return sorted(names, key=lambda name: int(values.get((name, position), ["99"])[0]))


def _above(name: str, parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += parents.get(current, ())
    return found


def _relation(name: str, values: _Values) -> Relation:
    domain = _ends(name, "domain", values)
    range_ = _ends(name, "range", values)
    datatypes = [end for end in range_ if not end.startswith(SP)]
    return Relation(
        name=_local(name),
        label=values.get((name, _RDFS + "label"), [_local(name)])[0],
        domain=frozenset(map(_local, domain)),
        range=frozenset(_local(end) for end in range_ if end.startswith(SP)),
        datatype=datatypes[0] if datatypes else "",
        amount="true" in values.get((name, SP + "takesAmount"), ()) or PREFIXES["xsd"] + "decimal" in datatypes,
        derived="true" in values.get((name, SP + "derivedOnly"), ()),
        plural=_first(name, "pluralLabel", values) or _first(name, "label", values),
        planned=_first(name, "plannedLabel", values) or _will(_first(name, "pluralLabel", values)),
        measure=_first(name, "amountSentence", values),
        share=_first(name, "shareSentence", values),
        flow=_first(name, "flowSentence", values),
    )


def _will(plural: str) -> str:
    """Return the future of a verb in the plural of the present; "" for no verb.

    >>> _will("operate"), _will("are linked to"), _will("")
    ('will operate', 'will be linked to', '')
    """
    return plural and f"will {re.sub('^(are|were) ', 'be ', plural)}"


def _qualifier(name: str, values: _Values) -> Qualifier:
    classes = frozenset(_local(end) for end in _ends(name, "range", values) if end.startswith(SP))
    return Qualifier(_local(name), values.get((name, SP + "phrase"), ["…"])[0], classes)


def _first(name: str, term: str, values: _Values) -> str:
    space = _RDFS if term == "label" else SP
    return values.get((name, space + term), [""])[0]


def _replaced(name: str, values: _Values) -> ReplacedRelation:
    return ReplacedRelation(
        by=token(_local(values[name, PREFIXES["dcterms"] + "isReplacedBy"][0])),
        note=values.get((name, PREFIXES["skos"] + "changeNote"), [""])[0],
        swaps="true" in values.get((name, SP + "swapsEnds"), ()),
    )


def _unit(name: str, values: _Values) -> tuple[str, Unit]:
    """Return the word for a unit (for a currency, its code) and the unit."""
    codes = values.get((name, PREFIXES["skos"] + "notation"), [])
    label = values.get((name, _RDFS + "label"), [_local(name)])[0]
    return (
        (codes[0], Unit(_local(name), codes[0], before=True))
        if codes
        else (token(_local(name)), Unit(_local(name), label))
    )


def _ends(name: str, end: str, values: _Values) -> list[str]:
    return values.get((name, _RDFS + end), []) + values.get((name, f"{_SCHEMA}{end}Includes"), [])

"""Checks that the words and names of a file exist and fit each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.corpus.date_hints import reads_as_years, suggest_date
from graphkit.corpus.parse import near
from graphkit.corpus.suggestions import relations_that_fit, words_that_fit
from graphkit.model.addresses import address_doubt
from graphkit.model.dates import bounds
from graphkit.model.errors import Level, Problem
from graphkit.model.iris import EDTF, PREFIXES
from graphkit.model.names import quoted
from graphkit.model.records import Entity, Proposition, Source, Statement, StatementRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graphkit.corpus.yaml_tree import Tree
    from graphkit.model.errors import Location
    from graphkit.model.vocabulary import Relation, Vocabulary

_XSD = PREFIXES["xsd"]
# Lexical forms that pyoxigraph and rdflib both leave unchanged.
_VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    _XSD + "boolean": (lambda text: text in {"true", "false"}, "true or false"),
    _XSD + "integer": (lambda text: text == str(int(text)), "a whole number such as 15"),
    _XSD + "string": (bool, "text"),
    # A number needs a unit.
    _XSD + "decimal": (lambda _: False, "amount: {number: 30, unit: people} instead of value"),
}


@dataclass(frozen=True, slots=True)
class Links:
    """The names that a file may refer to.

    Args:
        suggestions: List and unknown word to the nearest known words.
    """

    entities: Mapping[str, Entity]
    sources: frozenset[str]
    vocabulary: Vocabulary
    suggestions: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def check_entities(self, tree: Tree, entities: Mapping[str, Entity]) -> Iterator[Problem]:
        """Check the entities of one file."""
        for slug, entity in entities.items():
            path = ("entities", slug)
            yield from self._word(tree, (*path, "kind"), entity.kind, "kind", self.vocabulary.kinds)
            for key, slugs in entity.links.items():
                for number, other in enumerate(slugs):
                    yield from self._entity(tree, (*path, key, number), other)
            for source in entity.written_as:
                yield from self._source(tree, (*path, "writtenAs", source), source)

    def check_source(self, tree: Tree, source: Source) -> Iterator[Problem]:
        """Check a source and its statements."""
        yield from self._word(tree, ("kind",), source.kind, "kind", self.vocabulary.source_kinds)
        yield from self._entity(tree, ("publisher",), source.publisher)
        for number, author in enumerate(source.authors):
            yield from self._entity(tree, ("authors", number), author)
        yield from _date(tree, ("published",), source.published)
        if source.url and (doubt := address_doubt(source.url)):
            yield Problem("doubtful-address", tree.place(("url",)), *doubt, Level.WARNING)
        if source.derived_from:
            yield from self._source(tree, ("derivedFrom",), source.derived_from)
        for key, statement in source.statements.items():
            yield from self.check_statement(tree, ("statements", key), statement, source)

    def check_statement(
        self, tree: Tree, path: Sequence[str | int], statement: Statement, source: Source
    ) -> Iterator[Problem]:
        """Check a statement of a source."""
        words = self.vocabulary
        if statement.speaker:
            yield from self._speaker(tree, (*path, "speaker"), statement.speaker)
        yield from self._word(tree, (*path, "stance"), statement.stance, "stance", words.stances)
        if statement.publicity:
            yield from self._word(tree, (*path, "publicity"), statement.publicity, "publicity", words.publicity)
        for number, step in enumerate(statement.via):
            yield from self._entity(tree, (*path, "via", number), step)
        yield from _date(tree, (*path, "said"), statement.said)
        yield from self._proposition(tree, path, statement, source)

    def _speaker(self, tree: Tree, path: Sequence[str | int], slug: str) -> Iterator[Problem]:
        unknown = list(self._entity(tree, path, slug))
        yield from unknown
        if not unknown and not self._fits(slug, frozenset(["Speaker"])):
            yield self._wrong("wrong-speaker", tree.place(path), slug, frozenset(["Speaker"]), "speak")

    def _proposition(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, source: Source
    ) -> Iterator[Problem]:
        yield from _date(tree, (*path, "when"), proposition.when)
        unknown = list(self._entity(tree, (*path, "subject"), proposition.subject))
        yield from unknown
        relation = self.vocabulary.relations.get(proposition.relation)
        if relation is None:
            yield self._unknown_relation(tree, path, proposition)
        elif relation.derived:
            message = f"{proposition.relation!r} is for rules only."
            solution = (
                "enter the statement itself (for example consulted, with its speaker); the rule derives the rest."
            )
            yield Problem("derived-relation", tree.place((*path, "relation")), message, solution)
        elif not unknown and not self._fits(proposition.subject, relation.domain):
            location = tree.place((*path, "subject"))
            yield self._wrong(
                "wrong-domain",
                location,
                proposition.subject,
                relation.domain,
                f"be the subject of {proposition.relation}",
            )
        yield from self._object(tree, path, proposition, relation, source)
        if relation and not relation.derived:
            yield from self._amount(tree, path, proposition, relation)

    def _amount(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation
    ) -> Iterator[Problem]:
        if proposition.amount is None:
            return
        inner = (*path, "amount")
        if not relation.amount:
            message = f"{proposition.relation!r} takes no amount."
            yield Problem(
                "unexpected-amount", tree.key_place(inner), message, "remove amount, or use another relation."
            )
        units = {token: unit.name for token, unit in self.vocabulary.units.items()}
        yield from self._word(tree, (*inner, "unit"), proposition.amount.unit, "unit", units)
        yield from self._word(tree, (*inner, "bound"), proposition.amount.bound, "bound", self.vocabulary.bounds)

    def _object(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation | None, source: Source
    ) -> Iterator[Problem]:
        inner = (*path, "object")
        if isinstance(proposition.object, Proposition):
            yield from self._proposition(tree, inner, proposition.object, source)
        elif isinstance(proposition.object, StatementRef):
            yield from _statement_ref(tree, (*inner, "statement"), proposition.object.statement, path, source)
        elif proposition.object is not None:
            unknown = list(self._entity(tree, inner, proposition.object))
            yield from unknown
            if unknown:
                return
        if relation:
            yield from self._range(tree, path, proposition, relation)

    def _range(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation
    ) -> Iterator[Problem]:
        if proposition.value is not None:
            yield from _value(tree, (*path, "value"), proposition.value, relation)
        elif proposition.object is None:
            if relation.datatype != _XSD + "decimal":
                message = f"{proposition.relation!r} needs an object or a value besides the amount."
                yield Problem("object-or-value", tree.key_place(path), message, "add object: or value:.")
        elif isinstance(proposition.object, str):
            if not self._fits(proposition.object, relation.range):
                location = tree.place((*path, "object"))
                yield self._wrong(
                    "wrong-range",
                    location,
                    proposition.object,
                    relation.range,
                    f"be the object of {proposition.relation}",
                )
        elif "Proposition" not in relation.range:
            message = f"The object of {proposition.relation!r} cannot be a proposition."
            solution = f"name an entity that is one of: {_listed(relation.range)}."
            yield Problem("wrong-range", tree.place((*path, "object")), message, solution)

    def _fits(self, slug: str, classes: frozenset[str]) -> bool:
        kind = self.vocabulary.kinds.get(self.entities[slug].kind, "")
        return not kind or self.vocabulary.fits(kind, classes)

    def _wrong(self, code: str, location: Location, slug: str, classes: frozenset[str], act: str) -> Problem:
        message = f"{slug!r} is of the kind {self.entities[slug].kind} and cannot {act}."
        listed = _listed(classes)
        solution = (
            f"name one of the kinds {listed}, or use another relation; see: graphkit relations."
            if listed
            else "this relation takes a value."
        )
        return Problem(code, location, message, solution)

    def _entity(self, tree: Tree, path: Sequence[str | int], slug: str) -> Iterator[Problem]:
        if slug not in self.entities:
            solution = f"{self._once('entity', slug, lambda: self._nearest(slug))} Or add it to data/entities/."
            yield Problem("unknown-entity", tree.place(path), f"There is no entity {slug!r}.", solution)

    def _nearest(self, slug: str) -> str:
        names = {
            name.lower().replace(" ", "-"): known for known, entity in self.entities.items() for name in entity.names
        }
        if slug in names:
            return f"type one of: {names[slug]}."
        return near(slug, self.entities)

    def _source(self, tree: Tree, path: Sequence[str | int], name: str) -> Iterator[Problem]:
        if name not in self.sources:
            solution = near(name, self.sources)
            yield Problem("unknown-source", tree.place(path), f"There is no source {name!r}.", solution)

    def _word(
        self, tree: Tree, path: Sequence[str | int], word: str, what: str, known: Mapping[str, str]
    ) -> Iterator[Problem]:
        if word not in known:
            solution = self._once(what, word, lambda: words_that_fit(word, known, self.vocabulary))
            yield Problem(f"unknown-{what}", tree.place(path), f"There is no {what} {quoted(word)}.", solution)

    def _unknown_relation(self, tree: Tree, path: Sequence[str | int], proposition: Proposition) -> Problem:
        word, start, end = proposition.relation, self._kind(proposition.subject), self._kind_of_object(proposition)
        ends = f"relation from {start} to {end}"
        solution = self._once(ends, word, lambda: relations_that_fit(word, self.vocabulary, start, end))
        return Problem(
            "unknown-relation", tree.place((*path, "relation")), f"There is no relation {quoted(word)}.", solution
        )

    def _kind(self, slug: str) -> str:
        return self.entities[slug].kind if slug in self.entities else ""

    def _kind_of_object(self, proposition: Proposition) -> str | None:
        """Return the kind of the object; "" if it is unknown, None if there is no object but a value or an amount."""
        if isinstance(proposition.object, str):
            return self._kind(proposition.object)
        return "proposition" if proposition.object else None

    def _once(self, what: str, word: str, look: Callable[[], str]) -> str:
        """Look up suggestions once for each mistake, and only for a limited number: a table may have thousands."""
        if (what, word) not in self.suggestions and len(self.suggestions) < _MOST_SUGGESTIONS:
            self.suggestions[what, word] = look()
        return self.suggestions.get((what, word), "see the vocabulary.")


def _listed(classes: frozenset[str]) -> str:
    return ", ".join(sorted(classes))


def _statement_ref(
    tree: Tree, path: Sequence[str | int], key: str, own: Sequence[str | int], source: Source
) -> Iterator[Problem]:
    if key not in source.statements:
        yield Problem(
            "unknown-statement", tree.place(path), f"There is no statement {key!r} here.", near(key, source.statements)
        )
        return
    chain = _chain(key, source)
    if own[1] in chain:
        yield Problem("circular-statement", tree.place(path), f"{key!r} leads back to this statement.", _WRITE_OUT)
    elif len(chain) > _LONGEST_CHAIN:
        message = f"{key!r} begins a chain of more than {_LONGEST_CHAIN} statements, each about the next."
        yield Problem("nested-statement", tree.place(path), message, _WRITE_OUT)


_LONGEST_CHAIN = 20
_MOST_SUGGESTIONS = 300
_WRITE_OUT = "write the object out."


def _chain(key: str, source: Source) -> list[str]:
    """Follow statements about statements; stop at a cycle or when the chain is longer than allowed."""
    chain: list[str] = []
    while key in source.statements and key not in chain and len(chain) <= _LONGEST_CHAIN:
        chain.append(key)
        target: object = source.statements[key].object
        while isinstance(target, Proposition):
            target = target.object
        if not isinstance(target, StatementRef):
            break
        key = target.statement
    return chain


def _value(tree: Tree, path: Sequence[str | int], value: str, relation: Relation) -> Iterator[Problem]:
    if not relation.datatype:
        message = f"{relation.name!r} takes an entity, not the value {value!r}."
        yield Problem("wrong-range", tree.place(path), message, "name the entity with object: instead of value:.")
    elif relation.datatype == EDTF:
        yield from _date(tree, path, value)
    elif relation.datatype in _VALUES:
        allowed, example = _VALUES[relation.datatype]
        if not _holds(allowed, value):
            message = f"{value!r} is not a value of {relation.name}."
            yield Problem("wrong-range", tree.place(path), message, f"give {example}.")


def _holds(allowed: Callable[[str], bool], value: str) -> bool:
    try:
        return allowed(value)
    except ValueError:
        return False


def _date(tree: Tree, path: Sequence[str | int], text: str | None) -> Iterator[Problem]:
    if text is None:
        return
    message = f"{text!r} can be two years or a season." if reads_as_years(text) else ""
    try:
        bounds(text)
    except ValueError as error:
        message = str(error)
    if message:
        yield Problem("invalid-date", tree.place(path), message, suggest_date(text) or _EDTF)


_EDTF = "write EDTF: 2019, 2019-06, 2019-06-30, 2019~ (about), 2019? (uncertain), 2019-06/2020 (between)."


def check_plain_dates(tree: Tree) -> Iterator[Problem]:
    """Report unquoted dates, except `retrieved` and `released`: other YAML tools turn them into date objects."""
    for path in sorted(tree.dates, key=str):
        name = path[-1] if path else "file"
        if name not in {"retrieved", "released"}:
            message = f"{name}: other YAML tools turn this into a date object."
            yield Problem("unquoted-date", tree.place(path), message, "put it in double quotes.", Level.ERROR)

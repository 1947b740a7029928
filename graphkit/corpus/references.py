"""Checks that the words and names of a file exist and fit each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from graphkit.corpus.parse import near
from graphkit.corpus.suggestions import relations_that_fit, words_that_fit
from graphkit.corpus.yaml_tree import Tree
from graphkit.model.addresses import address_doubt
from graphkit.model.date_hints import WRITE_EDTF, reads_as_month, reads_as_years, suggest_date
from graphkit.model.dates import bounds
from graphkit.model.errors import Level, Location, Problem
from graphkit.model.iris import EDTF, PREFIXES
from graphkit.model.names import quoted
from graphkit.model.records import Alternatives, Amount, Entity, Post, Proposition, Source, Statement, StatementRef
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
        refused: Entities with errors, which are reported already; None if some file of entities cannot be read.
        suggestions: List and unknown word to the nearest known words.
    """

    entities: Mapping[str, Entity]
    sources: frozenset[str]
    vocabulary: Vocabulary
    refused: frozenset[str] | None = frozenset()
    suggestions: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def check_entities(self, tree: Tree, entities: Mapping[str, Entity]) -> Iterator[Problem]:
        """Check the entities of one file."""
        for slug, entity in entities.items():
            path = ("entities", slug)
            yield from self._word(tree, (*path, "kind"), entity.kind, "kind", self.vocabulary.kinds)
            if entity.sector:
                yield from self._word(tree, (*path, "sector"), entity.sector, "sector", self.vocabulary.sectors)
            for key, slugs in entity.links.items():
                for number, other in enumerate(slugs):
                    yield from self._entity(tree, (*path, key, number), other)
            for number, post in enumerate(entity.posts):
                yield from self._post(tree, (*path, "posts", number), slug, post)
            for source in entity.written_as:
                yield from self._source(tree, (*path, "writtenAs", source), source)

    def _post(self, tree: Tree, path: Sequence[str | int], holder: str, post: Post) -> Iterator[Problem]:
        if not self._fits(holder, _HOLDERS):
            yield self._wrong("wrong-post", tree.key_place(path[:-1]), holder, _HOLDERS, "hold a post")
        unknown = list(self._entity(tree, (*path, "at"), post.at))
        yield from unknown
        if not unknown and not self._fits(post.at, _HELD_AT):
            yield self._wrong("wrong-post", tree.place((*path, "at")), post.at, _HELD_AT, "have posts")
        wrong = [*_date(tree, (*path, "from"), post.from_), *_date(tree, (*path, "until"), post.until)]
        yield from wrong
        if not wrong and post.from_ and post.until:
            first, last = bounds(post.from_)[0], bounds(post.until)[1]
            if first and last and last < first:
                message = f"The post ends ({post.until}) before it begins ({post.from_})."
                yield Problem("post-ends-before-it-begins", tree.place((*path, "until")), message, "correct a date.")

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
        if statement.certainty:
            yield from self._word(tree, (*path, "certainty"), statement.certainty, "certainty", words.certainties)
        yield from self._word(tree, (*path, "basis"), statement.basis, "basis", words.bases)
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
        yield from self._qualifiers(tree, (*path, "qualifiers"), proposition.qualifiers)
        yield from self._amount(tree, path, proposition, relation)

    def _qualifiers(self, tree: Tree, path: Sequence[str | int], qualifiers: Mapping[str, str]) -> Iterator[Problem]:
        known = self.vocabulary.qualifiers
        names = {word: qualifier.name for word, qualifier in known.items()}
        for key, value in qualifiers.items():
            if key not in known:
                solution = self._once("qualifier", key, partial(words_that_fit, key, names, self.vocabulary))
                message = f"There is no qualifier {quoted(key)}."
                yield Problem("unknown-qualifier", tree.key_place((*path, key)), message, solution)
            elif classes := known[key].range:
                unknown = list(self._entity(tree, (*path, key), value))
                yield from unknown
                if not unknown and not self._fits(value, classes):
                    yield self._wrong("wrong-qualifier", tree.place((*path, key)), value, classes, f"be under {key}")

    def _amount(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation | None
    ) -> Iterator[Problem]:
        if proposition.amount is None:
            return
        inner = (*path, "amount")
        if relation and not relation.derived and not relation.amount:
            message = f"{proposition.relation!r} takes no amount."
            yield Problem(
                "unexpected-amount", tree.key_place(inner), message, "remove amount, or use another relation."
            )
        units = {token: unit.name for token, unit in self.vocabulary.units.items()}
        yield from self._word(tree, (*inner, "unit"), proposition.amount.unit, "unit", units)
        yield from self._word(tree, (*inner, "bound"), proposition.amount.bound, "bound", self.vocabulary.bounds)
        yield from self._counted(tree, inner, proposition.amount)

    def _counted(self, tree: Tree, path: Sequence[str | int], amount: Amount) -> Iterator[Problem]:
        if amount.kind:
            yield from self._word(tree, (*path, "kind"), amount.kind, "amount-kind", self.vocabulary.amount_kinds)
        for key, slug in amount.linked.items():
            if key != "per" or slug not in self.vocabulary.periods:
                yield from self._entity(tree, (*path, key), slug)
        if amount.unit == _SHARE and not amount.base:
            message = "This share does not name its whole."
            solution = "add base: and the entity that is the whole, as in base: people-on-the-gangs-matrix."
            yield Problem("share-without-base", tree.key_place(path), message, solution, Level.WARNING)

    def _object(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation | None, source: Source
    ) -> Iterator[Problem]:
        inner = (*path, "object")
        if isinstance(proposition.object, Proposition):
            yield from self._proposition(tree, inner, proposition.object, source)
        elif isinstance(proposition.object, StatementRef):
            yield from _statement_ref(tree, (*inner, "statement"), proposition.object.statement, path, source)
        elif proposition.object is not None:
            named = self._named_objects(inner, proposition.object)
            unknown = [problem for place, slug in named for problem in self._entity(tree, place, slug)]
            yield from unknown
            if unknown:
                return
        if relation:
            yield from self._range(tree, path, proposition, relation)

    @staticmethod
    def _named_objects(path: Sequence[str | int], target: str | Alternatives) -> list[tuple[Sequence[str | int], str]]:
        """Return the entities of an object with their places."""
        if isinstance(target, str):
            return [(path, target)]
        return [((*path, "any", number), slug) for number, slug in enumerate(target.entities)]

    def _range(
        self, tree: Tree, path: Sequence[str | int], proposition: Proposition, relation: Relation
    ) -> Iterator[Problem]:
        if proposition.value is not None:
            yield from _value(tree, (*path, "value"), proposition.value, relation)
        elif proposition.object is None:
            if relation.datatype != _XSD + "decimal":
                message = f"{proposition.relation!r} needs an object or a value besides the amount."
                yield Problem("object-or-value", tree.key_place(path), message, "add object: or value:.")
        elif isinstance(proposition.object, (str, Alternatives)):
            for inner, slug in self._named_objects((*path, "object"), proposition.object):
                if not self._fits(slug, relation.range):
                    act = f"be the object of {proposition.relation}"
                    yield self._wrong("wrong-range", tree.place(inner), slug, relation.range, act)
        elif "Proposition" not in relation.range:
            message = f"The object of {proposition.relation!r} cannot be a proposition."
            solution = f"name an entity of one of these kinds: {self._kinds(relation.range)}."
            yield Problem("wrong-range", tree.place((*path, "object")), message, solution)

    def _fits(self, slug: str, classes: frozenset[str]) -> bool:
        entity = self.entities.get(slug)
        kind = self.vocabulary.kinds.get(entity.kind, "") if entity else ""
        return not kind or self.vocabulary.fits(kind, classes)

    def _wrong(self, code: str, location: Location, slug: str, classes: frozenset[str], act: str) -> Problem:
        message = f"{slug!r} is of the kind {self.entities[slug].kind} and cannot {act}."
        listed = self._kinds(classes)
        solution = (
            f"name one of these kinds: {listed}; or use another relation, see: graphkit relations."
            if listed
            else "this relation takes a value."
        )
        return Problem(code, location, message, solution)

    def _kinds(self, classes: frozenset[str]) -> str:
        """List the kinds that are in some classes."""
        kinds = self.vocabulary.kinds.items()
        return ", ".join(sorted(kind for kind, name in kinds if self.vocabulary.fits(name, classes)))

    def _entity(self, tree: Tree, path: Sequence[str | int], slug: str) -> Iterator[Problem]:
        if slug not in self.entities and self.refused is not None and slug not in self.refused:
            solution = f"{self._once('entity', slug, lambda: self._nearest(slug))} Or add it to data/entities/."
            yield Problem("unknown-entity", tree.place(path), f"There is no entity {slug!r}.", solution)

    def _nearest(self, slug: str) -> str:
        names = {
            name.lower().replace(" ", "-"): known for known, entity in self.entities.items() for name in entity.names
        }
        if slug in names:
            return f"did you mean {names[slug]}?"
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
            message = f"There is no {what.replace('-', ' ')} {quoted(word)}."
            yield Problem(f"unknown-{what}", tree.place(path), message, solution)

    def _unknown_relation(self, tree: Tree, path: Sequence[str | int], proposition: Proposition) -> Problem:
        if replaced := self.vocabulary.replaced.get(proposition.relation):
            message = f"The relation {quoted(proposition.relation)} was replaced by {replaced.by}."
            note = f" {replaced.note}" if replaced.note else ""
            return Problem("replaced-relation", tree.place((*path, "relation")), message, f"type {replaced.by}.{note}")
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
        if isinstance(proposition.object, Alternatives):
            return self._kind(proposition.object.entities[0])
        return "proposition" if proposition.object else None

    def _once(self, what: str, word: str, look: Callable[[], str]) -> str:
        """Look up suggestions once for each mistake, and only for a limited number: a table may have thousands."""
        if (what, word) not in self.suggestions and len(self.suggestions) < _MOST_SUGGESTIONS:
            self.suggestions[what, word] = look()
        return self.suggestions.get((what, word), "see the vocabulary.")


_HOLDERS = frozenset({"Person", "Office"})
_SHARE = "percent"
_HELD_AT = frozenset({"Organisation", "Office"})


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
        yield Problem("invalid-date", tree.place(path), message, suggest_date(text) or WRITE_EDTF)
    elif path[-1] == "when" and reads_as_month(text):
        message = f"{text!r} is read as the month; it may be two years."
        yield Problem("years-or-month", tree.place(path), message, suggest_date(text), Level.WARNING)


def check_plain_dates(tree: Tree) -> Iterator[Problem]:
    """Report unquoted dates, except `retrieved` and `released`: other YAML tools turn them into date objects."""
    for path in sorted(tree.dates, key=str):
        name = path[-1] if path else "file"
        if name not in {"retrieved", "released"}:
            message = f"{name}: other YAML tools turn this into a date object."
            yield Problem("unquoted-date", tree.place(path), message, "put it in double quotes.", Level.ERROR)

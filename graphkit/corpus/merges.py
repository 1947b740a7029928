"""Merges and splits: an entity is read as another entity, everywhere or in some statements.

The records of the files stay unchanged; the merged corpus is a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from graphkit.corpus.parse import near
from graphkit.corpus.yaml_tree import Tree, YamlPath
from graphkit.model.errors import Location, Problem
from graphkit.model.records import (
    LINKS,
    Alternatives,
    Corpus,
    Entity,
    Merge,
    Merges,
    Proposition,
    Qualifiers,
    Replaced,
    Source,
    Split,
    Statement,
)
from graphkit.model.vocabulary import Vocabulary

_Said = TypeVar("_Said", bound=Proposition)
# Returns the problems that a source would have with another statement under a key.
Judge = Callable[[str, str, Statement], list[Problem]]


def links(entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield each link of an entity: the key that curators type, and the linked entity."""
    return ((key, slug) for key, slugs in entity.links.items() for slug in slugs)


def follow(slug: str, merges: Mapping[str, Merge]) -> list[str]:
    """Follow a slug through the merges, and return every slug on the way; a cycle ends with its first slug.

    >>> merge = Merge(into="c", reason="same", date="2026-01-01")
    >>> follow("a", {"a": merge.model_copy(update={"into": "b"}), "b": merge})
    ['a', 'b', 'c']
    """
    chain = {slug: None}
    while slug in merges:
        slug = merges[slug].into
        if slug in chain:
            return [*chain, slug]
        chain[slug] = None
    return list(chain)


def mentioned(statement: Proposition) -> Iterator[str]:
    """Yield the slugs of the entities in a statement and in the propositions inside it."""
    yield statement.subject
    if isinstance(statement.object, Proposition):
        yield from mentioned(statement.object)
    elif isinstance(statement.object, Alternatives):
        yield from statement.object.entities
    elif isinstance(statement.object, str):
        yield statement.object
    yield from statement.qualifiers.values()
    if statement.amount:
        yield from statement.amount.linked.values()
    if isinstance(statement, Statement):
        yield from statement.via
        if statement.speaker:
            yield statement.speaker


@dataclass(frozen=True, slots=True)
class MergeLinks:
    """The names that `merges.yaml` may refer to.

    Args:
        judge: Returns the problems of a source with another statement under a key.
    """

    tree: Tree
    entities: Mapping[str, Entity]
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    judge: Judge = field(repr=False)

    def check(self, merges: Merges) -> Iterator[Problem]:
        """Check the whole file."""
        for slug, merge in merges.merges.items():
            yield from self._merge(slug, merge, merges.merges)
        for slug, split in merges.splits.items():
            if slug in merges.merges:
                message = f"{slug!r} is also read as {merges.merges[slug].into!r} everywhere."
                yield self._fault("merged-and-split", ("splits", slug), message, "remove one of the two.")
            if slug in self.entities:
                for name, other in split.statements.items():
                    yield from self._split(slug, name, other)
            yield from self._entity(self.tree.key_place(("splits", slug)), slug)

    def _merge(self, slug: str, merge: Merge, merges: Mapping[str, Merge]) -> Iterator[Problem]:
        path = ("merges", slug)
        chain = follow(slug, merges)
        unknown = [
            *self._entity(self.tree.key_place(path), slug),
            *self._entity(self.tree.place((*path, "into")), merge.into),
        ]
        yield from unknown
        if chain[-1] == slug:
            way = " → ".join(chain)
            yield self._fault("circular-merge", path, f"This leads back to itself: {way}.", "remove one of them.")
        elif not unknown and chain[-1] not in chain[:-1] and chain[-1] in self.entities:
            for message, solution in mismatches(slug, chain[-1], self.entities, self.vocabulary, merges):
                yield self._fault("merge-mismatch", path, message, solution)

    def _split(self, slug: str, name: str, other: str) -> Iterator[Problem]:
        path = ("splits", slug, "statements", name)
        source, _, key = name.partition("/")
        statements = self.sources[source].statements if source in self.sources else {}
        if source not in self.sources:
            solution = near(source, self.sources)
            yield self._fault("unknown-source", path, f"There is no source {source!r}.", solution)
        elif key not in statements:
            message = f"There is no statement {key!r} in {source}."
            yield self._fault("unknown-statement", path, message, near(key, statements))
        elif slug not in (names := set(mentioned(statements[key]))):
            solution = f"name a statement that does; this one names {', '.join(sorted(names))}."
            yield self._fault("not-in-statement", path, f"{name!r} does not name {slug!r}.", solution)
        elif other == slug:
            yield self._fault("circular-merge", path, f"{slug!r} is read as itself.", "name another entity.")
        elif unknown := [*self._entity(self.tree.place(path), other)]:
            yield from unknown
        else:
            yield from self._fitting(path, statements[key], {slug: other})

    def _fitting(self, path: YamlPath, statement: Statement, names: Mapping[str, str]) -> Iterator[Problem]:
        source, _, key = str(path[-1]).partition("/")
        known = self.judge(source, key, statement)
        location = self.tree.place(path)
        for problem in self.judge(source, key, reread(statement, names)):
            if problem not in known:
                yield replace(problem, location=location, message=f"Read so in {path[-1]}: {problem.message}")

    def _entity(self, location: Location, slug: str) -> Iterator[Problem]:
        if slug not in self.entities:
            solution = f"{near(slug, self.entities)} A merged entity stays in its entity file."
            yield Problem("unknown-entity", location, f"There is no entity {slug!r}.", solution)

    def _fault(self, code: str, path: YamlPath, message: str, solution: str) -> Problem:
        return Problem(code, self.tree.key_place(path), message, solution)


def mismatches(
    slug: str, target: str, entities: Mapping[str, Entity], words: Vocabulary, merges: Mapping[str, Merge]
) -> Iterator[tuple[str, str]]:
    """Yield reasons why two entities cannot be merged, each with a solution."""
    old, new = entities[slug], entities[target]
    cls, wanted = words.kinds.get(new.kind, ""), words.kinds.get(old.kind, "")
    # A statement about a kind fits the kinds below it, and not the other way round.
    if cls and wanted and not words.fits(cls, frozenset([wanted])):
        turned = words.fits(wanted, frozenset([cls]))
        solution = f"merge {target} into {slug}" if turned else "keep them apart"
        message = f"{slug!r} is of the kind {old.kind}, and {target!r} of the kind {new.kind}."
        yield message, f"{solution}, or give both the same kind in data/entities/."
    if old.wikidata and new.wikidata and old.wikidata != new.wikidata:
        message = f"{slug!r} is {old.wikidata} on Wikidata, and {target!r} is {new.wikidata}."
        yield message, "remove the number that is wrong in data/entities/, or keep them apart."
    for holder in (slug, target):
        for name, end in links(entities[holder]):
            if holder != end and slug in {holder, end} and follow(end, merges)[-1] == target:
                yield f"{end!r} is under {name} of {holder!r}.", "remove it there, or keep them apart."


def reread(statement: _Said, names: Mapping[str, str]) -> _Said:
    """Return a statement or proposition with some entities replaced, or the same object if it names none of them."""
    if names.keys().isdisjoint(mentioned(statement)):
        return statement
    update: dict[str, Any] = {"subject": names.get(statement.subject, statement.subject)}
    if isinstance(statement.object, Proposition):
        update["object"] = reread(statement.object, names)
    elif isinstance(statement.object, Alternatives):
        left = each_read(statement.object.entities, names)
        update["object"] = Alternatives.model_construct(entities=left) if len(left) > 1 else left[0]
    elif isinstance(statement.object, str):
        update["object"] = names.get(statement.object, statement.object)
    update["qualifiers"] = Qualifiers({key: names.get(value, value) for key, value in statement.qualifiers.items()})
    if statement.amount:
        linked = {key: names.get(slug, slug) for key, slug in statement.amount.linked.items()}
        update["amount"] = statement.amount.model_copy(update=linked)
    if isinstance(statement, Statement):
        update["via"] = each_read(statement.via, names)
        update["speaker"] = names.get(statement.speaker, statement.speaker) if statement.speaker else None
    return statement.model_copy(update=update)


def each_read(slugs: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    """Replace slugs, and drop repeated ones."""
    return tuple(dict.fromkeys(names.get(slug, slug) for slug in slugs))


def read_as(merges: Merges) -> dict[str, str]:
    """Return the entity as which each merged one is read in the end."""
    return {slug: follow(slug, merges.merges)[-1] for slug in merges.merges}


def apply_merges(corpus: Corpus, merges: Merges) -> Corpus:
    """Return a corpus with its merges and splits applied; the merges must have no problems."""
    if not merges.merges and not merges.splits:
        return corpus
    names = read_as(merges)
    splits: dict[str, dict[str, Split]] = {}
    for slug, split in merges.splits.items():
        for name in split.statements:
            splits.setdefault(name, {})[slug] = split
    return replace(
        corpus,
        entities=_read_entities(corpus.entities, names),
        sources={key: _read_source(source, names, splits) for key, source in corpus.sources.items()},
        replaced={
            slug: Replaced(corpus.entities[slug].label, names[slug], merge.reason, merge.date)
            for slug, merge in merges.merges.items()
        },
        readings={name: tuple(_readings(name, parts)) for name, parts in splits.items()},
    )


def _read_entities(entities: Mapping[str, Entity], names: Mapping[str, str]) -> dict[str, Entity]:
    others: dict[str, list[Entity]] = {}
    for slug, target in names.items():
        others.setdefault(target, []).append(entities[slug])
    whole = {slug: _joined(entity, others.get(slug, [])) for slug, entity in entities.items() if slug not in names}
    return {slug: _read_entity(entity, names) for slug, entity in whole.items()}


def _read_entity(entity: Entity, names: Mapping[str, str]) -> Entity:
    posts = tuple(post.model_copy(update={"at": names.get(post.at, post.at)}) for post in entity.posts)
    return entity.model_copy(
        update={**{name: each_read(getattr(entity, name), names) for name in LINKS}, "posts": posts}
    )


def _joined(entity: Entity, others: list[Entity]) -> Entity:
    """Add the names and links of merged entities to an entity, and fill its empty fields from them."""
    for other in others:
        update = {name: _both(getattr(entity, name), getattr(other, name)) for name in Entity.model_fields}
        aliases = dict.fromkeys((*entity.aliases, other.label, *other.aliases))
        update["aliases"] = tuple(name for name in aliases if name != entity.label or name in entity.aliases)
        entity = entity.model_copy(update=update)
    return entity


def _both(own: object, other: object) -> object:
    if isinstance(own, tuple) and isinstance(other, tuple):
        return tuple(dict.fromkeys((*own, *other)))
    if isinstance(own, dict) and isinstance(other, dict):
        return {key: _both(own.get(key, ()), other.get(key, ())) for key in (own | other)}
    return other if own is None else own


def _read_source(source: Source, names: Mapping[str, str], splits: Mapping[str, Mapping[str, Split]]) -> Source:
    statements = {}
    for key, statement in source.statements.items():
        name = f"{source.id}/{key}"
        parts = {slug: split.statements[name] for slug, split in splits.get(name, {}).items()}
        # Splits come first, because the new slug may itself be merged.
        statements[key] = reread(reread(statement, parts), names)
    publisher = names.get(source.publisher, source.publisher)
    authors = each_read(source.authors, names)
    return source.model_copy(update={"statements": statements, "publisher": publisher, "authors": authors})


def _readings(name: str, parts: Mapping[str, Split]) -> Iterator[str]:
    for slug, split in sorted(parts.items()):
        yield f"{slug} is read as {split.statements[name]}, {split.date}: {split.reason}"

"""Reads `codebook.yaml` and checks that everything it names exists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphkit.corpus import parse as records
from graphkit.corpus.merges import each_read
from graphkit.corpus.parse import near
from graphkit.corpus.references import Links
from graphkit.corpus.yaml_tree import Tree, YamlPath
from graphkit.model.codebook import Codebook, CodingRule, Concept
from graphkit.model.errors import Location, Problem
from graphkit.model.iris import concept_iri
from graphkit.model.records import Source


def read_codebook(tree: Tree, links: Links, sources: Mapping[str, Source]) -> tuple[Codebook, list[Problem]]:
    """Return the codebook of a file, and its problems; without the concepts that have errors."""
    if tree.root is None:
        return Codebook(), []
    found, problems = records.codebook(tree)
    checked = CodebookLinks(links.entities, links.sources, links.vocabulary, links.refused, links.suggestions, sources)
    return found, [*problems, *checked.check_codebook(tree, found)]


def codebook_places(tree: Tree, codebook: Codebook) -> Iterator[tuple[str, Location]]:
    """Yield the IRI and the location of each concept, rule and exception."""
    for slug, concept in codebook.concepts.items():
        path, name = ("concepts", slug), concept_iri(slug)
        yield name, tree.key_place(path)
        for number in range(len(concept.rules)):
            yield f"{name}/rules/{number}", tree.place((*path, "rules", number))
        for statement in concept.exceptions:
            yield f"{name}/exceptions/{statement}", tree.key_place((*path, "exceptions", statement))


def named_in(
    codebook: Codebook, entities: Collection[str], statements: Collection[str]
) -> Iterator[tuple[YamlPath, str]]:
    """Yield the parts of a codebook that name some entities or statements, with the names.

    A rule that would lose a whole list is yielded itself, since it would fit more statements without the list.
    """
    for slug, concept in codebook.concepts.items():
        path: YamlPath = ("concepts", slug)
        examples = {"example": concept.example, "counterexample": concept.counterexample}
        yield from (((*path, key), name) for key, name in examples.items() if name and name in statements)
        yield from (((*path, "exceptions", name), name) for name in concept.exceptions if name in statements)
        for number, rule in enumerate(concept.rules):
            yield from _named_in_rule((*path, "rules", number), rule, entities)


def _named_in_rule(path: YamlPath, rule: CodingRule, entities: Collection[str]) -> Iterator[tuple[YamlPath, str]]:
    lists: list[tuple[YamlPath, tuple[str, ...]]] = [
        ((*path, "subject"), rule.subject),
        ((*path, "object"), rule.object),
    ]
    lists += [((*path, "qualifiers", name), values) for name, values in rule.qualifiers.items()]
    whole = next((slugs[0] for _, slugs in lists if slugs and all(slug in entities for slug in slugs)), "")
    if whole:
        yield path, whole
        return
    for inner, slugs in lists:
        yield from (((*inner, number), slug) for number, slug in enumerate(slugs) if slug in entities)


def reread_codebook(codebook: Codebook, names: Mapping[str, str]) -> Codebook:
    """Return a codebook in whose rules merged entities are replaced by what they were merged into; exceptions stay."""
    concepts = {
        slug: concept.model_copy(update={"rules": tuple(_reread_rule(rule, names) for rule in concept.rules)})
        for slug, concept in codebook.concepts.items()
    }
    return codebook.model_copy(update={"concepts": concepts})


def _reread_rule(rule: CodingRule, names: Mapping[str, str]) -> CodingRule:
    qualifiers = {name: each_read(values, names) for name, values in rule.qualifiers.items()}
    ends = {"subject": each_read(rule.subject, names), "object": each_read(rule.object, names)}
    return rule.model_copy(update={**ends, "qualifiers": qualifiers})


@dataclass(frozen=True, slots=True)
class CodebookLinks(Links):
    """The names that a codebook may refer to."""

    statements: Mapping[str, Source] = field(default_factory=dict)

    def check_codebook(self, tree: Tree, codebook: Codebook) -> Iterator[Problem]:
        """Check the agreement table and all concepts."""
        words, path = self.vocabulary, ("agreement",)
        for part, what, known, given in (
            ("stances", "stance", words.stances, codebook.agreement.stances),
            ("certainties", "certainty", words.certainties, codebook.agreement.certainties),
        ):
            for word in given:
                yield from self._word(tree, (*path, part, word), word, what, known)
        for slug, concept in codebook.concepts.items():
            yield from self._concept(tree, ("concepts", slug), concept, codebook)

    def _concept(
        self, tree: Tree, path: Sequence[str | int], concept: Concept, codebook: Codebook
    ) -> Iterator[Problem]:
        for number, broader in enumerate(concept.broader):
            if broader not in codebook.concepts:
                message = f"There is no concept {broader!r}."
                place = tree.place((*path, "broader", number))
                yield Problem("unknown-concept", place, message, near(broader, codebook.concepts))
        for number, rule in enumerate(concept.rules):
            yield from self._rule(tree, (*path, "rules", number), rule)
        for key in ("example", "counterexample"):
            if name := getattr(concept, key):
                yield from self._statement(tree.place((*path, key)), name)
        for name in concept.exceptions:
            yield from self._statement(tree.key_place((*path, "exceptions", name)), name)

    def _rule(self, tree: Tree, path: Sequence[str | int], rule: CodingRule) -> Iterator[Problem]:
        words = self.vocabulary
        known = {token: relation.name for token, relation in words.relations.items() if not relation.derived}
        yield from self._all(tree, (*path, "relation"), rule.relation, "relation", known)
        for key, slugs in (("subject", rule.subject), ("object", rule.object)):
            for number, slug in enumerate(slugs):
                yield from self._entity(tree, (*path, key, number), slug)
        for key, kinds in (("subjectKind", rule.subject_kind), ("objectKind", rule.object_kind)):
            yield from self._all(tree, (*path, key), kinds, "kind", words.kinds)
        for name, values in rule.qualifiers.items():
            for number, value in enumerate(values):
                inner = (*path, "qualifiers", name, number)
                if name in words.qualifiers and words.qualifiers[name].range:
                    yield from self._entity(tree, inner, value)
            qualifiers = {token: qualifier.name for token, qualifier in words.qualifiers.items()}
            yield from self._word(tree, (*path, "qualifiers", name), name, "qualifier", qualifiers)

    def _all(
        self, tree: Tree, path: Sequence[str | int], given: Iterable[str], what: str, known: Mapping[str, str]
    ) -> Iterator[Problem]:
        for number, word in enumerate(given):
            yield from self._word(tree, (*path, number), word, what, known)

    def _statement(self, place: Location, name: str) -> Iterator[Problem]:
        source, _, key = name.partition("/")
        if source not in self.statements:
            yield Problem("unknown-source", place, f"There is no source {source!r}.", near(source, self.statements))
        elif key not in (known := self.statements[source].statements):
            yield Problem("unknown-statement", place, f"There is no statement {key!r} in {source}.", near(key, known))

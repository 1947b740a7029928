"""Records into quads, spelled as N-Quads lines.

A pure function of one record and the entity table: the same code runs in one process, in a pool or on
a cluster. No blank nodes; IRIs come from content or from the curator, never from a counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.build.entities import ENTITIES, compile_dataset, compile_entity, compile_replaced
from graphkit.build.propositions import compile_proposition
from graphkit.build.statements import compile_source, compile_statement, passage_link
from graphkit.model.iris import graph_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.model.records import Corpus

__all__ = [
    "ENTITIES",
    "compile_corpus",
    "compile_dataset",
    "compile_entity",
    "compile_ontology",
    "compile_proposition",
    "compile_replaced",
    "compile_source",
    "compile_statement",
    "passage_link",
]


def compile_corpus(corpus: Corpus) -> Iterator[str]:
    """Spell everything that was read.

    Yields:
        N-Quads lines, in no particular order; the same line may come more than once.
    """
    yield from compile_dataset(corpus.dataset)
    for slug, entity in corpus.entities.items():
        yield from compile_entity(slug, entity, corpus.vocabulary, corpus.dataset.language)
    for slug, replaced in corpus.replaced.items():
        yield from compile_replaced(slug, replaced, corpus.dataset.language)
    for source in corpus.sources.values():
        yield from compile_source(source, corpus)
        for key in source.statements:
            yield from compile_statement(source, key, corpus)


def compile_ontology(quads: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Spell the triples of the ontology, in its graph."""
    graph = graph_iri("ontology")
    for subject, predicate, target in quads:
        yield f"{subject} {predicate} {target} <{graph}> .\n"

"""Records into lines of N-Quads.

A pure function of one record and the entities: the same code runs in one process, in a pool or on a cluster. There are
no blank nodes; IRIs come from content or from the curator, never from a counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.build.entities import compile_dataset, compile_entity, compile_replaced
from graphkit.build.statements import compile_source, compile_statement
from graphkit.model.iris import graph_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.model.records import Corpus


def compile_corpus(corpus: Corpus) -> Iterator[str]:
    """Yield the lines of a corpus, in no particular order and some of them more than once."""
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
    """Yield the lines of the ontology, in its graph."""
    graph = graph_iri("ontology")
    for subject, predicate, target in quads:
        yield f"{subject} {predicate} {target} <{graph}> .\n"

"""Writes lines of N-Quads about a subject in a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphkit.model.dates import bounds
from graphkit.model.iris import PREFIXES, SP, expand, graph_iri, iri, literal
from graphkit.model.vocabulary import Vocabulary, read_ontology

XSD = PREFIXES["xsd"]
TYPE = iri(expand("rdf:type"))


@cache
def predicate(name: str) -> str:
    """Return a predicate in N-Quads; the few predicates are cached."""
    return iri(expand(name))


@dataclass(frozen=True, slots=True)
class Node:
    """A subject in a graph; the methods return lines about it."""

    subject: str
    graph: str

    def line(self, predicate: str, term: str) -> str:
        """Return a line of a predicate and a term that are in N-Quads already."""
        return f"<{self.subject}> {predicate} {term} <{self.graph}> .\n"

    def thing(self, name: str, value: str) -> str:
        """Return a line with an IRI as its object."""
        return f"<{self.subject}> {predicate(name)} <{value}> <{self.graph}> .\n"

    def text(self, name: str, value: str, *, language: str = "", datatype: str = "") -> str:
        """Return a line with a literal as its object."""
        return self.line(predicate(name), literal(value, language=language, datatype=datatype))

    def kind(self, *names: str) -> Iterator[str]:
        """Yield the lines with the classes of the subject."""
        for name in names:
            yield self.line(TYPE, iri(SP + name))

    def days(self, stem: str, text: str) -> Iterator[str]:
        """Yield the lines with the first and the last day that a date allows."""
        first, last = bounds(text)
        if first:
            yield self.text(f"sp:{stem}Earliest", first.isoformat(), datatype=XSD + "date")
        if last:
            yield self.text(f"sp:{stem}Latest", last.isoformat(), datatype=XSD + "date")


def ontology_lines(files: Iterable[Path]) -> Iterator[str]:
    """Yield the lines of the ontology, in its graph."""
    graph = graph_iri("ontology")
    return (f"{quad.subject} {quad.predicate} {quad.object} <{graph}> .\n" for quad in read_ontology(files))


def classes(name: str, words: Vocabulary) -> list[str]:
    """Return a class and the classes above it, so that queries for all organisations need no reasoner."""
    return sorted(words.ancestors[name] & words.ancestors.keys())

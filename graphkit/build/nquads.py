"""A subject in a graph, and the lines of N-Quads about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from graphkit.model.dates import bounds
from graphkit.model.iris import PREFIXES, SP, expand, iri, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.model.vocabulary import Vocabulary

XSD = PREFIXES["xsd"]
TYPE = iri(expand("rdf:type"))


@cache
def predicate(name: str) -> str:
    """Spell a predicate; there are few, and most lines have one of them."""
    return iri(expand(name))


@dataclass(frozen=True, slots=True)
class Node:
    """A subject in a graph; each method spells one line about it."""

    subject: str
    graph: str

    def line(self, predicate: str, term: str) -> str:
        """Spell one line; the predicate and the term are spelled already."""
        return f"<{self.subject}> {predicate} {term} <{self.graph}> .\n"

    def thing(self, name: str, value: str) -> str:
        """Spell a link to a thing."""
        return f"<{self.subject}> {predicate(name)} <{value}> <{self.graph}> .\n"

    def text(self, name: str, value: str, *, language: str = "", datatype: str = "") -> str:
        """Spell a literal."""
        return self.line(predicate(name), literal(value, language=language, datatype=datatype))

    def kind(self, *names: str) -> Iterator[str]:
        """Spell the classes of the subject."""
        for name in names:
            yield self.line(TYPE, iri(SP + name))

    def days(self, stem: str, text: str) -> Iterator[str]:
        """Spell the first and the last day that a date allows."""
        first, last = bounds(text)
        if first:
            yield self.text(f"sp:{stem}Earliest", first.isoformat(), datatype=XSD + "date")
        if last:
            yield self.text(f"sp:{stem}Latest", last.isoformat(), datatype=XSD + "date")


def classes(name: str, words: Vocabulary) -> list[str]:
    """Return a class and those above it, so that nobody needs a reasoner to ask for all organisations."""
    return sorted(words.ancestors[name] & words.ancestors.keys())

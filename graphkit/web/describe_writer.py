"""Triples while they are written, with terms spelled as CURIEs."""

from __future__ import annotations

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES, expand


class Writer:
    """Triples while they are written."""

    def __init__(self) -> None:
        self.triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *objects: str | int | ox.Literal) -> None:
        """Add a triple for each object: a name, a number, or a literal."""
        for one in objects:
            value = ox.NamedNode(expand(one)) if isinstance(one, str) else _number(one)
            self.triples.add(ox.Triple(ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), value))

    def sorted(self) -> list[ox.Triple]:
        """Return what was added."""
        return sorted(self.triples, key=str)


def _number(one: int | ox.Literal) -> ox.Literal:
    return (
        one if isinstance(one, ox.Literal) else ox.Literal(str(one), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    )


def english(text: str) -> ox.Literal:
    """Return an English text."""
    return ox.Literal(text, language="en")

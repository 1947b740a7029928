"""Coded statements: an actor, a concept and a position on it, with document and date, wherever they come from."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import QueryError

Codes = NDArray[np.int64]
Dates = NDArray[np.datetime64]

QUALIFIERS = ("none", "boolean", "integer", "text")
_COLUMNS = ("ids", "actor", "concept", "level", "document", "first", "last")


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Coded statements as columns, from the earliest to the latest; those without a date come last.

    Attributes:
        ids: Name of each statement.
        actors, concepts, documents, levels: Labels; "" is a missing actor, concept or level.
        actor, concept, document, level: For each statement, the number of its label.
        qualifier: One of `QUALIFIERS`: whether levels are True and False, whole numbers, texts, or there is only one.
        scale: Lowest and highest value of an integer qualifier; None if none is declared.
        first, last: First and last moment at which the statement can have been made; NaT if unknown.
        until: Moment from which the statement is withdrawn; NaT if it is not. None if no statement is.
    """

    ids: NDArray[np.object_]
    actors: tuple[str, ...]
    actor: Codes
    concepts: tuple[str, ...]
    concept: Codes
    documents: tuple[str, ...]
    document: Codes
    levels: tuple[Any, ...]
    level: Codes
    first: Dates
    last: Dates
    qualifier: str = "boolean"
    scale: tuple[int, int] | None = None
    until: Dates | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def select(self, chosen: NDArray[Any]) -> Coded:
        """Return some of the statements, by a mask or by their numbers."""
        until = None if self.until is None else self.until[chosen]
        return replace(self, until=until, **{name: getattr(self, name)[chosen] for name in _COLUMNS})

    def withdrawn(self, moment: np.datetime64 | None) -> NDArray[np.bool_]:
        """Return for each statement whether it is withdrawn by a moment, or at all."""
        if self.until is None:
            return np.zeros(len(self), dtype=bool)
        withdrawn: NDArray[np.bool_] = ~np.isnat(self.until) if moment is None else self.until <= moment
        return withdrawn

    def swapped(self) -> Coded:
        """Return the statements with actors and concepts exchanged."""
        return replace(self, actors=self.concepts, actor=self.concept, concepts=self.actors, concept=self.actor)

    def joined(self) -> Coded:
        """Return the statements with one list of labels for actors and concepts, for directed networks."""
        labels, codes = factorise([*self.actors, *self.concepts])
        actors, concepts = codes[: len(self.actors)], codes[len(self.actors) :]
        return replace(self, actors=labels, actor=actors[self.actor], concepts=labels, concept=concepts[self.concept])

    def values(self) -> NDArray[np.float64]:
        """Return the number of each level: its value, or for True and False 1 and -1; 1 for texts.

        >>> coded(["a"], ["A"], ["C"], [False]).values()
        array([-1.,  1.])
        """
        if self.qualifier == "integer":
            return np.array(self.levels, dtype=float)
        return np.array([-1.0, 1.0]) if self.qualifier == "boolean" else np.ones(len(self.levels))


def coded(  # noqa: PLR0913, PLR0917 - one parameter for each column
    ids: Sequence[str],
    actors: Sequence[str],
    concepts: Sequence[str],
    levels: Sequence[Any] | None = None,
    documents: Sequence[str] | None = None,
    dates: Iterable[Any] | None = None,
    latest: Iterable[Any] | None = None,
    *,
    qualifier: str = "boolean",
    scale: tuple[int, int] | None = None,
    until: Sequence[Any] | None = None,
) -> Coded:
    """Make columns of lists; statements of the same moment keep their order.

    Args:
        levels: Positions, one for each statement; without them there is no qualifier.
        dates: Moments, as numpy reads them; the first possible one if `latest` is given, too.
        until: Moments from which statements are withdrawn; "" for those that are not.

    Raises:
        QueryError: Two statements on one concept have the same id, a date ends before it begins, or a level is off its
            scale.

    >>> coded(["1", "2"], ["B", "A"], ["C", "C"], [True, False]).actors
    ('A', 'B')
    """
    number = len(ids)
    _require_unique(ids, actors, concepts)
    actor_labels, actor = factorise(actors)
    concept_labels, concept = factorise(concepts)
    names, document = _numbered(documents if documents is not None else [""] * number)
    kind = qualifier if levels is not None else "none"
    values, level = _levels(levels if levels is not None else [1] * number, kind, ids, scale)
    first = _moments(dates, number)
    last = first if latest is None else _moments(latest, number)
    if (wrong := np.flatnonzero(last < first)).size:
        place = wrong[0]
        raise QueryError(
            f"The date of statement {ids[place]!r} ends ({last[place]}) before it begins ({first[place]})."
        )
    made = Coded(
        np.array(ids, dtype=object), actor_labels, actor, concept_labels, concept, names, document, values, level,
        first, last, kind, scale, _moments(until, number) if any(until or ()) else None,
    )  # fmt: skip
    return made.select(np.argsort(first, kind="stable"))


def _require_unique(ids: Sequence[str], actors: Sequence[str], concepts: Sequence[str]) -> None:
    """Refuse a statement that occurs twice; one statement may be about several concepts."""
    if len(set(ids)) == len(ids):
        return
    seen: set[tuple[str, str, str]] = set()
    for entry in zip(ids, actors, concepts, strict=True):
        if entry in seen:
            raise QueryError(f"Two statements have the id {entry[0]!r}.", "Give each statement an id of its own.")
        seen.add(entry)


def _moments(dates: Iterable[Any] | None, number: int) -> Dates:
    if dates is None:
        return np.full(number, "NaT", dtype="datetime64[s]")
    days, codes = _numbered(dates)
    return np.array(["NaT" if day is None or day == "" else day for day in days], dtype="datetime64[s]")[codes]


def _numbered(names: Iterable[Any]) -> tuple[tuple[Any, ...], Codes]:
    numbers: dict[Any, int] = {}
    codes = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
    return tuple(numbers), codes


def factorise(names: Iterable[str], key: Callable[[str], Any] | None = None) -> tuple[tuple[str, ...], Codes]:
    """Return the distinct labels in alphabetical order, and for each name the number of its label.

    >>> factorise(["Zeta", "Émigré", "agency"])[0]
    ('agency', 'Émigré', 'Zeta')
    """
    found, codes = _numbered(names)
    labels = sorted(found, key=key or alphabetical)
    places = {label: place for place, label in enumerate(labels)}
    return tuple(labels), np.array([places[label] for label in found], dtype=np.int64)[codes]


def alphabetical(label: str) -> tuple[str, str]:
    """Return the key by which labels are sorted: without accents and case first, the same in every locale."""
    if label.isascii():
        return label.lower(), label
    plain = "".join(char for char in unicodedata.normalize("NFKD", label) if not unicodedata.combining(char))
    return plain.casefold(), label


def utf16(label: str) -> bytes:
    """Return the key that sorts labels by UTF-16 code units, as Java does."""
    return label.encode("utf-16-be", "surrogatepass")


def _levels(
    given: Sequence[Any], qualifier: str, ids: Sequence[str], scale: tuple[int, int] | None
) -> tuple[tuple[Any, ...], Codes]:
    if qualifier not in QUALIFIERS:
        raise QueryError(f"There is no qualifier {qualifier!r}.", instead(qualifier, QUALIFIERS))
    if qualifier == "none":
        return (1,), np.zeros(len(given), dtype=np.int64)
    if qualifier == "text":
        return factorise(given, utf16)
    numbers = [int(value) for value in given]
    low, high = (0, 1) if qualifier == "boolean" else scale or (min(numbers, default=0), max(numbers, default=0))
    for name, value in zip(ids, numbers, strict=True):
        if not low <= value <= high:
            raise QueryError(f"Statement {name!r} has the level {value}, which is off the scale {low} to {high}.")
    if qualifier == "boolean":
        return (False, True), np.array(numbers, dtype=np.int64)
    levels = sorted(set(numbers))
    return tuple(levels), np.searchsorted(levels, numbers).astype(np.int64)

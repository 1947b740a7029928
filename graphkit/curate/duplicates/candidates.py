"""Pairs of names worth comparing: they share a spelling, initials, or all words of the shorter name.

These are all pairs that `likeness` can find alike, found without comparing every name with every other.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from graphkit.curate.duplicates.likeness import GENERIC
from graphkit.curate.duplicates.names import initials_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphkit.curate.duplicates.likeness import Words
    from graphkit.curate.duplicates.names import Name


def candidates(names: Sequence[Name], words: Words) -> set[tuple[int, int]]:
    """Return pairs of names that may be alike, by their indices in the list, the smaller first."""
    return {*_same(names), *_initials(names), *_inside(names, words)}


def _same(names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    for indices in _index((name.squashed, at) for at, name in enumerate(names)).values():
        yield from combinations(indices, 2)


def _initials(names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    shortened = _index((letters, at) for at, name in enumerate(names) for letters in initials_of(name))
    for at, name in enumerate(names):
        for other in shortened.get(name.initials, ()) if name.initials else ():
            yield min(at, other), max(at, other)


def _inside(names: Sequence[Name], words: Words) -> Iterator[tuple[int, int]]:
    postings = _index((word, at) for at, name in enumerate(names) for word in name.content)
    standing_for = {
        word: set().union(*(postings.get(other, ()) for other in variants)) for word, variants in words.variants.items()
    }
    telling = [sum(word not in GENERIC for word in name.content) for name in names]
    for at, name in enumerate(names):
        found = set.intersection(*sorted((standing_for[word] for word in name.content), key=len))
        for other in found:
            # A single word occurs in many long names, and is never likely enough.
            if other != at and (len(name.content) > 1 or telling[other] <= 1):
                yield min(at, other), max(at, other)


def _index(entries: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, index in entries:
        found[key].append(index)
    return found

"""The likeness of two names, and the reason for it.

Names are compared word by word. Two words match if they are equal, if one shortens the other (Met for Metropolitan,
Dept for Department), if one is the plural of the other, or if one looks mistyped: its first and last letter are right.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from graphkit.curate.duplicates.names import Name, initials_of
from graphkit.model.errors import MissingExtraError

# Words that are often left out of the name of a body or scheme.
GENERIC = frozenset({
    "body", "charity", "company", "database", "department", "force", "group", "initiative", "organisation",
    "organization", "program", "programme", "project", "scheme", "service", "services", "system",
    "baroness", "dame", "dr", "lady", "lord", "mr", "mrs", "ms", "prof", "professor", "sir",
})  # fmt: skip
# Words that turn a name into that of another, related thing.
ANOTHER_THING = frozenset({
    "act", "acting", "annual", "assessment", "assistant", "bill", "board", "central", "chair", "chief", "commissioner",
    "committee", "deputy", "director", "east", "eastern", "evaluation", "former", "greater", "inquiry", "inspectorate",
    "joint", "leader", "mayor", "minister", "national", "new", "north", "northern", "office", "officer", "officers",
    "order", "plan", "policy", "president", "regulations", "report", "request", "review", "royal", "secretary", "south",
    "southern", "spokesperson", "staff", "strategy", "team", "unit", "west", "western", "youth",
})  # fmt: skip
_PLURAL, _SHORTENED, _MISTYPED = 0.97, 0.85, 0.9
_SHORTEST_STEM, _SHORTEST_CONTRACTION, _SHORTEST_MISTYPED, _LONG = 3, 4, 5, 9


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some names, and which of them match.

    Attributes:
        variants: Word to the words that it matches, itself included, with a certainty from 0 to 1.
    """

    variants: Mapping[str, Mapping[str, float]] = field(repr=False)

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """Compare all words of some names."""
        known = sorted(set(words))
        variants: dict[str, dict[str, float]] = {word: {word: 1.0} for word in known}
        for one, other, sure in (*_shortened(known), *_misspelled(known)):
            variants[one].setdefault(other, sure)
            variants[other].setdefault(one, sure)
        return cls(variants)


def _shortened(known: list[str]) -> Iterator[tuple[str, str, float]]:
    """Yield plurals and stems; sorted words with the same beginning are neighbours."""
    for number, word in enumerate(known):
        if len(word) < _SHORTEST_STEM or not word.isalpha():
            continue
        for other in known[number + 1 : bisect_left(known, word + "\U0010ffff")]:
            if other == word + "s":
                yield word, other, _PLURAL
            elif other.isalpha() and len(other) > len(word) + 1:
                yield word, other, _SHORTENED


def _misspelled(known: list[str]) -> Iterator[tuple[str, str, float]]:
    """Yield contractions and typing errors among the words with the same first and last letters."""
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(known, key=len):
        if len(word) >= _SHORTEST_CONTRACTION and word.isalpha():
            blocks[word[0] + word[-1]].append(word)
    for block in blocks.values():
        yield from _contracted(block)
        yield from _mistyped([word for word in block if len(word) >= _SHORTEST_MISTYPED])


def _contracted(block: list[str]) -> Iterator[tuple[str, str, float]]:
    for number, word in enumerate(block):
        if len(word) >= _SHORTEST_MISTYPED:
            return
        for other in block[number + 1 :]:
            letters = iter(other)
            if len(other) >= 2 * len(word) and all(letter in letters for letter in word):
                yield word, other, _SHORTENED


def _mistyped(block: list[str]) -> Iterator[tuple[str, str, float]]:
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
    except ImportError as error:
        raise MissingExtraError("rapidfuzz", "curate") from error
    for number, word in enumerate(block):
        most = 2 if len(word) >= _LONG else 1
        near = process.extract(word, block[number + 1 :], scorer=OSA.distance, score_cutoff=most, limit=None)
        yield from ((word, other, _MISTYPED) for other, _, _ in near)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of two names.

    Attributes:
        score: From 0 to 1.
        doubt: Why they may be different, "" if nothing shows that.
        initials: One of the names, if it is the initials of the other.
    """

    score: float
    reason: str = ""
    doubt: str = ""
    initials: str = ""


NOT_ALIKE = Likeness(0)
_SAME, _SAME_WORDS, _ALIGNED, _BUT_GENERIC = 1.0, 0.97, 0.95, 0.9
# The score of initials with one, two, or more meanings; two letters always have more.
_INITIALS = (0.9, 0.72, 0.6)
_AMBIGUOUS = 2
# A name inside a longer one: the larger its share, the higher the score.
_INSIDE, _SHARE, _ONE_WORD, _ANOTHER = 0.55, 0.3, 0.1, 0.2


def likeness(one: Name, other: Name, words: Words) -> Likeness:
    """Compare two names.

    >>> from graphkit.curate.duplicates.names import read_name
    >>> met, force = read_name("Met Police"), read_name("Metropolitan Police")
    >>> likeness(met, force, Words.of((*met.words, *force.words)))
    Likeness(score=0.88, reason='“Met Police” shortens “Metropolitan Police”', doubt='', initials='')
    """
    if one.squashed == other.squashed:
        same = f"both are called “{one.text}”"
        return Likeness(_SAME, same if one.text == other.text else f"“{one.text}” is “{other.text}” but for spelling")
    for short, long in ((one, other), (other, one)):
        if short.initials and short.initials in initials_of(long):
            reason = f"“{short.text}” are the initials of “{long.text}”"
            return Likeness(_INITIALS[len(short.initials) == len("ab")], reason, initials=short.initials)
    short, long = sorted((one, other), key=lambda name: (len(name.content), len(name.squashed), name.text))
    return _aligned(short, long, words)


def _aligned(short: Name, long: Name, words: Words) -> Likeness:
    """Match each word of the shorter name with one of the longer name."""
    rest = list(long.content)
    sure = []
    for word in short.content:
        variants = words.variants[word]
        found = max(rest, key=lambda candidate: variants.get(candidate, 0), default="")
        if found not in variants:
            return NOT_ALIKE
        sure.append(variants[found])
        rest.remove(found)
    quality = sum(sure) / len(sure)
    if not rest:
        return _whole(short, long, sure, quality)
    if GENERIC.issuperset(rest):
        extra = " ".join(rest)
        return Likeness(_rounded(_BUT_GENERIC * quality), f"“{long.text}” is “{short.text}” and the word “{extra}”")
    return _inside(short, long, rest) if min(sure) >= _PLURAL else NOT_ALIKE


def _whole(short: Name, long: Name, sure: list[float], quality: float) -> Likeness:
    if quality == 1:
        return Likeness(_SAME_WORDS, f"“{short.text}” and “{long.text}” have the same words")
    if min(sure) == _SHORTENED:
        # A single word with the same beginning is a weak reason.
        alone = _SHORTENED if len(sure) == 1 else 1
        return Likeness(_rounded(_ALIGNED * quality * alone), f"“{short.text}” shortens “{long.text}”")
    return Likeness(_rounded(_ALIGNED * quality), f"“{short.text}” is spelt almost like “{long.text}”")


def _inside(short: Name, long: Name, rest: list[str]) -> Likeness:
    score = _INSIDE + _SHARE * len(short.content) / len(long.content)
    if len(short.content) == 1:
        score -= _ONE_WORD
    # The last word (… Police, … Police Museum) or a word in small letters usually names another thing.
    end = long.content[-1]
    other = [word for word in rest if word in ANOTHER_THING or word not in long.proper or word == end]
    doubt = f"“{other[0]}” makes “{long.text}” another thing" if other else ""
    reason = f"“{short.text}” is inside “{long.text}”"
    return Likeness(_rounded(score - (_ANOTHER if other else 0)), reason, doubt)


def shared(near: Likeness, meanings: int) -> Likeness:
    """Return a likeness with a lower score if it is one of initials with several meanings."""
    if not near.initials or meanings < _AMBIGUOUS:
        return near
    score = min(near.score, _INITIALS[min(meanings, len(_INITIALS)) - 1])
    return replace(near, score=score, doubt=f"“{near.initials.upper()}” are the initials of {meanings} names")


def _rounded(score: float) -> float:
    return round(max(score, 0), 2)


# --- pairs worth comparing ---------------------------------------------------------------------------


def candidates(names: Sequence[Name], words: Words) -> set[tuple[int, int]]:
    """Return pairs of names worth comparing, by their indices in the list, the smaller first.

    They share a spelling, initials, or all words of the shorter name; `likeness` can find no others alike.
    """
    return {*_by_spelling(names), *_by_initials(names), *_by_words(names, words)}


def _by_spelling(names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    for indices in _index((name.squashed, at) for at, name in enumerate(names)).values():
        yield from combinations(indices, 2)


def _by_initials(names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    shortened = _index((letters, at) for at, name in enumerate(names) for letters in initials_of(name))
    for at, name in enumerate(names):
        for other in shortened.get(name.initials, ()) if name.initials else ():
            yield min(at, other), max(at, other)


def _by_words(names: Sequence[Name], words: Words) -> Iterator[tuple[int, int]]:
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

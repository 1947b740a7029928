"""Words of the vocabulary in place of an unknown one: those that fit by type, the nearest in meaning first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from graphkit.model.did_you_mean import as_solution, did_you_mean, nearest
from graphkit.model.vocabulary import Relation, Vocabulary

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ations?|ing|ed|es|s|d|e)$")
_SHORTEST_STEM = 3
_LISTED, _MOST_BYTES, _LONGEST_MEANING = 15, 1_500, 90
_SMALL = frozenset("a an and as at by for from has in is it its of on or that the to was were with".split())  # noqa: SIM905
# How much a shared word counts in the name of a term, in the words that texts use for it, in its definition or example.
_IN_NAME, _IN_CUES, _IN_TEXT = 1.0, 0.9, 0.7
_SPELLED_ALIKE, _MISTYPED = 0.75, 0.8


def words_that_fit(word: str, known: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Return a solution that lists words of a list with their meanings.

    Args:
        known: Each word of the list with its local name in the ontology.
    """
    return _listing(word, known, vocabulary, dict.fromkeys(known, 0))


def relations_that_fit(word: str, vocabulary: Vocabulary, start: str, end: str | None) -> str:
    """Return a solution that lists the relations that may connect two kinds of things, with their meanings.

    Args:
        start: The kind of the subject; "" if it is unknown.
        end: The kind of the object; "" if it is unknown, None if there is no object but a value.
    """
    kinds = {**vocabulary.kinds, "proposition": "Proposition"}
    fitting = {
        token: relation
        for token, relation in vocabulary.relations.items()
        if not relation.derived
        and (relation.datatype if end is None else relation.range)
        and vocabulary.connects(relation, kinds.get(start, ""), kinds.get(end or "", ""))
    }
    ends = "".join(f" --{side} {kind}" for side, kind in (("from", start), ("to", end)) if kind in vocabulary.kinds)
    names = {token: relation.name for token, relation in fitting.items()}
    breadths = {token: _breadth(relation, vocabulary) for token, relation in fitting.items()}
    post = " A post of the person goes into its entity, under posts." if start == "person" else ""
    return f"{_listing(word, names, vocabulary, breadths)}{post} All: graphkit relations{ends}"


def _breadth(relation: Relation, vocabulary: Vocabulary) -> int:
    """Return how many pairs of kinds a relation may connect."""
    kinds = vocabulary.kinds.values()
    starts, ends = (sum(vocabulary.fits(kind, side) for kind in kinds) for side in (relation.domain, relation.range))
    return starts * max(ends, 1)


def _listing(word: str, known: Mapping[str, str], vocabulary: Vocabulary, breadths: Mapping[str, int]) -> str:
    """List words: those that are like the unknown word, then those that fit less else, then in alphabetical order."""
    scores = {other: _likeness(word, other, vocabulary.texts.get(local, ())) for other, local in known.items()}
    ranked = sorted(known, key=lambda other: (-scores[other], breadths[other], other))
    explained = {other: f"{other} ({_meaning(vocabulary.texts.get(known[other], ()))})" for other in ranked}
    if typed := [other for other in nearest(word, known) if _spelled(word, other) >= _MISTYPED]:
        return as_solution(did_you_mean([explained[other] for other in typed]))
    listed = _within(explained.values())
    more = "; …" if len(listed) < len(ranked) else ""
    return f"type one of: {'; '.join(listed)}{more}." if listed else "nothing fits; see: graphkit vocabulary."


def _within(texts: Iterable[str]) -> list[str]:
    """Return the first texts that fit into a message."""
    found: list[str] = []
    room = _MOST_BYTES
    for text in texts:
        room -= len(text.encode()) + 2
        if room < 0 or len(found) == _LISTED:
            break
        found.append(text)
    return found


def _meaning(texts: Sequence[str]) -> str:
    text = texts[1].rstrip(".") if len(texts) > 1 else ""
    return text if len(text) <= _LONGEST_MEANING else text[: _LONGEST_MEANING - 1].rstrip() + "…"


def _likeness(word: str, other: str, texts: Sequence[str]) -> float:
    """Return how near a word is to a term, from 0 to 1: in spelling, or to the words that explain it."""
    wanted = _stems(word)
    places = ((_IN_NAME, [other, *texts[:1]]), (_IN_CUES, texts[3:]), (_IN_TEXT, texts[1:3]))
    shared = (weight for weight, some in places if wanted & _stems(" ".join(some)))
    spelled = _spelled(word, other)
    return max(next(shared, 0.0), spelled if spelled >= _SPELLED_ALIKE else 0.0)


def _spelled(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, word.lower(), other).ratio()


def _stems(text: str) -> set[str]:
    """Return the words of a text without their endings.

    >>> sorted(_stems("supplied supplies funding"))
    ['fund', 'suppli']
    """
    words = {word.lower() for word in _WORD.findall(text)} - _SMALL
    return {stem if len(stem := _ENDING.sub("", word)) >= _SHORTEST_STEM else word for word in words}

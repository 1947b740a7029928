"""Passages whose quotation marks, dashes, ligatures, spaces, hyphenation or case differ from the capture."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from graphkit.model.text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters and digits, signs that change the meaning of a number, and the points inside numbers.
_TOKEN = re.compile(r"[^\W_]|[%‰$€£¥+<>=]|(?<=\d)[.,](?=\d)")
_EDGE = re.compile(r"[^\w\s]*")
_MOST_DIFFERENCES = 3


class Nearest(NamedTuple):
    """The part of a capture that is most like a passage, and how it differs."""

    at: int
    text: str
    differences: str


def occurrences_of_letters(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each part of a text that has the same letters and numbers as a passage.

    >>> list(occurrences_of_letters('"was con-sulted"', "It “was consulted” late."))
    [(3, 18)]
    """
    key, places = _letters(words)
    body, positions = _letters(text)
    before = len(words[: places[0]].replace(" ", "")) if places else 0
    after = len(words[places[-1] + 1 :].replace(" ", "")) if places else 0
    at = body.find(key) if key else -1
    while at >= 0:
        first, last = positions[at], positions[at + len(key) - 1] + 1
        is_whole = not (text[first - 1 : first].isalnum() or text[last : last + 1].isalnum())
        if is_whole and not (at and positions[at - 1] == first):
            start = first
            while start > 0 and first - start < before and _EDGE.fullmatch(text[start - 1]):
                start -= 1
            edge = _EDGE.match(text, last, last + after)
            yield start, edge.end() if edge else last
        at = body.find(key, at + 1)


@lru_cache(maxsize=4)
def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and numbers of a text without case and ligatures, and the position of each."""
    letters: list[str] = []
    positions: list[int] = []
    for token in _TOKEN.finditer(text):
        folded = unicodedata.normalize("NFKC", token[0]).casefold()
        letters.append(folded)
        positions += [token.start()] * len(folded)
    return "".join(letters), positions


def _folded(text: str) -> str:
    return "".join(_TOKEN.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))).casefold()


@lru_cache(maxsize=4)
def _words(text: str) -> list[tuple[str, int, int]]:
    """Return the letters of each word of a text, and its start and end."""
    return [(_folded(word[0]), *word.span()) for word in re.finditer(r"\S+", text)]


def nearest(words: str, text: str) -> Nearest | None:
    """Return the part of a text that is most like a passage; None if less than half of the words are in it.

    >>> nearest("nobody was ever asked", "So nobody was asked.")
    Nearest(at=3, text='nobody was asked.', differences="it has 'asked.' for 'ever asked'")
    """
    wanted, found = [word for word, _, _ in _words(words)], _words(text)
    missing = Counter(wanted)
    most, score, best = 0, 0, range(0)
    for last, (word, _, _) in enumerate(found):
        score += missing[word] > 0
        missing[word] -= 1
        first = last - len(wanted)
        if first >= 0:
            missing[found[first][0]] += 1
            score -= missing[found[first][0]] > 0
        if score > most:
            most, best = score, range(max(first + 1, 0), last + 1)
    if not most or 2 * most < len(wanted):
        return None
    begin = next(number for number in best if found[number][0] in wanted)
    start, end = found[begin][1], found[best[-1]][2]
    return Nearest(start, text[start:end], differences(words, text[start:end]))


def differences(words: str, found: str) -> str:
    """Describe how a part of a capture differs from a passage, word by word.

    >>> differences("We were never asked", "We were not asked")
    "it has 'not' for 'never'"
    """
    wanted, present = words.split(), found.split()
    parts = []
    for kind, begin, end, first, last in SequenceMatcher(None, wanted, present, autojunk=False).get_opcodes():
        typed, printed = (shortened(" ".join(some)) for some in (wanted[begin:end], present[first:last]))
        if kind == "replace":
            parts.append(f"it has {printed!r} for {typed!r}")
        elif kind != "equal":
            parts.append(f"it lacks {typed!r}" if kind == "delete" else f"it adds {printed!r}")
    more = [f"and there are {len(parts) - _MOST_DIFFERENCES} more differences"] * (len(parts) > _MOST_DIFFERENCES)
    return "; ".join([*parts[:_MOST_DIFFERENCES], *more])

"""Passages whose quotation marks, dashes, ligatures, spaces, hyphenation or case differ from the capture."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from graphkit.model.text import shortened

# Letters and digits, signs that change the meaning of a number, and the points inside numbers.
_TOKEN = re.compile(r"[^\W_]|[%‰$€£¥+<>=]|(?<=\d)[.,](?=\d)|(?<!\w)[-−–](?=[$€£¥]?\d)")
# A place between two letters, inside a number, or before the end of a word such as don't.
_L = "A-Za-z\u00c0-\u024f\u0370-\u052f"
_INSIDE = re.compile(rf"(?<=[{_L}])(?=[{_L}])|(?<=\d)(?=[.,]?\d)|(?<=\d[.,])(?=\d)|(?<=n)(?=['’]t\b)")
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
        if is_whole and not cut_word(text, first, last) and not (at and positions[at - 1] == first):
            start = first
            while start > 0 and first - start < before and _EDGE.fullmatch(text[start - 1]):
                start -= 1
            edge = _EDGE.match(text, last, last + after)
            yield start, edge.end() if edge else last
        at = body.find(key, at + 1)


def cut_word(text: str, first: int, last: int) -> str:
    """Return the word or number of a text inside which a part of it begins or ends; "" if there is none.

    >>> cut_word("It paid 1,500 people.", 10, 20), cut_word("It paid 1,500 people.", 8, 20)
    ('1,500', '')
    """
    at = next((at for at in (first, last) if _INSIDE.match(text, at)), None)
    return "" if at is None else text[slice(*_whole(text, at, at))]


@lru_cache(maxsize=4)
def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and numbers of a text without case and ligatures, and the position of each."""
    letters: list[str] = []
    positions: list[int] = []
    for token in _TOKEN.finditer(text):
        folded = unicodedata.normalize("NFKC", token[0]).casefold().translate(_DASHES)
        letters.append(folded)
        positions += [token.start()] * len(folded)
    return "".join(letters), positions


@lru_cache(maxsize=4)
def _words(text: str) -> list[tuple[str, int, int]]:
    """Return each run of letters and digits of a text without case and accents, and its start and end."""
    return [(_folded(word[0]), *word.span()) for word in _RUN.finditer(text)]


_RUN = re.compile(r"[^\W_]+")
_DASHES = str.maketrans("−–", "--")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
# Letters of other scripts that look like Latin ones.
_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧαονρυικχ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSABEZHIKMNOPTYXaovpuikx",
)
# The most words that may be skipped, as of a footnote, a headline or another column, inside the part that is shown.
_SKIPPED = 6


def _folded(word: str) -> str:
    if word.isascii():
        return word.casefold()
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", word))).translate(_ALIKE)
    return letters.casefold().translate(_LIGATURES)


def nearest(words: str, text: str) -> Nearest | None:
    """Return the part of a text that is most like a passage; None if less than half of the words are in it.

    >>> nearest("nobody was ever asked", "So nobody was asked.")
    Nearest(at=3, text='nobody was asked.', differences="it lacks 'ever'")
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
    begin, last = _widened(wanted, [word for word, _, _ in found], begin, best[-1])
    start, end = _whole(text, found[begin][1], found[last][2])
    return Nearest(start, text[start:end], differences(words, text[start:end]))


def _widened(wanted: Sequence[str], found: Sequence[str], begin: int, last: int) -> tuple[int, int]:
    """Move the ends of a part of a text to words of the passage that are a few words before or after it."""
    missing = Counter(wanted)
    missing.subtract(found[begin : last + 1])
    while after := [n for n in range(last + 1, last + 1 + _SKIPPED) if n < len(found) and missing[found[n]] > 0]:
        last = after[0]
        missing[found[last]] -= 1
    while before := [n for n in range(begin - 1, begin - 1 - _SKIPPED, -1) if n >= 0 and missing[found[n]] > 0]:
        begin = before[0]
        missing[found[begin]] -= 1
    while last > begin and found[last] not in wanted:
        last -= 1
    # A word at an end that the text spells differently stands where the passage has its own.
    part = found[begin : last + 1]
    return begin - (begin > 0 and wanted[0] not in part), last + (last + 1 < len(found) and wanted[-1] not in part)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a part of a text to whole words with their punctuation."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    rest = re.compile(r"\S*").match(text, end)
    return start, rest.end() if rest else end


def differences(words: str, found: str) -> str:
    """Describe how a part of a capture differs from a passage, word by word.

    >>> differences("We were never asked", "We were not asked")
    "it has 'not' for 'never'"
    """
    wanted, present = words.split(), found.split()
    before, after = (["".join(_TOKEN.findall(word)).casefold() for word in some] for some in (wanted, present))
    parts = []
    for kind, begin, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        typed, printed = (shortened(" ".join(some)) for some in (wanted[begin:end], present[first:last]))
        if kind == "replace":
            parts.append(_other_script(typed, printed) or f"it has {printed!r} for {typed!r}")
        elif kind != "equal":
            parts.append(f"it lacks {typed!r}" if kind == "delete" else f"it adds {printed!r}")
    more = [f"and there are {len(parts) - _MOST_DIFFERENCES} more differences"] * (len(parts) > _MOST_DIFFERENCES)
    return "; ".join([*parts[:_MOST_DIFFERENCES], *more])


def _other_script(typed: str, printed: str) -> str:
    """Name the first letter of another script if two texts differ in nothing else; "" otherwise.

    >>> _other_script("a \u0441at.", "a cat")
    "the passage has a Cyrillic 'с' (U+0441) in 'сat.'"
    """
    keys = ["".join(char for char in text if char.isalnum() or char == " ") for text in (typed, printed)]
    pairs = [pair for pair in zip(*keys, strict=False) if len({*pair}) > 1]
    if len({*map(len, keys)}) > 1 or not pairs or any(len({*map(_script, pair)}) < len(pair) for pair in pairs):
        return ""
    own, other = pairs[0]
    # The letter that is out of place is the one among letters of another script.
    is_own = Counter(map(_script, keys[0]))[_script(own)] <= Counter(map(_script, keys[1]))[_script(other)]
    who, letter, text = ("passage", own, typed) if is_own else ("capture", other, printed)
    word = next(word for word in text.split() if letter in word)
    return f"the {who} has {letter_in(letter, word)}"


def letter_in(letter: str, word: str) -> str:
    """Name a letter of a word by its script, which a reader may not see.

    >>> letter_in("\u0441", "\u0441at")
    "a Cyrillic 'с' (U+0441) in 'сat'"
    """
    return f"a {_script(letter).capitalize()} {letter!r} (U+{ord(letter):04X}) in {word!r}"


def _script(letter: str) -> str:
    """Return the script of a letter, as its name in Unicode begins."""
    return unicodedata.name(letter, "").partition(" ")[0]

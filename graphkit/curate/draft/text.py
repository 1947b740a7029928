"""A capture as sentences and quotations, and the search for many phrases in one pass; all positions are characters."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_Value = TypeVar("_Value")

# A text whose lines are all shorter is taken to be wrapped: there only an empty line ends a paragraph.
_WRAPPED = 120
# A longer sentence is cut: it is a list, or a page without full stops.
LONGEST_SENTENCE = 2_000
# No text holds longer phrases; the bound limits the time that hostile names can cost.
_LONGEST_PHRASE = 30

_WORD = re.compile(r"\w+")
# Signs that no phrase runs across. Quotation marks may stand inside one: ‘will carry out’ profiling, [the] mayor.
_APART = re.compile(r"[;:!?()]")
_END = re.compile(r"[.?!…][\"”’')\]»]*(?=\s[\"“‘'(\[«]*[^\W_a-z])")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|(?i:mr|mrs|ms|dr|prof|st|rev|hon|vs?|approx|dept|gov|sen|rep|insp|sgt|supt|det|cllr|jr|sr|ltd|co|jan"
    r"|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))\.$"
)
_QUOTE = re.compile(r"“[^”]*”?|„[^“”]*[“”]?|«[^»]*»?|(?<!\w)\"[^\"]*\"?|(?<!\w)‘(?:[^’]|’(?=\w))*’?")


@dataclass(frozen=True, slots=True)
class Match(Generic[_Value]):
    """A phrase in a text, and the values that it stands for."""

    start: int
    end: int
    values: tuple[_Value, ...]


@dataclass(frozen=True, slots=True)
class Phrases(Generic[_Value]):
    """Phrases to look for; none is ever made into a regular expression.

    Attributes:
        meanings: Words in small letters to each spelling, "" where any case will do, and its value.
        lengths: First word to the lengths of the phrases that begin with it.
    """

    meanings: dict[tuple[str, ...], list[tuple[tuple[str, ...], _Value]]] = field(default_factory=dict)
    lengths: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, _Value]]) -> Phrases[_Value]:
        """Collect phrases, found in any case, each with its value."""
        found: Phrases[_Value] = cls()
        for phrase, value in pairs:
            found.add(phrase, value)
        return found

    def add(self, phrase: str, value: _Value, is_exact: Callable[[str], bool] = lambda _: False) -> None:
        """Add a phrase; `is_exact` says which of its words are found in this case only."""
        words = _WORD.findall(phrase)
        if 0 < len(words) <= _LONGEST_PHRASE:
            exact = tuple(word if is_exact(word) else "" for word in words)
            self.meanings.setdefault(tuple(map(str.casefold, words)), []).append((exact, value))
            self.lengths[words[0].casefold()].add(len(words))

    def find(self, body: str, paragraph: range) -> Iterator[Match[_Value]]:
        """Yield phrases from left to right, the longest at each position, none inside another."""
        words = list(_WORD.finditer(body, paragraph.start, paragraph.stop))
        at = 0
        while at < len(words):
            found = self._longest(body, words[at : at + _LONGEST_PHRASE])
            at += found[0]
            if found[1]:
                yield Match(words[at - found[0]].start(), words[at - 1].end(), found[1])

    def _longest(self, body: str, words: Sequence[re.Match[str]]) -> tuple[int, tuple[_Value, ...]]:
        """Return how many words the longest phrase has that begins here, and its values; none if there is none."""
        for length in sorted(self.lengths.get(words[0][0].casefold(), ()), reverse=True):
            texts = [word[0] for word in words[:length]]
            spellings = self.meanings.get(tuple(map(str.casefold, texts)), ())
            values = (value for exact, value in spellings if all(map(_is_written, exact, texts)))
            found = tuple(dict.fromkeys(values))
            if found and not _APART.search(body, words[0].end(), words[len(texts) - 1].start()):
                return len(texts), found
        return 1, ()


def _is_written(exact: str, word: str) -> bool:
    return exact in {"", word}


def read(text: str) -> tuple[str, list[range]]:
    r"""Return a capture, normalised as passages are, and its paragraphs.

    >>> read("A head\n\nOne line\nand another.")
    ('A head One line and another.', [range(0, 6), range(7, 28)])
    """
    blocks = list(_blocks(unicodedata.normalize("NFC", text).splitlines()))
    paragraphs, start = [], 0
    for block in blocks:
        paragraphs.append(range(start, start + len(block)))
        start += len(block) + 1
    return " ".join(blocks), paragraphs


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield the paragraphs, each with single spaces."""
    wrapped = max(map(len, lines), default=0) <= _WRAPPED
    waiting: list[str] = []
    for line in [*lines, ""]:
        words = line.split()
        if waiting and not (words and wrapped):
            yield " ".join(waiting)
            waiting = []
        waiting += words


def sentences(body: str, paragraph: range, names: Sequence[Match[str]]) -> Iterator[range]:
    """Cut a paragraph into sentences, none of which ends inside a name."""
    start = paragraph.start
    for end in (*_ends(body, paragraph, names), paragraph.stop):
        while end - start > LONGEST_SENTENCE:
            cut = body.rfind(" ", start + 1, start + LONGEST_SENTENCE)
            cut = cut if cut > 0 else start + LONGEST_SENTENCE
            yield range(start, cut)
            start = cut + (body[cut] == " ")
        yield range(start, end)
        start = end + 1


def _ends(body: str, paragraph: range, names: Sequence[Match[str]]) -> Iterator[int]:
    for end in _END.finditer(body, paragraph.start, paragraph.stop):
        before = body[max(paragraph.start, end.start() - 10) : end.start() + 1]
        is_number = before.casefold().endswith((" no.", " nos.")) and body[end.end() + 1].isdigit()
        if not (is_number or _ABBREVIATION.search(before) or is_inside(end.end(), end.end() + 1, names)):
            yield end.end()


def quotations(body: str, paragraph: range) -> list[range]:
    """Find quotations; one that begins a paragraph and runs on into the next ends with its own."""
    found = _QUOTE.finditer(body, paragraph.start, paragraph.stop)
    return [range(*quote.span()) for quote in found if quote[0][-1] in '”“’»"' or quote.start() == paragraph.start]


def within(found: Sequence[Match[_Value]], span: range) -> Sequence[Match[_Value]]:
    """Return those matches that begin in a stretch of text; `found` is in the order of the text."""
    first, last = (bisect_left(found, edge, key=lambda match: match.start) for edge in (span.start, span.stop))
    return found[first:last]


def is_inside(start: int, end: int, names: Sequence[Match[str]]) -> bool:
    """Say whether a stretch of text shares characters with a name."""
    number = bisect_left(names, end, key=lambda name: name.start)
    return number > 0 and names[number - 1].end > start

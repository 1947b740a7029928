"""A capture as sentences and quotations, and the search for many phrases in one pass; all positions are characters."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from graphkit.corpus.evidence import WRAPPED, printed

# A longer sentence is cut: it is a list, or a page without full stops.
LONGEST_SENTENCE = 2_000
# No text holds longer phrases; the bound limits the time that hostile names can cost.
_LONGEST_PHRASE = 30

_WORD = re.compile(r"\w+")
# No phrase runs across these; quotation marks may stand inside one: ‘will carry out’ profiling, [the] mayor.
_APART = re.compile(r"[;:!?()]")
_END = re.compile(r"[.?!…][\"”’')\]»]*(?=\s[\"“‘'(\[«]*[^\W_a-z])")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|(?i:mr|mrs|ms|dr|prof|st|rev|hon|vs?|approx|dept|gov|sen|rep|insp|sgt|supt|det|cllr|jr|sr|ltd|co|nos?"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec))\.$"
)
_QUOTE = re.compile(r"“[^”]*”?|„[^“”]*[“”]?|«[^»]*»?|(?<!\w)\"[^\"]*\"?|(?<!\w)‘(?:[^’]|’(?=\w))*’?")


class Match(NamedTuple):
    """A phrase in a text, and the names of what it stands for."""

    start: int
    end: int
    values: tuple[str, ...]


class Phrases:
    """Phrases to look for; none is ever made into a regular expression."""

    def __init__(self) -> None:
        # Words in small letters to each spelling, "" where any case will do, and its value.
        self.meanings: defaultdict[tuple[str, ...], dict[tuple[tuple[str, ...], str], None]] = defaultdict(dict)
        self.lengths: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, phrase: str, value: str, is_exact: Callable[[str], bool] = lambda _: False) -> None:
        """Add a phrase; `is_exact` says which of its words are found in this case only."""
        words = _WORD.findall(phrase)
        if 0 < len(words) <= _LONGEST_PHRASE:
            exact = tuple(word if is_exact(word) else "" for word in words)
            self.meanings[tuple(map(str.casefold, words))][exact, value] = None
            self.lengths[words[0].casefold()].add(len(words))

    def find(self, body: str, paragraphs: Sequence[range]) -> Iterator[Match]:
        """Yield phrases from left to right, the longest at each position, none inside another."""
        for paragraph in paragraphs:
            words = list(_WORD.finditer(body, paragraph.start, paragraph.stop))
            at = 0
            while at < len(words):
                length, values = self._longest(body, words[at : at + _LONGEST_PHRASE])
                if values:
                    yield Match(words[at].start(), words[at + length - 1].end(), values)
                at += length

    def _longest(self, body: str, words: Sequence[re.Match[str]]) -> tuple[int, tuple[str, ...]]:
        """Return how many words the longest phrase has that begins here, and its values; none if there is none."""
        for length in sorted(self.lengths.get(words[0][0].casefold(), ()), reverse=True):
            texts = tuple(word[0] for word in words[:length])
            spellings = self.meanings.get(tuple(map(str.casefold, texts)), ())
            values = dict.fromkeys(value for exact, value in spellings if all(map(_is_written, exact, texts)))
            if values and not _APART.search(body, words[0].end(), words[len(texts) - 1].start()):
                return len(texts), tuple(values)
        return 1, ()


def _is_written(exact: str, word: str) -> bool:
    return exact in {"", word}


def read(text: str) -> tuple[str, list[range]]:
    r"""Return a capture, normalised as passages are, and its paragraphs.

    >>> read("A head\n\nOne line\nand another.")
    ('A head One line and another.', [range(0, 6), range(7, 28)])
    """
    lines = printed(text).splitlines()
    wrapped = max(map(len, lines), default=0) <= WRAPPED
    blocks: list[list[str]] = [[]]
    for words in map(str.split, lines):
        if words and wrapped:
            blocks[-1] += words
        else:
            blocks += [words, []]
    texts = [" ".join(block) for block in blocks if block]
    paragraphs: list[range] = []
    for block in texts:
        start = paragraphs[-1].stop + 1 if paragraphs else 0
        paragraphs.append(range(start, start + len(block)))
    return " ".join(texts), paragraphs


def sentences(body: str, paragraph: range, names: Sequence[Match]) -> Iterator[range]:
    """Cut a paragraph into sentences, and never inside a name."""
    start = paragraph.start
    for end in (*_ends(body, paragraph, names), paragraph.stop):
        while end - start > LONGEST_SENTENCE:
            cut = max(body.rfind(" ", start + 1, start + LONGEST_SENTENCE), start) or start
            cut = cut if cut > start else start + LONGEST_SENTENCE
            yield range(start, cut)
            start = cut + (body[cut] == " ")
        yield range(start, end)
        start = end + 1


def _ends(body: str, paragraph: range, names: Sequence[Match]) -> Iterator[int]:
    for found in _END.finditer(body, paragraph.start, paragraph.stop):
        end = found.end()
        short = _ABBREVIATION.search(body, max(paragraph.start, found.start() - 10), found.start() + 1)
        is_short = short and (not short[0].lower().startswith("no") or body[end + 1].isdigit())
        if not is_short and not is_inside(end, end + 1, names):
            yield end


def quotations(body: str, paragraph: range) -> list[range]:
    """Find quotations; one that begins a paragraph and runs on into the next ends with its own."""
    found = _QUOTE.finditer(body, paragraph.start, paragraph.stop)
    return [range(*quote.span()) for quote in found if quote[0][-1] in '”“’»"' or quote.start() == paragraph.start]


def within(found: Sequence[Match], span: range) -> Sequence[Match]:
    """Return those matches that begin in a stretch of text; `found` is in the order of the text."""
    first, last = (bisect_left(found, edge, key=lambda match: match.start) for edge in (span.start, span.stop))
    return found[first:last]


def is_inside(start: int, end: int, names: Sequence[Match]) -> bool:
    """Say whether a stretch of text shares characters with a name."""
    number = bisect_left(names, end, key=lambda name: name.start)
    return number > 0 and names[number - 1].end > start

"""A capture as paragraphs, sentences and quotations, all as ranges of tokens of the normalised text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.curate.draft.english import ABBREVIATIONS, BEFORE_NUMBERS
from graphkit.curate.draft.tokens import Keyed, Token, keyed, read_tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Text whose lines are all shorter is taken to be wrapped: there only an empty line ends a paragraph.
_WRAPPED = 120
# Longer sentences are cut; a list or a page without full stops is no sentence.
MAX_TOKENS, MAX_CHARACTERS = 150, 2_000

_ENDS = frozenset(".?!…؟。۔।")
_CLOSERS = frozenset("\"”'’)]»")
_OPENERS = frozenset("\"“‘'([«")
CLOSING = frozenset('”’»"')
_QUOTES = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and its parts.

    Attributes:
        body: The text, normalised as passages are.
        tokens: Its words and signs.
        words: Its words as phrases are looked up in them.
        paragraphs: Ranges of tokens.
    """

    body: str
    tokens: list[Token]
    words: Keyed
    paragraphs: list[range]

    def sign(self, at: int) -> str:
        """Return a token as it is written."""
        return self.body[self.tokens[at].start : self.tokens[at].end]

    def is_tight(self, at: int) -> bool:
        """Say whether a token follows the one before it without a space."""
        return at > 0 and self.tokens[at - 1].end == self.tokens[at].start


def read(text: str) -> Reading:
    r"""Normalise a capture and find its paragraphs.

    >>> [len(part) for part in read("A head\n\nOne line\nand another.").paragraphs]
    [2, 5]
    """
    blocks = list(_blocks(unicodedata.normalize("NFC", text).splitlines()))
    body = " ".join(blocks)
    tokens = read_tokens(body)
    return Reading(body, tokens, keyed(tokens), list(_ranges(blocks, tokens)))


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


def _ranges(blocks: list[str], tokens: list[Token]) -> Iterator[range]:
    first, end = 0, -1
    for block in blocks:
        end += 1 + len(block)
        last = first
        while last < len(tokens) and tokens[last].end <= end:
            last += 1
        yield range(first, last)
        first = last


def sentences(reading: Reading, inside: Collection[int]) -> Iterator[range]:
    """Cut the paragraphs into sentences.

    Args:
        reading: The text.
        inside: Tokens inside a name, after which no sentence ends.
    """
    for paragraph in reading.paragraphs:
        first = paragraph.start
        for at in paragraph:
            if at + 1 == paragraph.stop or (at not in inside and _may_end(reading, first, at)):
                yield range(first, at + 1)
                first = at + 1


def _may_end(reading: Reading, first: int, at: int) -> bool:
    return _is_full(reading, first, at) or _ends_here(reading, at)


def _is_full(reading: Reading, first: int, at: int) -> bool:
    length = reading.tokens[at].end - reading.tokens[first].start
    return at + 1 - first >= MAX_TOKENS or length >= MAX_CHARACTERS


def _ends_here(reading: Reading, at: int) -> bool:
    """Say whether a sentence ends with this token: a full stop, or what closes after it."""
    if reading.is_tight(at + 1) or not _may_begin(reading.sign(at + 1)):
        return False
    stop = at
    while reading.sign(stop) in _CLOSERS and reading.is_tight(stop):
        stop -= 1
    return reading.sign(stop) in _ENDS and not _abbreviates(reading, stop)


def _may_begin(sign: str) -> bool:
    return sign in _OPENERS or sign[0].isdigit() or (sign[0].isalpha() and not sign[0].islower())


def _abbreviates(reading: Reading, at: int) -> bool:
    word = reading.sign(at - 1) if reading.is_tight(at) else ""
    is_initial = len(word) == 1 and word.isupper()
    short = word.casefold() in ABBREVIATIONS
    counts = word.casefold() in BEFORE_NUMBERS and reading.sign(at + 1)[0].isdigit()
    return reading.sign(at) == "." and (is_initial or short or counts)


def quotations(reading: Reading) -> Iterator[range]:
    """Find what stands in quotation marks; a quotation that runs on into the next paragraph ends with its own."""
    for paragraph in reading.paragraphs:
        opened, closers = -1, ""
        for at in paragraph:
            sign = reading.sign(at)
            if opened < 0 and sign in _QUOTES and _opens(reading, at):
                opened, closers = at, _QUOTES[sign]
            elif opened >= 0 and sign in closers and _closes(reading, at):
                yield range(opened, at + 1)
                opened = -1
        if opened == paragraph.start:
            yield range(opened, paragraph.stop)


def _opens(reading: Reading, at: int) -> bool:
    before = reading.body[reading.tokens[at].start - 1 : reading.tokens[at].start]
    return not before.isalnum()


def _closes(reading: Reading, at: int) -> bool:
    after = reading.body[reading.tokens[at].end : reading.tokens[at].end + 1]
    return not after.isalnum()

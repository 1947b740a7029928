"""Words and signs of a text with their places, and many phrases found in one pass.

Everything that is looked for (names, cue words) is a path in one tree of words, so that the time depends on
the length of the text and not on how many phrases there are. No phrase is ever made into a regular expression.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_Value = TypeVar("_Value")

# One character for one, so that places stay what they are.
_SAME = str.maketrans("\u2018\u2019\u02bc\u2010\u2011\u2012\u2013", "'''----")
_JOINERS = "\u200c\u200d"
# What newspapers put into the middle of a phrase: ‘will carry out’ profiling, [the] mayor.
_AROUND = frozenset('“”"„«»[]')
# Longer phrases stand in no text; a bound keeps hostile ones from costing time.
LONGEST_PHRASE = 30


class Token(NamedTuple):
    """A word or a sign: as it is compared, and where it stands."""

    text: str
    start: int
    end: int


def read_tokens(text: str) -> list[Token]:
    """Cut a text into words and single signs; a hyphen inside a word is left out.

    >>> [token.text for token in read_tokens("The Met’s stop-and-search list (C++)")]
    ['The', 'Met', "'", 's', 'stop', 'and', 'search', 'list', '(', 'C', '+', '+', ')']
    """
    plain = text.translate(_SAME)
    found = [Token(one[0], one.start(), one.end()) for one in _pattern(plain).finditer(plain)]
    return [token for token in found if token.text != "-" or not _is_tight(token, plain)]


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a word or a sign is; marks that combine with a letter belong to the word."""
    marks = {sign for sign in set(text) if unicodedata.category(sign).startswith("M") or sign in _JOINERS}
    word = rf"(?:\w|[{re.escape(''.join(sorted(marks)))}])+" if marks else r"\w+"
    return re.compile(word + r"|\S")


def _is_tight(token: Token, text: str) -> bool:
    return token.start > 0 and text[token.start - 1].isalnum() and text[token.end : token.end + 1].isalnum()


def words_of(tokens: Sequence[Token]) -> list[int]:
    """Return the places of tokens that belong to a phrase: all but quotation marks and square brackets.

    >>> tokens = read_tokens("The ‘big [new]’ list of the trust’s")
    >>> " ".join(tokens[at].text for at in words_of(tokens))
    "The big new list of the trust ' s"
    """
    return [at for at, token in enumerate(tokens) if token.text not in _AROUND and not _is_quote(at, tokens)]


def _is_quote(at: int, tokens: Sequence[Token]) -> bool:
    """Tell a single quotation mark from an apostrophe, which stands between letters or begins a phrase ('s)."""
    if tokens[at].text != "'":
        return False
    after = at + 1 < len(tokens) and tokens[at].end == tokens[at + 1].start and tokens[at + 1].text.isalnum()
    before = at == 0 or (tokens[at - 1].end == tokens[at].start and tokens[at - 1].text.isalnum())
    return not (before and after)


def strict(word: str) -> str:
    """Return the key of a word that must be written exactly so."""
    return "=" + word


def loose(word: str) -> str:
    """Return the key of a word in whatever case."""
    return "~" + word.casefold()


class Keyed(NamedTuple):
    """A text as phrases are looked up in it: places of its words among the tokens, and two keys of each."""

    places: list[int]
    keys: list[tuple[str, str]]


def keyed(tokens: Sequence[Token]) -> Keyed:
    """Prepare a text for looking up phrases."""
    places = words_of(tokens)
    return Keyed(places, [(strict(tokens[at].text), loose(tokens[at].text)) for at in places])


@dataclass(frozen=True, slots=True)
class Match(Generic[_Value]):
    """A phrase that was found: tokens `first` to `last` (exclusive), and what it stands for."""

    first: int
    last: int
    values: tuple[_Value, ...]


@dataclass(slots=True)
class Phrases(Generic[_Value]):
    """A tree of words: each path is a phrase, and `values` is what the phrase that ends here stands for."""

    following: dict[str, Phrases[_Value]] = field(default_factory=dict)
    values: tuple[_Value, ...] = ()

    def add(self, keys: Sequence[str], value: _Value) -> None:
        """Add a phrase; one without words or with too many is left out."""
        if not 0 < len(keys) <= LONGEST_PHRASE:
            return
        node = self
        for key in keys:
            node = node.following.setdefault(key, Phrases())
        if value not in node.values:
            node.values = (*node.values, value)

    def find(self, text: Keyed) -> Iterator[Match[_Value]]:
        """Yield the phrases of a text from left to right, the longest at each place, none inside another."""
        at = 0
        while at < len(text.keys):
            begins = not self.following.keys().isdisjoint(text.keys[at])
            last, values = self._longest(text.keys, at) if begins else (at, ())
            if values:
                yield Match(text.places[at], text.places[last - 1] + 1, values)
            at = last if values else at + 1

    def _longest(self, keys: Sequence[tuple[str, str]], first: int) -> tuple[int, tuple[_Value, ...]]:
        """Return where the longest phrase that begins here ends, and its values; none if there is no such phrase."""
        nodes = [self]
        found: tuple[int, tuple[_Value, ...]] = (first, ())
        for last in range(first, len(keys)):
            nodes = [node.following[key] for node in nodes for key in keys[last] if key in node.following]
            if not nodes:
                break
            values = tuple(dict.fromkeys(value for node in nodes for value in node.values))
            found = (last + 1, values) if values else found
        return found


def loose_keys(phrase: str) -> list[str]:
    """Return the keys of a phrase in whatever case.

    >>> loose_keys("Paid for")
    ['~paid', '~for']
    """
    tokens = read_tokens(phrase)
    return [loose(tokens[at].text) for at in words_of(tokens)]


def phrases_of(pairs: Iterable[tuple[str, _Value]]) -> Phrases[_Value]:
    """Collect phrases in whatever case, each with what it stands for."""
    tree: Phrases[_Value] = Phrases()
    for phrase, value in pairs:
        tree.add(loose_keys(phrase), value)
    return tree

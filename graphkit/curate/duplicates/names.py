"""Names as they are compared: words without case, punctuation, articles and legal forms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import combinations

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_APOSTROPHE = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_DIGITS = re.compile(r"\d+")

_ARTICLE = "the"
_LEGAL_FORMS = frozenset({"cic", "co", "corp", "inc", "limited", "llc", "llp", "ltd", "plc", "uk"})
# Words that initials may leave out, and that do not distinguish names.
SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "to", "with"})
_MANY_SMALL_WORDS = 4
_SHORTEST_SHOUT, _SHORTEST_INITIALS, _LONGEST_INITIALS = 2, 3, 10


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity.

    Attributes:
        words: Its words in the form in which they are compared.
        content: Those words without small ones such as “of”.
        proper: Its words that begin with a capital letter.
    """

    text: str
    words: tuple[str, ...]
    content: tuple[str, ...]
    proper: frozenset[str]

    @property
    def squashed(self) -> str:
        """The words without the spaces between them."""
        return "".join(self.words)

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers and years in it."""
        return frozenset(number.lstrip("0") for word in self.words for number in _DIGITS.findall(word))

    @property
    def initials(self) -> str:
        """The word itself if it can be the initials of another name, otherwise an empty text."""
        if len(self.words) != 1 or not self.words[0].isalpha():
            return ""
        letters = "".join(filter(str.isalpha, self.text.removeprefix("the ").removeprefix("The ")))
        least = _SHORTEST_SHOUT if letters.isupper() else _SHORTEST_INITIALS
        return self.words[0] if least <= len(self.words[0]) <= _LONGEST_INITIALS else ""


def read_name(text: str) -> Name:
    """Split a name into words.

    >>> read_name("The Information Commissioner’s Office (UK)").words
    ('information', 'commissioners', 'office')
    >>> read_name("Marks & Sparks plc").words, read_name("M.P.S.").words
    (('marks', 'and', 'sparks'), ('mps',))
    """
    spelled = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).replace("&", " and "))
    spelled = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", spelled)
    every = [(word.casefold(), word[0].isupper()) for word in _WORD.findall(spelled)]
    words = [word for word, _ in every if word != _ARTICLE] or [word for word, _ in every]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    content = [word for word in words if word not in SMALL_WORDS] or words
    return Name(text, tuple(words), tuple(content), frozenset(word for word, capital in every if capital))


def read_names(text: str) -> tuple[Name, ...]:
    """Split a name into words; a name with its own initials in brackets is two names.

    >>> [name.text for name in read_names("Information Commissioner's Office (ICO)")]
    ["Information Commissioner's Office", 'ICO']
    """
    if found := _BRACKETED.fullmatch(text):
        outer, inner = read_name(found[1]), read_name(found[2])
        if inner.initials and inner.initials in initials_of(outer):
            return outer, inner
    return (read_name(text),)


def initials_of(name: Name) -> frozenset[str]:
    """Return the initials of a name, with and without its small words.

    >>> sorted(initials_of(read_name("Mayor's Office for Policing and Crime")))
    ['mofpac', 'mofpc', 'mopac', 'mopc']
    """
    small = [at for at, word in enumerate(name.words) if word in SMALL_WORDS]
    if len(name.words) == 1 or len(small) > _MANY_SMALL_WORDS:
        return frozenset()
    left_out = (set(some) for count in range(len(small) + 1) for some in combinations(small, count))
    spelled = ("".join(word[0] for at, word in enumerate(name.words) if at not in out) for out in left_out)
    return frozenset(letters for letters in spelled if len(letters) >= _SHORTEST_SHOUT)

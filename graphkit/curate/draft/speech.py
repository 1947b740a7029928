"""Who speaks in a sentence: verbs of saying, “according to”, and quotations with their speaker.

A doubtful speaker, or one that a pronoun refers to, is only suggested in a remark, and a person decides. A speaker
carried over from a neighbouring sentence of a quotation is filled in, with a remark to check it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graphkit.curate.draft.text import Match
from graphkit.model.dates import bounds

_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTH = "|".join(_MONTHS)
_NUMBER = r"\d{1,15}+(?:[,.]\d{1,15}+){0,5}+"  # possessive, so that a list of numbers costs no time
_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half"
_LARGE = r"(?: ?(?:thousand|million|billion|bn|m|k)\b)?"
_NO_UNITS = "and|or|to|in|on|at|of|by|for|from|with|as|that|the|a|it|he|she|they|we|is|was|were|are|has|had|have|said"
# An amount of money, a percentage, or a number with what it counts: “£4m”, “78 per cent”, “three of the charities”.
FIGURE = re.compile(
    rf"[£$€] ?{_NUMBER}{_LARGE}|(?<![\w.,]){_NUMBER} ?(?:%|per ?cent\b)"
    rf"|(?<![\w.,])(?:{_NUMBER}|(?i:{_WORDS}))(?: million| billion)? (?:of (?:the|its|their|those) )?"
    rf"(?!(?:{_NO_UNITS})\b)[a-z]+"
)
DATE = (
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?\b(?P<month>{_MONTH}),? (?:(?P<late>\d{{1,2}})(?:st|nd|rd|th)?, )?"
    r"(?P<year>(?:19|20)\d\d)\b|\b(?P<alone>(?:19|20)\d\d)\b"
)
_ANY_DATE = re.compile(DATE, re.IGNORECASE)
# The greatest distance of a speaker before or after a verb of saying, in characters.
_BEFORE, _AFTER = 100, 50
# How many characters before a verb or a name decide how it is read.
_NEAR = 40
# How many earlier sentences are searched for the speaker that a pronoun refers to.
_MEMORY = 4
# A shorter quotation is probably a name or a word in scare quotes.
_WHOLE_QUOTE = 20
_CHECK = "named in another sentence: check"
_UNKNOWN = "somebody who is not in data/entities, or is not named here"
_PREPOSITION = r"\b(?:of|by|from|at|for|to|in|with|against|about|on)"
# Before a verb of saying: then it is a noun ("its claims") or negated ("did not say").
_NO_SAYING = re.compile(
    r"(?:\b(?:an?|the|its|their|these|those|his|her|our|my|not?|never|any|some|such)|['’]s)\s$", re.IGNORECASE
)
# “a report by A said”, but not “a spokesperson for A said”.
_NO_SUBJECT = re.compile(
    rf"(?<!spokesperson )(?<!spokesman )(?<!spokeswoman ){_PREPOSITION}(?: (?:the|an?))? $", re.IGNORECASE
)
_BELONGS = re.compile(rf" ?{_PREPOSITION}\b")
_AFTER_QUOTE = re.compile(r"[”’»\"][,\s–—-]*$")
_PRONOUN = re.compile(
    r"\b(?:(?P<Agent>s?he|spokes(?:wo)?man|spokesperson)|(?P<Speaker>it|they)|(?P<Document>document|report|assessment"
    r"|paper|letter|notice|review))(?: \w+){0,2} ?$",
    re.IGNORECASE,
)
_SAID_ON = re.compile(rf"\W*(?:in a \w+ )?(?:on|in) (?:\w+day,? )?(?:{DATE})", re.IGNORECASE)


def find_dates(text: str) -> list[str]:
    """Return the dates in a text as EDTF, no more exact than they are printed.

    >>> find_dates("on 3rd June 2019, in May 2020, in 2021 and last year")
    ['2019-06-03', '2020-05', '2021']
    """
    return [edtf(match) for match in _ANY_DATE.finditer(text)]


def edtf(match: re.Match[str]) -> str:
    """Return a match of `DATE` as EDTF; an impossible day is left out."""
    if not match["month"]:
        return match["alone"]
    month = f"{match['year']}-{_MONTHS.index(match['month'].lower()) + 1:02}"
    day = match["day"] or match["late"]
    exact = f"{month}-{int(day):02}" if day else month
    try:
        bounds(exact)
    except ValueError:
        return month
    return exact


class Sentence(NamedTuple):
    """A sentence of a capture, its names and verbs of saying, and the quotations that it shares characters with."""

    span: range
    text: str
    paragraph: int
    names: Sequence[Match]
    quotes: Sequence[range]
    verbs: Sequence[Match]

    def unquoted(self, found: Sequence[Match]) -> list[Match]:
        """Return the phrases outside quotations."""
        return [match for match in found if not any(match.start in quote for quote in self.quotes)]

    def between(self, start: int, end: int) -> str:
        """Return the part of the sentence between two positions in the capture."""
        return self.text[max(0, start - self.span.start) : max(0, end - self.span.start)]

    def before(self, at: int) -> str:
        """Return the text shortly before a position in the capture."""
        return self.between(at - _NEAR, at)

    @property
    def is_quotation(self) -> bool:
        """Whether the sentence holds a whole quotation, or the rest of a quotation whose beginning was not found."""
        is_rest = self.text[-1] in "”’»" and not any(self.span.stop - 1 in quote for quote in self.quotes)
        return is_rest or any(len(quote) >= _WHOLE_QUOTE for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Speech:
    """The speaker of a sentence.

    Attributes:
        speaker: None if the speaker is not certain.
        remark: A note for a person to check, or "".
        verb: The verb of saying, or "" if another sentence names the speaker.
        stances: The stances that the verb can express.
        said: The printed date of saying.
    """

    speaker: str | None
    remark: str = ""
    verb: str = ""
    stances: tuple[str, ...] = ()
    said: str | None = None


class Voices(NamedTuple):
    """The sentences of a capture, and a test whether a name can belong to a class of entities."""

    sentences: Sequence[Sentence]
    fits: Callable[[Match, str], bool]

    def speeches(self) -> list[Speech | None]:
        """Return the speech of each sentence, or None for the publisher's own words."""
        own = [self._own(number) for number in range(len(self.sentences))]
        pairs = list(zip(self.sentences, own, strict=True))
        introduced = {quote.start: speech for sentence, speech in pairs for quote in sentence.quotes if speech}
        found: list[Speech | None] = []
        before, paragraph = None, -1
        for sentence, speech in pairs:
            opens = any(quote.start == sentence.span.start for quote in sentence.quotes)
            goes_on = sentence.is_quotation and sentence.paragraph - paragraph in ({0, 1} if opens else {0})
            shared = next((introduced[quote.start] for quote in sentence.quotes if quote.start in introduced), None)
            other = shared or (before if goes_on else None)
            carried = replace(other, remark=other.remark or _CHECK, verb="", stances=()) if other else None
            found.append(speech or carried)
            if found[-1]:
                before, paragraph = found[-1], sentence.paragraph
        return found

    def _own(self, number: int) -> Speech | None:
        """Return the speech that the verbs of a sentence introduce, without a speaker if the verbs have several."""
        sentence = self.sentences[number]
        verbs = [
            verb for verb in sentence.unquoted(sentence.verbs) if not _NO_SAYING.search(sentence.before(verb.start))
        ]
        found = [self._speech(verb, number) for verb in verbs]
        known = [speech for speech in found if speech.remark != _UNKNOWN]
        names = dict.fromkeys(speech.speaker or speech.remark.removeprefix("perhaps ") for speech in known)
        if len(names) > 1:
            return replace(known[0], speaker=None, remark=f"perhaps {' or '.join(names)}")
        return next(iter((*known, *found)), None)

    def _speech(self, verb: Match, number: int) -> Speech:
        sentence = self.sentences[number]
        rest = sentence.between(verb.end, sentence.span.stop)
        word = sentence.between(verb.start, verb.end)
        after = [name for name in self._speakers(sentence) if 0 <= name.start - verb.end <= _AFTER]
        comes_after = rest.startswith(" by ") or word.lower() == "according to"
        if after and (comes_after or _AFTER_QUOTE.search(sentence.before(verb.start))):
            speaker, remark = after[0].values, ""
        else:
            speaker, remark = self._subject(verb, number)
        statement = _SAID_ON.match(rest) or _SAID_ON.match(sentence.text)
        remark = f"perhaps {' or '.join(speaker)}" if len(speaker) > 1 or remark == "perhaps" else remark
        certain = speaker[0] if speaker and not remark.startswith("perhaps") else None
        return Speech(
            certain, remark if speaker else _UNKNOWN, word, verb.values, edtf(statement) if statement else None
        )

    def _speakers(self, sentence: Sentence) -> list[Match]:
        return [name for name in sentence.unquoted(sentence.names) if self.fits(name, "Speaker")]

    def _subject(self, verb: Match, number: int) -> tuple[tuple[str, ...], str]:
        """Return the possible speakers named before a verb of saying, and the remark "perhaps" if they are doubtful."""
        sentence = self.sentences[number]
        before = [name for name in self._speakers(sentence) if name.end <= verb.start]
        near = [name for name in before if verb.start - name.end <= _BEFORE]
        pronoun = _PRONOUN.search(sentence.between(max(near[-1].end if near else 0, verb.start - _NEAR), verb.start))
        if pronoun and pronoun.lastgroup:
            fitting = (
                name for name in (*reversed(before), *self._earlier(number)) if self.fits(name, pronoun.lastgroup)
            )
            return next((name.values for name in fitting), ()), "perhaps"
        is_inserted = sentence.before(verb.start).endswith(", ")
        for name in reversed(near):
            rest = sentence.between(name.end, verb.start)
            if self.fits(name, "Person") and (_BELONGS.match(rest) or (is_inserted and rest[0] == ",")):
                return name.values, ""
        is_doubtful = near and _NO_SUBJECT.search(sentence.before(near[-1].start))
        return near[-1].values if near else (), "perhaps" if is_doubtful else ""

    def _earlier(self, number: int) -> Iterator[Match]:
        """Yield the speakers in earlier sentences, the nearest first, without unnamed groups."""
        for sentence in reversed(self.sentences[max(0, number - _MEMORY) : number]):
            yield from (name for name in reversed(self._speakers(sentence)) if not self.fits(name, "Group"))

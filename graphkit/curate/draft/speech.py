"""Who speaks in a sentence: verbs of saying, “according to”, and quotations with their speaker.

A speaker who is not certain is named in a remark for a person to decide, and never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphkit.curate.draft.figures import DATE, edtf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.text import Match
    from graphkit.model.vocabulary import Vocabulary

# How far from a verb of saying, in characters, its speaker stands before or after it, and its listener.
_BEFORE, _AFTER, _LISTENER = 100, 50, 25
# How many characters before a verb or a name show what it is.
_NEAR = 40
# In how many sentences before it a speaker is looked for who is not named again.
_MEMORY = 4
# A shorter quotation is as likely a name or a word that the writer keeps at a distance.
_WHOLE_QUOTE = 20

_UNKNOWN = "somebody who is not in data/entities, or is not named here"

_SPEAKER, _ORGANISATION = frozenset(["Speaker"]), frozenset(["Organisation"])
_PREPOSITION = r"\b(?:of|by|from|at|for|to|in|with|against|about|on)"
# Before a verb of saying: then it is a noun ("its claims") or negated ("did not say").
_NO_SAYING = re.compile(
    r"\b(?:an?|the|its|their|these|those|his|her|our|my|not?|never|any|some|such)\s$|['’]s\s$", re.IGNORECASE
)
# “a report by A said”, but not “a spokesperson for A said”.
_NO_SUBJECT = re.compile(
    rf"(?<!spokesperson )(?<!spokesman )(?<!spokeswoman ){_PREPOSITION}(?: (?:the|an?))? $", re.IGNORECASE
)
_BELONGS = re.compile(rf" ?{_PREPOSITION}\b")
_AFTER_QUOTE = re.compile(r"[”’»\"][,\s–—-]*$")
_PRONOUN = re.compile(
    r"\b(?:(?P<human>s?he|spokes(?:wo)?man|spokesperson)|(?P<any>it|they)|(?P<document>document|report|assessment|paper"
    r"|letter|notice|review))(?: \w+){0,2} ?$",
    re.IGNORECASE,
)
_CLASSES = {"human": frozenset(["Person", "Organisation"]), "any": _SPEAKER, "document": frozenset(["Document"])}
_SAID_ON = re.compile(rf"\W*(?:in a \w+ )?(?:on|in) (?:\w+day,? )?(?:{DATE})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a capture.

    Attributes:
        span: Its characters.
        text: Its words.
        paragraph: The number of its paragraph.
        names: The entities that it names.
        quotes: The quotations that it shares characters with; they may begin before it or end after it.
        verbs: Its verbs of saying, each with its stance and whether a listener follows.
    """

    span: range
    text: str
    paragraph: int
    names: Sequence[Match[str]]
    quotes: Sequence[range]
    verbs: Sequence[Match[tuple[str, bool]]]

    def is_quoted(self, match: Match[str] | Match[tuple[str, bool]]) -> bool:
        """Say whether a phrase stands in a quotation."""
        return any(match.start in quote for quote in self.quotes)

    def between(self, start: int, end: int) -> str:
        """Return some of its text, by positions in the capture."""
        return self.text[max(0, start - self.span.start) : max(0, end - self.span.start)]

    def before(self, at: int) -> str:
        """Return the text shortly before a position in the capture."""
        return self.between(at - _NEAR, at)

    @property
    def is_quotation(self) -> bool:
        """Whether a whole quotation is in it, or the rest of one whose beginning was not found."""
        is_rest = self.text[-1] in "”’»" and not any(self.span.stop - 1 in quote for quote in self.quotes)
        return is_rest or any(len(quote) >= _WHOLE_QUOTE for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says a sentence.

    Attributes:
        speaker: The speaker; None if it is not certain who that is.
        remark: What a person has to look at, "" if nothing.
        verb: The verb of saying, "" if the speaker is named in another sentence.
        stance: The stance that the verb shows.
        via: The listener who passed it on.
        said: The date of saying, if the sentence prints one.
    """

    speaker: str | None
    remark: str = ""
    verb: str = ""
    stance: str = "asserts"
    via: tuple[str, ...] = ()
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """The sentences of a capture, and who speaks in them."""

    sentences: Sequence[Sentence]
    kinds: Mapping[str, str]
    words: Vocabulary

    def speeches(self) -> list[Speech | None]:
        """Return who says each sentence; None for the publisher's own words."""
        own = [self._own(number) for number in range(len(self.sentences))]
        introduced = {
            quote.start: speech
            for sentence, speech in zip(self.sentences, own, strict=True)
            for quote in sentence.quotes
            if speech
        }
        found: list[Speech | None] = []
        before, paragraph = None, -1
        for sentence, speech in zip(self.sentences, own, strict=True):
            found.append(speech or self._carried(sentence, introduced, before, sentence.paragraph - paragraph))
            if found[-1]:
                before, paragraph = found[-1], sentence.paragraph
        return found

    @staticmethod
    def _carried(
        sentence: Sentence, introduced: Mapping[int, Speech], before: Speech | None, paragraphs: int
    ) -> Speech | None:
        """Return who says a quotation whose verb of saying stands in another sentence, or in the paragraph before."""
        opens = any(quote.start == sentence.span.start for quote in sentence.quotes)
        goes_on = sentence.is_quotation and (paragraphs == 0 or (opens and paragraphs == 1))
        found = next((introduced[quote.start] for quote in sentence.quotes if quote.start in introduced), None)
        found = found or (before if goes_on else None)
        return found and replace(
            found, remark=found.remark or "named in another sentence: check", verb="", stance="asserts"
        )

    def _fits(self, name: Match[str], classes: frozenset[str]) -> bool:
        return any(self.words.fits(self.kinds[slug], classes) for slug in name.values)

    def _speakers(self, sentence: Sentence) -> list[Match[str]]:
        return [name for name in sentence.names if not sentence.is_quoted(name) and self._fits(name, _SPEAKER)]

    def _own(self, number: int) -> Speech | None:
        """Return the speech that the verbs of a sentence show; if they have several speakers, none is certain."""
        sentence = self.sentences[number]
        verbs = (
            verb
            for verb in sentence.verbs
            if not sentence.is_quoted(verb) and not _NO_SAYING.search(sentence.before(verb.start))
        )
        found = [self._speech(verb, number) for verb in verbs]
        known = [speech for speech in found if speech.speaker or speech.remark.startswith("perhaps")]
        names = dict.fromkeys(speech.speaker or speech.remark.removeprefix("perhaps ") for speech in known)
        if len(names) > 1:
            return replace(known[0], speaker=None, remark=f"perhaps {' or '.join(names)}", via=())
        return next(iter((*known, *found)), None)

    def _speech(self, verb: Match[tuple[str, bool]], number: int) -> Speech:
        sentence, (stance, has_listener) = self.sentences[number], verb.values[0]
        speakers = self._speakers(sentence)
        before = [name for name in speakers if name.end <= verb.start]
        after = [name for name in speakers if 0 <= name.start - verb.end <= _AFTER]
        listeners = [name for name in after[:1] if name.start - verb.end <= _LISTENER]
        rest = sentence.between(verb.end, sentence.span.stop)
        word = sentence.between(verb.start, verb.end)
        is_passive = rest.startswith(" by ")
        if after and (is_passive or word.lower() == "according to" or self._ends_quote(sentence, verb.start)):
            speaker, remark = list(after[0].values), ""
            listeners = before[-1:] if is_passive else []
        else:
            speaker, remark = self._subject(verb, number, before)
        if len(speaker) != 1 or remark == "perhaps":
            remark = f"perhaps {' or '.join(speaker)}" if speaker else _UNKNOWN
        via = [name.values[0] for name in listeners if has_listener and self._fits(name, _ORGANISATION)]
        certain = None if remark.startswith(("perhaps", _UNKNOWN)) else speaker[0]
        said = _SAID_ON.match(rest) or _SAID_ON.match(sentence.text)
        return Speech(certain, remark, word, stance, tuple(via), edtf(said) if said else None)

    @staticmethod
    def _ends_quote(sentence: Sentence, at: int) -> bool:
        return bool(_AFTER_QUOTE.search(sentence.before(at)))

    def _subject(
        self, verb: Match[tuple[str, bool]], number: int, before: Sequence[Match[str]]
    ) -> tuple[list[str], str]:
        """Return who stands before a verb of saying, and a remark."""
        sentence = self.sentences[number]
        near = [name for name in before if verb.start - name.end <= _BEFORE]
        if pronoun := _PRONOUN.search(
            sentence.between(max(near[-1].end if near else 0, verb.start - _NEAR), verb.start)
        ):
            classes = _CLASSES[pronoun.lastgroup or "any"]
            known = (
                list(name.values) for name in (*reversed(before), *self._earlier(number)) if self._fits(name, classes)
            )
            return next(known, []), f"“{pronoun[pronoun.lastgroup or 0]}” is read as a speaker named before: check"
        is_inserted = sentence.before(verb.start).endswith(", ")
        for name in reversed(near):
            rest = sentence.between(name.end, verb.start)
            if self._fits(name, frozenset(["Person"])) and (_BELONGS.match(rest) or (is_inserted and rest[0] == ",")):
                return list(name.values), ""
        if not near:
            return [], ""
        return list(near[-1].values), "perhaps" if _NO_SUBJECT.search(sentence.before(near[-1].start)) else ""

    def _earlier(self, number: int) -> Iterator[Match[str]]:
        """Yield the speakers in the sentences before, the last first, without unnamed groups."""
        for sentence in reversed(self.sentences[max(0, number - _MEMORY) : number]):
            named = reversed(self._speakers(sentence))
            yield from (name for name in named if not self._fits(name, frozenset(["Group"])))

"""Who speaks: from words of saying and quotation marks to the stretches of text that each speaker answers for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphkit.curate.draft.english import ARTICLES, NO_SAYING, PAPERS, PEOPLE, TAKES_UP
from graphkit.curate.draft.mentions import head
from graphkit.curate.draft.sentences import CLOSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.cues import Saying
    from graphkit.curate.draft.mentions import Mention
    from graphkit.curate.draft.scene import Sentence
    from graphkit.curate.draft.sentences import Reading
    from graphkit.curate.draft.tokens import Match
    from graphkit.model.vocabulary import Vocabulary

# How far from a word of saying, in words, its speaker and its listener may stand.
_BEFORE, _AFTER, _LISTENER, _NESTED = 15, 8, 4, 4
# How many sentences back a speaker who is not named again is looked for.
_MEMORY = 4
# Quotations of fewer words and signs are as likely a name or a word held at arm's length.
_WHOLE_QUOTE = 6

_SPEAKER, _AGENT, _PERSON, _DOCUMENT, _RELAY = (
    frozenset([name]) for name in ("Speaker", "Agent", "Person", "Document", "Organisation")
)
READ_ON = "speaker taken from the text before: check"
UNKNOWN = "somebody says this, but no speaker was found: name one"


@dataclass(frozen=True, slots=True)
class Voice:
    """A stretch of text and who answers for it.

    Attributes:
        span: The tokens.
        says: The token after the words of saying.
        speaker: Who speaks; None if that was not found.
        stance: The stance that the words of saying show.
        via: Through whom it came, nearest to the speaker first.
        hint: What a person must look at.
    """

    span: range
    says: int
    speaker: Mention | None
    stance: str
    via: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """The voices of a text.

    Attributes:
        voices: Those of each sentence, in order.
        quoted: First token of a quotation to its voice.
    """

    voices: Sequence[Sequence[Voice]]
    quoted: Mapping[int, Voice]

    def at(self, number: int, sentence: Sentence, token: int) -> Voice | None:
        """Return who answers for a token; None for the narrator."""
        quote = sentence.quote_at(token)
        if quote and quote.start in self.quoted:
            return self.quoted[quote.start]
        return next((voice for voice in reversed(self.voices[number]) if token in voice.span), None)


def read_speech(sentences: Sequence[Sentence], reading: Reading, words: Vocabulary) -> Speech:
    """Find the voices of a text."""
    voices = [
        _voices(sentence, _earlier(sentences, number, words), reading, words)
        for number, sentence in enumerate(sentences)
    ]
    return Speech(voices, _quoted(sentences, voices))


def _earlier(sentences: Sequence[Sentence], number: int, words: Vocabulary) -> list[Mention]:
    """Return who may go on speaking, named in the sentences before, the last one first; no unnamed group."""
    before = [one for sentence in sentences[max(0, number - _MEMORY) : number] for one in sentence.mentions]
    return [one for one in reversed(before) if words.fits(one.kind, _SPEAKER) and one.kind != "Group"]


def _voices(sentence: Sentence, earlier: list[Mention], reading: Reading, words: Vocabulary) -> list[Voice]:
    speakers = [one for one in sentence.mentions if words.fits(one.kind, _SPEAKER) and not sentence.quote_at(one.first)]
    found: list[Voice] = []
    for cue in sentence.speech:
        if sentence.quote_at(cue.first) or _is_no_saying(cue, sentence, reading):
            continue
        voice = _voice(cue, sentence, speakers, reading, words) or _read_on(cue, sentence, earlier, reading, words)
        if voice:
            found.append(_nested(voice, found))
    return found


def _is_no_saying(cue: Match[Saying], sentence: Sentence, reading: Reading) -> bool:
    at = cue.first - 1
    return at in sentence.span and reading.tokens[at].text.casefold() in NO_SAYING


def _voice(
    cue: Match[Saying], sentence: Sentence, speakers: list[Mention], reading: Reading, words: Vocabulary
) -> Voice | None:
    """Return the voice of a speaker that the sentence names."""
    saying, text = cue.values[0], [token.text.casefold() for token in reading.tokens[cue.first : cue.last]]
    after = next((one for one in speakers if 0 <= one.first - cue.last <= _AFTER), None)
    following = reading.tokens[cue.last].text.casefold() if cue.last in sentence.span else ""
    if after and text[-1] == "to" and text[0] == "according":
        return Voice(sentence.span, after.last, after, saying.stance)
    if after and following == "by":
        before = _nearest(cue, speakers)
        via = (before.slug,) if saying.listener and before and words.fits(before.kind, _RELAY) else ()
        return Voice(sentence.span, after.last, after, saying.stance, via)
    if after and _follows_quote(cue.first, sentence, reading):
        return Voice(range(sentence.span.start, cue.first), after.last, after, saying.stance)
    speaker = _subject(cue, speakers, text[0], reading)
    if not speaker:
        return None
    listeners = (one for one in speakers if 0 <= one.first - cue.last < _LISTENER and words.fits(one.kind, _RELAY))
    listener = next(listeners, None) if saying.listener else None
    via = (listener.slug,) if listener else ()
    says = listener.last if listener else cue.last
    return Voice(_reach(cue, speaker.first, sentence, reading), says, speaker, saying.stance, via)


def _subject(cue: Match[Saying], speakers: list[Mention], verb: str, reading: Reading) -> Mention | None:
    """Return who says it, among those named before: past an insertion between commas to whom it belongs."""
    before = [one for one in speakers if 0 <= cue.first - one.last <= _BEFORE]
    if not before:
        return None
    if verb.endswith("ing"):
        return next(one for one in speakers if one.last <= cue.first)
    comma = cue.first - 1
    if reading.tokens[comma].text == ",":
        named = [one for one in before if one.last < comma and reading.tokens[one.last].text == ","]
        people = [one for one in named if one.kind == "Person"]
        return next(iter(people), None) or next(reversed(named), None) or before[-1]
    return head(before[-1], before, reading)


def _nearest(cue: Match[Saying], speakers: list[Mention]) -> Mention | None:
    return next((one for one in reversed(speakers) if one.last <= cue.first), None)


def _follows_quote(at: int, sentence: Sentence, reading: Reading) -> bool:
    """Say whether a quotation ends right before a token, perhaps with a comma."""
    while at - 1 in sentence.span and reading.sign(at - 1) in {",", "-", "–", "—"}:
        at -= 1
    return any(quote.stop == at for quote in sentence.quotes) or (
        at - 1 in sentence.span and reading.sign(at - 1) in CLOSING and reading.is_tight(at - 1)
    )


def _reach(cue: Match[Saying], first: int, sentence: Sentence, reading: Reading) -> range:
    """Return what a speaker answers for: what stands before if a quotation ends there, else what follows."""
    start = first
    while start - 1 in sentence.span and reading.tokens[start - 1].text.casefold() in ARTICLES:
        start -= 1
    if _follows_quote(start, sentence, reading):
        return range(sentence.span.start, start)
    return range(cue.last, sentence.span.stop)


def _read_on(
    cue: Match[Saying], sentence: Sentence, earlier: list[Mention], reading: Reading, words: Vocabulary
) -> Voice | None:
    """Return the voice of a speaker that the sentence does not name: "she said", "the spokesperson said"."""
    subject = range(max(sentence.span.start, cue.first - _LISTENER), cue.first)
    before = {reading.tokens[at].text.casefold() for at in subject}
    if not any(word.isalpha() for word in before):
        return None
    wanted = _PERSON if before & PEOPLE else _DOCUMENT if before & PAPERS else _AGENT
    known = earlier if before & TAKES_UP else []
    speaker = next((one for one in known if words.fits(one.kind, wanted)), None)
    reach = _reach(cue, subject.start, sentence, reading)
    return Voice(reach, cue.last, speaker, cue.values[0].stance, hint=READ_ON if speaker else UNKNOWN)


def _nested(voice: Voice, found: Sequence[Voice]) -> Voice:
    """Add who passes it on: "A reported that B said"."""
    outer = found[-1] if found else None
    if not outer or not outer.speaker or not voice.speaker or outer.speaker.slug == voice.speaker.slug:
        return voice
    if 0 <= voice.speaker.first - outer.says <= _NESTED:
        return replace(voice, via=(*voice.via, outer.speaker.slug))
    return voice


def _quoted(sentences: Sequence[Sentence], voices: Sequence[Sequence[Voice]]) -> dict[int, Voice]:
    """Give each quotation the voice of its sentence, else of the text before."""
    quoted = dict(_introduced(sentences, voices))
    last: Voice | None = None
    paragraph = -1
    for sentence, own in zip(sentences, voices, strict=True):
        for quote in sentence.quotes:
            goes_on = sentence.paragraph == paragraph or (
                sentence.paragraph == paragraph + 1 and quote.start == sentence.span.start
            )
            if quote.start not in quoted and last and goes_on and len(quote) >= _WHOLE_QUOTE:
                quoted[quote.start] = replace(last, stance="asserts", hint=READ_ON, says=quote.start + 1)
        spoken = [*own, *(quoted[quote.start] for quote in sentence.quotes if quote.start in quoted)]
        if spoken:
            last, paragraph = spoken[-1], sentence.paragraph
    return quoted


def _introduced(sentences: Sequence[Sentence], voices: Sequence[Sequence[Voice]]) -> Iterator[tuple[int, Voice]]:
    """Yield the quotations in sentences with words of saying: theirs, else the last one's."""
    for sentence, own in zip(sentences, voices, strict=True):
        for quote in sentence.quotes:
            sharing = (voice for voice in own if voice.span.start < quote.stop and quote.start < voice.span.stop)
            if own:
                yield quote.start, next(sharing, own[-1])

"""Proposals: speaker, stance, both ends and the passage of what a sentence seems to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.corpus.evidence import evidence_of
from graphkit.corpus.lint import is_plain
from graphkit.curate.draft.ends import Ends, Field, find_ends
from graphkit.curate.draft.english import FIRST_PERSON, THIRD_PERSON
from graphkit.curate.draft.mentions import Mention
from graphkit.curate.draft.scene import scenes
from graphkit.curate.draft.sentences import read
from graphkit.curate.draft.speech import read_speech
from graphkit.model.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.cues import Cues
    from graphkit.curate.draft.mentions import Names
    from graphkit.curate.draft.scene import Sentence
    from graphkit.curate.draft.sentences import Reading
    from graphkit.curate.draft.speech import Speech, Voice
    from graphkit.model.records import Evidence
    from graphkit.model.vocabulary import Vocabulary

_ASSERTS, _DENIES, _CONCEDES = "asserts", "denies", "concedes"
_SKIPPED = frozenset(["that", ",", ":"])
_MARKS, _HEDGES = 6, 8
_LONGEST_HEDGE = 120


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement that somebody may accept.

    Attributes:
        subject: Slug of the subject.
        relation: The relation, as curators type it.
        object: Slug of the object, None if there is a value.
        value: A value instead of an object.
        speaker: Slug of the speaker; None for the publisher.
        stance: How the speaker stands to it.
        via: Through whom it came.
        hedge: Words with which the speaker seems to hold back.
        evidence: The passage.
        start: Where the passage begins in the normalised capture.
        end: Where it ends.
        hint: What a person must look at.
    """

    subject: str
    relation: str
    object: str | None
    value: str | None
    speaker: str | None
    stance: str
    via: tuple[str, ...]
    hedge: str | None
    evidence: Evidence
    start: int
    end: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found in a capture.

    Attributes:
        reading: The text.
        sentences: Ranges of tokens.
        mentions: Entities that are named, in order.
        unclear: Names that several entities have, with those entities; they were passed over.
        proposals: Statements that may be there, in order, each once for a sentence.
        unquotable: How many were left out because their passage cannot be noted as evidence.
    """

    reading: Reading
    sentences: Sequence[range]
    mentions: Sequence[Mention]
    unclear: Mapping[str, tuple[str, ...]]
    proposals: Sequence[Proposal]
    unquotable: int


def draft(text: str, names: Names, cues: Cues, words: Vocabulary) -> Draft:
    """Propose statements for a text.

    Args:
        text: The capture.
        names: What the entities are called.
        cues: The cue words of the ontology.
        words: The vocabulary.
    """
    reading = read(text)
    named = names.find(reading)
    parts = list(scenes(reading, named.mentions, cues))
    speech = read_speech(parts, reading, words)
    proposals: list[Proposal] = []
    unquotable = 0
    for number, sentence in enumerate(parts):
        field = Field(sentence, _with_pronouns(number, sentence, speech, reading), reading, words)
        guesses: dict[tuple[str | None, ...], _Guess] = {}
        for guess in _guesses(number, field, speech):
            guesses.setdefault(guess.said, guess)
        found = [_proposal(guess, field) for guess in guesses.values()]
        proposals += filter(None, found)
        unquotable += found.count(None)
    return Draft(reading, [one.span for one in parts], named.mentions, named.unclear, proposals, unquotable)


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a cue seems to say."""

    ends: Ends
    relation: str
    voice: Voice | None
    stance: str

    @property
    def said(self) -> tuple[str | None, ...]:
        """What it says and who says it: a sentence says it once."""
        speaker = self.voice.speaker.slug if self.voice and self.voice.speaker else None
        object_ = self.ends.object.slug if self.ends.object else None
        return speaker, self.stance, self.ends.subject.slug, self.relation, object_, self.ends.value


def _guesses(number: int, field: Field, speech: Speech) -> Iterator[_Guess]:
    """Yield what each cue of a sentence says whose ends are there."""
    for match in field.sentence.relations:
        voice = speech.at(number, field.sentence, match.first)
        for pattern in match.values:
            for ends in find_ends(match, pattern, field):
                stance = _stance(voice, _inner(match.first, ends, field.sentence))
                yield _Guess(ends, pattern.relation, voice, stance)


def _with_pronouns(number: int, sentence: Sentence, speech: Speech, reading: Reading) -> list[Mention]:
    """Return the names of a sentence and the pronouns that mean a speaker, in order."""
    found = [*sentence.mentions, *_we(sentence, speech, reading), *_heads(number, speech, reading, sentence)]
    return sorted(found, key=lambda one: one.first)


def _we(sentence: Sentence, speech: Speech, reading: Reading) -> Iterator[Mention]:
    for quote in sentence.quotes:
        voice = speech.quoted.get(quote.start)
        if voice and voice.speaker:
            for at in range(max(quote.start, sentence.span.start), min(quote.stop, sentence.span.stop)):
                if reading.tokens[at].text.casefold() in FIRST_PERSON:
                    yield Mention(at, at + 1, voice.speaker.slug, voice.speaker.kind)


def _heads(number: int, speech: Speech, reading: Reading, sentence: Sentence) -> Iterator[Mention]:
    for voice in speech.voices[number]:
        at = voice.says
        while at in sentence.span and reading.tokens[at].text.casefold() in _SKIPPED:
            at += 1
        if voice.speaker and at in sentence.span and reading.tokens[at].text.casefold() in THIRD_PERSON:
            yield Mention(at, at + 1, voice.speaker.slug, voice.speaker.kind)


def _inner(cue: int, ends: Ends, sentence: Sentence) -> str | None:
    """Return the stance that words shortly before the cue show, the nearest to it."""
    marks = [mark for mark in sentence.inner if max(ends.span.start - 1, cue - _MARKS) <= mark.first < cue]
    return marks[-1].values[0] if marks else None


def _stance(voice: Voice | None, inner: str | None) -> str:
    """Join the stance of the words of saying with that of what is said."""
    outer = voice.stance if voice else _ASSERTS
    if inner is None or outer in {_ASSERTS, _CONCEDES}:
        return inner or outer
    if inner == _DENIES:
        return _ASSERTS if outer == _DENIES else _DENIES
    return outer


def _proposal(guess: _Guess, field: Field) -> Proposal | None:
    passage = _passage(guess.ends, field)
    if not passage:
        return None
    speaker, *_, object_, value = guess.said
    evidence, start, end = passage
    return Proposal(
        subject=guess.ends.subject.slug,
        relation=guess.relation,
        object=object_,
        value=value,
        speaker=speaker,
        stance=guess.stance,
        via=guess.voice.via if guess.voice else (),
        hedge=_hedge(guess.ends, field),
        evidence=evidence,
        start=start,
        end=end,
        hint=guess.voice.hint if guess.voice else "",
    )


def _passage(ends: Ends, field: Field) -> tuple[Evidence, int, int] | None:
    """Return the sentence as evidence, or as much of it as can be noted."""
    tokens, body = field.reading.tokens, field.reading.body
    whole = field.sentence.span
    for span in (whole, range(ends.span.start, whole.stop), ends.span):
        start, end = tokens[span.start].start, tokens[span.stop - 1].end
        try:
            evidence = evidence_of(body[start:end], start)
        except NotFoundError:
            continue
        if is_plain(evidence.starts) and is_plain(evidence.ends or ""):
            return evidence, start, end
    return None


def _hedge(ends: Ends, field: Field) -> str | None:
    near = range(ends.span.start - _HEDGES, ends.span.stop)
    for match in field.sentence.hedges:
        words = field.reading.body[field.reading.tokens[match.first].start : field.reading.tokens[match.last - 1].end]
        if match.first in near and len(words) <= _LONGEST_HEDGE and is_plain(words):
            return words
    return None

"""Passages worth coding: sentences with speech, figures, dates, cue words or several names, and why each was picked."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graphkit.corpus.evidence import evidence_of, find, normalise, passage_hash
from graphkit.corpus.lint import is_plain
from graphkit.curate.draft.figures import FIGURE, find_dates
from graphkit.curate.draft.names import find_names, kinds_of, read_names
from graphkit.curate.draft.speech import Sentence, Speech, Voices
from graphkit.curate.draft.text import is_inside, quotations, read, sentences, within
from graphkit.model.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.cues import Cues
    from graphkit.curate.draft.text import Match, Phrases
    from graphkit.model.records import Entity, Evidence
    from graphkit.model.vocabulary import Vocabulary

_Value = TypeVar("_Value")

_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a capture that may be worth coding.

    Attributes:
        text: Its words.
        evidence: Where it is.
        reasons: Kind of reason to the words that made it a reason.
        entities: Slugs of the entities that it names.
        speech: Who says it; None for the publisher.
        stances: Stances other than assertion that its words hint at.
    """

    text: str
    evidence: Evidence
    reasons: Mapping[str, Sequence[str]]
    entities: Sequence[str]
    speech: Speech | None
    stances: Sequence[str]

    @property
    def span(self) -> range:
        """Its characters in the normalised capture."""
        start = self.evidence.at or 0
        return range(start, start + len(self.text))


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of a capture.

    Attributes:
        body: The capture, normalised.
        found: The passages, in order, each text once.
        unquotable: How many sentences cannot be noted as evidence: markup, control characters, very long words.
        sentences: Where each sentence is.
    """

    body: str
    found: Sequence[Passage]
    unquotable: int
    sentences: Sequence[range]


def find_passages(text: str, entities: Mapping[str, Entity], cues: Cues, words: Vocabulary) -> Passages:
    """Find the passages of a capture that may be worth coding."""
    body, paragraphs = read(text)
    kinds = kinds_of(entities, words)
    names = find_names(read_names(entities, kinds), kinds, body, paragraphs)
    hints = [_outside(names, phrases, body, paragraphs) for phrases in (cues.relations, cues.stances, cues.hedges)]
    parts = list(_sentences(body, paragraphs, names, _outside(names, cues.speech, body, paragraphs)))
    found: dict[str, Passage] = {}
    unquotable = 0
    for sentence, speech in zip(parts, Voices(parts, kinds, words).speeches(), strict=True):
        passage, is_worth_coding = _passage(sentence, speech, *(within(hint, sentence.span) for hint in hints))
        if is_worth_coding and passage:
            found.setdefault(sentence.text, passage)
        unquotable += is_worth_coding and passage is None
    return Passages(body, list(found.values()), unquotable, [sentence.span for sentence in parts])


def _outside(
    names: Sequence[Match[str]], phrases: Phrases[_Value], body: str, paragraphs: Sequence[range]
) -> list[Match[_Value]]:
    """Find phrases that are not part of a name."""
    found = (match for paragraph in paragraphs for match in phrases.find(body, paragraph))
    return [match for match in found if not is_inside(match.start, match.end, names)]


def _sentences(
    body: str, paragraphs: Sequence[range], names: Sequence[Match[str]], verbs: Sequence[Match[tuple[str, bool]]]
) -> Iterator[Sentence]:
    """Cut a text into sentences and give each its names, quotations and verbs of saying."""
    for number, paragraph in enumerate(paragraphs):
        quotes = quotations(body, paragraph)
        for span in sentences(body, paragraph, names):
            first = bisect_left(quotes, span.start + 1, key=lambda quote: quote.stop)
            last = bisect_left(quotes, span.stop, key=lambda quote: quote.start)
            text = body[span.start : span.stop]
            yield Sentence(span, text, number, within(names, span), quotes[first:last], within(verbs, span))


def _passage(
    sentence: Sentence,
    speech: Speech | None,
    relations: Sequence[Match[str]],
    stances: Sequence[Match[str]],
    hedges: Sequence[Match[str]],
) -> tuple[Passage | None, bool]:
    """Return a sentence as a passage, None if it cannot be noted, and whether it is worth coding.

    A single name, date or negation does not make it so.
    """
    reasons = {
        "speech": [speech.verb or "continued"] if speech else [],
        "figures": FIGURE.findall(sentence.text),
        "dates": find_dates(sentence.text),
        "cue words": [_hint(sentence, match) for match in relations],
        "stance words": [_hint(sentence, match) for match in stances],
        "hedging words": [sentence.between(match.start, match.end) for match in hedges],
    }
    strong = any(reasons[kind] for kind in ("speech", "figures", "cue words"))
    weak = len(sentence.names) + bool(reasons["dates"]) + bool(reasons["stance words"])
    evidence = _evidence(sentence)
    entities = list(dict.fromkeys(slug for name in sentence.names for slug in name.values))
    spoken = [speech.stance] if speech else []
    hinted = dict.fromkeys((*spoken, *(stance for match in stances for stance in match.values)))
    other = [stance for stance in hinted if stance != "asserts"]
    worth = (strong or weak > 1) and sentence.text.count(" ") + 1 >= _FEWEST_WORDS
    return (Passage(sentence.text, evidence, reasons, entities, speech, other) if evidence else None), worth


def _hint(sentence: Sentence, match: Match[str]) -> str:
    """Return a cue word with the terms that it hints at."""
    return f"“{sentence.between(match.start, match.end)}” for {' or '.join(match.values)}"


def _evidence(sentence: Sentence) -> Evidence | None:
    """Return where a sentence is; None if its first or last words cannot be noted."""
    try:
        evidence = evidence_of(sentence.text, sentence.span.start)
    except NotFoundError:
        return None
    return evidence if is_plain(evidence.starts) and is_plain(evidence.ends or "") else None


def located(evidence: Evidence, body: str) -> range | None:
    """Return the characters of a passage in a normalised capture; None if it is not there or there more than once."""
    start = find(evidence, body).at
    last = normalise(evidence.ends or evidence.starts)
    end = -1 if start is None else body.find(last, start)
    while start is not None and end >= 0:
        if passage_hash(body[start : end + len(last)]) == evidence.sha256:
            return range(start, end + len(last))
        end = body.find(last, end + 1)
    return None

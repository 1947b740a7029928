"""Passages worth coding: sentences with speech, figures, dates, cue words or several names, and why each was picked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graphkit.corpus.evidence import evidence_of
from graphkit.corpus.lint import is_plain
from graphkit.curate.draft.speech import FIGURE, Sentence, Speech, Voices, find_dates
from graphkit.curate.draft.terms import Cues, find_names
from graphkit.curate.draft.text import Match, is_inside, quotations, read, sentences, within
from graphkit.model.errors import NotFoundError
from graphkit.model.records import Entity, Evidence
from graphkit.model.vocabulary import Vocabulary

_FEWEST_WORDS = 4


class Passage(NamedTuple):
    """A sentence that may be worth coding.

    Attributes:
        span: Its characters in the normalised capture.
        reasons: Kind of reason to the words that made it a reason.
        entities: Slugs of the entities that it names.
        speech: Who says it; None for the publisher.
        stances: Stances other than assertion that its words hint at.
    """

    span: range
    text: str
    evidence: Evidence
    reasons: Mapping[str, Sequence[str]]
    entities: Sequence[str]
    speech: Speech | None
    stances: Sequence[str]


class Passages(NamedTuple):
    """The passages of a capture in order, each text once; how many cannot be noted; and where each sentence is."""

    body: str
    found: Sequence[Passage]
    unquotable: int
    sentences: Sequence[range]


def find_passages(text: str, entities: Mapping[str, Entity], cues: Cues, words: Vocabulary) -> Passages:
    """Find the passages of a capture that may be worth coding."""
    body, paragraphs = read(text)
    names = find_names(entities, body, paragraphs)
    relations, verbs, stances = (
        [match for match in phrases.find(body, paragraphs) if not is_inside(match.start, match.end, names)]
        for phrases in cues
    )

    def fits(name: Match, kind: str) -> bool:
        return any(words.fits(words.kinds.get(entities[slug].kind, ""), frozenset([kind])) for slug in name.values)

    parts = list(_sentences(body, paragraphs, names, verbs))
    found: dict[str, Passage] = {}
    unquotable = 0
    for sentence, speech in zip(parts, Voices(parts, fits).speeches(), strict=True):
        hinted = within(stances, sentence.span)
        reasons = _reasons(sentence, speech, within(relations, sentence.span), hinted)
        if _is_worth_coding(sentence, reasons):
            evidence = _evidence(sentence)
            unquotable += evidence is None
            if evidence:
                named = list(dict.fromkeys(slug for name in sentence.names for slug in name.values))
                other = _other_stances(speech, hinted)
                passage = Passage(sentence.span, sentence.text, evidence, reasons, named, speech, other)
                found.setdefault(sentence.text, passage)
    return Passages(body, list(found.values()), unquotable, [sentence.span for sentence in parts])


def _sentences(
    body: str, paragraphs: Sequence[range], names: Sequence[Match], verbs: Sequence[Match]
) -> Iterator[Sentence]:
    """Cut a text into sentences and give each its names, quotations and verbs of saying."""
    for number, paragraph in enumerate(paragraphs):
        quotes = quotations(body, paragraph)
        for span in sentences(body, paragraph, names):
            first = bisect_left(quotes, span.start + 1, key=lambda quote: quote.stop)
            last = bisect_left(quotes, span.stop, key=lambda quote: quote.start)
            text = body[span.start : span.stop]
            yield Sentence(span, text, number, within(names, span), quotes[first:last], within(verbs, span))


def _reasons(
    sentence: Sentence, speech: Speech | None, relations: Sequence[Match], stances: Sequence[Match]
) -> dict[str, list[str]]:
    def hints(found: Sequence[Match]) -> list[str]:
        return [f"“{sentence.between(match.start, match.end)}” for {' or '.join(match.values)}" for match in found]

    return {
        "speech": [speech.verb or "continued"] if speech else [],
        "figures": FIGURE.findall(sentence.text),
        "dates": find_dates(sentence.text),
        "cue words": hints(relations),
        "stance words": hints(stances),
    }


def _is_worth_coding(sentence: Sentence, reasons: Mapping[str, Sequence[str]]) -> bool:
    """Say whether the reasons are enough: a single name, date or negation is not."""
    strong = any(reasons[kind] for kind in ("speech", "figures", "cue words"))
    weak = len(sentence.names) + sum(bool(reasons[kind]) for kind in ("dates", "stance words"))
    return (strong or weak > 1) and sentence.text.count(" ") + 1 >= _FEWEST_WORDS


def _other_stances(speech: Speech | None, stances: Sequence[Match]) -> list[str]:
    hinted = (*(speech.stances if speech else ()), *(stance for match in stances for stance in match.values))
    return [stance for stance in dict.fromkeys(hinted) if stance != "asserts"]


def _evidence(sentence: Sentence) -> Evidence | None:
    try:
        evidence = evidence_of(sentence.text, sentence.span.start)
    except NotFoundError:
        return None
    return evidence if is_plain(evidence.starts) and is_plain(evidence.ends or "") else None

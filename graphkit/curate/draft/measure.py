"""How much of what people coded in a text a draft finds, and how much of a draft is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graphkit.corpus.evidence import find, normalise, passage_hash
from graphkit.curate.draft.tokens import keyed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphkit.curate.draft.cues import Cues
    from graphkit.curate.draft.propose import Draft, Proposal
    from graphkit.model.records import Evidence, Source, Statement

_Spans: TypeAlias = "Mapping[str, tuple[int, int]]"

# Why a statement was not proposed at level (a), the first that holds.
NO_ENTITY = "its object is a proposition or a number, which a draft never proposes"
NO_PASSAGE = "its passage is not in the capture"
NO_MENTION = "an end is not named in the sentences of the passage"
NO_CUE = "no cue of the relation in the sentences of the passage"
NOT_JOINED = "ends and cue are there, but were not joined"


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, of how many proposed and how many coded."""

    right: int
    proposed: int
    coded: int

    @property
    def recall(self) -> float:
        """The share of what was coded that was proposed."""
        return self.right / self.coded if self.coded else 0.0

    @property
    def precision(self) -> float:
        """The share of what was proposed that was coded."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        return 2 * self.right / (self.proposed + self.coded) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A draft beside the statements that people coded in the same text.

    Attributes:
        mentions: Subjects and objects of coded statements that are named in the sentences of their passages.
        propositions: Level (a): the passages overlap, and subject, relation and object are the same.
        statements: Level (b): speaker and stance are the same too.
        missed: Why the others of level (a) were not proposed.
        differs: In what the others of level (b) differ, of those of level (a).
        pairs: Keys of coded statements of level (a), with the proposals.
    """

    mentions: Score
    propositions: Score
    statements: Score
    missed: Mapping[str, list[str]]
    differs: Mapping[str, int]
    pairs: Mapping[str, Proposal]


def measure(draft: Draft, cues: Cues, source: Source) -> Measured:
    """Compare a draft with what people coded; each proposal and each statement counts at most once."""
    coded = source.statements
    spans = {key: span for key, one in coded.items() if (span := _span(one.evidence, draft.reading.body))}
    pairs = _pairs(draft.proposals, coded, spans, source.publisher, whole=False)
    whole = _pairs(draft.proposals, coded, spans, source.publisher, whole=True)
    missed: defaultdict[str, list[str]] = defaultdict(list)
    for key, one in coded.items():
        if key not in pairs:
            missed[_reason(one, spans.get(key), draft, cues)].append(key)
    return Measured(
        mentions=_mentions(draft, coded, spans),
        propositions=Score(len(pairs), len(draft.proposals), len(coded)),
        statements=Score(len(whole), len(draft.proposals), len(coded)),
        missed=missed,
        differs=_differs(pairs, coded, source.publisher),
        pairs=pairs,
    )


def _span(evidence: Evidence, text: str) -> tuple[int, int] | None:
    """Return where a passage begins and ends."""
    start = find(evidence, text).at
    if start is None:
        return None
    last = normalise(evidence.ends or evidence.starts)
    end = text.find(last, start)
    while end >= 0:
        end += len(last)
        if passage_hash(text[start:end]) == evidence.sha256:
            return start, end
        end = text.find(last, end - len(last) + 1)
    return None


def _pairs(
    proposals: Sequence[Proposal], coded: Mapping[str, Statement], spans: _Spans, publisher: str, *, whole: bool
) -> dict[str, Proposal]:
    """Match proposals and statements one to one, in the order of the text."""
    waiting: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for key in sorted(spans, key=lambda one: spans[one]):
        waiting[_said(coded[key], publisher, whole=whole)].append(key)
    pairs: dict[str, Proposal] = {}
    for one in proposals:
        keys = waiting[_said(one, publisher, whole=whole)]
        found = next((key for key in keys if one.start < spans[key][1] and spans[key][0] < one.end), None)
        if found:
            pairs[found] = one
            keys.remove(found)
    return pairs


def _said(one: Proposal | Statement, publisher: str, *, whole: bool) -> tuple[object, ...]:
    who = (one.speaker or publisher, one.stance) if whole else ()
    return (*who, one.subject, one.relation, one.object, one.value)


def _named(draft: Draft, span: tuple[int, int]) -> set[str]:
    """Return the entities that a passage names."""
    tokens = draft.reading.tokens
    return {
        one.slug for one in draft.mentions if tokens[one.first].start < span[1] and span[0] < tokens[one.last - 1].end
    }


def _entities(one: Statement) -> Iterator[str]:
    yield one.subject
    if isinstance(one.object, str):
        yield one.object


def _mentions(draft: Draft, coded: Mapping[str, Statement], spans: _Spans) -> Score:
    found = [
        end in _named(draft, _sentences(draft, span)) for key, span in spans.items() for end in _entities(coded[key])
    ]
    return Score(sum(found), len(draft.mentions), sum(len(list(_entities(one))) for one in coded.values()))


def _reason(one: Statement, span: tuple[int, int] | None, draft: Draft, cues: Cues) -> str:
    if not isinstance(one.object, str) and one.value is None:
        return NO_ENTITY
    if span is None:
        return NO_PASSAGE
    whole = _sentences(draft, span)
    if not set(_entities(one)) <= _named(draft, whole):
        return NO_MENTION
    tokens = [token for token in draft.reading.tokens if whole[0] <= token.start < whole[1]]
    hinted = {pattern.relation for match in cues.relations.find(keyed(tokens)) for pattern in match.values}
    return NOT_JOINED if one.relation in hinted else NO_CUE


def _sentences(draft: Draft, span: tuple[int, int]) -> tuple[int, int]:
    """Return where the sentences begin and end that share words with a passage."""
    tokens = draft.reading.tokens
    edges = [(tokens[one.start].start, tokens[one.stop - 1].end) for one in draft.sentences]
    sharing = [edge for edge in edges if edge[0] < span[1] and span[0] < edge[1]]
    return min(sharing)[0], max(sharing)[1]


def _differs(pairs: Mapping[str, Proposal], coded: Mapping[str, Statement], publisher: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for key, one in pairs.items():
        speaker = (one.speaker or publisher) != (coded[key].speaker or publisher)
        stance = one.stance != coded[key].stance
        counts["the speaker"] += speaker and not stance
        counts["the stance"] += stance and not speaker
        counts["speaker and stance"] += speaker and stance
    return dict(counts)

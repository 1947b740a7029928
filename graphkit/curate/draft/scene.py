"""One sentence with everything that was found in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from graphkit.curate.draft.sentences import quotations, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from graphkit.curate.draft.cues import Cues, Pattern, Saying
    from graphkit.curate.draft.mentions import Mention
    from graphkit.curate.draft.sentences import Reading
    from graphkit.curate.draft.tokens import Match, Phrases


class _Placed(Protocol):
    """What begins with a token."""

    @property
    def first(self) -> int:
        """The token."""


_Found = TypeVar("_Found", bound=_Placed)
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as ranges of tokens.

    Attributes:
        span: Its tokens.
        paragraph: The number of its paragraph.
        mentions: Entities that it names.
        quotes: Quotations that it shares tokens with; they may begin before it or end after it.
        relations: Cues of relations, none of them inside a name.
        speech: Words by which a speaker takes a stance, likewise.
        inner: Words that show the stance of what is said.
        hedges: Words that hold back.
    """

    span: range
    paragraph: int
    mentions: Sequence[Mention]
    quotes: Sequence[range]
    relations: Sequence[Match[Pattern]]
    speech: Sequence[Match[Saying]]
    inner: Sequence[Match[str]]
    hedges: Sequence[Match[str]]

    def quote_at(self, at: int) -> range | None:
        """Return the quotation that a token stands in."""
        return next((quote for quote in self.quotes if at in quote), None)


def scenes(reading: Reading, mentions: Sequence[Mention], cues: Cues) -> Iterator[Sentence]:
    """Cut a text into sentences and give each what was found in it."""
    inside = {at for one in mentions for at in range(one.first, one.last - 1)}
    named = {at for one in mentions for at in range(one.first, one.last)}
    paragraph_ends = [paragraph.stop for paragraph in reading.paragraphs]
    quotes = _sharing(list(quotations(reading)))
    mentioned = _starting(mentions)
    relations = _starting(_outside(named, cues.relations, reading))
    speech = _starting(_outside(named, cues.speech, reading))
    inner = _starting(_outside(named, cues.inner, reading))
    hedges = _starting(_outside(named, cues.hedges, reading))
    for span in sentences(reading, inside):
        paragraph = bisect_left(paragraph_ends, span.stop)
        found = (relations(span), speech(span), inner(span), hedges(span))
        yield Sentence(span, paragraph, mentioned(span), quotes(span), *found)


def _outside(named: Collection[int], tree: Phrases[_Value], reading: Reading) -> list[Match[_Value]]:
    """Find phrases that share no word with a name."""
    return [
        match for match in tree.find(reading.words) if not any(at in named for at in range(match.first, match.last))
    ]


def _starting(found: Sequence[_Found]) -> Callable[[range], Sequence[_Found]]:
    """Return how to ask for what begins in a range of tokens."""
    starts = [one.first for one in found]
    return lambda span: found[bisect_left(starts, span.start) : bisect_left(starts, span.stop)]


def _sharing(quotes: Sequence[range]) -> Callable[[range], Sequence[range]]:
    """Return how to ask for the quotations that share tokens with a range."""
    starts, ends = [quote.start for quote in quotes], [quote.stop for quote in quotes]
    return lambda span: quotes[bisect_left(ends, span.start + 1) : bisect_left(starts, span.stop)]

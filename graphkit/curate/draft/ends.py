"""The two ends of a relation around its cue."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from graphkit.curate.draft.english import AUXILIARIES, BE, JOINS, PARTICIPLES
from graphkit.curate.draft.mentions import head
from graphkit.curate.draft.values import read_date
from graphkit.model.iris import EDTF, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphkit.curate.draft.cues import Pattern
    from graphkit.curate.draft.mentions import Mention
    from graphkit.curate.draft.scene import Sentence
    from graphkit.curate.draft.sentences import Reading
    from graphkit.curate.draft.tokens import Match
    from graphkit.model.vocabulary import Relation, Vocabulary

# How far from a cue, in words, its ends may stand; from the first end, the rest of a cue with a gap.
_LEFT, _RIGHT, _TAIL, _BY, _INSERTED = 15, 12, 4, 6, 3
# How many names in a row are taken as one end.
_ROW = 8
_HELPERS = 4
_BOOLEAN = PREFIXES["xsd"] + "boolean"


@dataclass(frozen=True, slots=True)
class Ends:
    """A subject and an object or a value, and the tokens that they and the cue take up."""

    subject: Mention
    object: Mention | None
    value: str | None
    span: range


@dataclass(frozen=True, slots=True)
class Field:
    """A sentence with those of its names, pronouns among them, that may be ends.

    Attributes:
        sentence: The sentence.
        mentions: What may be an end, in order.
        reading: The text.
        words: The vocabulary.
    """

    sentence: Sentence
    mentions: Sequence[Mention]
    reading: Reading
    words: Vocabulary

    def word(self, at: int) -> str:
        """Return a word in small letters, "" outside the sentence."""
        return self.reading.tokens[at].text.casefold() if at in self.sentence.span else ""

    def before(self, at: int, classes: frozenset[str], reach: int = _LEFT) -> list[Mention]:
        """Return the nearest names before a token that are one of some classes: one, or several in a row."""
        near = [one for one in reversed(self.mentions) if 0 <= at - one.last <= reach]
        fitting = [one for one in near if self.words.fits(one.kind, classes)]
        comma = self._comma(at)
        heads = [one for one in fitting if one.last < comma and self.word(one.last) == ","]
        if heads:
            return heads[:1]
        if not fitting:
            return []
        main = head(fitting[0], self.mentions, self.reading)
        if main is not fitting[0] and self.words.fits(main.kind, classes):
            return [main]
        return list(self._row(fitting[0], fitting[1:]))

    def _comma(self, at: int) -> int:
        """Return the comma that closes an insertion before a verb, -1 if there is none: "A, paid by B, will"."""
        place = at - 1
        while place >= at - _HELPERS and self.word(place) in AUXILIARIES:
            place -= 1
        return place if self.word(place) == "," else -1

    def after(self, at: int, classes: frozenset[str], reach: int = _RIGHT) -> list[Mention]:
        """Return the nearest names from a token on that are one of some classes."""
        stop = min(self._next_cue(at), at + reach)
        near = [one for one in self.mentions if at <= one.first <= stop]
        fitting = [one for one in near if self.words.fits(one.kind, classes)]
        return list(self._row(fitting[0], fitting[1:])) if fitting else []

    def first_before(self, at: int, classes: frozenset[str]) -> list[Mention]:
        """Return the first name of the sentence that is one of some classes, if it stands before a token."""
        fitting = (one for one in self.mentions if one.last <= at and self.words.fits(one.kind, classes))
        return list(islice(fitting, 1))

    def _next_cue(self, at: int) -> int:
        """Return where the next cue begins; what stands after it belongs to that. Joined cues share their end."""
        for match in self.sentence.relations:
            if match.first < at or self._is_attribute(match):
                continue
            if not all(self.word(place) in JOINS for place in range(at, match.first)):
                return match.first
            at = match.last
        return self.sentence.span.stop

    def _is_attribute(self, match: Match[Pattern]) -> bool:
        """Say whether a cue describes what follows: "B's", "redacted"."""
        valued = (self.words.relations[one.relation].datatype for one in match.values)
        return self.word(match.first) == "'" or all(valued)

    def _row(self, first: Mention, others: Sequence[Mention]) -> Iterator[Mention]:
        yield first
        last = first
        for one in others[: _ROW - 1]:
            between = range(min(last.last, one.last), max(last.first, one.first))
            if not all(self.word(at) in JOINS for at in between):
                return
            yield one
            last = one


def find_ends(match: Match[Pattern], pattern: Pattern, field: Field) -> Iterator[Ends]:
    """Yield the ends of a relation that a cue hints at; none if they are not there or do not fit."""
    relation = field.words.relations[pattern.relation]
    if relation.datatype:
        yield from _with_value(match, relation, field)
        return
    one, other = relation.domain, relation.range
    if pattern.inverse:
        one, other = other, one
    for left, right, last in _pairs(match, pattern, one, other, field):
        subject, object_ = (right, left) if pattern.inverse else (left, right)
        if subject.slug != object_.slug:
            first = min(left.first, match.first)
            yield Ends(subject, object_, None, range(first, max(last, right.last)))


def _pairs(
    match: Match[Pattern], pattern: Pattern, one: frozenset[str], other: frozenset[str], field: Field
) -> Iterator[tuple[Mention, Mention, int]]:
    """Yield a first and a second end and the token after all of it."""
    if len(pattern.tails) > 1:
        yield from _both_after(match, pattern, one, other, field)
    elif pattern.tails:
        rights = field.after(match.last, other)
        tail = _tail(rights[-1].last, pattern.tails[0], field) if rights else None
        if tail is not None:
            yield from ((left, right, tail) for left in field.before(match.first, one) for right in rights)
    elif not pattern.inverse and _is_passive(match, field):
        yield from _passive(match, one, other, field)
    else:
        rights = field.after(match.last, other)
        yield from ((left, right, match.last) for left in _lefts(match, one, rights, field) for right in rights)


def _lefts(
    match: Match[Pattern], classes: frozenset[str], rights: Sequence[Mention], field: Field
) -> Sequence[Mention]:
    """Return the end before a cue; after it in "Writing for B, A …", and the head in "A was set up by B with …"."""
    if "with" in {field.word(match.first), field.word(match.first - 1)}:
        return field.first_before(match.first, classes)
    is_first = not any(field.word(at).isalnum() for at in range(field.sentence.span.start, match.first))
    if is_first and field.word(match.first).endswith("ing") and rights and field.word(rights[-1].last) == ",":
        return [one for one in field.after(rights[-1].last, classes, _INSERTED) if one not in rights][:1]
    return field.before(match.first, classes)


def _both_after(
    match: Match[Pattern], pattern: Pattern, one: frozenset[str], other: frozenset[str], field: Field
) -> Iterator[tuple[Mention, Mention, int]]:
    lefts = field.after(match.last, one)
    tail = _tail(lefts[-1].last, pattern.tails[0], field) if lefts else None
    if tail is not None:
        yield from ((left, right, right.last) for left in lefts for right in field.after(tail, other))


def _tail(at: int, keys: Sequence[str], field: Field) -> int | None:
    """Return the token after the rest of a cue, if it follows soon."""
    for first in range(at, at + _TAIL):
        last = first + len(keys)
        if tuple("~" + field.word(place) for place in range(first, last)) == tuple(keys):
            return last
    return None


def _is_passive(match: Match[Pattern], field: Field) -> bool:
    """Say whether a cue of one word is a participle after a form of "be": then the end before it is the object."""
    verb = field.word(match.first)
    if match.last - match.first > 1 or not (verb.endswith("ed") or verb in PARTICIPLES):
        return False
    return any(field.word(at) in BE for at in range(match.first - 3, match.first))


def _passive(
    match: Match[Pattern], one: frozenset[str], other: frozenset[str], field: Field
) -> Iterator[tuple[Mention, Mention, int]]:
    """Yield the ends of a passive with "by"; without it nobody is said to have done it."""
    by = next((at for at in range(match.last, match.last + _BY) if field.word(at) == "by"), None)
    if by is not None:
        lefts, rights = field.after(by, one), field.before(match.first, other)
        yield from ((left, right, left.last) for left in lefts for right in rights)


def _with_value(match: Match[Pattern], relation: Relation, field: Field) -> Iterator[Ends]:
    value = _value(match, relation, field)
    before = field.before(match.first, relation.domain)
    after = field.after(match.last, relation.domain)
    for subject in (before or after) if value else ():
        first, last = min(subject.first, match.first), max(subject.last, match.last)
        yield Ends(subject, None, value, range(first, last))


def _value(match: Match[Pattern], relation: Relation, field: Field) -> str | None:
    if relation.datatype == _BOOLEAN:
        return "true"
    if relation.datatype != EDTF:
        return None
    last = min(match.last + _BY, field.sentence.span.stop) - 1
    tokens = field.reading.tokens
    return read_date(field.reading.body[tokens[match.last - 1].end : tokens[last].end])

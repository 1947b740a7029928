"""Disagreements for readers: the disputes about one matter together, with both sides or all positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import takewhile

from graphkit.analysis.disputes import DisputeView, dispute_views
from graphkit.analysis.properties import Properties
from graphkit.analysis.statements import StatementView
from graphkit.model.disputes import DENIED, rank
from graphkit.model.text import counted

Views = Mapping[str, StatementView]
Side = tuple[str, Sequence[StatementView]]

# Two claims with so many words in common at the beginning and at the end are about the same thing.
_ALIKE = 3
# Words that belong to the word after them.
_LINKS = frozenset({"a", "an", "by", "for", "from", "in", "on", "the", "to", "until", "with"})
# The questions about a claim that was corrected, and about one that was repeated afterwards.
_CORRECTED = {"correction": "was that right", "repeated-after-correction": "does that still hold"}
# The stances against a proposition.
AGAINST = frozenset({"denies", "doubts", "retracts"})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The disputes about one subject and relation.

    Attributes:
        iri: Its name; that of the dispute if the dispute belongs to no disagreement.
        label: The subject and the relation.
        disputes: By kind, denials first; see `KINDS`.
    """

    iri: str
    label: str
    disputes: tuple[DisputeView, ...]

    @property
    def key(self) -> str:
        """The hash in its IRI."""
        return self.iri.rpartition("/")[2]

    @property
    def kinds(self) -> dict[str, int]:
        """The labels of the kinds of its disputes, with their number."""
        return dict(Counter(dispute.kind_label for dispute in self.disputes).most_common())

    @property
    def propositions(self) -> tuple[str, ...]:
        """IRIs of the propositions in question."""
        return tuple(dict.fromkeys(name for dispute in self.disputes for name in dispute.about))

    @property
    def statements(self) -> tuple[str, ...]:
        """IRIs of the statements on any side, each once."""
        return tuple(dict.fromkeys(name for dispute in self.disputes for _, name in dispute.sides()))

    def speakers(self, views: Views) -> list[str]:
        """Return the names of the speakers, sorted."""
        return sorted({views[name].speaker for name in self.statements})

    def question(self, views: Views) -> str:
        """Return the matter as a question that favours no side and covers the claim of each statement.

        "Is it true that" is before the claim if somebody denies it, and an ellipsis is for what is not the same in
        all claims. Otherwise the end of the claim against it follows, and the number of the other claims.
        """
        claims = {views[name].matter for name in self.statements if name in views}
        denied = [dispute for dispute in self.disputes if dispute.kind in DENIED]
        if not denied:
            return _choice(self.disputes, views, claims)
        claim = _leading_claim((name for dispute in denied for _, name in dispute.sides()), views)
        shared = claim if len(claims) == 1 else _open(claim, claims, self.label)
        return f"Is it true that {_inside(shared, self.label)}?"

    def sides(self, views: Views) -> list[Side]:
        """Return titled sides with their statements, the earliest first.

        There are two, unless a statement is on one side of one dispute and on the other of another: then each claim
        with its stance is a position of its own. If a speaker denies the claim of another, these two sides also take
        the statements that are only in disputes of another kind: opposite the statements that they are against, or
        else by their stance.
        """
        denied = [dispute for dispute in self.disputes if dispute.kind in DENIED]
        chosen = denied or self.disputes
        one = {name for dispute in chosen for name in dispute.affirmed}
        other = {name for dispute in chosen for name in dispute.denied}
        if one & other:
            return [(_title(some[0]), some) for some in _positions(_dated(self.statements, views))]
        rest = [(name, self._opponents(name)) for name in self.statements if name not in one | other]
        against = {
            name for name, opponents in rest
            if (opponents & one if bool(opponents & one) != bool(opponents & other) else views[name].stance in AGAINST)
        }  # fmt: skip
        one |= {name for name, _ in rest} - against
        return [("One side", _dated(one, views)), ("The other side", _dated(other | against, views))]

    def _opponents(self, name: str) -> set[str]:
        """Return the statements against a statement; two that tell one thing differently are not against each other."""
        against = [dispute for dispute in self.disputes if dispute.kind != "difference-in-telling"]
        ours = (one.denied if name in one.affirmed else one.affirmed if name in one.denied else () for one in against)
        return {other for others in ours for other in others}

    def summary(self, views: Views) -> str:
        """Return the numbers of speakers, statements and disputes in a sentence."""
        speakers, statements = len(self.speakers(views)), len(self.statements)
        times = "{1} × {0}" if len(self.disputes) > 1 else "{0}"
        kinds = ", ".join(times.format(kind, number) for kind, number in self.kinds.items())
        return f"{counted(speakers, 'speaker')}, {counted(statements, 'statement')}: {kinds}."


def disagreements(properties: Properties) -> tuple[Disagreement, ...]:
    """Return all disagreements whose disputes were read.

    First come those in which a speaker denies a claim of another, and among them those with most speakers.

    A dispute without a common subject, such as one about a whole document, is a disagreement by itself.
    """
    return disagreements_among(dispute_views(properties), properties)


def disagreements_among(disputes: Iterable[DisputeView], properties: Properties) -> tuple[Disagreement, ...]:
    """Return the disagreements of some disputes, whose properties and statements were read."""
    groups: dict[str, list[DisputeView]] = {}
    for dispute in disputes:
        groups.setdefault(properties.one(dispute.iri, "sp:disagreement") or dispute.iri, []).append(dispute)
    found = [Disagreement(name, properties.label(name), tuple(group)) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda one: (*_rank(one, properties), one.label, one.iri)))


def leading(side: Iterable[StatementView]) -> list[StatementView]:
    """Return one statement of each speaker of a side, first those with a proper name, and those who speak most often.

    It is the shortest, and one of an original before one of a copy.
    """
    speakers: dict[tuple[str, str], list[StatementView]] = {}
    for view in side:
        speakers.setdefault((view.speaker_iri, view.speaker), []).append(view)
    busiest = sorted(
        speakers.values(), key=lambda some: (not some[0].speaker[:1].isupper(), -len(some), some[0].speaker)
    )
    return [min(some, key=lambda view: (bool(view.copied), len(view.gist), view.iri)) for some in busiest]


def _choice(disputes: Iterable[DisputeView], views: Views, claims: set[str]) -> str:
    """Return the question of the two claims that have most words in common, and the number of the other claims."""
    pairs = [
        (_leading_claim(one.affirmed, views), _leading_claim(one.denied, views), one.kind, one.label)
        for one in disputes
    ]
    one, other, kind, label = max(pairs, key=lambda pair: (len(beginning(pair[0].split(), pair[1].split())), pair))
    if found := _asked(label, (one, other)):
        return found
    more = len(claims - {one, other})
    asked = f"“{one}”: {_CORRECTED[kind]}?" if kind in _CORRECTED else alternatives(one, other)
    return f"{asked} And {counted(more, 'related claim')}" if more else asked


def _open(claim: str, claims: Iterable[str], label: str) -> str:
    """Return the beginning of a claim that others share, with an ellipsis, from the label of the disagreement.

    >>> _open("Meta removed 14 videos", ["Meta removed 14 videos", "Meta removed a clip"], "Meta: removed")
    'Meta removed …'
    >>> _open("Meta keeps a boy under surveillance", [], "Meta: keeps … under surveillance")
    'Meta keeps … under surveillance'
    """
    verb, _, rest = label.rpartition(": ")[2].partition(" … ")
    before, found, _ = claim.partition(f" {verb} ")
    if not found:
        return f"{label} …"
    start = f"{before} {verb}"
    alike = [one.split() for one in claims if one.startswith(f"{start} ")]
    shared = reduce(beginning, alike) if len(alike) > 1 and not rest else []
    return " ".join([*max(shared, start.split(), key=len), "…", *rest.split()])


# The beginnings of the labels of disputes about two different claims, and the question of each.
_QUESTIONS = {
    "Rival causes: who or what ": "Who or what {}?",
    "Opposed assessments: ": "Does {} deserve praise or criticism?",
    "Criticised: statements of ": "Can the statements of {} be relied on?",
}


def _asked(label: str, claims: Sequence[str]) -> str:
    """Return the question of a dispute about two different claims; "" if its label is of no such kind.

    >>> _asked("Rival causes: who or what ended List", ("The mayor ended the List", "Meta sold the List"))
    'Who or what ended the List?'
    """
    found = ((label.removeprefix(start), text) for start, text in _QUESTIONS.items() if label.startswith(start))
    return next((text.format(_with_article(rest, claims)) for rest, text in found), "")


def _with_article(text: str, claims: Sequence[str]) -> str:
    """Return a text whose name has the article that it has in claims."""
    words, whole = text.split(), " ".join(claims).lower()
    at = (place for place in range(len(words)) if f"the {' '.join(words[place:]).lower()}" in whole)
    place = next(at, len(words))
    return " ".join([*words[:place], *["the"] * (place < len(words)), *words[place:]])


def alternatives(one: str, other: str) -> str:
    """Return two claims as a question, with the words that both share at the beginning and at the end written once.

    >>> alternatives("The list was launched in 2011", "The list was launched in 2012")
    'The list was launched in 2011 or in 2012?'
    >>> alternatives("A mayor praised the list", "A charity criticised the list")
    '“A mayor praised the list” or “A charity criticised the list”?'
    >>> alternatives("The list prevents crime", "The list prevents crime")
    'Is it true that the list prevents crime?'
    >>> alternatives("The list cost £5 in 2019", "The list cost £5 a year in 2019")
    'The list cost £5 in 2019: a year?'
    >>> alternatives("The mayor ended the first list", "A charity ended the first list")
    'Who or what ended the first list: the mayor or a charity?'
    """
    if one == other:
        return f"Is it true that {_inside(one)}?"
    before = beginning(one.split(), other.split())
    ends = one.split()[len(before) :], other.split()[len(before) :]
    after = _common(*(reversed(end) for end in ends))[::-1]
    first, second = (" ".join(end[: len(end) - len(after)]) for end in ends)
    if len(before) + len(after) < _ALIKE:
        return f"“{one}” or “{other}”?"
    if not (first and second):
        return f"{min(one, other, key=len)}: {first or second}?"
    if not before and after[0][:1].islower():
        return f"Who or what {' '.join(after)}: {_inside(first)} or {_inside(second)}?"
    return " ".join([*before, first, "or", second if before else _inside(second), *after]) + "?"


def _rank(one: Disagreement, properties: Properties) -> tuple[bool, int, int]:
    speakers = {properties.one(name, "sp:speaker") for name in one.statements}
    return rank((dispute.kind for dispute in one.disputes), len(speakers), len(one.statements))


def _leading_claim(names: Iterable[str], views: Views) -> str:
    """Return the claim of most of some statements, the shortest of several; one with a scope in brackets last."""
    counts = Counter(views[name].matter for name in names if name in views)
    return min(counts, key=lambda claim: ("(" in claim, -counts[claim], len(claim), claim), default="")


def _common(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """Return the words with which both begin."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return [word for word, _ in pairs]


def beginning(one: list[str], other: list[str]) -> list[str]:
    """Return the words with which both texts begin, without prepositions and articles at their end.

    >>> beginning("Meta removed a video in May".split(), "Meta removed a clip in May".split())
    ['Meta', 'removed']
    """
    words = _common(one, other)
    while words and words[-1].lower() in _LINKS:
        words.pop()
    return words


def _inside(text: str, label: str = "") -> str:
    """Return the beginning of a sentence as it is in the middle of another.

    Args:
        label: Another text that begins with the same name, as it is written inside a sentence.

    >>> _inside("The list"), _inside("Meta"), _inside("Drill music grew", "drill music: growth")
    ('the list', 'Meta', 'drill music grew')
    """
    small = text[:1].lower() + text[1:]
    is_small = text.startswith(("The ", "A ", "An ")) or small[:1] == label[:1]
    return small if is_small else text


def _dated(names: Iterable[str], views: Views) -> list[StatementView]:
    return sorted((views[name] for name in names), key=lambda view: (view.said.strip("./") or "~", view.iri))


def _positions(views: Iterable[StatementView]) -> Iterator[list[StatementView]]:
    """Yield the statements on one proposition with one stance, the most supported first."""
    found: dict[tuple[str, str], list[StatementView]] = {}
    for view in views:
        found.setdefault((view.proposition, view.stance), []).append(view)
    yield from sorted(found.values(), key=lambda some: (-len({view.speaker for view in some}), some[0].said))


def _title(view: StatementView) -> str:
    return view.claim if view.stance == "asserts" else f"{view.stance.capitalize()}: {view.claim}"

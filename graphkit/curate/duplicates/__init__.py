"""Pairs of entities that are likely to be the same, with reasons for and against; a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from graphkit.corpus.merges import mismatches
from graphkit.curate.duplicates.evidence import Usage, findings, read_usage
from graphkit.curate.duplicates.likeness import NOT_ALIKE, Likeness, Words, candidates, likeness, shared
from graphkit.curate.duplicates.names import Name, read_names
from graphkit.model.records import Corpus, Entity

# Chosen on tests/data/duplicates/police; benchmarks/entities.py prints precision and recall at several thresholds.
THRESHOLD = 0.7
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entities that are likely to be the same.

    Attributes:
        slug: The entity to be merged into the other: the one in fewer statements.
        score: From 0 to 1.
        obstacle: Why their descriptions do not allow a merge, and how to solve it; "" if they do.
    """

    slug: str
    into: str
    score: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    obstacle: str = ""


def likely_duplicates(corpus: Corpus, threshold: float = THRESHOLD) -> list[Duplicate]:
    """Find entities that are likely to be the same, the most likely first."""
    usage = read_usage(corpus)
    alike = alike_names(corpus.entities)
    for pair in _same_numbers(corpus.entities):
        alike.setdefault(pair, [])
    found = (_duplicate(*pair, likenesses, corpus, usage) for pair, likenesses in alike.items())
    return sorted(
        (pair for pair in found if pair.score >= threshold), key=lambda pair: (-pair.score, pair.slug, pair.into)
    )


def alike_names(entities: Mapping[str, Entity]) -> dict[tuple[str, str], list[Likeness]]:
    """Return the pairs of entities with similar names, and the likeness of each pair of such names."""
    owners, names = [], []
    for slug, name in entity_names(entities):
        owners.append(slug)
        names.append(name)
    words = Words.of(word for name in names for word in name.content)
    found: defaultdict[tuple[str, str], list[Likeness]] = defaultdict(list)
    meant: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for one, other in sorted(candidates(names, words)):
        if owners[one] != owners[other]:
            near = likeness(names[one], names[other], words)
            if near is not NOT_ALIKE:
                found[min(owners[one], owners[other]), max(owners[one], owners[other])].append(near)
                # Two spellings of one long name are one meaning of its initials.
                long = one if len(names[one].words) > 1 else other
                meant[near.initials].add(frozenset(names[long].content))
    return {pair: [shared(near, len(meant[near.initials])) for near in names] for pair, names in found.items()}


def entity_names(entities: Mapping[str, Entity]) -> Iterator[tuple[str, Name]]:
    """Yield each name of each entity; names with the same words once."""
    for slug, entity in entities.items():
        names = {name.words: name for text in reversed(entity.names) for name in reversed(read_names(text))}
        yield from ((slug, name) for words, name in reversed(names.items()) if words)


def _same_numbers(entities: Mapping[str, Entity]) -> Iterable[tuple[str, str]]:
    numbered: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(entities):
        if number := entities[slug].wikidata:
            numbered[number].append(slug)
    return [pair for slugs in numbered.values() for pair in combinations(slugs, 2)]


def _duplicate(one: str, other: str, likenesses: list[Likeness], corpus: Corpus, usage: Usage) -> Duplicate:
    names = sorted(likenesses, key=lambda near: (-near.score, near.reason)) or [NOT_ALIKE]
    found = list(findings(one, other, corpus, usage))
    slug, into = _direction(one, other, corpus, usage)
    obstacles = mismatches(slug, into, corpus.entities, corpus.vocabulary, {})
    reasons = *(near.reason for near in names[:_MOST_REASONS]), *(text for text, weight in found if weight >= 0)
    doubts = names[0].doubt, *(text for text, weight in found if weight < 0)
    return Duplicate(
        slug=slug,
        into=into,
        score=_score(names[0].score, [weight for _, weight in found]),
        reasons=tuple(dict.fromkeys(filter(None, reasons))),
        doubts=tuple(dict.fromkeys(filter(None, doubts))),
        obstacle=next((" Solution: ".join(text) for text in obstacles), ""),
    )


def _score(names: float, weights: list[float]) -> float:
    """Add the weights to the score of the names: gains up to a sum of 1, then losses."""
    gains, losses = (sum(weight for weight in weights if (weight > 0) is gain) for gain in (True, False))
    return round(max(min(names + gains, 1.0) + losses, 0.0), 2)


def _direction(one: str, other: str, corpus: Corpus, usage: Usage) -> tuple[str, str]:
    """Decide which of two entities is merged into the other: one that can be, and if both can, the rarer one."""

    def worth(slug: str, left: str) -> tuple[bool, int, bool, str]:
        fits = not any(mismatches(left, slug, corpus.entities, corpus.vocabulary, {}))
        return fits, usage.count(slug), bool(corpus.entities[slug].wikidata), left

    return (one, other) if worth(other, one) > worth(one, other) else (other, one)

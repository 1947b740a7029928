"""Which entities are likely to be the same, with what speaks for and against it; a person decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from graphkit.corpus.merges import mismatches
from graphkit.curate.duplicates.candidates import candidates
from graphkit.curate.duplicates.evidence import Finding, Usage, findings, read_usage
from graphkit.curate.duplicates.likeness import NOT_ALIKE, Likeness, Words, likeness, shared
from graphkit.curate.duplicates.names import Name, read_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.model.records import Corpus, Entity

# Chosen on tests/data/duplicates/police; benchmarks/entities.py prints precision and recall at several thresholds.
THRESHOLD = 0.7
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entities that are likely to be the same.

    Attributes:
        slug: The one that would be read as the other: it is in fewer statements.
        into: The other one.
        score: From 0 to 1.
        reasons: What speaks for it.
        doubts: What speaks against it.
        obstacle: Why they cannot be merged as they are described, and what to do about it; "" if they can.
    """

    slug: str
    into: str
    score: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    obstacle: str = ""


def likely_duplicates(corpus: Corpus, threshold: float = THRESHOLD, usage: Usage | None = None) -> list[Duplicate]:
    """Find entities that are likely to be the same.

    Args:
        corpus: What was read, merges applied.
        threshold: The least score.
        usage: Where entities occur, if it is known already.

    Returns:
        The most likely first.

    Raises:
        MissingExtraError: rapidfuzz is not installed.
    """
    usage = usage or read_usage(corpus)
    alike = alike_names(corpus.entities)
    for one, other in _same_numbers(corpus.entities):
        alike.setdefault((one, other), [])
    found = (_judged(one, other, near, corpus, usage) for (one, other), near in alike.items())
    return sorted((one for one in found if one.score >= threshold), key=lambda one: (-one.score, one.slug, one.into))


def alike_names(entities: Mapping[str, Entity]) -> dict[tuple[str, str], list[Likeness]]:
    """Return the pairs of entities that have names which are alike, with each such pair of names."""
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
                # Two spellings of one long name are not two meanings of its initials.
                long = one if len(names[one].words) > 1 else other
                meant[near.initials].add(frozenset(names[long].content))
    return {pair: [_told(near, len(meant[near.initials])) for near in some] for pair, some in found.items()}


def _told(near: Likeness, meanings: int) -> Likeness:
    return shared(near, meanings) if near.initials and meanings > 1 else near


def entity_names(entities: Mapping[str, Entity]) -> Iterator[tuple[str, Name]]:
    """Yield each name of each entity, those that are compared alike once."""
    for slug, entity in entities.items():
        names = {name.words: name for text in reversed(entity.names) for name in reversed(read_names(text))}
        yield from ((slug, name) for words, name in reversed(names.items()) if words)


def _same_numbers(entities: Mapping[str, Entity]) -> Iterable[tuple[str, str]]:
    numbered: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(entities):
        if number := entities[slug].wikidata:
            numbered[number].append(slug)
    return [pair for slugs in numbered.values() for pair in combinations(slugs, 2)]


def _judged(one: str, other: str, near: list[Likeness], corpus: Corpus, usage: Usage) -> Duplicate:
    best, *rest = sorted(near, key=lambda names: (-names.score, names.reason)) or [NOT_ALIKE]
    found = list(findings(one, other, corpus, usage))
    slug, into = _turned(one, other, corpus, usage)
    obstacles = mismatches(slug, into, corpus.entities, corpus.vocabulary, {})
    reasons = [names.reason for names in (best, *rest[: _MOST_REASONS - 1])]
    return Duplicate(
        slug=slug,
        into=into,
        score=_score(best.score, found),
        reasons=_each((*reasons, *(finding.text for finding in found if finding.weight >= 0))),
        doubts=_each((best.doubt, *(finding.text for finding in found if finding.weight < 0))),
        obstacle=next((" Solution: ".join(text) for text in obstacles), ""),
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in their order, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, texts)))


def _score(names: float, others: list[Finding]) -> float:
    """Add up: the names and what speaks for it make at most 1, and what speaks against it is taken from that."""
    gains = sum(one.weight for one in others if one.weight > 0)
    losses = sum(one.weight for one in others if one.weight < 0)
    return round(max(min(names + gains, 1.0) + losses, 0.0), 2)


def _turned(one: str, other: str, corpus: Corpus, usage: Usage) -> tuple[str, str]:
    """Decide which of two goes: the one that can, and of two that can the one in fewer statements."""

    def worth(slug: str, left: str) -> tuple[bool, int, bool, str]:
        fits = not any(mismatches(left, slug, corpus.entities, corpus.vocabulary, {}))
        return fits, usage.count(slug), bool(corpus.entities[slug].wikidata), left

    return (one, other) if worth(other, one) > worth(one, other) else (other, one)

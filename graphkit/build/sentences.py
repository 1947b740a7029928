"""The label of a proposition: a sentence with its amount, its qualifiers and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.records import Alternatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.model.records import Amount, Corpus, Proposition


def sentence(said: Proposition, shown: str, corpus: Corpus) -> str:
    """Return the label of a proposition.

    Args:
        shown: The object or value as text.
    """
    relation = corpus.vocabulary.relations[said.relation].label
    amount = _amount(said.amount, corpus) if said.amount else ""
    end = ": ".join(part for part in (shown, amount) if part)
    parts = (corpus.entities[said.subject].label, relation, end, *_qualifiers(said, corpus))
    narrowed = ", ".join(part for part in (said.scope, said.when) if part)
    whole = " ".join(part for part in parts if part)
    return f"{whole} ({narrowed})" if narrowed else whole


def named(target: str | Alternatives, corpus: Corpus) -> str:
    """Return an object as text: the label of an entity, or those of alternatives in alphabetical order, "A or B"."""
    slugs = target.entities if isinstance(target, Alternatives) else (target,)
    return " or ".join(sorted(corpus.entities[slug].label for slug in slugs))


def _qualifiers(said: Proposition, corpus: Corpus) -> Iterator[str]:
    """Yield the qualifiers as phrases, in the order of the vocabulary."""
    for key, qualifier in corpus.vocabulary.qualifiers.items() if said.qualifiers else ():
        if key in said.qualifiers:
            value = said.qualifiers[key]
            yield qualifier.phrase.replace("…", corpus.entities[value].label if qualifier.range else value)


def _amount(amount: Amount, corpus: Corpus) -> str:
    words, entities = corpus.vocabulary, corpus.entities
    text = amount.text(words.units[amount.unit])
    if amount.base:
        text += f" of {entities[amount.base].label}"
    if amount.of:
        text += f" ({entities[amount.of].label})"
    if amount.per:
        text += f" per {amount.per if amount.per in words.periods else entities[amount.per].label}"
    return f"{text} in all" if amount.kind == "cumulative" else text

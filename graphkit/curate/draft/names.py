"""The entities of the workspace that a text names, by their labels and aliases only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.curate.draft.text import Match, Phrases, is_inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.model.records import Entity


def read_names(entities: Mapping[str, Entity]) -> Phrases:
    """Collect the names of entities; a capitalised name is also found without its article."""
    names = Phrases()
    for slug, entity in entities.items():
        is_exact = _is_acronym if entity.kind == "topic" else _is_capitalised
        for name in entity.names:
            names.add(name, slug, is_exact)
            article, _, rest = name.partition(" ")
            if article.casefold() == "the" and rest != rest.lower():
                names.add(rest, slug, is_exact)
    return names


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _is_capitalised(word: str) -> bool:
    return word not in {word.lower(), "The"}


def find_names(entities: Mapping[str, Entity], body: str, paragraphs: Sequence[range]) -> list[Match]:
    """Find names in a text: a name of several entities has them all, and a person named in full has a surname."""
    full = list(read_names(entities).find(body, paragraphs))
    surnames = Phrases()
    for name in full:
        first, _, last = body[name.start : name.end].rpartition(" ")
        for slug in name.values if first else ():
            if entities[slug].kind == "person":
                surnames.add(last, slug, _is_capitalised)
    short = [name for name in surnames.find(body, paragraphs) if not is_inside(name.start, name.end, full)]
    return sorted((*full, *short))

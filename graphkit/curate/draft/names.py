"""The entities of the workspace that a text names, by their labels and aliases only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.curate.draft.text import Match, Phrases, is_inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphkit.model.records import Entity
    from graphkit.model.vocabulary import Vocabulary


def kinds_of(entities: Mapping[str, Entity], words: Vocabulary) -> dict[str, str]:
    """Return the class of each entity whose kind is known."""
    return {slug: words.kinds[entity.kind] for slug, entity in entities.items() if entity.kind in words.kinds}


def read_names(entities: Mapping[str, Entity], kinds: Mapping[str, str]) -> Phrases[str]:
    """Collect the names of entities; a capitalised name is also found without its article."""
    names: Phrases[str] = Phrases()
    for slug, kind in kinds.items():
        is_exact = _is_acronym if kind == "Topic" else _is_capitalised
        for name in entities[slug].names:
            names.add(name, slug, is_exact)
            article, _, rest = name.partition(" ")
            if article.casefold() == "the" and rest != rest.lower():
                names.add(rest, slug, is_exact)
    return names


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _is_capitalised(word: str) -> bool:
    return word not in {word.lower(), "The"}


def find_names(
    names: Phrases[str], kinds: Mapping[str, str], body: str, paragraphs: Sequence[range]
) -> list[Match[str]]:
    """Find names in a text; a name of several entities has them all, and a person named in full has a surname."""
    full = [name for paragraph in paragraphs for name in names.find(body, paragraph)]
    words = dict.fromkeys((body[name.start : name.end], name.values) for name in full)
    surnames: Phrases[str] = Phrases()
    for name, slugs in words:
        first, _, last = name.rpartition(" ")
        for slug in slugs if first else ():
            if kinds[slug] == "Person":
                surnames.add(last, slug, _is_capitalised)
    short = [
        name
        for paragraph in paragraphs
        for name in surnames.find(body, paragraph)
        if not is_inside(name.start, name.end, full)
    ]
    return sorted((*full, *short), key=lambda name: name.start)

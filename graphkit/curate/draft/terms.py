"""The phrases that a capture is searched for: names of entities, and the cue words of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.curate.draft.text import Match, Phrases, is_inside
from graphkit.model.iris import SP, token
from graphkit.model.records import Entity
from graphkit.model.vocabulary import Vocabulary

_GAP = "…"
# A shorter cue, such as the 's of a genitive, is in every sentence.
_SHORTEST = 3


class Cues(NamedTuple):
    """Cues of relations, verbs of saying, and other words, each with the relations or stances that they hint at."""

    relations: Phrases
    verbs: Phrases
    stances: Phrases


def read_cues(quads: Iterable[ox.Quad], words: Vocabulary) -> Cues:
    """Collect the cues of an ontology; the label of a relation is a cue, too."""
    usable = {name: relation.label for name, relation in words.relations.items() if not relation.derived}
    cues = Cues(Phrases(), Phrases(), Phrases())
    for name, label in usable.items():
        cues.relations.add(label, name)
    for quad in quads:
        kind, term, cue = (str(getattr(node, "value", "")) for node in (quad.predicate, quad.subject, quad.object))
        kind, name = kind.removeprefix(SP), token(term.removeprefix(SP))
        if len(cue) < _SHORTEST or kind not in {"cue", "inverseCue", "innerCue"}:
            continue
        if name in usable:
            # Of a cue with gaps, such as “holds … to account”, the longest part is looked for.
            cues.relations.add(max(cue.split(_GAP), key=len), name)
        elif name in words.stances:
            (cues.stances if kind == "innerCue" else cues.verbs).add(cue.removesuffix(_GAP), name)
    return cues


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

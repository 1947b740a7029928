"""Cue words of a workspace, read from its ontology: words that hint at a relation or a stance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphkit.curate.draft.text import Phrases
from graphkit.model.iris import SP, token

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

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

"""Cue words of a workspace, read from its ontology: words that hint at a relation, a stance or a hedge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.curate.draft.text import Phrases
from graphkit.model.iris import SP, token

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from graphkit.model.vocabulary import Vocabulary

_GAP = "…"
# A shorter cue, such as the 's of a genitive, is in every sentence.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue words of an ontology.

    Attributes:
        relations: Cue to the relations that it hints at, as curators type them.
        speech: Verb of saying to its stance, and whether a listener follows (`told …`).
        stances: Word inside a statement to the stance that it hints at.
        hedges: Words with which a speaker holds back.
    """

    relations: Phrases[str]
    speech: Phrases[tuple[str, bool]]
    stances: Phrases[str]
    hedges: Phrases[str]


def read_cues(quads: Iterable[ox.Quad], words: Vocabulary) -> Cues:
    """Collect the cues of an ontology; the label of a relation is a cue, too."""
    rows = [
        (kind.removeprefix(SP), token(term.removeprefix(SP)), cue)
        for kind, term, cue in map(_values, quads)
        if kind.lower().endswith("cue") and len(cue) >= _SHORTEST
    ]
    usable = {name: relation.label for name, relation in words.relations.items() if not relation.derived}
    # Of a cue with gaps, such as “holds … to account”, the longest part is looked for.
    relations = [(max(cue.split(_GAP), key=len), name) for _, name, cue in rows if name in usable]
    said = [(cue, name) for kind, name, cue in rows if kind == "cue" and name in words.stances]
    return Cues(
        Phrases.of((*((label, name) for name, label in usable.items()), *relations)),
        Phrases.of((cue.removesuffix(_GAP), (name, cue.endswith(_GAP))) for cue, name in said),
        Phrases.of((cue, name) for kind, name, cue in rows if kind == "innerCue" and name in words.stances),
        Phrases.of((cue, name) for kind, name, cue in rows if kind == "cue" and name == "hedge"),
    )


def _values(quad: ox.Quad) -> tuple[str, str, str]:
    """Return the property, the term and the words of a triple; a blank node or triple term has none."""
    kind, term, words = (str(getattr(node, "value", "")) for node in (quad.predicate, quad.subject, quad.object))
    return kind, term, words

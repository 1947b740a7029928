"""The cue words of a workspace, read from its ontology: words that hint at a relation, a stance or a hedge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.curate.draft.tokens import Phrases, loose_keys, phrases_of
from graphkit.model.errors import WorkspaceError
from graphkit.model.iris import SP, token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from graphkit.model.vocabulary import Vocabulary

GAP = "…"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a cue of a relation hints at.

    Attributes:
        relation: The relation, as curators type it.
        inverse: The first end in the text is the object.
        tails: Words that must follow: none, or those after each gap of the cue. With one gap the second end
            stands in the gap; with two, both ends stand after the first words.
    """

    relation: str
    inverse: bool = False
    tails: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """What a word of saying hints at: a stance, and whether a listener follows (`told …`)."""

    stance: str
    listener: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """All cue words.

    Attributes:
        relations: Cues of relations.
        speech: Words by which a speaker takes a stance, and the stance.
        inner: Words inside what is said that show a stance.
        hedges: Words with which a speaker holds back.
    """

    relations: Phrases[Pattern]
    speech: Phrases[Saying]
    inner: Phrases[str]
    hedges: Phrases[str]


def read_cues(quads: Iterable[ox.Quad], words: Vocabulary) -> Cues:
    """Collect the cues of an ontology.

    Raises:
        WorkspaceError: It has none.
    """
    rows = list(_rows(quads))
    usable = {name for name, relation in words.relations.items() if not relation.derived}
    cues = Cues(
        _relations((kind, name, cue) for kind, name, cue in rows if name in usable),
        _sayings((name, cue) for kind, name, cue in rows if kind == "cue" and name in words.stances),
        phrases_of((cue, name) for kind, name, cue in rows if kind == "innerCue" and name in words.stances),
        phrases_of((cue, name) for kind, name, cue in rows if kind == "cue" and name == "hedge"),
    )
    if not cues.relations.following:
        raise WorkspaceError(
            "The ontology of this workspace has no cue words for its relations.",
            "Add them as sp:cue in ontology/relations.ttl; see docs/drafting.md.",
        )
    return cues


def _rows(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str]]:
    """Yield the property, the term as curators type it, and the words of each cue."""
    for quad in quads:
        kind = str(quad.predicate.value).removeprefix(SP)
        if kind in {"cue", "inverseCue", "innerCue"}:
            yield (
                kind,
                token(str(getattr(quad.subject, "value", "")).removeprefix(SP)),
                getattr(quad.object, "value", ""),
            )


def _relations(rows: Iterable[tuple[str, str, str]]) -> Phrases[Pattern]:
    tree: Phrases[Pattern] = Phrases()
    for kind, name, cue in rows:
        head, *rest = cue.split(GAP)
        tails = tuple(tuple(loose_keys(part)) for part in rest)
        tree.add(loose_keys(head), Pattern(name, kind == "inverseCue", tails))
    return tree


def _sayings(rows: Iterable[tuple[str, str]]) -> Phrases[Saying]:
    return phrases_of((cue.removesuffix(GAP), Saying(name, cue.endswith(GAP))) for name, cue in rows)

"""Checks the steps of stories: a reader must see in each step the things that its text is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from graphkit.corpus.parse import near
from graphkit.corpus.stories import read_story
from graphkit.corpus.yaml_tree import Tree
from graphkit.model.errors import Level, Problem
from graphkit.model.records import Alternatives, Corpus, Source, Statement, StatementRef
from graphkit.model.stories import Step
from graphkit.model.workspace import Workspace

# Most nodes of a step: more cannot all be named in the picture.
_MOST_NODES = 40
# The filters whose effect follows from the data alone; that of the others also depends on the policy and on disputes.
_KNOWN = frozenset({"kind", "relation", "stance", "speaker", "source"})


class _Line(NamedTuple):
    """A line of the picture: its two nodes, and the values by which a step can choose it."""

    ends: tuple[str, str]
    values: Mapping[str, tuple[str]]
    kinds: tuple[str, ...]


def story_problems(workspace: Workspace, corpus: Corpus) -> Iterator[Problem]:
    """Yield the problems of all stories. They are warnings: a build needs no story."""
    lines: list[_Line] = []
    for path in workspace.story_files():
        found = read_story(path, workspace)
        for one in found.problems:
            yield Problem("broken-story", one.location, one.message, one.solution, Level.WARNING)
        lines = lines or [line for source in corpus.sources.values() for line in _lines(source, corpus)]
        for number, step in enumerate(found.story.steps if found.story else ()):
            yield from _problems(
                found.tree, number, step, [line for line in lines if step.leaves(line.kinds, line.values)]
            )


def _problems(tree: Tree, number: int, step: Step, lines: list[_Line]) -> Iterator[Problem]:
    """Yield the problems of a step, from the lines that its filter leaves."""
    path = ("steps", number)
    shown = _ends(line for line in lines if step.is_about(line.ends))
    for place, slug in enumerate(step.focus):
        if slug not in shown:
            message = f"No line of this step leads to {slug!r}."
            at = tree.place((*path, "focus", place))
            yield Problem("missing-from-step", at, message, near(slug, _ends(lines)), Level.WARNING)
    if not shown and not step.focus:
        message, solution = "The filter of this step leaves nothing.", "correct it; see the legend of: graphkit view."
        yield Problem("empty-step", tree.place((*path, "filter")), message, solution, Level.WARNING)
    if len(shown) > _MOST_NODES and step.only.keys() <= _KNOWN and not (step.since or step.until):
        message = f"This step shows {len(shown)} nodes; at most {_MOST_NODES} can all be named."
        solution = "add focus: or filter:, or make two steps of it."
        yield Problem("crowded-step", tree.place(path), message, solution, Level.WARNING)


def _ends(lines: Iterable[_Line]) -> set[str]:
    return {end for line in lines for end in line.ends}


def _lines(source: Source, corpus: Corpus) -> Iterator[_Line]:
    """Yield a line for each statement between two things, and one from each speaker who denies a claim about others."""
    for said in source.statements.values():
        target = _target(said, source)
        if not target:
            continue
        speaker = said.speaker or source.publisher
        label = corpus.vocabulary.relations[said.relation].label
        ends = [((said.subject, target), label)]
        if said.stance == "denies" and speaker not in ends[0][0]:
            ends.append(((speaker, said.subject), f"that it {label}"))
        for pair, relation in ends:
            yield _Line(pair, _values(said, source, relation, corpus), tuple(_kind(end, corpus) for end in pair))


def _target(said: Statement, source: Source) -> str:
    """Return the object of a statement: an entity, or a key for a proposition; "" if it is none of these."""
    if said.object is None or isinstance(said.object, Alternatives):
        return ""
    if isinstance(said.object, StatementRef):
        return f"{source.id}/{said.object.statement}"
    return str(said.object)


def _values(said: Statement, source: Source, relation: str, corpus: Corpus) -> dict[str, tuple[str]]:
    speaker = corpus.entities[said.speaker or source.publisher].label
    return {"stance": (said.stance,), "speaker": (speaker,), "source": (source.title,), "relation": (relation,)}


def _kind(end: str, corpus: Corpus) -> str:
    return corpus.entities[end].kind.replace("-", " ") if end in corpus.entities else "proposition"

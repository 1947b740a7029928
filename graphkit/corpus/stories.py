"""Reads stories: `data/stories/NAME.yaml` with a title and steps of text, focus and filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from graphkit.corpus.parse import near
from graphkit.corpus.yaml_tree import Tree, read_tree
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, NotFoundError, Problem, QueryError
from graphkit.model.records import Alternatives, Corpus, Source, Statement, StatementRef
from graphkit.model.stories import Step, Story
from graphkit.model.workspace import Workspace

_FILTERS = ("kind", "status", "polarity", "relation", "stance", "speaker", "source", "since", "until")
_STEP = ("text", "focus", "filter")
# Most nodes of a step: more cannot all be named in the picture.
_MOST_NODES = 40
# The filters whose effect follows from the data alone; that of the others also depends on the policy and on disputes.
_KNOWN = frozenset({"kind", "relation", "stance", "speaker", "source"})


@dataclass(frozen=True, slots=True)
class StoryFile:
    """The file of a story: the story, or the problems that make it unreadable."""

    tree: Tree
    story: Story | None
    problems: list[Problem]


class _BrokenError(Exception):
    """The file is YAML, but no story."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def find_story(workspace: Workspace, name: str) -> Story:
    """Read a story of a workspace.

    Raises:
        NotFoundError: There is no such file.
        QueryError: The file is no story.
    """
    files = {path.stem: path for path in workspace.story_files()}
    if name not in files:
        raise NotFoundError(f"There is no story {name!r}.", instead(name, files))
    found = read_story(files[name], workspace)
    if found.story is None:
        raise QueryError(f"{found.problems[0].location}: {found.problems[0].message}", found.problems[0].solution)
    return found.story


def read_stories(workspace: Workspace) -> dict[str, Story]:
    """Read the stories of a workspace, by name; without those that `graphkit check` reports as broken."""
    found = {path.stem: read_story(path, workspace).story for path in workspace.story_files()}
    return {name: story for name, story in found.items() if story is not None}


def read_story(path: Path, workspace: Workspace) -> StoryFile:
    """Read the file of a story."""
    tree, problems = read_tree(path, workspace.name(path))
    if problems:
        return StoryFile(tree, None, problems)
    try:
        return StoryFile(tree, _story(tree), [])
    except _BrokenError as error:
        return StoryFile(tree, None, [error.problem])


def _story(tree: Tree) -> Story:
    data = _mapping(tree, (), ("title", "steps"))
    steps = data.get("steps")
    if not isinstance(steps, list) or not steps:
        raise _broken(tree, ("steps",), "A story needs steps.", "type steps: and below it a list of - text: …")
    return Story(_text(tree, ("title",), data.get("title")), tuple(_step(tree, i) for i in range(len(steps))))


def _step(tree: Tree, number: int) -> Step:
    path = ("steps", number)
    data = _mapping(tree, path, _STEP)
    text = _text(tree, (*path, "text"), data.get("text"))
    given = _mapping(tree, (*path, "filter"), _FILTERS) if "filter" in data else {}
    years = {name: _year(tree, (*path, "filter", name), given[name]) for name in ("since", "until") if name in given}
    only = {name: _texts(value) for name, value in given.items() if name not in years}
    return Step(text, _texts(data.get("focus", [])), only, years.get("since"), years.get("until"))


def _mapping(tree: Tree, path: Sequence[str | int], known: Sequence[str]) -> dict[str, Any]:
    found: Any = tree.root
    for part in path:
        found = found[part]
    if not isinstance(found, dict):
        raise _broken(tree, path, "This is not a list of names with values.", f"type one of: {', '.join(known)}.")
    for name in found:
        if name not in known:
            raise _broken(tree, (*path, name), f"There is no {name!r} here.", instead(name, known))
    return found


def _text(tree: Tree, path: Sequence[str | int], value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _broken(tree, path, f"{path[-1]} is missing or empty.", f"type {path[-1]}: and a text.")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _year(tree: Tree, path: Sequence[str | int], value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == len("2019")):
        raise _broken(tree, path, f"{text!r} is not a year.", "type four digits, such as 2019.")
    return int(text)


def _broken(tree: Tree, path: Sequence[str | int], message: str, solution: str) -> _BrokenError:
    return _BrokenError(Problem("broken-story", tree.place(path), message, solution, Level.WARNING))


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

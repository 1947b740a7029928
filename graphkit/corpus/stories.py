"""Reads stories: `data/stories/NAME.yaml` with a title and steps of text, focus and filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphkit.corpus.yaml_tree import Tree, read_tree
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, NotFoundError, Problem, QueryError
from graphkit.model.stories import Step, Story
from graphkit.model.workspace import Workspace

_FILTERS = ("kind", "status", "polarity", "relation", "stance", "speaker", "source", "since", "until")
_STEP = ("text", "focus", "filter")


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

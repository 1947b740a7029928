"""Reads stories: `data/stories/NAME.yaml` with a title and steps of text, focus and filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphkit.corpus.yaml_tree import Tree, read_tree
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.stories import Step, Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.model.workspace import Workspace

_FILTERS = ("kind", "status", "polarity", "relation", "stance", "speaker", "source", "since", "until")
_STEP = ("text", "focus", "filter")


def find_story(workspace: Workspace, name: str) -> Story:
    """Read a story of a workspace."""
    files = {path.stem: path for path in workspace.story_files()}
    if name not in files:
        raise NotFoundError(
            f"There is no story {name!r}.", f"Type one of: {', '.join(files) or 'none is written yet'}."
        )
    tree, problems = read_tree(files[name], workspace.name(files[name]))
    if problems:
        raise QueryError(f"{problems[0].location}: {problems[0].message}", problems[0].solution)
    return _story(tree)


def _story(tree: Tree) -> Story:
    data = _mapping(tree, (), ("title", "steps"))
    steps = data.get("steps")
    if not isinstance(steps, list) or not steps:
        raise _refused(tree, ("steps",), "A story needs steps.", "Type: steps: and below it a list of - text: …")
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
        raise _refused(tree, path, "This is not a list of names with values.", f"Type one of: {', '.join(known)}.")
    for name in found:
        if name not in known:
            raise _refused(tree, (*path, name), f"There is no {name!r} here.", f"Type one of: {', '.join(known)}.")
    return found


def _text(tree: Tree, path: Sequence[str | int], value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(tree, path, f"{path[-1]} is missing or empty.", f"Type: {path[-1]}: and a text.")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _year(tree: Tree, path: Sequence[str | int], value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == len("2019")):
        raise _refused(tree, path, f"{text!r} is not a year.", "Type four digits, such as 2019.")
    return int(text)


def _refused(tree: Tree, path: Sequence[str | int], message: str, hint: str) -> QueryError:
    return QueryError(f"{tree.place(tuple(path))}: {message}", hint)

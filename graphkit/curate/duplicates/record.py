"""Merges written into `data/merges.yaml` and taken out again; comments and everything else stay as they are."""

from __future__ import annotations

from graphkit.corpus.load import load
from graphkit.corpus.write import merge_line
from graphkit.corpus.yaml_tree import Node
from graphkit.curate.yaml_edit import capital, check_meaning, entries, read_file, with_entry, without_entry, write_files
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import Level, NotFoundError, WorkspaceError
from graphkit.model.records import Merge
from graphkit.model.workspace import Workspace

_PART = "merges"
_HEAD = """\
# yaml-language-server: $schema=../ontology/merges.schema.json
# Entities that are read as another. Delete a line to undo it.
"""


def record_merge(workspace: Workspace, slug: str, merge: Merge) -> None:
    """Write a merge into `data/merges.yaml`.

    Raises:
        WorkspaceError: It would be wrong, or the file cannot be read or written; the file stays as it was.
    """
    text, tree = read_file(workspace.merges, workspace.name(workspace.merges), _HEAD)
    known = entries(tree, _PART)
    if slug in known:
        location = tree.key_place((_PART, slug))
        raise WorkspaceError(f"{slug!r} is merged already, at {location}.", f"Type: graphkit entities --undo {slug}")
    line = merge_line(slug, merge)
    new, _ = with_entry(text, tree, _PART, [line])
    entry: dict[str, Node] = {"into": merge.into, "reason": merge.reason, "date": merge.date}
    check_meaning(new, tree, _PART, {**known, slug: entry}, f"Add to {tree.file}: {line}")
    before = {(problem.code, problem.message) for problem in load(workspace).problems}
    for problem in load(workspace, merges=new).problems:
        if problem.level is Level.ERROR and (problem.code, problem.message) not in before:
            raise WorkspaceError(
                f"{tree.file} would be wrong ({problem.code}): {problem.message}", capital(problem.solution)
            )
    write_files({workspace.merges: new})


def remove_merge(workspace: Workspace, slug: str) -> None:
    """Take a merge out of `data/merges.yaml`.

    Raises:
        WorkspaceError: The file cannot be read or written; it stays as it was.
    """
    text, tree = read_file(workspace.merges, workspace.name(workspace.merges), _HEAD)
    known = entries(tree, _PART)
    if slug not in known:
        raise NotFoundError(
            f"{tree.file} does not merge {slug!r}.", instead(slug, known) if known else "Nothing is merged."
        )
    left = {other: entry for other, entry in known.items() if other != slug}
    new = without_entry(text, tree, _PART, slug)
    check_meaning(new, tree, _PART, left, f"Delete it by hand: {tree.key_place((_PART, slug))}")
    write_files({workspace.merges: new})

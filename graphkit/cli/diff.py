"""`graphkit diff`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace, output_path
from graphkit.cli.output import page, plain, say, show
from graphkit.model.files import is_stream
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.release.changes import Change, Difference

EXAMPLES = "Examples:  graphkit diff HEAD  |  graphkit diff dist-0.1.0 dist-0.2.0 --patch 0.1.0-0.2.0.rdfp.gz"
_SIGNS = {"added": "+", "changed": "~", "reused": "!"}


def run(
    old: Annotated[
        str,
        typer.Argument(
            help="The old version: a commit, a released folder, a build, a workspace, or a file of N-Quads."
        ),
    ],
    new: Annotated[str, typer.Argument(help="The new version; by default the current build.")] = "",
    patch: Annotated[
        Path | None, typer.Option("--patch", help="Also write an RDF Patch that makes NEW of OLD, or - for stdout.")
    ] = None,
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """Compare two versions. Statements, entities and sources that are new, gone or changed, field by field."""
    from graphkit.release.changes import COLUMNS, compare, write_patch
    from graphkit.release.versions import open_version

    workspace = chosen_workspace(folder, new)
    before, now = open_version(old, workspace), open_version(new or str(workspace.root), workspace)
    found = compare(before, now)
    path = output_path(patch)
    if path:
        write_patch(before, now, path)
    if not (path and is_stream(path)):
        page("\n".join(_lines(found))) if form == "table" else show(COLUMNS, found.changes, form)
    for change in found.changes:
        if change.change == "reused":
            say(
                f"The {change.kind} {change.id} now stands for something else. Give it a new id.",
                err=True,
                colour="red",
            )


def _lines(found: Difference) -> Iterator[str]:
    for (change, kind, name), rows in groupby(found.changes, key=lambda one: one[:3]):
        yield from _thing(f"{_SIGNS.get(change, '-')} {change} {kind}  {name}", list(rows))
    counts = [
        f"{counted(number, kind, 'entities' if kind == 'entity' else '')} {change}"
        for (kind, change), number in sorted(found.counts().items())
    ]
    yield f"{', '.join(counts) or 'No difference'}. Lines: {found.added:,} added, {found.removed:,} removed."


def _thing(head: str, rows: list[Change]) -> Iterator[str]:
    reason = f"  ({rows[0].reason})" if rows[0].reason else ""
    yield plain(f"{head}{reason}")
    for row in rows:
        yield plain(
            f"    {row.field}: {row.old or 'nothing'} → {row.new or 'nothing'}"
            if row.field
            else f"    {row.old or row.new}"
        )

"""`graphkit migrate`."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import say, show
from graphkit.model.text import counted

EXAMPLES = "Examples:  graphkit migrate --dry-run  |  graphkit migrate --dry-run --format csv"

_COLUMNS = ("place", "kind", "before", "after")


def run(
    dry: Annotated[bool, typer.Option("--dry-run", help="List the changes and write nothing.")] = False,
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """Bring a workspace of an earlier version up to date. Lists the changes, and the places that need a person."""
    from graphkit.curate.migrate import plan_migration

    workspace = chosen_workspace(folder)
    found = plan_migration(workspace)
    rows = [(str(one.location), one.kind, one.before, one.after) for one in found.changes]
    rows += [(str(one.location), f"{one.kind}, by hand", one.text, one.advice) for one in found.left]
    if rows:
        show(_COLUMNS, rows, form)
    if not dry:
        found.write()
    kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(one.kind for one in found.changes).items())
    files, left = counted(len(found.texts), "file"), counted(len(found.left), "place needs", "places need")
    made = f"{counted(len(found.changes), 'change')}{f' ({kinds})' if kinds else ''} in {files}"
    say(f"{made}; {'nothing was written' if dry else 'written'}. {left} a person.", err=True)

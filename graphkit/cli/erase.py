"""`graphkit erase`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, say, show
from graphkit.model.errors import WorkspaceError
from graphkit.model.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.model.workspace import Workspace
    from graphkit.release.full_text import Hit

EXAMPLES = (
    "Examples:  graphkit erase jane-doe --reason 'Asked by the person.' --dry-run  |  "
    "graphkit erase gazette-2021/paid --reason 'Court order.' --delete build/site"
)
_SHOWN = 20


def run(
    name: Annotated[
        str, typer.Argument(help="The id of a statement (source/key), an entity or a source.", metavar="ID")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the tombstone.")],
    release: Annotated[
        list[Path] | None,
        typer.Option("--release", help="A folder to search for copies, which stay; may be repeated.", exists=True),
    ] = None,
    delete: Annotated[
        list[Path] | None, typer.Option("--delete", help="A site or other made folder to delete too; may be repeated.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the changes without making them.")] = False,
    form: FormatOption = "table",
    folder: WorkspaceOption = None,
) -> None:
    """Erase a statement or an entity from data, build and drafts. A tombstone keeps the reason and a hash of the id."""
    from graphkit.release.erasure import COLUMNS, carry_out, plan

    workspace = chosen_workspace(folder)
    if not reason.strip():
        raise typer.BadParameter("It is empty; say why the statements are erased.", param_hint="--reason")
    done = plan(workspace, name, reason.strip(), release or (), delete or ())
    held = [("held", hit.found or "not searched", workspace.name(hit.path), hit.line) for hit in done.held]
    left = [("by hand", hit.found or "not searched", workspace.name(hit.path), hit.line) for hit in done.left]
    if dry_run:
        show(COLUMNS, [*done.removals, *held, *left], form)
        return
    if done.left:
        raise WorkspaceError(
            f"Nothing was erased, because {counted(len(done.left), 'place needs', 'places need')} a person.",
            _places(workspace, done.left)
            + "\nEdit or delete them first, or name folders that keep it, --release DIR, or that may go, --delete DIR",
        )
    with progress(("check", "build", "write")) as enter:
        carry_out(workspace, done, enter)
    show(COLUMNS, [*done.removals, *held], form)
    say("Erased. Not searched: the history of Git, captures, and files outside the workspace.", err=True)


def _places(workspace: Workspace, hits: Sequence[Hit]) -> str:
    lines = [
        f"{workspace.name(hit.path)}{f':{hit.line}' if hit.line else ''}  {hit.found or 'cannot be searched'}"
        for hit in hits[:_SHOWN]
    ]
    return "\n".join([*lines, *([f"… and {len(hits) - _SHOWN} more."] if len(hits) > _SHOWN else [])])

"""`graphkit build`."""

from __future__ import annotations

from typing import Annotated

import typer

from graphkit.cli.options import CapturesOption, FormatOption, RuleTimeoutOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, show, show_problems, summary

EXAMPLES = "Examples:  graphkit build --captures ../captures  |  graphkit build --rollback"


def run(
    captures: CapturesOption = None,
    form: FormatOption = "table",
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the build before the current one; build nothing.")
    ] = False,
    timeout: RuleTimeoutOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Build the graph and its index. If the data has errors, the last good build stays."""
    workspace = chosen_workspace(folder)
    if rollback:
        from graphkit.build.generations import roll_back

        typer.echo(f"{workspace.name(workspace.build)} holds the build {roll_back(workspace.build).sha256} again.")
        return
    from graphkit.build.prepared import Prepared

    with Prepared.ahead(workspace, timeout) as prepared:
        from graphkit.build.pipeline import STAGES, build  # slow to import

        with progress(STAGES) as enter:
            built = build(workspace, captures, enter, timeout, prepared)
    if not built.ok:
        show_problems(built.problems, form, workspace.root)
        typer.secho(f"Nothing was built: {summary(built.problems)}.", fg="red", err=True)
        raise typer.Exit(1)
    show_problems(built.problems, "table", workspace.root)
    evidence = {f"evidence {status}": number for status, number in built.evidence.items()}
    rows = [*built.counts.items(), *evidence.items(), ("sha256", built.sha256)]
    title = f"{workspace.name(workspace.graph_file)} and its index, {summary(built.problems)}"
    show(("what", "number"), rows, form, title)

"""`graphkit check`."""

from __future__ import annotations

import typer

from graphkit.cli.options import CapturesOption, FormatOption, RuleTimeoutOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, show_problems, summary

EXAMPLES = "Examples:  graphkit check  |  graphkit check --captures ../captures --format csv"


def run(
    captures: CapturesOption = None,
    form: FormatOption = "table",
    timeout: RuleTimeoutOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Check the data and show how to fix it. Each problem comes with its place and a solution; nothing is written."""
    from graphkit.build.pipeline import STAGES, check

    workspace = chosen_workspace(folder)
    with progress(STAGES) as enter:
        found = check(workspace, captures, enter, timeout)
    show_problems(found.problems, form)
    if form == "table":
        evidence = ", ".join(f"{number} {status}" for status, number in found.evidence.items()) or "none"
        typer.echo(f"Evidence: {evidence}. Checked with {summary(found.problems)}.")
    raise typer.Exit(0 if found.ok else 1)

"""`graphkit build`."""

from __future__ import annotations

import gc

import typer

from graphkit.cli.options import CapturesOption, FormatOption, WorkspaceOption, workspace
from graphkit.cli.output import progress, show, show_problems, summary

EXAMPLES = "Examples:  graphkit build  |  graphkit build --captures ../captures --format json"


def run(captures: CapturesOption = None, form: FormatOption = "table", folder: WorkspaceOption = None) -> None:
    """Build the graph and its index. If the data has errors, the last good build stays."""
    gc.set_threshold(50_000)  # records live until the build ends: looking for garbage often takes 5 % of its time
    from graphkit.build.pipeline import STAGES, build

    project = workspace(folder)
    with progress(STAGES) as enter:
        built = build(project, captures, enter)
    if not built.ok:
        show_problems(built.problems, form)
        typer.secho(f"Nothing was built: {summary(built.problems)}.", fg="red", err=True)
        raise typer.Exit(1)
    show_problems(built.problems, "table")
    evidence = {f"evidence {status}": number for status, number in built.evidence.items()}
    rows = [*built.counts.items(), *evidence.items(), ("sha256", built.sha256)]
    show(("what", "number"), rows, form, f"{project.name(project.graph_file)} and its index, {summary(built.problems)}")

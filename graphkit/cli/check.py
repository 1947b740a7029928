"""`graphkit check`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import CapturesOption, FormatOption, RuleTimeoutOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, say, show, show_problems, summary
from graphkit.model.text import counted, visible
from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit check --format csv  |  graphkit check --publication --why"


def run(
    captures: CapturesOption = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write the passages that are found to data/verification.csv.")
    ] = False,
    publication: Annotated[
        bool, typer.Option("--publication", help="Check whether the data may be published, in place of all else.")
    ] = False,
    why: Annotated[
        bool, typer.Option("--why", help="With --publication: list the rules with what they found.")
    ] = False,
    form: FormatOption = "table",
    timeout: RuleTimeoutOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Check the data and show how to fix it. Each problem comes with its place and a solution."""
    from graphkit.build.pipeline import STAGES, check

    if record and captures is None:
        raise typer.BadParameter("Type also the folder of the captures: --captures DIR", param_hint="--record")
    if why and not publication:
        raise typer.BadParameter("Type also --publication.", param_hint="--why")
    workspace = chosen_workspace(folder)
    if publication:
        raise typer.Exit(_publication(workspace, form, why=why))
    if record and captures:
        _record(workspace, captures)
    with progress(STAGES) as enter:
        found = check(workspace, captures, enter, timeout)
    show_problems(found.problems, form, workspace.root)
    if found.without_capture:
        names = "\n  ".join(found.without_capture)
        typer.echo(
            f"{counted(len(found.without_capture), 'source has', 'sources have')} no capture in {captures}:\n  {names}",
            err=True,
        )
        typer.echo(f"To fetch them: graphkit capture --missing --to {captures}", err=True)
    if form == "table":
        evidence = ", ".join(f"{number} {status}" for status, number in found.evidence.items()) or "none"
        if found.free_scopes:
            typer.echo(f"Free scopes: {found.free_scopes}. To list them: graphkit migrate --dry-run")
        typer.echo(f"Evidence: {evidence}. Checked with {summary(found.problems)}.")
        if captures and not record and found.evidence.get("unverified"):
            typer.echo(
                f"To record the passages that are found as verified: graphkit check --captures {captures} --record"
            )
    raise typer.Exit(0 if found.ok else 1)


def _publication(workspace: Workspace, form: str, *, why: bool) -> int:
    """Print the reasons not to publish, or the rules, and return the exit code."""
    from graphkit.release.publication import COLUMNS, RULES, check

    found = check(workspace)
    if why:
        numbers = Counter(one.rule for one in found)
        show(("rule", "found", "meaning"), [(rule.name, numbers[rule.name], rule.means) for rule in RULES], form)
    elif form != "table":
        show(COLUMNS, [one.row() for one in found], form)
    for one in found if form == "table" else ():
        say(f"{visible(one.location)}  {one.rule}\n    {one.message}\n    Solution: {one.solution}", err=True)
    if form == "table":
        say(f"Reasons not to publish: {len(found)}." if found else "The data may be published.")
    return 1 if found else 0


def _record(workspace: Workspace, captures: Path) -> None:
    """Look the passages up and write the record; if the data cannot be read, the check that follows says why."""
    from graphkit.corpus.evidence import Captures
    from graphkit.corpus.load import load
    from graphkit.corpus.verification import record
    from graphkit.model.errors import has_errors

    loaded = load(workspace)
    if has_errors(loaded.problems):
        typer.secho("Nothing was recorded, because the data has errors.", fg="red", err=True)
        return
    today = dt.datetime.now().astimezone().date().isoformat()
    done = record(workspace, loaded.corpus, Captures.in_folder(captures, workspace), today)
    parts = [f"{done.verified} found", f"{done.kept} kept from before", f"{done.dropped} dropped"]
    typer.echo(f"{workspace.name(workspace.verification)}: {', '.join(parts)}.", err=True)

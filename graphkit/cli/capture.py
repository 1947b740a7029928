"""`graphkit capture`."""

from __future__ import annotations

import json
import os
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import WorkspaceOption, choice, chosen_workspace, timeout_option
from graphkit.cli.output import plain, progress, say, show, show_problems

if TYPE_CHECKING:
    from graphkit.curate.capture import Captured
    from graphkit.curate.capture.fetch import FetchLimits
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit capture https://example.org/cameras  |  graphkit capture --missing --to ../captures"

# The formats of the source block; of a list of missing captures, csv and json, else a table.
FORMATS = ("yaml", "json", "csv")


def run(
    origin: Annotated[
        str, typer.Argument(help="An http(s) address, or an .html, .pdf or .txt file.", metavar="PAGE")
    ] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Fetch the address of every source that has no capture in the folder.")
    ] = False,
    pause: Annotated[
        float, typer.Option("--pause", min=0, help="With --missing: seconds between two requests to one server.")
    ] = 5.0,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            envvar="GRAPHKIT_CAPTURES",
            help="The folder of captures, outside the workspace; by default graphkit/captures in your data folder.",
        ),
    ] = None,
    source_id: Annotated[str, typer.Option("--id", help="The id of the source; by default made from the page.")] = "",
    url: Annotated[str, typer.Option("--url", help="The address of a saved page.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="The kind of source; by default news-article.")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="The encoding, if the page states a wrong one.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a different text with the same id.")] = False,
    accept_short: Annotated[bool, typer.Option("--accept-short", help="Accept a very short text or a notice.")] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="Allow this host although it is not on the public network.", metavar="NAME"),
    ] = None,
    max_bytes: Annotated[int, typer.Option("--max-bytes", min=1, help="Largest page in bytes.")] = 20_000_000,
    timeout: Annotated[float, timeout_option("Time limit of the whole fetch in seconds.")] = 60.0,
    form: Annotated[
        str, typer.Option("--format", "-f", help="Output format; csv only with --missing.", **choice(FORMATS))
    ] = "yaml",
    folder: WorkspaceOption = None,
) -> None:
    """Store the text of a page or PDF. It stays outside the workspace; the head of its source file is printed.

    With --missing, fetch every source without a capture, and list the failures; a second run continues.

    With `> file.yaml` a shell empties the file even if the page is refused: look at the output first.
    """
    from graphkit.curate.capture import STEPS, CaptureOptions, capture
    from graphkit.curate.capture.fetch import FetchLimits
    from graphkit.curate.capture.files import default_folder

    _check_usage(origin, form, source_id or url or kind or encoding, missing=missing, replace=replace or accept_short)
    limits = FetchLimits(max_bytes=max_bytes, total=timeout, allowed=frozenset(allow_host or ()))
    if url and not Path(origin).is_file():
        raise typer.BadParameter("Only a saved page takes it; an address is its own.", param_hint="--url")
    options = CaptureOptions(source_id, url, kind, encoding, replace, accept_short, limits)
    workspace, captures = chosen_workspace(folder), to or default_folder(os.environ)
    if missing:
        _capture_missing(workspace, captures, limits, pause, form)
        return
    with progress(STEPS) as enter:
        found = capture(origin, workspace, captures, options, enter)
    _print(found, form)


def _check_usage(origin: str, form: str, proposed: str, *, missing: bool, replace: bool) -> None:
    if missing == bool(origin):
        raise typer.BadParameter("Give either one page or --missing.")
    if missing and (proposed or replace):
        raise typer.BadParameter("--missing stores each source under its own id; omit the options for one page.")
    if form == "csv" and not missing:
        raise typer.BadParameter("The head of a source file can be yaml or json, not csv.")


def _capture_missing(workspace: Workspace, captures: Path, limits: FetchLimits, pause: float, form: str) -> None:
    from graphkit.curate.capture.missing import Attempt, capture_missing

    def announce(number: int, of: int, source: str) -> None:
        say(f"{number} of {of}: {source}", err=True)

    attempts = list(capture_missing(workspace, captures, limits, pause, announce))
    left = [attempt for attempt in attempts if attempt.result != "stored"]
    columns = tuple(Attempt.__dataclass_fields__)
    if form in {"csv", "json"}:
        show(columns, map(astuple, attempts), form)
    elif remarks := [attempt for attempt in attempts if attempt.reason]:
        show(columns, map(astuple, remarks), "table", "Failures and remarks")
    say(f"Stored {len(attempts) - len(left)} of {len(attempts)} missing captures in {captures}.", err=True)
    if left:
        raise typer.Exit(1)


def _print(found: Captured, form: str) -> None:
    if found.block is None:
        show_problems(found.problems, "json" if form == "json" else "table")
        typer.secho("Nothing was stored.", fg="red", err=True)
        raise typer.Exit(1)
    show_problems(found.problems, "table")
    typer.echo(f"Stored: {plain(', '.join(map(str, found.files)))}", err=True)
    if form == "json":
        typer.echo(json.dumps(dict(found.block.values), ensure_ascii=False, indent=1))
    else:
        typer.echo(found.block.as_yaml(), nl=False)

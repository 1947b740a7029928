"""`graphkit capture`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import WorkspaceOption, choice, chosen_workspace, timeout_option
from graphkit.cli.output import plain, progress, show_problems

if TYPE_CHECKING:
    from graphkit.curate.capture import Captured

EXAMPLES = (
    "Examples:  graphkit capture https://example.org/cameras  |  "
    "graphkit capture report.pdf --id example-report-2021 --kind report"
)

# The formats of the source block.
FORMATS = ("yaml", "json")


def run(
    origin: Annotated[
        str,
        typer.Argument(help="An http(s) address, or an .html, .pdf or .txt file.", metavar="PAGE", show_default=False),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            envvar="GRAPHKIT_CAPTURES",
            help="The folder of captures, outside the workspace; by default graphkit/captures in your data folder.",
            show_default=False,
        ),
    ] = None,
    source_id: Annotated[str, typer.Option("--id", help="The id of the source; by default made from the page.")] = "",
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
        str, typer.Option("--format", "-f", help="Output format of the block.", **choice(FORMATS))
    ] = "yaml",
    folder: WorkspaceOption = None,
) -> None:
    """Store the text of a page or PDF. It stays outside the workspace; the head of its source file is printed.

    With `> file.yaml` a shell empties the file even if the page is refused: look at the output first.
    """
    from graphkit.curate.capture import STEPS, CaptureOptions, capture
    from graphkit.curate.capture.fetch import FetchLimits
    from graphkit.curate.capture.files import default_folder

    limits = FetchLimits(max_bytes=max_bytes, total=timeout, allowed=frozenset(allow_host or ()))
    options = CaptureOptions(source_id, kind, encoding, replace, accept_short, limits)
    with progress(STEPS) as enter:
        found = capture(origin, chosen_workspace(folder), to or default_folder(os.environ), options, enter)
    _print(found, form)


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

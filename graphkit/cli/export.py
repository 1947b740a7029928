"""`graphkit export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import progress, say
from graphkit.model.files import is_stream
from graphkit.model.iris import DEFAULT_POLICY
from graphkit.release.exports import FORMATS, default_name, export

EXAMPLES = "Examples:  graphkit export graphml  |  graphkit export tables -o tables/"


def run(
    form: Annotated[str, typer.Argument(help=f"One of: {', '.join(FORMATS)}.", metavar="FORMAT")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The file, the folder for tables, or - for standard output; by default in build/export/.",
        ),
    ] = None,
    policy: options.PolicyOption = DEFAULT_POLICY,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe", help="With tables: a second set of files in which no cell is run as a formula."
        ),
    ] = False,
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Export the graph for other tools. Each edge has its statements, stances, status and policy."""
    from graphkit.query.worker import store_of
    from graphkit.release.tables.files import LARGEST_NETWORK

    workspace = options.chosen_workspace(folder, store)
    path = options.output_path(output) or options.output_folder(workspace, store) / "export" / default_name(form)
    if spreadsheet_safe and form != "tables":
        raise typer.BadParameter("Only the format tables takes it.", param_hint="--spreadsheet-safe")
    with progress((form, "done")):
        opened = store_of(workspace, store)
        files = export(opened, form, policy, path)
        if spreadsheet_safe:
            files += export(opened, "spreadsheets", policy, path)
    if form in {"tables", "parquet"} and not any(file.stem == "edges" for file in files):
        text = f"nodes, edges and edge_statements are left out: there are more than {LARGEST_NETWORK:,} statements."
        say(f"{text} They are in statements and propositions.", err=True)
    for file in files:
        say(f"{file}  (policy {policy})", err=is_stream(file))

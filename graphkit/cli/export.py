"""`graphkit export`."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import Policy, PolicyOption, WorkspaceOption, workspace
from graphkit.cli.output import progress

EXAMPLES = "Examples:  graphkit export graphml  |  graphkit export csv --policy corroborated -o tables/"

ExportFormat = enum.StrEnum("ExportFormat", ["graphml", "csv", "turtle", "trig", "nquads", "jsonld"])


def run(
    form: Annotated[ExportFormat, typer.Argument(help="The format.", metavar="FORMAT", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The file, or for csv the folder; by default in build/export/.", show_default=False
        ),
    ] = None,
    policy: PolicyOption = Policy.ATTRIBUTED,
    folder: WorkspaceOption = None,
) -> None:
    """Write the graph for another tool: graphml, csv (nodes and edges), turtle, trig, nquads or jsonld."""
    from graphkit.export import FORMATS, export
    from graphkit.store import open_store

    place = workspace(folder)
    path = output or place.build / "export" / f"{'tables' if form.value == 'csv' else 'graph'}{FORMATS[form.value][1]}"
    with progress((form.value, "done")):
        files = export(open_store(place.store), form.value, policy.value, path)
    for file in files:
        typer.echo(f"{file}  (policy {policy.value})")

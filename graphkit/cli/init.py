"""`graphkit init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = "Examples:  graphkit init my-graph  |  graphkit init ~/research/data-retention"


def run(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", metavar="DIR", show_default=False)],
) -> None:
    """Create a workspace with a small example. It contains the ontology; replace the example with your data."""
    from graphkit.model.workspace import init_workspace

    workspace = init_workspace(folder)
    typer.echo(f"{workspace.root} is a workspace. Next: cd {folder} && graphkit build && graphkit questions")

"""`graphkit release`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, say
from graphkit.model.text import counted

EXAMPLES = "Examples:  graphkit release 0.1.0 -o dist/0.1.0  |  graphkit release 0.2.0 -o dist/0.2.0 --bag lamps.zip"


def run(
    version: Annotated[str, typer.Argument(help="That of data/dataset.yaml, such as 0.1.0.", metavar="VERSION")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A new or empty folder.")],
    pylode: Annotated[
        Path | None,
        typer.Option(
            "--pylode", help="The program that makes a page of the ontology; make tools installs it.", exists=True
        ),
    ] = None,
    bag: Annotated[Path | None, typer.Option("--bag", help="Also pack it into this .zip, as a bag of BagIt.")] = None,
    nanopubs: Annotated[
        bool, typer.Option("--nanopubs", help="Also write each statement as a nanopublication, to be cited alone.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Write a version into one folder. It has graph, tables, networks, descriptions and hashes; verify checks them."""
    from graphkit.query.worker import store_of
    from graphkit.release.release import STEPS, ReleaseOptions, release

    workspace = chosen_workspace(folder)
    with progress(STEPS) as enter:
        files = release(workspace, store_of(workspace), version, output, ReleaseOptions(pylode, bag, nanopubs, enter))
    size = sum(path.stat().st_size for path in files)
    say(f"{output}: {counted(len(files), 'file')}, {size / 1e6:.1f} MB")
    if bag:
        say(f"{bag}: {bag.stat().st_size / 1e6:.1f} MB")

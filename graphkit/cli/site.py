"""`graphkit site`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress
from graphkit.model.text import counted

EXAMPLES = "Examples:  graphkit site build/site  |  graphkit site public --base-url https://example.org/project/"


def run(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one made by graphkit site.", metavar="DIR")],
    base_url: Annotated[
        str, typer.Option("--base-url", help="The address of the site; adds a sitemap and previews.")
    ] = "",
    root: WorkspaceOption = None,
) -> None:
    """Write a website of the whole graph. It has a page for each item and needs no server."""
    from graphkit.corpus.stories import read_stories
    from graphkit.store import open_store
    from graphkit.web.published import Published
    from graphkit.web.site import STEPS, write_site

    workspace = chosen_workspace(root)
    published = Published(base_url, read_stories(workspace))
    with progress(STEPS) as enter:
        written = write_site(workspace, open_store(workspace.generation()), folder, published, enter)
    typer.echo(
        f"{folder}: {counted(written.pages, 'page')}, {counted(written.files, 'file')}, {written.size / 1e6:.1f} MB"
    )
    if written.note:
        typer.secho(written.note, fg="yellow", err=True)

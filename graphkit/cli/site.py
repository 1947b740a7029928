"""`graphkit site`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import WorkspaceOption, workspace
from graphkit.cli.output import progress

EXAMPLES = "Examples:  graphkit site build/site  |  graphkit site public --base-url https://example.org/project/"


def run(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one that graphkit site has made.", metavar="DIR")],
    base_url: Annotated[
        str, typer.Option("--base-url", help="Where the site will be; it gets a sitemap then.", show_default=False)
    ] = "",
    place: WorkspaceOption = None,
) -> None:
    """Write a page for each thing, as files that need no server: for a web host, a folder or a stick."""
    from graphkit.store import open_store
    from graphkit.web.site import STEPS, write_site

    where = workspace(place)
    with progress(STEPS) as enter:
        written = write_site(where, open_store(where.store), folder, base_url, progress=enter)
    typer.echo(f"{folder}: {written.pages} pages, {written.files} files, {written.size / 1e6:.1f} MB")
    if written.note:
        typer.secho(written.note, fg="yellow", err=True)

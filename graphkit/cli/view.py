"""`graphkit view`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import Policy, PolicyOption, StoreOption, WorkspaceOption, output_folder, workspace
from graphkit.cli.output import progress

EXAMPLES = "Examples:  graphkit view  |  graphkit view --policy undisputed -o undisputed.html"


def run(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file; by default build/network.html.", show_default=False)
    ] = None,
    policy: PolicyOption = Policy.ATTRIBUTED,
    store: StoreOption = "",
    folder: WorkspaceOption = None,
) -> None:
    """Draw the network as one HTML file that works offline, with the evidence of every edge."""
    from graphkit.asking import store_of
    from graphkit.network import network
    from graphkit.view import write_page

    place = workspace(folder, store)
    path = output or output_folder(place, store) / "network.html"
    with progress(("network", "draw")) as enter:
        drawing = network(store_of(place, store), policy.value)
        enter("draw")
        write_page(drawing, path)
    nodes, edges = drawing.number_of_nodes(), drawing.number_of_edges()
    facts = drawing.graph
    typer.echo(
        f"{path}: {nodes} nodes, {edges} edges, {facts['drawn']} of {facts['total']} statements, policy {policy.value}"
    )

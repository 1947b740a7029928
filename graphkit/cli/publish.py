"""`graphkit publish`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import WorkspaceOption, choice, chosen_workspace, timeout_option
from graphkit.cli.output import plain, progress, show
from graphkit.store.remote import PROTOCOLS

if TYPE_CHECKING:
    from graphkit.store.remote.publish import Plan, PublishReport

EXAMPLES = (
    "Examples:  graphkit publish http://localhost:8890/sparql --dry-run  |  "
    "graphkit publish http://localhost:3030/policy/query"
)
_SHOWN = 5


def run(
    url: Annotated[str, typer.Argument(help="The SPARQL query address of the server.", metavar="URL")],
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol", help="Graph Store Protocol or SPARQL Update; by default detected.", **choice(PROTOCOLS)
        ),
    ] = None,
    update_url: Annotated[
        str, typer.Option("--update-url", help="The address for updates, if it is not detected.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")] = False,
    timeout: Annotated[float, timeout_option("Time limit of each request in seconds.")] = 300.0,
    folder: WorkspaceOption = None,
) -> None:
    """Load the build into a SPARQL server. Only changed graphs are sent; an interrupted run can be repeated."""
    from graphkit.model.workspace import credentials
    from graphkit.store.remote.publish import PublishReport, make_plan, open_server, publish, read_graphs

    generation = chosen_workspace(folder).generation()
    graphs = read_graphs(generation.graph_file)
    server = open_server(url, credentials(), protocol or "", update_url, timeout)
    plan = make_plan(server, graphs)
    if dry_run:
        _show(plan, PublishReport(), "would be ")
        return
    with progress(("publish", *plan.send, *plan.remove, "probe")) as enter:
        done = publish(server, plan, lambda graph: enter(graph if graph in {*plan.send, *plan.remove} else "probe"))
    _show(plan, done, "")


def _show(plan: Plan, done: PublishReport, would: str) -> None:
    kept = len(plan.graphs) - len(plan.send)
    rows = [
        (f"graphs {would}sent", len(plan.send)),
        (f"triples {would}sent", plan.triples),
        ("graphs already there", kept),
        (f"graphs {would}removed", len(plan.remove)),
    ]
    show(("what", "number"), rows, "table")
    if done.target:
        typer.echo(f"Each graph was counted after it was sent to {done.target}.", err=True)
    if done.repaired:
        typer.echo("The server stores true and false as 1 and 0; graphkit converts them back.", err=True)
    for sent, back in done.rewritten[:_SHOWN]:
        typer.secho(f"The server changes values: {plain(sent)} came back as {plain(back)}", fg="yellow", err=True)
    if len(done.rewritten) > _SHOWN:
        typer.secho(f"… and {len(done.rewritten) - _SHOWN} more.", fg="yellow", err=True)

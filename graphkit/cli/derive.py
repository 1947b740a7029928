"""`graphkit derive`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace, timeout_option
from graphkit.cli.output import plain, progress, show

if TYPE_CHECKING:
    from graphkit.build.derive import Compared

EXAMPLES = (
    "Examples:  graphkit derive --store http://localhost:8890/sparql  |  graphkit derive "
    "--store http://localhost:3030/policy/query --update-url http://localhost:3030/policy/update"
)
_COLUMNS = ("rule", "applied", "triples", "expected", "same")
_SHOWN = 5
_VIRTUOSO = "If it is Virtuoso 7, write enable_inline_sqs = 0 below [Flags] in virtuoso.ini."


def run(
    store: Annotated[str, typer.Option("--store", help="The SPARQL query address of the server.", metavar="URL")],
    update_url: Annotated[str, typer.Option("--update-url", help="The address for updates, if it is another.")] = "",
    form: FormatOption = "table",
    timeout: Annotated[float, timeout_option("Time limit of each request in seconds.")] = 300.0,
    folder: WorkspaceOption = None,
) -> None:
    """Apply the rules on a SPARQL server, and compare the results. An interrupted run can be repeated."""
    from graphkit.build.derive import derive
    from graphkit.build.rules import read_rules
    from graphkit.model.workspace import credentials
    from graphkit.store.remote.publish import open_server
    from graphkit.store.remote.targets import Updates

    workspace = chosen_workspace(folder)
    server = open_server(store, credentials(), "update", update_url or store, timeout)
    target = Updates(server.write_url, server.endpoint.client)
    with progress([rule.name for rule in read_rules(workspace.rules())]) as enter:
        done = list(derive(workspace, server.endpoint, target, enter))
    show(_COLUMNS, [(one.rule, one.sent, one.rows, one.expected, one.same) for one in done], form)
    for one in done:
        _differences(one)
    if any(one.missing for one in done):
        typer.secho(_VIRTUOSO, fg="yellow", err=True)
    raise typer.Exit(0 if all(one.same for one in done) else 1)


def _differences(one: Compared) -> None:
    for what, lines in (("lacks", one.missing), ("has besides", one.extra)):
        for line in lines[:_SHOWN]:
            typer.secho(f"{one.rule}: the server {what} {plain(line)}", fg="yellow", err=True)
        if len(lines) > _SHOWN:
            typer.secho(f"… and {len(lines) - _SHOWN} more.", fg="yellow", err=True)

"""`graphkit query`."""

from __future__ import annotations

from typing import Annotated

import typer

from graphkit.cli import options
from graphkit.query.formats import ANSWER_FORMATS

EXAMPLES = (
    "Examples:  graphkit query who-denies --param speaker=met  |  "
    "graphkit query -e 'SELECT * { ?who sp:funded ?what }' --format csv"
)


def _names(incomplete: str) -> list[str]:
    """Complete the names of saved questions in the shell."""
    from graphkit.model.errors import WorkspaceError

    try:
        return [path.stem for path in options.chosen_workspace(None).questions() if path.stem.startswith(incomplete)]
    except WorkspaceError:
        return []


def run(
    name: Annotated[
        str | None, typer.Argument(help="A saved question, a .rq file, or - for standard input.", autocompletion=_names)
    ] = None,
    expression: Annotated[str | None, typer.Option("--expression", "-e", help="The text of a SPARQL query.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-P", help="NAME=VALUE; may be repeated.", autocompletion=options.complete_parameter),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help="Output format.", **options.choice(ANSWER_FORMATS))
    ] = "table",
    labels: Annotated[
        bool, typer.Option("--labels", help="CSV of a query has labels and ids, as that of a saved question has.")
    ] = False,
    timeout: options.TimeoutOption = 30.0,
    rows: options.RowsOption = 1_000_000,
    memory: options.MemoryOption = 2_048,
    allow_host: options.HostsOption = None,
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Ask a saved question or a SPARQL query. The default graph is the union of all graphs."""
    from graphkit.cli.answers import Arguments, print_answer

    asked = Arguments(name=name, expression=expression, param=param or [], form=form)
    workspace = options.workspace_as_of(options.chosen_workspace(folder, store), as_of, store)
    print_answer(workspace, asked, options.limits(timeout, rows, memory, allow_host), store, labels=labels)

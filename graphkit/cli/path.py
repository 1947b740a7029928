"""`graphkit path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import (
    AsOfOption,
    FormatOption,
    PolicyOption,
    StoreOption,
    WorkspaceOption,
    complete_name,
    store_as_of,
)
from graphkit.cli.output import show
from graphkit.model.iris import DEFAULT_POLICY

if TYPE_CHECKING:
    from graphkit.analysis.paths import Hop

EXAMPLES = "Examples:  graphkit path 'Home Office' YouTube  |  graphkit path liberty met --plain-only"

_COLUMNS = ("from", "relation", "to", "status", "statement", "source", "gist", "said", "more statements")


def run(
    start: Annotated[str, typer.Argument(help="An entity.", metavar="FROM", autocompletion=complete_name)],
    end: Annotated[str, typer.Argument(help="Another entity.", metavar="TO", autocompletion=complete_name)],
    plain_only: Annotated[
        bool, typer.Option("--plain-only", help="Only edges that the policy accepts as plain.")
    ] = False,
    policy: PolicyOption = DEFAULT_POLICY,
    form: FormatOption = "table",
    as_of: AsOfOption = "",
    store: StoreOption = "",
    folder: WorkspaceOption = None,
) -> None:
    """Find the shortest path between two entities. Each step has a statement with its source."""
    from graphkit.analysis.network import network
    from graphkit.analysis.paths import evidence_path
    from graphkit.query.names import thing

    opened = store_as_of(folder, as_of, store)
    ends = thing(start, opened), thing(end, opened)
    show(_COLUMNS, [_row(hop) for hop in evidence_path(network(opened, policy), *ends, plain=plain_only)], form)


def _row(hop: Hop) -> tuple[object, ...]:
    view = hop.statement
    ends = (hop.start, hop.end) if hop.forward else (hop.end, hop.start)
    return (ends[0], hop.relation, ends[1], hop.status, view.id, view.source_title, view.gist, view.said, hop.more)

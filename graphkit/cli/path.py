"""`graphkit path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.output import show
from graphkit.model.dates import date_words
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import DEFAULT_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.analysis.paths import Hop

EXAMPLES = "Examples:  graphkit path 'Home Office' YouTube  |  graphkit path liberty met --plain-only"

_COLUMNS = ("from", "relation", "to", "status", "statement", "source", "gist", "said", "more statements")


def run(
    start: Annotated[str, typer.Argument(help="An entity.", metavar="FROM", autocompletion=options.complete_name)],
    end: Annotated[str, typer.Argument(help="Another entity.", metavar="TO", autocompletion=options.complete_name)],
    plain_only: Annotated[
        bool, typer.Option("--plain-only", help="Only edges that the policy accepts as plain.")
    ] = False,
    policy: options.PolicyOption = DEFAULT_POLICY,
    form: options.FormatOption = "table",
    as_of: options.AsOfOption = "",
    store: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """Find the shortest path between two entities. Each step has a statement with its source."""
    from graphkit.analysis.network import network
    from graphkit.analysis.paths import evidence_path
    from graphkit.query.names import thing

    opened = options.store_as_of(folder, as_of, store)
    ends = thing(start, opened), thing(end, opened)
    if ends[0] == ends[1]:
        raise NotFoundError(f"{start!r} and {end!r} are the same entity.", "Type two different ones.")
    hops = evidence_path(network(opened, policy), *ends, plain=plain_only)
    words = date_words if form == "table" else str
    show(
        _COLUMNS,
        [_row(hop, words) for hop in hops],
        form,
        " – ".join([*(hop.start for hop in hops[:1]), *(hop.end for hop in hops)]),
    )


def _row(hop: Hop, words: Callable[[str], str]) -> tuple[object, ...]:
    view, said = hop.statement, words(hop.statement.said)
    ends = (hop.start, hop.end) if hop.forward else (hop.end, hop.start)
    return (ends[0], hop.relation, ends[1], hop.status, view.id, view.source_title, view.gist, said, hop.more)

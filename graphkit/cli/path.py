"""`graphkit path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.evidence import COLUMNS, as_lines, as_row
from graphkit.cli.output import highlighted, page, plain, show
from graphkit.cli.table import named_lines, paragraph
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import DEFAULT_POLICY
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.paths import Hop

EXAMPLES = "Examples:  graphkit path 'Home Office' YouTube  |  graphkit path liberty met --plain-only"

_COLUMNS = ("from", "relation", "to", "status", *COLUMNS, "more statements")


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
    """Find the shortest path between two entities. Each step has a statement with its source, evidence and link."""
    from graphkit.analysis.outline import edges_of
    from graphkit.analysis.paths import evidence_path
    from graphkit.query.names import thing

    opened = options.store_as_of(folder, as_of, store)
    ends = thing(start, opened), thing(end, opened)
    if ends[0] == ends[1]:
        raise NotFoundError(f"{start!r} and {end!r} are the same entity.", "Type two different ones.")
    hops = evidence_path(edges_of(opened, policy), *ends, plain=plain_only)
    if form == "table":
        title = " – ".join([*(hop.start for hop in hops[:1]), *(hop.end for hop in hops)])
        page("\n\n".join([paragraph(plain(title)), *map(_hop, hops)]) + "\n")
    else:
        show(_COLUMNS, [(*_edge(hop), hop.status, *as_row(hop.statement), hop.more) for hop in hops], form)


def _edge(hop: Hop) -> tuple[str, str, str]:
    return (hop.start, hop.relation, hop.end) if hop.forward else (hop.end, hop.relation, hop.start)


def _hop(hop: Hop) -> str:
    heading = highlighted(paragraph(plain(f"{' '.join(_edge(hop))} ({hop.status})")), "1")
    view = hop.statement
    says = ("says", plain(f"{view.speaker} {view.act}: {view.claim}"))
    more = [("others", f"{counted(hop.more, 'more statement')} of this step")] if hop.more else []
    return f"{heading}\n{named_lines([says, *as_lines(view), *more])}"

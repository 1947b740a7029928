"""`graphkit disputes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli import options
from graphkit.cli.evidence import COLUMNS, as_row, as_side
from graphkit.cli.output import highlighted, page, plain, show
from graphkit.cli.table import named_lines, paragraph
from graphkit.model.iris import shorten
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.analysis.disagreements import Disagreement
    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.statements import StatementView

EXAMPLES = "Examples:  graphkit disputes --about gangs-matrix  |  graphkit disputes --kind value-conflict --format csv"

_COLUMNS = ("disagreement", "matter", "dispute", "kind", "label", "account", "rule", "side", *COLUMNS)


def run(
    kind: Annotated[str, typer.Option("--kind", "-k", help="Only this kind: contradiction, value-conflict …")] = "",
    about: Annotated[
        str,
        typer.Option("--about", "-a", help="Only those of or about this entity.", autocompletion=options.complete_name),
    ] = "",
    form: options.FormatOption = "table",
    as_of: options.AsOfOption = "",
    url: options.StoreOption = "",
    folder: options.WorkspaceOption = None,
) -> None:
    """List disagreements and their disputes. Each statement comes with its date, source, evidence and link."""
    from graphkit.analysis.disagreements import disagreements
    from graphkit.analysis.disputes import read_disputes
    from graphkit.analysis.statements import statement_views
    from graphkit.query.worker import store_of

    workspace = options.workspace_as_of(options.chosen_workspace(folder, url), as_of, url)
    properties = read_disputes(store_of(workspace, url), kind, about)
    found, views = disagreements(properties), statement_views(properties)
    if form == "table":
        page("\n\n".join([*(_printed(one, views) for one in found), _total(found)]))
    else:
        show(_COLUMNS, [row for one in found for row in _rows(one, views)], form)


def _total(found: Sequence[Disagreement]) -> str:
    disputes = sum(len(one.disputes) for one in found)
    return f"{counted(len(found), 'disagreement')}, {counted(disputes, 'dispute')}"


def _rows(one: Disagreement, views: Mapping[str, StatementView]) -> Iterator[tuple[str, ...]]:
    from graphkit.analysis.disputes import account

    for dispute in one.disputes:
        for side, name in dispute.sides():
            yield (
                shorten(one.iri), one.label, shorten(dispute.iri), dispute.kind, dispute.label,
                account(dispute, views), dispute.rule, side, *as_row(views[name]),
            )  # fmt: skip


def _printed(one: Disagreement, views: Mapping[str, StatementView]) -> str:
    heading = f"{highlighted(paragraph(plain(one.label)), '33', '1')}\n{paragraph(plain(one.summary(views)))}"
    return "\n\n".join([heading, *(_dispute(dispute, views) for dispute in one.disputes)])


def _dispute(dispute: DisputeView, views: Mapping[str, StatementView]) -> str:
    from graphkit.analysis.disputes import account

    heading = highlighted(paragraph(plain(dispute.label), "  "), "1")
    sides = [("dispute", shorten(dispute.iri)), *((side, as_side(views[name])) for side, name in dispute.sides())]
    return f"{heading}\n{paragraph(plain(account(dispute, views)), '    ')}\n{named_lines(sides, '    ')}"

"""`graphkit disputes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import (
    AsOfOption,
    FormatOption,
    StoreOption,
    WorkspaceOption,
    chosen_workspace,
    complete_name,
    workspace_as_of,
)
from graphkit.cli.output import plain, show
from graphkit.model.dates import date_words

if TYPE_CHECKING:
    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.statements import StatementView

EXAMPLES = "Examples:  graphkit disputes --about gangs-matrix  |  graphkit disputes --kind value-conflict --format csv"

_COLUMNS = (
    "dispute", "kind", "label", "account", "rule", "side",
    "statement", "speaker", "stance", "claim", "said", "source", "title", "gist", "link",
)  # fmt: skip


def run(
    kind: Annotated[
        str, typer.Option("--kind", "-k", help="Only this kind: contradiction, value-conflict …", show_default=False)
    ] = "",
    about: Annotated[
        str,
        typer.Option(
            "--about", "-a", help="Only disputes about this entity.", show_default=False, autocompletion=complete_name
        ),
    ] = "",
    form: FormatOption = "table",
    as_of: AsOfOption = "",
    url: StoreOption = "",
    folder: WorkspaceOption = None,
) -> None:
    """List statements that conflict. Both sides come with speaker, date, source and gist."""
    from graphkit.analysis.disputes import dispute_views, read_disputes
    from graphkit.analysis.statements import statement_views
    from graphkit.query.worker import store_of

    workspace = workspace_as_of(chosen_workspace(folder, url), as_of, url)
    properties = read_disputes(store_of(workspace, url), kind, about)
    disputes, views = dispute_views(properties), statement_views(properties)
    if form == "table":
        for dispute in disputes:
            _print(dispute, views)
        typer.echo(f"{len(disputes)} dispute{'s' * (len(disputes) != 1)}")
    else:
        show(_COLUMNS, [row for dispute in disputes for row in _rows(dispute, views)], form)


def _rows(dispute: DisputeView, views: Mapping[str, StatementView]) -> Iterator[tuple[str, ...]]:
    from graphkit.analysis.disputes import account

    for side, name in dispute.sides():
        view = views[name]
        yield (
            dispute.iri, dispute.kind, dispute.label, account(dispute, views), dispute.rule, side,
            view.id, view.speaker, view.stance, view.claim, view.said, view.source, view.source_title, view.gist,
            view.url,
        )  # fmt: skip


def _print(dispute: DisputeView, views: Mapping[str, StatementView]) -> None:
    from graphkit.analysis.disputes import account

    typer.secho(plain(dispute.label), fg="yellow", bold=True)
    typer.echo(f"  {plain(account(dispute, views))}")
    for side, name in dispute.sides():
        view = views[name]
        head = f"{plain(view.speaker)} {view.stance} ({date_words(view.said) or 'undated'}; {plain(view.source_title)})"
        typer.echo(f"  {side + ':':<12}{head}\n{'':<14}{plain(view.gist)}")
    typer.echo("")

"""`graphkit explain`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import FormatOption, StoreOption, WorkspaceOption, chosen_workspace, complete_name
from graphkit.cli.output import plain, show

if TYPE_CHECKING:
    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.explain import Explanation
    from graphkit.analysis.statements import StatementView
    from graphkit.model.errors import Location

EXAMPLES = "Examples:  graphkit explain 'Project Alpha'  |  graphkit explain met --format json"

_COLUMNS = (
    "statement", "speaker", "stance", "claim", "gist", "hedge", "via", "said", "publicity",
    "source", "title", "locator", "evidence", "link", "place", "disputes",
)  # fmt: skip


def run(
    name: Annotated[
        str,
        typer.Argument(
            help="An entity, source, statement, proposition or dispute.",
            show_default=False,
            autocompletion=complete_name,
        ),
    ],
    form: FormatOption = "table",
    store: StoreOption = "",
    folder: WorkspaceOption = None,
) -> None:
    """Trace an item back to its evidence. Shows the speaker, the source, the passage, the file and the disputes."""
    from graphkit.analysis.explain import explain
    from graphkit.corpus.load import locate_statements
    from graphkit.query.worker import store_of

    workspace = chosen_workspace(folder, store)
    found = explain(store_of(workspace, store), name)
    views = [*found.statements.values(), *found.others.values()]
    places = locate_statements(workspace, (view.id for view in views))
    if form == "table":
        _print(found, places)
    else:
        show(_COLUMNS, [_row(view, found, places) for view in views], form)


def _row(view: StatementView, found: Explanation, places: Mapping[str, Location]) -> tuple[str, ...]:
    disputes = " | ".join(
        dispute.label for dispute in found.disputes if view.iri in (*dispute.affirmed, *dispute.denied)
    )
    return (
        view.id, view.speaker, view.stance, view.claim, view.gist, view.hedge, view.via, view.said, view.publicity,
        view.source, view.source_title, view.locator, view.evidence, view.url, str(places.get(view.id, "")), disputes,
    )  # fmt: skip


def _print(found: Explanation, places: Mapping[str, Location]) -> None:
    typer.secho(f"{found.kind}  {plain(found.label)}", bold=True)
    typer.echo(f"  {found.iri}")
    for line in found.flat:
        typer.echo(f"  plain triple: {plain(line)}")
    for view in found.statements.values():
        _print_statement(view, places)
    every = {**found.statements, **found.others}
    for dispute in found.disputes:
        _print_dispute(dispute, every)


def _print_statement(view: StatementView, places: Mapping[str, Location]) -> None:
    typer.echo("")
    typer.secho(f"{plain(view.speaker)} {view.stance}: {plain(view.claim)}", bold=True)
    typer.echo(f"  {plain(view.gist)}")
    rows = {
        "hedge": view.hedge, "via": view.via, "said": view.said, "publicity": view.publicity,
        "source": f"{view.source_title} ({view.source})", "passage": f"{view.locator}, {view.evidence}",
        "link": view.url, "written": str(places.get(view.id, "")), "statement": view.id,
    }  # fmt: skip
    for name, value in rows.items():
        if value:
            typer.echo(f"  {name + ':':<11}{plain(value)}")


def _print_dispute(dispute: DisputeView, views: Mapping[str, StatementView]) -> None:
    from graphkit.analysis.disputes import account

    typer.echo("")
    typer.secho(plain(dispute.label), fg="yellow", bold=True)
    typer.echo(f"  {plain(account(dispute, views))}")
    typer.echo(f"  dispute:   {dispute.iri}\n  rule:      {dispute.rule}. {plain(dispute.why)}")
    if dispute.parties:
        typer.echo(f"  on both sides: {plain(', '.join(dispute.parties))}")
    for side, name in dispute.sides():
        view = views[name]
        who = f"{plain(view.speaker)} {view.stance}"
        typer.echo(f"  {side + ':':<12}{who} ({view.said or 'no date'}; {view.id})\n{'':<14}{plain(view.gist)}")

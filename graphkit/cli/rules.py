"""`graphkit rules`."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphkit.cli.options import FormatOption, RuleTimeoutOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import progress, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.build.rules import Rule
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit rules  |  graphkit rules --profile --format csv"

_ABOUT = ("rule", "graph", "title", "cost")
_MEASURED = ("rule", "seconds", "rows", "rounds", "cost")


def run(
    profile: Annotated[
        bool, typer.Option("--profile", help="Apply each to the present build, and print its time, rows and rounds.")
    ] = False,
    form: FormatOption = "table",
    timeout: RuleTimeoutOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """List the rules that derive disputes and plain triples. Nothing is written."""
    from graphkit.build.rules import read_rules

    workspace = chosen_workspace(folder)
    rules = read_rules(workspace.rules())
    if profile:
        show(_MEASURED, _measured(workspace, rules, timeout), form)
    else:
        show(_ABOUT, [(rule.name, rule.into, rule.header.title, rule.cost) for rule in rules], form)


def _measured(workspace: Workspace, rules: Sequence[Rule], seconds: float | None) -> list[tuple[Any, ...]]:
    """Apply the rules, the slowest first in the result."""
    from graphkit.build.profile import profile

    rows: list[tuple[Any, ...]] = []
    with progress([rule.name for rule in rules]) as enter:
        for rule, applied in profile(workspace, seconds):
            enter(rule.name)
            rows.append((rule.name, round(applied.seconds, 3), applied.kept, applied.rounds, rule.cost))
    return sorted(rows, key=itemgetter(1), reverse=True)

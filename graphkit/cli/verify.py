"""`graphkit verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphkit.cli.options import FormatOption
from graphkit.cli.output import progress, show

EXAMPLES = "Examples:  graphkit verify dist/0.1.0  |  graphkit verify dist/0.1.0 --strict --format csv"
_FAILED, _SKIPPED = 1, 3


def run(
    folder: Annotated[Path, typer.Argument(help="A released folder.", metavar="DIR")],
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 if a proof was skipped.")] = False,
    schemas: Annotated[
        Path | None, typer.Option("--schemas", help="Schemas of other bodies: docs/release.md lists them.")
    ] = None,
    tools: Annotated[
        Path | None, typer.Option("--tools", help="Programs of other bodies: make tools installs them.")
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Verify a released folder. Only the folder is read, and no network; exits with 1 if a proof fails."""
    from graphkit.release.verify.proofs import COLUMNS, PROOFS, verify

    outcomes = []
    with progress([proof.name for proof in PROOFS]) as enter:
        for outcome in verify(folder, schemas, tools):
            enter(outcome.proof)
            outcomes.append(outcome)
    show(COLUMNS, outcomes, form)
    results = {outcome.result for outcome in outcomes}
    if "failed" in results or (strict and "skipped" in results):
        raise typer.Exit(_FAILED if "failed" in results else _SKIPPED)

"""`graphkit import --build --engine spark`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

from graphkit.cli.output import plain, show_problems
from graphkit.model.errors import GraphkitError
from graphkit.model.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphkit.curate.tables.spark import SparkBuilt
    from graphkit.model.workspace import Workspace


def build_on_spark(
    engine: str, files: Sequence[str], target: Workspace, output: str, *, seconds: float | None, parts: bool
) -> None:
    """Build on Spark, and state what was refused and where the result is."""
    from graphkit.curate.tables import CannotImportError
    from graphkit.curate.tables.spark import SparkJob, index_parts, spark_build
    from graphkit.release.tables.by_source import RowsBySource

    if "://" in output and not parts:
        raise GraphkitError(f"There can be no index in {output}.", "Add --parts, or name a folder on this machine.")
    job = SparkJob(engine, files, target, os.environ, output)
    try:
        built = spark_build(job, RowsBySource, _step)
        finished = None if parts else index_parts(built, target, _step, seconds)
    except CannotImportError as error:
        show_problems(error.problems, "table")
        typer.secho("Nothing was built.", fg="red", err=True)
        raise typer.Exit(1) from error
    _report(built)
    if finished:
        show_problems(finished.problems, "table")
        held = f"{counted(finished.quads, 'quad')}, {counted(finished.counts.get('disputes', 0), 'dispute')}"
        typer.echo(f"{target.name(target.graph_file)} and its index: {held}.")
    raise typer.Exit(1 if built.refused else 0)


def _step(stage: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{stage} …", nl=False, err=True)


def _report(built: SparkBuilt) -> None:
    _step("done")
    if built.refused:
        show_problems(built.examples, "table")
        codes = ", ".join(f"{number:,} {code}" for code, number in built.codes.items())
        text = f"{built.refused:,} of {built.rows:,} rows refused ({codes}): correct them in {built.folder}/refused."
        typer.secho(plain(text), fg="red", err=True)
    typer.echo(
        f"{counted(built.rows, 'row')}: {counted(built.statements, 'statement')} in "
        f"{counted(built.sources, 'source')}, {built.compiled:,} of them compiled now, {built.repeated:,} repeated, "
        f"{built.refused:,} refused."
    )
    typer.echo(f"{built.folder}: {counted(built.quads, 'quad')} in {counted(len(built.parts), 'part')}, and tables.")

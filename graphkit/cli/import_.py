"""`graphkit import`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import CapturesOption, RuleTimeoutOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import plain, say, show_problems
from graphkit.model.errors import GraphkitError, Problem
from graphkit.model.text import counted

if TYPE_CHECKING:
    from graphkit.curate.tables import Imported, Options
    from graphkit.model.workspace import Workspace

EXAMPLES = "Examples:  graphkit import statements.csv --dry-run  |  graphkit import debate.dna --captures ../captures"

# The number of rows between two progress messages.
_MANY_ROWS = 2000
# Clears the progress message.
_CLEAR = "\r\033[K"
# The number of problems that are printed of a table that is built at once.
_MOST_SHOWN = 100


def run(
    tables: Annotated[
        list[str] | None,
        typer.Argument(
            help="A table of statements (csv, tsv, jsonl, json, xlsx), or a database (dna); several with --engine.",
            metavar="FILE",
        ),
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet", help="The sheet, if several have content.")] = "",
    add: Annotated[bool, typer.Option("--add", help="Add statements to existing sources.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report problems only; write nothing.")] = False,
    bulk: Annotated[
        bool, typer.Option("--build", help="Build the graph from JSON lines at once: no source files.")
    ] = False,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", help="With --build: spark, or spark://MASTER, such as spark://local[4] or spark://head:7077."
        ),
    ] = "",
    parts: Annotated[
        bool, typer.Option("--parts", help="With --engine: leave parts and tables; make no index.")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty table instead.")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="Where the template goes: .csv or .xlsx; with --engine the folder of parts and tables.",
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            help="With .dna: the variable that is actor, speaker, concept or qualifier; may be repeated.",
            metavar="ROLE=VARIABLE",
        ),
    ] = None,
    captures: CapturesOption = None,
    timeout: RuleTimeoutOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Turn a table into source files.

    Rows with a problem are kept in FILE.refused.csv for correction. The texts of a .dna file go to --captures.
    """
    if template:
        _template(Path(output) if output else None)
        return
    target = chosen_workspace(folder)
    if engine:
        from graphkit.cli.import_spark import build_on_spark

        if not bulk or add or dry_run or sheet or captures or not tables:
            message = "--engine goes with --build and files, and with no other options but -o and --parts."
            raise GraphkitError(message, "Type for example: graphkit import --build --engine spark FILE.jsonl")
        build_on_spark(engine, tables, target, output or "", seconds=timeout, parts=parts)
        return
    if not tables or len(tables) > 1 or output is not None or parts or (timeout and not bulk):
        raise GraphkitError(
            "Name one table; -o goes with --template, --parts with --engine, --timeout with --build.",
            "Type for example: graphkit import FILE.csv",
        )
    table = Path(tables[0])
    if table.suffix.lower() == ".dna":
        if add or bulk or sheet:
            raise GraphkitError("A .dna file takes no --add, --build or --sheet.", "Leave them out.")
        _import_dna(table, target, captures, role or [], dry_run=dry_run)
        return
    if role:
        raise GraphkitError("--role goes with a .dna file.", "Leave it out.")
    if bulk:
        if add or dry_run or sheet or captures:
            raise GraphkitError(
                "--build cannot be combined with other options.", "Leave out --add, --captures, --dry-run and --sheet."
            )
        _build(table, target, timeout)
        return
    from graphkit.curate.tables import Options

    done = _import(table, target, Options(sheet, add, dry_run, captures))
    _report(done, target, dry_run=dry_run)
    raise typer.Exit(1 if done.refused else 0)


def _import_dna(path: Path, target: Workspace, captures: Path | None, roles: list[str], *, dry_run: bool) -> None:
    """Import a database of DNA, and say which variable is taken for what."""
    from graphkit.curate.capture.files import default_folder
    from graphkit.curate.dna import import_dna

    wrong = next((text for text in roles if "=" not in text), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not ROLE=VARIABLE, such as actor=party.", param_hint="--role")
    given = {name: variable for name, _, variable in (text.partition("=") for text in roles)}
    done = import_dna(path, target, captures or default_folder(os.environ), given, dry_run=dry_run)
    for label, found in done.roles.items():
        say(f"{label}: {found}", err=True)
    for statement, reason in done.refused.items():
        say(f"Statement {statement} is not imported: {reason}.", err=True, colour="yellow")
    for file in (*done.files, *done.captures):
        say(f"{target.name(file)}{' (not written)' * dry_run}")
    say("The passwords and permissions of coders are not read.", err=True)
    counts = [counted(done.documents, "document"), counted(done.statements, "statement")]
    counts.append(counted(done.entities, "new entity", "new entities"))
    where = f": see {done.refused_file}" if done.refused and not dry_run else ""
    say(f"{', '.join(counts)}, {len(done.refused)} refused{where}.")


def _build(table: Path, target: Workspace, seconds: float | None) -> None:
    """Build the graph from a table, and state the limits of this route."""
    from graphkit.curate.tables import CannotImportError
    from graphkit.curate.tables.bulk import bulk_build

    shown = _Shown()
    try:
        done = bulk_build(table, target, shown.add, _step if sys.stderr.isatty() else _silent, seconds=seconds)
    except CannotImportError as error:
        show_problems(error.problems, "table")
        typer.secho("Nothing was built.", fg="red", err=True)
        raise typer.Exit(1) from error
    if (more := shown.number + done.more - _MOST_SHOWN) > 0:
        typer.secho(f"… and {counted(more, 'more problem')}: those of refused rows are in their file.", err=True)
    if done.refused:
        where = f"correct them in {done.refused_file}, put them into {table} and build again"
        typer.secho(plain(f"{done.refused} of {done.rows} rows refused: {where}."), fg="red", err=True)
    if not done.counts:
        typer.secho("Nothing was built.", fg="red", err=True)
        raise typer.Exit(1)
    show_problems(done.problems, "table")
    repeated = f", {done.repeated} repeated" if done.repeated else ""
    said, read = counted(done.statements, "statement"), counted(done.sources, "source")
    what = f"{said} in {read}{repeated}, {done.refused} refused"
    held = f"{counted(done.counts['quads'], 'quad')}, {counted(done.counts.get('disputes', 0), 'dispute')}"
    typer.echo(f"{counted(done.rows, 'row')}: {what}.\n{target.name(target.graph_file)} and its index: {held}.")
    raise typer.Exit(1 if done.refused else 0)


def _step(text: str) -> None:
    typer.echo(f"{_CLEAR}{text}", nl=False, err=True)


def _silent(_text: str) -> None:
    """Show no progress: stderr is not a terminal."""


def _template(output: Path | None) -> None:
    from graphkit.curate.tables.columns import template, write_template

    if output is None or output == Path("-"):
        typer.echo(template(), nl=False)
    else:
        write_template(output)
        say(f"{plain(str(output))} is an empty table. Next: fill it in, then graphkit import {output} --dry-run")


def _import(table: Path, target: Workspace, options: Options) -> Imported:
    from graphkit.curate.tables import CannotImportError, import_table

    try:
        with _progress() as count:
            return import_table(table, target, _show, options, count)
    except CannotImportError as error:
        show_problems(error.problems, "table")
        typer.secho("Nothing was imported.", fg="red", err=True)
        raise typer.Exit(1) from error


@dataclass(slots=True)
class _Shown:
    """The problems of the rows of a table; the first are printed."""

    number: int = 0

    def add(self, problem: Problem) -> None:
        self.number += problem.code != "refused-source"
        if self.number <= _MOST_SHOWN:
            _show(problem)


def _show(problem: Problem) -> None:
    # A refused source is shown once; the rows refused with it are in the file of refused rows.
    if problem.code != "refused-source":
        if sys.stderr.isatty():
            typer.echo(_CLEAR, nl=False, err=True)
        show_problems([problem], "table")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Show the number of rows read, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return

    def count(rows: int) -> None:
        if rows % _MANY_ROWS == 0:
            typer.echo(f"\r{rows:,} rows …", nl=False, err=True)

    yield count
    typer.echo(_CLEAR, nl=False, err=True)


def _report(done: Imported, target: Workspace, *, dry_run: bool) -> None:
    for path, number in sorted(done.files.items()):
        typer.echo(f"{target.name(path)}  {counted(number, 'statement')}{' (not written)' * dry_run}")
    if done.refused:
        where = (
            "nothing is written on a dry run"
            if dry_run
            else f"correct them in {done.refused_file}, then: graphkit import {done.refused_file} --add"
        )
        typer.secho(plain(f"{done.refused} of {done.rows} rows refused: {where}."), fg="red", err=True)
    repeated = f", {done.repeated} repeated" if done.repeated else ""
    taken = f"{counted(sum(done.files.values()), 'statement')} in {counted(len(done.files), 'source')}"
    typer.echo(f"{counted(done.rows, 'row')}: {taken}{repeated}, {done.refused} refused.")

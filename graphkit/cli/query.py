"""`graphkit query`."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphkit.cli.options import (
    HostsOption,
    MemoryOption,
    RowsOption,
    StoreOption,
    TimeoutOption,
    WorkspaceOption,
    limits,
    workspace,
)
from graphkit.cli.output import show_table

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace
    from graphkit.query.answers import Answer
    from graphkit.query.questions import Question

EXAMPLES = (
    "Examples:  graphkit query who-denies --param speaker=met  |  "
    "graphkit query -e 'SELECT * { ?who sp:funded ?what }' --format csv"
)


class AnswerFormat(enum.StrEnum):
    """The format of an answer."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TTL = "ttl"


def _names(incomplete: str) -> list[str]:
    """Complete the names of saved questions in the shell."""
    from graphkit.model.errors import WorkspaceError

    try:
        return [path.stem for path in workspace(None).questions() if path.stem.startswith(incomplete)]
    except WorkspaceError:
        return []


def run(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A saved question, a .rq file, or - for standard input.", show_default=False, autocompletion=_names
        ),
    ] = None,
    expression: Annotated[
        str | None, typer.Option("--expression", "-e", help="The text of a SPARQL query.", show_default=False)
    ] = None,
    param: Annotated[list[str] | None, typer.Option("--param", "-P", help="NAME=VALUE; may be repeated.")] = None,
    form: Annotated[AnswerFormat, typer.Option("--format", "-f", help="Output format.")] = AnswerFormat.TABLE,
    timeout: TimeoutOption = 30.0,
    rows: RowsOption = 1_000_000,
    memory: MemoryOption = 2_048,
    allow_host: HostsOption = None,
    store: StoreOption = "",
    folder: WorkspaceOption = None,
) -> None:
    """Ask a saved question or a SPARQL query. The default graph is the union of all graphs."""
    from graphkit.query.questions import answer
    from graphkit.query.runner import runner

    place = workspace(folder, store)
    question = _question(place, name, expression)
    worker = runner(place, limits(timeout, rows, memory, allow_host), store)
    _show(worker.run(answer, question, _parameters(param or []), rows), question, form)


def _question(place: Workspace, name: str | None, expression: str | None) -> Question:
    from graphkit.model.errors import QueryError
    from graphkit.query.questions import Question, find_question
    from graphkit.store.syntax import read_header, read_query

    if (name is None) == (expression is None):
        raise QueryError("Name one question: a saved one, a .rq file, - or -e 'SPARQL'.", "Type: graphkit questions")
    if expression is not None:
        return Question("-e", expression, read_header(expression))
    assert name is not None  # noqa: S101 - just made sure of
    if name == "-":
        text = sys.stdin.read()
        return Question("-", text, read_header(text))
    if name.endswith(".rq") or "/" in name:
        return Question(name, *read_query(Path(name)))
    return find_question(place.questions(), name)


def _parameters(given: list[str]) -> dict[str, str]:
    from graphkit.model.errors import QueryError

    for one in given:
        if "=" not in one:
            raise QueryError(f"{one!r} is not NAME=VALUE.", "Type for example: --param speaker=met")
    return {name.lstrip("?$"): value for name, _, value in (one.partition("=") for one in given)}


def _show(answer: Answer, question: Question, form: AnswerFormat) -> None:
    from graphkit.query.answers import Table, triples_table
    from graphkit.query.formats import write_answer

    if form is not AnswerFormat.TABLE:
        typer.echo(write_answer(answer, form.value), nl=False)
    elif isinstance(answer, bool):
        typer.echo("yes" if answer else "no")
    else:
        table = answer if isinstance(answer, Table) else triples_table(answer)
        if len(table):
            show_table(table.columns, table.shown(), question.header.title)
        typer.echo(f"{len(table)} rows" if len(table) != 1 else "1 row", err=True)
    if not isinstance(answer, bool) and answer.cut:
        typer.secho(f"There are more than these {len(answer):,} rows; --rows gives more.", fg="yellow", err=True)

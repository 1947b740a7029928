"""The work of `graphkit query`. It does not import typer, which takes as long to load as a query takes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypedDict

from graphkit.cli.output import plain, say, show_table
from graphkit.model.errors import QueryError, reason
from graphkit.model.text import counted
from graphkit.model.workspace import Workspace
from graphkit.query.answers import ReadableAnswer, Table, triples_table
from graphkit.query.formats import ANSWER_FORMATS, WrittenAnswer, write_results, write_saved_csv
from graphkit.query.limits import Limits
from graphkit.query.questions import (
    Question,
    SavedQuestion,
    answer,
    bind,
    by_topic,
    find_question,
    parameters,
    read_questions,
)
from graphkit.query.readable import SavedAnswer
from graphkit.query.remarks import remarks
from graphkit.query.worker import runner
from graphkit.store import Store
from graphkit.store.syntax import read_header, read_query


class Arguments(TypedDict):
    """The question, its parameters and the output format of `graphkit query`."""

    name: str | None
    expression: str | None
    param: list[str]
    form: str


_OPTIONS = {
    "-e": "expression", "--expression": "expression",
    "-P": "param", "--param": "param",
    "-f": "form", "--format": "form",
}  # fmt: skip


def read_arguments(words: Iterable[str]) -> Arguments | None:
    """Read the arguments of an ordinary query; None if typer must read them: other options, help, mistakes.

    >>> read_arguments(["who-denies", "-P", "speaker=met"])
    {'name': 'who-denies', 'expression': None, 'param': ['speaker=met'], 'form': 'table'}
    >>> read_arguments(["who-denies", "--timeout", "3"])
    """
    given: dict[str, list[str]] = {"name": [], "expression": [], "param": [], "form": []}
    rest = iter(words)
    for word in rest:
        if word in _OPTIONS:
            given[_OPTIONS[word]] += [next(rest, "-")]
        else:
            given["name"].append(word)
    if any(value.startswith("-") for values in given.values() for value in values):
        return None
    if any(len(given[key]) > 1 for key in ("name", "expression", "form")):
        return None
    name, expression, form = (next(iter(given[key]), None) for key in ("name", "expression", "form"))
    if form not in {None, *ANSWER_FORMATS}:
        return None
    return Arguments(name=name, expression=expression, param=given["param"], form=form or "table")


def print_answer(
    workspace: Workspace, arguments: Arguments, limits: Limits, url: str = "", *, labels: bool = False
) -> None:
    """Ask a question and print the answer.

    Args:
        labels: Whether CSV has labels and ids for any query, as it has for a saved question.

    Raises:
        QueryError: There is no such question or parameter, or the query is not SPARQL or costs too much; or labels
            are wanted in a format that has none.
    """
    if labels and arguments["form"] != "csv":
        raise QueryError("--labels is for CSV.", "Type also: --format csv")
    if arguments["name"] is None and arguments["expression"] is None:
        show_examples(read_questions(workspace.questions()))
        return
    question = _question(workspace, arguments["name"], arguments["expression"])
    given, form = given_parameters(arguments["param"]), arguments["form"]
    asking = runner(workspace, limits, url)
    if form != "table":
        written = asking.run(_written, _saved(question) if labels else question, given, limits.rows, form)
        say(written.body.decode(), end="")
        rows, cut = written.rows, written.cut
    else:
        rows, cut = _show(asking.run(_readable, question, given, limits.rows), question.header.title)
    if cut:
        say(f"There are more than {counted(rows, 'row')}; --rows gives more.", err=True, colour="yellow")
    # To ask an endpoint once more takes as long as the query, so this is done only if something may be wrong.
    told = partial(remarks, empty=not rows, saved=workspace.questions)
    for remark in asking.run(told, question, given) if not (url and rows) else ():
        say(plain(remark), err=True, colour="yellow")


def _show(found: tuple[ReadableAnswer, bool] | bool, title: str) -> tuple[int, bool]:
    """Print an answer for people, and return its number of rows (0 for no) and whether it was cut."""
    if isinstance(found, bool):
        say("yes" if found else "no")
        return int(found), False
    answer, cut = found
    rows = len(answer.rows)
    if rows:
        show_table(answer.columns, answer.rows, title, answer.about, answer.latest)
    say(counted(rows, "row"), err=True)
    return rows, cut


def show_examples(questions: Mapping[str, Question]) -> None:
    """List the saved questions by topic, each with its command."""
    for topic, some in by_topic(questions).items():
        say(topic, bold=True)
        width = max(len(question.name) for question in some)
        for question in some:
            say(f"  graphkit query {question.name:<{width}}  {plain(question.header.title)}")
        say()
    say("Parameters: graphkit questions. Your own query: graphkit query -e 'SELECT * { ?who sp:funded ?what }'")


def _question(workspace: Workspace, name: str | None, expression: str | None) -> Question:
    if name is not None and expression is not None:
        raise QueryError(
            "Name one question: a saved question, a .rq file, - or -e 'SPARQL'.", "Type: graphkit questions"
        )
    if name is None:
        text = expression or ""
        return Question("-e", text, read_header(text))
    if name == "-":
        text = _standard_input()
        return Question("-", text, read_header(text))
    if name.endswith(".rq") or "/" in name:
        return Question(name, *read_query(Path(name)))
    return find_question(workspace.questions(), name)


def _saved(question: Question) -> SavedQuestion:
    return SavedQuestion(question.name, question.text, question.header)


def _standard_input() -> str:
    if sys.stdin is None:  # closed by the shell: graphkit query - <&-
        raise QueryError("Standard input is closed.", "Name a file, or give the query with -e.")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QueryError(f"Standard input cannot be read as text: {reason(error)}.", "Send it as UTF-8.") from error


def given_parameters(given: list[str]) -> dict[str, str]:
    """Return the parameters of a question by name.

    Args:
        given: Each as NAME=VALUE.

    Raises:
        QueryError: One has another form, or several values.
    """
    for text in given:
        if "=" not in text:
            raise QueryError(f"{text!r} is not NAME=VALUE.", "Type for example: --param speaker=met")
    return parameters((name.lstrip("?$"), value) for name, _, value in (text.partition("=") for text in given))


def _written(store: Store, question: Question, given: Mapping[str, str], most: int, form: str) -> WrittenAnswer:
    if form == "csv" and question.is_saved:
        found = answer(store, question, given, most)
        if isinstance(found, SavedAnswer):
            return WrittenAnswer(write_saved_csv(found).encode(), len(found), found.cut)
    return write_results(store.query(question.text, bind(question, given, store)), form, most)


def _readable(
    store: Store, question: Question, given: Mapping[str, str], most: int
) -> tuple[ReadableAnswer, bool] | bool:
    """Return an answer as text, and whether it was cut; or a truth value."""
    found = answer(store, question, given, most)
    if isinstance(found, bool):
        return found
    table = found if isinstance(found, Table) else triples_table(found)
    return table.readable(), found.cut

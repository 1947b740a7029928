"""Problems of records as problems of rows: the column, and the text to type in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graphkit.corpus.amount_hints import suggest_amount
from graphkit.corpus.lint import stands_in
from graphkit.corpus.yaml_tree import Tree
from graphkit.curate.tables.columns import AMOUNT_COLUMNS, BY_NAME, NAMES
from graphkit.curate.tables.completion import ENDS
from graphkit.curate.tables.table import Row, StatementTable
from graphkit.model.date_hints import suggest_date
from graphkit.model.errors import Level, Location, Problem

# Keys of a source file without a column of their own, and the columns for them.
_TYPED_IN = {name: number for number, name in enumerate(NAMES, 1)}
_TYPED_IN |= {"id": _TYPED_IN["source"], "amount": _TYPED_IN["number"], "evidence": _TYPED_IN["starts"]}
_SOLUTIONS = {
    "object-or-value": "fill in object or value, or number and unit; do not fill in both object and value.",
    "unexpected-amount": "empty number, unit and bound, or use another relation.",
}
_SHOWN = 80
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DATES = frozenset({"published", "retrieved", "when", "said", "value"})


@dataclass(slots=True)
class Cells(Tree):
    """A row in the structure of a source file; a location in it is a row and the number of a column in `NAMES`."""

    row: int = 0

    def place(self, path: Sequence[str | int]) -> Location:
        """Return the cell that a path comes from."""
        if len(path) > 1 and path[-2] == "amount" and path[-1] in AMOUNT_COLUMNS:
            path = [*path[:-1], AMOUNT_COLUMNS[str(path[-1])]]
        columns = (_TYPED_IN[part] for part in reversed(path) if isinstance(part, str) and part in _TYPED_IN)
        return Location(self.file, self.row, next(columns, 0))

    key_place = place


def in_columns(problems: Iterable[Problem], table: StatementTable, row: Row | None = None) -> list[Problem]:
    """Return the problems of a `Cells` tree with their columns and with solutions for a table.

    Args:
        row: The row, for suggestions about dates that a spreadsheet has changed.
    """
    return list(dict.fromkeys(_in_column(problem, table, row) for problem in problems))


def _in_column(problem: Problem, table: StatementTable, row: Row | None) -> Problem:
    column = problem.location.column
    name = "key" if problem.code == "invalid-id" else NAMES[column - 1] if column else ""
    message = problem.message
    if problem.code == "invalid-value" and row:
        message = f"{row.cells.get(name, '')[:_SHOWN]!r} is not allowed here."
    elif problem.code == "object-or-value" and not name:
        message = f"The row {message.partition(' ')[2]}"
    return replace(
        problem,
        location=table.place(problem.location.line, name),
        message=f"Column {name!r}: {message}" if name else message,
        solution=_solution(problem, name, table, row),
    )


def _solution(problem: Problem, name: str, table: StatementTable, row: Row | None) -> str:
    if name in _DATES and problem.code in {"invalid-date", "invalid-value"} and row:
        hint = suggest_date(row.cells.get(name, ""), table.day_zero)
        is_fit = name != "retrieved" or (_DAY.search(hint) and "/" not in hint)
        return hint if hint and is_fit else problem.solution
    if problem.code == "invalid-value":
        amount = suggest_amount(row.cells.get(name, ""), "amountTo") if row and name in {"number", "amountTo"} else ""
        return amount or BY_NAME[name].form or problem.solution
    return _SOLUTIONS.get(problem.code, problem.solution)


def empty_cells(table: StatementTable, row: Row, names: Iterable[str]) -> list[Problem]:
    """Return a problem for each needed cell that is empty."""
    return [_empty(table, row.number, name) for name in names if name not in row.cells]


def _empty(table: StatementTable, row: int, name: str) -> Problem:
    column = BY_NAME[name]
    solution = f"fill it in: {column.meaning}" + (f", such as {column.example!r}." if column.example else ".")
    return Problem("missing-key", table.place(row, name), f"Column {name!r}: the cell is empty.", solution)


def without_stand_ins(table: StatementTable, row: Row) -> tuple[Row, list[Problem]]:
    """Return a row without the words that stand for a missing value, such as nan or #REF!, and a problem for each."""
    found = {name: what for name, text in row.cells.items() if (what := stands_in(text, name))}
    problems = []
    for name, (meaning, solution) in found.items():
        message = f"Column {name!r}: {row.cells[name]!r} stands for {meaning}, and is not a text of the source."
        problems.append(Problem("no-value", table.place(row.number, name), message, solution))
    kept = {name: text for name, text in row.cells.items() if name not in found} if found else row.cells
    return replace(row, cells=kept), problems


def first_of_each_cell(problems: list[Problem], faults: Iterable[Problem]) -> list[Problem]:
    """Add the faults of a row to its problems, except those that only follow from a problem of the same cell."""
    columns = {_named(problem) for problem in problems if problem.level is Level.ERROR} - {""}
    if columns & ENDS:
        faults = (fault for fault in faults if fault.code != "object-or-value")
    return problems + [fault for fault in faults if _named(fault) not in columns]


def is_wrong(problems: Iterable[Problem], names: Iterable[str]) -> bool:
    """Return whether a problem is an error in one of some columns."""
    return any(problem.level is Level.ERROR and _named(problem) in names for problem in problems)


def _named(problem: Problem) -> str:
    """Return the column that a message begins with, "" if it is about the whole row."""
    before, _, rest = problem.message.partition("Column '")
    return "" if before else rest.partition("'")[0]


def unread_cell(table: StatementTable, row: Row) -> list[Problem]:
    """Return the problem of a row with text that nobody has split into cells yet."""
    if "unread" not in row.cells:
        return []
    message = f"Column 'unread': {row.cells['unread'][:_SHOWN]!r} has not been split into cells."
    solution = "fill in the other columns from it, and empty this cell."
    return [Problem("unread-cell", table.place(row.number, "unread"), message, solution)]

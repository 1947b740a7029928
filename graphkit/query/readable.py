"""Answers to saved questions as people read them, and as tables of labels, ids, numbers and days for other tools.

The variables of a question say how its columns belong together:

* `?amount ?unit ?bound`, for any name of the number: one amount, such as "£1,380,000, at most"; with `?to` after them,
  the upper end of a range, "50 to 60 videos".
* `?said ?saidLatest`, for any name of the date: a date, and the last possible day where the date is unknown.
* `?statements`: one row stands for several statements; a text holds several values, separated by ` | `.
* `# Key: speaker`, in the header of a question whose rows count statements: the variables that a row is about. The
  columns from `?statement` to `?evidence` describe the latest of the statements, except those that the key names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from graphkit.model.dates import date_words, first_and_last_day
from graphkit.model.iris import EDTF, PREFIXES, SP, shorten
from graphkit.model.text import figure
from graphkit.query.answers import SHOWN, ReadableAnswer, Table, html_cell, html_table
from graphkit.query.values import arrow_table, value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pyarrow as pa

    from graphkit.query.values import Term, Value

SEPARATOR = " | "
_OURS = tuple(PREFIXES[name] for name in ("id", "source", "statement"))
_SIGNS = {SP + "poundSterling": ("£", ""), SP + "percent": ("", "%")}
_LATEST = "Latest"
_DATE = PREFIXES["xsd"] + "date"
# Columns of addresses; the ids of the statements lead there.
_LINKED = ("link", "links")


# The order of columns for readers; "" stands for all others.
_ORDER = ("statement", "speaker", "stance", "gist", "claim", "", "said", "source", "evidence")
# The columns of a group that have one value for each of its statements, and the two sides, in their order.
_PARALLEL = ("statements", "speakers", "said", "sources", "links", "evidence")
SIDES = ("claims", "denials")
# The columns of one statement; in an answer with a key, of the latest one.
STATEMENT = ("statement", "speaker", "gist", "said", "source", "link", "evidence")
_LATEST_ONE = "latest statement"


class Entry(NamedTuple):
    """A statement of a group.

    Attributes:
        words: The speaker and the gist.
        said: The date, in words.
        evidence: The status of the evidence.
        statement: `source/key`.
        link: The address of the passage; "" if there is none.
    """

    words: str
    said: str
    evidence: str
    statement: str
    link: str

    @property
    def text(self) -> str:
        """The words, and in brackets the date and the status of the evidence."""
        known = "; ".join(part for part in (self.said, self.evidence) if part)
        return f"{self.words} ({known})" if known else self.words


class Column(NamedTuple):
    """A column for readers: a name and a text for each row."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedAnswer(Table):
    """The answer to a saved question.

    Iterating yields values of Python, as for any table. Data frames and CSV have a column for each label, id, number,
    first day and last day.

    Args:
        key: The columns that a row is about, if rows count statements and describe the latest one.
    """

    key: tuple[str, ...] = ()

    def readable(self) -> ReadableAnswer:
        """Return the answer as text; of several rows, without empty columns and with the constant ones apart."""
        columns = list(self.columns_about())
        sides = self.sides()
        groups = [
            Column(name, tuple("\n".join(map(_lines, group[name])) for group in sides)) for name in self.side_names
        ]
        latest = groups.pop().texts if self.key else ()
        constant = [column for column in columns if len(self) > 1 and _is_constant(column)]
        about = tuple((in_words(column.name), column.texts[0]) for column in constant if column.texts[0])
        kept = [column for column in columns if column not in constant] + groups
        rows = tuple(zip(*(column.texts for column in kept), strict=True)) if kept else ((),) * len(self)
        return ReadableAnswer(about, tuple(in_words(column.name) for column in kept), rows, latest)

    @property
    def side_names(self) -> tuple[str, ...]:
        """The sides of the statements for which a row stands, or "latest statement"; empty if a row is a statement."""
        if self.key:
            return (_LATEST_ONE,)
        return SIDES if {*_PARALLEL, *SIDES} <= {*self.columns} else ()

    def columns_about(self) -> Iterator[Column]:
        """Yield the columns that hold for a whole row."""
        return self._columns({*self.columns} - self._of_sides | {*self.key})

    @property
    def _of_sides(self) -> set[str]:
        """The columns that make the statements of `side_names`."""
        return {*STATEMENT} if self.key else {*_PARALLEL, *SIDES} if self.side_names else set()

    def sides(self) -> list[dict[str, list[Entry]]]:
        """Return, for each row, the statements on each side."""
        if not self.side_names:
            return [{} for _ in self.rows]
        columns = {column.name: column.texts for column in self._columns(self._of_sides)}
        sides = self._latest if self.key else self._sides
        return [sides({name: texts[row] for name, texts in columns.items()}) for row in range(len(self))]

    @staticmethod
    def _latest(texts: dict[str, str]) -> dict[str, list[Entry]]:
        statement, speaker, gist, said, _, link, evidence = (texts[name] for name in STATEMENT)
        words = gist if speaker in gist else f"{speaker}: {gist}"
        return {_LATEST_ONE: [Entry(words, said, evidence, statement, link)] if statement else []}

    @staticmethod
    def _sides(texts: dict[str, str]) -> dict[str, list[Entry]]:
        values = {name: _several(text) for name, text in texts.items()}
        words = [text for side in SIDES for text in values[side]]
        rest = (values[name] for name in ("said", "evidence", "statements", "links"))
        entries = [Entry(*parts) for parts in zip_longest(words, *rest, fillvalue="")]
        claims = len(values[SIDES[0]])
        return dict(zip(SIDES, (entries[:claims], entries[claims:]), strict=True))

    def _columns(self, names: set[str]) -> Iterator[Column]:
        """Yield some columns as text: labels, dates in words, and amounts with their unit and bound.

        Who says what in which words comes first; date, source and status of the evidence last.
        """
        for at, name in sorted(
            enumerate(self.columns), key=lambda one: _ORDER.index(one[1] if one[1] in _ORDER else "")
        ):
            if name in names and not self._belongs_to_another(name):
                yield Column(name, tuple(self._text(row, at) for row in self.rows))

    def _belongs_to_another(self, name: str) -> bool:
        if name in {"unit", "bound", "to"}:
            return self._number_of_amount() >= 0
        return name.endswith(_LATEST) and name.removesuffix(_LATEST) in self.columns

    def _number_of_amount(self) -> int:
        """Return the position of the number of an amount; -1 if the answer has no amount."""
        at = self.columns.index("unit") - 1 if "unit" in self.columns else -1
        return at if self.columns[at + 1 : at + 3] == ("unit", "bound") else -1

    @property
    def _has_ranges(self) -> bool:
        return "to" in self.columns and self._number_of_amount() >= 0

    def _text(self, row: tuple[Term, ...], at: int) -> str:
        term = row[at]
        if at == self._number_of_amount() and term is not None:
            return self._amount(
                term, row[at + 1], row[at + 2], row[self.columns.index("to")] if self._has_ranges else None
            )
        latest = self._latest_of(at)
        if term is None and latest >= 0 and row[latest] is not None:
            return date_words(f"../{_literal(row[latest])}")
        text = self.text_of(term)
        # The texts of a list may be IRIs of statements.
        return SEPARATOR.join(map(_id, text.split(SEPARATOR))) if text.startswith(PREFIXES["statement"]) else text

    def text_of(self, term: Term) -> str:
        """Return a term as a reader reads it: an entity by its label or id, a day in words."""
        if isinstance(term, ox.NamedNode):
            return self.labels.get(term.value) or _id(term.value)
        if isinstance(term, ox.Literal) and term.datatype.value == _DATE:
            return date_words(term.value)
        return Table.text_of(self, term)  # a class with slots has no super()

    def _amount(self, number: Term, unit: Term, bound: Term, end: Term) -> str:
        before, after = _SIGNS.get(unit.value if isinstance(unit, ox.NamedNode) else "", ("", f" {self.text_of(unit)}"))
        kept = "" if isinstance(bound, ox.NamedNode) and bound.value == SP + "exactly" else self.text_of(bound)
        whole = " to ".join(before + self._digits(one, money=bool(before)) for one in (number, end) if one is not None)
        return f"{whole}{after.rstrip()}{', ' if kept else ''}{kept}"

    def _digits(self, number: Term, *, money: bool) -> str:
        digits = value(number)
        return figure(digits, money=money) if isinstance(digits, int | float | Decimal) else self.text_of(number)

    def _latest_of(self, at: int) -> int:
        """Return the position of the last possible day of a date; -1 if there is none."""
        name = self.columns[at] + _LATEST
        return self.columns.index(name) if name in self.columns else -1

    def data(self) -> dict[str, list[Value]]:
        """Return columns of values: labels, ids (`x_id`), numbers (`x_number`) and days (`x_earliest`, `x_latest`)."""
        found: dict[str, list[Value]] = {}
        for at, name in enumerate(self.columns):
            terms = [row[at] for row in self.rows]
            if at == self._number_of_amount():
                found |= {name: self._texts(at), f"{name}_number": _numbers([value(term) for term in terms])}
            elif name == "to" and self._has_ranges:
                found[f"{self.columns[self._number_of_amount()]}_to"] = _numbers([value(term) for term in terms])
            elif self._latest_of(at) >= 0 or any(_is_edtf(term) for term in terms):
                found |= {name: self._texts(at), **self._days(at)}
            elif name.endswith(_LATEST) and self._belongs_to_another(name):
                continue
            elif any(isinstance(term, ox.NamedNode) for term in terms):
                found |= self._labels_and_ids(at)
            elif name.startswith("statement"):
                found[name] = self._texts(at)
            else:
                found[name] = _numbers([value(term) for term in terms])
        return found

    def _texts(self, at: int) -> list[Value]:
        return [self._text(row, at) or None for row in self.rows]

    def _labels_and_ids(self, at: int) -> dict[str, list[Value]]:
        name, terms = self.columns[at], [row[at] for row in self.rows]
        if all(term is None or _is_statement(term) for term in terms):
            return {name: self._texts(at)}
        ids: list[Value] = [_id(term.value) if isinstance(term, ox.NamedNode) else None for term in terms]
        return {name: self._texts(at), f"{name}_id": ids}

    def _days(self, at: int) -> dict[str, list[Value]]:
        latest, name = self._latest_of(at), self.columns[at]
        days = [_days(row[at], row[latest] if latest >= 0 else None) for row in self.rows]
        return {f"{name}_earliest": [first for first, _ in days], f"{name}_latest": [last for _, last in days]}

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table of labels, ids, numbers and days.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        return arrow_table({
            name: (values, [None if item is None else str(item) for item in values])
            for name, values in self.data().items()
        })  # fmt: skip

    def _repr_html_(self) -> str:
        shown = replace(self, rows=self.rows[:SHOWN])
        columns = [column for column in shown.columns_about() if column.name not in _LINKED]
        rows = [[shown.cell(column, row) for column in columns] for row in range(len(shown))]
        names = [in_words(column.name) for column in columns]
        names += self.side_names
        for cells, group in zip(rows, shown.sides(), strict=True):
            cells += ["<br>".join(map(_entry_html, side)) for side in group.values()]
        return html_table(names, rows, self._note(SHOWN))

    def cell(self, column: Column, row: int) -> str:
        """Return a cell as HTML; the id of a statement is a link to its passage."""
        term, text = self.rows[row][self.columns.index(column.name)], column.texts[row]
        if column.name != "statement" or "link" not in self.columns:
            return html_cell(term, text, "")
        return html_cell(None, text, _literal(self.rows[row][self.columns.index("link")]))


def _several(text: str) -> list[str]:
    return text.split(SEPARATOR) if text else []


def _entry_html(entry: Entry) -> str:
    return f"{html_cell(None, entry.text, '')} {html_cell(None, entry.statement, entry.link)}"


def _lines(entry: Entry) -> str:
    return "\n".join(part for part in (entry.text, entry.statement, entry.link) if part)


def _is_constant(column: Column) -> bool:
    return not column.name.startswith("statement") and len(set(column.texts)) == 1


def in_words(name: str) -> str:
    """Return the name of a variable in words.

    >>> in_words("correctedBy")
    'corrected by'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _id(name: str) -> str:
    """Return an IRI as users type it: the id of an entity, source or statement, or else a CURIE."""
    space = next((space for space in _OURS if name.startswith(space)), "")
    return name[len(space) :] if space else shorten(name)


def _is_statement(term: Term) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["statement"])


def _is_edtf(term: Term) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value == EDTF


def _literal(term: Term) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


def _days(date: Term, latest: Term) -> tuple[dt.date | None, dt.date | None]:
    return first_and_last_day(_literal(date) or (f"../{_literal(latest)}" if latest else ""))


def _numbers(values: list[Value]) -> list[Value]:
    """Return decimals as whole numbers, or as floating point numbers where that changes none of them."""
    decimals = [number for number in values if isinstance(number, Decimal)]
    if all(number == number.to_integral_value() for number in decimals):
        return [int(number) if isinstance(number, Decimal) else number for number in values]
    if all(Decimal(repr(float(number))) == number for number in decimals):
        return [float(number) if isinstance(number, Decimal | int) else number for number in values]
    return values

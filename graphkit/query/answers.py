"""Answers: typed tables of terms, truth values and triples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from graphkit.model.dates import date_words
from graphkit.model.errors import MissingExtraError, QueryError
from graphkit.model.iris import EDTF, PREFIXES, shorten
from graphkit.model.text import counted
from graphkit.query.values import Term, Value, arrow_table, text, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from graphkit.store import Results

__all__ = [
    "SHOWN", "Answer", "ReadableAnswer", "Table", "Term", "Triples", "Value", "gather", "html_cell", "html_table",
    "triples_table", "value",
]  # fmt: skip

# A notebook shows this many rows; the table holds all of them.
SHOWN = 50
_ADDRESS = PREFIXES["xsd"] + "anyURI"
Answer: TypeAlias = "Table | bool | Triples"


class Triples(list["ox.Triple"]):
    """The answer to CONSTRUCT or DESCRIBE: triples, each once, sorted; `cut` if there were more than the limit."""

    def __init__(self, triples: Iterable[ox.Triple] = (), *, cut: bool = False) -> None:
        super().__init__(triples)
        self.cut = cut

    def _repr_html_(self) -> str:
        return replace(triples_table(self), cut=self.cut)._repr_html_()


class ReadableAnswer(NamedTuple):
    """An answer as text.

    Attributes:
        about: The columns that have the same text in each row, as pairs of name and text.
        columns: The names of the other columns.
        rows: Their texts.
        latest: For each row that counts statements, the latest of them; else empty.
    """

    about: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    latest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question.

    Iterating yields one dictionary for each row, with Python values; IRIs are text.

    Args:
        columns: Names, in the order of the query.
        rows: Terms; None for an unbound variable.
        labels: IRI to label, for the IRIs with a label.
        cut: Whether there were more rows than the limit.
        passages: IRI of a statement to the address of its passage, for the statements in the rows that are shown.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    cut: bool = False
    passages: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (dict(zip(self.columns, map(value, row), strict=True)) for row in self.rows)

    def column(self, name: str) -> list[Value]:
        """Return the values of a column."""
        at = self.columns.index(name)
        return [value(row[at]) for row in self.rows]

    def shown(self) -> Iterator[tuple[str, ...]]:
        """Yield rows as text: each IRI as its label, or else as a CURIE; dates of EDTF in words."""
        return (tuple(self.text_of(term) for term in row) for row in self.rows)

    def readable(self) -> ReadableAnswer:
        """Return the answer as text, with each column of the query."""
        return ReadableAnswer((), self.columns, tuple(self.shown()))

    def text_of(self, term: Term) -> str:
        """Return a term as a reader reads it."""
        if isinstance(term, ox.NamedNode):
            return self.labels.get(term.value) or shorten(term.value)
        if term is None:
            return ""
        if not isinstance(term, ox.Literal):
            return str(term)
        return date_words(term.value) if term.datatype.value == EDTF else term.value

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table.

        A column of whole numbers, decimals (exactly, as decimal128), floating point numbers, truth values, days or
        moments has that type. IRIs are text, and so is a column of mixed types or without values.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        return arrow_table({
            name: ([value(row[at]) for row in self.rows], [text(row[at]) for row in self.rows])
            for at, name in enumerate(self.columns)
        })  # fmt: skip

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame with the types of `to_arrow`; whole numbers stay whole beside missing values.

        Raises:
            MissingExtraError: pandas or pyarrow is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtraError("pandas", "pandas") from error
        whole = self.to_arrow()
        gaps = {"int64": pd.Int64Dtype(), "bool": pd.BooleanDtype()}
        frame: pd.DataFrame = whole.to_pandas(integer_object_nulls=True)
        return frame.astype(
            {name: gaps[kind] for name, kind in _types(whole) if kind in gaps and whole.column(name).null_count}
        )

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame with the types of `to_arrow`.

        Raises:
            MissingExtraError: polars or pyarrow is not installed.
        """
        try:
            import polars as pl
        except ImportError as error:
            raise MissingExtraError("polars", "polars") from error
        frame = pl.from_arrow(self.to_arrow())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table becomes a frame
        return frame

    def _repr_html_(self) -> str:
        rows = (
            [html_cell(term, text, self._passage(term)) for term, text in zip(row, shown, strict=True)]
            for row, shown in islice(zip(self.rows, self.shown(), strict=True), SHOWN)
        )
        return html_table(self.columns, rows, self._note(SHOWN))

    def _passage(self, term: Term) -> str:
        return self.passages.get(term.value, "") if isinstance(term, ox.NamedNode) else ""

    def _note(self, shown: int) -> str:
        count = counted(len(self), "row")
        first = f"The first {shown} of {count}" if len(self) > shown else count
        return f"{first}; the answer has more." if self.cut else f"{first}."


def _types(table: pa.Table) -> Iterator[tuple[str, str]]:
    return ((column.name, str(column.type)) for column in table.schema)


def triples_table(triples: list[ox.Triple]) -> Table:
    """Return triples as a table of three columns."""
    rows = sorted(((triple.subject, triple.predicate, triple.object) for triple in triples), key=str)
    return Table(("subject", "predicate", "object"), tuple(rows))


def gather(found: Results, most: int | None = None) -> Answer:
    """Read the results of an engine, at most `most` rows or triples, without labels.

    Raises:
        QueryError: The engine fails while it evaluates the query.
    """
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    end = None if most is None else most + 1
    try:
        if isinstance(found, ox.QueryTriples):
            triples = list(islice(dict.fromkeys(found), end))
            return Triples(sorted(triples[:most], key=str), cut=len(triples[:most]) < len(triples))
        rows = list(map(tuple, islice(found, end)))
    except (OSError, RuntimeError) as error:
        raise QueryError(f"The query failed while it ran: {error}", "Make it simpler.") from error
    columns = tuple(variable.value for variable in found.variables)
    return Table(columns, tuple(rows[:most]), cut=len(rows[:most]) < len(rows))


def html_table(columns: Iterable[str], rows: Iterable[Iterable[str]], note: str = "") -> str:
    """Return a table as HTML: cells are HTML, names and the note below the table are text."""
    from graphkit.model.text import escaped  # only notebooks need it

    head = "".join(f'<th scope="col" style="text-align:left">{escaped(name)}</th>' for name in columns)
    left = 'style="text-align:left;vertical-align:top"'
    body = "".join(f"<tr>{''.join(f'<td {left}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    after = f"<p>{escaped(note)}</p>" if note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{after}"


def html_cell(term: Term, shown: str, address: str) -> str:
    """Return a term as HTML, with a link to an address or else to the term itself if it is an address."""
    from graphkit.model.text import escaped, web_link  # only notebooks need it

    target = web_link(address or _own_address(term))
    if not target:
        return escaped(shown)
    # The cell shows a label, so the tooltip shows where the link leads.
    leads = escaped(target)
    return f'<a href="{leads}" title="{leads}" rel="noreferrer noopener" target="_blank">{escaped(shown)}</a>'


def _own_address(term: Term) -> str:
    if isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.datatype.value == _ADDRESS):
        return term.value
    return ""

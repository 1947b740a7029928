"""Answers: typed tables of terms, truth values and triples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.model.errors import MissingExtraError
from graphkit.model.iris import shorten
from graphkit.query.cells import SHOWN, cell, html_table
from graphkit.query.values import Term, Value, arrow_column, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["Answer", "Table", "Term", "Triples", "Value", "triples_table", "value"]

Answer: TypeAlias = "Table | bool | Triples"


class Triples(list["ox.Triple"]):
    """The answer to CONSTRUCT or DESCRIBE: triples, each once, sorted.

    Args:
        triples: What was found.
        cut: Whether there were more than were asked for.
    """

    def __init__(self, triples: Iterable[ox.Triple] = (), *, cut: bool = False) -> None:
        super().__init__(triples)
        self.cut = cut

    def _repr_html_(self) -> str:
        return replace(triples_table(self), cut=self.cut)._repr_html_()


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question.

    Iterating gives one dictionary a row, with Python values; IRIs come as text.

    Args:
        columns: Names, in the order of the query.
        rows: Terms, None where nothing is bound.
        labels: IRI to the label that people read, for those IRIs that have one.
        cut: Whether there were more rows than were asked for.
        passages: IRI of a statement to the address of its passage, for the statements in the first rows.
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
        """Yield rows as people read them: labels for IRIs where there are any, else CURIEs."""
        return (tuple(self._show(term) for term in row) for row in self.rows)

    def _show(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self.labels.get(term.value) or shorten(term.value)
        if term is None:
            return ""
        return term.value if isinstance(term, ox.Literal) else str(term)

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table.

        Whole numbers, decimals (exactly, as decimal128), floating point numbers, truth values, days and moments
        have the type of their column. IRIs are text, and so is a column that holds several kinds or nothing.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        try:
            import pyarrow as pa
        except ImportError as error:
            raise MissingExtraError("pyarrow", "arrow") from error
        return pa.table({name: arrow_column([row[at] for row in self.rows]) for at, name in enumerate(self.columns)})

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame with the types of `to_arrow`; a gap does not turn numbers into fractions.

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
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - of a table comes a frame
        return frame

    def _repr_html_(self) -> str:
        rows = (
            [cell(term, text, self._passage(term)) for term, text in zip(row, shown, strict=True)]
            for row, shown in islice(zip(self.rows, self.shown(), strict=True), SHOWN)
        )
        return html_table(self.columns, rows, self._note(SHOWN))

    def _passage(self, term: Term) -> str:
        return self.passages.get(term.value, "") if isinstance(term, ox.NamedNode) else ""

    def _note(self, shown: int) -> str:
        count = "1 row" if len(self) == 1 else f"{len(self):,} rows"
        first = f"The first {shown} of {count}" if len(self) > shown else count
        return f"{first}; there are more than were asked for." if self.cut else f"{first}."


def _types(table: pa.Table) -> Iterator[tuple[str, str]]:
    return ((one.name, str(one.type)) for one in table.schema)


def triples_table(triples: list[ox.Triple]) -> Table:
    """Return triples as a table of three columns."""
    rows = sorted(((triple.subject, triple.predicate, triple.object) for triple in triples), key=str)
    return Table(("subject", "predicate", "object"), tuple(rows))

"""Answers: typed tables of terms, truth values and triples."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.errors import MissingExtraError
from graphkit.terms import PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas as pd
    import pyarrow as pa

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None"
Answer: TypeAlias = "Table | bool | Triples"
Value: TypeAlias = "str | int | float | bool | Decimal | dt.date | None"

_XSD = PREFIXES["xsd"]
_PYTHON: dict[str, Callable[[str], Value]] = {
    _XSD + "integer": int,
    _XSD + "decimal": Decimal,
    _XSD + "double": float,
    _XSD + "boolean": lambda text: text == "true",
    _XSD + "date": dt.date.fromisoformat,
}


class Triples(list["ox.Triple"]):
    """The answer to CONSTRUCT or DESCRIBE: triples, each once, sorted.

    Args:
        triples: What was found.
        cut: Whether there were more than were asked for.
    """

    def __init__(self, triples: Iterable[ox.Triple] = (), *, cut: bool = False) -> None:
        super().__init__(triples)
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question.

    Iterating gives one dictionary a row, with Python values; IRIs come as text.

    Args:
        columns: Names, in the order of the query.
        rows: Terms, None where nothing is bound.
        labels: IRI to the label that people read, for those IRIs that have one.
        cut: Whether there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    cut: bool = False

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
        """Return an Arrow table with typed columns (text where a column is mixed).

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        try:
            import pyarrow as pa
        except ImportError as error:
            raise MissingExtraError("pyarrow", "arrow") from error
        return pa.table({name: pa.array(_one_type(self.column(name))) for name in self.columns})

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtraError("pandas", "pandas") from error
        return pd.DataFrame({name: self.column(name) for name in self.columns})

    def _repr_html_(self) -> str:
        import html  # a notebook has it already

        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self.shown()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def value(term: Term) -> Value:
    """Return a term as a Python value; what its datatype does not allow stays text."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return str(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode) else str(term)
    read = _PYTHON.get(term.datatype.value)
    try:
        return read(term.value) if read else term.value
    except (ValueError, ArithmeticError):
        return term.value


_INT64 = 2**63


def _one_type(values: list[Value]) -> list[Value]:
    kinds = {type(one) for one in values if one is not None}
    fits = all(abs(one) < _INT64 for one in values if isinstance(one, int))
    return values if len(kinds) <= 1 and fits else [None if one is None else str(one) for one in values]


def triples_table(triples: list[ox.Triple]) -> Table:
    """Return triples as a table of three columns."""
    rows = sorted(((triple.subject, triple.predicate, triple.object) for triple in triples), key=str)
    return Table(("subject", "predicate", "object"), tuple(rows))

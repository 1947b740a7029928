"""RDF literals as values of Python and columns of Arrow.

A literal becomes a number, a day or a time only if its text is valid for its datatype and nothing is lost; any other
literal stays text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.model.errors import MissingExtraError
from graphkit.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None"
Value: TypeAlias = "str | int | float | bool | Decimal | dt.date | dt.datetime | None"
Reader: TypeAlias = Callable[[str], Value]

_XSD = PREFIXES["xsd"]
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INTEGER = (re.compile(r"[+-]?[0-9]+"), int)
_DOUBLE = (re.compile(rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|-?INF|NaN"), float)
_INTEGERS = (
    "integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
)  # fmt: skip

# Datatype to the pattern and the reader of its text. Python keeps at most six digits of a second.
_READERS: dict[str, tuple[re.Pattern[str], Reader]] = {
    **{_XSD + name: _INTEGER for name in _INTEGERS},
    _XSD + "decimal": (re.compile(_NUMBER), Decimal),
    _XSD + "double": _DOUBLE,
    _XSD + "float": _DOUBLE,
    _XSD + "boolean": (re.compile("true|false|1|0"), lambda text: text in {"true", "1"}),
    _XSD + "date": (re.compile(_DAY), dt.date.fromisoformat),
    _XSD + "dateTime": (
        re.compile(rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"),
        dt.datetime.fromisoformat,
    ),
}


def value(term: Term) -> Value:
    """Return a term as a Python value; text that is invalid for its datatype stays text.

    >>> value(ox.Literal("2020-02-29", datatype=ox.NamedNode(_XSD + "date")))
    datetime.date(2020, 2, 29)
    """
    if not isinstance(term, ox.Literal):
        return text(term)
    pattern, read = _READERS.get(term.datatype.value, (None, str))
    if pattern is None or not pattern.fullmatch(term.value):
        return term.value
    try:
        return read(term.value)
    except (ValueError, ArithmeticError):
        return term.value


def text(term: Term) -> str | None:
    """Return a term as text: an IRI, the label of a blank node, or the characters of a literal."""
    if term is None:
        return None
    return str(term) if isinstance(term, ox.Triple) else term.value


def arrow_table(columns: Mapping[str, tuple[Sequence[Value], Sequence[str | None]]]) -> pa.Table:
    """Return an Arrow table.

    Args:
        columns: Name to values, and to their texts, which the column holds if no other type holds all its values.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError("pyarrow", "arrow") from error
    return pa.table({name: _arrow_column(values, texts) for name, (values, texts) in columns.items()})


def _arrow_column(values: Sequence[Value], texts: Sequence[str | None]) -> pa.Array:
    import pyarrow as pa

    kind = _arrow_type([item for item in values if item is not None])
    if kind is None:
        return pa.array(texts, pa.string())
    if pa.types.is_decimal(kind):
        values = [Decimal(number) if isinstance(number, int) else number for number in values]
    return pa.array(values, kind)


_INT64 = 2**63


def _arrow_type(values: Sequence[Value]) -> pa.DataType | None:
    import pyarrow as pa

    kinds = {type(item) for item in values}
    if kinds == {int} and all(-_INT64 <= number < _INT64 for number in values):  # type: ignore[operator]
        return pa.int64()
    if kinds and kinds <= {int, Decimal}:
        return _decimal_type([Decimal(number) for number in values])  # type: ignore[arg-type]
    if kinds == {dt.datetime}:
        return _time_type({moment.tzinfo is None for moment in values})  # type: ignore[union-attr]
    simple = {float: pa.float64(), bool: pa.bool_(), dt.date: pa.date32()}
    return simple.get(kinds.pop()) if len(kinds) == 1 else None


# The number of decimal digits that fit into 128 bits.
_DIGITS = 38


def _decimal_type(values: Sequence[Decimal]) -> pa.DataType | None:
    """Return a type of 128 bits that holds all numbers exactly, or None."""
    import pyarrow as pa

    scale = max(_scale(number) for number in values)
    whole = max(number.adjusted() + 1 for number in values)
    return pa.decimal128(_DIGITS, scale) if max(whole, 0) + scale <= _DIGITS else None


def _scale(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _time_type(without_zone: set[bool]) -> pa.DataType | None:
    """Return the type of moments; a column cannot mix moments with and without a time zone."""
    import pyarrow as pa

    return None if len(without_zone) > 1 else pa.timestamp("us", tz=None if without_zone == {True} else "UTC")

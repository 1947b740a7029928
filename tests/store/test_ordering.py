"""ORDER BY gives the order of SPARQL 1.1 for any mixture of values, and never ends a process."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphkit.model.errors import QueryError
from graphkit.store import in_memory
from graphkit.store.ordering import in_total_order

XSD = "http://www.w3.org/2001/XMLSchema#"
STORE = in_memory([])


def typed(text: str, name: str) -> str:
    return f'"{text}"^^<{XSD}{name}>'


NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from([str(2**53 + step) for step in (-1, 0, 1, 2)] + ["9007199254740992.0", "9007199254740993.5"]),
    st.decimals(-100, 100, places=3).map(str),
    st.floats(allow_nan=False).map(lambda number: typed("INF" if number == float("inf") else str(number), "double")),
    st.floats(-1e6, 1e6, width=32).map(lambda number: typed(str(number), "float")),
)
DAYS = st.dates().map(lambda day: typed(day.isoformat(), "date"))
MOMENTS = st.tuples(st.datetimes(), st.sampled_from(["", "Z", "+05:00", "-11:30"])).map(
    lambda made: typed(made[0].isoformat() + made[1], "dateTime")
)
LANGUAGES = st.sampled_from(["", "@en", "@de"])
TEXTS = st.tuples(st.text("aAé0 ", max_size=3), LANGUAGES).map(lambda made: f'"{made[0]}"{made[1]}')
ODD = st.sampled_from([
    "UNDEF", "<x:a>", "<x:b>", "true", "false", typed("NaN", "double"), typed("NaN", "float"), typed("abc", "integer"),
    typed("P1M", "duration"), typed("P30D", "duration"), typed("P2D", "dayTimeDuration"), typed("2020", "gYear"),
    typed("2020Z", "gYear"), typed("10:00:00", "time"), typed("10:00:00+05:00", "time"),
    typed("2020-01-01+05:00", "date"), typed("2020-13-45", "date"), '"x"^^<x:type>',
])  # fmt: skip
ANY = st.one_of(NUMBERS, DAYS, MOMENTS, TEXTS, ODD)


def ordered(values: list[str], by: str = "?o") -> list[ox.Literal | None]:
    found = STORE.query(f"SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} ORDER BY {by}")
    assert isinstance(found, ox.QuerySolutions)
    return [row["o"] for row in found]


def rank(term: object) -> int:
    """Return the place of a kind of term: unbound, blank nodes, IRIs, literals."""
    return [type(None), ox.BlankNode, ox.NamedNode, ox.Literal].index(type(term))


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY, max_size=60), st.sampled_from(["ASC", "DESC"]))
@example([typed("1.1754943508222875e-38", name) for name in ("double", "float")], "ASC")
def test_any_mixture_is_ordered_as_sparql_says(values: list[str], direction: str) -> None:
    rows = ordered(values, f"{direction}(?o)")
    assert len(rows) == len(values)
    rows = rows[::-1] if direction == "DESC" else rows
    assert list(map(rank, rows)) == sorted(map(rank, rows))
    literals = [row for row in rows if isinstance(row, ox.Literal)]
    for one, other in pairwise(literals):
        assert not is_less(other, one)
    numbers = [exact for exact in map(number, literals) if exact is not None]
    assert numbers == sorted(numbers)
    texts = [row.value for row in literals if row.datatype.value == XSD + "string"]
    assert texts == sorted(texts)


def is_less(one: ox.Literal, other: ox.Literal) -> bool:
    """Return whether the engine finds one value less than the other; by SPARQL, one without a time zone is in UTC."""
    moments = {one.datatype.value, other.datatype.value} == {XSD + "dateTime"}
    left, right = (
        f"ADJUST({term}, {typed('PT0S', 'dayTimeDuration')})" if moments else str(term) for term in (one, other)
    )
    return bool(STORE.query(f"ASK {{ FILTER({left} < {right}) }}"))


def number(term: ox.Literal) -> Fraction | float | None:
    kind = term.datatype.value.removeprefix(XSD)
    if kind not in {"integer", "decimal", "double", "float"} or term.value in {"NaN", "abc"}:
        return None
    if "INF" in term.value:
        return float(term.value.replace("INF", "inf"))
    # A float is as exact as the double of its 32 bits.
    return (
        Fraction(struct.unpack("f", struct.pack("f", float(term.value)))[0])
        if kind == "float"
        else Fraction(term.value)
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ VALUES ?o {{ {} }} }} ORDER BY ?o",
        "SELECT ?o WHERE {{ {{ SELECT * {{ VALUES ?o {{ {} }} }} ORDER BY DESC(?o) LIMIT 999 }} }}",
        "SELECT ?o {{ VALUES ?o {{ {} }} }} ORDER BY COALESCE(?o, 1) DESC(?o) ASC(STR(?o))",
        "SELECT (?o AS ?p) {{ VALUES ?o {{ {} }} }} ORDER BY ?p LIMIT 1000 OFFSET 1",
        "SELECT ?o (COUNT(*) AS ?n) {{ VALUES ?o {{ {} }} }} GROUP BY ?o ORDER BY DESC(?n) (?o) MAX(?o)",
        "SELECT DISTINCT ?o {{ VALUES ?o {{ {} }} }} ORDER BY ?o",
        "SELECT ?o {{ VALUES ?o {{ {} }} }} ORDER BY RAND()",
        "SELECT ?o {{ SELECT ?o {{ VALUES ?o {{ {} }} }} }} ORDER BY (?o * 2) IF(isNumeric(?o), ?o, STR(?o))",
        "CONSTRUCT {{ ?o <x:p> ?o }} {{ VALUES ?o {{ {} }} }} ORDER BY ?o LIMIT 500",
        "DESCRIBE * {{ VALUES ?o {{ {} }} }} ORDER BY ?o",
        "ASK {{ FILTER EXISTS {{ SELECT ?o {{ VALUES ?o {{ {} }} }} ORDER BY ?o LIMIT 1 }} }}",
    ],
)
def test_no_form_of_order_by_fails_on_mixed_values(query: str) -> None:
    values = [
        value
        for at in range(300)
        for value in (str(at * 7 % 300), typed(f"{1700 + at}-01-01", "date"), f'"{at * 3 % 10}"')
    ]
    found = STORE.query(query.format(" ".join(values)))
    assert isinstance(found, ox.QueryBoolean) or list(found) is not None


def test_numbers_dates_and_texts_are_each_in_their_order() -> None:
    rows = ordered(["10", '"5x"', "9", typed("2020-01-01", "date"), '"1"', typed("0999-01-01", "date"), "100", "9.5"])
    values = [row.value for row in rows if row]
    assert values == ["0999-01-01", "2020-01-01", "1", "5x", "9", "9.5", "10", "100"]


def test_a_limit_cuts_the_ordered_rows() -> None:
    rows = ordered(["3", "1", '"b"', "2", "<x:a>", "UNDEF"], "DESC(?o) LIMIT 2 OFFSET 1")
    assert [row.value for row in rows if row] == ["2", "1"]


def test_a_value_that_changes_with_each_comparison_is_a_located_error() -> None:
    with pytest.raises(QueryError, match="line 2, column 10: this value of ORDER BY would change"):
        STORE.query("SELECT ?o (COUNT(*) AS ?n) { VALUES ?o { 1 } } GROUP BY ?o\nORDER BY RAND()")


def test_a_mistake_is_shown_in_the_text_of_the_user() -> None:
    with pytest.raises(QueryError, match="line 1, column 51"):
        STORE.query("SELECT ?o { VALUES ?o { 1 } } ORDER BY ?o LIMITT 3")


def test_a_query_without_mixed_values_is_left_alone() -> None:
    for text in (
        "SELECT * { ?border ?p 'order by ?x' }",
        "SELECT ?s { ?s ?p ?o } ORDER BY LCASE(STR(?o)) DESC(STRLEN(?o))",
    ):
        assert in_total_order(text) == text

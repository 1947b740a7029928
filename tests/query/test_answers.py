"""Answers: typed values, tables for other tools, and the SPARQL result formats as other parsers read them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pyarrow as pa
import pyoxigraph as ox
import pytest
import rdflib
from lxml import etree
from rdflib.query import Result

from graphkit.model.errors import MissingExtraError, QueryError, QueryWarning
from graphkit.model.iris import PREFIXES
from graphkit.query.answers import Table, Triples, value
from graphkit.query.formats import TABLE_FORMATS, write_answer, write_results
from graphkit.query.questions import ask
from graphkit.store import in_memory
from graphkit.store.syntax import with_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.graph import Graph
    from graphkit.query.answers import Term, Value

PARSED = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}
MIXED = r"""SELECT ?a ?b ?c { VALUES (?a ?b ?c) {
  (id:met "plain" 1) (UNDEF "words"@en 1.50) (<https://example.org/é> "" true) ("2020-02-29"^^xsd:date UNDEF 1e3)
  ("a \"b\" 'c' \\ d" "x, y; z" "tab\tin the middle\nand a new line") ("<b>&amp;</b> ]]>" "=1+1" "2019~"^^sp:Edtf)
  (UNDEF UNDEF UNDEF) ("語 😀" "-1"^^xsd:integer "P1D"^^xsd:duration) } }"""


def asked(query: str) -> Table:
    """Ask an empty store."""
    answer = ask(in_memory([]), query)
    assert isinstance(answer, Table)
    return answer


def one(term: str) -> Value:
    """Return what a term in Turtle becomes in Python."""
    (row,) = asked(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}")
    return row["x"]


def terms(text: bytes, name: str) -> tuple[list[str], list[tuple[Term, ...]]]:
    """Return the columns and rows of a result as pyoxigraph reads it."""
    read = ox.parse_query_results(text, PARSED[name])
    assert isinstance(read, ox.QuerySolutions)
    columns = [variable.value for variable in read.variables]
    return columns, [tuple(row[column] for column in columns) for row in read]


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("15", 15),
        ("-3", -3),
        ("1.50", Decimal("1.5")),
        ("1e3", 1000.0),
        ('"-INF"^^xsd:double', float("-inf")),
        ("true", True),
        ("false", False),
        ('"1"^^xsd:boolean', True),
        ('"0"^^xsd:boolean', False),
        ('"2020-02-29"^^xsd:date', dt.date(2020, 2, 29)),
        ('"words"', "words"),
        ('"words"@en', "words"),
        ('"2019~"^^<http://id.loc.gov/datatypes/edtf/EDTF>', "2019~"),
        ("id:met", PREFIXES["id"] + "met"),
        ("UNDEF", None),
        ('""', ""),
        ('"007"', "007"),
    ],
)
def test_values_have_the_type_of_their_term(term: str, expected: Value) -> None:
    found = one(term)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("term", ['"2020-02-30"^^xsd:date', '"2020-01-01Z"^^xsd:date', '"-0044-03-15"^^xsd:date'])
def test_a_date_that_python_does_not_have_stays_text(term: str) -> None:
    assert one(term) == term.split('"')[1]


@pytest.mark.parametrize(
    ("text", "datatype"), [("many", "integer"), ("1,5", "decimal"), ("", "date"), ("big", "double"), ("", "integer")]
)
def test_what_its_datatype_does_not_allow_stays_text(text: str, datatype: str) -> None:
    assert one(f'"{text}"^^xsd:{datatype}') == text


def test_iterating_gives_a_dictionary_a_row() -> None:
    table = asked("SELECT ?n ?name { VALUES (?n ?name) { (1 'a') (2 UNDEF) } }")
    assert list(table) == [{"n": 1, "name": "a"}, {"n": 2, "name": None}]
    assert list(table) == list(table), "more than once"
    assert len(table) == 2
    assert table.columns == ("n", "name")


def test_a_column_comes_by_its_name() -> None:
    table = asked("SELECT ?n ?name { VALUES (?n ?name) { (1 'a') (2 UNDEF) } }")
    assert table.column("name") == ["a", None]
    with pytest.raises(ValueError, match="tuple"):
        table.column("nobody")


def test_an_answer_may_have_no_row_and_even_no_column() -> None:
    nothing = asked("SELECT ?x ?y { ?x ?y 'nothing' }")
    assert (len(nothing), list(nothing), nothing.columns, nothing.column("y")) == (0, [], ("x", "y"), [])
    assert list(asked("SELECT * {}")) == [{}]


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { VALUES (?zebra ?apple ?mango) { (1 2 3) } }", ("zebra", "apple", "mango")),
        ("SELECT * { VALUES ?b { 1 } BIND(2 AS ?a) } # ?c ?a", ("b", "a")),
        ("SELECT ?c (1 AS ?a) ?b { VALUES (?b ?c) { (2 3) } }", ("c", "a", "b")),
        ("SELECT $d ?c { VALUES (?c ?d) { (1 2) } }", ("d", "c")),
        ("SELECT * { VALUES ?x1 { '?y' } VALUES ?x { 1 } }", ("x1", "x")),
    ],
)
def test_columns_come_in_the_order_of_the_query(query: str, columns: tuple[str, ...]) -> None:
    table = asked(query)
    assert table.columns == columns
    for name in TABLE_FORMATS:
        if name in PARSED:
            assert terms(write_answer(table, name).encode(), name)[0] == list(columns)


# --- tables of other tools --------------------------------------------------------------------------------------------


def test_arrow_columns_are_typed() -> None:
    table = asked(
        """SELECT * { VALUES (?text ?whole ?part ?float ?truth ?day ?nothing ?mixed) {
          ("a" 1 1.25 1e0 true "2020-01-01"^^xsd:date UNDEF 1) (UNDEF 2 10.5 UNDEF false UNDEF UNDEF "two") } }"""
    )
    arrow = table.to_arrow()
    types = {field.name: field.type for field in arrow.schema}
    assert pa.types.is_decimal(types.pop("part"))
    assert types == {
        "text": pa.string(), "whole": pa.int64(), "float": pa.float64(), "truth": pa.bool_(), "day": pa.date32(),
        "nothing": pa.string(), "mixed": pa.string(),
    }  # fmt: skip
    assert arrow.column_names == list(table.columns)
    assert arrow.to_pylist() == [{**row, "mixed": str(row["mixed"])} for row in table]


def test_arrow_takes_an_answer_without_rows() -> None:
    arrow = asked("SELECT ?x ?y { ?x ?y 'nothing' }").to_arrow()
    assert (arrow.num_rows, arrow.column_names) == (0, ["x", "y"])


def test_arrow_takes_a_number_of_more_than_64_bits() -> None:
    arrow = asked("SELECT ?n { VALUES ?n { 99999999999999999999 1 } }").to_arrow()
    assert [int(value) for value in arrow.column("n").to_pylist()] == [99999999999999999999, 1]


def test_pandas_gets_the_same_values() -> None:
    table = asked("SELECT ?n ?name ?day { VALUES (?n ?name ?day) { (1 'a' '2020-01-01'^^xsd:date) (2 'b' UNDEF) } }")
    frame = table.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["n", "name", "day"]
    assert frame["n"].dtype == "int64"
    assert list(frame["name"]) == ["a", "b"]
    assert frame["day"][0] == dt.date(2020, 1, 1)
    assert frame["day"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("package", "method"), [("pyarrow", Table.to_arrow), ("pandas", Table.to_pandas), ("polars", Table.to_polars)]
)
def test_a_missing_package_is_named_with_what_installs_it(
    package: str, method: Callable[[Table], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(MissingExtraError, match=package) as caught:
        method(asked("SELECT (1 AS ?n) {}"))
    assert caught.value.hint.startswith("Type: pip install 'graphkit[")


class Cells(HTMLParser):
    """The tags of a page, and the text of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.links: list[str] = []
        self.note = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert set(given) <= {"a": {"href", "title", "rel", "target"}, "th": {"scope", "style"}}.get(tag, {"style"})
        if tag == "a":
            assert given["rel"] == "noreferrer noopener"
            self.links.append(given["href"] or "")
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if "p" in self.tags:
            self.note += data
        else:
            self.cells[-1] += data


def test_html_shows_text_and_never_runs_it() -> None:
    text = "<script>alert(\"1\")</script> & '<img src=x onerror=alert(1)>'"
    page = Cells(asked(f"SELECT ?x {{ VALUES ?x {{ {ox.Literal(text)} }} }}")._repr_html_())
    assert page.tags == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert page.cells == ["x", text]


def test_html_shows_labels_and_else_short_names(small_graph: Graph) -> None:
    with pytest.warns(QueryWarning, match="The graph has no entity id:nobody"):
        answer = small_graph.query("SELECT * { VALUES ?x { id:force sp:denied id:nobody <https://example.org/x> } }")
    assert isinstance(answer, Table)
    assert Cells(answer._repr_html_()).cells == ["x", "Force", "denied", "id:nobody", "https://example.org/x"]
    assert list(answer.shown()) == [("Force",), ("denied",), ("id:nobody",), ("https://example.org/x",)]


def test_a_source_that_copies_another_says_so(small_graph: Graph) -> None:
    found = small_graph.query("sources")
    assert isinstance(found, Table)
    copies = {name.rpartition("/")[2] for name, label in found.labels.items() if label.endswith(" (copy)")}
    assert copies == {"copy-1"}


def test_html_escapes_labels_too() -> None:
    table = Table(("x",), ((ox.NamedNode("https://example.org/x"),),), {"https://example.org/x": "<b>bold</b>"})
    assert Cells(table._repr_html_()).cells == ["x", "<b>bold</b>"]


# --- result formats ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PARSED)
def test_results_come_back_as_they_are(name: str) -> None:
    table = asked(MIXED)
    columns, rows = terms(write_answer(table, name).encode(), name)
    assert columns == list(table.columns)
    assert rows == list(table.rows)


@pytest.mark.parametrize("name", PARSED)
def test_results_say_what_the_engine_itself_would_say(small_graph: Graph, name: str) -> None:
    query = "SELECT ?s ?stance ?gist ?day { ?s sp:stance ?stance ; sp:gist ?gist OPTIONAL { ?s sp:saidLatest ?day } }"
    answer = small_graph.query(query)
    engine = ox.Store()
    engine.extend(small_graph.store.quads())
    found = engine.query(with_prefixes(query), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    text = found.serialize(format=PARSED[name])
    assert text is not None
    columns, rows = terms(text, name)
    ours_columns, ours = terms(write_answer(answer, name).encode(), name)
    assert sorted(columns) == sorted(ours_columns)
    order = [columns.index(column) for column in ours_columns]
    assert sorted(map(str, ours)) == sorted(str(tuple(row[at] for at in order)) for row in rows)


def test_csv_is_what_the_engine_itself_would_write() -> None:
    found = ox.Store().query(with_prefixes(MIXED))
    assert isinstance(found, ox.QuerySolutions)
    text = found.serialize(format=ox.QueryResultsFormat.CSV)
    assert text is not None
    ours = write_answer(asked(MIXED), "csv")
    assert list(csv.reader(io.StringIO(ours, newline=""))) == list(csv.reader(io.StringIO(text.decode(), newline="")))
    assert ours.startswith("a,b,c\r\n"), "the line end of RFC 4180"


def test_csv_holds_text_byte_for_byte() -> None:
    table = asked(MIXED)
    head, *rows = csv.reader(io.StringIO(write_answer(table, "csv"), newline=""))
    assert head == list(table.columns)
    assert rows == [["" if term is None else term.value for term in row] for row in table.rows]  # type: ignore[union-attr]


def as_rdflib(term: Term) -> rdflib.URIRef | rdflib.Literal | None:
    """Return a term as rdflib has it."""
    if isinstance(term, ox.Literal):
        datatype = None if term.language or term.datatype.value == str(rdflib.XSD.string) else term.datatype.value
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
    return rdflib.URIRef(term.value) if isinstance(term, ox.NamedNode) else None


@pytest.mark.parametrize("name", ["json", "xml"])
def test_rdflib_reads_the_results(name: str) -> None:
    table = asked(MIXED)
    read = Result.parse(io.BytesIO(write_answer(table, name).encode()), format=name)
    assert [str(variable) for variable in read.vars or ()] == list(table.columns)
    rows = [[binding.get(variable) for variable in read.vars or ()] for binding in read.bindings]
    assert rows == [[as_rdflib(term) for term in row] for row in table.rows]


def test_json_is_the_format_of_the_standard() -> None:
    table = asked('SELECT ?x ?y { VALUES (?x ?y) { (id:met "a"@en) (1 UNDEF) ("p" "") } }')
    met = {"type": "uri", "value": PREFIXES["id"] + "met"}
    bindings = [
        {"x": met, "y": {"type": "literal", "value": "a", "xml:lang": "en"}},
        {"x": {"type": "literal", "value": "1", "datatype": str(rdflib.XSD.integer)}},
        {"x": {"type": "literal", "value": "p"}, "y": {"type": "literal", "value": ""}},
    ]
    assert json.loads(write_answer(table, "json")) == {"head": {"vars": ["x", "y"]}, "results": {"bindings": bindings}}


def test_xml_is_well_formed_whatever_the_text() -> None:
    text = write_answer(asked(r'SELECT ?x { VALUES ?x { "\u0001\u0008bell\u0007 <b> ]]> &" } }'), "xml")
    (cell,) = etree.fromstring(text.encode()).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert cell.text == "bell <b> ]]> &", "XML has no way to write a control character"


@pytest.mark.parametrize("text", ["ends in a tab\t", "\nbegins with a new line", "  ", "a\rcarriage return"])
def test_xml_keeps_white_space(text: str) -> None:
    table = asked(f"SELECT ?x {{ VALUES ?x {{ {ox.Literal(text)} }} }}")
    _, rows = terms(write_answer(table, "xml").encode(), "xml")
    (cell,) = etree.fromstring(write_answer(table, "xml").encode()).iter("{*}literal")
    assert (rows, cell.text) == (list(table.rows), text)


@pytest.mark.parametrize("name", PARSED)
def test_triple_terms_come_back(name: str) -> None:
    table = asked("SELECT ?t { BIND(<<( id:met sp:consulted id:liberty )>> AS ?t) }")
    assert isinstance(table.rows[0][0], ox.Triple)
    assert terms(write_answer(table, name).encode(), name)[1] == list(table.rows)


@pytest.mark.parametrize("truth", [True, False])
@pytest.mark.parametrize(
    "name",
    ["json", "tsv", "xml"],
)
def test_a_truth_value_is_a_result_too(name: str, truth: bool) -> None:
    answer = ask(in_memory([]), "ASK {}" if truth else "ASK { ?s ?p ?o }")
    assert answer is truth
    read = ox.parse_query_results(write_answer(answer, name).encode(), PARSED[name])
    assert isinstance(read, ox.QueryBoolean)
    assert bool(read) is truth


def test_constructed_triples_come_sorted_and_once() -> None:
    query = "CONSTRUCT { ?b sp:funded id:b . id:a sp:funded ?b } { VALUES ?b { id:d id:c } VALUES ?twice { 1 2 } }"
    answer = ask(in_memory([]), query)
    assert isinstance(answer, list)
    assert answer == sorted(set(answer), key=str)
    assert len(answer) == 4
    text = write_answer(answer, "ttl")
    assert {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)} == set(answer)
    assert "id:a sp:funded" in text, "with the prefixes that queries know"
    columns, rows = terms(write_answer(answer, "json").encode(), "json")
    assert columns == ["subject", "predicate", "object"]
    assert rows == [(triple.subject, triple.predicate, triple.object) for triple in answer]
    assert write_answer(Triples(), "ttl") == ""


NASTY = r"""VALUES (?a ?b) { ("},{}" "a\n\n\"b\"") (UNDEF UNDEF) ("},{\"x\":" UNDEF) ("</result>" 1) (UNDEF UNDEF)
  ("\"\r\n" "},{},{}") (UNDEF "é\"\"") ("last" "\\\"") } }"""


@pytest.mark.parametrize("name", ["csv", *PARSED])
@pytest.mark.parametrize("repeated", [1, 400])
@pytest.mark.parametrize("columns", ["?a ?b", "?a", "*"])
def test_a_row_limit_cuts_exactly_whatever_the_values(name: str, repeated: int, columns: str) -> None:
    query = f"SELECT {columns} {{ VALUES ?n {{ {' '.join(map(str, range(repeated)))} }} {NASTY}"
    query = query.replace("SELECT *", "SELECT ?n ?b ?a")
    table = asked(query)
    assert len(table) == 8 * repeated
    for most in {1, 2, 3, 8 * repeated - 1, 8 * repeated, 8 * repeated + 1}:
        written = write_results(in_memory([]).query(query), name, most)
        assert (written.rows, written.cut) == (min(most, len(table)), most < len(table))
        first = Table(table.columns, table.rows[:most])
        assert written.body.decode() == write_answer(first, name)
        if name in PARSED:
            assert terms(written.body, name) == (list(table.columns), list(first.rows))
        else:
            read = list(csv.reader(io.StringIO(written.body.decode(), newline="")))
            assert read[1:] == [[getattr(term, "value", "") for term in row] for row in first.rows]


@pytest.mark.parametrize("name", ["csv", *PARSED])
def test_an_answer_without_rows_or_columns_is_counted(name: str) -> None:
    for query, rows in (("SELECT ?x { ?x ?y 'nothing' }", 0), ("SELECT * {}", 1)):
        written = write_results(in_memory([]).query(query), name, 5)
        assert (written.rows, written.cut) == (rows, False)


def test_a_table_is_no_turtle() -> None:
    with pytest.raises(QueryError, match="CONSTRUCT"):
        write_answer(asked("SELECT (1 AS ?n) {}"), "ttl")


# --- tables with the types of other tools -----------------------------------------------------------------------------


def column(*terms: str) -> pa.ChunkedArray:
    """Return what terms in Turtle become in Arrow."""
    return asked(f"SELECT ?x {{ VALUES ?x {{ {' '.join(terms)} }} }}").to_arrow().column("x")


@pytest.mark.parametrize(
    ("terms_", "kind", "values"),
    [
        (("1", "-2", "UNDEF"), pa.int64(), [1, -2, None]),
        (('"7"^^xsd:unsignedByte', "8"), pa.int64(), [7, 8]),
        (("1.25", "10.5"), pa.decimal128(38, 2), [Decimal("1.25"), Decimal("10.50")]),
        (("1.5", "2"), pa.decimal128(38, 1), [Decimal("1.5"), Decimal("2.0")]),
        (("0.1", "1000000000.000000001"), pa.decimal128(38, 9), [Decimal("0.1"), Decimal("1000000000.000000001")]),
        (("1e0", '"NaN"^^xsd:float', '"-INF"^^xsd:double'), pa.float64(), None),
        (("true", "UNDEF"), pa.bool_(), [True, None]),
        (('"2020-02-29"^^xsd:date',), pa.date32(), [dt.date(2020, 2, 29)]),
        (
            ('"2020-02-29T12:00:00.25"^^xsd:dateTime',),
            pa.timestamp("us"),
            [dt.datetime(2020, 2, 29, 12, 0, 0, 250_000)],  # noqa: DTZ001 - it has no time zone
        ),
        (
            ('"2020-02-29T12:00:00+02:00"^^xsd:dateTime', '"2020-02-29T12:00:00Z"^^xsd:dateTime'),
            pa.timestamp("us", tz="UTC"),
            [dt.datetime(2020, 2, 29, 10, tzinfo=dt.UTC), dt.datetime(2020, 2, 29, 12, tzinfo=dt.UTC)],
        ),
        (("id:met", '"a"@en', '"2019~"^^xsd:gYear'), pa.string(), [PREFIXES["id"] + "met", "a", "2019~"]),
        (("1", '"two"', "true"), pa.string(), ["1", "two", "true"]),
        (('"2020-02-29"^^xsd:date', '"2020-02-29T12:00:00Z"^^xsd:dateTime'), pa.string(), None),
        (('"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime'), pa.string(), None),
        (('"2020-01-01T00:00:00.1234567Z"^^xsd:dateTime',), pa.string(), ["2020-01-01T00:00:00.1234567Z"]),
        (('"-0044-03-15T00:00:00Z"^^xsd:dateTime',), pa.string(), ["-0044-03-15T00:00:00Z"]),
        (("UNDEF", "UNDEF"), pa.string(), [None, None]),
    ],
)
def test_each_column_has_one_type_that_loses_nothing(
    terms_: tuple[str, ...], kind: pa.DataType, values: list[Value] | None
) -> None:
    found = column(*terms_)
    assert found.type == kind
    if values is not None:
        assert found.to_pylist() == values


def test_a_number_that_no_type_holds_stays_text() -> None:
    table = Table(("x",), ((ox.Literal("9" * 39, datatype=ox.NamedNode(PREFIXES["xsd"] + "integer")),),))
    assert table.to_arrow().column("x").to_pylist() == ["9" * 39]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("1_000", "integer"), (" 1", "integer"), ("maybe", "boolean"), ("NaN", "decimal"), ("1e5", "decimal"),
     ("infinity", "double"), ("20200101", "date"), ("2020-W01-1", "date"), ("2020-01-01 00:00:00", "dateTime"),
     ("2020-02-30T00:00:00Z", "dateTime"), ("٣", "integer")],
)  # fmt: skip
def test_what_python_would_read_and_the_datatype_does_not_allow_stays_text(text: str, datatype: str) -> None:
    assert value(ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))) == text


def test_truth_is_spelled_in_two_ways() -> None:
    boolean = ox.NamedNode(PREFIXES["xsd"] + "boolean")
    assert [value(ox.Literal(text, datatype=boolean)) for text in ("1", "0", "true", "false")] == [True, False] * 2


def test_a_gap_does_not_change_numbers_in_pandas() -> None:
    frame = asked("SELECT * { VALUES (?n ?t ?d) { (9007199254740993 true 1.10) (UNDEF UNDEF UNDEF) } }").to_pandas()
    assert [str(frame[name].dtype) for name in "nt"] == ["Int64", "boolean"]
    assert frame["n"][0] == 9007199254740993, "which no fraction of 64 bits holds"
    assert frame["d"][0] == Decimal("1.1")
    assert frame.isna().iloc[1].all()


def test_polars_has_the_same_types() -> None:
    frame = asked(
        """SELECT * { VALUES (?n ?d ?day ?at ?name) {
          (1 1.25 "2020-01-01"^^xsd:date "2020-01-01T00:00:00Z"^^xsd:dateTime id:met)
          (UNDEF UNDEF UNDEF UNDEF UNDEF) } }"""
    ).to_polars()
    assert frame.schema == {
        "n": pl.Int64, "d": pl.Decimal(38, 2), "day": pl.Date, "at": pl.Datetime("us", "UTC"), "name": pl.String,
    }  # fmt: skip
    assert frame["d"][0] == Decimal("1.25")
    assert frame.null_count().row(0) == (1,) * 5


@pytest.mark.parametrize("query", ["SELECT ?x ?y { ?x ?y 'nothing' }", "SELECT * { VALUES (?x ?y) { (UNDEF UNDEF) } }"])
def test_an_empty_answer_keeps_its_columns_everywhere(query: str) -> None:
    table = asked(query)
    assert [str(one.type) for one in table.to_arrow().schema] == ["string", "string"]
    assert list(table.to_pandas().columns) == ["x", "y"]
    assert dict(table.to_polars().schema) == {"x": pl.String, "y": pl.String}


# --- links in notebooks -----------------------------------------------------------------------------------------------


def test_a_statement_leads_to_its_passage_and_other_things_to_their_address(ours_graph: Graph) -> None:
    answer = ours_graph.query(
        "SELECT ?s ?who ?url { VALUES ?s { <https://w3id.org/surveillance-policy/statement/"
        "justice-gap-project-alpha/trust-not-asked> } ?s sp:speaker ?who ; sp:evidence/sp:passageLink ?url }"
    )
    assert isinstance(answer, Table)
    (row,) = answer
    passage, speaker, url = Cells(answer._repr_html_()).links
    assert ":~:text=" in passage
    assert (passage, speaker, url) == (row["url"], row["who"], row["url"])


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://user:pass@example.org/", "urn:x:y",
     "https:///path", "ftp://example.org/", "https://example.org/'onmouseover=alert(1)"],
)  # fmt: skip
def test_only_ordinary_web_addresses_are_links(address: str) -> None:
    node, uri = ox.NamedNode(address), ox.NamedNode(PREFIXES["xsd"] + "anyURI")
    table = Table(("x", "y"), ((node, ox.Literal(address, datatype=uri)),), passages={address: address})
    page = Cells(table._repr_html_())
    assert page.links == []
    assert page.cells == ["x", "y", address, address]


def test_text_that_turns_its_direction_is_spelled_out() -> None:
    table = Table(("x",), ((ox.Literal("paid \u202eton\u2066"),),))
    assert Cells(table._repr_html_()).cells == ["x", "paid ⟨U+202E⟩ton⟨U+2066⟩"]


@pytest.mark.parametrize(
    ("rows", "cut", "note"),
    [
        (1, False, "1 row."),
        (50, False, "50 rows."),
        (1_051, False, "The first 50 of 1,051 rows."),
        (3, True, "3 rows; the answer has more."),
        (51, True, "The first 50 of 51 rows; the answer has more."),
    ],
)
def test_a_table_says_how_much_of_it_is_shown(rows: int, cut: bool, note: str) -> None:
    page = Cells(Table(("x",), ((ox.Literal("a"),),) * rows, cut=cut)._repr_html_())
    assert page.note == note
    assert page.cells.count("a") == min(rows, 50)


def test_triples_are_shown_as_a_table_too() -> None:
    triple = ox.Triple(ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal("<b>"))
    page = Cells(Triples([triple], cut=True)._repr_html_())
    assert page.cells == ["subject", "predicate", "object", "x:a", "x:b", "<b>"]
    assert page.note == "1 row; the answer has more."

"""The SPARQL 1.1 result formats, written by the engine."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from itertools import islice
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES
from graphkit.query.answers import Triples, gather, triples_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.answers import Answer, Table, Term
    from graphkit.query.readable import SavedAnswer
    from graphkit.query.values import Value
    from graphkit.store import Results


class _Layout(NamedTuple):
    """How the engine writes a format.

    Attributes:
        form: The engine's name for it.
        mark: Bytes that end a row or separate two rows; outside CSV they never occur inside a value.
        before: The number of marks in a document minus its number of rows.
        row_end: Matches the end of a row as its first group; other matches are values to skip.
        closing: Bytes that close the document after the last row.
    """

    form: ox.QueryResultsFormat
    mark: bytes
    before: int
    row_end: re.Pattern[bytes]
    closing: bytes = b""


_LAYOUTS = {
    "csv": _Layout(ox.QueryResultsFormat.CSV, b"\n", 1, re.compile(rb'"[^"]*"|(\n)')),
    "tsv": _Layout(ox.QueryResultsFormat.TSV, b"\n", 1, re.compile(rb"(\n)")),
    "json": _Layout(ox.QueryResultsFormat.JSON, b'},{"', -1, re.compile(rb'(\})(?=,\{")'), b"]}}"),
    "xml": _Layout(ox.QueryResultsFormat.XML, b"</result>", 0, re.compile(rb"(</result>)"), b"</results></sparql>"),
}
TABLE_FORMATS = tuple(_LAYOUTS)
ANSWER_FORMATS = ("table", *TABLE_FORMATS, "ttl")  # how the command line prints an answer
# A row of JSON without values looks like this; a part of a text may look the same.
_EMPTY_ROW = b"},{}"
_JSON_ROW_END = re.compile(rb'"(?:[^"\\]|\\.)*"|(\})(?=,\{)')
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")


class WrittenAnswer(NamedTuple):
    """An answer in a format; a tuple, because it travels between processes for each request.

    Attributes:
        body: Its bytes.
        rows: The number of rows or triples.
        cut: Whether there were more rows than the limit.
    """

    body: bytes
    rows: int
    cut: bool


class _FullError(Exception):
    """There are more rows than the limit."""


class _Output:
    """A file that counts the rows that the engine writes into it, and stops the engine after enough of them."""

    def __init__(self, layout: _Layout, most: int) -> None:
        self._layout = layout
        self._most = most
        self._parts: list[bytes] = []
        self._rest = b""
        self._quoted = 0
        self.marks = -layout.before

    def write(self, part: bytes) -> int:
        """Take bytes from the engine."""
        self._parts.append(part)
        if self._layout.form == ox.QueryResultsFormat.CSV:
            pieces = part.split(b'"')  # a quoted value may contain line ends
            self.marks += sum(piece.count(b"\n") for piece in pieces[self._quoted :: 2])
            self._quoted = (self._quoted + len(pieces) - 1) % 2
        else:
            text = self._rest + part
            self.marks += text.count(self._layout.mark)
            self._rest = text[len(text) - len(self._layout.mark) + 1 :]
        if self.marks > self._most:
            raise _FullError
        return len(part)

    def flush(self) -> None:
        """Do nothing: everything is kept in memory."""

    @property
    def body(self) -> bytes:
        """Everything that was written."""
        return b"".join(self._parts)


def write_results(found: Results, name: str, most: int | None = None) -> WrittenAnswer:
    """Write the results of an engine in a format: csv, tsv, json, xml or, for triples, ttl.

    Raises:
        QueryError: The engine fails while it evaluates the query, or the format cannot hold that kind of answer.
    """
    if not isinstance(found, ox.QuerySolutions) or name not in _LAYOUTS:
        answer = gather(found, most)
        rows, cut = (int(answer), False) if isinstance(answer, bool) else (len(answer), answer.cut)
        return WrittenAnswer(write_answer(answer, name).encode(), rows, cut)
    layout = _LAYOUTS[name]
    output = _Output(layout, sys.maxsize if most is None else most)
    columns = len(found.variables)
    try:
        found.serialize(cast("IO[bytes]", output), layout.form)
        rows = _json_rows(output.body) if name == "json" else output.marks
    except _FullError:
        rows = sys.maxsize
    except (OSError, RuntimeError) as error:
        raise QueryError(f"The query failed while it ran: {error}", "Make it simpler.") from error
    if most is None or rows <= most:
        return WrittenAnswer(_tidy(output.body, name, columns), rows, cut=False)
    return WrittenAnswer(_tidy(_first_rows(output.body, layout, most), name, columns), most, cut=True)


def _json_rows(body: bytes) -> int:
    if _EMPTY_ROW in body:
        return len(json.loads(body)["results"]["bindings"])
    return 0 if body.endswith(b'"bindings":[]}}') else body.count(b'},{"') + 1


def _first_rows(body: bytes, layout: _Layout, most: int) -> bytes:
    careful = layout.form == ox.QueryResultsFormat.JSON and _EMPTY_ROW in body
    ends = (found.end() for found in (_JSON_ROW_END if careful else layout.row_end).finditer(body) if found[1])
    return body[: next(islice(ends, most + max(layout.before, 0) - 1, None))] + layout.closing


def _tidy(body: bytes, name: str, columns: int) -> bytes:
    """Put each row on a line of its own, and rewrite the parts that other programs misread."""
    if name == "json":
        return body.replace(b'},{"', b'},\n{"') + b"\n"
    if name == "xml":
        # XML 1.0 cannot hold most control characters, and parsers turn a carriage return into a new line.
        kept = body.translate(None, _CONTROLS).replace(b"\r", b"&#13;")
        return kept.replace(b"</result>", b"</result>\n") + b"\n"
    if name == "csv" and columns == 1 and b"\n\r\n" in body:
        out = io.StringIO()  # programs skip an empty line: the empty value of a single column needs quotation marks
        rows = csv.reader(io.StringIO(body.decode(), newline=""))
        csv.writer(out).writerows(row or [""] for row in rows)
        return out.getvalue().encode()
    return body


def write_answer(answer: Answer, name: str) -> str:
    """Write an answer in a format: csv, tsv, json, xml or, for triples, ttl.

    Raises:
        QueryError: The format cannot hold that kind of answer.
    """
    if isinstance(answer, bool):
        return _truth(answer, name)
    if isinstance(answer, Triples) and name == "ttl":
        return write_turtle(answer)
    if name == "ttl":
        raise QueryError("Turtle holds triples, and this query asks for a table.", "Use CONSTRUCT, or --format csv.")
    table = triples_table(answer) if isinstance(answer, Triples) else answer
    return write_results(ox.parse_query_results(_json(table), ox.QueryResultsFormat.JSON), name).body.decode()


def write_saved_csv(answer: SavedAnswer) -> str:
    """Write the answer to a saved question as CSV, with the columns of `SavedAnswer.data`."""
    columns = answer.data()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(map(_csv_value, row) for row in zip(*columns.values(), strict=True))
    return out.getvalue()


def _csv_value(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _truth(answer: bool, name: str) -> str:  # noqa: FBT001 - the answer is a truth value
    word = "true" if answer else "false"
    if name == "json":
        return f'{{"head": {{}}, "boolean": {word}}}\n'
    if name == "xml":
        return f'<?xml version="1.0"?>\n<sparql xmlns="{_RESULTS}"><head></head><boolean>{word}</boolean></sparql>\n'
    return f"{word}\n"


_RESULTS = "http://www.w3.org/2005/sparql-results#"


def write_turtle(triples: Iterable[ox.Triple]) -> str:
    """Write triples as Turtle, sorted."""
    text = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return text.decode() if text else ""


def _json(table: Table) -> str:
    """Write the rows of a table for the engine to read; three times as fast as through dictionaries."""
    names = [f"{_quoted(name)}:" for name in table.columns]
    rows = (
        ",".join([name + _json_term(term) for name, term in zip(names, row, strict=True) if term is not None])
        for row in table.rows
    )
    head = ",".join(map(_quoted, table.columns))
    return f'{{"head":{{"vars":[{head}]}},"results":{{"bindings":[{",".join([f"{{{row}}}" for row in rows])}]}}}}'


_quoted = json.encoder.encode_basestring


def _json_term(term: Term) -> str:
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        spelled = ",".join(f'"{name}":{_json_term(part)}' for name, part in parts)
        return f'{{"type":"triple","value":{{{spelled}}}}}'
    assert term is not None  # noqa: S101 - unbound variables are left out
    if not isinstance(term, ox.Literal):
        kind = "uri" if isinstance(term, ox.NamedNode) else "bnode"
        return f'{{"type":"{kind}","value":{_quoted(term.value)}}}'
    of = f'"datatype":{_quoted(term.datatype.value)}'
    if term.language:
        of = f'"xml:lang":{_quoted(term.language)}'
    return f'{{"type":"literal","value":{_quoted(term.value)},{of}}}'

"""The SPARQL 1.1 result formats.

The engine gives the columns of `SELECT *` in no order of its own, so the formats are written here, from
columns in the order in which the query names them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES
from graphkit.query.answers import triples_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphkit.query.answers import Answer, Table, Term

_STRING = PREFIXES["xsd"] + "string"
# Written term by term, which is three times as fast as through dictionaries.
_quoted = json.encoder.encode_basestring
_RESULTS = "http://www.w3.org/2005/sparql-results#"


def write_csv(table: Table) -> str:
    """SPARQL 1.1 Query Results CSV."""
    return _delimited(table, ",", _csv, "\r\n")


def _csv(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else "" if term is None else str(term)


def write_tsv(table: Table) -> str:
    """SPARQL 1.1 Query Results TSV: terms as in Turtle."""
    head = "\t".join("?" + name for name in table.columns)
    rows = ("\t".join(_tsv(term) for term in row) for row in table.rows)
    return "".join(f"{line}\n" for line in (head, *rows))


def _tsv(term: Term) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {_tsv(term.subject)} {_tsv(term.predicate)} {_tsv(term.object)} )>>"
    return "" if term is None else str(term).replace("\t", "\\t")


def _delimited(table: Table, mark: str, spell: Callable[[Term], str], end: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator=end)
    writer.writerow(table.columns)
    writer.writerows([spell(term) for term in row] for row in table.rows)
    return out.getvalue()


def write_json(table: Table) -> str:
    """SPARQL 1.1 Query Results JSON, a row on each line."""
    names = [f"{_quoted(name)}: " for name in table.columns]
    rows = (
        ", ".join([name + _json(term) for name, term in zip(names, row, strict=True) if term is not None])
        for row in table.rows
    )
    head = ", ".join(map(_quoted, table.columns))
    body = ",\n".join([f"{{{row}}}" for row in rows])
    return f'{{"head": {{"vars": [{head}]}}, "results": {{"bindings": [\n{body}\n]}}}}\n'


def _json(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type": "uri", "value": {_quoted(term.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type": "bnode", "value": {_quoted(term.value)}}}'
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        spelled = ", ".join(f'"{name}": {_json(part)}' for name, part in parts)
        return f'{{"type": "triple", "value": {{{spelled}}}}}'
    if not isinstance(term, ox.Literal):
        raise TypeError(term)
    if term.language:
        return f'{{"type": "literal", "value": {_quoted(term.value)}, "xml:lang": {_quoted(term.language)}}}'
    datatype = term.datatype.value
    if datatype == _STRING:
        return f'{{"type": "literal", "value": {_quoted(term.value)}}}'
    return f'{{"type": "literal", "value": {_quoted(term.value)}, "datatype": {_quoted(datatype)}}}'


def write_xml(table: Table) -> str:
    """SPARQL 1.1 Query Results XML."""
    head = "".join(f"<variable name={_attribute(name)}/>" for name in table.columns)
    rows = "".join(_xml_row(table.columns, row) for row in table.rows)
    return (
        f'<?xml version="1.0"?>\n<sparql xmlns="{_RESULTS}"><head>{head}</head>\n<results>\n{rows}</results></sparql>\n'
    )


def _xml_row(columns: tuple[str, ...], row: tuple[Term, ...]) -> str:
    cells = (
        f"<binding name={_attribute(name)}>{_xml(term)}</binding>"
        for name, term in zip(columns, row, strict=True)
        if term is not None
    )
    return f"<result>{''.join(cells)}</result>\n"


def _xml(term: Term) -> str:
    if isinstance(term, ox.Triple):
        parts = zip(("subject", "predicate", "object"), (term.subject, term.predicate, term.object), strict=True)
        return f"<triple>{''.join(f'<{name}>{_xml(part)}</{name}>' for name, part in parts)}</triple>"
    text = _xml_text(str(getattr(term, "value", term)))
    if isinstance(term, ox.NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{text}</bnode>"
    if isinstance(term, ox.Literal) and term.language:
        return f"<literal xml:lang={_attribute(term.language)}>{text}</literal>"
    if isinstance(term, ox.Literal) and term.datatype.value != _STRING:
        return f"<literal datatype={_attribute(term.datatype.value)}>{text}</literal>"
    return f"<literal>{text}</literal>"


# Parsers trim or change these where they stand as they are.
_WHITE = re.compile(r"^[ \t\n]+|[ \t\n]+$|\r")


def _xml_text(text: str) -> str:
    import html  # only for XML

    # XML 1.0 has no way to write most control characters.
    kept = "".join(one for one in text if one in "\t\n\r" or one >= " ")
    return _WHITE.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), html.escape(kept, quote=False))


def _attribute(text: str) -> str:
    import html  # only for XML

    return f'"{html.escape(text)}"'


def write_turtle(triples: list[ox.Triple]) -> str:
    """Spell triples as Turtle, sorted."""
    text = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return text.decode() if text else ""


TABLE_FORMATS: dict[str, Callable[[Table], str]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "xml": write_xml,
}


def write_answer(answer: Answer, name: str) -> str:
    """Spell an answer in a format.

    Args:
        answer: Of SELECT a table, of ASK a truth value, of CONSTRUCT or DESCRIBE triples.
        name: csv, tsv, json, xml or ttl.

    Raises:
        QueryError: The format cannot hold that kind of answer.
    """
    if isinstance(answer, bool):
        return _truth(answer, name)
    if isinstance(answer, list):
        return write_turtle(answer) if name == "ttl" else TABLE_FORMATS[name](triples_table(answer))
    if name == "ttl":
        raise QueryError("Turtle holds triples, and this query asks for a table.", "Use CONSTRUCT, or --format csv.")
    return TABLE_FORMATS[name](answer)


def _truth(answer: bool, name: str) -> str:  # noqa: FBT001 - the answer is a truth value
    word = "true" if answer else "false"
    if name == "json":
        return f'{{"head": {{}}, "boolean": {word}}}\n'
    if name == "xml":
        return f'<?xml version="1.0"?>\n<sparql xmlns="{_RESULTS}"><head></head><boolean>{word}</boolean></sparql>\n'
    return f"{word}\n"

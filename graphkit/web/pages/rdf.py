"""A thing as data: its own triples, and those of the statements on its page with their evidence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphkit.model.iris import JSONLD, NTRIPLES, PREFIXES, TURTLE, iri, literal, shorten
from graphkit.web.pages.records import full, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphkit.web.pages.context import Book
    from graphkit.web.pages.records import Node, Record

FORMS = {"html": "text/html", "ttl": TURTLE.media_type, "jsonld": JSONLD.media_type, "nt": NTRIPLES.media_type}
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_STRING = PREFIXES["xsd"] + "string"


def subjects(name: str, book: Book) -> list[str]:
    """Return the things that the data of a thing tell of: itself, its statements, and the nodes of both."""
    said = {
        one.view.iri: one
        for mapping in (book.by, book.about, book.read_in, book.saying)
        for one in mapping.get(name, ())
    }
    if name in book.disputes:
        said |= {one.view.iri: one for side in book.disputes[name].sides for one in side}
    if name in book.said:
        said[name] = book.said[name]
    every = {name} | said.keys() | {one.claim.iri for one in said.values()}
    every |= {node for one in sorted(every) for at in _NODES for node in words(book.records.get(one), at)}
    return sorted(every & book.records.keys(), key=lambda one: (one != name, one))


_NODES = ("sp:evidence", "sp:relay", "skosxl:altLabel")


def write_data(names: Iterable[str], records: Mapping[str, Record], form: str) -> bytes:
    """Spell the triples of some subjects as Turtle, JSON-LD or N-Triples, in the order given."""
    spell = _SPELL[form]
    return join((spell(name, records[name]) for name in names), form)


def join(blocks: Iterable[str], form: str) -> bytes:
    """Make a file of subjects that are spelled already."""
    if form == "nt":
        return "".join(blocks).encode()
    if form == "ttl":
        return (_PREFIXES + "".join(blocks)).encode()
    whole = ",\n".join(blocks)
    return f'{{"@context":{_CONTEXT},\n"@graph":[\n{whole}\n]}}\n'.encode()


_PREFIXES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())


# In the file itself: nobody has to fetch it.
_CONTEXT = json.dumps(dict(PREFIXES), separators=(",", ":"))


def turtle(name: str, record: Record) -> str:
    """Spell a subject as a block of Turtle."""
    lines = [
        f"    {'a' if key == 'rdf:type' else _short(full(key))} {', '.join(_turtle(term) for term in record[key])}"
        for key in sorted(record, key=lambda key: (key != "rdf:type", key))
    ]
    return f"\n{_short(name)}\n" + " ;\n".join(lines) + " .\n"


def _short(name: str) -> str:
    for prefix, space in PREFIXES.items():
        if name.startswith(space) and _LOCAL.fullmatch(name, len(space)):
            return f"{prefix}:{name[len(space) :]}"
    return iri(name)


def _turtle(term: Node) -> str:
    if isinstance(term, ox.NamedNode):
        return _short(term.value)
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != _STRING:
        return f"{literal(term.value)}^^{_short(term.datatype.value)}"
    return str(term)


def jsonld(name: str, record: Record) -> str:
    """Spell a subject as an object of JSON-LD, whose names the context of the file explains."""
    whole: dict[str, Any] = {"@id": shorten(name)}
    for key, terms in record.items():
        if key == "rdf:type":
            whole["@type"] = [shorten(term.value) for term in terms if isinstance(term, ox.NamedNode)]
        else:
            whole[key] = _json(terms[0]) if len(terms) == 1 else [_json(term) for term in terms]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def ntriples(name: str, record: Record) -> str:
    """Spell a subject as lines of N-Triples."""
    return "".join(f"{iri(name)} {iri(full(key))} {term} .\n" for key in sorted(record) for term in record[key])


_SPELL: Mapping[str, Callable[[str, Record], str]] = {"ttl": turtle, "jsonld": jsonld, "nt": ntriples}


def _json(term: Node) -> str | dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": shorten(str(getattr(term, "value", term)))}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    plain = term.datatype.value == _STRING
    return term.value if plain else {"@value": term.value, "@type": shorten(term.datatype.value)}

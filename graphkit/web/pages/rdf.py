"""A thing as data: its own triples, and those of the statements on its page with their evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphkit.analysis.properties import Properties, full, language_of
from graphkit.model.iris import JSONLD, NTRIPLES, PREFIXES, TURTLE, iri, shorten
from graphkit.store import text_of
from graphkit.web.pages.context import PageContext
from graphkit.web.pages.links import kind_of, path_of

Record = Mapping[str, list[str]]

FORMS = {
    "html": "text/html", "ttl": TURTLE.media_type, "jsonld": JSONLD.media_type, "nt": NTRIPLES.media_type,
    "png": "image/png", "json": "application/json", "svg": "image/svg+xml",
}  # fmt: skip
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NODES = ("sp:evidence", "sp:relay", "skosxl:altLabel")


def subjects(name: str, context: PageContext) -> list[str]:
    """Return the subjects of the data of a thing: itself, the statements on its page, and the nodes of both."""
    views = {
        view.iri: view
        for index in (context.by, context.about, context.read_in, context.on)
        for view in index.get(name, ())
    }
    if name in context.disputes:
        views |= {view.iri: view for side in context.sides(context.disputes[name]) for view in side}
    if name in context.statements:
        views[name] = context.statements[name]
    if kind_of(path_of(name)) == "disagreement":
        views |= {said: context.statements[said] for said in context.disagreements[name].statements}
    properties = context.properties
    every = {name, *_disputes_in(name, context)} | views.keys() | {view.proposition for view in views.values()}
    every |= {node for subject in sorted(every) for at in _NODES for node in properties.all(subject, at)}
    return sorted(
        (subject for subject in every if subject in properties), key=lambda subject: (subject != name, subject)
    )


def _disputes_in(name: str, context: PageContext) -> list[str]:
    """Return the disputes of a disagreement; they lead to it, not it to them."""
    return [dispute.iri for dispute in context.disagreements[name].disputes] if name in context.disagreements else []


def write_data(names: Iterable[str], properties: Properties, form: str) -> bytes:
    """Write the triples of some subjects as Turtle, JSON-LD or N-Triples, in the order given."""
    write = WRITERS[form]
    return join((write(name, properties.record(name)) for name in names), form)


def join(blocks: Iterable[str], form: str) -> bytes:
    """Return a file of blocks that `WRITERS` made."""
    if form == "nt":
        return "".join(blocks).encode()
    if form == "ttl":
        return (_PREFIXES + "".join(blocks)).encode()
    whole = ",\n".join(blocks)
    return f'{{"@context":{_CONTEXT},\n"@graph":[\n{whole}\n]}}\n'.encode()


_PREFIXES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
# The context is in the file, so that no reader has to fetch it.
_CONTEXT = json.dumps(dict(PREFIXES), separators=(",", ":"))


def turtle(name: str, record: Record) -> str:
    """Return a subject as a block of Turtle."""
    lines = [
        f"    {'a' if key == 'rdf:type' else _short(full(key))} {', '.join(map(_turtle_term, record[key]))}"
        for key in sorted(record, key=lambda key: (key != "rdf:type", key))
    ]
    return f"\n{_short(name)}\n" + " ;\n".join(lines) + " .\n"


def _short(name: str) -> str:
    for prefix, space in PREFIXES.items():
        if name.startswith(space) and _LOCAL.fullmatch(name, len(space)):
            return f"{prefix}:{name[len(space) :]}"
    return iri(name)


def _turtle_term(term: str) -> str:
    if term[0] == "<":
        return _short(term[1:-1])
    text, _, datatype = term.rpartition("^^") if term[-1] == ">" else (term, "", "")
    return f"{text}^^{_short(datatype[1:-1])}" if datatype else text


def jsonld(name: str, record: Record) -> str:
    """Return a subject as an object of JSON-LD; the context of the file explains its names."""
    whole: dict[str, Any] = {"@id": shorten(name)}
    for key, terms in record.items():
        if key == "rdf:type":
            whole["@type"] = [shorten(text_of(term)) for term in terms]
        else:
            whole[key] = _json_term(terms[0]) if len(terms) == 1 else [_json_term(term) for term in terms]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: str) -> str | dict[str, str]:
    text = text_of(term)
    if term[0] != '"':
        return {"@id": shorten(text)}
    if language := language_of([term]):
        return {"@value": text, "@language": language}
    datatype = term.rpartition("^^")[2][1:-1] if term[-1] == ">" else ""
    return {"@value": text, "@type": shorten(datatype)} if datatype else text


def ntriples(name: str, record: Record) -> str:
    """Return a subject as lines of N-Triples."""
    return "".join(f"{iri(name)} {iri(full(key))} {term} .\n" for key, terms in record.items() for term in terms)


WRITERS: Mapping[str, Callable[[str, Record], str]] = {"ttl": turtle, "jsonld": jsonld, "nt": ntriples}

"""Answers for assistants: JSON that leads to statements, speakers, sources and links, of a bounded size.

The public functions are jobs of workers. Texts come from documents that other people wrote: they are made visible, cut,
and always the value of a key, so that an assistant can treat them as data.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from graphkit.analysis.disagreements import Disagreement, disagreements
from graphkit.analysis.disputes import DisputeView, account, dispute_views, disputes_of, read_disputes
from graphkit.analysis.explain import explain
from graphkit.analysis.properties import read_linked
from graphkit.analysis.statements import StatementView, statement_views
from graphkit.analysis.subjects import Subject, statements_of
from graphkit.model.dates import date_words
from graphkit.model.did_you_mean import with_near
from graphkit.model.iris import EDTF, PREFIXES, iri, literal, shorten, token
from graphkit.model.text import shortened, web_link
from graphkit.query.answers import Answer, Table, Term, Triples, gather, triples_table, value
from graphkit.query.names import described, near_things
from graphkit.query.questions import Question, bind, labels
from graphkit.query.remarks import remarks
from graphkit.store import Store, texts
from graphkit.store.syntax import read_header

Record = dict[str, object]

MOST_BYTES = 60_000
_MOST_STATEMENTS = 200
_SUGGESTED = 5
_LONGEST = 2_000
# The lists of an answer, in the order in which they are shortened.
_LISTS = ("statements", "rows", "entities", "questions", "disputes", "disagreements", "plain_triples")
_KINDS_WITH_STATEMENTS = ("statement", "proposition", "dispute")
_NO_STATEMENT = (
    "No row names a statement. Select ?statement, or call explain with an id from a row, before you report it as fact."
)

_FIND = """
SELECT ?entity ?kind (SAMPLE(?name) AS ?label) (GROUP_CONCAT(DISTINCT ?alias; separator=" | ") AS ?aliases)
WHERE {{
  {{
    SELECT DISTINCT ?entity WHERE {{
      ?entity a sp:Entity ; rdfs:label|skos:altLabel ?any .
      FILTER(CONTAINS(LCASE(STR(?any)), {text}) || CONTAINS(STRAFTER(STR(?entity), "{ids}"), {text})
        || CONTAINS(STRAFTER(STR(?entity), "{sources}"), {text}))
    }}
    ORDER BY STRLEN(STR(?entity)) ?entity LIMIT {most}
  }}
  ?entity rdfs:label ?name .
  OPTIONAL {{ ?entity skos:altLabel ?alias }}
  OPTIONAL {{ ?entity a ?kind . ?kind rdfs:subClassOf+ sp:Entity
    FILTER NOT EXISTS {{ ?entity a ?narrower . ?narrower rdfs:subClassOf+ ?kind }} }}
}}
GROUP BY ?entity ?kind ORDER BY ?entity
"""


def find_entities(store: Store, text: str, limit: int) -> Record:
    """Find entities by a part of a label, alias or id, with the numbers of statements and disputes that explain has."""
    spaces = {"ids": PREFIXES["id"], "sources": PREFIXES["source"]}
    query = _FIND.format(text=literal(" ".join(text.lower().split())), **spaces, most=limit + 1)
    found: dict[str, Record] = {}
    for name, kind, label, aliases in texts(store, query, "entity", "kind", "label", "aliases"):
        found.setdefault(
            name,
            {
                "id": shorten(name),
                "label": _text(label),
                "kind": token(shorten(kind).rpartition(":")[2]),
                "aliases": [_text(alias) for alias in aliases.split(" | ") if alias],
                **_numbers(store, name),
            },
        )
    entities = sorted(found.values(), key=lambda entity: -int(str(entity["statements"])))
    note = "Call explain with an id for its statements, speakers and sources, and for the disputes about it."
    answer: Record = {"entities": entities[:limit], "note": note if found else _suggestions(store, text)}
    return bounded(answer, cut=len(found) > limit)


def _numbers(store: Store, name: str) -> Record:
    kind = "source" if name.startswith(PREFIXES["source"]) else "entity"
    statements = statements_of(store, Subject(name, kind, ""))
    return {"statements": len(statements), "disputes": len(disputes_of(store, statements))}


def _suggestions(store: Store, text: str) -> str:
    near = described(store, near_things(store, text, "id", "source")[:_SUGGESTED])
    return with_near("No entity matches.", [f"{name} ({shortened(label)})" for label, _, name in near])


def answer_question(
    store: Store, question: Question, given: Mapping[str, str], limit: int, saved: Sequence[Path] = ()
) -> Record:
    """Answer a saved question or a query, with the statements that its rows name.

    Args:
        saved: The files of the saved questions, so that one can be proposed.
    """
    found = gather(store.query(question.text, bind(question, given, store)), limit)
    said = remarks(store, question, given, empty=not found, saved=lambda: saved)
    if isinstance(found, bool):
        return {"answer": found, "note": _NO_STATEMENT, **({"remarks": said} if said else {})}
    table = triples_table(found) if isinstance(found, Triples) else found
    names = labels(store, table.rows)
    rows = [
        {column: _cell(term, names) for column, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    answer: Record = {"columns": list(table.columns), "rows": rows, **_evidence(store, _statements_in(store, table))}
    if rows and not answer["statements"]:
        answer["note"] = _NO_STATEMENT
    if said:
        answer["remarks"] = said
    return bounded(answer, cut=_is_cut(found))


def answer_query(store: Store, text: str, limit: int, saved: Sequence[Path] = ()) -> Record:
    """Answer a SPARQL query, with the statements that its rows name."""
    return answer_question(store, Question("query", text, read_header(text)), {}, limit, saved)


def _is_cut(found: Answer) -> bool:
    return not isinstance(found, bool) and found.cut


def explain_item(store: Store, name: str, limit: int) -> Record:
    """Explain an entity, source, statement, proposition, dispute or disagreement."""
    found = explain(store, name)
    views = {**found.statements, **found.others}
    shown = dict(islice(found.statements.items(), limit))
    answer: Record = {
        "id": shorten(found.iri),
        "kind": found.kind,
        "label": _text(found.label),
        "plain_triples": [_text(line) for line in found.flat],
        **_records({**shown, **found.others}, found.disputes, views),
        "corrections": {old.removeprefix(PREFIXES["statement"]): new for old, new in found.corrections.items()},
    }
    return bounded(answer, cut=len(found.statements) > limit)


def list_disputes(store: Store, kind: str, about: str, limit: int) -> Record:
    """List disagreements and their disputes with both sides, by kind or about an entity."""
    properties = read_disputes(store, kind, about)
    views, found = statement_views(properties), disagreements(properties)
    disputes = [(one, dispute) for one in found for dispute in one.disputes]
    shown = disputes[:limit]
    answer: Record = {
        "total": len(disputes),
        "disagreements": [_disagreement(one, views) for one in dict.fromkeys(one for one, _ in shown)],
        "disputes": [_dispute(dispute, views) | {"disagreement": shorten(one.iri)} for one, dispute in shown],
    }
    return bounded(answer, cut=len(disputes) > limit)


def _disagreement(one: Disagreement, views: Mapping[str, StatementView]) -> Record:
    return {
        "id": shorten(one.iri),
        "label": _text(one.label),
        "summary": _text(one.summary(views)),
        "sides": [
            {"title": _text(title), "statements": [view.id for view in side]} for title, side in one.sides(views)
        ],
        "disputes": [shorten(dispute.iri) for dispute in one.disputes],
    }


def _statements_in(store: Store, table: Table) -> list[str]:
    """Return the statements that the rows name, directly or by a proposition or dispute."""
    spaces = tuple(PREFIXES[kind] for kind in _KINDS_WITH_STATEMENTS)
    named = {
        term.value: None
        for row in table.rows
        for term in row
        if isinstance(term, ox.NamedNode) and term.value.startswith(spaces)
    }
    if not named:
        return []
    query = f"""
    SELECT DISTINCT ?s {{
      VALUES ?x {{ {" ".join(map(iri, named))} }}
      {{ ?x sp:gist ?gist . BIND(?x AS ?s) }} UNION {{ ?s sp:evidence|sp:proposition ?x }} UNION {{ ?x sp:between ?s }}
    }}
    ORDER BY ?s LIMIT {_MOST_STATEMENTS}
    """
    return [row[0] for row in texts(store, query, "s")]


def _evidence(store: Store, names: Collection[str]) -> Record:
    if not names:
        return {"statements": [], "disputes": []}
    disputes = disputes_of(store, names)
    properties = read_linked(store, {*names, *disputes})
    views = statement_views(properties)
    return _records({name: views[name] for name in names}, dispute_views(properties), views)


def _records(
    shown: Mapping[str, StatementView], disputes: Collection[DisputeView], views: Mapping[str, StatementView]
) -> Record:
    """Return statements and the disputes between them as JSON."""
    disputed: dict[str, list[str]] = {}
    for dispute in disputes:
        for _, name in dispute.sides():
            disputed.setdefault(name, []).append(shorten(dispute.iri))
    return {
        "statements": [
            {**_statement(view), "disputed": name in disputed, "disputes": disputed.get(name, [])}
            for name, view in shown.items()
        ],
        "disputes": [_dispute(dispute, views) for dispute in disputes],
    }


def _statement(view: StatementView) -> Record:
    record = {
        "statement": view.id, "speaker": view.speaker, "stance": view.stance, "claim": view.claim, "gist": view.gist,
        "certainty": view.certainty, "hedge": view.hedge, "basis": view.basis,
        "via": view.via, "said": view.said, "said_in_words": date_words(view.said), "source": view.source,
        "source_title": view.source_title, "link": web_link(view.url), "evidence": view.evidence,
        "corrects": view.corrects_id,
    }  # fmt: skip
    return {name: _text(item) for name, item in record.items() if item}


def _dispute(dispute: DisputeView, views: Mapping[str, StatementView]) -> Record:
    return {
        "id": shorten(dispute.iri),
        "kind": dispute.kind,
        "label": _text(dispute.label),
        "account": _text(account(dispute, views)),
        "one_side": [_statement(views[name]) for name in dispute.affirmed],
        "other_side": [_statement(views[name]) for name in dispute.denied],
    }


def _cell(term: Term, names: Mapping[str, str]) -> object:
    if isinstance(term, ox.NamedNode):
        label = names.get(term.value)
        return {"id": shorten(term.value), "label": _text(label)} if label else _text(shorten(term.value))
    if isinstance(term, ox.Literal) and term.datatype.value == EDTF:
        return {"edtf": _text(term.value), "words": _text(date_words(term.value))}
    found = value(term)
    if isinstance(found, float | Decimal):
        return float(found) if math.isfinite(found) else str(found)
    if isinstance(found, dt.date):
        return found.isoformat()
    return found if isinstance(found, bool | int) else _text(found)


def _text(text: object) -> str:
    return shortened(text, _LONGEST)


def bounded(answer: Record, *, cut: bool = False) -> Record:
    """Drop the last items of long lists until an answer is no larger than `MOST_BYTES`, and mark it as cut."""
    marked = {**answer, "cut": _CUT}
    shorter = False
    for name in _LISTS:
        items = marked.get(name)
        if isinstance(items, list) and _size(marked) > MOST_BYTES:
            marked[name] = _first(items, MOST_BYTES - _size({**marked, name: []}))
            shorter = True
    return marked if cut or shorter else answer


_CUT = "There is more than is listed here. Ask for less: name one entity, or add a condition or LIMIT."


def _first(items: list[object], room: int) -> list[object]:
    sizes = (_size(item) + 2 for item in items)
    total = 0
    for number, size in enumerate(sizes):
        total += size
        if total > room:
            return items[:number]
    return items


def _size(item: object) -> int:
    return len(as_json(item).encode())


def as_json(answer: object) -> str:
    """Return an answer as JSON."""
    return json.dumps(answer, ensure_ascii=False)

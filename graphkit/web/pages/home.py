"""The home of the site: search, the largest disagreements with both sides, the money, the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphkit.model.iris import SP
from graphkit.model.text import as_json, visible
from graphkit.query.questions import Question
from graphkit.store import Store, texts
from graphkit.web.pages.context import DATASET, DatasetMetadata, read_context
from graphkit.web.pages.links import path_of
from graphkit.web.pages.money import sums
from graphkit.web.pages.paged import Row, disagreement_rows, disagreement_values, entity_rows, source_rows
from graphkit.web.pages.schema_org import about_dataset, cite

# Bytes of the search index; disagreements and questions come first, then the entities with most statements.
_MOST_BYTES = 100_000
# What is shown of each; the rest is one link away.
_CARDS, _SUMS, _STARTS = 6, 12, 10
_COUNTS = """
SELECT ?what (COUNT(DISTINCT ?one) AS ?number) {
  VALUES (?what ?class) { ("statements" sp:Statement) ("sources" sp:Source) ("propositions" sp:Proposition)
    ("disputes" sp:Dispute) }
  ?one a ?class
} GROUP BY ?what
"""
_MATTERS = """
SELECT (COUNT(DISTINCT ?matter) AS ?n) {
  ?dispute a sp:Dispute OPTIONAL { ?dispute sp:disagreement ?common } BIND(COALESCE(?common, ?dispute) AS ?matter)
}
"""
_PASSAGES = "SELECT ?status (COUNT(*) AS ?n) { ?e sp:evidenceStatus ?status } GROUP BY ?status"
_ALIASES = "SELECT ?e ?alias { GRAPH graph:entities { ?e a sp:Entity ; skos:altLabel ?alias } }"
_FUNDED = "SELECT ?s { ?p sp:relation sp:funded ; sp:amount ?amount . ?s sp:proposition ?p }"


def home_values(store: Store, questions: Mapping[str, Question], site: DatasetMetadata) -> dict[str, Any]:
    """Return the values of the home page."""
    entities, matters, sources = entity_rows(store), disagreement_rows(store), source_rows(store)
    funded = sorted(row[0] for row in texts(store, _FUNDED, "s"))
    disputes = {dispute for row in matters[:_CARDS] for dispute in row.values["disputes"]}
    context = read_context(store, {*disputes, *funded})
    money = sums((context.statements[name] for name in funded), context.properties)
    return {
        "title": "Start",
        "summary": site.description,
        "counts": counts(store),
        "index": _index(entities, matters, questions, store),
        "starts": [row for row in entities[:_STARTS] if _size(row)],
        "most": len(matters),
        **disagreement_values(store, matters[:_CARDS], context),
        "money": money[:_SUMS],
        "sums": len(money),
        "kinds": Counter(row.values["kind"] for row in sources).most_common(),
        "sources": sorted(sources, key=lambda row: (-row.values["count"], row.name))[:_STARTS],
        "questions": list(questions.values())[:8],
        "schema": about_dataset(DATASET, site),
        "data_name": "index",
        "iri": DATASET,
        "cite": cite(site.title, DATASET, site),
        "scripted": True,
    }


def counts(store: Store) -> dict[str, str]:
    """Return how many things of each kind there are."""
    found = {row[0]: row[1] for row in texts(store, _COUNTS, "what", "number")}
    entities = next(texts(store, "SELECT (COUNT(?e) AS ?n) { GRAPH graph:entities { ?e a sp:Entity } }", "n"))
    found["disagreements"] = next(texts(store, _MATTERS, "n"))[0]
    names = ("statements", "sources", "propositions", "disagreements", "disputes")
    passages = {status.removeprefix(SP): number for status, number in texts(store, _PASSAGES, "status", "n")}
    return {
        "entities": entities[0],
        **{name: found.get(name, "0") for name in names},
        **{f"{status} passages": passages.get(status, "0") for status in ("verified", "confirmed")},
    }


def _size(row: Row) -> int:
    return int(row.values["about"] + row.values["says"])


def _index(
    entities: Sequence[Row], matters: Sequence[Row], questions: Mapping[str, Question], store: Store
) -> list[list[object]]:
    """Return the search index: for each thing its name, address, kind and number of statements, then other names."""
    found: list[list[object]] = []
    room = _MOST_BYTES
    for entry in _entries(entities, matters, questions, store):
        room -= len(as_json(entry).encode()) + 1
        if room < len("[]"):
            break
        found.append(entry)
    return found


def _entries(
    entities: Sequence[Row], matters: Sequence[Row], questions: Mapping[str, Question], store: Store
) -> Iterator[list[object]]:
    for row in matters:
        yield [visible(row.values["label"]), path_of(row.name), "disagreement", len(row.values["statements"])]
    for name, question in questions.items():
        yield [visible(question.header.title or name), f"questions/{name}", "question", 0]
    aliases: dict[str, list[str]] = {}
    for name, alias in sorted(texts(store, _ALIASES, "e", "alias")):
        aliases.setdefault(name, []).append(visible(alias))
    for row in entities:
        kind = ", ".join(visible(kind) for kind in row.values["kinds"])
        yield [
            visible(row.values["link"].label), path_of(row.name), kind, _size(row), *aliases.get(row.name, ())
        ]  # fmt: skip

"""Questions: saved ones by name, and SPARQL of one's own."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.iris import PREFIXES, SLUG, expand, iri, literal
from graphkit.query.answers import SHOWN, Answer, Table, gather, html_table
from graphkit.store import texts
from graphkit.store.syntax import Header, read_header, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from graphkit.store import Store

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
_IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]+>")


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question.

    Attributes:
        name: What one types.
        text: The SPARQL query.
        header: Title, why and parameters.
    """

    name: str
    text: str
    header: Header


class Questions(dict[str, Question]):
    """Saved questions by name; a notebook shows them as a table."""

    def _repr_html_(self) -> str:
        from graphkit.model.text import escaped  # only notebooks need it

        rows = ((asked.name, asked.header.title, asked.header.why, _parameters(asked)) for asked in self.values())
        return html_table(("name", "asks", "why", "parameters"), (map(escaped, row) for row in rows))


def _parameters(question: Question) -> str:
    return ", ".join(f"{name}={default}" for name, (default, _) in question.header.parameters.items())


def read_questions(paths: Iterable[Path]) -> Questions:
    """Read saved questions, by name."""
    return Questions((path.stem, Question(path.stem, *read_query(path))) for path in paths)


def find_question(paths: Iterable[Path], name: str) -> Question:
    """Read one saved question.

    Raises:
        QueryError: There is none of that name.
    """
    known = {path.stem: path for path in paths}
    if name not in known:
        import difflib  # only for who mistypes

        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
        raise QueryError(f"There is no saved question {name!r}.", f"Near: {', '.join(near)}. All: graphkit questions")
    return Question(name, *read_query(known[name]))


def question_of(paths: Iterable[Path], text: str) -> Question:
    """Return the saved question of a name, or else the question that the text is.

    Raises:
        QueryError: It looks like a name, and there is none.
    """
    name = text.strip()
    return find_question(paths, name) if SLUG.fullmatch(name) else Question("query", text, read_header(text))


def bind(question: Question, given: Mapping[str, str], store: Store) -> dict[str, str]:
    """Turn parameters into terms; defaults apply to those not given.

    Args:
        question: What is asked.
        given: Name to what the user typed; "" leaves a parameter open.
        store: To find out whether an entity exists.

    Raises:
        QueryError: The question has no such parameter, or the value is not a term.
        NotFoundError: There is no such entity.
    """
    declared = question.header.parameters
    for name in given:
        if declared and name not in declared:
            raise QueryError(f"{question.name} has no parameter {name!r}.", f"It has: {', '.join(declared)}.")
    terms: dict[str, str] = {}
    for name, (default, _) in declared.items():
        # A bare prefix leaves the parameter open, and so does a default that this graph does not know.
        if name not in given and default and not default.endswith(":"):
            with suppress(NotFoundError):
                terms[name] = term(default, "id", store)
    for name, text in given.items():
        prefix = declared.get(name, ("id:", ""))[0].partition(":")[0]
        if text:
            terms[name] = term(text, prefix if prefix in PREFIXES else "id", store)
    return terms


def term(text: str, prefix: str, store: Store) -> str:
    """Turn what a user typed into a term spelled in N-Triples.

    `met` and `id:met` are entities, `<…>` an IRI, `"…"` text, `2019-06-01` a day, `15` a number.

    Raises:
        QueryError: It is none of these.
        NotFoundError: The graph knows nothing of that name.
    """
    if text.startswith('"'):
        return literal(text[1:].removesuffix('"'))
    if _DAY.fullmatch(text):
        return literal(text, datatype=PREFIXES["xsd"] + "date")
    if _NUMBER.fullmatch(text):
        return literal(text, datatype=PREFIXES["xsd"] + "integer")
    full = text.strip("<>") if text.startswith("<") else expand(text if ":" in text else f"{prefix}:{text}")
    if not _IRI.fullmatch(iri(full)):
        raise QueryError(f"{text!r} is not a name.", 'Type an id such as met, <an IRI>, "text", a day or a number.')
    known = (
        f"{{ SELECT (1 AS ?known) {{ {{ {iri(full)} ?p ?o }} UNION {{ ?s ?p {iri(full)} }} }} LIMIT 1 }} "
        f"OPTIONAL {{ {iri(full)} dcterms:isReplacedBy ?now }}"
    )
    found = next(texts(store, f"SELECT ?now {{ {known} }}", "now"), None)
    if found is None:
        raise NotFoundError(f"The graph knows nothing called {text!r}.", nearest(text.rpartition(":")[2], store))
    return iri(found[0] or full)


def current(store: Store, name: str) -> str:
    """Return the IRI of what a thing was merged into, or its own: a merged name goes on working."""
    merged = texts(store, f"SELECT ?now {{ {iri(name)} dcterms:isReplacedBy ?now }}", "now")
    return next((row[0] for row in merged), name)


def nearest(name: str, store: Store) -> str:
    """Say which entities have ids or labels like a name."""
    import difflib  # only for who mistypes

    names: dict[str, str] = {}
    for entity, label in texts(
        store, "SELECT ?e ?label { ?e a sp:Entity ; rdfs:label|skos:altLabel ?label }", "e", "label"
    ):
        slug = entity.rpartition("/")[2]
        names |= {slug: slug, label.lower(): slug}
    found = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    unique = sorted({names[one] for one in found})
    return f"Near: {', '.join(unique)}." if unique else "graphkit query entities   lists all."


def answer(store: Store, question: Question, given: Mapping[str, str], most: int | None = None) -> Answer:
    """Ask a question with the parameters that a user typed.

    Args:
        store: Where to ask.
        question: What is asked.
        given: Parameter to what the user typed.
        most: So many rows or triples at most; the answer says whether it was cut.

    Raises:
        QueryError: It is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
    """
    return ask(store, question.text, bind(question, given, store), most)


def ask(store: Store, text: str, values: Mapping[str, str] | None = None, most: int | None = None) -> Answer:
    """Ask a query.

    Args:
        store: Where to ask.
        text: SPARQL.
        values: Variable name to a term spelled in N-Triples.
        most: So many rows or triples at most; the answer says whether it was cut.

    Returns:
        A table for SELECT, a truth value for ASK, sorted triples for CONSTRUCT and DESCRIBE.

    Raises:
        QueryError: It is not SPARQL.
    """
    given = gather(store.query(text, values), most)
    if not isinstance(given, Table):
        return given
    return replace(given, labels=labels(store, given.rows), passages=_passages(store, given.rows[:SHOWN]))


def _passages(store: Store, rows: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Return the addresses of the passages of the statements in some rows."""
    wanted = sorted({
        one.value
        for row in rows
        for one in row
        if isinstance(one, ox.NamedNode) and one.value.startswith(PREFIXES["statement"])
    })  # fmt: skip
    if not wanted:
        return {}
    values = f"VALUES ?name {{ {' '.join(map(iri, wanted))} }}"
    query = f"SELECT ?name ?url {{ {values} ?name sp:evidence/sp:passageLink ?url }} ORDER BY ?url"
    return {name: address for name, address in texts(store, query, "name", "url")}  # noqa: C416 - typed as pairs


_LABELLED = 5_000


def labels(store: Store, rows: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Return the labels of the IRIs in some rows, as far as they have any."""
    names = sorted({one.value for row in rows for one in row if isinstance(one, ox.NamedNode)})
    found: dict[str, str] = {}
    for start in range(0, len(names), _LABELLED):
        wanted = " ".join(iri(name) for name in names[start : start + _LABELLED])
        query = f"SELECT ?name ?label WHERE {{ VALUES ?name {{ {wanted} }} ?name rdfs:label ?label }}"
        found.update((name, label) for name, label in texts(store, query, "name", "label"))
    return found

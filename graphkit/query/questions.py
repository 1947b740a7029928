"""Questions: saved questions by name, and SPARQL queries."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import pyoxigraph as ox

from graphkit.model.did_you_mean import instead
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.iris import PREFIXES, SLUG, iri
from graphkit.model.text import shortened
from graphkit.query.answers import SHOWN, Answer, Table, gather, html_table
from graphkit.query.names import term
from graphkit.query.readable import STATEMENT, SavedAnswer
from graphkit.store import texts
from graphkit.store.syntax import Header, read_header, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from graphkit.store import Store


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: its name on the command line, its SPARQL query, and the header of the query.

    Attributes:
        is_saved: Whether its name runs it.
    """

    is_saved: ClassVar[bool] = False
    name: str
    text: str
    header: Header

    @property
    def parameters(self) -> str:
        """The parameters with their defaults, as in `speaker=id:met`."""
        return ", ".join(f"{name}={default}" for name, (default, _) in self.header.parameters.items())


class SavedQuestion(Question):
    """A question of the workspace; its answer is written for readers, while that of any other query is as in SPARQL."""

    __slots__ = ()
    is_saved = True


class Questions(dict[str, Question]):
    """Saved questions by name; a notebook shows them as a table."""

    def _repr_html_(self) -> str:
        from graphkit.model.text import escaped  # only notebooks need it

        rows = ((asked.name, asked.header.title, asked.header.why, asked.parameters) for asked in self.values())
        return html_table(("name", "asks", "why", "parameters"), (map(escaped, row) for row in rows))


def read_questions(paths: Iterable[Path]) -> Questions:
    """Read saved questions, by name."""
    return Questions((path.stem, SavedQuestion(path.stem, *read_query(path))) for path in paths)


def by_topic(questions: Mapping[str, Question]) -> dict[str, list[Question]]:
    """Return questions by topic, in the order of the topics; those without a topic come last."""
    topics = sorted({question.header.topic for question in questions.values()}, key=lambda topic: (not topic, topic))
    return {
        topic or "Other questions": [question for question in questions.values() if question.header.topic == topic]
        for topic in topics
    }


def find_question(paths: Iterable[Path], name: str) -> Question:
    """Read one saved question.

    Raises:
        QueryError: There is no question of that name.
    """
    known = {path.stem: path for path in paths}
    if name not in known:
        hint = instead(name, sorted(known), "graphkit questions")
        raise QueryError(f"There is no saved question {name!r}.", hint)
    return SavedQuestion(name, *read_query(known[name]))


def question_of(paths: Iterable[Path], text: str) -> Question:
    """Return the saved question with this name, or the text itself as a question.

    Raises:
        QueryError: The text looks like a name, and there is no such question.
    """
    name = text.strip()
    return find_question(paths, name) if SLUG.fullmatch(name) else Question("query", text, read_header(text))


def bind(question: Question, given: Mapping[str, str], store: Store) -> dict[str, str]:
    """Turn parameters into terms; the others take their defaults.

    Args:
        given: Name to the text that the user typed; "" leaves a parameter unbound.
        store: The store in which entities must exist.

    Raises:
        QueryError: The question has no such parameter, or the value is not a term.
        AmbiguousNameError: Several entities have that name.
        NotFoundError: There is no such entity.
    """
    declared = question.header.parameters
    for name in given:
        if declared and name not in declared:
            raise QueryError(f"{question.name} has no parameter {name!r}.", instead(name, declared))
    terms: dict[str, str] = {}
    for name, (default, _) in declared.items():
        # A bare prefix, or a default that is not in this graph, leaves the parameter unbound.
        if name not in given and default and not default.endswith(":"):
            with suppress(NotFoundError):
                terms[name] = term(default, "id", store)
    for name, text in given.items():
        prefix = declared.get(name, ("", ""))[0].partition(":")[0]
        if text:
            terms[name] = term(text, prefix if prefix in PREFIXES else "id", store)
        if prefix in PREFIXES and terms.get(name, "<")[0] != "<":
            message = f"{question.name} takes the name of a thing for {name}, not the value {shortened(text)}."
            raise QueryError(message, "Type a label, an alias or an id. To list them: graphkit query entities")
    return terms


def parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters that somebody typed, by name.

    Raises:
        QueryError: One has several values.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            message = (
                f"The parameter {shortened(name)} has two values: {shortened(found[name])} and {shortened(value)}."
            )
            raise QueryError(message, "Ask once for each value.")
        found[name] = value
    return found


def answer(store: Store, question: Question, given: Mapping[str, str], most: int | None = None) -> Answer:
    """Ask a question with the parameters that a user typed.

    Args:
        given: Name of each parameter to the text that the user typed.
        most: Maximum number of rows or triples; if there were more, the answer is `cut`.

    Raises:
        QueryError: The question is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
    """
    values = bind(question, given, store)
    if not question.is_saved:
        return ask(store, question.text, values, most)
    found = gather(store.query(question.text, values), most)
    if not isinstance(found, Table):
        return found
    return SavedAnswer(
        found.columns, found.rows, labels(store, found.rows), found.cut, key=_key(question, found.columns)
    )


def _key(question: Question, columns: tuple[str, ...]) -> tuple[str, ...]:
    key = question.header.key
    if missing := [name for name in (*key, *(STATEMENT if key else ())) if name not in columns]:
        message = f"{question.name} has '# Key: {' '.join(key)}', but no column {missing[0]}."
        raise QueryError(message, f"Add ?{missing[0]} to its SELECT, or correct the line.")
    return key


def ask(store: Store, text: str, values: Mapping[str, str] | None = None, most: int | None = None) -> Answer:
    """Run a query.

    Args:
        values: Variable name to a term in N-Triples syntax.
        most: Maximum number of rows or triples; if there were more, the answer is `cut`.

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
        term.value
        for row in rows
        for term in row
        if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["statement"])
    })  # fmt: skip
    if not wanted:
        return {}
    values = f"VALUES ?name {{ {' '.join(map(iri, wanted))} }}"
    query = f"SELECT ?name ?url {{ {values} ?name sp:evidence/sp:passageLink ?url }} ORDER BY ?url"
    return {name: address for name, address in texts(store, query, "name", "url")}  # noqa: C416 - typed as pairs


_LABELLED = 5_000


def labels(store: Store, rows: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Return the labels of the IRIs in some rows; IRIs without a label are left out, as statements are.

    A source that copies or digests another says so, because it is no further source of the same statement.
    """
    names = sorted({
        term.value
        for row in rows
        for term in row
        if isinstance(term, ox.NamedNode) and not term.value.startswith(PREFIXES["statement"])
    })  # fmt: skip
    found: dict[str, str] = {}
    for start in range(0, len(names), _LABELLED):
        wanted = " ".join(iri(name) for name in names[start : start + _LABELLED])
        values = f"VALUES ?name {{ {wanted} }} ?name rdfs:label ?label"
        query = f"SELECT ?name ?label ?original {{ {values} OPTIONAL {{ ?name prov:wasDerivedFrom ?original }} }}"
        for name, label, original in texts(store, query, "name", "label", "original"):
            found[name] = f"{label} (copy)" if original else label
    return found

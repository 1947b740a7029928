"""What a worker does for the server: functions over a store whose answers are bytes to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.describe import service, void
from graphkit.errors import GraphkitError
from graphkit.pages import Page, page
from graphkit.query import Question, bind, gather
from graphkit.results import Triples
from graphkit.serve.formats import choose, offered, spell
from graphkit.web import query_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

    from graphkit.results import Answer
    from graphkit.store import Dataset, Store
    from graphkit.view.layout import Places


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it reached the server.

    Attributes:
        question: Its text, and the parameters that it declares.
        given: Parameter to what was typed.
        accept: The Accept header, or the one media type that was asked for by name.
        dataset: The graphs to ask; by default all.
    """

    question: Question
    given: Mapping[str, str]
    accept: str
    dataset: Dataset | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it leaves.

    Attributes:
        body: The bytes.
        media: Their type.
        count: How many rows or triples they hold.
        cut: Whether there were more.
    """

    body: bytes
    media: str
    count: int = 0
    cut: bool = False


class NotAcceptableError(GraphkitError):
    """The answer has no form that the client takes."""


def answer_protocol(store: Store, asked: Asked, most: int) -> Sent:
    """Answer a query in a form that the client takes.

    Raises:
        QueryError: It is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
        NotAcceptableError: The client takes none of the forms of this kind of answer.
    """
    text = asked.question.text
    found = gather(store.query(text, bind(asked.question, asked.given, store), asked.dataset), text, most)
    forms = offered(found)
    chosen = choose(forms, asked.accept)
    if chosen is None:
        types = ", ".join(types[0] for types in forms.values())
        raise NotAcceptableError(f"The answer cannot take the form {asked.accept!r}.", f"Ask for one of: {types}.")
    return Sent(spell(found, chosen[0]), chosen[1], *_size(found))


def describe_service(store: Store, address: str, form: str, media: str) -> Sent:
    """Describe the service in RDF: its address, what it understands, and its graphs.

    Args:
        store: What it answers from.
        address: The IRI of the endpoint.
        form: The short name of the form.
        media: The media type of the form.
    """
    return _described(service(store, address), form, media)


def describe_graph(store: Store, address: str, form: str, media: str) -> Sent:
    """Describe the graph in RDF: what it holds, and its prefixes. The arguments are those of `describe_service`."""
    return _described(void(store, address), form, media)


def make_page(
    store: Store, path: str, form: str, questions: Mapping[str, Question], places: Places | None = None
) -> Page:
    """Make a page: a job for a worker."""
    if path == "query" and form == "html":
        return Page(query_page(store, questions), "text/html")
    return page(store, path, form, questions, places)


def _described(triples: list[ox.Triple], form: str, media: str) -> Sent:
    return Sent(spell(Triples(triples), form), media, len(triples))


def _size(answer: Answer) -> tuple[int, bool]:
    return (1, False) if isinstance(answer, bool) else (len(answer), answer.cut)

"""What a worker does for the server: functions over a store whose answers are bytes to send."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, NamedTuple

from graphkit.build.statistics import read_statistics
from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.files import hash_file
from graphkit.query.answers import Triples
from graphkit.query.questions import Question, bind
from graphkit.store.syntax import read_header
from graphkit.web.describe import service
from graphkit.web.pages import Page, page
from graphkit.web.query_page import query_page
from graphkit.web.server.negotiation import choose, offered, spell, write_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.build.statistics import Statistics
    from graphkit.model.workspace import Workspace
    from graphkit.store import Dataset, Store
    from graphkit.view.layout.stress import Positions


# What is not longer stays as it is.
_PACKED_FROM = 1_000


# What travels between processes for each request is a tuple: a frozen dataclass takes ten times as long.
class Asked(NamedTuple):
    """A query as it reached the server.

    Attributes:
        name: Of a saved question, or `query`.
        text: The query.
        given: Parameter to what was typed.
        accept: The Accept header, or the one media type that was asked for by name.
        dataset: The graphs to ask; by default all.
        packed: Whether the client takes gzip.
    """

    name: str
    text: str
    given: Mapping[str, str]
    accept: str
    dataset: Dataset | None = None
    packed: bool = False


class Sent(NamedTuple):
    """An answer as it leaves.

    Attributes:
        body: The bytes.
        media: Their type.
        rows: How many rows or triples they hold.
        cut: Whether there were more.
        packed: Whether the bytes are packed with gzip.
    """

    body: bytes
    media: str
    rows: int = 0
    cut: bool = False
    packed: bool = False


class NotAcceptableError(GraphkitError):
    """The answer has no form that the client takes."""


def answer_protocol(store: Store, asked: Asked, most: int) -> Sent:
    """Answer a query in a form that the client takes.

    Raises:
        QueryError: It is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
        NotAcceptableError: The client takes none of the forms of this kind of answer.
    """
    text = asked.text
    question = Question(asked.name, text, read_header(text))
    found = store.query(text, bind(question, asked.given, store), asked.dataset)
    forms = offered(found)
    chosen = choose(forms, asked.accept)
    if chosen is None:
        types = ", ".join(types[0] for types in forms.values())
        raise NotAcceptableError(f"The answer cannot take the form {asked.accept!r}.", f"Ask for one of: {types}.")
    body, rows, cut = write_found(found, chosen[0], most)
    packed = asked.packed and len(body) >= _PACKED_FROM
    return Sent(_pack(body) if packed else body, chosen[1], rows, cut, packed)


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


def describe_service(store: Store, address: str, form: str, media: str) -> Sent:
    """Describe the service in RDF: its address, what it understands, and its graphs.

    Args:
        store: What it answers from.
        address: The IRI of the endpoint.
        form: The short name of the form.
        media: The media type of the form.
    """
    triples = service(store, address)
    return Sent(spell(Triples(triples), form), media, len(triples))


def read_counts(_store: Store, workspace: Workspace) -> Statistics:
    """Return the statistics of the graph of a workspace.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        return read_statistics(workspace, hash_file(workspace.graph_file))
    except OSError as error:
        raise StoreError(f"{workspace.graph_file} cannot be read: {error}", "Build it again: graphkit build") from error


def make_page(
    store: Store, path: str, form: str, questions: Mapping[str, Question], places: Positions | None = None
) -> Page:
    """Make a page: a job for a worker."""
    if path == "query" and form == "html":
        return Page(query_page(store, questions), "text/html")
    return page(store, path, form, questions, places)

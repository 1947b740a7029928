"""The jobs that workers run for the server: functions of a store that return bytes to send."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, NamedTuple

from graphkit.build.statistics import read_statistics
from graphkit.model.errors import GraphkitError, StoreError
from graphkit.query.answers import Triples
from graphkit.query.questions import Question, bind
from graphkit.store.syntax import read_header
from graphkit.web.describe import service, void
from graphkit.web.pages import Page, page
from graphkit.web.query_page import query_page
from graphkit.web.server.negotiation import choose, encode, encode_triples, formats_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.model.generation import Generation
    from graphkit.store import QueryDataset, Store
    from graphkit.view.layout.stress import Positions

# Shorter answers are not compressed.
_GZIP_MINIMUM = 1_000


# Named tuples, because they are pickled for each request: a frozen dataclass takes ten times as long.
class QueryRequest(NamedTuple):
    """A query as it reached the server.

    Attributes:
        name: The name of a saved question, or `query`.
        text: The query.
        values: Parameter to value, as they were typed.
        accept: The Accept header, or the media types of the format that was named.
        dataset: The graphs to query; by default all.
        gzip: Whether the client accepts gzip.
    """

    name: str
    text: str
    values: Mapping[str, str]
    accept: str
    dataset: QueryDataset | None = None
    gzip: bool = False


class EncodedAnswer(NamedTuple):
    """An answer ready to send.

    Attributes:
        body: The bytes.
        media: The media type.
        rows: The number of rows or triples.
        cut: Whether rows were left out.
        gzipped: Whether the bytes are compressed.
    """

    body: bytes
    media: str
    rows: int = 0
    cut: bool = False
    gzipped: bool = False


class NotAcceptableError(GraphkitError):
    """The client accepts none of the formats of the answer."""


def answer_query(store: Store, request: QueryRequest, limit: int) -> EncodedAnswer:
    """Answer a query in a format that the client accepts, with at most `limit` rows.

    Raises:
        QueryError: The query is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
        NotAcceptableError: The client accepts none of the formats of this kind of answer.
    """
    text = request.text
    question = Question(request.name, text, read_header(text))
    results = store.query(text, bind(question, request.values, store), request.dataset)
    formats = formats_of(results)
    chosen = choose(formats, request.accept)
    if chosen is None:
        types = ", ".join(types[0] for types in formats.values())
        message = f"The answer is not available as {request.accept!r}."
        raise NotAcceptableError(message, f"Ask for one of: {types}.")
    body, rows, cut = encode(results, chosen[0], limit)
    gzipped = request.gzip and len(body) >= _GZIP_MINIMUM
    return EncodedAnswer(gzip.compress(body, 5, mtime=0) if gzipped else body, chosen[1], rows, cut, gzipped)


def describe_service(store: Store, address: str, form: str, media: str) -> EncodedAnswer:
    """Describe the service in RDF: its address, its features and its graphs.

    Args:
        store: The store.
        address: The IRI of the endpoint.
        form: The short name of the format.
        media: The media type of the format.
    """
    triples = service(store, address)
    return EncodedAnswer(encode_triples(Triples(triples), form), media, len(triples))


def describe_graph(_store: Store, generation: Generation, address: str, form: str, media: str) -> EncodedAnswer:
    """Describe the graph in VoID, from the statistics of the build.

    Args:
        generation: The build.
        address: The IRI of the endpoint.
        form: The short name of the format.
        media: The media type of the format.

    Raises:
        StoreError: The graph cannot be read.
    """
    try:
        triples = void(read_statistics(generation), address)
    except OSError as error:
        raise StoreError(
            f"{generation.graph_file} cannot be read: {error}", "Build it again: graphkit build"
        ) from error
    return EncodedAnswer(encode_triples(Triples(triples), form), media, len(triples))


def make_page(
    store: Store, path: str, form: str, questions: Mapping[str, Question], places: Positions | None = None
) -> Page:
    """Make the page at a path of the site.

    Args:
        store: The store.
        path: The path without a suffix.
        form: html, ttl, jsonld or nt.
        questions: The saved questions, by name.
        places: The saved positions of the network, by node.
    """
    if path == "query" and form == "html":
        return Page(query_page(store, questions), "text/html")
    return page(store, path, form, questions, places)

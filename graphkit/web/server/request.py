"""Parse requests of the SPARQL 1.1 Protocol, and explain why a request is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from graphkit.model.did_you_mean import did_you_mean, nearest
from graphkit.model.errors import GraphkitError
from graphkit.model.iris import SLUG, is_iri
from graphkit.model.text import shortened
from graphkit.query.questions import Question, find_question, parameters
from graphkit.store import QueryDataset
from graphkit.web.server.jobs import QueryRequest
from graphkit.web.server.negotiation import media_types

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
# Fields in which other servers take the name of a format.
_FORMATS = frozenset(("format", "output", "results"))
_LONGEST_NAME = 100
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_READ_ONLY = ("This endpoint is read-only.", "Send a query. Only a new build changes the graph.")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)
Fields = list[tuple[str, str]]
_GZIP = b"\x1f\x8b"


class RefusedError(GraphkitError):
    """The server refuses a request.

    Args:
        retry: Seconds after which the client may try again; 0 if that is useless.
    """

    def __init__(self, status: int, message: str, hint: str = "", retry: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry = retry


@dataclass(frozen=True, slots=True)
class RawRequest:
    """The parts of an HTTP request that define a query.

    Attributes:
        method: GET or POST.
        parameters: The query string of the URL, undecoded.
        content_type: The media type of the body.
        body: The body.
        accept: The Accept header.
        gzip: Whether the client accepts gzip.
    """

    method: str
    parameters: bytes
    content_type: str
    body: bytes
    accept: str
    gzip: bool = False


def parse_request(request: RawRequest, questions: Callable[[], Iterable[Path]]) -> QueryRequest | None:
    """Parse a request; return None if it has no query and so asks for the service description.

    Args:
        questions: Returns the files of the saved questions, for the field `question`.

    Raises:
        RefusedError: The request is not a query of the SPARQL 1.1 Protocol.
        QueryError: There is no such saved question.
    """
    fields = _fields(request.parameters)
    if request.method == "POST":
        fields += _body_fields(request)
    elif not any(name in {"query", "question", "update"} for name, _ in fields):
        for name, _ in fields:
            if near := nearest(name, ("query", "question")):
                raise RefusedError(400, f"The field {shortened(name)!r} is not known.", did_you_mean(near))
        return None
    return _query_request(fields, request, questions)


def _body_fields(request: RawRequest) -> Fields:
    media = request.content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(request.content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise RefusedError(415, f"The charset {charset[1]!r} is not supported.", "Send UTF-8.")
    if media == FORM:
        return _fields(request.body)
    if media == QUERY:
        return [("query", _decoded(request.body))]
    if media == "application/sparql-update":
        raise RefusedError(415, *_READ_ONLY)
    raise RefusedError(415, f"The content type {media!r} is not supported.", f"Send {QUERY} or {FORM}.")


def _fields(data: bytes) -> Fields:
    try:
        return parse_qsl(_decoded(data), keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except ValueError as error:
        raise RefusedError(400, f"The fields of the request cannot be parsed: {error}.", "Send UTF-8.") from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.startswith(_GZIP):
            raise RefusedError(415, "The body is compressed.", "Send it without Content-Encoding.") from error
        raise RefusedError(400, "The request is not valid UTF-8.", "Send UTF-8.") from error


def _query_request(fields: Fields, request: RawRequest, questions: Callable[[], Iterable[Path]]) -> QueryRequest:
    if any(name == "update" or name.startswith("using-") for name, _ in fields):
        raise RefusedError(400, *_READ_ONLY)
    queries = [(name, text) for name, text in fields if name in {"query", "question"}]
    if len(queries) != 1:
        raise RefusedError(400, f"The request has {len(queries)} queries.", "Send one field: query or question.")
    name, text = queries[0]
    if name == "question":
        asked = _saved_question(text, questions)
        name, text = text, asked.text
        if bare := next((field for field, _ in fields if field in asked.header.parameters), ""):
            raise RefusedError(400, f"The parameter {bare!r} has no prefix.", f"Send param.{bare}.")
    values = parameters((name.removeprefix("param."), value) for name, value in fields if name.startswith("param."))
    return QueryRequest(name, text, values, _accept(fields, request.accept), _dataset(fields), request.gzip)


def _saved_question(name: str, questions: Callable[[], Iterable[Path]]) -> Question:
    if len(name) > _LONGEST_NAME or not SLUG.fullmatch(name):
        raise RefusedError(
            400, f"{name[:_LONGEST_NAME]!r} is not the name of a saved question.", "Send a name such as who-denies."
        )
    return find_question(questions(), name)


def _accept(fields: Fields, accept: str) -> str:
    """Return the media types of a field that names a format, which a link can carry; otherwise the header."""
    named = (media_types(text) for name, text in fields if name in _FORMATS)
    return next((types for types in named if types), accept)


def _dataset(fields: Fields) -> QueryDataset | None:
    graphs = {kind: tuple(text for name, text in fields if name == kind and text) for kind in _GRAPHS}
    for iri in (iri for iris in graphs.values() for iri in iris):
        if not is_iri(iri):
            raise RefusedError(400, f"{iri!r} is not the name of a graph.", "Send an absolute IRI.")
    return QueryDataset(*graphs.values()) if any(graphs.values()) else None

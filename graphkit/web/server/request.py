"""Reading a request of the SPARQL 1.1 Protocol: what is asked, or exactly why it cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from graphkit.model.errors import GraphkitError
from graphkit.model.iris import SLUG
from graphkit.query.questions import find_question
from graphkit.store import Dataset
from graphkit.web.server.jobs import Asked
from graphkit.web.server.negotiation import GRAPHS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)
# An absolute IRI, as far as that decides whether it can be the name of a graph.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
Fields = list[tuple[str, str]]


class RefusedError(GraphkitError):
    """A request that the server does not take.

    Args:
        status: The HTTP status that says so.
        message: What is wrong.
        hint: What to send instead.
        retry: After how many seconds it may be sent again; 0 if that is of no use.
    """

    def __init__(self, status: int, message: str, hint: str = "", retry: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry = retry


@dataclass(frozen=True, slots=True)
class Request:
    """What of an HTTP request decides about the query in it.

    Attributes:
        method: GET or POST.
        parameters: The query string of the URL, as it came.
        content_type: What the body is said to be.
        body: The body.
        accept: The Accept header.
        packed: Whether the client takes gzip.
    """

    method: str
    parameters: bytes
    content_type: str
    body: bytes
    accept: str
    packed: bool = False


def read_request(request: Request, questions: Callable[[], Iterable[Path]]) -> Asked | None:
    """Read a query out of a request.

    Args:
        request: What came.
        questions: Finds the saved questions, which the field `question` names.

    Returns:
        What is asked, or None where nothing is: that is a request for the service description.

    Raises:
        RefusedError: It is not a query of the SPARQL 1.1 Protocol.
        QueryError: There is no such saved question.
    """
    fields = _fields(request.parameters)
    if request.method == "POST":
        fields += _body(request)
    elif not any(name in {"query", "question", "update"} for name, _ in fields):
        return None
    return _asked(fields, request, questions)


def _body(request: Request) -> Fields:
    media = request.content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(request.content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise RefusedError(415, f"The charset {charset[1]!r} is not taken.", "Send UTF-8.")
    if media == FORM:
        return _fields(request.body)
    if media == QUERY:
        return [("query", _text(request.body))]
    if media == "application/sparql-update":
        raise RefusedError(415, "This endpoint only answers queries.", "The graph changes by a build.")
    raise RefusedError(415, f"The content type {media!r} is not taken.", f"Send {QUERY} or {FORM}.")


def _fields(data: bytes) -> Fields:
    try:
        return parse_qsl(_text(data), keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except ValueError as error:
        raise RefusedError(400, f"The fields of the request cannot be read: {error}.", "Send UTF-8.") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(400, "The request holds bytes that are no UTF-8.", "Send UTF-8.") from error


def _asked(fields: Fields, request: Request, questions: Callable[[], Iterable[Path]]) -> Asked:
    if any(name == "update" or name.startswith("using-") for name, _ in fields):
        raise RefusedError(400, "This endpoint only answers queries.", "The graph changes by a build.")
    asked = [(name, text) for name, text in fields if name in {"query", "question"}]
    if len(asked) != 1:
        raise RefusedError(400, f"The request holds {len(asked)} queries.", "Send one field: query or question.")
    name, text = asked[0]
    if name == "question":
        name, text = text, _saved(text, questions)
    given = {name.removeprefix("param."): text for name, text in fields if name.startswith("param.")}
    return Asked(name, text, given, _accept(fields, request.accept), _dataset(fields), request.packed)


def _saved(name: str, questions: Callable[[], Iterable[Path]]) -> str:
    """Return the text of a saved question."""
    if not SLUG.fullmatch(name):
        raise RefusedError(400, f"{name!r} is not the name of a saved question.", "Names are such as who-denies.")
    return find_question(questions(), name).text


def _accept(fields: Fields, accept: str) -> str:
    """Take the field `format`, which a link can carry, before the header."""
    short = next((text for name, text in fields if name == "format"), "")
    if not short:
        return accept
    types = [kinds[short][0] for kinds in (TABLES, GRAPHS) if short in kinds]
    if not types:
        names = ", ".join([*TABLES, *GRAPHS])
        raise RefusedError(406, f"There is no format {short!r}.", f"Take one of: {names}.")
    return ", ".join(types)


def _dataset(fields: Fields) -> Dataset | None:
    graphs = {kind: tuple(text for name, text in fields if name == kind) for kind in _GRAPHS}
    for name in (one for names in graphs.values() for one in names):
        if not _ABSOLUTE.fullmatch(name):
            raise RefusedError(400, f"{name!r} is not the name of a graph.", "Send a full IRI.")
    return Dataset(*graphs.values()) if any(graphs.values()) else None

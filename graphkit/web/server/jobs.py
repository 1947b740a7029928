"""The jobs that workers run for the server: functions of a store that return bytes to send."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from pickle import PickleBuffer
from typing import NamedTuple, cast

import pyoxigraph as ox

from graphkit.build.statistics import read_statistics
from graphkit.model.errors import GraphkitError, StoreError
from graphkit.model.generation import Generation
from graphkit.model.workspace import Workspace
from graphkit.query.answers import Triples
from graphkit.query.questions import Question, SavedQuestion, bind
from graphkit.query.remarks import remarks
from graphkit.query.worker_process import network_of
from graphkit.store import QueryDataset, Store
from graphkit.store.syntax import may_contain, read_header, tokens
from graphkit.web.describe import examples, service, void
from graphkit.web.pages import Page, page
from graphkit.web.pages.views import is_view
from graphkit.web.published import Beside
from graphkit.web.query_page import query_page
from graphkit.web.server.negotiation import choose, encode, encode_triples, formats_of

# Shorter answers are not compressed.
_GZIP_MINIMUM = 1_000
# To copy 32 MB would stop the event loop of the server for 15 to 30 ms.
_COPIED = 1 << 20
# The result of these functions changes on every call.
_VOLATILE = frozenset(("now", "rand", "uuid", "struuid", "bnode"))
# Most queries contain none of these words, even in a string: they need no closer look.
_SUSPECT = ("now", "rand", "uuid", "bnode")
_META = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
# No other site may show a page in a frame. A <meta> element cannot say this.
_FRAMES = "; frame-ancestors 'self'"
# A picture has its style sheet inside it, and no script.
_PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


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
        workspace: The folder of the saved questions, which notes on an answer may name; "" for none.
    """

    name: str
    text: str
    values: Mapping[str, str]
    accept: str
    dataset: QueryDataset | None = None
    gzip: bool = False
    workspace: str = ""


class EncodedAnswer(NamedTuple):
    """An answer ready to send.

    Attributes:
        body: The bytes; of a long answer, a view of them in the process that receives it.
        media: The media type.
        rows: The number of rows or triples.
        cut: Whether rows were left out.
        gzipped: Whether the bytes are compressed.
        volatile: Whether the answer changes on every call.
        remarks: What a reader should know about the query.
    """

    body: bytes
    media: str
    rows: int = 0
    cut: bool = False
    gzipped: bool = False
    volatile: bool = False
    remarks: Sequence[str] = ()


class DataFormat(NamedTuple):
    """The format of a description.

    Attributes:
        name: The short name.
        media: The media type.
        gzip: Whether the client accepts gzip.
    """

    name: str
    media: str
    gzip: bool


class PageRequest(NamedTuple):
    """A page that a client asked for.

    Attributes:
        path: The path without a suffix.
        form: html, ttl, jsonld, nt, png or json.
        gzip: Whether the client accepts gzip.
    """

    path: str
    form: str
    gzip: bool = False


class EncodedPage(NamedTuple):
    """A page ready to send.

    Attributes:
        body: The bytes.
        media: The media type.
        status: 200, 301 or 404.
        location: The new address of a merged thing, relative to this page.
        gzipped: Whether the bytes are compressed.
        policy: The Content-Security-Policy of its `<meta>` element; "" for data.
    """

    body: bytes
    media: str
    status: int
    location: str
    gzipped: bool
    policy: str


class NotAcceptableError(GraphkitError):
    """The client accepts none of the formats of the answer."""


class TooLongError(GraphkitError):
    """The answer has too many bytes."""


def answer_query(store: Store, request: QueryRequest, limit: int, most_bytes: int) -> EncodedAnswer:
    """Answer a query in a format that the client accepts, with at most `limit` rows.

    Raises:
        QueryError: The query is not SPARQL, or has no such parameter.
        NotFoundError: There is no such entity.
        NotAcceptableError: The client accepts none of the formats of this kind of answer.
        TooLongError: The answer is longer than `most_bytes`.
    """
    text = request.text
    kind = Question if request.name == "query" else SavedQuestion
    question = kind(request.name, text, read_header(text))
    results = store.query(text, bind(question, request.values, store), request.dataset)
    formats = formats_of(results)
    chosen = choose(formats, request.accept)
    if chosen is None:
        types = ", ".join(types[0] for types in formats.values())
        message = f"The answer is not available as {request.accept!r}."
        raise NotAcceptableError(message, f"Ask for one of: {types}.")
    body, rows, cut = encode(results, chosen[0], limit)
    if len(body) > most_bytes:
        message = f"The answer has {len(body) / 1e6:.0f} MB; the limit is {most_bytes / 1e6:.0f} MB."
        raise TooLongError(message, "Ask for fewer columns, or for less: add LIMIT or a condition.")
    packed, gzipped = compressed(body, accepted=request.gzip)
    said = remarks(store, question, request.values, request.dataset, empty=not rows, saved=partial(_saved, request))
    sent = packed if len(packed) <= _COPIED else cast("bytes", PickleBuffer(packed))
    return EncodedAnswer(sent, chosen[1], rows, cut, gzipped, is_volatile(text), said)


def _saved(request: QueryRequest) -> list[Path]:
    return Workspace(Path(request.workspace)).questions() if request.workspace else []


def is_volatile(text: str) -> bool:
    """Return whether the answer to a query changes on every call.

    >>> is_volatile("ASK { FILTER(NOW() > ?day) }"), is_volatile("ASK { ?now ?p 'now' } # now")
    (True, False)
    """
    return may_contain(text, _SUSPECT) and any(
        kind == "keyword" and word.lower() in _VOLATILE for kind, word, _ in tokens(text)
    )


def compressed(body: bytes, *, accepted: bool) -> tuple[bytes, bool]:
    """Compress a body if it is long and the client accepts that; return also whether it was compressed."""
    if accepted and len(body) >= _GZIP_MINIMUM:
        return gzip.compress(body, 5, mtime=0), True
    return body, False


def describe_service(store: Store, address: str, form: DataFormat) -> EncodedAnswer:
    """Describe the service in RDF: its address, its features and its graphs."""
    return _encoded(service(store, address), form)


def describe_graph(_store: Store, generation: Generation, address: str, form: DataFormat) -> EncodedAnswer:
    """Describe the graph in VoID, from the statistics of the build.

    Args:
        address: The IRI of the endpoint.

    Raises:
        StoreError: The graph cannot be read.
    """
    try:
        triples = void(read_statistics(generation), address)
    except OSError as error:
        raise StoreError(
            f"{generation.graph_file} cannot be read: {error}", "Build it again: graphkit build"
        ) from error
    return _encoded(triples, form)


def describe_questions(
    _store: Store, questions: Mapping[str, Question], address: str, form: DataFormat
) -> EncodedAnswer:
    """Describe the saved questions in RDF, as queries of the endpoint at an address."""
    return _encoded(examples(questions.values(), address), form)


def _encoded(triples: list[ox.Triple], form: DataFormat) -> EncodedAnswer:
    body, gzipped = compressed(encode_triples(Triples(triples), form.name), accepted=form.gzip)
    return EncodedAnswer(body, form.media, len(triples), gzipped=gzipped)


def make_page(store: Store, request: PageRequest, beside: Beside) -> EncodedPage:
    """Make the page at a path of the site."""
    if request[:2] == ("query", "html"):
        made = Page(query_page(store, beside.questions), "text/html")
    else:
        made = page(store, request.path, request.form, beside)
    meta = _META.search(made.body, 0, 4_096) if "html" in made.media else None
    # A view of a server with a public address may be embedded, as oEmbed describes it: it has nothing to change.
    frames = "" if beside.published.address and is_view(request.path) else _FRAMES
    policy = html.unescape(meta[1].decode()) + frames if meta else _PICTURE if "svg" in made.media else ""
    body, gzipped = compressed(made.body, accepted=request.gzip and made.media != "image/png")
    return EncodedPage(body, made.media, made.status, made.location, gzipped, policy)


def probe(store: Store) -> tuple[bool, str]:
    """Return whether a query is answered, and the network of the worker."""
    return bool(store.query("ASK { ?s ?p ?o }")), network_of()

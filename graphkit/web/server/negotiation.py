"""Content negotiation: choose the format of an answer as RFC 9110 describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES
from graphkit.query.answers import Triples, gather
from graphkit.query.formats import WrittenAnswer, write_results, write_turtle
from graphkit.store import Results

# Short name to media types with the same meaning; the server prefers the first.
TABLES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
GRAPHS: Mapping[str, tuple[str, ...]] = {
    "ttl": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdf": ("application/rdf+xml", "application/xml", "text/xml"),
}
# Other names for formats in the fields `format` and `output`, which clients send for tables and triples alike.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "xml": GRAPHS["rdf"],
    "json": GRAPHS["jsonld"],
    "turtle": GRAPHS["ttl"],
    "n3": GRAPHS["ttl"],
    "ntriples": GRAPHS["nt"],
    "n-triples": GRAPHS["nt"],
    "json-ld": GRAPHS["jsonld"],
    "rdf+xml": GRAPHS["rdf"],
    "rdfxml": GRAPHS["rdf"],
    "rdf/xml": GRAPHS["rdf"],
}
# Formats that some clients ask for and that are written like one of ours.
_SIMILAR = {"text/n3": "text/turtle", "text/rdf+n3": "text/turtle", "application/x-json+ld": "application/ld+json"}
# A longer Accept header is cut: parsing it must not take long.
_ACCEPT = 2_000
_RDF = {"nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}


class MediaRange(NamedTuple):
    """One entry of an Accept header."""

    media: str
    quality: float

    def specificity(self) -> int:
        """Return 2 for a full media type, 1 for `text/*`, 0 for `*/*`."""
        return 2 - self.media.count("*")


def parse_accept(accept: str) -> list[MediaRange]:
    """Parse an Accept header.

    >>> parse_accept("text/csv;q=0.5, text/html")
    [MediaRange(media='text/csv', quality=0.5), MediaRange(media='text/html', quality=1.0)]
    """
    return [_media_range(part) for part in accept[:_ACCEPT].split(",") if part.strip()] or [MediaRange("*/*", 1.0)]


def _media_range(part: str) -> MediaRange:
    media, *parameters = (text.strip() for text in part.split(";"))
    media = _SIMILAR.get(media.lower(), media)
    quality = next((text[2:] for text in parameters if text.lower().startswith("q=")), "1")
    try:
        return MediaRange(media.lower(), min(max(float(quality), 0.0), 1.0))
    except ValueError:
        return MediaRange(media.lower(), 0.0)


def quality(media: str, accept: Iterable[MediaRange]) -> float:
    """Return the quality of a media type; the most specific entry decides.

    >>> quality("text/csv", parse_accept("text/*;q=0.3, */*;q=0.1"))
    0.3
    """
    matching = [entry for entry in accept if entry.media in {media, media.partition("/")[0] + "/*", "*/*"}]
    return max(matching, key=MediaRange.specificity).quality if matching else 0.0


def choose(formats: Mapping[str, tuple[str, ...]], accept: str) -> tuple[str, str] | None:
    """Choose a format; return its short name and media type, or None if the client accepts none.

    A client that asks for triples but gets a table, or the reverse, does not know the kind of the answer: it gets the
    format that the server prefers.

    Args:
        formats: Short name to media types, in the server's order of preference.
        accept: The Accept header.

    >>> choose(TABLES, "text/csv, application/json;q=0.9"), choose(TABLES, "text/turtle")
    (('csv', 'text/csv'), ('json', 'application/sparql-results+json'))
    """
    return _choose(tuple(formats.items()), accept[:_ACCEPT].lower())


def media_types(name: str) -> str:
    """Return the media types that a name of a format can mean, as an Accept header; "" for an unknown name.

    >>> media_types("Turtle"), media_types("text/csv"), media_types("docx")
    ('text/turtle, application/x-turtle', 'text/csv', '')
    """
    name = name.lower()
    found = [formats[name] for formats in (TABLES, GRAPHS, _NAMES) if name in formats]
    return ", ".join(media for types in found for media in types) or (name if _is_known(name) else "")


def _is_known(media: str) -> bool:
    return media in _SIMILAR or any(media in types for formats in (TABLES, GRAPHS) for types in formats.values())


# Programs send the same header with each request.
@lru_cache(256)
def _choose(formats: tuple[tuple[str, tuple[str, ...]], ...], accept: str) -> tuple[str, str] | None:
    ranges = parse_accept(accept)
    best = max(((quality(media, ranges), name, media) for name, types in formats for media in types), key=itemgetter(0))
    if best[0] > 0:
        return best[1:]
    name, types = formats[0]
    expected = any(_is_known(entry.media) and entry.quality > 0 for entry in ranges)
    return (name, types[0]) if expected else None


def accepts_html(accept: str) -> bool:
    """Return whether a person is reading: programs do not name HTML in their Accept header."""
    if "text/html" not in accept.lower():
        return False
    ranges = parse_accept(accept)
    return any(entry.media == "text/html" for entry in ranges) and quality("text/html", ranges) > 0


def formats_of(results: Results) -> Mapping[str, tuple[str, ...]]:
    """Return the formats that suit the results of a query."""
    return GRAPHS if isinstance(results, ox.QueryTriples) else TABLES


def encode(results: Results, name: str, limit: int) -> WrittenAnswer:
    """Write the results of a query in the format of a short name, with at most `limit` rows or triples."""
    if isinstance(results, ox.QueryTriples):
        triples = gather(results, limit)
        assert isinstance(triples, Triples)  # noqa: S101 - of QueryTriples
        return WrittenAnswer(encode_triples(triples, name), len(triples), triples.cut)
    return write_results(results, name, limit)


def encode_triples(triples: Triples, name: str) -> bytes:
    """Write triples in the format of a short name."""
    if name == "ttl":
        return write_turtle(triples).encode()
    return ox.serialize(triples, format=_RDF[name], prefixes=PREFIXES if name == "rdf" else None) or b""

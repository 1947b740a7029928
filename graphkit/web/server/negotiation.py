"""Which form an answer takes: content negotiation as RFC 9110 describes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES
from graphkit.query.answers import Triples, gather
from graphkit.query.formats import Written, write_results, write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.store import Results

# Short name to media type and the other types that mean the same; the first is the server's choice.
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
_RDF = {"nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}


@dataclass(frozen=True, slots=True)
class Wish:
    """One entry of an Accept header."""

    media: str
    quality: float

    def specific(self) -> int:
        """Say how exactly it names a type: 2 for both parts, 1 for the first, 0 for neither."""
        return 2 - self.media.count("*")


def wishes(accept: str) -> list[Wish]:
    """Read an Accept header.

    >>> wishes("text/csv;q=0.5, text/html")
    [Wish(media='text/csv', quality=0.5), Wish(media='text/html', quality=1.0)]
    """
    return [_wish(part) for part in accept.split(",") if part.strip()] or [Wish("*/*", 1.0)]


def _wish(part: str) -> Wish:
    media, *parameters = (one.strip() for one in part.split(";"))
    quality = next((one[2:] for one in parameters if one.lower().startswith("q=")), "1")
    try:
        return Wish(media.lower(), min(max(float(quality), 0.0), 1.0))
    except ValueError:
        return Wish(media.lower(), 0.0)


def quality(media: str, accept: Iterable[Wish]) -> float:
    """Say how welcome a media type is: the most specific entry decides.

    >>> quality("text/csv", wishes("text/*;q=0.3, */*;q=0.1"))
    0.3
    """
    fits = [wish for wish in accept if wish.media in {media, media.partition("/")[0] + "/*", "*/*"}]
    return max(fits, key=Wish.specific).quality if fits else 0.0


def choose(offered: Mapping[str, tuple[str, ...]], accept: str) -> tuple[str, str] | None:
    """Choose a form.

    Args:
        offered: Short name to media types, the server's choice first.
        accept: The Accept header.

    Returns:
        Short name and media type, or None if nothing fits.

    >>> choose(TABLES, "text/csv, application/json;q=0.9")
    ('csv', 'text/csv')
    """
    return _chosen(tuple(offered.items()), accept)


# Programs send the same header with each request.
@lru_cache(256)
def _chosen(offered: tuple[tuple[str, tuple[str, ...]], ...], accept: str) -> tuple[str, str] | None:
    asked = wishes(accept)
    best = max(((quality(media, asked), name, media) for name, types in offered for media in types), key=itemgetter(0))
    return best[1:] if best[0] > 0 else None


def offered(found: Results) -> Mapping[str, tuple[str, ...]]:
    """Return the forms that an answer can take."""
    return GRAPHS if isinstance(found, ox.QueryTriples) else TABLES


def write_found(found: Results, name: str, most: int) -> Written:
    """Write what the engine returns in one of its forms, at most so many rows or triples."""
    if isinstance(found, ox.QueryTriples):
        triples = gather(found, most)
        assert isinstance(triples, Triples)  # noqa: S101 - of QueryTriples
        return Written(spell(triples, name), len(triples), triples.cut)
    return write_results(found, name, most)


def spell(triples: Triples, name: str) -> bytes:
    """Write triples in one of their forms."""
    if name == "ttl":
        return write_turtle(triples).encode()
    return ox.serialize(triples, format=_RDF[name], prefixes=PREFIXES if name == "rdf" else None) or b""

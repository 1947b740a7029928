"""The head of a source file, proposed from the metadata of a page and the entities of the workspace."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from graphkit.corpus.write import source_text
from graphkit.curate.capture.document import Document
from graphkit.model.errors import WorkspaceError
from graphkit.model.iris import SLUG
from graphkit.model.records import LONGEST_ID, Corpus, Entity
from graphkit.store.http import FetchError, parse_address

LONGEST_TITLE = 1000
# A proposed id stays short; an id that a curator chooses may be longer.
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class SourceHeader:
    """The head of a source file.

    Attributes:
        values: Key to value, in the order of the file.
        notes: Key to a remark for the curator; the curator fills in a key that has only a remark.
    """

    values: Mapping[str, object]
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def open_keys(self) -> list[str]:
        """Required keys that the curator has to fill in."""
        return [key for key in ("publisher", "title") if key not in self.values]

    def as_yaml(self) -> str:
        """Return the beginning of a file in `data/sources/`."""
        return source_text({**dict.fromkeys(self.open_keys), **self.values}, self.notes)


# --- publisher ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publisher:
    """The publisher of a page.

    Attributes:
        slug: The entity; "" if none or several match.
        by_name: Only the name matches; others may have the same name.
    """

    slug: str
    why: str
    by_name: bool = False


def find_publisher(corpus: Corpus, address: str, site: str) -> Publisher:
    """Find the entity that publishes an address.

    An entity with an address matches by that address only; another one matches by its name. If several match, none is
    chosen.

    Args:
        address: The address of the page; "" if it is unknown.
        site: The name of the site in its metadata.
    """
    host = _host(address)
    by_url = [slug for slug, agent in _agents(corpus) if agent.url and host and _covers(agent.url, address)]
    names = {_squeezed(site): f"the site is named {site!r}", _squeezed(_first_label(host)): f"the host is {host}"}
    by_name = {
        slug: names[fits[0]]
        for slug, agent in _agents(corpus)
        if not (agent.url and host and _host(agent.url) != host)
        and (fits := [name for name in map(_squeezed, (agent.label, *agent.aliases)) if name and name in names])
    }
    found = sorted({*by_url, *by_name})
    if len(found) == 1:
        why = "its address has this host" if by_url else f"{by_name[found[0]]}; check that it is this one"
        return Publisher(found[0], why, by_name=not by_url)
    if found:
        return Publisher("", f"several entities match, choose one: {', '.join(found)}")
    who = " or ".join(filter(None, (site and repr(site), host))) or "the metadata of the file"
    return Publisher("", f"no entity matches {who}; name one of data/entities/, or add one there")


def _agents(corpus: Corpus) -> Iterator[tuple[str, Entity]]:
    words = corpus.vocabulary
    for slug, entity in corpus.entities.items():
        if words.fits(words.kinds.get(entity.kind, ""), frozenset({"Agent"})):
            yield slug, entity


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _covers(own: str, address: str) -> bool:
    """Return whether an address is at or below that of an entity: many entities may share a host."""
    path = urlsplit(own).path.rstrip("/") + "/"
    return _host(own) == _host(address) and (urlsplit(address).path + "/").startswith(path)


def _first_label(host: str) -> str:
    return "" if host.replace(".", "").isdigit() else host.partition(".")[0]


def _squeezed(name: str) -> str:
    """Reduce a name to its letters and digits, without an article.

    >>> _squeezed("The Example-Gazette"), _squeezed("example gazette")
    ('examplegazette', 'examplegazette')
    """
    words = re.sub(r"^the\b", "", name.casefold())
    return re.sub(r"[\W_]+", "", words).removeprefix("the" if " " not in name.strip() else "")


# --- id ----------------------------------------------------------------------------------------------


def check_id(source_id: str) -> None:
    """Check the id of a source."""
    if not SLUG.fullmatch(source_id) or len(source_id) > LONGEST_ID:
        example = slug_of(source_id) or "example-gazette-2021"
        raise WorkspaceError(f"{source_id[:LONGEST_ID]!a} is not a valid id.", f"Type for example: --id {example}")


def propose_id(document: Document, address: str, title: str) -> str:
    """Propose an id: the host and the title, or else the end of the path or the name of the file.

    >>> from graphkit.curate.capture.document import Document
    >>> propose_id(Document("x", b"", ""), "https://www.example.org/a", "Café to be watched")
    'example-cafe-to-be-watched'
    """
    ends = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2] if address else PurePath(document.name).stem
    named = slug_of(title) or slug_of(ends.rpartition(".")[0] or ends)
    slug = "-".join(filter(None, (slug_of(_first_label(_host(address))), named)))
    if not slug:
        return f"page-{hashlib.sha256((address or document.name).encode('utf-8', 'replace')).hexdigest()[:8]}"
    short = slug if len(slug) <= _LONGEST_SLUG else slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    return short if SLUG.fullmatch(short) else f"page-{short}"


def slug_of(text: str) -> str:
    """Return the letters and digits of a text as the beginning of an id; "" if there are none.

    >>> slug_of("Émigré's Fund, 2021")
    'emigres-fund-2021'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def own_address(document: Document, named: str) -> str:
    """Return the address of a page: the one that answered, or else the one in its metadata."""
    try:
        return document.url or parse_address(named).url
    except FetchError:
        return ""

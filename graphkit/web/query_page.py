"""The query page: one page for a server, and for a folder of files that has its own engine and the graph.

Its JavaScript is built into `assets/`: in a clone by `make web`, otherwise with the wheel.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from graphkit.model.errors import ExportError
from graphkit.model.iris import BASE, PREFIXES, shorten
from graphkit.query.questions import Question, bind, by_topic
from graphkit.store import Store, texts
from graphkit.web.pages import OF_PAGES
from graphkit.web.pages.context import read_metadata
from graphkit.web.pages.render import render

__all__ = ["asset", "query_page", "write_query_page"]

_BUILT = ("query.js", "query.css", "engine.js", "LICENSES-OF-OTHERS.txt")
_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "txt": "text/plain; charset=utf-8"}
# The editor inserts its styles with a nonce; scripts are always loaded from files.
_POLICY = "default-src 'none'; style-src 'self' 'nonce-{}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
_ONLINE = "script-src 'self'; connect-src 'self'"
# A page in a folder has no origin for 'self' to match, and no server to connect to.
_OFFLINE = "script-src 'self' file: 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'"
# Some three million quads; a larger graph does not fit into the memory of an engine in a browser.
_MAX_GRAPH = 40_000_000
# The number of entities that the editor offers for completion; users can type any other.
_COMPLETED = 5_000
_VOCABULARY = """
SELECT ?name ?label (SAMPLE(?text) AS ?comment)
WHERE { GRAPH graph:ontology { ?name rdfs:label ?label . OPTIONAL { ?name skos:definition|rdfs:comment ?text } } }
GROUP BY ?name ?label ORDER BY ?name
"""
_ENTITIES = f"""
SELECT ?name ?label {{ GRAPH graph:entities {{ ?name a sp:Entity ; rdfs:label ?label }} }} ORDER BY ?label ?name
LIMIT {_COMPLETED}
"""
_ALIASES = "SELECT ?name ?alias { GRAPH graph:entities { ?name a sp:Entity ; skos:altLabel ?alias } }"


def query_page(store: Store, questions: Mapping[str, Question], engine: tuple[str, ...] = ()) -> bytes:
    """Make the query page.

    Args:
        engine: Scripts with an engine and the graph; without them the page sends queries to `sparql` beside it.
    """
    data = _page_data(store, questions)
    # A file cannot have another nonce for each reader; it has one for each content, so that it stays the same.
    nonce = hashlib.sha256(repr(data).encode()).hexdigest()[:32] if engine else secrets.token_hex(16)
    return render(
        "query",
        "query",
        site=read_metadata(store),
        title="Query",
        known=data | {"nonce": nonce},
        scripts=(*engine, "query.js"),
        content_policy=_POLICY.format(nonce) + (_OFFLINE if engine else _ONLINE),
    )


def _page_data(store: Store, questions: Mapping[str, Question]) -> dict[str, object]:
    """Return the names for completion and the saved questions."""
    vocabulary = list(texts(store, _VOCABULARY, "name", "label", "comment"))
    aliases: dict[str, list[str]] = {}
    for name, alias in sorted(texts(store, _ALIASES, "name", "alias")):
        aliases.setdefault(name, []).append(alias)
    entities = list(texts(store, _ENTITIES, "name", "label"))
    return {
        "base": BASE,
        "prefixes": PREFIXES,
        "vocabulary": [{"name": shorten(name), "label": label, "comment": text} for name, label, text in vocabulary],
        "entities": [
            {"id": name.removeprefix(PREFIXES["id"]), "label": label}
            | ({"also": aliases[name]} if name in aliases else {})
            for name, label in entities
        ],
        "questions": [
            _question(question, topic, store)
            for topic, group in by_topic(dict(sorted(questions.items()))).items()
            for question in group
        ],
    }


def _question(question: Question, topic: str, store: Store) -> dict[str, object]:
    header = question.header
    bound = bind(question, {}, store)
    return {
        "name": question.name,
        "title": header.title,
        "why": header.why,
        "topic": topic,
        "text": question.text,
        "key": header.key,
        "parameters": [
            # A default that this graph does not contain becomes its prefix, to show what users can type.
            {"name": name, "default": default if name in bound else _prefix(default), "description": description}
            for name, (default, description) in header.parameters.items()
        ],
    }


def _prefix(default: str) -> str:
    prefix, colon, _ = default.partition(":")
    return prefix + colon if colon else ""


def asset(name: str) -> tuple[bytes, str] | None:
    """Return a file that pages load, with its media type; None if there is no such file.

    Raises:
        ExportError: The scripts have not been built.
    """
    media = _MEDIA[name.rpartition(".")[2]] if name in {*_BUILT, *OF_PAGES} else ""
    if not media:
        return None
    return (OF_PAGES[name](), media) if name in OF_PAGES else (_built(name), media)


def _built(name: str) -> bytes:
    try:
        return files("graphkit.web").joinpath("assets", name).read_bytes()
    except OSError as error:
        raise ExportError(f"The scripts of the query page have not been built: {name}", "Type: make web") from error


def write_query_page(store: Store, questions: Mapping[str, Question], folder: Path, packed_graph: Path) -> None:
    """Write the query page with an engine and the graph, so that it works without a server.

    Args:
        packed_graph: The graph as N-Quads, compressed with gzip.

    Raises:
        ExportError: The scripts have not been built, or the graph is too large for a browser.
    """
    if packed_graph.stat().st_size > _MAX_GRAPH:
        size = packed_graph.stat().st_size / 1e6
        raise ExportError(
            f"The graph is too large for a browser: {size:.0f} MB compressed; the limit is {_MAX_GRAPH / 1e6:.0f} MB.",
            "Serve it: graphkit serve",
        )
    assets = folder / "assets"
    assets.mkdir(exist_ok=True)
    for name in _BUILT:
        (assets / name).write_bytes(_built(name))
    data = base64.b64encode(packed_graph.read_bytes()).decode()
    (assets / "data.js").write_text(f'window.graphkitData="{data}";\n', encoding="utf-8")
    (folder / "query.html").write_bytes(query_page(store, questions, ("engine.js", "data.js")))

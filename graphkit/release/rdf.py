"""RDF exports. Named graphs keep sources and policies apart; Turtle has no named graphs and holds one policy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.files import replacing
from graphkit.model.iris import BASE, POLICIES, PREFIXES, SP, expand, graph_iri
from graphkit.release.by_graph import by_graph

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.store import Store


def write_turtle(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the union of all graphs, with the plain triples of one policy, and name that policy."""
    others = {graph_iri(f"flat/{name}") for name in POLICIES if name != policy}
    triples = {quad.triple for quad in store.quads() if str(getattr(quad.graph_name, "value", "")) not in others}
    note = ox.Triple(
        ox.NamedNode(BASE + "dataset"), ox.NamedNode(expand("dcterms:conformsTo")), ox.NamedNode(SP + policy)
    )
    return _write(path, ox.serialize(sorted({*triples, note}, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES))


def write_trig(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as TriG; each policy has its own graph."""
    return _quads(store, path, ox.RdfFormat.TRIG)


def write_nquads(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as sorted N-Quads: the bytes of `build/graph.nq`."""
    kept = store.lines()
    if kept is None:
        return _write(path, "".join(sorted(f"{quad} .\n" for quad in store.quads())).encode())
    with kept, replacing(path) as beside, beside.open("wb") as file:
        shutil.copyfileobj(kept, file)
    return [path]


def write_jsonld(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as JSON-LD that needs no remote context."""
    return _quads(store, path, ox.RdfFormat.JSON_LD)


def _quads(store: Store, path: Path, form: ox.RdfFormat) -> list[Path]:
    """Write each graph as one block: from the sorted lines of a build in constant memory, else sorted in memory."""
    kept = store.lines()
    if kept is None:
        quads = sorted(store.quads(), key=lambda quad: (str(quad.graph_name), str(quad)))
        return _write(path, ox.serialize(quads, format=form, prefixes=PREFIXES))
    with kept, replacing(path) as beside:
        lines = ox.parse(by_graph(kept), format=ox.RdfFormat.N_QUADS, lenient=True)
        ox.serialize(lines, beside, format=form, prefixes=PREFIXES)
    return [path]


def _write(path: Path, whole: bytes | None) -> list[Path]:
    with replacing(path) as beside:
        beside.write_bytes(whole or b"")
    return [path]

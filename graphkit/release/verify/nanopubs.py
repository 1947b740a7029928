"""Row 25: each nanopublication has the hash that its IRI states, asserts triples of the graph, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pyoxigraph as ox

from graphkit.model.iris import expand
from graphkit.release.nanopubs import ASSERTION, HEAD, NAME, PROVENANCE, PUBINFO, trusty
from graphkit.release.verify.deposit import Deposit
from graphkit.release.verify.graphs import graph_lines, packed_lines

_GIST = expand("sp:gist")
_GRAPHS = {HEAD, ASSERTION, PROVENANCE, PUBINFO}


def check_nanopubs(deposit: Deposit) -> Iterator[str]:
    """Yield faults of the nanopublications; a release may have none."""
    if NAME not in {*deposit.files, *deposit.sums()}:
        return
    given = {hash(line[: line.rindex(b" <")]) for line in graph_lines(deposit)}
    said = 0
    for _, lines in groupby(packed_lines(deposit, NAME), _nanopub):
        some = list(lines)
        quads = list(ox.parse(b"".join(some), format=ox.RdfFormat.N_QUADS))
        yield from _faults(quads)
        asserted = [line for line in some if line.endswith(f"{ASSERTION}> .\n".encode())]
        if any(hash(line[: line.rindex(b" <")]) not in given for line in asserted):
            yield f"{_code(quads[0])[0]} asserts something that the graph does not have."
        said += sum(quad.predicate.value == _GIST for quad in quads)
    rows = sum(1 for _ in deposit.rows("tables/statements.csv"))
    if said != rows or not said:
        yield f"{NAME} has {said:,} statements, and the graph has {rows:,}."


def _nanopub(line: bytes) -> bytes:
    return line[line.rindex(b" <") :].partition(b"#")[0]


def _code(quad: ox.Quad) -> tuple[str, str]:
    """Return the hash that the IRI of a nanopublication states, and the end of the name of a graph of it."""
    name, mark, graph = str(getattr(quad.graph_name, "value", "")).partition("#")
    return name.rpartition("/")[2], mark + graph


def _faults(quads: list[ox.Quad]) -> Iterator[str]:
    code, _ = _code(quads[0])
    if {graph for _, graph in map(_code, quads)} != _GRAPHS:
        yield f"{code} has other graphs than {', '.join(sorted(_GRAPHS))}."
    if trusty(quads, code) != code:
        yield f"{code} has another hash than its IRI states."

"""LOSSES.md: the things that each format leaves out, with numbers that equal the difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphkit.release.content import Content

_NETWORKS = ("network/graph.graphml", "network/graph.gexf", "network/graph.cx2", "network/neo4j")
_NUMBERS = ("network/pajek", "network/dl")
_HEAD = """# Losses

`graph.nq.gz`, `graph.trig` and `graph.jsonld` hold the whole graph. The tables in `tables/` and `parquet/` hold every
statement, proposition, entity, source and dispute, but not the ontology. The other formats leave out the following.

| file | thing | in the graph | in the file | left out |
|---|---|---:|---:|---:|
"""
_TAIL = """
`graph-flat.ttl` has no named graphs, so that a triple of several sources is one, and it has the plain triples of one
policy only. The networks have an edge for each claim between two entities or propositions, and for links between
entities. Claims with a value, an amount or a text in place of the other end have no edge, and stay in the tables. Pajek
and DL hold numbers only: they get plain triples and no other edge, with numbers for nodes, and no attribute.
"""


class Loss(NamedTuple):
    """The number of things in the graph and in a file that leaves some of them out."""

    file: str
    thing: str
    whole: int
    kept: int

    def line(self) -> str:
        """Return the line of LOSSES.md."""
        return f"| {self.file} | {self.thing} | {self.whole} | {self.kept} | {self.whole - self.kept} |\n"


def losses(content: Content, flat: int) -> Iterator[Loss]:
    """Yield the losses of each format.

    Args:
        flat: The number of triples in `graph-flat.ttl`.
    """
    counts = content.counts
    yield Loss("graph-flat.ttl", "quads", content.graph.quads, flat)
    for file in _NETWORKS if content.has_network else ():
        yield Loss(file, "statements", counts["statements"], counts["statements on an edge"])
        yield Loss(file, "propositions", counts["propositions"], counts["propositions on an edge"])
        yield Loss(file, "entities", counts["entities"], counts["entities on a node"])
    for file in _NUMBERS if content.has_network else ():
        yield Loss(file, "edges", counts["edges"], counts["edges that are plain triples"])


def losses_document(content: Content, flat: int) -> str:
    """Return the text of LOSSES.md."""
    return "".join([_HEAD, *(loss.line() for loss in losses(content, flat)), _TAIL])


def read_losses(text: str) -> list[Loss]:
    """Return the losses that a document states; a line whose numbers differ otherwise than it says has kept -1."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == len(Loss._fields) + 1 and all(map(str.isdecimal, cells[2:])):
            whole, kept, out = map(int, cells[2:])
            found.append(Loss(cells[0], cells[1], whole, kept if whole - kept == out else -1))
    return found

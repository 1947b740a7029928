"""Who funded whom: payers on the left, each sum as it is said in the middle, what was paid for on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from graphkit.errors import NotFoundError
from graphkit.kinds.asked import subject_of
from graphkit.kinds.ego import around
from graphkit.network import counted, network
from graphkit.store import texts

if TYPE_CHECKING:
    from graphkit.kinds.asked import Asked
    from graphkit.store import Store

_SIDE, _ROW, _APART = 480, 74, 96
_SUMS = """
SELECT ?proposition ?text ?first
WHERE { ?proposition sp:relation sp:funded ; rdfs:label ?text OPTIONAL { ?proposition sp:validEarliest ?first } }
ORDER BY ?proposition
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return each funding that is spoken of as a node of its own, by payers, the earliest of each on top.

    Raises:
        NotFoundError: No statement is about funding, or none of what was asked.
    """
    funding = _funding(store, asked)
    sums = {row[0]: row[1:] for row in texts(store, _SUMS, "proposition", "text", "first")}
    drawing: nx.MultiDiGraph[str] = nx.MultiDiGraph(**funding.graph)
    begins = {key: sums.get(key, ("", ""))[1] or "9" for _, _, key in funding.edges(keys=True)}
    first = {
        payer: min(begins[key] for _, _, key in funding.out_edges(payer, keys=True)) for payer, _ in funding.edges()
    }
    edges = sorted(
        funding.edges(keys=True, data=True),
        key=lambda edge: (first[edge[0]], edge[0], begins[edge[2]], edge[2]),
    )
    for row, (payer, payee, key, data) in enumerate(edges):
        text = sums.get(key, ("", ""))[0].partition(": ")[2] or "no sum is given"
        scope = f" ({data['scope']})" if data["scope"] else ""
        drawing.add_node(
            key, label=text + scope, kind="Proposition", slug=key.rpartition("/")[2], aliases=(), wrap=(38, 2),
            place=(0, row * _ROW),
        )  # fmt: skip
        for end in (payer, payee):
            drawing.add_node(end, **funding.nodes[end])
        drawing.add_edge(payer, key, key=f"{key}/from", **{**data, "label": "funded"})
        drawing.add_edge(key, payee, key=f"{key}/to", **{**data, "label": "for"})
    _columns(drawing, [edge[:3] for edge in edges])
    drawing.graph.update(
        title=f"Who funded whom: {drawing.graph['title']}", undrawn={}, natural=True,
        lead="Sums as they are said; those of one pair may overlap and are not to be added.",
    )  # fmt: skip
    return counted(drawing)


def _funding(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    whole = network(store, asked.policy)
    other = [(a, b, key) for a, b, key, data in whole.edges(keys=True, data=True) if data["relation"] != "funded"]
    whole.remove_edges_from(other)
    whole.remove_nodes_from([name for name, degree in list(whole.degree()) if not degree])
    if asked.about:
        whole = around(whole, subject_of(store, asked, ("entity",)).iri, max(asked.hops, 1))
    if not whole.number_of_edges():
        raise NotFoundError("No statement here is about funding.", "Type: graphkit view")
    return whole


def _columns(drawing: nx.MultiDiGraph[str], edges: list[tuple[str, str, str]]) -> None:
    """Put payers left and payees right, each beside the first of its sums or below others; who is both stands left."""
    payers = {payer for payer, _, _ in edges}
    for side, names in ((-_SIDE, payers), (_SIDE, {payee for _, payee, _ in edges} - payers)):
        rows = {name: [drawing.nodes[edge[2]]["place"][1] for edge in edges if name in edge[:2]] for name in names}
        free = -_APART
        for name in sorted(rows, key=lambda name: (min(rows[name]), name)):
            free = max(min(rows[name]), free + _APART)
            drawing.nodes[name]["place"] = (side, free)

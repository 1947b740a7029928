"""Who funded whom: payers on the left, what they paid for on the right, sums on the lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphkit.errors import NotFoundError
from graphkit.kinds.ego import around
from graphkit.kinds.asked import subject_of
from graphkit.network import counted, network
from graphkit.store import texts

if TYPE_CHECKING:
    import networkx as nx

    from graphkit.kinds.asked import Asked
    from graphkit.store import Store

_COLUMN, _ROW = 520, 150
_SUMS = """
SELECT ?proposition ?text ?amount
WHERE { ?proposition sp:relation sp:funded ; rdfs:label ?text OPTIONAL { ?proposition sp:amountMax ?amount } }
ORDER BY ?proposition
"""


def make(store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Return the edges of funding, with their sums as labels and by width.

    Raises:
        NotFoundError: No statement is about funding, or none of what was asked.
    """
    whole = network(store, asked.policy)
    other = [(a, b, key) for a, b, key, relation in whole.edges(keys=True, data="relation") if relation != "funded"]
    whole.remove_edges_from(other)
    whole.remove_nodes_from([name for name, degree in list(whole.degree()) if not degree])
    if asked.about:
        whole = around(whole, subject_of(store, asked, ("entity",)).iri, max(asked.hops, 1))
    if not whole.number_of_edges():
        raise NotFoundError("No statement here is about funding.", "Type: graphkit view")
    sums = {row[0]: row[1:] for row in texts(store, _SUMS, "proposition", "text", "amount")}
    for _, _, key, data in whole.edges(keys=True, data=True):
        text, amount = sums.get(key, ("", ""))
        spelled = text.partition(": ")[2]
        data.update(label=spelled or data["label"], width=_width(amount))
    for name, place in _columns(whole).items():
        whole.nodes[name]["place"] = place
    whole.graph.update(
        title=f"Who funded whom: {whole.graph['title']}",
        lead="Sums as they are said; those of one pair may overlap and are not to be added.",
        undrawn={},
    )
    return counted(whole)


def _width(amount: str) -> int:
    """Return a width from 1 to 5 by the order of magnitude of a sum."""
    value = float(amount or 0)
    return min(max(round(math.log10(value)) - 3, 1), 5) if value > 0 else 1


def _columns(network: nx.MultiDiGraph[str]) -> dict[str, tuple[int, int]]:
    """Put each node one column to the right of whoever paid it; a circle of payers ends at its own beginning."""
    column: dict[str, int] = dict.fromkeys(sorted(network), 0)
    for _ in range(len(column)):
        late = {b: column[a] + 1 for a, b in sorted(network.edges()) if column[b] <= column[a] < len(column) and a != b}
        if not late or max(late.values()) > len(column):
            break
        column.update(late)
    places: dict[str, tuple[int, int]] = {}
    for number in sorted(set(column.values())):
        names = sorted((name for name in column if column[name] == number), key=lambda name: (-network.degree(name), name))
        for i, name in enumerate(names):
            places[name] = (number * _COLUMN, round((i - (len(names) - 1) / 2) * _ROW))
    return places

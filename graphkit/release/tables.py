"""Node and edge tables, for R, pandas, Gephi and spreadsheets.

The columns that R and Gephi expect come first: an id for nodes, from and to for edges. The values are
the graph's own, byte for byte; a file for a spreadsheet that might run "=…" as a formula is another matter.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from graphkit.model.files import replacing_all
from graphkit.release.flat import EDGE, NODE, flat_network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphkit.store import Store


def write(store: Store, policy: str, path: Path) -> list[Path]:
    """Write `nodes.csv` and `edges.csv` into a folder."""
    flat = flat_network(store, policy)
    nodes = ((name, *(data[key] for key in NODE)) for name, data in flat.nodes(data=True))
    edges = ((start, end, *(data[key] for key in EDGE)) for start, end, data in flat.edges(data=True))
    files = [path / "nodes.csv", path / "edges.csv"]
    # Both are written before either is put in place: the two tables are always of one export.
    with replacing_all(*files) as (new_nodes, new_edges):
        _write(new_nodes, ("name", *NODE), nodes)
        _write(new_edges, ("from", "to", *EDGE), edges)
    return files


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)

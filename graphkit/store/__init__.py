"""The embedded index and SPARQL 1.1 endpoints behind one interface, `Store`."""

from __future__ import annotations

from graphkit.store.embedded import (
    EmbeddedStore,
    fill,
    in_graph,
    in_memory,
    index_file,
    new_index,
    open_store,
    parts_of,
    scratch_store,
    slices,
)
from graphkit.store.part_of_graph import PartialStore
from graphkit.store.protocol import QueryDataset, Results, Store, text_of, texts

__all__ = [
    "EmbeddedStore",
    "PartialStore",
    "QueryDataset",
    "Results",
    "Store",
    "fill",
    "in_graph",
    "in_memory",
    "index_file",
    "new_index",
    "open_store",
    "parts_of",
    "scratch_store",
    "slices",
    "text_of",
    "texts",
]  # fmt: skip

"""The embedded index and SPARQL 1.1 endpoints behind one interface, `Store`."""

from __future__ import annotations

from graphkit.store.embedded import EmbeddedStore, in_memory, open_store, scratch_store
from graphkit.store.index import fill, index_file, index_part
from graphkit.store.protocol import Dataset, Results, Store, texts

__all__ = [
    "Dataset", "EmbeddedStore", "Results", "Store", "fill", "in_memory", "index_file", "index_part", "open_store",
    "scratch_store", "texts",
]  # fmt: skip

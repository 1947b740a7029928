"""Discourse networks as Parquet, with their record in the metadata of the file."""

from __future__ import annotations

import io
from pathlib import Path

from graphkit.analysis.discourse.projection import Projection
from graphkit.analysis.discourse.record import compact
from graphkit.model.errors import MissingExtraError
from graphkit.release.projections.plain import Tie, ends

_KEY = b"graphkit"


def parquet(projection: Projection, ties: list[Tie]) -> bytes:
    """Return a row for each tie, and the record under the key `graphkit` of the metadata.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("pyarrow", "arrow") from error
    counts = ("statements", "positive", "negative")
    names = {"source": pa.string(), "target": pa.string(), "weight": pa.float64()}
    schema = pa.schema({**names, **dict.fromkeys(counts, pa.int64()), "ids": pa.list_(pa.string())})
    rows = [(*ends(projection, tie), tie.weight, *tie.counts.values(), list(tie.ids)) for tie in ties]
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    table = pa.table([pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema)
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({_KEY: compact(projection)}), out, compression="zstd")
    return out.getvalue()


def metadata_of(path: Path) -> str:
    """Return the record in a Parquet file.

    Raises:
        LookupError: It has none.
    """
    import pyarrow.parquet as pq

    found = pq.read_schema(path).metadata or {}
    return str(found[_KEY], "utf-8")

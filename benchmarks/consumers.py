"""What each reader gets from each format: rows or edges, types, missing values, parallel edges.

`make consumers` writes docs/academic/consumers.md from the data of the repository.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from graphkit.graph import open_graph
from graphkit.release.exports import default_name, export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("tables", "parquet", "graphml", "gexf", "dl", "pajek", "nquads", "trig", "jsonld")


class Got(NamedTuple):
    """What a reader got.

    Attributes:
        missing: Missing values in all cells; "–" where the format has none.
        parallel: Edges beyond the first between the same two nodes; "–" for tables.
    """

    rows: int
    types: str
    missing: str = "–"
    parallel: str = "–"


def _pandas_csv(path: Path) -> Got:
    import pandas as pd

    table = pd.read_csv(path / "statements.csv", keep_default_na=False, na_values=[""])
    return Got(len(table), _kinds(map(str, table.dtypes)), f"{int(table.isna().sum().sum()):,}")


def _pandas_parquet(path: Path) -> Got:
    import pandas as pd

    table = pd.read_parquet(path / "statements.parquet")
    return Got(len(table), _kinds(map(str, table.dtypes)), f"{int(table.isna().sum().sum()):,}")


def _polars(path: Path) -> Got:
    import polars as pl

    table = pl.read_parquet(path / "statements.parquet")
    return Got(len(table), _kinds(map(str, table.dtypes)), f"{sum(table.null_count().row(0)):,}")


def _pyarrow(path: Path) -> Got:
    import pyarrow.parquet as pq

    table = pq.read_table(path / "statements.parquet")
    missing = sum(column.null_count for column in table.columns)
    return Got(table.num_rows, _kinds(str(field.type) for field in table.schema), f"{missing:,}")


def _networkx(path: Path) -> Got:
    import networkx as nx

    read: Any = nx.read_gexf if path.suffix == ".gexf" else nx.read_graphml
    graph = read(path) if path.suffix == ".gexf" else read(path, force_multigraph=True)
    pairs = [(start, end) for start, end, *_ in graph.edges]
    values = [value for *_, data in graph.edges(data=True) for value in data.values()]
    return Got(len(pairs), _kinds(type(value).__name__ for value in values), parallel=str(len(pairs) - len({*pairs})))


def _igraph(path: Path) -> Got:
    import igraph

    file = next(path.glob("*.dl")) if path.is_dir() else path
    graph = (igraph.Graph.Read_DL if path.is_dir() else igraph.Graph.Read_GraphML)(str(file))
    pairs = graph.get_edgelist()
    kinds = _kinds(type(value).__name__ for name in graph.es.attributes() for value in graph.es[name][:1])
    return Got(len(pairs), kinds, parallel=str(len(pairs) - len({*pairs})))


_R_TABLE = """t <- read.csv(commandArgs(TRUE), na.strings = "")
cat(nrow(t), sum(is.na(t)), "–", sapply(t, class), sep = "\n")"""
_R_GRAPH = """suppressPackageStartupMessages(library(igraph))
path <- commandArgs(TRUE)
g <- read_graph(path, format = sub("net", "pajek", tools::file_ext(path)))
kinds <- sapply(edge_attr_names(g), function(name) class(edge_attr(g, name)))
cat(ecount(g), "–", ecount(g) - nrow(unique(as_edgelist(g, names = FALSE))), kinds, sep = "\n")"""


def _r_csv(path: Path) -> Got:
    return _r(_R_TABLE, path / "statements.csv")


def _r_igraph(path: Path) -> Got:
    return _r(_R_GRAPH, next(path.glob("*.net")) if path.is_dir() else path)


def _r(script: str, path: Path) -> Got:
    """Run a script that prints rows, missing values, parallel edges and types, each in a line."""
    done = subprocess.run(["Rscript", "-e", script, path], capture_output=True, text=True, check=True)  # noqa: S607 - found by `main`
    rows, missing, parallel, *kinds = done.stdout.splitlines()
    return Got(int(rows), _kinds(iter(kinds)), f"{int(missing):,}" if missing.isdecimal() else missing, parallel)


def _rdflib(path: Path) -> Got:
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(path, format={".nq": "nquads", ".trig": "trig", ".jsonld": "json-ld"}[path.suffix])
    return _quads(quad[2].n3() for quad in dataset.quads())


def _pyoxigraph(path: Path) -> Got:
    import pyoxigraph as ox

    forms = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG, ".jsonld": ox.RdfFormat.JSON_LD}
    return _quads(str(quad.object) for quad in ox.parse(path=str(path), format=forms[path.suffix]))


def _quads(objects: Iterator[str]) -> Got:
    found = list(objects)
    datatypes = {each.rpartition("^^")[2] for each in found if each.startswith('"') and "^^" in each}
    return Got(len(found), f"{len(datatypes)} datatypes")


def _kinds(names: Iterator[str]) -> str:
    return ", ".join(sorted({*names}))


READERS: tuple[tuple[str, Callable[[Path], Got], tuple[str, ...]], ...] = (
    ("pandas", _pandas_csv, ("tables",)),
    ("pandas", _pandas_parquet, ("parquet",)),
    ("polars", _polars, ("parquet",)),
    ("pyarrow", _pyarrow, ("parquet",)),
    ("networkx", _networkx, ("graphml", "gexf")),
    ("python-igraph", _igraph, ("graphml", "dl")),
    ("R read.csv", _r_csv, ("tables",)),
    ("R igraph", _r_igraph, ("graphml", "pajek")),
    ("rdflib", _rdflib, ("nquads", "trig", "jsonld")),
    ("pyoxigraph", _pyoxigraph, ("nquads", "trig", "jsonld")),
)

_HEAD = """\
# Readers and formats

Written by `make consumers` from the data of this repository, under the policy *attributed*. Rows are statements, edges
or quads. Parallel edges are those beyond the first between two nodes in one direction.

| reader | format | rows | types | missing values | parallel edges |
|---|---|---|---|---|---|
"""


def main() -> None:
    """Write the table; R must be installed, with its package igraph."""
    if not shutil.which("Rscript"):
        raise SystemExit("Rscript is missing. Type: apt-get install r-base-core r-cran-igraph")
    store = open_graph(ROOT).store
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, default_name(name)) for name in FORMATS}
        for name, path in paths.items():
            export(store, name, "attributed", path)
        rows = [(reader, name, *read(paths[name])) for reader, read, names in READERS for name in names]
    lines = "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)
    (ROOT / "docs/academic/consumers.md").write_text(_HEAD + lines, encoding="utf-8")


if __name__ == "__main__":
    main()

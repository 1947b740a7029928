"""The queries of docs/scale.md have the same rows as the saved questions of the same names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox
import pytest

from graphkit.model.iris import SP, token
from graphkit.release.exports import export
from graphkit.release.tables.rows import id_of
from graphkit.store.syntax import read_query

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

REPOSITORY = Path(__file__).resolve().parent.parent.parent
_BLOCK = re.compile(r"```sql\n-- ([\w-]+):[^\n]*\n(.*?)```", re.DOTALL)
QUERIES = dict(_BLOCK.findall((REPOSITORY / "docs" / "scale.md").read_text(encoding="utf-8")))
TABLES = ("statements", "propositions", "sources", "via", "entities", "disputes", "dispute_statements")


@pytest.fixture(scope="module")
def folder(questions: tuple[Graph, Checked], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parquet") / "t"
    export(questions[0].store, "parquet", "attributed", made)
    return made


class Duck(Protocol):
    """A connection of duckdb."""

    def execute(self, query: str) -> Any:  # noqa: ANN401 - a cursor
        """Run a query."""


@pytest.fixture(scope="module")
def duck(folder: Path) -> Duck:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: pip install 'graphkit[duckdb]'")
    session = duckdb.connect()
    for table in TABLES:
        session.execute(f"CREATE VIEW {table} AS FROM '{folder / table}.parquet'")
    made: Duck = session
    return made


def cell(term: object) -> str:
    """Return a term as the tables write it."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return token(term.value.removeprefix(SP)) if term.value.startswith(SP) else id_of(term.value)
    return str(getattr(term, "value", term))


def asked(graph: Graph, question: str, names: list[str]) -> Counter[tuple[str, ...]]:
    text, _ = read_query(REPOSITORY / "ontology" / "questions" / f"{question}.rq")
    return Counter(tuple(cell(row[name]) for name in names) for row in graph.store.query(text))  # type: ignore[union-attr]


def test_there_are_ten_queries() -> None:
    assert len(QUERIES) == 10


@pytest.mark.parametrize("question", sorted(QUERIES))
def test_sql_in_duckdb_has_the_rows_of_sparql(duck: Duck, questions: tuple[Graph, Checked], question: str) -> None:
    found = duck.execute(QUERIES[question])
    names = [column[0] for column in found.description]
    rows = Counter(tuple(map(cell, row)) for row in found.fetchall())
    assert rows
    assert rows == asked(questions[0], question, names)


def test_sql_in_spark_has_the_rows_of_sparql(folder: Path, questions: tuple[Graph, Checked], tmp_path: Path) -> None:
    pytest.importorskip("pyspark.sql", reason="pyspark is not installed: pip install 'graphkit[spark]'")
    import os

    from graphkit.curate.tables.spark.session import session

    with session("spark://local[2]", tmp_path / "spark.log", os.environ) as spark:
        for table in TABLES:
            spark.read.parquet(f"{folder / table}.parquet").createOrReplaceTempView(table)
        for question, query in QUERIES.items():
            frame = spark.sql(query)
            rows = Counter(tuple(map(cell, row)) for row in frame.collect())
            assert rows == asked(questions[0], question, frame.columns), question

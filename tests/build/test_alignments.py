"""A program that knows only PROV or schema.org reads the statements through the alignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from places import REPOSITORY

if TYPE_CHECKING:
    from graphkit.graph import Graph

PREFIXES = """
PREFIX sp: <https://w3id.org/surveillance-policy/ontology#>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture(scope="module")
def merged(small_graph: Graph) -> pyoxigraph.Store:
    """Return one default graph that holds the small corpus, our terms and the alignments."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*one.triple) for one in small_graph.store.quads())
    for name in ("core.ttl", "relations.ttl", "alignments.ttl"):
        store.load(path=REPOSITORY / "ontology" / name)
    return store


def rows(store: pyoxigraph.Store, pattern: str) -> set[tuple[str, ...]]:
    found = store.query(f"{PREFIXES} SELECT DISTINCT * {{ {pattern} }}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return {tuple(str(value) for value in row) for row in found}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param(
            "?entity a/rdfs:subClassOf* prov:Entity ; ?says ?agent . ?says rdfs:subPropertyOf+ prov:wasAttributedTo",
            "VALUES ?says { sp:speaker sp:issuedBy } ?entity ?says ?agent",
            id="who said it, as PROV reads it",
        ),
        pytest.param(
            "?statement ?from ?source . ?from rdfs:subPropertyOf prov:wasQuotedFrom",
            "?statement sp:source ?source . BIND(sp:source AS ?from)",
            id="where it is quoted from, as PROV reads it",
        ),
        pytest.param(
            "?agent a/rdfs:subClassOf* prov:Agent",
            "?agent a/rdfs:subClassOf* sp:Agent",
            id="agents of PROV",
        ),
        pytest.param(
            "?claim a/skos:closeMatch schema:Claim",
            "?claim a sp:Statement",
            id="claims of schema.org",
        ),
        pytest.param(
            "?work a/skos:closeMatch schema:NewsArticle ; ?dated ?day . ?dated skos:closeMatch schema:datePublished",
            "?work a sp:NewsArticle ; sp:published ?day . BIND(sp:published AS ?dated)",
            id="dates of publication of schema.org",
        ),
        pytest.param(
            "?critic ?relation ?target . ?relation skos:closeMatch cito:critiques",
            "?critic sp:criticised ?target . BIND(sp:criticised AS ?relation)",
            id="criticism, as CiTO reads it",
        ),
    ],
)
def test_other_vocabularies_find_the_same(merged: pyoxigraph.Store, theirs: str, ours: str) -> None:
    found = {frozenset(row) for row in rows(merged, theirs)}
    assert found == {frozenset(row) for row in rows(merged, ours)}
    assert found

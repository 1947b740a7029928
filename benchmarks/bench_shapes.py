"""How fast shapes are: compiled to SPARQL, beside pyshacl on the same graph, with the number of results of each.

One run of each on this machine; the ratio is what to quote. pyshacl gets the graph as rdflib terms, ready made, and we
get a loaded store; compiling the shapes is part of our time.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
import warnings
from typing import TYPE_CHECKING

import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize
from rdflib.namespace import RDF, SH

from graphkit.build.shacl import compile_shapes, violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
STANCES = ("asserts", "denies", "plans", "doubts")
SHAPES = """
PREFIX : <https://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:StatementShape a sh:NodeShape ; sh:targetClass :Statement ;
  sh:property :speaker-shape, :stance-shape, :source-shape, :gist-shape, :from-shape, :page-shape, :trust-shape,
    :key-shape .
:AgentShape a sh:NodeShape ; sh:targetClass :Agent ; sh:property :label-shape, :site-shape .
:SourceShape a sh:NodeShape ; sh:targetClass :Source ; sh:property :published-shape, :code-shape .
:speaker-shape sh:path :speaker ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Agent .
:stance-shape sh:path :stance ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( :asserts :denies :plans :doubts ) .
:source-shape sh:path :source ; sh:minCount 1 ; sh:class :Source .
:gist-shape sh:path :gist ; sh:minLength 10 ; sh:maxLength 200 ; sh:languageIn ( "en" ) .
:from-shape sh:path :from ; sh:datatype xsd:date ; sh:lessThanOrEquals :to .
:page-shape sh:path :page ; sh:maxCount 1 ; sh:datatype xsd:integer .
:trust-shape sh:path :trust ; sh:minInclusive 0.0 ; sh:maxInclusive 1.0 .
:key-shape sh:path :key ; sh:minCount 1 ; sh:pattern "^k[0-9]+$" .
:label-shape sh:path :label ; sh:minCount 1 ; sh:uniqueLang true .
:site-shape sh:path :site ; sh:nodeKind sh:IRI .
:published-shape sh:path :published ; sh:minCount 1 ; sh:datatype xsd:date .
:code-shape sh:path :code ; sh:maxCount 1 ; sh:pattern "^S-[0-9]{5,}$" .
"""


def node(name: str) -> NamedNode:
    """Return the thing of that name."""
    return NamedNode(EXAMPLE + name)


def typed(value: object, datatype: str) -> Literal:
    """Return a literal of an XSD datatype."""
    return Literal(str(value), datatype=NamedNode(XSD + datatype))


def described(subject: str, kind: str, values: dict[str, NamedNode | Literal]) -> Iterator[Quad]:
    """Yield a thing of a kind with one value of each property."""
    yield Quad(node(subject), NamedNode(str(RDF.type)), node(kind))
    for name, value in values.items():
        yield Quad(node(subject), node(name), value)


def statements(size: int) -> Iterator[Quad]:
    """Yield `size` statements with their speakers and sources; about one value in a hundred is wrong."""
    chance = random.Random(7)

    def usually(right: NamedNode | Literal, wrong: NamedNode | Literal) -> NamedNode | Literal:
        return right if chance.random() > 0.01 else wrong

    subclass = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    yield from (Quad(node(kind), subclass, node("Agent")) for kind in ("Body", "Charity"))
    agents, sources = max(10, size // 20), max(10, size // 10)
    for n in range(agents):
        label, site = Literal(f"Agent {n}", language="en"), usually(node(f"site/{n}"), Literal("none"))
        yield from described(f"agent/{n}", chance.choice(("Body", "Charity")), {"label": label, "site": site})
        yield Quad(node(f"agent/{n}"), node("label"), usually(Literal(f"A{n}"), Literal(f"A{n}", language="en")))
    for n in range(sources):
        published = usually(typed(f"20{10 + n % 15}-0{1 + n % 9}-11", "date"), Literal("last year"))
        code = usually(Literal(f"S-{n:05}"), Literal(f"s {n}"))
        yield from described(f"source/{n}", "Source", {"published": published, "code": code})
    for n in range(size):
        speaker = usually(node(f"agent/{chance.randrange(agents)}"), node("nobody"))
        values = {
            "speaker": speaker,
            "stance": usually(node(chance.choice(STANCES)), node("shrugs")),
            "source": usually(node(f"source/{chance.randrange(sources)}"), Literal("hearsay")),
            "gist": usually(Literal(f"The body says so in note {n}.", language="en"), Literal("No.", language="en")),
            "from": typed(f"2019-0{chance.randint(1, 9)}-01", "date"),
            "to": usually(typed(f"2019-1{chance.randint(0, 2)}-01", "date"), typed("2018-01-01", "date")),
            "page": usually(typed(chance.randrange(300), "integer"), typed("iv", "integer")),
            "trust": usually(typed(f"0.{chance.randint(1, 9)}", "decimal"), typed("1.5", "decimal")),
            "key": usually(Literal(f"k{n}"), Literal("k")),
        }
        yield from described(f"statement/{n}", "Statement", values)


def timed(run: Callable[[], int]) -> tuple[float, int]:
    """Return how long a run took, in seconds, and how many results it had."""
    start = time.perf_counter()
    count = run()
    return time.perf_counter() - start, count


def ours(store: Store) -> int:
    """Return how many results the compiled shapes have."""
    queries = compile_shapes(parse(SHAPES, format=RdfFormat.TURTLE))
    return sum(1 for _ in violations(queries, store))


def pyshacls(data: rdflib.Graph) -> int:
    """Return how many results pyshacl has."""
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle"))
    return len(set(report.subjects(RDF.type, SH.ValidationResult))) if isinstance(report, rdflib.Graph) else -1


def main(size: int = 20_000) -> None:
    """Print the times, the ratio and the numbers of results."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # ill-typed literals are part of the data
    warnings.simplefilter("ignore")
    store = Store()
    store.bulk_extend(statements(size))
    triples = serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES)
    data = rdflib.Graph().parse(data=triples, format="nt")
    our_seconds, our_count = timed(lambda: ours(store))
    seconds, count = timed(lambda: pyshacls(data))
    print(f"  {size:,} statements, {len(store):,} triples, 12 property shapes")
    print(f"  compiled to SPARQL  {our_seconds:8.2f} s  {our_count:6,} results")
    print(f"  pyshacl             {seconds:8.2f} s  {count:6,} results")
    print(f"  ratio               {seconds / our_seconds:8.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000, help="number of statements (default: 20000)")
    main(parser.parse_args().size)

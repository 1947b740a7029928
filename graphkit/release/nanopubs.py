"""nanopubs.nq.gz: each statement as a nanopublication, which can be cited alone.

Its IRI ends with a hash of its content, a Trusty URI (https://trustyuri.net), and stays the same in each release as
long as the statement, its evidence, the creators and the licence do. The assertion is that somebody said something,
never that it is so. There is no signature, which would need a key of the publisher.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from graphkit.model.dataset import DatasetFile
from graphkit.model.files import compressed
from graphkit.model.iris import BASE, DATASET, PREFIXES, expand, graph_iri
from graphkit.release.metadata.triples import agent_iri, named, triple

NAME = "nanopubs.nq.gz"
SPACE = f"{BASE}np/"
HEAD, ASSERTION, PROVENANCE, PUBINFO = "#Head", "#assertion", "#provenance", "#pubinfo"
_NP = "http://www.nanopub.org/nschema#"
_GIVEN = graph_iri("source/")
_STATEMENT, _PROPOSITION = PREFIXES["statement"], PREFIXES["proposition"]
# They change whenever a passage is looked up again.
_LOOKED_UP = (expand("sp:lookedUpOn"), expand("sp:lookedUpIn"))
# It stands where the hash will be.
_HASH = "RA" + 43 * "-"
_HERE = SPACE + _HASH


def write_nanopubs(folder: Path, dataset: DatasetFile) -> None:
    """Write the nanopublications of the statements of a released folder."""
    with cast("BinaryIO", gzip.open(folder / "graph.nq.gz")) as lines, compressed(folder / NAME) as packed:
        for quads in nanopubs(lines, dataset):
            packed.write("".join(f"{quad} .\n" for quad in quads).encode())


def nanopubs(lines: Iterable[bytes], dataset: DatasetFile) -> Iterator[list[ox.Quad]]:
    """Yield the quads of the nanopublication of each statement.

    Args:
        lines: The sorted lines of the graph, in which propositions come before statements.
    """
    claims: defaultdict[str, dict[ox.Triple, None]] = defaultdict(dict)
    about = list(_about(dataset))
    for source, quads in groupby(_given(lines), _source):
        said: defaultdict[str, list[ox.Triple]] = defaultdict(list)
        for quad in quads:
            if source:
                said["/".join(_iri(quad.subject).split("/")[: source.count("/") + 2])].append(quad.triple)
            else:
                claims[_iri(quad.subject)][quad.triple] = None
        yield from (_nanopub(name, said[name], claims, about) for name in sorted(said))


def _given(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """Yield the quads of propositions and statements that sources give; the others follow from them by rules."""
    starts, graph = (f"<{_PROPOSITION}".encode(), f"<{_STATEMENT}".encode()), f" <{_GIVEN}".encode()
    some = (line for line in lines if line.startswith(starts) and graph in line)
    quads = (quad for line in some for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS, lenient=True))
    return (quad for quad in quads if _iri(quad.graph_name).startswith(_GIVEN))


def _source(quad: ox.Quad) -> str:
    """Return the beginning of the IRIs of the statements of a source; "" for a proposition."""
    name = _iri(quad.subject)
    return _STATEMENT + name[len(_STATEMENT) :].partition("/")[0] if name.startswith(_STATEMENT) else ""


def _nanopub(
    name: str, said: list[ox.Triple], claims: dict[str, dict[ox.Triple, None]], about: list[ox.Triple]
) -> list[ox.Quad]:
    evidence = [one for one in said if _iri(one.subject) == f"{name}/evidence"]
    asserted = [one for one in said if _iri(one.subject) != f"{name}/evidence"]
    graphs = {
        HEAD: list(_head()),
        ASSERTION: [*asserted, *_claimed(asserted, claims)],
        PROVENANCE: [*_sources(asserted), *(one for one in evidence if _iri(one.predicate) not in _LOOKED_UP)],
        PUBINFO: about,
    }
    quads = [
        ox.Quad(one.subject, one.predicate, one.object, ox.NamedNode(_HERE + graph))
        for graph, some in graphs.items()
        for one in dict.fromkeys(some)
    ]
    code = trusty(quads, _HASH)
    text = "".join(f"{quad} .\n" for quad in quads).replace(_HASH, code)
    return list(ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True))


def _head() -> Iterator[ox.Triple]:
    yield triple(_HERE, "rdf:type", ox.NamedNode(f"{_NP}Nanopublication"))
    for link, graph in (("Assertion", ASSERTION), ("Provenance", PROVENANCE), ("PublicationInfo", PUBINFO)):
        yield ox.Triple(ox.NamedNode(_HERE), ox.NamedNode(f"{_NP}has{link}"), ox.NamedNode(_HERE + graph))


def _claimed(asserted: list[ox.Triple], claims: dict[str, dict[ox.Triple, None]]) -> Iterator[ox.Triple]:
    """Yield what is known of the claim of a statement, and of the claims in it."""
    wanted, known = _claims_in(asserted), set[str]()
    while wanted := [name for name in dict.fromkeys(wanted) if name not in known]:
        known.update(wanted)
        found = [one for name in wanted for one in claims.get(name, ())]
        yield from found
        wanted = _claims_in(found)


def _claims_in(triples: list[ox.Triple]) -> list[str]:
    return [name for one in triples if (name := _iri(one.object)).startswith(_PROPOSITION)]


def _sources(asserted: list[ox.Triple]) -> Iterator[ox.Triple]:
    source = expand("sp:source")
    for one in asserted:
        if _iri(one.predicate) == source:
            yield ox.Triple(ox.NamedNode(_HERE + ASSERTION), named("prov:wasDerivedFrom"), one.object)


def _about(dataset: DatasetFile) -> Iterator[ox.Triple]:
    yield triple(_HERE, "dcterms:isPartOf", ox.NamedNode(DATASET))
    yield triple(_HERE, "dcterms:license", ox.NamedNode(dataset.licence))
    for number, creator in enumerate(dataset.creators, 1):
        yield triple(_HERE, "dcterms:creator", ox.NamedNode(agent_iri(creator, number)))
        yield triple(agent_iri(creator, number), "foaf:name", ox.Literal(creator.name))


def trusty(quads: Iterable[ox.Quad], code: str) -> str:
    """Return the hash of a graph, in the form RA of Trusty URIs.

    Args:
        code: The part of its IRIs where the hash is, or will be.
    """
    rows = sorted({tuple(_row(quad, code)) for quad in quads})
    text = "".join(f"{graph}\n{subject}\n{predicate}\n{shown}\n" for graph, subject, predicate, *_, shown in rows)
    return "RA" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def _row(quad: ox.Quad, code: str) -> Iterator[str]:
    """Yield graph, subject and predicate; what sorts the object, IRIs before texts; and the object as it is hashed."""
    yield from (_iri(term).replace(code, " ") for term in (quad.graph_name, quad.subject, quad.predicate))
    term = quad.object
    if not isinstance(term, ox.Literal):
        yield from ("0", name := _iri(term).replace(code, " "), "", "", name)
        return
    language, kind = (term.language or "").lower(), "" if term.language else term.datatype.value
    text = term.value.replace("\\", "\\\\").replace("\n", "\\n")
    yield from ("1", term.value, kind, language, f"@{language} {text}" if language else f"^{kind} {text}")


def _iri(term: object) -> str:
    return str(getattr(term, "value", "")) if isinstance(term, ox.NamedNode) else ""

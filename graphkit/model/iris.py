"""Namespaces, the IRIs of things and named graphs, formats of RDF, and terms in N-Quads."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from graphkit.model import base_iri

BASE = base_iri.BASE
DATASET = BASE + "dataset"
SP = base_iri.DEFAULT_BASE + "ontology#"

PREFIXES: dict[str, str] = {
    "sp": SP,
    "id": BASE + "id/",
    "source": BASE + "source/",
    "statement": BASE + "statement/",
    "proposition": BASE + "proposition/",
    "dispute": BASE + "dispute/",
    "graph": BASE + "graph/",
    "flat": BASE + "graph/flat/",
    "rule": BASE + "rule/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

# Readers of tables turn bare digits into numbers and these words into missing values.
SLUG = re.compile(r"(?!(?:na|nan|null|none|true|false)$)[a-z][a-z0-9]*(-[a-z0-9]+)*")


# The policies that decide which propositions become plain triples; see docs/model.md.
POLICIES = ("attributed", "undisputed", "corroborated", "verified")
DEFAULT_POLICY = "attributed"


def expand(curie: str) -> str:
    """Expand a CURIE with a known prefix; return any other text unchanged.

    >>> expand("id:met")
    'https://w3id.org/surveillance-policy/id/met'
    """
    prefix, colon, local = curie.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else curie


def shorten(iri: str) -> str:
    """Turn an IRI into a CURIE with the longest prefix that fits; return it unchanged if none fits.

    >>> shorten("https://w3id.org/surveillance-policy/id/met")
    'id:met'
    """
    fits = [(len(space), prefix) for prefix, space in PREFIXES.items() if iri.startswith(space)]
    length, prefix = max(fits, default=(0, ""))
    return f"{prefix}:{iri[length:]}" if prefix else iri


def token(local_name: str) -> str:
    """Return a local name as curators type it in YAML.

    >>> token("usesDataFrom"), token("PublicBody")
    ('uses-data-from', 'public-body')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local_name).lower()


def entity_iri(slug: str) -> str:
    """Return the IRI of an entity."""
    return PREFIXES["id"] + slug


def concept_iri(slug: str) -> str:
    """Return the IRI of a concept of the codebook."""
    return f"{BASE}concept/{slug}"


def source_iri(source_id: str) -> str:
    """Return the IRI of a source document."""
    return PREFIXES["source"] + source_id


def statement_iri(source_id: str, key: str) -> str:
    """Return the IRI of a statement, made of the curator's id, which never changes."""
    return f"{PREFIXES['statement']}{source_id}/{key}"


def proposition_iri(*parts: str) -> str:
    """Return the IRI of a proposition, made from its content alone."""
    return PREFIXES["proposition"] + digest(*parts)


def digest(*parts: str) -> str:
    """Return 128 bits of the SHA-256 of some texts in hexadecimal; ("ab", "c") and ("a", "bc") differ."""
    text = "".join(part + "\x1f" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def graph_iri(name: str) -> str:
    """Return the IRI of a named graph: `ontology`, `entities`, `source/<id>`, `flat/<policy>`, `derived`."""
    return PREFIXES["graph"] + name


def tombstone_iri(erased: str) -> str:
    """Return the IRI of the tombstone of an erased thing.

    It has a hash in place of the id: an id may contain a name, and nothing of an erased thing is kept.

    Args:
        erased: The IRI that the thing had.
    """
    return f"{BASE}tombstone/{hashlib.sha256(erased.encode()).hexdigest()}"


# Canonical N-Quads (RDF Dataset Canonicalization) escape only these characters.
_ESCAPES = {
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
    **{chr(code): f"\\u{code:04X}" for code in (*range(8), 0x0B, *range(0x0E, 0x20), 0x7F)},
}  # fmt: skip
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")


def is_iri(text: str) -> bool:
    """Return whether a text can be an IRI.

    >>> is_iri("https://example.org/it"), is_iri("it"), is_iri("x:a b")
    (True, False, False)
    """
    return _IRI.fullmatch(text) is not None


def iri(value: str) -> str:
    """Return an IRI in N-Quads."""
    return f"<{value}>"


def literal(value: str, *, datatype: str = "", language: str = "") -> str:
    r"""Return a literal in N-Quads.

    >>> literal('say "x"'), literal("Liberty", language="en")
    ('"say \\"x\\""', '"Liberty"@en')
    """
    if _ESCAPED.search(value):
        value = _ESCAPED.sub(lambda found: _ESCAPES[found[0]], value)
    quoted = f'"{value}"'
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^<{datatype}>" if datatype else quoted


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format of RDF."""

    name: str
    suffix: str
    media_type: str


TURTLE = FileFormat("turtle", ".ttl", "text/turtle")
NTRIPLES = FileFormat("ntriples", ".nt", "application/n-triples")
JSONLD = FileFormat("jsonld", ".jsonld", "application/ld+json")

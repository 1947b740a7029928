"""The facts that several descriptions repeat are the same in all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyoxigraph as ox

from graphkit.model.workspace import LICENCES
from graphkit.release.metadata.mappings import NAME
from graphkit.release.verify.deposit import Deposit
from graphkit.release.verify.derived import mappings_head
from graphkit.release.verify.descriptions import DATACITE, datacite_of, readme_head
from graphkit.release.verify.graphs import graph_lines, triples_of
from graphkit.release.verify.publishing import LANDING, PROVENANCE, activity_of, licence_of, origin_of

_TITLE, _TERM = "title", re.compile("[#/]")
_ALWAYS = ("title", "version", "licence", "creators")
# Files that state some of the facts.
_HEADED = {"CODEBOOK.md", "DATASHEET.md", "DPIA.md", "LICENCES.md", "QUERIES.md"}
_HEAD = re.compile(r"# \S+(?: \S+)? (?:of|in) (?P<title>.+), version (?P<version>\S+)\n")
_PARTLY = {"CANONICAL.sha256", NAME, PROVENANCE, "REUSE.toml"} | _HEADED
# The last part of a property to the fact that it states.
_PROPERTIES = {
    "title": "title", "versionInfo": "version", "license": "licence", "creator": "creators", "issued": "released",
    "identifier": "address",
}  # fmt: skip


class Stated(NamedTuple):
    """A fact that a file states."""

    fact: str
    file: str
    value: str


def check_consistency(deposit: Deposit) -> Iterator[str]:
    """Yield each fact with the values that the files have for it, if there are several."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for stated in _all(deposit):
        values[stated.fact][stated.value].append(stated.file)
    yield from _silent(values)
    for fact, found in sorted(values.items()):
        if len(found) > 1:
            parts = (f"{value!r} in {', '.join(sorted(set(files)))}" for value, files in sorted(found.items()))
            yield f"The {fact} differs: {'; '.join(parts)}."


def _silent(values: Mapping[str, Mapping[str, list[str]]]) -> Iterator[str]:
    """Yield the descriptions that lack a fact that each of them has to state."""
    files = {fact: {file for found in values.get(fact, {}).values() for file in found} for fact in _ALWAYS}
    everywhere = {file for found in files.values() for file in found} - _PARTLY
    for fact, found in files.items():
        yield from (f"{file} does not state the {fact}." for file in sorted(everywhere - found))


def _all(deposit: Deposit) -> Iterator[Stated]:
    yield from _graph(deposit)
    for name in ("dcat.ttl", "void.ttl"):
        yield from _described(name, triples_of(deposit, name))
    for name in ("tables/datapackage.json", "parquet/datapackage.json"):
        yield from _package(name, deposit.object(name))
    for name in ("croissant.json", LANDING, "DATASHEET.json"):
        yield from _dataset(name, deposit.object(name))
    yield from _crate(deposit.object("ro-crate-metadata.json"))
    yield from _datacite(deposit)
    yield from _citation(deposit.yaml("CITATION.cff"))
    yield from _readme(deposit)
    yield from _partly(deposit)
    yield from (
        Stated("canonical hash", "CANONICAL.sha256", word) for word in deposit.text("CANONICAL.sha256").split()[:1]
    )


def _facts(file: str, **values: object) -> Iterator[Stated]:
    return (Stated(name, file, str(value)) for name, value in values.items() if value)


def _joined(names: Iterable[str]) -> str:
    return "; ".join(sorted(names))


def _graph(deposit: Deposit) -> Iterator[Stated]:
    lines = (line for line in graph_lines(deposit) if line.split(b" ", 1)[0].endswith(b"/dataset>"))
    yield from _described("graph.nq.gz", ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))


def _described(file: str, quads: Iterable[ox.Quad]) -> Iterator[Stated]:
    """Yield the facts about the dataset in RDF; its creators may have names of their own."""
    found: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for quad in quads:
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        last = _TERM.split(quad.predicate.value)[-1]
        if last == "name":
            names[subject] = value
        if subject.endswith("/dataset") and last in _PROPERTIES:
            found[_PROPERTIES[last]].append(value)
    found["creators"] = [names.get(value, value) for value in found["creators"]]
    return _facts(file, **{fact: _joined(values) for fact, values in found.items()})


def _package(file: str, whole: Mapping[str, Any]) -> Iterator[Stated]:
    return _facts(file, title=whole.get("title"), version=whole.get("version"),
                  licence=_joined(one["path"] for one in whole.get("licenses", ())),
                  creators=_joined(one["title"] for one in whole.get("contributors", ())))  # fmt: skip


def _dataset(file: str, whole: Mapping[str, Any]) -> Iterator[Stated]:
    """Yield the facts of a description with the properties of schema.org, or with those of Bridge2AI."""
    creators, released = (
        whole.get("creator", whole.get("creators", ())),
        whole.get("datePublished", whole.get("issued")),
    )
    return _facts(file, title=whole.get("name"), version=whole.get("version"), licence=whole.get("license"),
                  released=str(released).partition("T")[0], address=whole.get("identifier", whole.get("id")),
                  creators=_joined(one["name"] for one in creators))  # fmt: skip


def _crate(whole: Mapping[str, Any]) -> Iterator[Stated]:
    entities = {one["@id"]: one for one in whole["@graph"]}
    root, action = entities["./"], entities.get("#release", {})
    hashes = re.findall(r"\b[0-9a-f]{64}\b", action.get("description", ""))
    creators = root["creator"] if isinstance(root["creator"], list) else [root["creator"]]
    return _facts("ro-crate-metadata.json", title=root.get("name"), version=root.get("version"),
                  licence=root["license"]["@id"], released=root.get("datePublished"), address=root.get("url"),
                  creators=_joined(entities[one["@id"]]["name"] for one in creators),
                  **{"canonical hash": _joined(hashes)})  # fmt: skip


def _partly(deposit: Deposit) -> Iterator[Stated]:
    """Yield the facts in the files that state only some of them."""
    head, found = mappings_head(deposit), origin_of(deposit)
    yield from _facts(NAME, version=head.get("mapping_set_version"), licence=head.get("license"))
    for name in _HEADED & deposit.files.keys():
        line = _HEAD.match(deposit.text(name))
        yield from _facts(name, title=line["title"] if line else "none", version=line["version"] if line else "none")
    yield from _facts("REUSE.toml", licence=licence_of(deposit))
    people = (one["name"] for one in found.values() if any(kind.endswith("#Agent") for kind in one["type"]))
    graph = [one for one in found.values() if "graph.nq" in one["title"]]
    hashes = (value for one in graph for check in one["checksum"] for value in found[check]["checksumValue"])
    yield from _facts(PROVENANCE, creators=_joined(name for names in people for name in names),
                      version=_joined(value for one in list(found.values()) for value in one["versionInfo"]),
                      released=_joined(activity_of(found).get("date", ())),
                      **{"canonical hash": _joined(hashes)})  # fmt: skip


def _datacite(deposit: Deposit) -> Iterator[Stated]:
    root = datacite_of(deposit)
    texts = {tag: [one.text or "" for one in root.iter(DATACITE + tag)]
             for tag in ("title", "version", "creatorName", "date", "identifier")}  # fmt: skip
    doi = [f"https://doi.org/{text}" for text in texts["identifier"] if text != ":tba"]
    licence = [one.get("rightsURI", "") for one in root.iter(DATACITE + "rights")]
    return _facts("datacite.xml", title=_joined(texts["title"]), version=_joined(texts["version"]),
                  creators=_joined(texts["creatorName"]), released=_joined(texts["date"]), address=_joined(doi),
                  licence=_joined(licence))  # fmt: skip


def _citation(whole: Mapping[str, Any]) -> Iterator[Stated]:
    licence = whole.get("license-url") or LICENCES.get(whole.get("license", ""), whole.get("license"))
    address = f"https://doi.org/{whole['doi']}" if "doi" in whole else whole.get("url")
    return _facts("CITATION.cff", title=whole.get("title"), version=whole.get("version"), licence=licence,
                  released=whole.get("date-released"), address=address,
                  creators=_joined(one["name"] for one in whole.get("authors", ())))  # fmt: skip


def _readme(deposit: Deposit) -> Iterator[Stated]:
    head, text = readme_head(deposit), deposit.text("README.md")
    lines = dict(re.findall(r"^\* (\w+): (.+)$", text, re.MULTILINE))
    version, _, released = lines.get("Version", "").partition(", released on ")
    return _facts("README.md", title=head.get("pretty_name"), version=version, released=released,
                  licence=lines.get("Licence"), creators=_joined(lines.get("Creators", "").split("; ")))  # fmt: skip

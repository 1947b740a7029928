"""Rows 8, 9, 12, 13, 15 and 22: the descriptions, each alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from graphkit.model.dataset import orcid_fault
from graphkit.model.workspace import LICENCES
from graphkit.release.content import Content, content_of
from graphkit.release.losses import losses, read_losses
from graphkit.release.metadata.crate import PREVIEW
from graphkit.release.metadata.croissant import CONFORMS, TYPES
from graphkit.release.metadata.documents import DATASHEET_KEYS, DATASHEET_SECTIONS, DPIA_SECTIONS
from graphkit.release.verify.deposit import Deposit, UnprovedError, load_yaml, required_object
from graphkit.release.verify.graphs import graph_lines, triples_of

_RAI = {
    "annotationsPerItem", "annotatorDemographics", "dataAnnotationAnalysis", "dataAnnotationPlatform",
    "dataAnnotationProtocol", "dataBiases", "dataCollection", "dataCollectionMissingData", "dataCollectionRawData",
    "dataCollectionTimeframe", "dataCollectionType", "dataImputationProtocol", "dataLimitations",
    "dataManipulationProtocol", "dataPreprocessingProtocol", "dataReleaseMaintenancePlan", "dataSocialImpact",
    "dataUseCases", "machineAnnotationTools", "personalSensitiveInformation",
}  # fmt: skip
_NEEDED = ("name", "description", "license", "url", "creator", "datePublished", "version", "citeAs")
_RELATIONS = {"IsSupplementTo", "IsDescribedBy", "IsDerivedFrom", "References", "IsVersionOf", "IsNewVersionOf"}
DATACITE = "{http://datacite.org/schema/kernel-4}"
_CITED = ("cff-version", "message", "title", "authors", "version", "date-released")


def _missing(name: str, whole: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    return (f"{name} has no {key}." for key in keys if not whole.get(key))


# --- row 8 -----------------------------------------------------------------------------------------------------------


def check_croissant(deposit: Deposit) -> Iterator[str]:
    """Yield the files, record sets and fields of croissant.json that are other than those of the folder."""
    whole = deposit.object("croissant.json")
    yield from _missing("croissant.json", whole, _NEEDED)
    if CONFORMS[0] not in str(whole.get("conformsTo")):
        yield f"croissant.json is of another version than Croissant 1.1: {whole.get('conformsTo')}."
    rai = {key.removeprefix("rai:"): value for key, value in whole.items() if key.startswith("rai:")}
    yield from (f"croissant.json has the unknown key rai:{key}." for key in sorted(rai.keys() - _RAI))
    yield from (f"croissant.json has an empty rai:{key}." for key, value in rai.items() if not value)
    yield from _file_objects(deposit, whole["distribution"])
    yield from _record_sets(deposit, whole["recordSet"])


def _file_objects(deposit: Deposit, objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    hashes, seen = deposit.sums(), set[str]()
    for one in objects:
        if one["contentUrl"] in seen:
            yield f"croissant.json names {one['contentUrl']} twice."
        seen.add(one["contentUrl"])
        if one["contentUrl"] not in deposit.files:
            yield f"croissant.json names a file that is not in the folder: {one['contentUrl']!r}."
        elif one["sha256"] != hashes.get(one["contentUrl"]):
            yield f"croissant.json has another hash of {one['contentUrl']}: {one['sha256']}."


def _record_sets(deposit: Deposit, sets: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    pairs = [(one["name"], list(_field_types(one["field"]))) for one in sets]
    files = Counter(next(iter(types), ("", "", ""))[2] for _, types in pairs)
    yield from (f"croissant.json has {number} record sets of {name}." for name, number in files.items() if number > 1)
    found = dict(pairs)
    expected = {table["name"]: list(_column_types(table)) for table in deposit.tables}
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            yield f"croissant.json has other fields, types or files for the record set {name} than the tables."


def _field_types(fields: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        yield field["source"]["extract"]["column"], field["dataType"], field["source"]["fileObject"]["@id"]


def _column_types(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for column in table["schema"]["fields"]:
        yield column["name"], TYPES[column["type"]], f"parquet/{table['name']}.parquet"


# --- row 9 -----------------------------------------------------------------------------------------------------------


def check_crate(deposit: Deposit) -> Iterator[str]:
    """Yield the files that the crate lacks, or describes with another size or hash; and a missing licence."""
    name = "ro-crate-metadata.json"
    entities = {one["@id"]: one for one in deposit.object(name)["@graph"]}
    if "ro/crate/1." not in str(entities.get(name, {}).get("conformsTo")) or "./" not in entities:
        raise UnprovedError(f"{name} has no descriptor of an RO-Crate, or no root.")
    root = entities["./"]
    yield from _missing(name, root, ("name", "description", "datePublished", "license", "hasPart"))
    if root.get("license", {}).get("@id") not in entities:
        yield f"{name} does not describe its licence."
    hashes, parts = deposit.sums(), {part["@id"] for part in root["hasPart"]}
    for file in sorted(deposit.files.keys() - {name, PREVIEW, "SHA256SUMS"} | parts):
        one = entities.get(file, {}) if file in parts else {}
        if (one.get("contentSize"), one.get("sha256")) != (str(deposit.files.get(file)), hashes.get(file)):
            yield f"{name} lacks {file}, or has another size or hash of it."


# --- rows 12 and 13 --------------------------------------------------------------------------------------------------


def datacite_of(deposit: Deposit) -> ET.Element:
    """Return the root of datacite.xml."""
    return ET.fromstring(deposit.text("datacite.xml"))  # noqa: S314 - see the import


def check_datacite(deposit: Deposit) -> Iterator[str]:
    """Yield the properties that DataCite requires and datacite.xml lacks, and words that it does not know."""
    root = datacite_of(deposit)
    for path in ("identifier", "creators/creator/creatorName", "titles/title", "publisher", "publicationYear",
                 "resourceType"):  # fmt: skip
        found = root.find("/".join(DATACITE + step for step in path.split("/")))
        if found is None or not (found.text or "").strip():
            yield f"datacite.xml has no {path}."
    for one in root.iter(DATACITE + "relatedIdentifier"):
        if one.get("relationType") not in _RELATIONS:
            yield f"datacite.xml has an unknown relationType: {one.get('relationType')!r}."
    if [one.get("resourceTypeGeneral") for one in root.iter(DATACITE + "resourceType")] != ["Dataset"]:
        yield "datacite.xml is not of the general type Dataset."


def check_citation(deposit: Deposit) -> Iterator[str]:
    """Yield the keys that CITATION.cff lacks, and a licence that is no SPDX id."""
    whole = deposit.yaml("CITATION.cff")
    yield from _missing("CITATION.cff", whole, _CITED)
    if whole.get("cff-version") != "1.2.0" or whole.get("type") != "dataset":
        yield "CITATION.cff is not of version 1.2.0 and type dataset."
    if whole.get("license", "CC0-1.0") not in LICENCES or not whole.keys() & {"license", "license-url"}:
        yield f"CITATION.cff has a licence that is none of {', '.join(sorted(LICENCES))}, and no license-url."
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(whole.get("date-released"))):
        yield "CITATION.cff has no day of release."
    names = (str(author.get("orcid", "")) for author in whole.get("authors", ()))
    orcids = (name.removeprefix("https://orcid.org/") for name in names if name)
    yield from (
        f"CITATION.cff has {name!r} as an ORCID iD: {orcid_fault(name)}." for name in orcids if orcid_fault(name)
    )


# --- rows 15 and 22 --------------------------------------------------------------------------------------------------


def counted(deposit: Deposit) -> Content:
    """Count the content of the folder, after its files are known to be small enough and well formed."""
    for table in deposit.tables:
        sum(1 for _ in deposit.rows(f"tables/{table['name']}.csv"))
    sum(1 for _ in graph_lines(deposit))
    return content_of(deposit.root)


def check_documents(deposit: Deposit) -> Iterator[str]:
    """Yield empty sections, numbers that are other than counted, and columns without a meaning."""
    content = counted(deposit)
    yield from _sections("DATASHEET.md", deposit.text("DATASHEET.md"), DATASHEET_SECTIONS)
    yield from _sections("DPIA.md", deposit.text("DPIA.md"), DPIA_SECTIONS)
    yield from _datasheet(deposit, content)
    yield from _numbers("DATASHEET.md", deposit.text("DATASHEET.md"), {**content.counts, **content.sources})
    yield from _numbers("README.md", deposit.text("README.md"), content.tables)
    flat = sum(1 for _ in triples_of(deposit, "graph-flat.ttl"))
    stated = {(loss.file, loss.thing): loss for loss in read_losses(deposit.text("LOSSES.md"))}
    for loss in losses(content, flat):
        if stated.get((loss.file, loss.thing)) != loss:
            yield f"LOSSES.md has other numbers for {loss.thing} in {loss.file} than {loss.whole} and {loss.kept}."
    yield from _meanings(deposit, _parts(deposit.text("CODEBOOK.md")))


def _datasheet(deposit: Deposit, content: Content) -> Iterator[str]:
    """Yield the keys that DATASHEET.json lacks, and its numbers and texts that are not those of the documents."""
    name, whole = "DATASHEET.json", deposit.object("DATASHEET.json")
    yield from _missing(name, whole, DATASHEET_KEYS)
    if {one["name"]: one["counts"] for one in whole.get("instances", ())} != content.counts:
        yield f"{name} has other numbers than counted."
    written = deposit.text("DATASHEET.md") + deposit.text("DPIA.md")
    texts = (one["description"] for key in DATASHEET_KEYS for one in whole.get(key, ()) if "description" in one)
    yield from (
        f"{name} has a text that DATASHEET.md and DPIA.md lack: {text}" for text in texts if text not in written
    )


def _meanings(deposit: Deposit, parts: Mapping[str, str]) -> Iterator[str]:
    """Yield the columns that the codebook does not explain under their tables."""
    for table in deposit.tables:
        explained = set(re.findall(r"^\| ([^|]+) \| \w+ \| \w* \| \S", parts.get(table["name"], ""), re.MULTILINE))
        missing = [column["name"] for column in table["schema"]["fields"] if column["name"] not in explained]
        yield from (f"CODEBOOK.md has no meaning of {name} in {table['name']}." for name in missing)


def _parts(text: str) -> dict[str, str]:
    """Return the sections of a document by their names."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _sections(name: str, text: str, sections: Iterable[str]) -> Iterator[str]:
    found = _parts(text)
    empty = [section for section in sections if not found.get(section, "").strip()]
    yield from (f"{name} has no section {section!r}, or an empty one." for section in empty)


def _numbers(name: str, text: str, counts: Mapping[str, int]) -> Iterator[str]:
    stated = dict(re.findall(r"^\| ([^|]+) \| (\d+) \|$", text, re.MULTILINE))
    for thing, number in counts.items():
        if stated.get(thing or "none") != str(number):
            yield f"{name} has {stated.get(thing or 'none', 'no number')} for {thing}, but there are {number}."


def readme_head(deposit: Deposit) -> dict[str, Any]:
    """Return the YAML at the head of README.md."""
    parts = deposit.text("README.md").split("---\n", 2)
    return required_object(load_yaml(parts[1]) if len(parts) > 2 and not parts[0] else None, "the head of README.md")  # noqa: PLR2004


def check_readme(deposit: Deposit) -> Iterator[str]:
    """Yield the files that the head of README.md names and the folder lacks."""
    head = readme_head(deposit)
    yield from _missing("README.md", head, ("license", "language", "pretty_name", "configs"))
    for config in head.get("configs", ()):
        if config["data_files"] not in deposit.files:
            yield f"README.md names a file that is not in the folder: {config['data_files']!r}."

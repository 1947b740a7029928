"""Rows 11, 14 and 27: the landing page, the licences, and the origin of a release."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from graphkit.model.workspace import LICENCES
from graphkit.release.publication import obstacle
from graphkit.release.verify.deposit import Deposit, UnprovedError, required_object
from graphkit.release.verify.graphs import triples_of

LANDING, PAGE, PREVIEW = "landing/landing.jsonld", "landing/index.html", "ro-crate-preview.html"
PROVENANCE = "build-provenance.ttl"
_NEEDED = ("@id", "name", "description", "url", "identifier", "version", "license", "datePublished", "creator")
_SHA256 = re.compile(r"[0-9a-f]{64}")


# --- row 11 ----------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Collects the links of a page, the data in its script, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.data = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given.get("href") or ""] if tag == "a" else []
        self.loads += [tag] if "src" in given or tag in {"link", "style", "iframe", "object"} else []
        self._inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        self.data += data if self._inside else ""


def check_landing(deposit: Deposit) -> Iterator[str]:
    """Yield what the landing page and its data lack, and each file that they name and the folder does not have."""
    whole = deposit.object(LANDING)
    yield from (f"{LANDING} has no {key}." for key in _NEEDED if not whole.get(key))
    if (whole.get("@context"), whole.get("@type")) != ({"@vocab": "http://schema.org/"}, "Dataset"):
        yield f"{LANDING} is not a Dataset of http://schema.org/."
    yield from _downloads(deposit, whole.get("distribution") or [])
    yield from _page(deposit, PAGE, "../", whole)


def check_preview(deposit: Deposit) -> Iterator[str]:
    """Yield each file that the preview of the RO-Crate names and the folder does not have, and other data."""
    whole = deposit.object(LANDING)
    files = [one | {"contentUrl": one["contentUrl"].removeprefix("../")} for one in whole["distribution"]]
    yield from _page(deposit, PREVIEW, "", whole | {"distribution": files})


def _page(deposit: Deposit, name: str, above: str, whole: object) -> Iterator[str]:
    page = _Page()
    page.feed(deposit.text(name))
    if json.loads(page.data) != whole:
        yield f"{name} has other data than {LANDING}."
    yield from (f"{name} loads a {tag}." for tag in page.loads)
    inner = [link for link in page.links if not link.startswith("http")]
    yield from (
        f"{name} has a link to no file: {link[:90]}." for link in inner if link.removeprefix(above) not in deposit.files
    )


def _downloads(deposit: Deposit, downloads: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    sums = deposit.sums()
    files = {one["contentUrl"].removeprefix("../"): one["sha256"] for one in downloads}
    yield from [] if "graph.nq.gz" in files else [f"{LANDING} has no graph.nq.gz."]
    for name, digest in files.items():
        if name not in deposit.files or digest != sums.get(name):
            yield f"{LANDING} has another hash of {name}, or the folder lacks it."


# --- row 14 ----------------------------------------------------------------------------------------------------------


class Licensed(NamedTuple):
    """Files that have one licence and one list of holders, by their patterns."""

    patterns: list[str]
    licence: str
    holders: list[str]

    def covers(self, name: str) -> bool:
        """Return whether a pattern is that of a file; ** stands for every file."""
        return any(pattern == "**" or PurePosixPath(name).match(pattern) for pattern in self.patterns)


def licensed(deposit: Deposit) -> list[Licensed]:
    """Return the annotations of REUSE.toml."""
    whole = required_object(tomllib.loads(deposit.text("REUSE.toml")), "REUSE.toml")
    return [
        Licensed(_several(one["path"]), one["SPDX-License-Identifier"], _several(one["SPDX-FileCopyrightText"]))
        for one in whole.get("annotations", ())
    ]


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def check_licences(deposit: Deposit) -> Iterator[str]:
    """Yield files without a licence, licences without a text, and licences of sources that do not permit ours."""
    found = licensed(deposit)
    texts = {name.removeprefix("LICENSES/").removesuffix(".txt") for name in deposit.files if name[:9] == "LICENSES/"}
    covered = (name for name in deposit.files if name != "REUSE.toml" and not name.startswith("LICENSES/"))
    yield from (f"REUSE.toml gives no licence of {name}." for name in sorted(covered) if not _cover(found, name))
    used = {one.licence for one in found}
    yield from (f"REUSE.toml names {name}, whose text is not in LICENSES/." for name in sorted(used - texts))
    yield from (f"LICENSES/{name}.txt is the licence of no file." for name in sorted(texts - used))
    yield from (f"LICENSES/{name}.txt is empty." for name in sorted(texts) if not deposit.text(f"LICENSES/{name}.txt"))
    yield from _source_licences(deposit)


def _cover(found: list[Licensed], name: str) -> bool:
    return any(one.covers(name) and one.licence and all(one.holders) for one in found)


def _source_licences(deposit: Deposit) -> Iterator[str]:
    ours = deposit.package["licenses"][0]["path"]
    counts = Counter(row["licence"] for row in deposit.rows("tables/sources.csv"))
    for name in sorted(counts.keys() - {""}):
        if reason := obstacle(name, ours):
            yield f"The licence of {counts[name]} sources, {name}, {reason}."
    pattern = r"^\| (http\S+|none)(?:: .+)? \| (\d+) \|$"
    stated = dict(re.findall(pattern, deposit.text("LICENCES.md"), re.MULTILINE))
    if stated != {name or "none": str(number) for name, number in counts.items()}:
        yield "LICENCES.md has other numbers of sources than the table of sources."


def licence_of(deposit: Deposit) -> str:
    """Return the address of the licence that REUSE.toml gives to the data, or its name if it has no address here."""
    names = [one.licence for one in licensed(deposit) if "**" in one.patterns]
    return LICENCES.get(names[0], "") if names else ""


# --- row 27 ----------------------------------------------------------------------------------------------------------


def origin_of(deposit: Deposit) -> dict[str, dict[str, list[str]]]:
    """Return the values in build-provenance.ttl by subject and by the last part of the property."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in triples_of(deposit, PROVENANCE):
        last = re.split("[#/]", quad.predicate.value)[-1]
        found[getattr(quad.subject, "value", "")][last].append(getattr(quad.object, "value", ""))
    return found


def activity_of(found: Mapping[str, Mapping[str, list[str]]]) -> Mapping[str, list[str]]:
    """Return the activity of a release.

    Raises:
        UnprovedError: There is not exactly one.
    """
    kinds = [one for one in found.values() if any(kind.endswith("#Activity") for kind in one.get("type", ()))]
    if len(kinds) != 1:
        raise UnprovedError(f"{PROVENANCE} has {len(kinds)} activities, not one.")
    return kinds[0]


def check_provenance(deposit: Deposit) -> Iterator[str]:
    """Yield inputs without hashes, agents without names, and facts that differ from those of the RO-Crate."""
    found = origin_of(deposit)
    activity = activity_of(found)
    agents, inputs = activity.get("wasAssociatedWith", []), activity.get("used", [])
    yield from (f"{PROVENANCE} has no name of {name}." for name in agents if not found[name]["name"])
    titles = [title for name in inputs for title in found[name]["title"]]
    if "data/dataset.yaml" not in titles or len(titles) != len(inputs):
        yield f"{PROVENANCE} does not name data/dataset.yaml, or lacks the name of an input."
    hashed = (name for name, one in list(found.items()) if name in inputs or one["checksum"])
    for name in hashed:
        values = [value for check in found[name]["checksum"] for value in found[check]["checksumValue"]]
        if len(values) != 1 or not _SHA256.fullmatch(values[0]):
            yield f"{PROVENANCE} has no SHA-256 of {name}."
    stated = sorted(text for name in agents for text in found[name]["name"] + found[name]["softwareVersion"])
    missing = Counter(_crate_names(deposit)) - Counter(stated)
    yield from (f"{PROVENANCE} lacks {name!r}, which the RO-Crate has." for name in sorted(missing))


def _crate_names(deposit: Deposit) -> list[str]:
    """Return the names of the creators and of the program, and its version, as the RO-Crate has them."""
    entities = {one["@id"]: one for one in deposit.object("ro-crate-metadata.json")["@graph"]}
    creators = entities["./"]["creator"]
    agents = [entities[one["@id"]]["name"] for one in (creators if isinstance(creators, list) else [creators])]
    return [*agents, entities["#graphkit"]["name"], entities["#graphkit"]["version"]]

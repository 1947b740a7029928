"""The changes between two versions of a graph: statements, entities and sources field by field, disputes; RDF Patch."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graphkit.model.files import replacing
from graphkit.model.iris import BASE, DATASET, PREFIXES, graph_iri, shorten, tombstone_iri
from graphkit.release.versions import Lines, Version, changed_lines

COLUMNS = ("change", "kind", "id", "field", "old", "new", "reason")
_KINDS = ("dataset", "statement", "source", "entity", "dispute")
_BY_PREFIX = {"statement": "statement", "source": "source", "id": "entity", "dispute": "dispute"}
_GIVEN = (graph_iri("source/"), graph_iri("entities"))
# The field that each thing of a kind has: if only one version has it, the thing is new or gone.
_ALWAYS = {"statement": "proposition", "source": "title", "entity": "label", "dispute": "label"}
_TEXT = {**_ALWAYS, "statement": "gist"}
# If all of these fields have other values, the id stands for another thing.
_IDENTITY = {
    "statement": ("proposition", "gist", "sha256"),
    "source": ("title", "url", "publisher"),
    "entity": ("label", "type"),
}
# Fields that follow from others.
_COMPUTED = ("Earliest", "Latest", "passageLink", "lookedUpOn", "group")
_NOT_OF_CLAIMS = {"type", "frame", "quantity", "narrowing"}
_PROPOSITION, _TOMBSTONE = f"<{PREFIXES['proposition']}".encode(), f"<{BASE}tombstone/".encode()


class Change(NamedTuple):
    """A change of a field of a thing, or of the whole thing.

    Attributes:
        change: added, changed, retracted, removed, merged, erased, or reused: an id that now stands for something else.
        kind: statement, source, entity, dispute or dataset.
        field: The name of the field; "" for the whole thing.
        old: The value before; for a thing that is gone, its text.
        new: The value now; for a new thing its text, for a merged entity its successor.
    """

    change: str
    kind: str
    id: str
    field: str
    old: str
    new: str
    reason: str


@dataclass(slots=True)
class Difference:
    """Two versions compared.

    Attributes:
        removed: The number of lines that only the old version has.
        added: The number of lines that only the new version has.
    """

    changes: list[Change] = field(default_factory=list)
    removed: int = 0
    added: int = 0

    def counts(self) -> Counter[tuple[str, str]]:
        """Return the number of things by kind and change."""
        return Counter((kind, change) for kind, change, _ in {(one.kind, one.change, one.id) for one in self.changes})


class _Fields(defaultdict[str, set[str]]):
    """The values of each field of a thing, as text."""

    def __init__(self) -> None:
        super().__init__(set)

    def add(self, quad: ox.Quad) -> None:
        self[_local(_iri(quad.predicate))].add(_shown(quad.object))

    def text(self, name: str) -> str:
        return " | ".join(sorted(self.get(name, ())))


@dataclass(slots=True)
class _Side:
    """What one version has: things with other values than in the other one, their claims, and all tombstones.

    Attributes:
        removed: The tombstones of things that a curator removed; the others are of erased ones.
    """

    things: defaultdict[tuple[str, str], _Fields] = field(default_factory=lambda: defaultdict(_Fields))
    claims: defaultdict[str, _Fields] = field(default_factory=lambda: defaultdict(_Fields))
    tombstones: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def add(self, line: bytes) -> None:
        quad = _quad(line)
        kind, name = owner(_iri(quad.subject))
        given = kind == "dispute" or _iri(quad.graph_name).startswith(_GIVEN)  # disputes are derived by rules
        if kind and given and owner(_iri(quad.object)) != (kind, name):
            self.things[kind, name].add(quad)

    def explain(self, version: Lines) -> None:
        """Read the claims of the changed statements, and the tombstones."""
        names = {name for thing in self.things.values() for name in thing.get("proposition", ())}
        wanted = {f"{PREFIXES['proposition']}{name}".encode() for name in names}
        for line in version.sorted_lines():
            if line.startswith(_PROPOSITION) and line[1 : line.index(b">")] in wanted:
                quad = _quad(line)
                if _iri(quad.graph_name).startswith(_GIVEN):
                    self.claims[_local(_iri(quad.subject))].add(quad)
            elif line.startswith(_TOMBSTONE) and b"#comment> " in line:
                quad = _quad(line)
                self.tombstones[_iri(quad.subject)] = _shown(quad.object)
            elif line.startswith(_TOMBSTONE) and b"/identifier> " in line:
                self.removed.add(_iri(_quad(line).subject))

    def stone(self, kind: str, name: str) -> str:
        """Return the tombstone of a thing, or that of the source of a statement; "" if there is none."""
        names = [(kind, name), *([("source", name.partition("/")[0])] if kind == "statement" else [])]
        stones = (tombstone_iri(_iri_of(*one)) for one in names)
        return next((stone for stone in stones if stone in self.tombstones), "")

    def claim(self, key: tuple[str, str]) -> _Fields:
        return self.claims[self.things[key].text("proposition")]


def _quad(line: bytes) -> ox.Quad:
    quad: ox.Quad = next(iter(ox.parse(line, format=ox.RdfFormat.N_QUADS, lenient=True)))
    return quad


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _shown(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        prefix, _, name = shorten(term.value).partition(":")
        return name if prefix in {"sp", "id", *_BY_PREFIX, "proposition"} else term.value
    return term.value if isinstance(term, ox.Literal) else str(term)


def owner(iri: str) -> tuple[str, str]:
    """Return the kind and the id of the thing that an IRI stands for or is a part of; ("", "") for others.

    >>> owner("https://w3id.org/surveillance-policy/statement/gazette-2021/paid/evidence")
    ('statement', 'gazette-2021/paid')
    """
    if iri == DATASET:
        return "dataset", "dataset"
    prefix, _, rest = shorten(iri).partition(":")
    kind, parts = _BY_PREFIX.get(prefix, ""), rest.split("/")
    if not kind or (kind == "dispute" and len(parts) > 1):  # dispute/matter/… is a group of disputes
        return "", ""
    return kind, "/".join(parts[: 1 + (kind == "statement")])


def _iri_of(kind: str, name: str) -> str:
    prefix = next((prefix for prefix, each in _BY_PREFIX.items() if each == kind), "")
    return f"{PREFIXES[prefix]}{name}" if prefix else BASE + name


def compare(old: Lines, new: Lines) -> Difference:
    """Return the changes from an old version to a new one.

    Raises:
        StoreError: A version is not sorted, or damaged.
    """
    found, before, now = Difference(), _Side(), _Side()
    for line in changed_lines(old, new):
        (now if line.added else before).add(line.text)
        found.added += line.added
        found.removed += not line.added
    before.explain(old)
    now.explain(new)
    for key in sorted({*before.things, *now.things}, key=lambda key: (_KINDS.index(key[0]), key[1])):
        found.changes += _changes(key, before, now)
    return found


def _changes(key: tuple[str, str], before: _Side, now: _Side) -> Iterator[Change]:
    """Yield the changes of a thing: one if it is new or gone, else one for each field."""
    kind, name = key
    old, new = before.things[key], now.things[key]
    change, reason = _verdict(key, before, now)
    if change == "merged":
        yield Change(change, kind, name, "", old.text("label"), new.text("isReplacedBy"), reason)
    elif change in {"changed", "reused"} and old:
        # Disputes are derived: their fields change with those of statements.
        yield from (Change(change, kind, name, *row, reason) for row in _rows(key, before, now) if kind != "dispute")
    else:
        yield Change(change, kind, name, "", old.text(_TEXT[kind]), new.text(_TEXT[kind]), reason)


def _verdict(key: tuple[str, str], before: _Side, now: _Side) -> tuple[str, str]:
    """Return the kind of change of a thing, and the reason if there is one."""
    kind, old, new = key[0], before.things[key], now.things[key]
    was, is_now = (bool(fields.get(_ALWAYS.get(kind, ""))) for fields in (old, new))
    if new.get("isReplacedBy") and not old.get("isReplacedBy"):
        return "merged", new.text("comment")
    if is_now and not was:
        earlier = before.tombstones.get(tombstone_iri(_iri_of(*key)))
        return ("added", "") if earlier is None else ("reused", f"Erased before: {earlier}")
    if was and not is_now:
        stone = now.stone(*key)
        gone = "retracted" if kind == "statement" else "removed"
        return gone if not stone or stone in now.removed else "erased", now.tombstones.get(stone, "")
    same = _IDENTITY.get(kind, ("",))
    other = all(old.get(each) and new.get(each) for each in same)
    return "reused" if other else "changed", new.text("editorialNote")


def _rows(key: tuple[str, str], before: _Side, now: _Side) -> Iterator[tuple[str, str, str]]:
    """Yield the changed fields of a thing with their values; the fields of a claim in place of its id."""
    old, new = before.things[key], now.things[key]
    names = sorted({*old, *new} - {"proposition"})
    if old.get("proposition"):
        yield from _claim_rows(before.claim(key), now.claim(key))
        names = [name for name in names if not name.endswith(_COMPUTED)]
    given = [name for name in names if not name.endswith(_COMPUTED)]
    for name in given or names:
        yield from _pairs(name, old[name], new[name])


def _claim_rows(old: _Fields, new: _Fields) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*old, *new} - _NOT_OF_CLAIMS):
        if not name.endswith(_COMPUTED):
            yield from _pairs("claim" if name == "label" else name, old[name], new[name])


def _pairs(name: str, old: set[str], new: set[str]) -> Iterator[tuple[str, str, str]]:
    return ((name, *pair) for pair in zip_longest(sorted(old - new), sorted(new - old), fillvalue=""))


def write_patch(old: Version, new: Version, path: Path) -> None:
    """Write an RDF Patch that makes the new version of the old one; it is compressed if the name ends with .gz.

    Its header names both versions by their SHA-256.
    """
    with replacing(path) as beside, beside.open("wb") as raw:
        file = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if path.suffix == ".gz" else raw
        file.write(f"H id <urn:sha256:{new.sha256()}> .\nH prev <urn:sha256:{old.sha256()}> .\nTX .\n".encode())
        for line in changed_lines(old, new):
            file.write((b"A " if line.added else b"D ") + line.text)
        file.write(b"TC .\n")
        if file is not raw:
            file.close()

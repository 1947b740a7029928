"""kge/: triples for training and testing embeddings, split by a hash that is the same in every release, and by time.

Both directions between two nodes are in one split, so that no triple of a test has its inverse, or another relation of
the same two nodes, in training.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from graphkit.release.content import rows_of

FOLDER, BY_TIME = "kge", "by-time"
SPLITS = ("train", "valid", "test")
# Of ten parts, one is for validation and one for the test.
_PARTS = 10


class Fact(NamedTuple):
    """A triple by the ids of its parts."""

    start: str
    relation: str
    end: str


def split_of(fact: Fact) -> str:
    """Return the split of a triple, which depends on its two nodes alone.

    >>> split_of(Fact("a", "funded", "b")) == split_of(Fact("b", "criticised", "a"))
    True
    """
    pair = "\n".join(sorted((fact.start, fact.end)))
    part = int.from_bytes(hashlib.sha256(pair.encode()).digest()[:8]) % _PARTS
    return {0: "test", 1: "valid"}.get(part, "train")


def facts_in(folder: Path) -> dict[str, list[Fact]]:
    """Return the triples of each file, by its name without the end.

    A triple of a test or validation with a node or relation that training lacks is left out. It does not move to
    training, since it may be tested in a later release.
    """
    plain = {_fact(row) for row in rows_of(folder, "edges") if row["plain"] == "true"}
    denied = {_fact(row) for row in rows_of(folder, "edges") if row["status"] == "denied" and _is_claim(row)}
    by_hash = _kept({name: {one for one in plain if split_of(one) == name} for name in SPLITS})
    days = _days(folder)
    dated = _kept(_by_time(days))
    return {
        **by_hash,
        "left-out": sorted(plain.difference(*by_hash.values())),
        "negatives": sorted(denied - plain),
        **{f"{BY_TIME}/{name}": facts for name, facts in dated.items()},
        f"{BY_TIME}/left-out": sorted(days.keys() - {one for facts in dated.values() for one in facts}),
        f"{BY_TIME}/undated": sorted(plain - days.keys()),
    }


def _kept(split: dict[str, set[Fact]]) -> dict[str, list[Fact]]:
    """Return the triples whose parts are all in training, and whose two nodes are not together in it."""
    known = {part for one in split["train"] for part in one}
    pairs = {frozenset((one.start, one.end)) for one in split["train"]}
    return {
        name: sorted(
            one
            for one in facts
            if name == "train" or (known.issuperset(one) and frozenset((one.start, one.end)) not in pairs)
        )
        for name, facts in split.items()
    }


def _days(folder: Path) -> dict[Fact, str]:
    """Return the first day on which each plain triple may have been said; none for triples without a date."""
    said = {row["id"]: row["said_earliest"] for row in rows_of(folder, "statements") if row["said_earliest"]}
    of_edge: dict[str, str] = {}
    for row in rows_of(folder, "edge_statements"):
        if day := said.get(row["statement"]):
            of_edge[row["edge_id"]] = min(day, of_edge.get(row["edge_id"], day))
    found: dict[Fact, str] = {}
    for row in rows_of(folder, "edges"):
        if row["plain"] == "true" and (day := of_edge.get(row["edge_id"])):
            found[_fact(row)] = min(day, found.get(_fact(row), day))
    return found


def _by_time(days: dict[Fact, str]) -> dict[str, set[Fact]]:
    """Split triples at two days, so that eight tenths are before the first, and a tenth from the second on."""
    ordered = sorted(days.values())
    first, second = (ordered[len(ordered) * tenths // _PARTS] if ordered else "" for tenths in (8, 9))
    bounds = {"train": ("", first), "valid": (first, second), "test": (second, "9999-99-99")}
    return {name: {one for one, day in days.items() if low <= day < high} for name, (low, high) in bounds.items()}


def _is_claim(row: dict[str, str]) -> bool:
    """Return whether an edge is a claim; a denial of one has an edge of its own, whose id is longer."""
    return row["edge_id"].startswith("proposition_") and row["edge_id"].count("_") == 1


def _fact(row: dict[str, str]) -> Fact:
    return Fact(row["from"], row["relation"], row["to"])


def write_splits(folder: Path) -> None:
    """Write the triples without heads, and the labels of all nodes."""
    (folder / FOLDER / BY_TIME).mkdir(parents=True)
    for name, facts in facts_in(folder).items():
        _write(folder / FOLDER / f"{name}.tsv", facts)
    labels = ((row["name"], row["label"]) for row in rows_of(folder, "nodes"))
    _write(folder / FOLDER / "entity_labels.tsv", labels)


def line_of(values: Iterable[str]) -> str:
    """Return a line; readers of triples know no quotation marks, so that a lone one in a label is made a prime."""
    return "\t".join(" ".join(value.replace('"', "\u2033").split()) for value in values) + "\n"


def _write(path: Path, rows: Iterable[Iterable[str]]) -> None:
    path.write_text("".join(map(line_of, rows)), encoding="utf-8", newline="\n")

"""kge/: triples for training and testing embeddings, split by a hash that is the same in every release.

Both directions between two nodes are in one split, so that no triple of a test has its inverse, or another relation of
the same two nodes, in training.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from graphkit.release.content import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = "kge"
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
    """Return the triples of each file: the splits, those left out, and denied claims as negatives.

    A triple of a test or validation with a node or relation that training lacks is left out. It does not move to
    training, since it may be tested in a later release.
    """
    plain = {_fact(row) for row in rows_of(folder, "edges") if row["plain"] == "true"}
    denied = {_fact(row) for row in rows_of(folder, "edges") if row["status"] == "denied" and _is_claim(row)}
    found: dict[str, list[Fact]] = {name: sorted(one for one in plain if split_of(one) == name) for name in SPLITS}
    known = {part for one in found["train"] for part in one}
    kept = {name: [one for one in facts if known.issuperset(one)] for name, facts in found.items()}
    left = plain.difference(*kept.values())
    return {**kept, "left-out": sorted(left), "negatives": sorted(denied - plain)}


def _is_claim(row: dict[str, str]) -> bool:
    """Return whether an edge is a claim; a denial of one has an edge of its own, whose id is longer."""
    return row["edge_id"].startswith("proposition_") and row["edge_id"].count("_") == 1


def _fact(row: dict[str, str]) -> Fact:
    return Fact(row["from"], row["relation"], row["to"])


def write_splits(folder: Path) -> None:
    """Write the triples without heads, and the labels of all nodes."""
    (folder / FOLDER).mkdir()
    for name, facts in facts_in(folder).items():
        _write(folder / FOLDER / f"{name}.tsv", facts)
    labels = ((row["name"], row["label"]) for row in rows_of(folder, "nodes"))
    _write(folder / FOLDER / "entity_labels.tsv", labels)


def line_of(values: Iterable[str]) -> str:
    """Return a line; readers of triples know no quotation marks, so that a lone one in a label is made a prime."""
    return "\t".join(" ".join(value.replace('"', "\u2033").split()) for value in values) + "\n"


def _write(path: Path, rows: Iterable[Iterable[str]]) -> None:
    path.write_text("".join(map(line_of, rows)), encoding="utf-8", newline="\n")

"""Row 24: ids that are gone have a reason; the patch leads from the release before to this one, with those changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from graphkit.release.changes import Change, compare
from graphkit.release.history import CHANGELOG, CHANGES, FOLDER, PATCH, changelog, unexplained
from graphkit.release.verify.deposit import Deposit, UnprovedError
from graphkit.release.verify.graphs import graph_lines, packed_lines
from graphkit.release.versions import sha256_of

_FORMER = "tables/former_ids.csv"
_HEAD = re.compile(rb"H (id|prev) <urn:sha256:([0-9a-f]{64})> \.\n")
_REASON, _SUCCESSOR = b"<http://www.w3.org/2000/01/rdf-schema#comment>", b"<http://purl.org/dc/terms/isReplacedBy>"
_END = b"\xff"


def check_history(deposit: Deposit) -> Iterator[str]:
    """Yield former ids that are in use or lead nowhere, and faults of the changes since the release before."""
    yield from _former(deposit)
    names = [name for name in deposit.files if name.startswith(f"{FOLDER}/") and name.endswith(PATCH)]
    if len(names) > 1 or bool(names) != (CHANGES in deposit.files):
        yield f"{FOLDER}/ has {len(names)} patches, but there is one with {CHANGES}, and none without it."
    for name in names[:1]:
        yield from _since(deposit, name)


def _former(deposit: Deposit) -> Iterator[str]:
    rows = list(deposit.rows(_FORMER))
    stones = sum(map(_is_former, graph_lines(deposit)))
    if stones != len(rows):
        yield f"{_FORMER} has {len(rows):,} ids, and the graph has {stones:,} tombstones and merged entities."
    former = {(row["kind"], row["id"]) for row in rows}
    for row in rows:
        lost = row["change"] == "merged" and (not row["into"] or ("entity", row["into"]) in former)
        if lost or not row["reason"]:
            yield f"{_FORMER}: {row['id']} has no reason, or leads to no entity that is there."


def _is_former(line: bytes) -> bool:
    """Return whether a line is the reason of a tombstone, or the successor of an entity."""
    subject, _, rest = line.partition(b"> ")
    return rest.startswith(_REASON if b"tombstone/" in subject else _SUCCESSOR) and b"ontology#" not in subject


@dataclass(frozen=True)
class _Now:
    """The graph of the folder."""

    deposit: Deposit

    def sorted_lines(self) -> Iterator[bytes]:
        return graph_lines(self.deposit)


@dataclass(frozen=True)
class _Before:
    """The graph before a patch: without its added lines, and with its deleted ones."""

    deposit: Deposit
    patch: str

    def sorted_lines(self) -> Iterator[bytes]:
        changed = (line for line in packed_lines(self.deposit, self.patch) if line[:2] in {b"A ", b"D "})
        now = graph_lines(self.deposit)
        one, other = next(now, _END), next(changed, b"D " + _END)
        while not (one == _END == other[2:]):
            if other.startswith(b"A ") and one == other[2:]:
                one, other = next(now, _END), next(changed, b"D " + _END)
            elif other.startswith(b"A ") and other[2:] < one:
                raise UnprovedError(f"{self.patch} adds a line that the graph does not have.")
            elif one < other[2:]:
                yield one
                one = next(now, _END)
            else:
                yield other[2:]
                other = next(changed, b"D " + _END)


def _since(deposit: Deposit, patch: str) -> Iterator[str]:
    heads = map(_HEAD.fullmatch, islice(packed_lines(deposit, patch), 2))
    stated = {match[1]: match[2] for match in heads if match}
    now, before = _Now(deposit), _Before(deposit, patch)
    for word, lines in ((b"id", now), (b"prev", before)):
        if sha256_of(lines.sorted_lines()).encode() != stated.get(word):
            yield f"{patch} has another hash of the graph {'now' if word == b'id' else 'before'} than it states."
    changes = compare(before, now).changes
    rows = [Change(*(row[name] for name in Change._fields)) for row in deposit.rows(CHANGES)]
    if rows != changes:
        yield f"{CHANGES} has {len(rows):,} changes, and the two graphs have {len(changes):,}; or they differ."
    before_name = patch.removeprefix(f"{FOLDER}/since-").removesuffix(PATCH)
    if deposit.text(CHANGELOG) != changelog(before_name, changes):
        yield f"{CHANGELOG} has other changes than {CHANGES}."
    yield from (f"{one.kind} {one.id} is gone without a reason." for one in unexplained(changes))
    yield from (f"{one.kind} {one.id} stands for something else now." for one in changes if one.change == "reused")

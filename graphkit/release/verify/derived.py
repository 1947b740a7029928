"""Rows 21 and 23: files that are made from the tables and the ontology, and are made again here."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from graphkit.release.content import rows_of
from graphkit.release.metadata.mappings import NAME, PREDICATES, Mapping, mappings_in
from graphkit.release.splits import BY_TIME, FOLDER, Fact, facts_in, line_of
from graphkit.release.verify.deposit import TABLE, Deposit, UnprovedError, load_yaml, required_object
from graphkit.release.verify.graphs import triples_of

_PARTS = len(Fact._fields)


# --- row 21 ----------------------------------------------------------------------------------------------------------


def check_splits(deposit: Deposit) -> Iterator[str]:
    """Yield lines that are no triples, leaks between the splits, and splits that the edges do not give."""
    for table in ("edges", "nodes", "edge_statements", "statements"):
        sum(1 for _ in deposit.rows(f"tables/{table}.csv"))
    expected = facts_in(deposit.root)
    found = {name: list(_facts(deposit, f"{FOLDER}/{name}.tsv")) for name in expected}
    for prefix in ("", f"{BY_TIME}/"):
        group = {name: facts for name, facts in found.items() if name.rpartition("/")[0] == prefix[:-1]}
        yield from _leaks(group, prefix)
    for name, facts in expected.items():
        if sorted(found[name]) != sorted(facts):
            yield f"{FOLDER}/{name}.tsv has other triples than tables/edges.csv gives."
    labels = {line_of((row["name"], row["label"])) for row in rows_of(deposit.root, "nodes")}
    if not labels or set(deposit.text(f"{FOLDER}/entity_labels.tsv").splitlines(keepends=True)) != labels:
        yield f"{FOLDER}/entity_labels.tsv has other labels than tables/nodes.csv."


def _facts(deposit: Deposit, name: str) -> Iterator[Fact]:
    with deposit.path(name, TABLE).open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            parts = line.rstrip("\n").split("\t")
            if len(parts) != _PARTS or not all(parts) or '"' in line:
                raise UnprovedError(f"{name}, line {number:,}: it is not three ids with tabs.")
            yield Fact(*parts)


def _leaks(found: dict[str, list[Fact]], prefix: str) -> Iterator[str]:
    train = found[f"{prefix}train"]
    known, pairs = {part for one in train for part in one}, {frozenset((one.start, one.end)) for one in train}
    for name, facts in found.items():
        yield from (f"{FOLDER}/{name}.tsv has {one} twice." for one, times in Counter(facts).items() if times > 1)
        for one in facts if name in {f"{prefix}valid", f"{prefix}test"} else ():
            if not known.issuperset(one):
                yield f"{FOLDER}/{name}.tsv has a part that train.tsv lacks: {one}."
            if frozenset((one.start, one.end)) in pairs:
                yield f"{FOLDER}/{name}.tsv has two nodes that train.tsv has too: {one}."


# --- row 23 ----------------------------------------------------------------------------------------------------------


def mappings_head(deposit: Deposit) -> dict[str, Any]:
    """Return the YAML in the comments at the head of the mappings."""
    lines = (line[1:] for line in deposit.text(NAME).splitlines() if line.startswith("#"))
    return required_object(load_yaml("\n".join(lines)), NAME)


def check_mappings(deposit: Deposit) -> Iterator[str]:
    """Yield mappings with an unknown prefix, property, justification or confidence, and those that differ from ours."""
    prefixes = mappings_head(deposit)["curie_map"]
    lines = (line for line in deposit.text(NAME).splitlines() if not line.startswith("#"))
    rows = list(csv.DictReader(lines, delimiter="\t"))
    if not rows or not set(Mapping._fields) <= rows[0].keys():
        raise UnprovedError(f"{NAME} has no rows, or lacks a column.")
    for number, row in enumerate(rows, 1):
        yield from (f"{NAME}, row {number:,}: {fault}." for fault in _faults(row, prefixes))
    sum(1 for _ in deposit.rows("tables/entities.csv"))
    sum(1 for _ in triples_of(deposit, "ontology.ttl"))
    expected = Counter((one.subject_id, one.predicate_id, one.object_id) for one in mappings_in(deposit.root))
    stated = Counter((_iri(row["subject_id"], prefixes), row["predicate_id"], _iri(row["object_id"], prefixes))
                     for row in rows)  # fmt: skip
    for one in islice(sorted((expected - stated) | (stated - expected)), 3):
        yield f"{NAME} and the tables and ontology differ in {' '.join(one)}."


def _faults(row: dict[str, str], prefixes: dict[str, str]) -> Iterator[str]:
    for name in ("subject_id", "object_id", "predicate_id"):
        if row[name].partition(":")[0] not in prefixes:
            yield f"{name} has no known prefix: {row[name]!r}"
    if row["predicate_id"] not in PREDICATES:
        yield f"an unknown property: {row['predicate_id']!r}"
    if not re.fullmatch(r"semapv:[A-Z]\w+", row["mapping_justification"]):
        yield f"no justification: {row['mapping_justification']!r}"
    confidence = row.get("confidence")
    if confidence and not re.fullmatch(r"0(?:\.\d+)?|1(?:\.0+)?", confidence):
        yield f"confidence is {confidence!r}, which is not from 0 to 1"


def _iri(curie: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local

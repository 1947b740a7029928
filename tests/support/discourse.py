"""Statements with known networks: 112 that we made up, and those of a sample database if it is at hand."""

from __future__ import annotations

import csv
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from places import REPOSITORY

from graphkit.analysis.discourse.coded import Coded, coded
from graphkit.analysis.discourse.settings import Projecting

if TYPE_CHECKING:
    from pathlib import Path

GOLDEN = REPOSITORY / "tests/golden/dna-synth"
SAMPLE = REPOSITORY.parent / "shared/truth/dna-sample"
needs_sample = pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample database of the program is not at hand")
NETWORKS = json.loads((GOLDEN / "networks.json").read_text(encoding="utf-8"))
KINDS: dict[str, tuple[str, Any]] = {
    "agreement": ("boolean", lambda text: text == "1"),
    "score": ("integer", int),
    "constant": ("integer", int),
    "category": ("text", str),
}


def rows(name: str, folder: Path = GOLDEN) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def synthetic(qualifier: str, scale: tuple[int, int] | None = None) -> Coded:
    """Return the 112 made-up statements with one of their qualifiers."""
    said = rows("statements")
    kind, read = KINDS.get(qualifier, ("none", str))
    return coded(
        [row["id"] for row in said],
        [row["organisation"] for row in said],
        [row["concept"] for row in said],
        [read(row[qualifier]) for row in said] if qualifier != "none" else None,
        [row["document"] for row in said],
        [row["date"] for row in said],
        qualifier=kind,
        scale=scale,
    )


@cache
def sample(row: str = "organization", column: str = "concept", qualifier: str | None = "agreement") -> Coded:
    """Return the statements of the sample database; labels are ids, prefixed with their place in its order."""
    said = rows("sample_statements", SAMPLE)
    places = {
        entry["entity_id"]: f"{int(entry['rank_in_program_sort_order']):03}:{entry['entity_id']}"
        if entry["is_empty_label"] == "0"
        else ""
        for entry in rows("sample_entities", SAMPLE)
    }
    return coded(
        [entry["statement_id"] for entry in said],
        [places[entry[f"{row}_id"]] for entry in said],
        [places[entry[f"{column}_id"]] for entry in said],
        [entry["agreement"] == "1" for entry in said] if qualifier else None,
        [entry["document_id"] for entry in said],
        [np.datetime64(int(entry["document_unixtime"]), "s") for entry in said],
    )


def records(name: str) -> list[dict[str, Any]]:
    found = json.loads((SAMPLE / f"{name}.json").read_text(encoding="utf-8")) if SAMPLE.is_dir() else []
    assert isinstance(found, list)
    return found


def sample_settings(given_settings: dict[str, Any]) -> Projecting:
    return Projecting(
        mode="two-mode" if given_settings.get("networkType") == "twomode" else "actors",
        aggregation=given_settings["qualifierAggregation"],
        normalisation=given_settings["normalization"],
        duplicates=given_settings["duplicates"].replace("acrossrange", "all"),
        isolates=given_settings.get("isolates", False),
        compat="dna3",
    )

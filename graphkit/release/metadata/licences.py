"""LICENSES/, REUSE.toml and LICENCES.md: the licence of each file, and those of the sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata as installed

from graphkit.model.workspace import LICENCES
from graphkit.release.metadata.facts import Facts

_OTHER = "LicenseRef-dataset"
# The ontology and the shapes are those of graphkit, wherever the data are from.
_ONTOLOGY, _AUTHORS = "CC0-1.0", "The graphkit authors"
_REUSE = """version = 1

[[annotations]]
path = "**"
SPDX-FileCopyrightText = {holders}
SPDX-License-Identifier = {data}

[[annotations]]
path = ["ontology.ttl", "shapes.ttl"]
SPDX-FileCopyrightText = {authors}
SPDX-License-Identifier = {ontology}
"""


def licence_files(facts: Facts) -> dict[str, str]:
    """Return the texts of the licences and the table of files and licences, by their paths."""
    year = facts.released[:4]
    return {
        "REUSE.toml": _REUSE.format(
            holders=json.dumps([f"{year} {creator.name}" for creator in facts.dataset.creators], ensure_ascii=False),
            data=json.dumps(facts.spdx or _OTHER),
            authors=json.dumps(f"{year} {_AUTHORS}"),
            ontology=json.dumps(_ONTOLOGY),
        ),
        f"LICENSES/{facts.spdx or _OTHER}.txt": _text(facts.spdx, facts.dataset.licence),
        f"LICENSES/{_ONTOLOGY}.txt": _text(_ONTOLOGY, LICENCES[_ONTOLOGY]),
    }


def _text(spdx: str, address: str) -> str:
    """Return the text of a licence if graphkit has it, and its address otherwise."""
    text = installed.distribution("graphkit").read_text(f"licenses/LICENSES/{spdx}.txt")
    return text or f"The text of this licence is at {address}\n"


def source_licences(facts: Facts, sources: Mapping[str, int]) -> str:
    """Return LICENCES.md.

    Args:
        sources: The address of a licence to the number of its sources; "" for those that are quoted only.
    """
    head = f"# Licences of {facts.dataset.title}, version {facts.dataset.version}\n\n"
    files = f"The data and their descriptions: {facts.dataset.licence}\n\nOntology and shapes: {LICENCES[_ONTOLOGY]}\n"
    rows = "".join(f"| {name or 'none: quotations and facts only'} | {number} |\n" for name, number in sources.items())
    return f"{head}{files}\n| licence of a source | sources |\n|---|---:|\n{rows}"

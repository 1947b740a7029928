"""A released folder that tests of releases share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from places import SMALL, copy_workspace

from graphkit.build.pipeline import build
from graphkit.corpus.load import load_dataset
from graphkit.graph import open_graph
from graphkit.release.release import write_release

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

FACTS = """released: 2026-11-23
subjects: [lamps]
collection: Made up.
limits: [It is small.]
uses: [Tests.]
misuses: [Anything else.]
sensitive: None.
maintenance: By nobody.
"""
CREATOR = "creators: [{name: Ada Example, orcid: 0000-0002-1825-0097, affiliation: A Fund, ror: 05dxps055}]"


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Path]:
    """Return the small workspace with everything that a dataset may say about itself, and its release."""
    folder = tmp_path_factory.mktemp("released")
    place = copy_workspace(SMALL, folder / "w")
    path = place.data / "dataset.yaml"
    text = path.read_text(encoding="utf-8").replace("creators: [Nobody]", CREATOR)
    path.write_text(text + FACTS, encoding="utf-8")
    assert build(place).ok
    graph = open_graph(place.root)
    write_release(place, graph.store, load_dataset(place), folder / "dist" / "1.2.3")
    return graph, folder / "dist" / "1.2.3"

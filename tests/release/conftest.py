"""A released folder that tests of releases share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from places import SMALL, copy_workspace

from graphkit.build.pipeline import build
from graphkit.corpus.load import load_dataset
from graphkit.graph import open_graph
from graphkit.release.release import ReleaseOptions, write_release

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace

FACTS = """released: 2026-11-23
subjects: [lamps]
collection: Made up.
limits: [It is small.]
uses: [Tests.]
misuses: [Anything else.]
sensitive: None.
maintenance: By nobody.
contact: lamps@example.org
home: https://data.example.org/lamps/
"""
SHA256 = "b" * 64
GONE = f"""  gone:
    subject: force
    relation: operates
    object: scheme
    gist: Gist of gone.
    evidence: {{starts: words of gone, sha256: {SHA256}}}
"""
OLD = "id: old-1\nkind: news-article\npublisher: weekly\ntitle: old-1\nurl: https://example.org/old-1\n"
OLD += f'published: "2020-05-01"\nstatements:\n{GONE}'
PAPER = "  old-paper: {kind: organisation, label: Old paper}\n"
REASONS = """id,kind,date,reason
daily-1/gone,statement,2026-11-22,The passage says something else.
old-1,source,2026-11-22,"The publisher, asked again, took it back."
"""
MERGE = 'merges:\n  old-paper: {into: daily, reason: Its earlier name., date: "2026-11-22"}\n'
CREATOR = "creators: [{name: Ada Example, orcid: 0000-0002-1825-0097, affiliation: A Fund, ror: 05dxps055}]"


# Stands for pyLODE, which has an environment of its own.
PAGES = f"""#!{sys.executable}
import re, sys
text = open(sys.argv[-1].replace(".ttl", ".nt"), encoding="utf-8").read()
names = re.findall(r"^<([^>]*)> <[^>]*type> <[^>]*owl#", text, re.M)
lines = [f"<code>{{name}}</code>" for name in names]
open(sys.argv[-2], "w", encoding="utf-8").write("\\n".join(["<html><body>", *lines, "</body></html>"]))
"""


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Path]:
    """Return the small workspace with everything that a dataset may say about itself, and its release.

    Beside it is the release before, which has a statement, a source and an entity more.
    """
    folder = tmp_path_factory.mktemp("released")
    place = copy_workspace(SMALL, folder / "w")
    text = (place.data / "dataset.yaml").read_text(encoding="utf-8").replace("creators: [Nobody]", CREATOR)
    said, names = place.data / "sources/daily-1.yaml", place.data / "entities/all.yaml"
    now = {path: path.read_text(encoding="utf-8") for path in (said, names)}
    write(place.data / "dataset.yaml", text.replace("1.2.3", "1.2.2") + FACTS)
    write(said, now[said] + GONE)
    write(names, now[names] + PAPER)
    write(place.data / "sources/old-1.yaml", OLD)
    write(folder / "pages", PAGES)
    (folder / "pages").chmod(0o700)
    released_now(place, folder / "dist" / "1.2.2")
    write(place.data / "dataset.yaml", text + FACTS)
    write(said, now[said])
    (place.data / "sources/old-1.yaml").unlink()
    write(place.data / "merges.yaml", MERGE)
    write(place.tombstones, REASONS)
    return released_now(place, folder / "dist" / "1.2.3"), folder / "dist" / "1.2.3"


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def released_now(place: Workspace, folder: Path) -> Graph:
    """Build a workspace and release it."""
    assert build(place).ok
    graph = open_graph(place.root)
    options = ReleaseOptions(folder.parents[1] / "pages", nanopubs=True)
    write_release(place, graph.store, load_dataset(place), folder, options)
    return graph

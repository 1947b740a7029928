"""Where things are, and how tests make a workspace of some data."""

from __future__ import annotations

import shutil
from pathlib import Path

from graphkit.model.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = REPOSITORY / "tests/data/small/data"
RULES = REPOSITORY / "tests/data/rules/data"
FIGURES = REPOSITORY / "tests/data/figures/data"
# Captures are other people's texts and live outside the repository.
SHARED_CAPTURES = REPOSITORY.parent / "shared" / "sources"


def copy_workspace(data: Path, folder: Path) -> Workspace:
    """Make a workspace of some data and the ontology of the repository."""
    shutil.copytree(REPOSITORY / "ontology", folder / "ontology")
    shutil.copytree(data, folder / "data")
    return Workspace(folder)

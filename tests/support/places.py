"""Where things are, and how tests make a workspace of some data."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from graphkit.model.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = REPOSITORY / "tests/data/small/data"
MODEL = REPOSITORY / "tests/data/model/data"
RULES = REPOSITORY / "tests/data/rules/data"
FIGURES = REPOSITORY / "tests/data/figures/data"
CODED = REPOSITORY / "tests/data/coded/codebook.yaml"
QUESTIONS = REPOSITORY / "tests/data/questions/data"
# Captures are other people's texts and live outside the repository.
SHARED_CAPTURES = REPOSITORY.parent / "shared" / "sources"


def copy_workspace(data: Path, folder: Path) -> Workspace:
    """Make a workspace of some data and the ontology of the repository."""
    shutil.copytree(REPOSITORY / "ontology", folder / "ontology", copy_function=shutil.copyfile)
    shutil.copytree(data, folder / "data", copy_function=shutil.copyfile)
    return Workspace(folder)


def merged_data(folder: Path, *parts: Path) -> Path:
    """Put several data folders into one; their entities are merged by slug, and the first dataset.yaml counts."""
    entities: dict[str, dict[str, object]] = {}
    for part in parts:
        for path in part.glob("entities/*.yaml"):
            entities |= yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]
        shutil.copytree(part / "sources", folder / "sources", dirs_exist_ok=True)
        if (part / "verification.csv").exists():  # of one part only
            shutil.copy(part / "verification.csv", folder)
    (folder / "entities").mkdir()
    (folder / "entities/all.yaml").write_text(yaml.safe_dump({"entities": entities}), encoding="utf-8")
    shutil.copy(parts[0] / "dataset.yaml", folder)
    return folder

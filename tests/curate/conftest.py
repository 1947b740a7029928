"""A generated corpus, which imports on one machine and on Spark are tested with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from generated import SIZE

from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.model.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from generated import Rows


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_workspace(tmp_path / "w", entities(SIZE, 3))
    return Workspace(tmp_path / "w")


@pytest.fixture
def rows() -> Rows:
    return [json.loads(line) for line in corpus(SIZE, 3)]

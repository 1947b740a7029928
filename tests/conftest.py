"""Workspaces that tests build: the starter, a small one with every kind of dispute, and our own data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from graphkit.build import Checked, build
from graphkit.graph import Graph, open_graph
from graphkit.workspace import Workspace, init_workspace

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_CAPTURES = REPOSITORY.parent / "shared" / "sources"

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def copy_workspace(data: Path, folder: Path) -> Workspace:
    """Make a workspace of some data and the ontology of the repository."""
    shutil.copytree(REPOSITORY / "ontology", folder / "ontology")
    shutil.copytree(data, folder / "data")
    return Workspace(folder)


@pytest.fixture
def starter(tmp_path: Path) -> Workspace:
    """Return a fresh workspace as `graphkit init` makes it."""
    return init_workspace(tmp_path / "workspace")


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    """Return a workspace with four sources and every kind of dispute."""
    return copy_workspace(REPOSITORY / "tests/data/small/data", tmp_path / "small")


@pytest.fixture(scope="session")
def small_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the small workspace, built."""
    place = copy_workspace(REPOSITORY / "tests/data/small/data", tmp_path_factory.mktemp("small") / "w")
    built = build(place)
    assert built.ok, built.problems
    return open_graph(place.root)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Checked]:
    """Return our own data, built, with what the build said."""
    place = copy_workspace(REPOSITORY / "data", tmp_path_factory.mktemp("ours") / "w")
    built = build(place)
    assert built.ok, built.problems
    return open_graph(place.root), built

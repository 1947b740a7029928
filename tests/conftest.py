"""Workspaces that tests build: the starter, a small one with every kind of dispute, and our own data."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
from asyncio.events import _set_running_loop as enter_loop
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import CHROMIUM, FLAGS
from hypothesis import settings
from places import CODED, FIGURES, QUESTIONS, REPOSITORY, RULES, SMALL, copy_workspace, merged_data

from graphkit.build.pipeline import Checked, build
from graphkit.graph import Graph, open_graph
from graphkit.model.workspace import Workspace, init_workspace
from graphkit.query.fork_server import ForkServer
from graphkit.query.limits import Limits
from graphkit.query.worker import LocalSpawner, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# The loop of the browser, once it runs.
_LOOPS: list[asyncio.AbstractEventLoop] = []

# The W3C's suites are not here but fetched: make conformance names these files itself.
collect_ignore = ["conformance"] if "RDF_TESTS" not in os.environ else []

# The tests make some thousand workspaces; in memory, none of them waits for the disk.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))

# Nor does each of the interpreters that tests start compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Examples that build a workspace take as long as they take; CI brings its own profile.
settings.register_profile("graphkit", deadline=None)
if settings.get_current_profile_name() != "ci":
    settings.load_profile("graphkit")


def pytest_collection_finish() -> None:
    """Take modules and tests out of garbage collection: neither it nor a forked process has to touch them all."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running chromium, one for all tests of a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        _LOOPS.append(asyncio.get_running_loop())
        yield found
        enter_loop(_LOOPS.pop())
        found.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Iterator[None]:
    """Let the loop of the browser run in its tests only: elsewhere `asyncio.run` would refuse to start another."""
    enter_loop(_LOOPS[0] if _LOOPS and "browser" in item.fixturenames else None)
    result = yield
    enter_loop(None)
    return result


@pytest.fixture(autouse=True, scope="session")
def _quick_workers() -> Iterator[None]:
    """Fork workers from a small process: to copy the pages of the test runner takes ten times as long."""
    server = ForkServer(["graphkit.build.engine", "graphkit.query.questions"])
    first = Worker(None, Limits(), server)
    first.start()  # here, where no test has changed the folder or a variable
    first.stop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalSpawner, "here", classmethod(lambda cls: server if cls is LocalSpawner else cls()))
        yield


@pytest.fixture(scope="session")
def _starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return init_workspace(tmp_path_factory.mktemp("starter") / "workspace").root


@pytest.fixture
def starter(_starter: Path, tmp_path: Path) -> Workspace:
    """Return a fresh workspace as `graphkit init` makes it."""
    return Workspace(shutil.copytree(_starter, tmp_path / "workspace", copy_function=shutil.copyfile))


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    """Return a workspace with four sources and every kind of dispute."""
    return copy_workspace(SMALL, tmp_path / "small")


def built_graph(data: Path, folder: Path) -> tuple[Graph, Checked]:
    """Build some data, and return the graph with what the build said."""
    place = copy_workspace(data, folder)
    built = build(place)
    assert built.ok, built.problems
    return open_graph(place.root), built


@pytest.fixture(scope="session")
def small_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the small workspace, built."""
    return built_graph(SMALL, tmp_path_factory.mktemp("small") / "w")[0]


@pytest.fixture
def built_small(small_graph: Graph, tmp_path: Path) -> Workspace:
    """Return a copy of the small workspace with its build, to change."""
    without = shutil.ignore_patterns("places")  # which views of other tests kept
    shutil.copytree(small_graph.workspace.root, tmp_path / "small", symlinks=True, ignore=without)
    return Workspace(tmp_path / "small")


@pytest.fixture(scope="session")
def coded_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the small workspace with a codebook, built."""
    place = copy_workspace(SMALL, tmp_path_factory.mktemp("coded") / "w")
    shutil.copy(CODED, place.codebook)
    assert build(place).ok
    return open_graph(place.root)


@pytest.fixture(scope="session")
def rules_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return a workspace with a case for each condition of the rules, built."""
    return built_graph(RULES, tmp_path_factory.mktemp("rules") / "w")[0]


@pytest.fixture(scope="session")
def figures_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return a workspace with a case for each condition of the rules about amounts and corrections, built."""
    return built_graph(FIGURES, tmp_path_factory.mktemp("figures") / "w")[0]


@pytest.fixture(scope="session")
def questions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Checked]:
    """Return a workspace in which every saved question has an answer, built, with what the build said."""
    folder = tmp_path_factory.mktemp("questions")
    return built_graph(merged_data(folder / "data", SMALL, FIGURES, QUESTIONS), folder / "w")


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Checked]:
    """Return our own data, built, with what the build said."""
    return built_graph(REPOSITORY / "data", tmp_path_factory.mktemp("ours") / "w")


@pytest.fixture(scope="session")
def ours_graph(ours: tuple[Graph, Checked]) -> Graph:
    """Return the graph of our own data."""
    return ours[0]

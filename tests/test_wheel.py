"""The wheel is whole: it works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = folder.glob("graphkit-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_the_whole_ontology(unpacked: Path) -> None:
    kept = {
        path.relative_to(REPOSITORY / "ontology") for path in (REPOSITORY / "ontology").rglob("*") if path.is_file()
    }
    carried = {
        path.relative_to(unpacked / "graphkit/ontology")
        for path in (unpacked / "graphkit/ontology").rglob("*")
        if path.is_file()
    }
    assert carried == kept


def test_the_wheel_carries_what_the_query_page_needs(unpacked: Path) -> None:
    assert {path.name for path in (unpacked / "graphkit/web/assets").iterdir()} == {
        "query.js", "query.css", "engine.js", "LICENSES-OF-OTHERS.txt",
    }  # fmt: skip
    assert not (unpacked / "web").exists()


def test_an_installed_package_starts_builds_and_answers_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    def graphkit(*arguments: str) -> str:
        code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from graphkit.cli import main; main()"
        environment = {name: value for name, value in os.environ.items() if name != "GRAPHKIT_WORKSPACE"}
        run = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path / "new" if (tmp_path / "new").exists() else tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return run.stdout

    assert "is a workspace" in graphkit("init", "new")
    assert "4 verified" in graphkit("check", "--captures", "captures")
    graphkit("build")
    answer = graphkit("query", "consulted-and-denied", "--format", "csv")
    assert "Neighbours United says that nobody consulted it about the street cameras." in answer
    graphkit("view")
    assert (tmp_path / "new/build/network.html").stat().st_size > 10_000
    graphkit("site", "site")
    assert "Neighbours United" in (tmp_path / "new/site/index.html").read_text(encoding="utf-8")

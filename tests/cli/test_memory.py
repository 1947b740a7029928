"""A command in a shell with little memory ends with a message, and leaves the last build as it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

from graphkit.build.pipeline import build
from graphkit.model.workspace import Workspace, init_workspace

GRAPHKIT = f"{sys.executable} -c 'from graphkit.cli import main; main()'"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = init_workspace(tmp_path_factory.mktemp("memory") / "w")
    assert build(workspace).ok
    return workspace


@pytest.mark.parametrize("kilobytes", [60_000, 150_000, 400_000])
@pytest.mark.parametrize("command", ["build", "check", "query who-denies", "view -o view.html"])
def test_too_little_memory_is_reported_as_such(built: Workspace, command: str, kilobytes: int) -> None:
    before = built.graph_file.read_bytes()
    line = f"ulimit -v {kilobytes}; exec {GRAPHKIT} {command}"
    ended = subprocess.run(
        ["bash", "-c", line], cwd=built.root, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode in (0, 2), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "panicked" not in ended.stderr
    if ended.returncode:
        assert "memory" in ended.stderr
    assert built.graph_file.read_bytes() == before

"""A command in a shell with little memory ends with a message, and leaves the last build as it was."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphkit.build.pipeline import build
from graphkit.model.workspace import Workspace, init_workspace

if TYPE_CHECKING:
    from pathlib import Path

GRAPHKIT = f"{sys.executable} -c 'from graphkit.cli import main; main()'"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = init_workspace(tmp_path_factory.mktemp("memory") / "w")
    assert build(workspace).ok
    return workspace


# Enough memory for the imports or not; with more than twice as much, some of these commands succeed.
@pytest.mark.parametrize(
    ("command", "kilobytes"),
    [
        ("build", 60_000),
        ("build", 150_000),
        ("build", 400_000),
        ("check", 150_000),
        ("query who-denies", 150_000),
        ("view -o view.html", 150_000),
    ],
)
def test_too_little_memory_is_reported_as_such(built: Workspace, command: str, kilobytes: int) -> None:
    before = built.graph_file.read_bytes()
    ended = limited(kilobytes, f"{GRAPHKIT} {command}", built.root)
    assert ended.returncode in (0, 2), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "panicked" not in ended.stderr
    if ended.returncode:
        assert "memory" in ended.stderr
    assert built.graph_file.read_bytes() == before


# Where an allocation fails first is a matter of luck: these are all the ends that were seen, each made on purpose.
@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        ("os.abort()", 2, "not enough memory"),
        ("os.write(2, b'cannot allocate memory for thread-local data: ABORT'); os._exit(127)", 2, "not enough memory"),
        ("os.write(2, b'terminate called without an active exception'); os.abort()", 2, "not enough memory"),
        ("raise MemoryError", 2, "not enough memory"),
        ("sys.exit('The query needs more memory.')", 1, "The query needs more memory."),
        ("os._exit(127)", 127, ""),
        ("os.kill(os.getpid(), 15)", 143, ""),
    ],
)
def test_each_end_under_a_limit_is_reported_by_its_cause(tmp_path: Path, end: str, code: int, said: str) -> None:
    program = tmp_path / "command.py"
    program.write_text(
        f"import os, sys\nfrom graphkit.cli.memory import run_within_limit\ndef command():\n    {end}\n"
        "run_within_limit(command)\n",
        encoding="utf-8",
    )
    ended = limited(2_000_000, f"{sys.executable} command.py", tmp_path)
    assert ended.returncode == code, ended.stderr
    assert said in ended.stderr
    assert ("not enough memory" in ended.stderr) == (code == 2)


def limited(kilobytes: int, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell that allows so much address space."""
    return subprocess.run(
        ["bash", "-c", f"ulimit -v {kilobytes}; exec {command}"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

"""`-o` writes to standard output, links, pipes and devices, and never replaces them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphkit.build.pipeline import build
from graphkit.model.workspace import Workspace, init_workspace

GRAPHKIT = [sys.executable, "-c", "from graphkit.cli import main; main()"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = init_workspace(tmp_path_factory.mktemp("output") / "w")
    assert build(workspace).ok
    return workspace


def graphkit(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*GRAPHKIT, *arguments], cwd=workspace.root, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (["export", "turtle", "-o", "-"], b"@prefix"),
        (["export", "turtle", "-o", "/dev/stdout"], b"@prefix"),
        (["view", "-o", "-"], b"<!doctype html>"),
        (["import", "--template", "-o", "-"], b"source,"),
    ],
)
def test_output_to_stdout_is_the_file_and_nothing_else(
    built: Workspace, arguments: list[str], beginning: bytes
) -> None:
    ended = graphkit(built, *arguments)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(beginning)
    assert b"policy attributed" not in ended.stdout.splitlines()[-1]
    assert not (built.root / "-").exists()


def test_a_table_export_to_stdout_is_refused(built: Workspace) -> None:
    ended = graphkit(built, "export", "csv", "-o", "-")
    assert ended.returncode == 2
    assert b"csv is two files" in ended.stderr


def test_a_link_and_a_device_stay_as_they_are(built: Workspace, tmp_path: Path) -> None:
    link = tmp_path / "link.ttl"
    link.symlink_to(tmp_path / "real.ttl")
    assert graphkit(built, "export", "turtle", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "real.ttl").stat().st_size > 1000
    assert graphkit(built, "export", "turtle", "-o", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()


def test_a_full_device_is_reported(built: Workspace) -> None:
    ended = graphkit(built, "export", "turtle", "-o", "/dev/full")
    assert ended.returncode == 2
    assert b"/dev/full cannot be written: No space left on device." in ended.stderr

"""A quick slice of `make faults`: commands are interrupted at one call, and work when they are run again.

This slice has the commands with the most steps; `make faults` has all.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from faults.commands import COMMANDS

ROOT = Path(__file__).parents[1]
SLICE = ("build, again", "build, refused", "import", "entities --merge", "publish", "erase, statement", "release --bag")


@pytest.fixture(scope="module")
def rows() -> dict[str, list[int]]:
    """Return the numbers in the row of each command."""
    # In a process of its own: it forks the trials, and must never have opened a store.
    words = [sys.executable, "-m", "faults", "--most", "1", "--kills", str(len(SLICE)), "--jobs", "1", *SLICE]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = [line for line in ended.stdout.splitlines()[1:] if not line.startswith(" ")]
    return {line[:18].strip(): [int(number) for number in line[18:].split()] for line in lines}


def test_the_slice_is_a_part() -> None:
    assert set(SLICE) < {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", SLICE)
def test_an_interrupted_command_loses_nothing(rows: dict[str, list[int]], name: str) -> None:
    calls, kills, *_, tried, survived, _seconds = rows[name]
    assert (tried, survived) == (5, 5)
    assert calls
    assert kills

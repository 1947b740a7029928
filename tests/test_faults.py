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
SLICE = ("build, again", "build, refused", "import", "entities --merge")


def test_the_slice_is_a_part() -> None:
    assert set(SLICE) < {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", SLICE)
def test_an_interrupted_command_loses_nothing(name: str) -> None:
    # In a process of its own: it forks the trials, and must never have opened a store.
    ended = subprocess.run(
        [sys.executable, "-m", "faults", "--most", "1", "--kills", "1", name],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    tried = int(ended.stdout.splitlines()[1].split()[-2])
    assert tried == (1 if name == "build, refused" else 5)

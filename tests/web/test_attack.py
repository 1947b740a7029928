"""A part of `make attack`: hostile queries, requests, files and arguments do no harm."""

from __future__ import annotations

import subprocess
import sys

from places import REPOSITORY


def test_a_part_of_the_hostile_inputs_does_no_harm() -> None:
    command = [sys.executable, "-m", "attack", "--quick"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "survived" in done.stdout

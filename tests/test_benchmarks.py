"""`make bench` runs every benchmark without arguments."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_without_arguments(name: str) -> None:
    inspect.signature(importlib.import_module(f"benchmarks.{name}").main).bind()


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    words = [sys.executable, "-m", "benchmarks", "start_up", "speed"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "There is no benchmark speed. Type one of: bench_discourse," in ended.stderr
    assert not ended.stdout

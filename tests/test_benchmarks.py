"""`make bench` runs every benchmark without arguments."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from benchmarks.bench_scale import Derived, Size, Taken, line, power, predicted_build, predicted_rules

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


def made_up(statements: int) -> Size:
    """Return a build whose conflicting pairs grow faster than its statements."""
    size = Size(statements, given=30 * statements)
    pairs = statements**1.8 / 1_000
    size.rules = {
        "voice": Derived(1e-5 * statements + 5e-6 * statements, statements, dispute=False),
        "value-conflict": Derived(2e-5 * statements + 5e-6 * pairs, pairs, dispute=True),
    }
    size.whole = Taken(0, 1 + 1e-5 * size.quads + size.all_rules)
    return size


def test_a_build_is_predicted_from_smaller_ones_although_pairs_grow_faster() -> None:
    fitted, last = [made_up(2_000), made_up(10_000), made_up(30_000)], made_up(100_000)
    rules = predicted_rules(fitted, 100_000)
    assert rules["value-conflict"].lines == pytest.approx(last.rules["value-conflict"].lines)
    assert rules["value-conflict"].cores == pytest.approx(last.disputes)
    assert predicted_build(fitted, 100_000) == pytest.approx((last.quads, last.whole.cores))
    fixed, slope = line([size.statements for size in fitted], [size.disputes for size in fitted])
    assert fixed + slope * 100_000 < 0.7 * last.disputes, "a line in statements is a lower bound"


def test_a_law_has_no_exponent_above_that_of_pairs_and_none_of_one_count() -> None:
    assert power([10, 100], [1, 1_000])[1] == 2
    assert power([10, 100], [0, 50]) == (0.5, 1)
    assert power([10, 100, 1_000], [0, 0, 0]) == (0, 1)

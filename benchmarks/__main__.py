"""Run all benchmarks, or those that are named: `make bench`, `make bench ARGS="start_up bench_view"`."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

# One makes what the others measure, one writes a page of the documentation (`make consumers`), one compares the
# disputes of a build that it is given, and one has a command of its own (`make scale`).
_NO_BENCHMARKS = {"corpus", "consumers", "naive_disputes", "bench_scale"}
NAMES = sorted({path.stem for path in Path(__file__).parent.glob("[a-z]*.py")} - _NO_BENCHMARKS)


def main() -> None:
    """Run the `main` of each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run all benchmarks, or those named.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names = parser.parse_args().names
    if unknown := sorted({*names} - {*NAMES}):
        parser.error(f"There is no benchmark {', '.join(unknown)}. Type one of: {', '.join(NAMES)}.")
    # Some read arguments of their own, which would be these names.
    del sys.argv[1:]
    for name in names or NAMES:
        print(f"\n{name.replace('_', ' ')}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()

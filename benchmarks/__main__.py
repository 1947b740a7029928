"""Run all benchmarks: `make bench`."""

from __future__ import annotations

import importlib
from pathlib import Path

# The first makes what the others measure; the second writes a page of the documentation: `make consumers`.
_NO_BENCHMARKS = {"corpus", "consumers"}


def main() -> None:
    """Run the `main` of every module here, in the order of their names."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        if path.stem in _NO_BENCHMARKS:
            continue
        print(f"\n{path.stem.replace('_', ' ')}")
        importlib.import_module(f"benchmarks.{path.stem}").main()


if __name__ == "__main__":
    main()

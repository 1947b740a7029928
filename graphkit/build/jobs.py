"""Jobs of the processes that a large build starts.

They are in a module of their own: with the modules that read the data, each process would take 17 MB more.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from graphkit.store import index_file, slices

# Bytes of a sorted file.
_RUN = 8_000_000
# Slices that one process loads into the index before another continues.
_SLICES = 32


def keep_sorted(folder: Path, lines: bytes) -> list[Path]:
    """Write lines to new files, each in its order; the process of the rules does, because they may be many."""
    return [_write_sorted(folder, part) for part in slices(lines, _RUN)]


def _write_sorted(folder: Path, lines: bytes) -> Path:
    with NamedTemporaryFile(dir=folder, prefix="run-", delete=False) as file:
        file.writelines(sorted(lines.splitlines(keepends=True)))
    return Path(file.name)


def index_slices(_store: None, index: Path, lines: Path, start: int) -> int:
    """Add some slices of a file of lines to an index; return where to continue, or -1."""
    return index_file(index, lines, start, _SLICES)

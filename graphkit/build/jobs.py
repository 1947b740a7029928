"""Jobs of the processes that a large build starts.

They are in a module of their own: with the modules that read the data, each process would take 17 MB more.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from graphkit.store import index_file

# Slices that one process loads into the index before another continues.
_SLICES = 16


def keep_sorted(folder: Path, lines: bytes) -> Path:
    """Write lines in their order to a new file; the process of the rules does, because they may be many."""
    with NamedTemporaryFile(dir=folder, prefix="run-", delete=False) as file:
        file.writelines(sorted(lines.splitlines(keepends=True)))
    return Path(file.name)


def index_slices(_store: None, index: Path, lines: Path, start: int) -> int:
    """Add some slices of a file of lines to an index; return where to continue, or -1."""
    return index_file(index, lines, start, _SLICES)

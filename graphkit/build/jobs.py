"""Jobs of the processes that a large build starts.

They are in a module of their own: with the modules that read the data, each process would take 17 MB more.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from graphkit.store import index_file

# Bytes of a sorted file. A process may have 1,024 files open, and of a million statements rules derive gigabytes.
_RUN = 32_000_000
# Slices that one process loads into the index before another continues.
_SLICES = 32


def keep_sorted(folder: Path, parts: Iterable[bytes]) -> list[Path]:
    """Write lines to new files, each in its order; the process of the rules does, because they may be many."""
    written: list[Path] = []
    lines: list[bytes] = []
    size = 0
    for part in parts:
        lines += part.splitlines(keepends=True)
        size += len(part)
        if size > _RUN:
            written.append(_write_sorted(folder, lines))
            lines, size = [], 0
    return [*written, _write_sorted(folder, lines)] if lines else written


def _write_sorted(folder: Path, lines: list[bytes]) -> Path:
    lines.sort()
    with NamedTemporaryFile(dir=folder, prefix="run-", delete=False) as file:
        file.writelines(lines)
    return Path(file.name)


def index_slices(_store: None, index: Path, lines: Path, start: int) -> int:
    """Add some slices of a file of lines to an index; return where to continue, or -1."""
    return index_file(index, lines, start, _SLICES)

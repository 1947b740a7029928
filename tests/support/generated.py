"""Generated statements, in the form of a table of JSON lines, for tests of large imports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 400
Rows = list[dict[str, Any]]


def write(path: Path, rows: Rows) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path

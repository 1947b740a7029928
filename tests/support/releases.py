"""Changes of a released folder, which proofs have to find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The programs that prove a release from environments of their own.
PROGRAMS = ("HermiT", "rocrate-validator", "cffconvert", "reuse", "ndex2", "ladybug", "sssom")


def replaced(name: str, old: str, new: str, folder: Path) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.MULTILINE)
    assert changed != text, f"{old!r} is not in {name}"
    (folder / name).write_bytes(changed.encode())


def removed(name: str, folder: Path) -> None:
    (folder / name).unlink()

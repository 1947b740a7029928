"""The base of the IRIs that are minted for the ids of a workspace, and the search for the workspace.

A process works with one base, which is known before any IRI is made: that of `$GRAPHKIT_BASE`, or of the workspace that
`$GRAPHKIT_WORKSPACE` names or that contains the current folder.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

DEFAULT_BASE = "https://w3id.org/surveillance-policy/"
BASE_PATTERN = r"^https?://[A-Za-z0-9.:\[\]-]+/(?:[^\s<>\"{}|\\^`#?]*/)?(?:[^\s<>\"{}|\\^`#?]+#)?$(?!\n)"
_LINE = re.compile(r"^base:[ \t]*[\"']?([^\s\"']+)", re.MULTILINE)


def workspace_folder(start: Path | str | None = None) -> Path | None:
    """Return the folder of the workspace at a folder or above it.

    Args:
        start: By default `$GRAPHKIT_WORKSPACE`, else the current folder.
    """
    begin = start_folder(start)
    for folder in (begin, *begin.parents):
        if (folder / "ontology").is_dir() and (folder / "data" / "dataset.yaml").is_file():
            return folder
    return None


def start_folder(start: Path | str | None = None) -> Path:
    """Return the folder in which the search for a workspace begins."""
    return Path(start or os.environ.get("GRAPHKIT_WORKSPACE") or Path.cwd()).resolve()


def is_base(text: str) -> bool:
    """Return whether ids can be minted under an IRI.

    >>> is_base("https://example.org/my-graph/"), is_base("example.org"), is_base("https://example.org/a b/")
    (True, False, False)
    """
    return bool(re.search(BASE_PATTERN, text))


def base_of(folder: Path | None) -> str:
    """Return the base of a workspace; the default if it has none, or none that is valid."""
    found = None
    if folder is not None:
        with suppress(OSError, UnicodeDecodeError):
            found = _LINE.search((folder / "data" / "dataset.yaml").read_text(encoding="utf-8-sig"))
    return found[1] if found and is_base(found[1]) else DEFAULT_BASE


def _base() -> str:
    given = os.environ.get("GRAPHKIT_BASE", "")
    if is_base(given):
        return given
    with suppress(OSError):
        return base_of(workspace_folder())
    return DEFAULT_BASE


BASE = _base()

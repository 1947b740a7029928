"""Releases beside a new one: a version is released once, and versions only go up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from graphkit.model.errors import ExportError

_VERSION = re.compile(r"^version: ['\"]?(\d+\.\d+\.\d+)['\"]?$", re.MULTILINE)
_SHOWN = 5


class Earlier(NamedTuple):
    """A release in a folder, by its version and the hashes of its files."""

    folder: Path
    version: tuple[int, ...]
    hashes: Mapping[str, str]


def require_new(part: Path, folder: Path, version: str) -> None:
    """Refuse a version that a folder beside the new release already has with other content, or that is older.

    Args:
        part: Where the new release was written.
        folder: Where it will be.

    Raises:
        ExportError: There is such a folder.
    """
    new = Earlier(folder, _numbers(version), _hashes(part))
    for other in _beside(folder):
        if other.version > new.version:
            name = ".".join(map(str, other.version))
            hint = f"Type a version after {name} in data/dataset.yaml, or name a folder elsewhere with -o."
            raise ExportError(f"{version} is older than {name} in {other.folder}.", hint)
        if other.version == new.version and other.hashes != new.hashes:
            message = f"{version} is released with other content in {other.folder}: {_differing(other, new)}."
            raise ExportError(message, "Type a new version in data/dataset.yaml, build, and release it.")


def release_before(folder: Path, version: str) -> Path | None:
    """Return the release of the latest earlier version in the folders beside one."""
    earlier = [other for other in _beside(folder) if other.version < _numbers(version)]
    return max(earlier, key=lambda other: other.version).folder if earlier else None


def _differing(one: Earlier, other: Earlier) -> str:
    names = sorted({name for name, _ in one.hashes.items() ^ other.hashes.items()})
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _beside(folder: Path) -> Iterator[Earlier]:
    """Yield the releases in the folders beside one."""
    for other in sorted(folder.absolute().parent.iterdir()):
        found = _version_of(other) if other != folder.absolute() and (other / "SHA256SUMS").is_file() else ""
        if found:
            yield Earlier(other, _numbers(found), _hashes(other))


def _version_of(folder: Path) -> str:
    file = folder / "CITATION.cff"
    found = _VERSION.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[1] if found else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _hashes(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}

"""Row 26: the bytes of each file, and that there is not one file more or less."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from graphkit.model.files import hash_file
from graphkit.release.verify.deposit import MOST_FILES, TEXT, Deposit

SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def check_files(deposit: Deposit) -> Iterator[str]:
    """Yield each link, and each file that the list of hashes lacks, has twice, or describes otherwise."""
    if deposit.full:
        yield f"the folder has more than {MOST_FILES:,} files."
        return
    yield from (f"{name} is a link or no regular file." for name in deposit.strange)
    listed, faults = _listed(deposit.text(SUMS))
    yield from faults
    yield from (f"{name} is not in {SUMS}." for name in sorted(deposit.files.keys() - listed.keys() - {SUMS}))
    yield from (f"{name} is in {SUMS} but not in the folder." for name in sorted(listed.keys() - deposit.files))
    for name in sorted(listed.keys() & deposit.files.keys()):
        if hash_file(deposit.root / name) != listed[name]:
            yield f"{name} has other bytes than {SUMS} says{_converted(deposit, name, listed[name])}."


def _converted(deposit: Deposit, name: str, digest: str) -> str:
    """Return what to do about a text whose line ends a program has converted; "" for other changes."""
    body = deposit.path(name).read_bytes() if deposit.files[name] <= TEXT else b""
    if hashlib.sha256(body.replace(b"\r\n", b"\n")).hexdigest() != digest:
        return ""
    return ": its lines end as in Windows. Fetch it again as it is (git: core.autocrlf=false; FTP: binary)"


def _listed(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the hashes by file, and the lines that are wrong."""
    lines = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
    found = [(line, _LINE.fullmatch(line)) for line in lines]
    pairs = [(match[2], match[1]) for _, match in found if match]
    faults = [f"{SUMS} has a line that is no hash in small letters, two spaces and a name: {line[:90]!r}."
              for line, match in found if not match]  # fmt: skip
    faults += [f"{SUMS} has a name that leads out of the folder: {name!r}." for name, _ in pairs if _leads_out(name)]
    faults += [f"{SUMS} has {name!r} {number} times." for name, number in _names(pairs).items() if number > 1]
    return {name: digest for name, digest in pairs if not _leads_out(name)}, faults


def _names(pairs: list[tuple[str, str]]) -> Counter[str]:
    return Counter(name for name, _ in pairs)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or str(path) != name

"""A release as one archive: a zip with the same bytes for the same files, packed as a bag of BagIt 1.0."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

from graphkit.model.dataset import DatasetFile
from graphkit.release.content import listed

# The rights of a file in the archive: all may read it.
_READABLE = 0o100644 << 16
_UNIX = 3


def write_bag(folder: Path, archive: Path, name: str, dataset: DatasetFile) -> None:
    """Pack a release.

    Args:
        name: That of the only folder in the archive; the files of the release are in `data/` there.
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        _write(folder, packed, name, dataset)


def _write(folder: Path, packed: zipfile.ZipFile, name: str, dataset: DatasetFile) -> None:
    files = listed(folder)
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Bagging-Date: {dataset.released}\nExternal-Description: {_line(dataset.title)}, version "
        f"{dataset.version}\nPayload-Oxum: {sum(file.size for file in files)}.{len(files)}\n",
        "manifest-sha256.txt": "".join(f"{file.sha256}  data/{file.name}\n" for file in files),
    }
    hashes = ((hashlib.sha256(text.encode()).hexdigest(), tag) for tag, text in sorted(tags.items()))
    tags["tagmanifest-sha256.txt"] = "".join(f"{digest}  {tag}\n" for digest, tag in hashes)
    for tag, text in sorted(tags.items()):
        packed.writestr(_entry(f"{name}/{tag}"), text)
    for file in files:
        with (folder / file.name).open("rb") as source, packed.open(_entry(f"{name}/data/{file.name}"), "w") as target:
            shutil.copyfileobj(source, target)


def _line(text: str) -> str:
    return " ".join(text.split())


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without the time of its file, which would change the bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE, _UNIX
    return entry

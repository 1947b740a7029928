"""The columns of coded statements, kept beside the build from which they were read.

Reading the statements of a large build takes seconds, and analysts make many networks of one build. The file is in the
folder of the build, and goes with it. Its name is a hash of how the statements were read and of the code that reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from graphkit.analysis.discourse.coded import Coded
from graphkit.analysis.discourse.reading import Read, Reading
from graphkit.model.files import replacing
from graphkit.model.generation import Generation

# A smaller graph is read in less than about 0.1 s.
SMALLEST = 16 * 1024**2
_LISTS = ("actors", "concepts", "documents", "levels", "scale")


def keep_columns(generation: Generation, rows: str, reading: Reading, read: Callable[[], Read]) -> Read:
    """Return the kept columns of a build; else read them, and keep them if the build is large.

    Args:
        rows: A name for what is read, such as `opinions`.
        read: Reads the columns. Where the folder cannot be written to, they are not kept.
    """
    if generation.graph_file.stat().st_size < SMALLEST:
        return read()
    asked = json.dumps([rows, asdict(reading), version("graphkit"), _code()], sort_keys=True)
    path = generation.folder / f"columns-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.npz"
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return _load(path)
    found = read()
    with suppress(OSError):
        _save(path, found)
    return found


@cache
def _code() -> str:
    """Return a hash of the modules that read: what another version has kept may be wrong."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _save(path: Path, read: Read) -> None:
    columns = {field.name: getattr(read.coded, field.name) for field in fields(Coded)}
    arrays: dict[str, Any] = {
        name: value for name, value in columns.items() if isinstance(value, np.ndarray) and name != "ids"
    }
    texts = {name: columns[name] for name in (*_LISTS, "qualifier")}
    rest = {name: getattr(read, name) for name in ("iris", "notes", "settings", "evidence")}
    written = json.dumps({"coded": {**texts, "ids": read.coded.ids.tolist()}, **rest}).encode()
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, texts=np.frombuffer(written, dtype=np.uint8), **arrays)


def _load(path: Path) -> Read:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        columns: dict[str, Any] = {name: arrays[name] for name in arrays.files}
    rest = json.loads(columns.pop("texts").tobytes())
    texts = rest.pop("coded")
    lists = {name: texts[name] and tuple(texts[name]) for name in _LISTS}
    ids = np.array(texts.pop("ids"), dtype=object)
    return Read(Coded(**columns, **{**texts, **lists, "ids": ids}), **rest)

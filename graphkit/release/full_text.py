"""A full-text search of the files of a folder, also of compressed ones, for texts that must not be there."""

from __future__ import annotations

import gzip
import html
import os
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

# Folders of other programs.
LEFT_OUT = frozenset({".git", ".venv", "node_modules", "__pycache__"})
_LARGEST = 500_000_000
_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A text in a file.

    Attributes:
        line: The first line with the text; 0 in a compressed file, or if it is written with escapes.
        found: The text; "" if the file could not be searched.
    """

    path: Path
    line: int
    found: str


class Texts:
    """Texts to search for. A name of one word counts only in the same case; all others in any case, with any spaces."""

    def __init__(self, texts: Collection[str]) -> None:
        flat = {" ".join(text.split()) for text in texts} - {""}
        self.words = sorted(text for text in flat if " " not in text)
        self.phrases = sorted(text for text in flat if " " in text)

    def in_text(self, text: str) -> list[str]:
        r"""Return those that occur in a text, as words of their own.

        >>> Texts(["Jane Doe", "Doe"]).in_text("By jane\n doe, not by a doe.")
        ['Jane Doe']
        """
        flat = " ".join(text.split())
        low = flat.casefold()
        found = [phrase for phrase in self.phrases if phrase.casefold() in low and _pattern(phrase).search(flat)]
        return found + [word for word in self.words if word in flat and _pattern(word).search(flat)]

    def in_file(self, path: Path) -> list[Hit]:
        """Return those that occur in a file, each once."""
        hits: dict[str, Hit] = {}
        try:
            if path.stat().st_size > _LARGEST:
                return [Hit(path, 0, "")]
            for text, as_is in _texts(path):
                for each in self.in_text(text):
                    hits.setdefault(each, Hit(path, first_line(text, each) if as_is else 0, each))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ImportError):
            return [*hits.values(), Hit(path, 0, "")]
        return sorted(hits.values())

    def in_folder(self, folder: Path, but: Collection[Path] = ()) -> Iterator[Hit]:
        """Yield those that occur in the files of a folder, except in some files and folders."""
        for path in files_in(folder, but):
            yield from self.in_file(path)


def files_in(folder: Path, but: Collection[Path] = ()) -> Iterator[Path]:
    """Yield the files in a folder and below it, except some files and folders; links are not followed."""
    for parent, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in LEFT_OUT and Path(parent, name) not in but)
        paths = (Path(parent, name) for name in sorted(files))
        yield from (path for path in paths if path not in but and not path.is_symlink())


def _pattern(text: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<![\w-]){words}(?![\w-])", re.IGNORECASE if " " in text else 0)


def first_line(text: str, found: str) -> int:
    """Return the first line of a text that has another; 0 if none has."""
    match = _pattern(found).search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _texts(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the texts of a file: as it is, decompressed, and without the escapes of JSON and HTML."""
    for content in _contents(path):
        text = content.decode("utf-8", "replace")
        yield text, path.suffix != ".gz"
        if "\\u" in text or "&" in text:
            yield html.unescape(_CODE_POINT.sub(lambda code: chr(int(code[1], 16)), text)), False


def _contents(path: Path) -> Iterator[bytes]:
    if path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif path.suffix in {".zip", ".xlsx"}:
        with zipfile.ZipFile(path) as files:
            yield from (files.read(name) for name in files.namelist())
    elif path.suffix == ".parquet":
        yield from _columns(path)
    else:
        yield path.read_bytes()


def _columns(path: Path) -> Iterator[bytes]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    yield from ("\n".join(str(value) for value in column.to_pylist()).encode() for column in table.columns)

"""Files on any file system that Spark reads: found, looked into, written and renamed through Hadoop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from graphkit.model.errors import GraphkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import SparkSession

FORMS = (".jsonl", ".csv", ".tsv", ".parquet")


def literal(path: str) -> str:
    """Escape the characters of a path that Spark would take for a pattern."""
    return re.sub(r"([][{}*?\\])", r"\\\1", path)


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file of rows.

    Attributes:
        name: How messages name it: the path on this machine, or the address.
        path: Its address.
        modified: In milliseconds since 1970.
    """

    name: str
    path: str
    size: int
    modified: int

    @property
    def form(self) -> str:
        """The end of its name, which decides how it is read."""
        return next(form for form in FORMS if self.path.lower().endswith(form))


@dataclass(frozen=True, slots=True)
class Files:
    """The file systems of a session."""

    spark: SparkSession

    def _open(self, path: str) -> tuple[Any, Any]:
        """Return the file system of a path, and the path as an object of Hadoop."""
        place = self.spark._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001
        return place.getFileSystem(self.spark._jsc.hadoopConfiguration()), place  # noqa: SLF001

    def list_inputs(self, patterns: Sequence[str]) -> list[InputFile]:
        """Return the files that some paths, folders or patterns name, sorted by name.

        Raises:
            GraphkitError: A path names no file, or one that is not read.
        """
        found = {file.path: file for pattern in patterns for file in self._matching(pattern)}
        return sorted(found.values())

    def _matching(self, pattern: str) -> list[InputFile]:
        system, place = self._open(pattern)
        statuses = [system.getFileStatus(place)] if system.exists(place) else list(system.globStatus(place) or ())
        files = [file for status in statuses for file in self._under(system, status, pattern)]
        if not files:
            message = f"{pattern} names no file."
            raise GraphkitError(message, f"Name files that end in {', '.join(FORMS)}, or a folder of them.")
        return files

    def _under(self, system: Any, status: Any, pattern: str) -> Iterator[InputFile]:  # noqa: ANN401 - of the JVM
        if not status.isDirectory():
            if not str(status.getPath()).lower().endswith(FORMS):
                shown = _input(status, pattern).name
                raise GraphkitError(f"{shown} is not a table that Spark can read here.", _FORMS)
            yield _input(status, pattern)
            return
        rest = system.listFiles(status.getPath(), True)  # noqa: FBT003
        while rest.hasNext():
            file = rest.next()
            # Spark marks its own files, such as _SUCCESS, in this way.
            if not file.getPath().getName().startswith(("_", ".")) and file.getPath().getName().endswith(FORMS):
                yield _input(file, "")

    def begin(self, path: str, length: int) -> bytes:
        """Return the first bytes of a file."""
        system, place = self._open(path)
        stream = system.open(place)
        try:
            return bytes(stream.readNBytes(length))
        finally:
            stream.close()

    def exists(self, path: str) -> bool:
        """Return whether there is a file or a folder."""
        system, place = self._open(path)
        return bool(system.exists(place))

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none if there is no such folder."""
        system, place = self._open(folder)
        return sorted(status.getPath().getName() for status in system.listStatus(place)) if system.exists(place) else []

    def remove(self, path: str) -> None:
        """Remove a file or a folder if it is there."""
        system, place = self._open(path)
        system.delete(place, True)  # noqa: FBT003

    def rename(self, path: str, to: str) -> None:
        """Give a file or a folder another name in the same file system."""
        system, place = self._open(path)
        target = self._open(to)[1]
        system.mkdirs(target.getParent())
        if not system.rename(place, target):
            raise GraphkitError(f"{path} cannot be renamed to {to}.", "Make the folder writable.")

    def write(self, path: str, data: bytes) -> None:
        """Write a file as a whole or not at all."""
        system, place = self._open(f"{path}.part")
        stream = system.create(place, True)  # noqa: FBT003
        stream.write(bytearray(data))
        stream.close()
        system.delete(self._open(path)[1], True)  # noqa: FBT003
        self.rename(f"{path}.part", path)


_FORMS = f"Save it as one of: {', '.join(FORMS)}; unpack compressed files."


def _input(status: Any, pattern: str) -> InputFile:  # noqa: ANN401 - of the JVM
    place = status.getPath()
    address = place.toUri()
    local = address.getScheme() == "file"
    name = (pattern if pattern.endswith(f"/{place.getName()}") and "://" not in pattern else "") or (
        address.getPath() if local else place.toString()
    )
    return InputFile(name, place.toString(), status.getLen(), status.getModificationTime())


def same_path(path: str) -> str:
    """Return a path in the one form in which the paths of Spark and of Hadoop are equal.

    >>> same_path("file:///tmp/a%20b.jsonl"), same_path("file:/tmp/a b.jsonl")
    ('file:/tmp/a b.jsonl', 'file:/tmp/a b.jsonl')
    """
    scheme, colon, rest = unquote(path).partition(":")
    return f"{scheme}:/{rest.lstrip('/')}" if colon and scheme == "file" else unquote(path)

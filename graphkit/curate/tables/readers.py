"""CSV, TSV, JSON lines and workbooks as rows of text, one at a time.

Memory does not grow with the table. An unreadable row is returned with its problem, so that nothing is lost; an
unreadable table raises `CannotImportError`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphkit.curate.tables.delimited import delimited_table
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.table import SAVE_AS_UTF8, SAVE_AS_XLSX, CannotImportError, Lines, Row, StatementTable
from graphkit.curate.tables.workbooks import workbook_table
from graphkit.curate.yaml_edit import capital
from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import GraphkitError, Location, Problem

_BEGIN = 4096


@contextmanager
def open_table(path: Path, sheet: str = "", *, facts: bool = True) -> Iterator[StatementTable]:
    """Open a table and check its header.

    Raises:
        CannotImportError: It cannot be read, or its header is wrong; also raised while rows are read.
    """
    suffix = path.suffix.lower()
    if not path.exists():
        hint = "Name a table: .xlsx, .csv, .tsv, .jsonl or .json."
        raise GraphkitError(f"There is no file {path}.", instead_of_file(path, hint))
    if suffix not in {".csv", ".tsv", ".jsonl", ".json", ".xlsx"}:
        hint = SAVE_AS_XLSX.get(suffix, "save it as .xlsx, .csv, .tsv, .jsonl or .json")
        raise GraphkitError(f"{path} is not a table that can be read.", f"{capital(hint)}.")
    if sheet and suffix != ".xlsx":
        raise GraphkitError(f"{path} has no sheets.", "Leave --sheet out.")
    begin = _begin(path)
    if suffix == ".xlsx":
        with workbook_table(path, begin, sheet, facts=facts) as table:
            yield table
        return
    encoding, errors = encoding_of(begin, str(path))
    with path.open(encoding=encoding, errors=errors) as text:
        lines = Lines(text)
        if suffix in {".jsonl", ".json"}:
            yield json_table(lines, str(path))
        else:
            yield delimited_table(lines, str(path), tabs=suffix == ".tsv", facts=facts)


def text_begin(path: Path) -> int:
    """Return the offset of the text in a UTF-8 file: after its byte-order mark, if it has one."""
    begin = _begin(path)
    if encoding_of(begin, str(path))[0] == "utf-16":
        raise CannotImportError(Problem("not-utf8", Location(str(path), 1), "This is UTF-16.", SAVE_AS_UTF8))
    return len(codecs.BOM_UTF8) if begin.startswith(codecs.BOM_UTF8) else 0


def _begin(path: Path) -> bytes:
    """Return the first bytes of a file."""
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN)
    except OSError as error:
        raise GraphkitError(f"{path} cannot be read: {error.strerror}.", "Name a file that can be read.") from error
    if len(begin) < _BEGIN and not begin.removeprefix(codecs.BOM_UTF8).strip():
        message = "There is nothing in this file."
        solution = "fill it; graphkit import --template prints a header."
        raise CannotImportError(Problem("empty-file", Location(str(path), 1), message, solution))
    return begin


def encoding_of(begin: bytes, file: str) -> tuple[str, str]:
    """Return encoding and error handler by the byte-order mark; nothing is guessed.

    Raises:
        CannotImportError: It is UTF-32, or no text.
    """
    if begin.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise CannotImportError(Problem("not-utf8", Location(file, 1), "This is UTF-32.", SAVE_AS_UTF8))
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    if begin.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        message = "This is a workbook or an archive, and not text."
        raise CannotImportError(
            Problem("unreadable-table", Location(file), message, "save it as CSV UTF-8 or as .xlsx.")
        )
    if begin[:2].count(0) == 1:
        message = "Every other byte is 0x00: this seems to be UTF-16 without a mark."
        raise CannotImportError(Problem("not-utf8", Location(file, 1), message, SAVE_AS_UTF8))
    return "utf-8-sig", "surrogateescape"


__all__ = ["CannotImportError", "Row", "StatementTable", "encoding_of", "open_table", "text_begin"]

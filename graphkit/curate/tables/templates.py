"""An empty table to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.curate.tables.columns import COLUMNS, CORRECTION, template
from graphkit.model.errors import GraphkitError, MissingExtraError
from graphkit.model.files import replacing

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = "@"
_NARROWEST = 14


def write_template(path: Path) -> None:
    """Write an empty table; existing files are not overwritten.

    Args:
        path: A file that ends in .csv or .xlsx.

    Raises:
        GraphkitError: It exists already, has another suffix, or cannot be written.
        MissingExtraError: openpyxl is not installed.
    """
    if path.exists():
        raise GraphkitError(f"{path} exists already.", "Name a new file.")
    writers = {".csv": _write_csv, ".xlsx": _write_workbook}
    if path.suffix.lower() not in writers:
        raise GraphkitError(f"{path} is not a table that can be written.", "Name a .csv or an .xlsx file.")
    try:
        with replacing(path) as beside:
            writers[path.suffix.lower()](beside)
    except OSError as error:
        raise GraphkitError(f"{path} cannot be written: {error.strerror}.", "Name another folder.") from error


def _write_csv(path: Path) -> None:
    path.write_text(template(), encoding="utf-8", newline="\n")


def _write_workbook(path: Path) -> None:
    """Write a workbook with text cells only, so that no spreadsheet changes a date or a number."""
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise MissingExtraError("openpyxl", "curate") from error
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "statements"
    sheet.freeze_panes = "A2"
    for number, column in enumerate((column for column in COLUMNS if column.part != CORRECTION), 1):
        cell = sheet.cell(1, number, column.name)
        cell.font = Font(bold=bool(column.needed))
        needed = f"Needed in: {column.needed}. " if column.needed else ""
        example = f" Example: {column.example}" if column.example else ""
        cell.comment = Comment(f"{needed}{column.meaning}.{example}", "graphkit")
        letter = sheet.column_dimensions[get_column_letter(number)]
        letter.number_format = _TEXT
        letter.width = max(_NARROWEST, len(column.name) + 2)
    workbook.save(path)

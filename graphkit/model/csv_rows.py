"""Writing CSV, so that every reader gets the cells back."""

from __future__ import annotations

import csv
from _csv import Writer
from typing import TextIO


class _Lines:
    r"""A file for rows that end with \r\n, which it ends with \n."""

    def __init__(self, file: TextIO) -> None:
        self._put = file.write

    def write(self, line: str) -> None:
        self._put(line[:-2] + "\n")


def csv_writer(file: TextIO, delimiter: str = ",") -> Writer:
    r"""Return a writer of rows that end with \n; a cell with a lone \r is in quotation marks too.

    Readers take a bare one for the end of a row, and the csv module protects the characters of its own line end only.

    >>> import sys
    >>> _ = csv_writer(sys.stdout).writerow(["a", "b,c"])
    a,"b,c"
    """
    return csv.writer(_Lines(file), delimiter=delimiter, lineterminator="\r\n")

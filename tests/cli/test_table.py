"""Tables on a terminal fit its width and never split a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphkit.cli.table import render

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = [["Metropolitan Police Service", "a long sentence about the consultation of organisations " * 2, "verified"]] * 2


@pytest.mark.parametrize("width", [45, 80, 120])
@pytest.mark.parametrize(
    "rows", [ROWS, [[*ROWS[0][:2], "x" * 30], ["", "", ""]], [["one", "two", "three"]]], ids=["long", "word", "short"]
)
def test_a_table_fits_and_keeps_its_words(
    monkeypatch: pytest.MonkeyPatch, width: int, rows: Sequence[Sequence[str]]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = render(["speaker", "gist", "evidence"], rows)
    assert max(map(len, text.split("\n"))) <= width
    words = re.findall(r"\S+", text)
    assert all(word in words for row in rows for cell in row for word in cell.split())


def test_a_word_that_is_longer_than_the_screen_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert render(["who", "label"], [["a", "b" * 10_000]]) == f"1. who:   a\n   label: {'b' * 10_000}"


def test_an_empty_table_shows_its_columns() -> None:
    assert render(["who", "what"], []) == "who  what\n───  ────\n"

"""Dates in words: the scripts of the pages say the same as Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import REPOSITORY

from graphkit.model.dates import date_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="needs node")
SCRIPT = """
import { createInterface } from "node:readline";
import { dateWords } from "./shared/dates.js";
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(dateWords(JSON.parse(line))));
}
"""
KNOWN = (
    "2018-05-09", "2021-03~", "2022-06/2024-06", "../2018-05", "../2024-06-12", "2022/..", "2022/", "/2022",
    "2021-22", "2021-24", "201X", "20XX", "-201X", "-0044-03-15", "0000", "-0000", "-0001", "Y12345", "Y-12345",
    "Y1234", "2020?", "2020-02%", "2020/2020", "../..", "/", "//", "", "..", "/..", "2020-02-29", "2021-02-29",
    "1900-02-29", "2000-02-29", "2021/2020", "2020-13", "2020-00", "2020-01-00", "2020-XX-05", "2020-05-XX",
    "2020-XX-XX", "2020-22-XX", "2020-22-01", "201X-05", "2020-01-01T10:20:30", "2020-01-01T10:20:30Z",
    "2020-01-01T10:20:30+01:00", "2020-01-01T10:20:30-05", "2020-01-01T24:00:00", "2020-01-01T10:20:30/2021",
    "{2020,2021-03}", "{2020,,2021-03~}", "{}", "{{2020},x}", "whenever", "2020-1-1", "2020\n", "２０２０",
    "Y999999999999/Y-999999999999",
)  # fmt: skip
POINT = st.from_regex(r"-?(\d{4}|\d{3}X|\d{2}XX)(-(0\d|1[0-3]|2[0-5]|XX)(-([0-3]\d|XX))?)?[?~%]?", fullmatch=True) | (
    st.from_regex(r"Y-?[1-9][0-9]{3,12}|\.\.|", fullmatch=True)
)
TIME = st.from_regex(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(Z|[+-][0-2]\d(:[0-6]\d)?)?", fullmatch=True)
INTERVAL = st.tuples(POINT, POINT).map("/".join)
EDTF = POINT | INTERVAL | TIME
TEXT = (
    EDTF | st.lists(EDTF, max_size=3).map(lambda some: f"{{{','.join(some)}}}") | st.text("0123456789-/X.~?%{},YTZ:+")
)


@pytest.fixture(scope="module")
def script() -> Iterator[Callable[[str], str]]:
    """Return a function that asks the script for the words of a date."""
    command = ["node", "--input-type=module", "--eval", SCRIPT]
    with subprocess.Popen(
        command, cwd=REPOSITORY / "frontend", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin
        assert node.stdout
        answers, questions = node.stdout, node.stdin

        def words(text: str) -> str:
            print(json.dumps(text), file=questions, flush=True)
            found: str = json.loads(answers.readline())
            return found

        yield words
        questions.close()


@pytest.mark.parametrize("text", KNOWN)
def test_a_script_gives_a_date_the_words_that_python_gives(script: Callable[[str], str], text: str) -> None:
    assert script(text) == date_words(text)


@settings(max_examples=600)
@given(TEXT)
def test_so_it_does_for_any_text(script: Callable[[str], str], text: str) -> None:
    assert script(text) == date_words(text)

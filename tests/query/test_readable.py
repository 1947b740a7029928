"""Answers to saved questions, as readers read them and as spreadsheets and data frames take them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import pytest

from graphkit.query.formats import write_saved_csv
from graphkit.query.questions import SavedQuestion, answer
from graphkit.query.readable import SavedAnswer
from graphkit.store import in_memory
from graphkit.store.syntax import read_header

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

RAW_DATE = re.compile(r"\.\./|/\.\.|\d{4}-\d\d(-\d\d)?[~?%]|\d{4}-\d\d/|\b\d{4}-\d\d\b")


def saved(query: str) -> SavedAnswer:
    """Ask a question as a saved one, of an empty store."""
    found = answer(in_memory([]), SavedQuestion("asked", query, read_header(query)), {})
    assert isinstance(found, SavedAnswer)
    return found


def texts(query: str, name: str) -> list[str]:
    """Return a column as a reader reads it."""
    (column,) = (column for column in saved(query).columns_about() if column.name == name)
    return list(column.texts)


AMOUNTS = """SELECT ?sum ?unit ?bound { VALUES (?sum ?unit ?bound) {
  (1380000.0 sp:poundSterling sp:atMost) (2893452.5 sp:poundSterling sp:exactly) (78 sp:percent sp:exactly)
  (3811 sp:people sp:exactly) (UNDEF UNDEF UNDEF) } }"""


def test_an_amount_is_one_column_and_its_number_another() -> None:
    assert texts(AMOUNTS, "sum") == ["£1,380,000, sp:atMost", "£2,893,452.50", "78%", "3,811 sp:people", ""]
    assert saved(AMOUNTS).readable().columns == ("sum",)
    frame = saved(AMOUNTS).to_pandas()
    assert frame["sum_number"].dtype == "float64"
    assert frame["sum_number"].sum() == 1380000 + 2893452.5 + 78 + 3811
    numbers = [row["sum_number"] for row in csv.DictReader(io.StringIO(write_saved_csv(saved(AMOUNTS))))]
    assert numbers == ["1380000", "2893452.5", "78", "3811", ""]


RANGES = """SELECT ?sum ?unit ?bound ?to { VALUES (?sum ?unit ?bound ?to) {
  (1000 sp:poundSterling sp:exactly 2000) (50 sp:people sp:around 60.5) (5 sp:percent sp:exactly UNDEF) } }"""


def test_a_range_is_one_column_and_both_of_its_ends_are_numbers() -> None:
    assert texts(RANGES, "sum") == ["£1,000 to £2,000", "50 to 60.5 sp:people, sp:around", "5%"]
    assert saved(RANGES).readable().columns == ("sum",)
    data = saved(RANGES).data()
    assert (data["sum_number"], data["sum_to"]) == ([1000, 50, 5], [2000, 60.5, None])


DATES = """SELECT ?said ?saidLatest { VALUES (?said ?saidLatest) {
  ("2021-03~"^^<http://id.loc.gov/datatypes/edtf/EDTF> UNDEF)
  ("2022-06/2024-06"^^<http://id.loc.gov/datatypes/edtf/EDTF> UNDEF)
  (UNDEF "2018-05-09"^^xsd:date) (UNDEF UNDEF) } }"""


def test_a_date_is_in_words_and_its_first_and_last_day_in_columns() -> None:
    assert texts(DATES, "said") == ["about March 2021", "June 2022 to June 2024", "9 May 2018 or earlier", ""]
    assert saved(DATES).data() == {
        "said": ["about March 2021", "June 2022 to June 2024", "9 May 2018 or earlier", None],
        "said_earliest": [dt.date(2021, 3, 1), dt.date(2022, 6, 1), None, None],
        "said_latest": [dt.date(2021, 3, 31), dt.date(2024, 6, 30), dt.date(2018, 5, 9), None],
    }


def test_constant_columns_stand_above_the_others_and_empty_ones_are_left_out() -> None:
    two = saved("SELECT ?a ?scoreOfB ?c { VALUES (?a ?scoreOfB ?c) { (1 'x' UNDEF) (2 'x' UNDEF) } }").readable()
    assert two == ((("score of b", "x"),), ("a",), (("1",), ("2",)), ())
    one = saved("SELECT ?a ?b { VALUES (?a ?b) { (1 'x') } }").readable()
    assert one == ((), ("a", "b"), (("1", "x"),), ())


def test_an_answer_without_rows_keeps_its_columns() -> None:
    none = saved("SELECT ?statement ?speaker { ?statement sp:speaker ?speaker }")
    assert none.readable() == ((), ("statement", "speaker"), (), ())
    assert write_saved_csv(none) == "statement,speaker\r\n"
    assert list(none.to_pandas().columns) == ["statement", "speaker"]
    assert "0 rows." in none._repr_html_()


def test_a_label_of_ten_thousand_characters_stays_whole() -> None:
    long = "a" * 10_000
    assert texts(f"SELECT ?x {{ VALUES ?x {{ '{long}' }} }}", "x") == [long]
    assert long in write_saved_csv(saved(f"SELECT ?x {{ VALUES ?x {{ '{long}' }} }}"))


def test_labels_have_ids_beside_them(questions: tuple[Graph, Checked]) -> None:
    found = questions[0].query("who-funds", what="scheme")
    assert isinstance(found, SavedAnswer)
    data = found.data()
    assert ("Ministry", "ministry") in zip(data["funder"], data["funder_id"], strict=True)
    assert ("asserts", "sp:asserts") in zip(data["stance"], data["stance_id"], strict=True)
    assert "monthly-2021/sum-2020" in data["statement"]
    assert "statement_id" not in data


def test_a_statement_is_a_link_to_its_passage(questions: tuple[Graph, Checked]) -> None:
    for name in ("plans", "disputes"):
        found = questions[0].query(name)
        assert isinstance(found, SavedAnswer)
        page = found._repr_html_()
        assert '<a href="https://example.org/monthly-2021#:~:text=' in page
        assert '<th scope="col" style="text-align:left">link' not in page


def test_the_statements_of_a_group_stand_on_their_side(questions: tuple[Graph, Checked]) -> None:
    found = questions[0].query("consulted-and-denied")
    assert isinstance(found, SavedAnswer)
    claims, denials = found.sides()[0].values()
    assert [entry.statement for entry in claims] == ["daily-1/claims"]
    assert [entry.statement for entry in denials] == ["weekly-1/denies", "weekly-1/denies-flat"]
    shown = found.readable()
    assert shown.columns[-2:] == ("claims", "denials")
    lines = shown.rows[0][-1].splitlines()
    assert lines[0].endswith("(30 June 2020 or earlier; unverified)")
    assert lines[1:3] == ["weekly-1/denies", denials[0].link]


def test_a_gist_names_its_speaker_once(questions: tuple[Graph, Checked]) -> None:
    found = questions[0].query("consulted-and-denied")
    assert isinstance(found, SavedAnswer)
    for group in found.sides():
        for entry in (*group["claims"], *group["denials"]):
            assert entry.words.startswith(("Force: ", "Charity: ", "Spokeswoman: ")), "these gists name nobody"


def test_no_reader_sees_a_raw_date(ours_graph: Graph) -> None:
    for name in ours_graph.questions():
        found = ours_graph.query(name)
        assert isinstance(found, SavedAnswer)
        readable = found.readable()
        dates = [at for at, column in enumerate(readable.columns) if column in {"said", "date", "period", "when"}]
        shown = [row[at] for row in readable.rows for at in dates]
        assert [text for text in shown if RAW_DATE.search(text)] == [], name


def test_a_query_that_is_typed_keeps_the_columns_of_sparql(questions: tuple[Graph, Checked]) -> None:
    typed = questions[0].query("SELECT ?who { ?s sp:speaker ?who }")
    assert not isinstance(typed, SavedAnswer)


@pytest.mark.parametrize("name", ["funding-by-year", "disputes"])
def test_numbers_and_days_are_typed_in_pandas(ours_graph: Graph, name: str) -> None:
    found = ours_graph.query(name)
    assert isinstance(found, SavedAnswer)
    frame = found.to_pandas()
    assert {type(day) for day in frame["said_latest"] if day is not None} == {dt.date}
    assert "amount_number" not in frame or frame["amount_number"].dtype.kind in "if"

"""Cells that would mislead: merged and hidden cells, words for a missing value, dates in words, and passages."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from graphkit.build.pipeline import check
from graphkit.corpus.amount_hints import suggest_amount
from graphkit.corpus.evidence import passage_hash
from graphkit.corpus.load import load
from graphkit.model.errors import Level
from tests.curate.test_tables import HEADER, ROW, at, bring, put, put_workbook, refusal, spell_csv, spell_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.model.errors import Problem
    from graphkit.model.records import Statement
    from graphkit.model.workspace import Workspace

# The three statements of a table whose speaker and stance are merged.
DENIALS = [{**ROW, "key": key, "speaker": "neighbours-united", "stance": "denies", "scope": key} for key in "abc"]
NAMES = list(DENIALS[0])


def statements(workspace: Workspace, source: str = "minutes-2021") -> dict[str, Statement]:
    loaded = load(workspace)
    return dict(loaded.corpus.sources[source].statements) if source in loaded.corpus.sources else {}


def sheet(workspace: Workspace, change: Callable[[Any], None]) -> Path:
    """Put a workbook with three statements beside the workspace, and change its sheet."""
    from openpyxl import load_workbook

    path = put_workbook(workspace, NAMES, *([value or None for value in row.values()] for row in DENIALS))
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def cell(name: str, row: int) -> str:
    return f"{chr(ord('A') + NAMES.index(name))}{row}"


def merge(*columns: str, last: int = 4, first: int = 2) -> Callable[[Any], None]:
    def change(page: Any) -> None:  # noqa: ANN401 - a sheet
        for name in columns:
            page.merge_cells(f"{cell(name, first)}:{cell(name, last)}")

    return change


# --- merged and hidden cells -----------------------------------------------------------------------


def test_merged_cells_are_carried_on_to_each_of_their_rows(starter: Workspace) -> None:
    _, reported = bring(sheet(starter, merge("speaker", "stance", "source", "publisher")), starter)
    assert reported == []
    said = [(statement.speaker, statement.stance) for statement in statements(starter).values()]
    assert said == [("neighbours-united", "denies")] * 3


def test_merged_cells_are_not_carried_on_beyond_their_last_row(starter: Workspace) -> None:
    def change(page: Any) -> None:  # noqa: ANN401 - a sheet
        merge("speaker", "stance", last=3)(page)
        page[cell("speaker", 4)] = page[cell("stance", 4)] = None

    _, reported = bring(sheet(starter, change), starter)
    assert [at(problem)[:2] for problem in reported] == [("empty-cell", 4)] * 2
    assert [statement.stance for statement in statements(starter).values()] == ["denies"] * 2


@pytest.mark.parametrize("name", ["speaker", "stance"])
def test_an_empty_speaker_or_stance_is_refused_with_the_empty_cells_and_the_text_above(
    starter: Workspace, name: str
) -> None:
    rows = [{**row, name: row[name] if row["key"] == "a" else ""} for row in DENIALS]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows, header=NAMES)), starter)
    letter = cell(name, 1)[0]
    assert [at(problem)[:2] for problem in reported] == [("empty-cell", 3), ("empty-cell", 4)]
    assert f"the cell {letter}3 is empty below {DENIALS[0][name]!r} in row 2." in reported[0].message
    assert f"the cells {letter}3:{letter}4 are empty below {DENIALS[0][name]!r} in row 2." in reported[1].message
    assert reported[0].solution.startswith(f"type {DENIALS[0][name]} again if the cells were merged; otherwise type")
    assert list(statements(starter)) == ["a"]


def test_a_column_that_nobody_fills_in_counts_as_absent(starter: Workspace) -> None:
    rows = [{**row, "speaker": "", "stance": ""} for row in DENIALS]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert reported == []
    assert {(said.speaker, said.stance) for said in statements(starter).values()} == {(None, "asserts")}


def test_empty_cells_above_the_first_filled_one_are_named(starter: Workspace) -> None:
    rows = [{**row, "stance": row["stance"] if row["key"] == "c" else ""} for row in DENIALS]
    _, [problem] = bring(put(starter, "t.csv", spell_csv(*rows, header=NAMES)), starter)
    letter = cell("stance", 1)[0]
    assert (problem.code, problem.level, problem.location.line) == ("default-taken", Level.WARNING, 2)
    assert f"the cells {letter}2:{letter}3 are empty above 'denies' in row 4." in problem.message


def test_a_merged_cell_may_reach_into_the_next_source(starter: Workspace) -> None:
    rows = [DENIALS[0], {**DENIALS[1], "source": "minutes-2022", "stance": "", "speaker": ""}]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert [at(problem)[:2] for problem in reported] == [("empty-cell", 3)] * 2


def test_a_refused_row_is_refused_again_until_its_empty_cell_is_filled_in(starter: Workspace) -> None:
    rows = [DENIALS[0], {**DENIALS[1], "stance": ""}]
    path = put(starter, "t.csv", spell_csv(*rows))
    bring(path, starter)
    _, reported = bring(path.with_name("t.refused.csv"), starter, add=True)
    assert [problem.code for problem in reported] == ["empty-cell"]


@pytest.mark.parametrize("empty", ["", None, "  "])
def test_an_empty_stance_in_an_object_of_json_is_refused_and_an_absent_one_asserts(
    starter: Workspace, empty: str | None
) -> None:
    rows: list[dict[str, Any]] = [{**ROW, "key": "a"}, {**ROW, "key": "b", "stance": empty}]
    path = put(starter, "t.jsonl", spell_jsonl(*rows))
    _, [problem] = bring(path, starter)
    assert at(problem) == ("empty-cell", 2, 0)
    assert {key: said.stance for key, said in statements(starter).items()} == {"a": "asserts"}
    refused = path.with_name("t.refused.csv").read_text(encoding="utf-8-sig").partition("\r")[0]
    assert "hedge" not in refused
    assert "sha256" in refused


@pytest.mark.parametrize(
    ("name", "text", "default", "level"),
    [
        ("certainty", "possible", "certain", Level.ERROR),
        ("basis", "inference", "first-hand", Level.ERROR),
        ("bound", "at-most", "exactly", Level.ERROR),
        ("via", "exampletown-police", "", Level.WARNING),
        ("said", "2021-03-01", "", Level.WARNING),
        ("hedge", "is thought to have", "", Level.WARNING),
        ("amountPer", "year", "", Level.WARNING),
    ],
)
def test_an_empty_cell_that_changes_the_meaning_is_reported_below_another_value(
    starter: Workspace, name: str, text: str, default: str, level: Level
) -> None:
    paid = {**ROW, "number": "5", "unit": "GBP"}
    rows = [{**paid, "key": key, "scope": key, name: text if key == "b" else ""} for key in "abcd"]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert {problem.code for problem in reported} == {"empty-cell" if default else "default-taken"}
    assert {problem.level for problem in reported} == {level}
    assert [problem.location.line for problem in reported] == ([4, 5] if default else [4])
    assert f"type {text} again" in reported[0].solution
    assert default in reported[0].solution


@pytest.mark.parametrize(
    ("change", "rows", "name"),
    [
        (merge("gist"), [2, 3, 4], "H2:H4"),
        (lambda page: page.merge_cells(f"{cell('speaker', 2)}:{cell('stance', 3)}"), [2, 3], "L2:M3"),
        (merge("stance", first=1, last=3), [2, 3], "M1:M3"),
    ],
    ids=["a gist of three statements", "two columns", "the header"],
)  # fmt: skip
def test_merged_cells_that_can_be_read_in_two_ways_are_refused_with_their_range(
    starter: Workspace, change: Callable[[Any], None], rows: list[int], name: str
) -> None:
    _, reported = bring(sheet(starter, change), starter)
    merged = [problem for problem in reported if problem.code == "merged-cells"]
    assert [problem.location.line for problem in merged] == rows
    assert all(name in problem.message for problem in merged)
    assert len(statements(starter)) == 3 - len(rows)


def test_hidden_rows_and_columns_are_named(starter: Workspace) -> None:
    def hide(page: Any) -> None:  # noqa: ANN401 - a sheet
        page.row_dimensions[3].hidden = True
        page.row_dimensions[9].height = 0
        page.column_dimensions[cell("scope", 1)[0]].hidden = True

    done, reported = bring(sheet(starter, hide), starter)
    assert [at(problem)[:2] for problem in reported] == [("hidden-cells", 1), ("hidden-cells", 3)]
    assert "'scope'" in reported[0].message
    assert done.refused == 0


@pytest.mark.parametrize("how", ["hidden", "height"])
def test_a_hidden_row_is_named_however_it_is_hidden(starter: Workspace, how: str) -> None:
    def hide(page: Any) -> None:  # noqa: ANN401 - a sheet
        setattr(page.row_dimensions[3], how, how == "hidden")

    _, [problem] = bring(sheet(starter, hide), starter)
    assert at(problem)[:2] == ("hidden-cells", 3)


def test_a_comment_on_a_cell_is_reported(starter: Workspace) -> None:
    from openpyxl.comments import Comment

    def comment(page: Any) -> None:  # noqa: ANN401 - a sheet
        page[cell("stance", 3)].comment = Comment("retracted & <withdrawn>", "somebody")
        page[cell("stance", 1)].comment = Comment("one of eight words", "somebody")

    done, [problem] = bring(sheet(starter, comment), starter)
    assert at(problem)[:2] == ("cell-comment", 3)
    assert f"The comment of {cell('stance', 3)} is not imported: 'retracted & <withdrawn>'." in problem.message
    assert done.refused == 0


def test_a_hidden_sheet_is_named(starter: Workspace) -> None:
    def hide(page: Any) -> None:  # noqa: ANN401 - a sheet
        page.parent.create_sheet("shown")
        page.sheet_state = "hidden"

    _, reported = bring(sheet(starter, hide), starter)
    assert [problem.message for problem in reported] == ["The sheet 'Sheet' is hidden, and is read all the same."]


# --- cells that show something else than they hold ---------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (1380000, "0.0,,", "shows 1.4 and holds 1380000"),
        (1380000, "#,##0,", "shows 1380 and holds 1380000"),
        (1234.56, "#,##0", "shows 1235 and holds 1234.56"),
        (0.2, "0%", "shows 20% and holds 0.2"),
        (12, '0"k"', "shows 'k' after the number"),
        (1.4, '0.0" million"', "shows 'million' after the number"),
        (45000, '"$"#,##0', "shows USD, and the unit is 'GBP'"),
        (45000, "#,##0 [$€-407]", "shows EUR, and the unit is 'GBP'"),
    ],
)
def test_a_number_that_looks_different_from_its_cell_is_refused(
    starter: Workspace, number: float, code: str, says: str
) -> None:
    path = put_workbook(
        starter, [*NAMES, "number", "unit"], [*(value or None for value in ROW_WITH_NAMES), number, "GBP"]
    )
    reformat(path, len(NAMES) + 1, code)
    _, reported = bring(path, starter)
    assert {problem.code for problem in reported} == {"mangled-cell"}
    assert any(says in problem.message for problem in reported)


@pytest.mark.parametrize("code", ["#,##0", '"£"#,##0', "# ##0", '0" people"'])
def test_a_number_that_looks_like_its_cell_is_taken(starter: Workspace, code: str) -> None:
    path = put_workbook(
        starter, [*NAMES, "number", "unit"], [*(value or None for value in ROW_WITH_NAMES), 45000, "GBP"]
    )
    reformat(path, len(NAMES) + 1, code)
    assert bring(path, starter)[1] == []


ROW_WITH_NAMES = list(DENIALS[0].values())


def reformat(path: Path, column: int, code: str) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.worksheets[0].cell(2, column).number_format = code
    book.save(path)


def test_a_text_that_is_struck_through_is_refused(starter: Workspace) -> None:
    from openpyxl.styles import Font

    def strike(page: Any) -> None:  # noqa: ANN401 - a sheet
        page[cell("gist", 3)].font = Font(strike=True)

    _, reported = bring(sheet(starter, strike), starter)
    assert [at(problem)[:2] for problem in reported] == [("mangled-cell", 3)]
    assert "'It paid.' is struck through" in reported[0].message


def test_a_word_that_is_struck_through_is_refused(starter: Workspace) -> None:
    path = sheet(starter, lambda _: None)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    words = b"<r><t>It </t></r><r><rPr><strike/></rPr><t>never</t></r><r><t> paid.</t></r>"
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["xl/sharedStrings.xml"] = b"<sst " + space + b"><si>" + words + b"</si></sst>"
    types = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types)
    page = "xl/worksheets/sheet1.xml"
    parts[page] = parts[page].replace(b't="inlineStr"><is><t>It paid.</t></is>', b't="s"><v>0</v>')
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    _, reported = bring(path, starter)
    assert "'never' is struck through" in reported[0].message
    assert statements(starter) == {}


@pytest.mark.parametrize("key", ["stance", "speaker", "certainty", "basis", "said", "via", "hedge", "scope", "when"])
def test_a_key_of_a_source_file_without_a_value_is_a_problem(starter: Workspace, key: str) -> None:
    bring(put(starter, "t.csv", spell_csv(ROW)), starter)
    path = starter.data / "sources/minutes-2021.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("    gist:", f"    {key}:\n    gist:"), encoding="utf-8")
    [problem] = check(starter).problems
    assert (problem.code, problem.message) == ("missing-key", f"'{key}' has no value.")
    assert problem.solution == f"fill it in: {key}: …, or delete the line."


AMOUNTS = [
    ("1.2m", "number 1200000"), ("£1.2m", "number 1200000 and unit GBP"), ("c. 3,000", "number 3000 and bound around"),
    ("3k", "number 3000"), ("1,5", "number 1.5, if the comma separates decimals"),
    ("50%", "number 50 and unit percent"),
    ("between 50 and 60", "number 50 and amountTo 60"), ("up to £2m", "number 2000000, bound at-most and unit GBP"),
    ("more than 30", "number 30 and bound more-than"), ("5+", "number 5 and bound at-least"),
    ("1.234.567,89", "number 1234567.89"),
    ("£12-15m", "number 12000000, amountTo 15000000 and unit GBP"), ("1 200 000", "number 1200000"),
    ("78 per cent", "number 78 and unit percent"), ("about 30 people", "number 30, bound around and unit people"),
]  # fmt: skip


def test_an_amount_in_words_gets_a_proposal_of_cells(starter: Workspace) -> None:
    rows = [{**ROW, "number": text, "unit": "GBP"} for text, _ in AMOUNTS]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    found = [problem.solution for problem in reported if problem.code == "invalid-value"]
    assert found == [f"type {proposal}." for _, proposal in AMOUNTS]


@pytest.mark.parametrize("text", ["many", "1,2,3", "-5", "12,500,00", "1" * 60, "1," * 40])
def test_an_amount_that_is_not_plain_gets_general_advice(text: str) -> None:
    assert suggest_amount(text) == ""


# --- words for a missing value ---------------------------------------------------------------------

STAND_INS = [
    "nan", "NaN", "None", "NULL", "null", "N/A", "n/a", "NA", "NaT", "<NA>", "-", "—", "?",
    ".", "_", "…", "[null]", r"\N", "pd.NA", "1.#QNAN", "-inf", "Err:502", "unknown", "tbc", "Not available", "k.A.",
    "T.B.C.", "tbc.", "n/k", "not stated", "[redacted]", ".nan", "-999",
    "#NV", "#DIV/0", "#GETTING_DATA", "undefined",
    "#¡REF!", "#¿NOMBRE?", "#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "####",
]  # fmt: skip


def test_a_word_for_a_missing_value_is_never_a_text(starter: Workspace) -> None:
    rows = [{**ROW, "scope": word, "hedge": word, "speaker": word} for word in STAND_INS]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    cells = [("no-value", row, column) for row in range(2, len(rows) + 2) for column in (11, 12, 13)]
    assert [at(problem) for problem in reported if problem.code != "refused-source"] == cells
    assert [word for word in STAND_INS if not any(repr(word) in problem.message for problem in reported)] == []
    assert (done.refused, done.files) == (len(rows), {})


def test_a_missing_value_in_a_needed_cell_is_one_problem(starter: Workspace) -> None:
    _, reported = bring(put(starter, "t.jsonl", spell_jsonl({**ROW, "title": "nan"}, {**ROW, "gist": "None"})), starter)
    assert [problem.code for problem in reported] == ["no-value", "no-value", "refused-source"]


def test_a_sign_of_repetition_is_never_a_text(starter: Workspace) -> None:
    words = ("ditto", "do.", "do", '"', '-"-', "〃", "↓", "as above", "as previous", "idem")
    rows = [{**ROW, "scope": word, "note": "ditto"} for word in words]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    found = [problem for problem in reported if problem.code != "refused-source"]
    assert [at(problem) for problem in found] == [("no-value", row, 11) for row in range(2, len(rows) + 2)]
    assert all("the text of another row" in problem.message for problem in found)


@pytest.mark.parametrize("word", ["nan", "ditto", '"', "#REF!"])
@pytest.mark.parametrize("name", ["object", "value", "number", "unit", "published", "certainty", "speaker", "sha256"])
def test_a_cell_without_a_text_gives_one_message(starter: Workspace, name: str, word: str) -> None:
    row = {**DENIALS[0], "number": "5", "unit": "GBP", name: word}
    done, reported = bring(put(starter, "t.csv", spell_csv(row, header=list(row))), starter)
    assert (done.refused, [problem.code for problem in reported]) == (1, ["no-value"])


def test_an_error_in_a_cell_of_a_workbook_gives_one_message_beside_the_others(starter: Workspace) -> None:
    def change(page: Any) -> None:  # noqa: ANN401 - a sheet
        page[cell("object", 2)] = "#REF!"
        page[cell("stance", 2)] = "denys"

    _, reported = bring(sheet(starter, change), starter)
    assert [at(problem)[:2] for problem in reported[:2]] == [("mangled-cell", 2), ("unknown-stance", 2)]


def test_a_formula_around_a_text_is_refused_with_the_text(starter: Workspace) -> None:
    _, reported = bring(put(starter, "t.csv", spell_csv({**ROW, "scope": '="0123"'})), starter)
    [problem] = [problem for problem in reported if problem.code == "no-value"]
    assert "a text in a formula" in problem.message
    assert problem.solution.startswith("type 0123,")


CHANGED = [
    ("Caf\u00c3\u00a9", "misread-text", "'é' in UTF-8"),
    ("It\u00e2\u20ac\u2122s", "misread-text", "'’' in UTF-8"),
    ("\u00c2\u00a345,000", "misread-text", "'£' in UTF-8"),
    ("R&amp;D", "markup-in-text", "'&amp;'"),
    ("it&#8217;s", "markup-in-text", "'&#8217;'"),
    ("a_x000D_", "markup-in-text", "'_x000D_'"),
    ("caf\\u00e9", "markup-in-text", "u00e9"),
    ("pro\u00adject", "control-character", "U+00AD"),
    ("pro\u200bject", "control-character", "U+200B"),
    ("one\u2028two", "control-character", "U+2028"),
]


def test_a_text_that_a_program_has_changed_is_refused(starter: Workspace) -> None:
    rows = [{**ROW, "key": "good"}, *({**ROW, "gist": text} for text, _, _ in CHANGED)]
    _, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert [problem.code for problem in reported] == [code for _, code, _ in CHANGED]
    assert [says for (_, _, says), problem in zip(CHANGED, reported, strict=True) if says not in problem.message] == []


OTHERS = [
    *("none of the cameras", "n", "no", "NAN Ltd", "#MeToo", "a - b", "#1 of the cameras", "R&D; AT&T;", "SÃO PAULO"),
    *("café £5 “x” – Straße", "naïve & co.", "the same day", "information"),
]


def test_other_texts_stay(starter: Workspace) -> None:
    rows = [{**ROW, "key": f"k{number}", "scope": text} for number, text in enumerate(OTHERS)]
    assert bring(put(starter, "t.csv", spell_csv(*rows)), starter)[1] == []
    assert [statement.scope for statement in statements(starter).values()] == OTHERS


# --- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "nearest"),
    [
        ("Source,Target,Type,Label", {"Target": "object", "Type": "relation", "Label": "gist"}),
        ("Quelle;Herausgeber;Titel;Sprecher;Zitat", {"Herausgeber": "publisher", "Titel": "title", "Zitat": "passage"}),
        ("fuente\ttítulo\thablante\trelación", {"fuente": "source", "título": "title", "hablante": "speaker"}),
        ("soruce,publsher,tilte", {"soruce": "source", "publsher": "publisher", "tilte": "title"}),
    ],
)
def test_a_foreign_or_misspelt_header_is_named_with_the_nearest_columns(
    starter: Workspace, header: str, nearest: dict[str, str]
) -> None:
    problems = refusal(put(starter, "t.csv", f"{header}\na,b,c,d\n"), starter)
    unknown = {
        problem.message.split("'")[1]: problem.solution for problem in problems if "not a column" in problem.message
    }
    assert {cell: name in unknown[cell] for cell, name in nearest.items()} == dict.fromkeys(nearest, True)
    assert any(problem.code == "missing-column" for problem in problems)


def test_a_table_without_a_header_shows_what_is_read_as_one(starter: Workspace) -> None:
    [problem] = refusal(put(starter, "t.csv", "x1,42,7.5\nx2,43,7.6\n"), starter)
    assert problem.code == "no-header"
    assert "Row 1 is read as the header" in problem.message
    assert "'x1', '42', '7.5'" in problem.message


# --- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("2020-21", "2020-04-01/2021-03-31"), ("2021-22", "2021-04-01/2022-03-31"), ("2022-23", "2022-09"),
        ("2023-24", "2023-12"), ("2019-22", "2019/2022"), ("2021/22", "2021-04-01/2022-03-31"),
        ("2021-2022", "2021/2022"), ("1990s", "199X"), ("circa 2020", "2020~"), ("c. 2020", "2020~"),
        ("1 May 2021", "2021-05-01"), ("May 2021", "2021-05"), ("12/04/2024", "2024-04-12 or 2024-12-04"),
        ("Spring 2021", "2021-03/2021-05"), ("2021-13-01", "2021-01-13"), ("44317", "2021-05-01"),
    ],
)  # fmt: skip
def test_a_date_as_people_write_it_is_refused_with_a_proposal(starter: Workspace, text: str, proposal: str) -> None:
    _, reported = bring(put(starter, "t.csv", spell_csv({**ROW, "when": text})), starter)
    [problem] = reported
    assert problem.code == "invalid-date"
    assert text in problem.message
    assert proposal in problem.solution
    assert statements(starter) == {}


# --- passages --------------------------------------------------------------------------------------

CAPTURE = "The council met on Tuesday. The council paid for the new cameras, it said, “out of reserves”.\n"
PASSAGE = "The council paid for the new cameras"
BARE = {name: text for name, text in ROW.items() if name not in {"starts", "sha256"}} | {"key": "paid"}


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / "minutes-2021.txt").write_text(CAPTURE, encoding="utf-8")
    return folder


def brought(workspace: Workspace, captures: Path | None, *rows: dict[str, str]) -> list[Problem]:
    path = put(workspace, "t.csv", spell_csv(*rows, header=list(rows[0])))
    return bring(path, workspace, captures=captures)[1]


def test_a_passage_stands_in_for_its_hash(starter: Workspace, captures: Path) -> None:
    assert brought(starter, captures, {**BARE, "passage": PASSAGE}) == []
    proof = statements(starter)["paid"].evidence
    assert (proof.starts, proof.ends) == ("The council paid", "the new cameras")
    assert proof.sha256 == passage_hash(PASSAGE)
    source = load(starter).corpus.sources["minutes-2021"]
    assert source.capture
    assert source.capture.characters == len(CAPTURE)
    assert check(starter, captures).evidence == {"unverified": 1, "verified": 4}, "an import does not look a passage up"


def test_a_passage_is_taken_from_the_capture_if_its_signs_differ(starter: Workspace, captures: Path) -> None:
    assert brought(starter, captures, {**BARE, "passage": 'cameras, it said, "out of reserves"'}) == []
    assert statements(starter)["paid"].evidence.sha256 == passage_hash("cameras, it said, “out of reserves”")


@pytest.mark.parametrize(
    ("passage", "message"),
    [
        ("The council paid for new lamps", "adds 'the'; it has 'cameras,' for 'lamps'"),
        ("The council", "more than once"),
        ("A mayor of another town", "Nothing in the capture is like it"),
    ],
)  # fmt: skip
def test_a_passage_that_is_not_in_the_capture_once_is_refused(
    starter: Workspace, captures: Path, passage: str, message: str
) -> None:
    [problem] = brought(starter, captures, {**BARE, "passage": passage})
    assert at(problem) == ("passage-missing", 2, 10)
    assert message in problem.message
    assert statements(starter) == {}


def test_a_passage_without_a_capture_is_imported_and_said_to_be_unverified(starter: Workspace, captures: Path) -> None:
    rows = [{**BARE, "source": name, "key": name, "passage": PASSAGE} for name in ("other-a", "other-a", "other-b")]
    rows[1] |= {"key": "second", "gist": "Another gist."}
    reported = brought(starter, captures, *rows)
    assert [(problem.code, problem.level) for problem in reported] == [("not-looked-up", "warning")] * 2
    assert "other-a.txt" in reported[0].solution
    assert statements(starter, "other-a")["other-a"].evidence.at is None
    assert check(starter, captures).evidence == {"unverified": 3, "verified": 4}


def test_a_refused_row_does_not_say_that_the_folder_of_captures_is_missing(starter: Workspace, captures: Path) -> None:
    reported = brought(starter, captures, {**BARE, "source": "None", "passage": PASSAGE})
    assert reported
    assert "not-looked-up" not in {problem.code for problem in reported}


def test_without_a_folder_of_captures_one_warning_says_so(starter: Workspace) -> None:
    [problem] = brought(starter, None, {**BARE, "passage": PASSAGE}, {**BARE, "key": "b", "passage": "Nobody asked."})
    assert (problem.code, problem.solution) == ("not-looked-up", "type --captures DIR.")


def test_a_passage_beside_a_hash_is_refused(starter: Workspace, captures: Path) -> None:
    [problem] = brought(starter, captures, {**ROW, "passage": PASSAGE})
    assert problem.code == "passage-and-hash"
    assert "'starts'" in problem.message


# --- addresses -------------------------------------------------------------------------------------


def test_a_password_is_never_written_or_shown(starter: Workspace) -> None:
    url = "https://user:secret@example.org/"
    _, [problem] = bring(put(starter, "t.csv", spell_csv({**ROW, "url": url})), starter)
    assert at(problem) == ("invalid-address", 2, HEADER.index("sha256") + 2)
    assert "secret" not in str(problem)
    assert "type https://example.org/" in problem.solution


def test_a_doubtful_address_is_a_warning_and_its_rows_are_imported(starter: Workspace) -> None:
    row = {**ROW, "url": "http://localhost:8000/a.", "derivedFrom": "example-gazette-2021"}
    done, reported = bring(put(starter, "t.csv", spell_csv(row)), starter)
    assert [(problem.code, problem.level) for problem in reported] == [("doubtful-address", "warning")]
    assert done.refused == 0

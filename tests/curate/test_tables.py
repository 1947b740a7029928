"""Tables into source files: what is right is written as a curator would, all else is reported and kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from commands import Said, runner
from hypothesis import given, settings
from hypothesis import strategies as st
from places import REPOSITORY

from graphkit.build.pipeline import build
from graphkit.corpus.load import load
from graphkit.corpus.parse import source as read_source
from graphkit.corpus.write import source_fields, source_text, statement_fields, statement_text
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.curate.tables import CannotImportError, Imported, Options, import_table
from graphkit.curate.tables.columns import (
    AMOUNT_KEYS,
    COLUMNS,
    EACH_ROW,
    FIRST_ROW,
    NAMES,
    needed_in,
    template,
    write_template,
)
from graphkit.curate.tables.readers import open_table
from graphkit.model.date_hints import suggest_date
from graphkit.model.errors import GraphkitError, Level, MissingExtraError, Problem
from graphkit.model.records import Amount, Evidence, Proposition, Source, Statement
from graphkit.model.workspace import Workspace, init_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = (REPOSITORY / "docs/importing.md").read_text(encoding="utf-8")
HASH = "0bd67ef8ce576ae0fba3f603cb716763c364469ad115f78960382ef11fe13330"
FACTS = {
    "source": "minutes-2021", "kind": "official-document", "publisher": "exampletown-council",
    "title": "Minutes: no. 1",
}  # fmt: skip
SAID = {
    "subject": "exampletown-council", "relation": "funded", "object": "street-cameras", "gist": "It paid.",
    "starts": "The council paid", "sha256": HASH,
}  # fmt: skip
ROW = {**FACTS, **SAID}
USUAL = {"speaker": "exampletown-council", "stance": "asserts"}
HEADER = list(ROW)


def spell_csv(*rows: dict[str, str], header: list[str] | None = None, delimiter: str = ",") -> str:
    """Spell rows as CSV under all the names that they use."""
    names = header or list(dict.fromkeys(name for row in (ROW, *rows) for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    # A column for these is filled in, except in a row that leaves it empty on purpose.
    writer.writerows({name: word for name, word in USUAL.items() if name in names} | row for row in rows)
    return out.getvalue()


def spell_jsonl(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def put(workspace: Workspace, name: str, content: str | bytes) -> Path:
    """Put a table beside the workspace."""
    path = workspace.root.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def put_workbook(workspace: Workspace, *rows: list[Any], sheet: str = "Sheet") -> Path:
    """Put a workbook beside the workspace."""
    from openpyxl import Workbook

    book = Workbook()
    [page] = book.worksheets
    page.title = sheet
    for row in rows:
        page.append(row)
    path = workspace.root.parent / "t.xlsx"
    book.save(path)
    return path


def bring(path: Path, workspace: Workspace, **options: Any) -> tuple[Imported, list[Problem]]:  # noqa: ANN401
    """Import a table and return what was reported."""
    reported: list[Problem] = []
    return import_table(path, workspace, reported.append, Options(**options)), reported


def refusal(path: Path, workspace: Workspace, **options: Any) -> tuple[Problem, ...]:  # noqa: ANN401
    """Return why nothing of a table can be imported; nothing is written then."""
    before = files_of(workspace.root.parent)
    with pytest.raises(CannotImportError) as caught:
        bring(path, workspace, **options)
    assert files_of(workspace.root.parent) == before
    return caught.value.problems


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def written(workspace: Workspace, name: str = "minutes-2021") -> Source:
    """Return a source file as graphkit reads it, in a workspace without a problem."""
    loaded = load(workspace)
    assert loaded.problems == []
    return loaded.corpus.sources[name]


def refused_rows(path: Path) -> list[dict[str, str]]:
    file = path.with_name(f"{path.stem}.refused.csv")
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def at(problem: Problem) -> tuple[str, int, int]:
    return problem.code, problem.location.line, problem.location.column


@pytest.fixture
def run(starter: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run the command line in this process, as in the folder of the starter."""
    monkeypatch.delenv("GRAPHKIT_WORKSPACE", raising=False)
    monkeypatch.chdir(starter.root)

    return runner(monkeypatch, capsys)


# --- the header ----------------------------------------------------------------------------------


def test_the_documentation_has_the_table_of_the_columns() -> None:
    examples = {column.name: f"`{column.example}`" * bool(column.example) for column in COLUMNS}
    rows = [
        f"| `{column.name}` | {column.needed or '–'} | {column.meaning} | {examples[column.name]} |"
        for column in COLUMNS
    ]
    assert "\n".join(["| column | needed in | meaning | example |", "|---|---|---|---|", *rows]) in DOCS


def test_the_columns_ask_for_what_the_model_asks_for() -> None:
    def required(*models: Any) -> set[str]:  # noqa: ANN401 - models
        fields = {name: field for model in models for name, field in model.model_fields.items()}
        return {name for name, field in fields.items() if field.is_required()}

    assert set(needed_in(EACH_ROW)) == required(Statement, Evidence) - {"evidence"} | {"source"}
    assert set(needed_in(FIRST_ROW)) == required(Source) - {"id", "statements"}


def test_every_field_of_the_model_has_a_column() -> None:
    # A capture is noted by `graphkit quote`, and only a machine proposes.
    parts = {"evidence", "amount", "statements", "id", "capture", "proposed"}
    for model in (Source, Statement, Evidence, Amount):
        fields = {field.alias or name for name, field in model.model_fields.items()}
        assert {
            f"amount{name.title()}" if name in AMOUNT_KEYS.values() and model is Amount else name
            for name in fields - parts
        } <= set(NAMES), model


def test_a_template_can_be_filled_in_and_imported(starter: Workspace) -> None:
    filled = ",".join({**USUAL, **ROW}.get(name, "") for name in template().strip().split(","))
    path = put(starter, "t.csv", f"{template()}{filled}\n")
    done, reported = bring(path, starter)
    assert (reported, done.refused, sum(done.files.values())) == ([], 0, 1)


def test_a_workbook_template_keeps_dates_as_they_are_typed(starter: Workspace, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "template.xlsx"
    write_template(path)
    book = load_workbook(path)
    [page] = book.worksheets
    names = [str(cell.value) for cell in page[1]]
    assert names == template().strip().split(",")
    assert {page.column_dimensions[cell.coordinate.rstrip("1")].number_format for cell in page[1]} == {"@"}
    for column, name in enumerate(names, 1):
        page.cell(2, column, {**USUAL, **ROW, "published": "2019-06"}.get(name))
    book.save(path)
    assert bring(path, starter)[1] == []
    assert written(starter).published == "2019-06"


def test_a_template_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("mine")
    with pytest.raises(GraphkitError, match="exists already"):
        write_template(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    "written_so", ["derivedFrom", "Derived from", "DERIVED_FROM", "derived-from", " derived  From "]
)
def test_case_spaces_underscores_and_hyphens_of_a_header_do_not_matter(starter: Workspace, written_so: str) -> None:
    row = {**ROW, written_so: "example-gazette-2021"}
    assert bring(put(starter, "t.csv", spell_csv(row)), starter)[1] == []
    assert written(starter).derived_from == "example-gazette-2021"


def without(*names: str) -> list[str]:
    return [name for name in HEADER if name not in names]


@pytest.mark.parametrize(
    ("header", "found", "says"),
    [
        ([*HEADER, "Speeker"], [("unknown-column", 1, 11)], "speaker"),
        ([*HEADER, "comment"], [("unknown-column", 1, 11)], "remove it"),
        ([*HEADER, "", "scope"], [("unknown-column", 1, 11)], "merged"),
        (without("gist"), [("missing-column", 1, 0)], "'gist'"),
        (without("kind", "sha256"), [("missing-column", 1, 0)] * 2, "'kind'"),
        ([*HEADER, "Subject"], [("duplicate-column", 1, 11)], "columns 5, 11"),
        ([*HEADER, *(f"c{number}" for number in range(200))], [("no-header", 1, 0)], "210 columns"),
        (["a", "b", "c"], [("no-header", 1, 0)], "graphkit import --template"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_wrong_header_is_reported_once(
    starter: Workspace, kind: str, header: list[str], found: list[tuple[str, int, int]], says: str
) -> None:
    rows = [header, *[["x"] * len(header)] * 3]
    text = "".join(",".join(row) + "\n" for row in rows)
    path = put(starter, "t.csv", text) if kind == "csv" else put_workbook(starter, *rows)
    problems = refusal(path, starter)
    assert list(map(at, problems)) == found
    assert says in f"{problems[0].message} {problems[0].solution}"


@pytest.mark.parametrize("above", [["Statements of 2021", "", ""], ["", "", ""], ["Source", "", "Statement"]])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_header_that_is_not_in_the_first_row_is_found(starter: Workspace, kind: str, above: list[str]) -> None:
    rows = [above, HEADER, list(ROW.values())]
    text = "".join(",".join(row) + "\n" for row in rows)
    path = put(starter, "t.csv", text) if kind == "csv" else put_workbook(starter, *rows)
    [problem] = refusal(path, starter)
    assert at(problem) == ("no-header", 2, 0)
    assert "row 2" in problem.message


def test_merged_cells_of_a_header_are_reported(starter: Workspace) -> None:
    from openpyxl import load_workbook

    path = put_workbook(starter, [*HEADER, "starts", "x"], [*ROW.values(), "a", "b"])
    book = load_workbook(path)
    book.worksheets[0].merge_cells("I1:J1")
    book.save(path)
    problems = refusal(path, starter)
    assert ("unknown-column", 1, 10) in map(at, problems)
    assert any("merged" in problem.solution for problem in problems)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_second_header_row_is_a_problem_of_that_row(starter: Workspace, kind: str) -> None:
    rows = [HEADER, HEADER, list(ROW.values())]
    text = "".join(",".join(row) + "\n" for row in rows)
    path = put(starter, "t.csv", text) if kind == "csv" else put_workbook(starter, *rows)
    done, reported = bring(path, starter)
    assert list(map(at, reported)) == [("no-header", 2, 0)]
    assert sum(done.files.values()) == 1


# --- what is right -------------------------------------------------------------------------------


def test_the_example_of_the_documentation_is_imported_and_built(starter: Workspace, run: Callable[..., Said]) -> None:
    example = re.search(r"^```csv\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    shown = re.search(r"^\$ graphkit import example.csv\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    assert example
    assert shown
    path = put(starter, "example.csv", example[1])
    assert run("import", str(path)) == (0, shown[1], "")
    assert build(starter).ok


FULL = {
    **ROW, "url": "https://example.org/a?b=c#d:e", "published": "2021-03~", "retrieved": "2021-04-02",
    "derivedFrom": "example-gazette-2021", "authors": "neighbours-united ; example-gazette", "language": "cy",
    "key": "council_Paid-1", "speaker": "neighbours-united", "stance": "denies", "number": "1250000.50", "unit": "GBP",
    "bound": "at-least", "amountOf": "neighbours-united", "amountPer": "year", "amountKind": "flow",
    "qualifiers": "matter: street-cameras; manner: by hand", "certainty": "possible", "basis": "second-hand",
    "group": "meeting", "scope": 'in "2020": half', "when": "2020", "said": "2021-03-01",
    "via": "example-gazette; exampletown-council", "hedge": "as far as it knew", "publicity": "on-record",
    "ends": "no: it # did", "at": "45", "note": "no",
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_document_is_read_object_by_object(starter: Workspace, indent: int | None) -> None:
    rows = [ROW, {**ROW, "key": "b", "stance": "denys"}, {**ROW, "key": "c"}]
    path = put(starter, "t.json", json.dumps(rows, indent=indent))
    done, reported = bring(path, starter)
    assert (done.rows, done.refused, [problem.code for problem in reported]) == (3, 1, ["unknown-stance"])
    line = path.read_text().splitlines()[reported[0].location.line - 1]
    assert line.lstrip().startswith("[{" if indent is None else "{")


def test_the_rest_of_a_json_document_is_refused_after_a_mistake_in_its_signs(starter: Workspace) -> None:
    text = json.dumps([ROW, {**ROW, "key": "b"}], indent=2).replace('"key": "b"', '"key" "b"')
    done, [problem] = bring(put(starter, "t.json", text), starter)
    assert (done.rows, done.refused, problem.code) == (2, 1, "broken-json")
    assert '"key" "b"' in text.splitlines()[problem.location.line - 1]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "xlsx"])
def test_every_column_reaches_its_place(starter: Workspace, kind: str) -> None:
    if kind == "xlsx":
        path = put_workbook(starter, list(FULL), list(FULL.values()))
    else:
        text = spell_jsonl(FULL) if kind == "jsonl" else spell_csv(FULL, delimiter="\t" if kind == "tsv" else ",")
        path = put(starter, f"t.{kind}", text)
    done, reported = bring(path, starter)
    assert reported == []
    assert (done.rows, done.refused, done.repeated) == (1, 0, 0)
    assert written(starter).model_dump(exclude_none=True) == {
        "id": "minutes-2021", "kind": "official-document", "publisher": "exampletown-council",
        "title": "Minutes: no. 1", "authors": ("neighbours-united", "example-gazette"),
        "url": "https://example.org/a?b=c#d:e", "published": "2021-03~", "retrieved": "2021-04-02", "language": "cy",
        "derived_from": "example-gazette-2021",
        "statements": {
            "council_Paid-1": {
                "subject": "exampletown-council", "relation": "funded", "object": "street-cameras",
                "amount": {
                    "number": "1250000.5", "unit": "GBP", "bound": "at-least", "of": "neighbours-united",
                    "per": "year", "kind": "flow",
                },
                "qualifiers": {"matter": "street-cameras", "manner": "by hand"},
                "certainty": "possible", "basis": "second-hand", "group": "meeting",
                "scope": 'in "2020": half', "when": "2020", "speaker": "neighbours-united", "stance": "denies",
                "said": "2021-03-01", "via": ("example-gazette", "exampletown-council"),
                "hedge": "as far as it knew", "publicity": "on-record", "gist": "It paid.", "note": "no",
                "evidence": {"starts": "The council paid", "ends": "no: it # did", "sha256": HASH},
            }
        },
    }  # fmt: skip


def test_a_file_is_written_as_a_curator_would(starter: Workspace) -> None:
    row = {**ROW, "published": "2021-03~", "via": "example-gazette", "key": "paid", "at": "45"}
    bring(put(starter, "t.csv", spell_csv(row)), starter)
    assert (starter.data / "sources/minutes-2021.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../../ontology/source.schema.json\n"
        "id: minutes-2021\n"
        "kind: official-document\n"
        "publisher: exampletown-council\n"
        'title: "Minutes: no. 1"\n'
        'published: "2021-03~"\n'
        "statements:\n"
        "  paid:\n"
        "    subject: exampletown-council\n"
        "    relation: funded\n"
        "    object: street-cameras\n"
        "    via: [example-gazette]\n"
        '    gist: "It paid."\n'
        "    evidence:\n"
        '      starts: "The council paid"\n'
        f"      sha256: {HASH}\n"
    )


def test_rows_of_a_source_may_be_scattered_and_give_its_metadata_once(starter: Workspace) -> None:
    rows = [
        {**ROW, "key": "a"},
        {**ROW, "source": "other", "key": "b"},
        {**SAID, "source": "minutes-2021", "key": "c", "scope": "here"},
        {**SAID, "source": "other", "key": "d", "title": "Minutes: no. 1", "language": "en", "scope": "here"},
    ]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert reported == []
    assert {path.name: number for path, number in done.files.items()} == {"minutes-2021.yaml": 2, "other.yaml": 2}
    assert list(written(starter).statements) == ["a", "c"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_line_ends_and_marked_encodings(starter: Workspace, delimiter: str, end: str, encoding: str) -> None:
    row = {**ROW, "gist": "Paid; it says, “twice”.\tCafé \U0001f600", "scope": 'two\nlines, "one" cell'}
    text = spell_csv(row, delimiter=delimiter).replace("\n", end)
    done, reported = bring(put(starter, "t.csv", text.encode(encoding)), starter)
    assert (reported, done.rows) == ([], 1)
    [said] = written(starter).statements.values()
    assert (said.gist, said.scope) == (row["gist"], row["scope"])


def test_empty_rows_and_columns_are_nothing_but_count(starter: Workspace) -> None:
    text = spell_csv(ROW, {**ROW, "subject": "nobody"}, header=[*HEADER, ""])
    lines = text.replace(",\n", ",\n,,,,,,,,,,\n\n  \n").splitlines(keepends=True)
    done, reported = bring(put(starter, "t.csv", "".join(lines)), starter)
    assert done.rows == 2
    assert [problem.location.line for problem in reported] == [9]


def test_a_cell_that_begins_with_an_equals_sign_is_text(starter: Workspace) -> None:
    bring(put(starter, "t.csv", spell_csv({**ROW, "gist": '=HYPERLINK("x")'})), starter)
    [said] = written(starter).statements.values()
    assert said.gist == '=HYPERLINK("x")'


def keys_of(starter: Workspace, **cells: str) -> list[str]:
    done, reported = bring(put(starter, "t.csv", spell_csv({**ROW, **cells})), starter)
    [path] = done.files
    keys = list(written(starter).statements)
    path.unlink()
    assert reported == []
    return keys


@pytest.mark.slow
def test_a_key_derives_from_the_claim_and_survives_corrections(starter: Workspace) -> None:
    [key] = keys_of(starter)
    assert re.fullmatch(r"funded-[0-9a-f]{12}", key)
    mended = {
        "gist": "Mended.", "hedge": "perhaps", "via": "example-gazette", "publicity": "leaked", "note": "n",
        "starts": "council paid", "ends": "all", "at": "7", "title": "Another", "stance": "asserts",
    }  # fmt: skip
    assert keys_of(starter, **mended) == [key]
    others = [
        {"speaker": "neighbours-united"}, {"stance": "denies"}, {"subject": "exampletown-police"}, {"scope": "here"},
        {"number": "5", "unit": "GBP"}, {"number": "5", "unit": "GBP", "bound": "around"}, {"when": "2020"},
        {"said": "2020"}, {"sha256": "0" * 64}, {"relation": "consulted", "object": "neighbours-united"},
    ]  # fmt: skip
    made = [key, *(keys_of(starter, **cells)[0] for cells in others)]
    assert len(set(made)) == len(made)


def test_identical_statements_are_skipped(starter: Workspace) -> None:
    done, reported = bring(put(starter, "t.csv", spell_csv(ROW, ROW)), starter)
    assert (reported, done.rows, done.repeated, done.refused) == ([], 2, 1, 0)
    assert list(done.files.values()) == [1]


# --- letter by letter ----------------------------------------------------------------------------

ODD = [
    "no", "y", "null", "~", "true", "1e3", "0x1F", "007", "15.0", "1_000", "12:30:00", "2019-06", "2019-06-01", ".",
    "-", "- a", "? a", ": a", "a: b", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[a", "{a}", ",a",
    "'", "''", '"', '\\"', "\\", "\\n", "a\\", "a:", "=a", "<<", "---", "...", "a\nb", "a\n\n b", "a\tb", "a  b",
    "\u00a0a\u00a0b", "a \u2028 b", "a\u2029 b", "a\u200bb", "\U0001f469\u200d\U0001f680", "İstanbul", "ß",
    "\U0010fffd", "日本", "x" * 119,
]  # fmt: skip
TEXTS = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=20)
WORDS = st.sampled_from(["no", "on", "y", "a-1", "home-office", "e5", "x"])


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    text = TEXTS.filter(str.strip)
    some = st.none() | text
    words = st.none() | WORDS
    hashes = st.sampled_from([HASH, "1" * 64, "1e" + "5" * 62])
    evidence = {"starts": draw(text), "ends": draw(some), "sha256": draw(hashes)}
    raw: dict[str, Any] = {
        "subject": draw(WORDS), "relation": draw(WORDS), "stance": draw(WORDS), "speaker": draw(words),
        "publicity": draw(words), "via": draw(st.lists(WORDS, max_size=2)), "scope": draw(some), "hedge": draw(some),
        "note": draw(some), "gist": draw(text), "when": draw(st.sampled_from([None, "2019~", "2019-06"])),
        "evidence": evidence, "certainty": draw(words), "basis": draw(WORDS), "reason": draw(words),
        "group": draw(words), "corrects": draw(st.sampled_from([None, "no", "no/y"])),
        "qualifiers": draw(st.dictionaries(st.sampled_from(["role", "place", "manner"]), text)),
    }  # fmt: skip
    if draw(st.booleans()):
        raw["amount"] = {"number": draw(st.sampled_from(["0", "007", "12.50", "9" * 15])), "unit": draw(WORDS)}
        raw["amount"] |= {"to": draw(st.sampled_from([None, "9" * 15 + ".5"])), "of": draw(words), "per": draw(words)}
    ends = [{"object": "no"}, {"value": "no"}, {"object": {"any": ["no", "a-1"]}}]
    raw |= draw(st.sampled_from(ends)) if draw(st.booleans()) else {"value": draw(text)}
    return Statement.model_validate(raw)


@pytest.mark.slow
@given(
    said=statements(), title=TEXTS.filter(str.strip), key=st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True)
)
@settings(max_examples=200)
def test_whatever_is_written_is_read_as_it_was(said: Statement, title: str, key: str) -> None:
    source = Source(id="no", kind="on", publisher="y", title=title, statements={key: said}, authors=("no", "a"))
    tree, problems = parse_tree(
        source_text({**source_fields(source), "statements": None}) + statement_text(key, statement_fields(said)),
        "x.yaml",
    )
    assert problems == []
    assert tree.dates <= {("retrieved",)}
    assert read_source(tree) == (source, [])


@pytest.mark.slow
@given(said=statements(), key=st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,5}", fullmatch=True))
@settings(max_examples=100)
def test_other_yaml_tools_read_texts_too(said: Statement, key: str) -> None:
    import yaml

    whole = yaml.safe_load(statement_text(key, statement_fields(said)))
    assert list(whole) == [key]
    raw = whole[key]
    texts = {name: value for name, value in said.model_dump(exclude_none=True).items() if isinstance(value, str)}
    assert {name: raw.get(name, {"basis": "first-hand"}.get(name, "asserts")) for name in texts} == texts
    assert raw["evidence"] == said.evidence.model_dump(exclude_none=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return init_workspace(tmp_path_factory.mktemp("import") / "w")


@pytest.mark.slow
@given(gist=TEXTS, scope=TEXTS, value=TEXTS, kind=st.sampled_from(["csv", "tsv", "jsonl", "xlsx"]))
@settings(max_examples=60)
def test_a_cell_comes_out_of_the_file_as_it_went_into_the_table(
    place: Workspace, gist: str, scope: str, value: str, kind: str
) -> None:
    row = {**ROW, "gist": gist, "scope": scope, "note": value}
    if kind == "xlsx":
        if any(one.startswith("=") for one in row.values()):
            return
        path = put_workbook(place, list(row), list(row.values()))
    else:
        text = spell_jsonl(row) if kind == "jsonl" else spell_csv(row, delimiter="\t" if kind == "tsv" else ",")
        path = put(place, f"t.{kind}", text)
    path.with_name("t.refused.csv").unlink(missing_ok=True)
    done, reported = bring(path, place)
    if done.refused:
        codes = {problem.code for problem in reported}
        assert codes <= {
            "no-value",
            "markup-in-text",
            "not-nfc",
            "control-character",
            "missing-key",
            "not-utf8",
            "misread-text",
            "look-alike-letter",
        }
        done.refused_file.unlink()  # the folder is shared with other tests
        return
    source = written(place)
    next(iter(done.files)).unlink()
    [said] = source.statements.values()
    assert (said.gist, said.scope or "", said.note or "") == (gist.strip(), scope.strip(), value.strip())


# --- rows that are wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code", "column", "says"),
    [
        ({"source": ""}, "missing-key", "source", "minutes-2021"),
        ({"source": "Minutes 2021"}, "invalid-value", "source", "small letters"),
        ({"kind": ""}, "missing-key", "kind", "official-document"),
        ({"kind": "minutes"}, "unknown-kind", "kind", "'minutes'"),
        ({"publisher": "exampletown-counsel"}, "unknown-entity", "publisher", "exampletown-council"),
        ({"title": "<b>Minutes"}, "markup-in-text", "title", "markup"),
        ({"url": "www.example.org"}, "invalid-address", "url", "https://"),
        ({"published": "spring"}, "invalid-date", "published", "EDTF"),
        ({"published": "43617"}, "invalid-date", "published", "2019-06-01"),
        ({"published": "06/03/2022"}, "invalid-date", "published", "2022-03-06 or 2022-06-03"),
        ({"published": "Jun-19"}, "invalid-date", "published", "2019-06"),
        ({"retrieved": "43617"}, "invalid-value", "retrieved", "2019-06-01"),
        ({"retrieved": "25/12/2021"}, "invalid-value", "retrieved", "2021-12-25"),
        ({"derivedFrom": "example-gazete-2021"}, "unknown-source", "derivedFrom", "example-gazette-2021"),
        ({"authors": "neighbours-united; nobody"}, "unknown-entity", "authors", "'nobody'"),
        ({"language": "English"}, "invalid-value", "language", "en"),
        ({"key": "1st"}, "invalid-id", "key", "'1st'"),
        ({"key": "k" * 121}, "invalid-id", "key", "cannot be an id"),
        ({"speaker": "street-cameras"}, "wrong-speaker", "speaker", "programme"),
        ({"stance": "denys"}, "unknown-stance", "stance", "denies"),
        ({"relation": "launched-on", "subject": "street-cameras", "object": "", "value": "43617"},
         "invalid-date", "value", "2019-06-01"),
        ({"subject": ""}, "missing-key", "subject", "exampletown-council"),
        ({"subject": "street-cameras"}, "wrong-domain", "subject", "subject of funded"),
        ({"subject": "Exampletown Council"}, "invalid-value", "subject", "small letters"),
        ({"relation": "fundet"}, "unknown-relation", "relation", "funded"),
        ({"object": "street-camera"}, "unknown-entity", "object", "street-cameras"),
        ({"relation": "consulted"}, "wrong-range", "object", "object of consulted"),
        ({"object": ""}, "object-or-value", "", "number and unit"),
        ({"value": "x"}, "object-or-value", "", "do not fill in both"),
        ({"number": "1,250,000", "unit": "GBP"}, "invalid-value", "number", "1250000"),
        ({"number": "1e3", "unit": "GBP"}, "invalid-value", "number", "digits"),
        ({"number": "5"}, "missing-key", "unit", "GBP"),
        ({"unit": "GBP"}, "missing-key", "number", "digits"),
        ({"number": "5", "unit": "pound"}, "unknown-unit", "unit", "'pound'"),
        ({"number": "5", "unit": "p o"}, "invalid-value", "unit", "'p o'"),
        ({"number": "5", "unit": "GBP", "bound": "atleast"}, "unknown-bound", "bound", "at-least"),
        ({"relation": "consulted", "object": "neighbours-united", "number": "5", "unit": "people"},
         "unexpected-amount", "number", "empty number"),
        ({"when": "43617"}, "invalid-date", "when", "2019-06-01"),
        ({"said": "3 June 2019"}, "invalid-date", "said", "2019-06-03"),
        ({"via": "example-gazette; gazette"}, "unknown-entity", "via", "example-gazette"),
        ({"hedge": "so " * 50}, "invalid-value", "hedge", "120"),
        ({"publicity": "public"}, "unknown-publicity", "publicity", "'public'"),
        ({"gist": " "}, "missing-key", "gist", "the cell is empty"),
        ({"gist": "a\u202eb"}, "control-character", "gist", "U+202E"),
        ({"gist": "a\x00b"}, "control-character", "gist", "U+0000"),
        ({"gist": "cafe\u0301"}, "not-nfc", "gist", "NFC"),
        ({"starts": "a b c d e f g h i"}, "evidence-too-long", "starts", "8 words"),
        ({"sha256": "1.2E+63"}, "invalid-value", "sha256", "64 hexadecimal digits"),
        ({"sha256": ""}, "missing-key", "sha256", "hash"),
        ({"at": "-1"}, "invalid-value", "at", "whole number"),
        ({"at": "15.5"}, "invalid-value", "at", "whole number"),
        ({"unread": "a,b"}, "unread-cell", "unread", "'a,b'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_wrong_cell_is_reported_with_row_column_value_and_solution(
    starter: Workspace, kind: str, cells: dict[str, str], code: str, column: str, says: str
) -> None:
    good = {**ROW, "source": "good", "scope": "kept"}
    row = {**ROW, **cells}
    header = list({**good, **row})
    text = spell_csv(good, row, header=header) if kind == "csv" else spell_jsonl(good, row)
    done, reported = bring(put(starter, f"t.{kind}", text), starter)
    [problem] = reported
    assert problem.code == code
    number = header.index(column) + 1 if column in header and kind == "csv" else 0
    assert (problem.location.line, problem.location.column) == (3 if kind == "csv" else 2, number)
    assert problem.message.startswith(f"Column {column!r}: " if column else "The row ")
    assert says in f"{problem.message} {problem.solution}"
    assert problem.solution
    assert (done.rows, done.refused) == (2, 1)
    assert [path.stem for path in done.files] == ["good"]
    written(starter, "good")


def test_all_problems_of_a_row_are_reported_together(starter: Workspace) -> None:
    wrong = {
        "publisher": "nobody", "kind": "", "published": "43617", "stance": "denys", "subject": "nobody", "gist": "",
        "relation": "fund", "number": "many", "unit": "quids", "bound": "some", "amountOf": "nothing", "via": "no-one",
        "qualifiers": "colour: red", "certainty": "sure", "sha256": "1", "key": "1", "when": "later",
    }  # fmt: skip
    _, reported = bring(put(starter, "t.csv", spell_csv({**ROW, **wrong})), starter)
    assert sorted(problem.message.split("'")[1] for problem in reported) == sorted(wrong)


def test_a_refused_source_is_reported_once_and_its_rows_are_refused(
    starter: Workspace, run: Callable[..., Said]
) -> None:
    rows = [{**ROW, "kind": "", "key": "a"}, {**SAID, "source": "minutes-2021", "key": "b", "scope": "here"}]
    path = put(starter, "t.csv", spell_csv(*rows))
    said = run("import", str(path))
    assert (said.code, said.err.count("missing-key"), said.err.count("minutes-2021' is refused")) == (1, 1, 0)
    assert [problem.code for problem in bring(path, starter, dry_run=True)[1]] == ["missing-key", "refused-source"]
    kept = refused_rows(path)
    assert [row["key"] for row in kept] == ["a", "b"]
    assert "see row 2" in kept[1]["problem"]


@pytest.mark.parametrize(
    ("first", "later", "says"),
    [("", "https://a.org", "leaves it empty"), ("https://b.org", "https://a.org", "'https://b.org'")],
)
def test_a_later_row_may_not_say_other_facts(starter: Workspace, first: str, later: str, says: str) -> None:
    rows = [{**ROW, "url": first}, {**ROW, "url": later, "scope": "here"}]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    [problem] = reported
    assert at(problem) == ("other-fact", 3, 11)
    assert says in problem.message
    assert done.refused == 1


@pytest.mark.parametrize("key", ["", "k"])
def test_another_statement_of_the_same_key_is_a_problem(starter: Workspace, key: str) -> None:
    rows = [{**ROW, "key": key}, {**ROW, "key": key, "gist": "In other words."}]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    [problem] = reported
    assert at(problem) == ("duplicate-id", 3, 11)
    assert "row 2" in problem.message
    assert sum(done.files.values()) == 1


def test_an_original_may_come_later_and_must_come(starter: Workspace) -> None:
    rows = [
        {**ROW, "source": "copy", "derivedFrom": "original", "key": "a"},
        {**ROW, "source": "copy", "key": "b", "scope": "here"},
        {**ROW, "source": "original"},
        {**ROW, "source": "lost", "derivedFrom": "nowhere"},
        {**ROW, "source": "lost-too", "derivedFrom": "lost"},
    ]
    path = put(starter, "t.csv", spell_csv(*rows))
    done, reported = bring(path, starter)
    assert sorted(path.stem for path in done.files) == ["copy", "original"]
    assert [at(problem) for problem in reported] == [("unknown-source", 5, 11), ("unknown-source", 6, 11)]
    assert [row["source"] for row in refused_rows(path)] == ["lost", "lost-too"]
    written(starter, "copy")


def test_a_source_file_cannot_grow_beyond_the_limit_of_the_reader(
    starter: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.curate.tables.MAX_BYTES", 1000)
    rows = [{**ROW, "key": f"k{number}", "scope": str(number)} for number in range(5)]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter)
    assert {problem.code for problem in reported} == {"file-too-large"}
    [path] = done.files
    assert 600 < path.stat().st_size <= 1000
    assert done.refused + len(written(starter).statements) == 5


@pytest.mark.parametrize("odd", ["\r", "\r\n", "\x00", '"', "\n", ",", "\x85", "\u2028", "\ufeff"])
def test_an_odd_cell_is_kept_in_its_place(starter: Workspace, odd: str) -> None:
    path = put(starter, "t.jsonl", spell_jsonl({**ROW, "gist": f"a{odd}b", "stance": "denys"}))
    bring(path, starter)
    [kept] = refused_rows(path)
    assert (kept["gist"], kept["stance"]) == (f"a{odd}b", "denys")


def test_progress_is_shown_on_a_terminal(
    starter: Workspace, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(starter, "t.csv", many(2500))
    assert run("import", str(path), "--dry-run").err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "\r2,000 rows …" in run("import", str(path), "--dry-run").err


# --- tables that are broken ----------------------------------------------------------------------

GOOD = ",".join(ROW.values())
TOP = ",".join(HEADER)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("a,b,c", "ragged-row", "3 cells, the header has 10"),
        (f"{GOOD},x", "ragged-row", "11 cells"),
        (f'"{GOOD}', "unbalanced-quote", "double quote"),
        (GOOD.replace("It paid.", '"It" paid.'), "unbalanced-quote", "double quote"),
        ("x" * 1_000_001, "line-too-long", "1,000,000"),
        ('"' + "x" * 1_000_001, "line-too-long", "1,000,000"),
        ('"' + "x" * 200_000 + '"', "line-too-long", "A cell has more than 131,072"),
        (GOOD.replace("It paid.", "It paid\x92s").encode("latin-1"), "not-utf8", "0x92 (’)"),
        (GOOD.replace("It paid.", "é").encode("latin-1"), "not-utf8", "Line 3 is not UTF-8 from its byte"),
        (b"\xff\xfe\x00\x81", "not-utf8", "0xff"),
        (TOP, "no-header", "repeats"),
    ],
)
def test_a_broken_line_of_csv_leaves_the_others(starter: Workspace, line: str | bytes, code: str, says: str) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    last = f"{GOOD.replace('2021', '2022', 1)}\n".encode()
    path = put(starter, "t.csv", f"{TOP}\n{GOOD}\n".encode() + raw + b"\n" + last)
    done, reported = bring(path, starter)
    [problem] = reported
    assert (problem.code, problem.location.line) == (code, 3)
    assert says in f"{problem.message} {problem.solution}"
    assert sorted(path.stem for path in done.files) == ["minutes-2021", "minutes-2022"]
    [kept] = refused_rows(path)
    whole = raw.decode("cp1252", "backslashreplace")
    assert kept["unread"] in {whole, f"{whole[:200]} …"} or list(kept.values())[: len(HEADER)] == whole.split(",")


def test_an_open_quote_affects_one_line_only(starter: Workspace) -> None:
    lines = [TOP, *(GOOD.replace("2021", str(year), 1) for year in range(1000, 1500))]
    lines[3] = lines[3].replace("It paid.", '"It paid.')
    done, reported = bring(put(starter, "t.csv", "\n".join(lines)), starter)
    assert list(map(at, reported)) == [("unbalanced-quote", 4, 0)]
    assert (done.rows, done.refused, len(done.files)) == (500, 1, 499)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ('{"source": "a"', "broken-json", "at character 15"),
        ("[1, 2]", "broken-json", "not a JSON object"),
        ('"text"', "broken-json", "not a JSON object"),
        ("[" * 100_000, "broken-json", "nested too deeply"),
        ('{"at": NaN}', "broken-json", "NaN"),
        ('{"number": -Infinity}', "broken-json", "-Infinity"),
        ('{"object": {"statement": "a"}}', "broken-json", "'object': this is an object"),
        ('{"via": ["a", "b"]}', "broken-json", "'via': this is an array"),
        ('{"source": "a", "source": "b"}', "duplicate-column", "'source'"),
        ('{"source": "a", "Source ": "b"}', "duplicate-column", "'source'"),
        ('{"speeker": "a"}', "unknown-column", "speaker"),
        ('{"gist": "' + "x" * 1_000_001 + '"}', "line-too-long", "1,000,000"),
        (b'{"gist": "\xe9"}', "not-utf8", "0xe9 (é)"),
        ("not json", "broken-json", "Expecting value at character 1"),
    ],
)
def test_a_broken_line_of_json_leaves_the_others(starter: Workspace, line: str | bytes, code: str, says: str) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    good = [json.dumps({**ROW, "source": name}).encode() for name in ("a", "b")]
    path = put(starter, "t.jsonl", b"\n".join([good[0], raw, good[1]]))
    done, reported = bring(path, starter)
    [problem] = reported
    assert (problem.code, problem.location.line) == (code, 2)
    assert says in f"{problem.message} {problem.solution}"
    assert [path.stem for path in done.files] == ["a", "b"]
    [kept] = refused_rows(path)
    whole = raw.decode("cp1252")
    assert kept["unread"] in {whole, f"{whole[:200]} …"}


def test_json_keeps_numbers_as_they_are_typed(starter: Workspace) -> None:
    line = json.dumps(ROW)[:-1] + ', "at": 45, "number": 1250000.50, "unit": "GBP", "when": 2019, "note": null}'
    assert bring(put(starter, "t.jsonl", line), starter)[1] == []
    [said] = written(starter).statements.values()
    assert (said.when, said.note) == ("2019", None)
    assert said.amount
    assert said.amount.number == "1250000.5"


def test_half_a_character_of_json_is_refused_and_kept(starter: Workspace) -> None:
    path = put(starter, "t.jsonl", json.dumps({**ROW, "gist": "a \ud83d b"}))
    done, reported = bring(path, starter)
    assert ([problem.code for problem in reported], done.refused) == (["invalid-value"], 1)
    assert refused_rows(path)[0]["gist"] == r"a \ud83d b"


@pytest.mark.parametrize(
    ("name", "raw", "code", "says"),
    [
        ("t.csv", b"", "empty-file", "nothing in this file"),
        ("t.csv", b"\xef\xbb\xbf \n\n", "empty-file", "nothing in this file"),
        ("t.jsonl", b"\n\n", "empty-file", "nothing in this file"),
        ("t.csv", TOP.encode(), "empty-file", "no rows"),
        ("t.csv", f"{TOP}\n\n,,,\n".encode(), "empty-file", "no rows"),
        ("t.csv", f"{TOP}\n{GOOD}".encode("utf-16-le"), "not-utf8", "UTF-16 without a mark"),
        ("t.csv", f"{TOP}\n{GOOD}".encode("utf-32"), "not-utf8", "UTF-32"),
        ("t.csv", f"caf\xe9,{TOP}\n{GOOD}".encode("latin-1"), "not-utf8", "0xe9 (é)"),
        ("t.csv", b"x" * 1_000_001, "line-too-long", "1,000,000"),
        ("t.csv", b"PK\x03\x04 and so on", "unreadable-table", "not text"),
        ("t.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unreadable-table", "not text"),
        ("t.xlsx", b"", "empty-file", "nothing in this file"),
        ("t.xlsx", f"{TOP}\n{GOOD}".encode(), "unreadable-table", "not a workbook"),
        ("t.xlsx", b"<html><table></table></html>", "unreadable-table", "not a workbook"),
        ("t.xlsx", b"PK\x03\x04 and so on", "unreadable-table", "broken"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable-table", "old format (.xls)"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "unreadable-table",
         "password"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_table_is_reported(
    starter: Workspace, name: str, raw: bytes, code: str, says: str
) -> None:
    [problem] = refusal(put(starter, name, raw), starter)
    assert problem.code == code
    assert says in f"{problem.message} {problem.solution}"
    assert problem.solution


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("t.xls", ".xlsx"),
        ("t.ods", "Excel 2007-365 (.xlsx)"),
        ("t.numbers", "Export To"),
        ("t", ".csv"),
        ("folder.csv", "read"),
        ("no.csv", "There is no file"),
    ],
)
def test_a_file_of_another_kind_is_a_mistake_of_usage(
    run: Callable[..., Said], starter: Workspace, name: str, says: str
) -> None:
    (starter.root.parent / "folder.csv").mkdir()
    if "." in name and name.startswith("t."):
        put(starter, name, "x")
    said = run("import", str(starter.root.parent / name))
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert "Traceback" not in said.err


# --- workbooks -----------------------------------------------------------------------------------


def sheet_with(workspace: Workspace, cells: dict[str, Any], formats: dict[str, str] | None = None) -> Path:
    """Put a workbook of one row beside the workspace."""
    from openpyxl import load_workbook

    row = {**ROW, "published": None, "when": None, "at": None, "number": None, "unit": None, **cells}
    path = put_workbook(workspace, list(row), list(row.values()))
    book = load_workbook(path)
    for name, code in (formats or {}).items():
        book.worksheets[0].cell(2, list(row).index(name) + 1).number_format = code
    book.save(path)
    return path


NOON = dt.datetime.fromisoformat("2021-04-12T12:00:00")


def column_of(name: str) -> int:
    return [*HEADER, "published", "when", "at", "number", "unit"].index(name) + 1


@pytest.mark.parametrize(
    ("cells", "formats", "expected"),
    [
        ({"published": dt.date(2021, 4, 12)}, {}, {"published": "2021-04-12"}),
        ({"published": NOON.replace(hour=0)}, {"published": "dd/mm/yyyy"}, {"published": "2021-04-12"}),
        ({"published": 2021}, {}, {"published": "2021"}),
        ({"number": 0.1 + 0.2, "unit": "GBP"}, {}, {"number": "0.3"}),
        ({"number": 1e6, "unit": "GBP"}, {"number": "#,##0.00"}, {"number": "1000000"}),
        ({"gist": "a\r\nb_x0041_"}, {}, {"gist": "a\nbA"}),
    ],
)  # fmt: skip
def test_a_cell_of_a_workbook_becomes_text(
    starter: Workspace, cells: dict[str, Any], formats: dict[str, str], expected: dict[str, Any]
) -> None:
    assert bring(sheet_with(starter, cells, formats), starter)[1] == []
    source = written(starter)
    [said] = source.statements.values()
    found = {
        "published": source.published, "number": said.amount and said.amount.number,
        "gist": said.gist,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("cells", "formats", "code", "says"),
    [
        ({"published": dt.date(2019, 6, 1)}, {"published": "mmm-yy"}, "mangled-cell", "shows no day"),
        ({"published": dt.date(2019, 6, 1)}, {"published": "d-mmm"}, "mangled-cell", "shows no year"),
        ({"published": NOON}, {}, "mangled-cell", "time of day"),
        ({"when": dt.time(14, 30)}, {}, "mangled-cell", "a time, 14:30"),
        ({"when": 43617}, {}, "invalid-date", "2019-06-01"),
        ({"number": 0.2, "unit": "percent"}, {"number": "0%"}, "mangled-cell", "shows 20% and holds 0.2"),
        ({"number": 10**16, "unit": "GBP"}, {}, "mangled-cell", "15 digits"),
        ({"at": "#REF!"}, {}, "mangled-cell", "the error #REF!"),
        ({"number": 1_234_567, "unit": "GBP"}, {"number": "0.00E+00"}, "mangled-cell", "shows 1230000"),
        ({"number": 500, "unit": "people"}, {"number": ";;;"}, "mangled-cell", "shows no number"),
        ({"number": 0, "unit": "people"}, {"number": '#,##0;-#,##0;"-"'}, "mangled-cell", "shows no number"),
        ({"gist": "It is secret."}, {"gist": ";;;"}, "mangled-cell", "shows nothing"),
        ({"when": 2021}, {"when": "dd/mm/yyyy"}, "mangled-cell", "probably the year 2021"),
        ({"at": "=1+1"}, {}, "formula-without-value", "without a value"),
        ({"at": 15.5}, {}, "invalid-value", "whole number"),
    ],
)
def test_changes_by_a_spreadsheet_are_reported(
    starter: Workspace, cells: dict[str, Any], formats: dict[str, str], code: str, says: str
) -> None:
    done, reported = bring(sheet_with(starter, cells, formats), starter)
    [problem] = reported
    assert at(problem) == (code, 2, column_of(next(iter(cells))))
    assert problem.message.startswith(f"Column {next(iter(cells))!r}: ")
    assert says in f"{problem.message} {problem.solution}"
    assert (done.refused, done.files) == (1, {})


def test_dates_are_counted_from_the_day_zero_of_the_workbook(starter: Workspace) -> None:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    path = sheet_with(starter, {"published": dt.date(2021, 4, 12), "when": 43617})
    book = load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    _, reported = bring(path, starter)
    assert "2023-06-02" in reported[0].solution
    assert "'published'" not in reported[0].message


def change_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change a part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)


def test_the_last_value_of_a_formula_is_taken_with_a_warning(starter: Workspace) -> None:
    path = sheet_with(starter, {"at": "=40+5"})
    change_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"40+5</f><v></v>", b"40+5</f><v>45</v>"))
    done, reported = bring(path, starter)
    [problem] = reported
    assert (*at(problem), problem.level) == ("formula", 2, column_of("at"), Level.WARNING)
    assert done.refused == 0


def test_a_text_that_begins_with_an_equals_sign_is_no_formula(starter: Workspace) -> None:
    path = sheet_with(starter, {"gist": "EQUALS paid"})
    change_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"EQUALS", b"="))
    assert bring(path, starter)[1] == []
    [said] = written(starter).statements.values()
    assert said.gist == "= paid"


def test_one_of_several_sheets_is_chosen(starter: Workspace) -> None:
    from openpyxl import load_workbook

    path = put_workbook(starter, HEADER, list(ROW.values()), sheet="Mine")
    book = load_workbook(path)
    book.create_sheet("Empty")
    book.save(path)
    assert bring(path, starter, dry_run=True)[0].refused == 0
    book.create_sheet("Notes").append(["x"])
    book.save(path)
    [problem] = refusal(path, starter)
    assert problem.code == "which-sheet"
    assert "Mine, Notes" in problem.message
    assert "--sheet 'Mine'" in problem.solution
    [problem] = refusal(path, starter, sheet="mine")
    assert "Mine" in problem.solution
    assert bring(path, starter, sheet="Mine")[0].refused == 0


def test_a_workbook_without_anything_in_it(starter: Workspace) -> None:
    [problem] = refusal(put_workbook(starter), starter)
    assert problem.code == "empty-file"


def test_a_cell_beside_the_table_is_reported(starter: Workspace) -> None:
    path = put_workbook(starter, HEADER, [*ROW.values(), None, "beside"])
    _, reported = bring(path, starter)
    assert list(map(at, reported)) == [("ragged-row", 2, 12)]


def test_a_wrong_size_of_a_sheet_hides_no_rows(starter: Workspace) -> None:
    path = put_workbook(starter, HEADER, list(ROW.values()), [*list(ROW.values())[:-1], "x"])
    change_part(
        path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml)
    )
    assert bring(path, starter)[0].rows == 2


def archive(workspace: Workspace, **parts: bytes) -> Path:
    path = workspace.root.parent / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x"}, ".ods"),
        ({"readme.txt": b"x"}, "holds no workbook"),
        ({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}, ".xlsb"),
        ({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"x"}, "broken"),
        ({"[Content_Types].xml": b"no xml", "xl/workbook.xml": b"x"}, "broken"),
    ],
)
def test_an_archive_without_a_workbook_is_reported(starter: Workspace, parts: dict[str, bytes], says: str) -> None:
    [problem] = refusal(archive(starter, **parts), starter)
    assert problem.code == "unreadable-table"
    assert says in problem.message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_small_workbook_does_not_unfold_into_a_large_one(
    starter: Workspace, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr("graphkit.curate.tables.workbooks._MAX_UNPACKED", 50_000_000)
    path = put_workbook(starter, HEADER, list(ROW.values()))
    change_part(path, part, lambda xml: xml + b" " * 51_000_000)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    [problem] = refusal(path, starter)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem.code == "file-too-large"
    assert peak < 5_000_000


@pytest.mark.slow
def test_entities_of_xml_do_not_unfold(starter: Workspace) -> None:
    path = put_workbook(starter, HEADER, list(ROW.values()))
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    top = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'.encode()
    change_part(path, "xl/worksheets/sheet1.xml", lambda xml: top + xml.replace(b"<sheetData>", b"<sheetData>&l12;"))
    [problem] = refusal(path, starter)
    assert problem.code == "unreadable-table"


@pytest.mark.slow
def test_a_truncated_workbook_is_reported(starter: Workspace) -> None:
    path = put_workbook(starter, HEADER, *([list(ROW.values())] * 3000))
    change_part(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    [problem] = refusal(path, starter)
    assert problem.code == "unreadable-table"


def test_a_missing_library_is_named_with_its_installation(
    starter: Workspace, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_workbook(starter, HEADER, list(ROW.values()))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match="curate"):
        bring(path, starter)
    for said in (run("import", str(path)), run("import", "--template", "-o", "new.xlsx")):
        assert (said.code, said.out) == (2, "")
        assert "pip install 'graphkit[curate]'" in said.err
    assert not Path("new.xlsx").exists()


# --- mending and adding --------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_refused_rows_can_be_mended_and_imported(starter: Workspace, delimiter: str) -> None:
    rows = [ROW, {**ROW, "stance": "denys", "scope": "=1;2"}, {**ROW, "stance": "asserts", "scope": "there"}]
    text = spell_csv(*rows, delimiter=delimiter) + GOOD.replace(",", delimiter) + "\n"
    path = put(starter, "t.csv", text)
    done, reported = bring(path, starter)
    assert (done.rows, done.refused, len(reported)) == (4, 2, 2)
    refused = path.with_name("t.refused.csv")
    kept = refused.read_text(encoding="utf-8-sig")
    first = kept.splitlines()[0].split(delimiter)
    assert first == [*HEADER, "stance", "scope", "problem", "unread"]
    [wrong, short] = csv.DictReader(io.StringIO(kept), delimiter=delimiter)
    assert {name: wrong[name] for name in rows[1]} == rows[1]
    assert "'denys'" in wrong["problem"]
    assert "denies" in wrong["problem"]
    assert short["unread"] == GOOD.replace(",", delimiter)

    same, again = bring(refused, starter, add=True)
    assert (same.refused, len(again)) == (2, len(reported) + len(needed_in(EACH_ROW)))
    refused.with_name("t.refused.refused.csv").unlink()
    mended = {**dict.fromkeys(first, ""), **ROW, "stance": "asserts", "scope": "mended"}
    put(starter, "t.refused.csv", spell_csv({**wrong, "stance": "denies"}, mended, header=first, delimiter=delimiter))
    done, reported = bring(refused, starter, add=True)
    assert (reported, done.refused) == ([], 0)
    assert [said.scope for said in written(starter).statements.values()] == [None, "there", "=1;2", "mended"]


def test_mended_rows_are_not_overwritten(starter: Workspace, run: Callable[..., Said]) -> None:
    path = put(starter, "t.csv", spell_csv(ROW, {**ROW, "stance": "denys"}))
    put(starter, "t.refused.csv", "half mended")
    before = files_of(starter.root.parent)
    said = run("import", str(path))
    assert said.code == 2
    assert "t.refused.csv exists already" in said.err
    assert files_of(starter.root.parent) == before
    assert bring(put(starter, "t.csv", spell_csv(ROW)), starter)[0].refused == 0


def test_a_source_that_is_there_is_left_alone(starter: Workspace) -> None:
    file = starter.data / "sources/example-gazette-2021.yaml"
    before = file.read_bytes()
    done, reported = bring(put(starter, "t.csv", spell_csv({**ROW, "source": "example-gazette-2021"}, ROW)), starter)
    [problem] = reported
    assert at(problem) == ("source-exists", 2, 1)
    assert "data/sources/example-gazette-2021.yaml" in problem.message
    assert "--add" in problem.solution
    assert file.read_bytes() == before
    assert [path.stem for path in done.files] == ["minutes-2021"]


MORE = {**SAID, "source": "example-gazette-2021", "scope": "more", "key": "more"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["", "\n", "\n\n# the end", "\n  # the end\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("indent", ["  ", "    ", " "])
def test_statements_are_added_to_a_file_that_stays_as_it_is(
    starter: Workspace, end: str, tail: str, mark: str, indent: str
) -> None:
    file = starter.data / "sources/example-gazette-2021.yaml"
    text = mark + file.read_text(encoding="utf-8").rstrip() + tail
    before = re.sub("^( +)", lambda found: found[0].replace("  ", indent), text, flags=re.MULTILINE).replace("\n", end)
    file.write_bytes(before.encode())
    known = written(starter, "example-gazette-2021")
    rows = [MORE, {**MORE, "key": "again", "scope": "again"}]
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows)), starter, add=True)
    assert (reported, done.files) == ([], {file: 2})
    after = file.read_bytes()
    assert after.startswith(before.encode())
    assert (b"\r\n" in after, after.count(b"\n") - after.count(b"\r\n") == 0) == (end == "\r\n", end == "\r\n")
    found = written(starter, "example-gazette-2021")
    assert list(found.statements) == [*known.statements, "more", "again"]
    assert {key: found.statements[key] for key in known.statements} == known.statements


def test_adding_again_changes_nothing_and_another_statement_of_a_key_is_a_problem(starter: Workspace) -> None:
    path = put(starter, "t.csv", spell_csv(ROW, {**ROW, "scope": "here", "key": "typed"}))
    bring(path, starter)
    file = starter.data / "sources/minutes-2021.yaml"
    before = file.read_bytes()
    done, reported = bring(path, starter, add=True)
    assert (reported, done.repeated, done.files, file.read_bytes()) == ([], 2, {}, before)
    rows = [{**ROW, "gist": "In other words."}, {**ROW, "key": "typed"}]
    done, reported = bring(put(starter, "u.csv", spell_csv(*rows)), starter, add=True)
    assert [problem.code for problem in reported] == ["duplicate-id", "duplicate-id"]
    assert all("in the file of the source" in problem.message for problem in reported)
    assert (done.refused, file.read_bytes()) == (2, before)


def test_metadata_may_be_left_out_when_adding_but_must_not_differ(starter: Workspace) -> None:
    rows = [
        {name: cell for name, cell in MORE.items() if name not in FACTS or name == "source"},
        {**MORE, "key": "k2", "publisher": "example-gazette", "published": "2021-03~", "language": "en"},
        {**MORE, "key": "k3", "publisher": "neighbours-united"},
        {**MORE, "key": "k4", "derivedFrom": "minutes-2021"},
    ]
    header = list({name: "" for row in rows for name in row})
    done, reported = bring(put(starter, "t.csv", spell_csv(*rows, header=header)), starter, add=True)
    assert sum(done.files.values()) == 2
    assert [problem.code for problem in reported] == ["other-fact", "other-fact"]
    assert "'example-gazette'" in reported[0].message
    assert "leaves it empty" in reported[1].message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text + "note: the end\n", "not the last one"),
        (lambda text: text[: text.index("statements:")] + "statements: {}\n", "nothing can follow"),
        (lambda text: text + "...\n", "nothing can follow"),
        (lambda text: text.replace("kind:", "kin:"), "problems in it"),
        (lambda text: text.replace("id: example-gazette-2021", "id: another"), "its id is 'another'"),
        (lambda _text: "{id: example-gazette-2021, kind: report, publisher: example-gazette, title: T, "
         "statements: {a: {subject: a, relation: b, object: c, gist: g, evidence: {starts: s, sha256: " + HASH + "}}}}",
         "nothing can follow"),
    ],
)  # fmt: skip
def test_a_file_to_which_nothing_can_be_added_stays_as_it_is(
    starter: Workspace, change: Callable[[str], str], says: str
) -> None:
    file = starter.data / "sources/example-gazette-2021.yaml"
    text = change(file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    done, reported = bring(put(starter, "t.csv", spell_csv(MORE, ROW)), starter, add=True)
    [problem] = reported
    assert problem.code == "cannot-add"
    assert says in problem.message
    assert problem.solution
    assert (done.refused, file.read_text(encoding="utf-8")) == (1, text)


def test_statements_about_statements_stay_when_others_are_added(starter: Workspace) -> None:
    file = starter.data / "sources/example-gazette-2021.yaml"
    with file.open("a", encoding="utf-8") as text:
        text.write(
            "  about:\n    subject: example-gazette\n    relation: disclosed\n    object: {statement: paid}\n"
            f'    gist: "It reported."\n    evidence: {{starts: "a", sha256: {HASH}}}\n'
        )
    before = written(starter, "example-gazette-2021")
    assert isinstance(before.statements["about"], Proposition)
    assert bring(put(starter, "t.csv", spell_csv(MORE)), starter, add=True)[1] == []
    after = written(starter, "example-gazette-2021").statements
    assert {key: after[key] for key in before.statements} == before.statements


# --- all or nothing ------------------------------------------------------------------------------


def test_a_dry_run_says_the_same_and_writes_nothing(starter: Workspace, run: Callable[..., Said]) -> None:
    path = put(starter, "t.csv", spell_csv(ROW, {**ROW, "stance": "denys"}))
    before = files_of(starter.root.parent)
    dry = run("import", str(path), "--dry-run")
    assert files_of(starter.root.parent) == before
    wet = run("import", str(path))
    assert (dry.code, wet.code) == (1, 1)
    assert dry.out == wet.out.replace("1 statement\n", "1 statement (not written)\n", 1)
    assert dry.err.splitlines()[:3] == wet.err.splitlines()[:3]
    assert "denies" in dry.err


def test_problems_go_to_stderr_and_results_to_stdout(starter: Workspace, run: Callable[..., Said]) -> None:
    path = put(starter, "t.csv", spell_csv(ROW, {**ROW, "stance": "denys"}))
    said = run("import", str(path))
    assert said.out == ("data/sources/minutes-2021.yaml  1 statement\n2 rows: 1 statement in 1 source, 1 refused.\n")
    assert said.err.startswith(
        f"{path}:3:11  error  unknown-stance\n    Column 'stance': There is no stance 'denys'.\n"
    )
    assert str(path.with_name("t.refused.csv")) in said.err


def test_nothing_is_written_if_something_cannot_be(
    starter: Workspace, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(starter, "t.csv", spell_csv(ROW, {**ROW, "source": "b"}, {**ROW, "stance": "denys"}))
    before = files_of(starter.root.parent)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device", "t.refused.csv")

    monkeypatch.setattr("graphkit.curate.tables.RefusedRows.write", full)
    said = run("import", str(path))
    assert (said.code, said.out) == (2, "")
    assert "No space left on device; nothing was imported" in said.err
    assert files_of(starter.root.parent) == before


def test_broken_entities_are_reported_first(starter: Workspace, run: Callable[..., Said]) -> None:
    (starter.data / "entities/broken.yaml").write_text("entities: {a: {kind: place}}", encoding="utf-8")
    path = put(starter, "t.csv", spell_csv(ROW))
    before = files_of(starter.root.parent)
    said = run("import", str(path))
    assert (said.code, said.out) == (1, "")
    assert "data/entities/broken.yaml:1:12  error  missing-key" in said.err
    assert "Nothing was imported" in said.err
    assert files_of(starter.root.parent) == before


def test_mistakes_of_usage(starter: Workspace, run: Callable[..., Said]) -> None:
    path = put(starter, "t.csv", spell_csv(ROW))
    for args in ((), (str(path), "-o", "x.csv"), (str(path), "--sheet", "x"), ("--template", "-o", "x.pdf")):
        said = run("import", *args)
        assert (said.code, said.out, "Traceback" in said.err) == (2, "", False), args
        assert len(said.err.splitlines()) >= 2
    assert run("import", "--template") == (0, template(), "")


# --- much, and anything --------------------------------------------------------------------------


def many(rows: int) -> str:
    per = 400
    lines = (
        f"s{number // per},official-document,exampletown-council,T,exampletown-council,funded,street-cameras,"
        f"It paid for matter {number}.,The council paid,{number:064x},{number}"
        for number in range(rows)
    )
    return "\n".join([f"{TOP},scope", *lines]) + "\n"


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_memory_of_reading_does_not_grow_with_the_table(tmp_path: Path, kind: str) -> None:
    def read(rows: int) -> int:
        path = tmp_path / f"{rows}.{kind}"
        lines = many(rows)
        path.write_text(lines if kind == "csv" else spell_jsonl(*csv.DictReader(io.StringIO(lines))))

        def work() -> None:
            with open_table(path) as table:
                assert sum(1 for _ in table.rows) == rows

        return peak_of(work)

    read(10)
    assert read(8000) < read(400) + 100_000


@pytest.mark.slow
def test_a_huge_line_is_passed_over_without_being_held(starter: Workspace) -> None:
    path = put(starter, "t.csv", f"{TOP}\n")
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(f"\n{GOOD}\n".encode())
    results: list[Imported] = []
    assert peak_of(lambda: results.append(bring(path, starter)[0])) < 20_000_000
    assert (results[0].rows, results[0].refused) == (2, 1)


@pytest.mark.slow
def test_mistakes_that_are_repeated_cost_little(starter: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def near(word: str, *_known: object) -> str:
        calls.append(word)
        return "type one of: x."

    for function in ("near", "relations_that_fit"):
        monkeypatch.setattr(f"graphkit.corpus.references.{function}", near)
    text = many(2000).replace("street-cameras", "street-camera").replace("funded", "fundet")
    done, reported = bring(put(starter, "t.csv", text), starter, dry_run=True)
    assert (done.refused, len(reported)) == (2000, 4000)
    assert sorted(calls) == ["fundet", "street-camera"]


SEED = (f'{TOP},scope\n{GOOD},"a\nb"\n' * 2).encode()
PIECES = [
    b"", b" ", b"\t", b"\n", b"\r", b"\r\n", b",", b";", b'"', b'""', b"\0", b"\xff", b"\x92", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\xc3\xa9", b"{", b"}", b"[", b"]", b'{"a": 1}', b"NaN", b"1e999", b"\\ud800", b"\\r", b"\\u0000",
    b"x" * 2000, b"source", b"object",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn, seed: bytes) -> bytes:
    raw = seed
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from([0, 0, 1, 5, 40])))
        raw = raw[:start] + draw(st.sampled_from(PIECES) | st.binary(max_size=4)) + raw[end:]
    return raw


def is_accounted_for(path: Path, workspace: Workspace) -> None:
    """Import what may be anything: it is refused as a whole, or each row is written, passed over or kept."""
    try:
        done, reported = bring(path, workspace)
    except CannotImportError as error:
        done, reported = Imported(0, {}, 0, 0, path), list(error.problems)
    taken = sum(len(written(workspace, file.stem).statements) for file in done.files)
    assert done.rows == taken + done.repeated + done.refused
    if done.refused:
        assert len(refused_rows(path)) == done.refused
        assert all(row["problem"] for row in refused_rows(path))
        path.with_name("t.refused.csv").unlink()
    assert all(problem.message and problem.solution for problem in reported)
    assert reported or not done.refused
    for file in done.files:
        file.unlink()


@pytest.mark.slow
@given(raw=broken(SEED) | st.binary(max_size=60))
@settings(max_examples=60)
def test_every_csv_file_is_imported_or_refused(place: Workspace, raw: bytes) -> None:
    is_accounted_for(put(place, "t.csv", raw), place)


@pytest.mark.slow
@given(raw=broken(spell_jsonl(ROW, {**ROW, "scope": "a"}).encode()) | st.binary(max_size=60))
@settings(max_examples=40)
def test_every_json_file_is_imported_or_refused(place: Workspace, raw: bytes) -> None:
    is_accounted_for(put(place, "t.jsonl", raw), place)


@pytest.fixture(scope="module")
def workbook(place: Workspace) -> bytes:
    return put_workbook(place, HEADER, list(ROW.values())).read_bytes()


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=40)
def test_every_workbook_is_imported_or_refused(place: Workspace, workbook: bytes, data: st.DataObject) -> None:
    path = put(place, "t.xlsx", workbook)
    parts = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", ""]
    if part := data.draw(st.sampled_from(parts)):
        change_part(path, part, lambda xml: data.draw(broken(xml)))
    else:
        put(place, "t.xlsx", data.draw(broken(workbook)))
    is_accounted_for(path, place)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("43617", "2019-06-01"),
        ("25/12/2021", "type 2021-12-25 if"),
        ("05/05/2021", "type 2021-05-05 if"),
        ("2022/3/6", "type 2022-03-06 if"),
        ("6 March 2022", "type 2022-03-06 if"),
        ("March 6, 2022", "type 2022-03-06 if"),
        ("Mar-2022", "type 2022-03 if"),
        ("Jun-19", "2019-06 or YYYY-06-19"),
        ("19-Jun", "type YYYY-06-19 if"),
        ("FY21", "2020-04-01/2021-03-31 or 2021-04-01/2022-03-31"),
        ("2021-22 (financial year)", "type 2021-04-01/2022-03-31 for the financial year"),
        ("2021-22?", "2021-04-01/2022-03-31"),
        ("2008-09", "2008-09-XX for the month"),
        ("2021/05", "type 2021-05 if"),
        ("21-05-01", "2001-05-21 or 2021-05-01"),
        ("before 2021", "type ../2020 if"),
        ("after May 2021", "type 2021-06/.. if"),
        ("by May 2021", "type ../2021-05 if"),
        ("2019-present", "type 2019/.. if"),
        ("Q3 21", "type 2021-07/2021-09 if"),
        ("first half of 2021", "type 2021-01/2021-06 if"),
        ("year ending March 2022", "type 2021-04/2022-03 if"),
        ("w/c 3 May 2021", "type 2021-05-03/2021-05-09 if"),
        ("May/June 2021", "type 2021-05/2021-06 if"),
        ("2020 or 2021", "type 2020/2021 if"),
        ("Sat 1 May 2021", "type 2021-05-01 if"),
        ("1. Mai 2021", "type 2021-05-01 if"),
        ("٢٠٢١", "type 2021 if"),
        ("2021-05-01 - 2021-05-03", "type 2021-05-01/2021-05-03"),
        ("2021-121", ""),
        ("31/31/2021", ""),
        ("spring", ""),
        ("7", ""),
        ("2009-10", "2009-04-01/2010-03-31 for the financial year"),
        ("Q3 2021/22", "2021-10/2021-12"),
        ("Q3 FY21", "2020-10/2020-12 or 2021-10/2021-12"),
        ("tax year 2020/21", "2020-04-06/2021-04-05 for the tax year"),
        ("academic year 2020/21", "2020-09/2021-08 for the academic year"),
        ("Winter 2019/20", "2019-12/2020-02"),
        ("mid-June 2019", "2019-06~"),
        ("12/04/2024 00:00", "2024-04-12 or 2024-12-04"),
        ("Friday 12th April 2024, 10.30am", "type 2024-04-12"),
        ("2019.1", "2019-01 or 2019-10"),
        ("202105", "type 2021-05"),
        ("2024-W15", "2024-04-08/2024-04-14"),
        ("2019-06/08", "2019-06-08 or 2019-06/2019-08"),
        ("2019-06-01/30", "2019-06-01/2019-06-30"),
        ("2020-21 to 2022-23", "2020-04-01/2023-03-31"),
        ("01/04/2021 to 31/03/2022", "2021-04-01/2022-03-31"),
        ("week ending 13/04/2024", "2024-04-07/2024-04-13"),
        ("pre-2019", "../2018"),
        ("from 2012", "2012/.."),
        ("last week", "on the day of publication"),
        ("ongoing", "/.. if it has not ended"),
        ("2021-13", ""),
        ("0000", ""),
        ("May 2021?", "2021-05?"),
    ],
)
def test_dates_of_spreadsheets_get_a_suggestion(text: str, advice: str) -> None:
    assert advice in suggest_date(text)
    assert bool(advice) == bool(suggest_date(text))

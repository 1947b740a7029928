"""YAML as a tree of what was typed, with its places; whatever a file holds, reading it never fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graphkit.corpus.yaml_tree import MAX_BYTES, MAX_DEPTH, Rereading, Tree, parse_tree, read_tree
from graphkit.model.errors import Location

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.corpus.yaml_tree import Node


def parsed(text: str) -> Tree:
    tree, problems = parse_tree(text, "x.yaml")
    assert problems == []
    return tree


def problem(text: str) -> tuple[str, str]:
    """Return code and place of the one problem of a text."""
    tree, [found] = parse_tree(text, "x.yaml")
    assert tree.file == "x.yaml"
    return found.code, str(found.location)


# --- what was typed is what is read ------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "true", "007", "1_000", "0x1F", "1e3", "12:30:45", ".inf", "2019-06", "1.0"],
)
def test_a_word_stays_unchanged(word: str) -> None:
    assert parsed(f"a: {word}").root == {"a": word}
    assert parsed(f"{word}: a").root == {word: "a"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("# comment", None),
        ('""', ""),
        ("'~'", "~"),
        ('"null"', "null"),
        ("NULL", None),
        ("a # comment", "a"),
        ("a#b", "a#b"),
        ('"a \\u00e9\\tb"', "a é\tb"),
        ("'it''s'", "it's"),
        ("|\n  one\n  two", "one\ntwo"),
        (">-\n  one\n  two", "one two"),
        ("[a, [b, c], {d: e}]", ["a", ["b", "c"], {"d": "e"}]),
    ],
)
def test_values(typed: str, read: Node) -> None:
    assert parsed(f"a: {typed}").root == {"a": read}


def test_line_ends_of_windows_are_line_ends() -> None:
    tree = parsed("a: b\r\nc:\r\n- d\r\n")
    assert tree.root == {"a": "b", "c": ["d"]}
    assert tree.place(["c", 0]) == Location("x.yaml", 3, 3)


# --- places ------------------------------------------------------------------------------------------

PLACES = """\
# a comment
a: one
b:
    - two
    - c: "three"
      d: [four, {e: five}]
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (["a"], "2:1", "2:4"),
        (["b"], "3:1", "4:5"),
        (["b", 0], "4:7", "4:7"),
        (["b", 1], "5:7", "5:7"),
        (["b", 1, "c"], "5:7", "5:10"),
        (["b", 1, "d"], "6:7", "6:10"),
        (["b", 1, "d", 0], "6:11", "6:11"),
        (["b", 1, "d", 1, "e"], "6:18", "6:21"),
        (["b", 1, "nothing", "there"], "5:7", "5:7"),
        (["nothing"], "1", "1"),
        ([], "1", "1"),
    ],
)
def test_keys_and_values_have_a_location(path: list[str | int], key: str, value: str) -> None:
    tree = parsed(PLACES)
    assert str(tree.key_place(path)) == f"x.yaml:{key}"
    assert str(tree.place(path)) == f"x.yaml:{value}"


def test_columns_count_characters() -> None:
    assert str(parsed("{é𝄞: x, b: y}").place(["b"])) == "x.yaml:1:12"


# --- dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2019-06-01", "2019-6-1", "2019-06-01T10:00:00Z", "2019-06-01 10:00:00"])
def test_a_plain_date_is_noted(day: str) -> None:
    tree = parsed(f"a: [b, {day}]")
    assert tree.root == {"a": ["b", day]}
    assert tree.dates == {("a", 1)}


@pytest.mark.parametrize("word", ['"2019-06-01"', "'2019-06-01'", "2019-06", "2019-06-01/2020", "2019-06-01~"])
def test_what_every_tool_reads_as_text_is_not(word: str) -> None:
    assert parsed(f"a: {word}").dates == set()


# --- problems ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "empty-file", "1"),
        ("# nothing\n\n", "empty-file", "1"),
        ("---\n...\n", "empty-file", "1"),
        ("~", "empty-file", "1"),
        ("a: b: c", "yaml-syntax", "1:5"),
        ("a: [b\nc: d", "yaml-syntax", "2:2"),
        ("a: 'b", "yaml-syntax", "1:4"),
        ('a: "b\nc: "d"\ne: f', "yaml-syntax", "1:4"),
        ("a:\n  b: c\n\u00a0\u00a0d: e\n  f: g", "yaml-syntax", "3:1"),
        ("a: - b", "yaml-syntax", "1:4"),
        ("a: b\n  c: d", "yaml-syntax", "2:4"),
        ("a: @b", "yaml-syntax", "1:4"),
        ("a:b\nc: d", "yaml-syntax", "1:1"),
        ("a: b\u2028c\nd: e", "yaml-syntax", "1:5"),
        ("a: !b c", "yaml-syntax", "1:4"),
        ("a: !!str c", "yaml-syntax", "1:4"),
        ("!!map {a: b}", "yaml-syntax", "1:1"),
        ("{[a]: b}", "yaml-syntax", "1:2"),
        ("a: b\n---\nc: d", "yaml-syntax", "2:1"),
        ("a: &x b\nc: *x", "yaml-alias", "1:4"),
        ("*x : b", "yaml-alias", "1:1"),
        ("a: &x [*x]", "yaml-alias", "1:4"),
        ("a: *x", "yaml-alias", "1:4"),
        ("a:\n\tb: c", "yaml-tab", "2:1"),
        ("a:\n  \tb: c", "yaml-tab", "2:3"),
        ("a: b\nc: d\na: e", "duplicate-id", "3:1"),
        ("a: {b: c, b: {d: e}}", "duplicate-id", "1:11"),
    ],
)
def test_problems_have_a_code_and_a_location(text: str, code: str, place: str) -> None:
    assert problem(text) == (code, f"x.yaml:{place}")


def test_a_duplicate_key_does_not_hide_later_keys() -> None:
    tree, [found] = parse_tree("a: 1\na: [2, {3: 4}]\nb: 5", "x.yaml")
    assert tree.root == {"a": "1", "b": "5"}
    assert "line 1" in found.solution


def test_a_tab_within_a_text_is_no_indentation() -> None:
    assert parsed('a: "b\tc"\nd:\te\n').root == {"a": "b\tc", "d": "e"}


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ("{a: ", "}")])
def test_depth_is_bounded(left: str, right: str) -> None:
    assert parsed(left * MAX_DEPTH + right * MAX_DEPTH).root
    for depth in (MAX_DEPTH + 1, MAX_DEPTH + 2, 50_000):
        text = left * depth + "x" + right * depth
        assert problem(text)[0] == "yaml-too-deep"


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert problem("\n".join(lines)) == ("yaml-alias", "x.yaml:1:5")


# --- files -------------------------------------------------------------------------------------------


def read(path: Path, raw: bytes) -> tuple[Node, list[str]]:
    path.write_bytes(raw)
    tree, problems = read_tree(path, "x.yaml")
    return tree.root, [f"{one.code} {one.location}" for one in problems]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path / "x", b"\xef\xbb\xbfa: b") == ({"a": "b"}, [])


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"a: caf\xe9", "1:7"),
        (b"a: b\nc: \xff", "2:4"),
        (b"\xff\xfea\x00", "1:1"),
        (b"a: \xed\xa0\x80", "1:4"),
        (b"a: \xc0\xaf", "1:4"),
    ],
)
def test_other_encodings_are_refused_where_they_show(tmp_path: Path, raw: bytes, place: str) -> None:
    assert read(tmp_path / "x", raw) == (None, [f"not-utf8 x.yaml:{place}"])


@pytest.mark.parametrize("raw", [b"\x00", b"\x1b[31m", b"b\x00c", b"\x7f", b"\xc2\x80"])
def test_control_bytes_are_refused_where_they_stand(tmp_path: Path, raw: bytes) -> None:
    root, [found] = read(tmp_path / "x", b"a: b\nc: d\ne: " + raw)
    assert root is None
    assert found.startswith("yaml-syntax x.yaml:3")


def test_size_is_bounded(tmp_path: Path) -> None:
    text = b"# " + b"x" * (MAX_BYTES - 7) + b"\na: b"
    assert len(text) == MAX_BYTES
    assert read(tmp_path / "x", text) == ({"a": "b"}, [])
    assert read(tmp_path / "x", text + b"c") == (None, ["file-too-large x.yaml"])


# --- any text ----------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(TREES)
def test_dumped_yaml_is_read_back(tree: Node) -> None:
    text = yaml.safe_dump(tree, default_style='"', allow_unicode=True)
    assert parsed(text).root == tree


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z]{4,8}", fullmatch=True), min_size=1
    )
)
def test_a_location_points_at_its_text(words: dict[str, str]) -> None:
    text = yaml.safe_dump(words, default_style="'")
    tree = parsed(text)
    lines = text.splitlines()
    for key, value in words.items():
        name, place = tree.key_place([key]), tree.place([key])
        assert lines[name.line - 1][name.column - 1 :].startswith(f"'{key}'")
        assert lines[place.line - 1][place.column - 1 :].startswith(f"'{value}'")


@given(st.text(st.sampled_from("ab:-,[]{}&*!|>'\"%@#? \t\n\r~0.\x85\u2028\ufeff\x00é"), max_size=40))
def test_any_text_is_read_or_refused_with_a_location(text: str) -> None:
    tree, problems = parse_tree(text, "x.yaml")
    assert tree.root is not None or len(problems) == 1
    breaks = sum(text.count(one) for one in "\n\r\x85\u2028")
    # What is missing at the end is missing on the line after the last.
    assert all(1 <= found.location.line <= breaks + 2 for found in problems)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    root, problems = read(tmp_path_factory.getbasetemp() / "any.yaml", raw)
    assert (root is None) == any(not one.startswith("duplicate-id") for one in problems)


# --- texts that YAML cuts or changes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a: paid for #1 of them", "paid for"),
        ("a: paid for # one", "paid for"),
        ("kind: report # a remark", None),
        ("scope: half # of the cameras", "half"),
        ("scope: half  # a remark", None),
        ("a: half  #1", "half"),
        ("a: two words  # a remark", None),
        ("a: two words  #1", "two words"),
        ('a: "two words" # a remark', None),
        ("a:  # type a text", None),
        ("a: paid\u00a0for #1", "paid\u00a0for"),
        ("a: één camera #1\r\nb: c\r\n", "één camera"),
        ("a:\n  - first #1\n", "first"),
        ("a: paid\n  for #1\n", "paid for"),
        ("a: https://example.org/#part", None),
        ("a: |\n  paid for #1\n", None),
    ],
)
def test_a_text_that_a_comment_cuts_is_reported(text: str, cut: str | None) -> None:
    problems = parse_tree(text, "x.yaml")[1]
    assert [problem.code for problem in problems] == ["yaml-comment"] * (cut is not None)
    assert all(repr(cut) in problem.message for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "y",
        "N",
        "True",
        "1e5",
        "12:30",
        "0123",
        "0o17",
        "0x1f",
        "1_000",
        "+5",
        ".5",
        ".inf",
        "=",
        "1:00:00",
    ],
)
def test_an_unquoted_word_is_the_text_that_was_typed(text: str) -> None:
    tree, problems = parse_tree(f"{text}: {text}\n", "x.yaml")
    assert (tree.root, problems) == ({text: text}, [])


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL", ""])
def test_the_words_of_yaml_for_nothing_are_nothing(text: str) -> None:
    assert parse_tree(f"a: {text}\n", "x.yaml")[0].root == {"a": None}
    assert not text or parse_tree(f'a: "{text}"\n', "x.yaml")[0].root == {"a": text}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: b\nc: &mark d\n", "x.yaml:2:4", "&mark"),
        ("a: &mark [b]\n", "x.yaml:1:4", "&mark"),
        ("a: *mark\n", "x.yaml:1:4", "*mark"),
        ("a:\n  <<: {b: c}\n", "x.yaml:2:3", "<<"),
        ("a: b\n---\nc: d\n", "x.yaml:2:1", "second document"),
        ("a: b\na: c\n", "x.yaml:2:1", "'a' occurs twice"),
        ("a:\n\tb: c\n", "x.yaml:2:1", "tab"),
        ("a: b: c\n", "x.yaml:1:5", "not YAML"),
    ],
)
def test_marks_of_yaml_are_refused_at_their_place(text: str, place: str, message: str) -> None:
    [problem] = parse_tree(text, "x.yaml")[1]
    assert str(problem.location) == place
    assert message in problem.message


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends_do_not_matter(tmp_path: Path, mark: str, end: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(f"{mark}a: b{end}c:{end}  d: e{end}".encode())
    tree, problems = read_tree(path, "x.yaml")
    assert (tree.root, problems) == ({"a": "b", "c": {"d": "e"}}, [])
    assert str(tree.place(("c", "d"))) == "x.yaml:3:6"


def test_a_tree_whose_content_was_given_back_still_knows_its_places(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: [no]\n", encoding="utf-8")
    tree, _ = read_tree(path, "x.yaml")
    tree.give_back(path, Rereading())
    assert tree.root is None
    assert (str(tree.place(["b", 0])), str(tree.key_place(["b"]))) == ("x.yaml:2:5", "x.yaml:2:1")
    path.unlink()
    tree.give_back(path, Rereading())
    assert str(tree.place(["b", 0])) == "x.yaml:1"


@pytest.mark.parametrize(
    ("text", "what", "solution"),
    [
        ("a:b\nc: d", "a colon and a space are missing after a", "type a: and a space"),
        ("a:\u00a0b\nc: d", "a colon and a space are missing after a", "type a: and a space"),
        ("a：b\nc: d", "a colon and a space are missing after a", "type a: and a space"),
        ('a: "b" c', "goes on after its closing quotation mark", "all of it in double quotes"),
        ("a: 'b's c'", "goes on after its closing quotation mark", "all of it in double quotes"),
        ('a: "C:\\docs"', "a backslash and this character", "type \\\\ for a backslash"),
        ("a: > 5 b", "cannot begin with >", "double quotes"),
        ("a: | b", "cannot begin with |", "double quotes"),
        ("a: ? b", "cannot begin with ?", "double quotes"),
        ("a: {b} c", "cannot begin with {", "double quotes"),
        ("a: [b] c", "cannot begin with [", "double quotes"),
        ("a: b\n   c: d", "not indented like the lines above", "indent it"),
        ("a:\n  b: c\n d: e", "not indented like the lines above", "indent it"),
        ("a:\n  b: c\n    # d\n    e\nf: g", "the comment above ends the text", "move the comment"),
        ("a: b\u0085c\nd: e", "(U+0085) ends a line", "type a space"),
    ],
)
def test_a_fault_says_what_to_type(text: str, what: str, solution: str) -> None:
    [problem] = parse_tree(text, "x.yaml")[1]
    assert what in problem.message
    assert solution in problem.solution

"""SPARQL as text: no query leaves the house, no value leaves its term, a mistake is shown in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphkit.model.errors import GraphkitError, QueryError
from graphkit.model.iris import graph_iri, iri, literal
from graphkit.query.names import term
from graphkit.store import EmbeddedStore, in_memory
from graphkit.store.guard import refuse
from graphkit.store.syntax import point, read_header, read_query, variables, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINES = [
    f"<https://x.test/{subject}> <https://x.test/p> {value} <{graph_iri('entities')}> .\n"
    for subject, value in (("a", '"1"'), ("b", '"2"'), ("c", "<https://x.test/a>"))
]
# Nobody listens there: a query that is let through fails instead of calling anybody.
REMOTE = "SERVICE <http://127.0.0.1:9/> { ?x ?y ?z }"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return in_memory(LINES)


def is_refused(text: str) -> bool:
    try:
        refuse(text)
    except QueryError:
        return True
    return False


# --- other hosts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ {REMOTE} }}",
        f"select * {{ {REMOTE.lower()} }}",
        f"SELECT * {{ {REMOTE.replace('SERVICE', 'SeRvIcE SILENT')} }}",
        "SELECT * { SERVICE ?host { ?x ?y ?z } }",
        "SELECT * { SERVICE$host{ ?x ?y ?z } }",
        "SELECT * { SERVICE id:met { ?x ?y ?z } }",
        "SELECT * {\n\tSERVICE\n\t<http://127.0.0.1:9/>{}}",
        f"SELECT * {{ # a comment\n{REMOTE} }}",
        f"SELECT * {{ # a comment\r{REMOTE} }}",
        f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ {REMOTE} }} }} }} }}",
        f"SELECT * {{ FILTER EXISTS {{ {REMOTE} }} }}",
        f"SELECT * {{ ?s ?p 'it\\'s'. {REMOTE} }}",
        f"SELECT * {{ ?s ?p '\\\\'. {REMOTE} }}",
        f'SELECT * {{ ?s ?p """a "quote" in it""". {REMOTE} FILTER(?s != "") }}',
        f"SELECT * {{ ?s <https://x.test/#a> ?o . {REMOTE} }}",
        f"SELECT * {{ ?s <https://x.test/it's> ?o . {REMOTE} FILTER(?o != 'x') }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?o<?s){REMOTE} FILTER(?o>?s) }}",
        f"CONSTRUCT {{ ?x ?y ?z }} {{ {REMOTE} }}",
        "LOAD <http://127.0.0.1:9/>",
        "load silent <http://127.0.0.1:9/> into graph <https://x.test/g>",
        "INSERT DATA { <https://x.test/a> <https://x.test/b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP SILENT DEFAULT",
        "CREATE GRAPH <https://x.test/g>",
        "PREFIX x: <https://x.test/> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    ],
)
def test_other_hosts_and_updates_are_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize(
    "end",
    ["?o", "$o", "1", "1.5", "1e3", "true", "'x'@en", "id:", "'x'", "<https://x.test/a>", "[]", "()"],
)
def test_a_full_stop_does_not_hide_a_keyword(end: str) -> None:
    """SPARQL needs no space after the dot that ends a triple."""
    assert is_refused(f"SELECT * {{ ?s ?p {end}.{REMOTE} }}")


@pytest.mark.parametrize("name", [r"id:a\#b", r"id:a\'b"])
def test_an_escape_in_a_name_does_not_begin_a_comment_or_a_text(name: str) -> None:
    assert is_refused(f"SELECT * {{ ?s ?p {name} . {REMOTE} FILTER(?x != '' && ?y != \"\") }}")


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ ?s ?p ?o }} # {REMOTE}",
        f"# {REMOTE}\nSELECT * {{ ?s ?p ?o }}",
        "SELECT * { ?s ?p 'SERVICE <http://127.0.0.1:9/>' }",
        'SELECT * { ?s ?p "a \\" SERVICE" }',
        "SELECT * { ?s ?p '''it's a\nSERVICE''' }",
        'SELECT * { ?s ?p """a ""\nLOAD""" }',
        "SELECT * { ?s <https://x.test/SERVICE> ?o }",
        "SELECT * { <SERVICE> <load> <insert> }",
        "PREFIX service: <https://x.test/> SELECT * { service:load service: service:drop }",
        "PREFIX : <https://x.test/> SELECT * { :service :load/:insert :delete }",
        "SELECT ?service $load { ?service ?insert $load }",
        "SELECT * { _:service ?p 'x'@load }",
        "SELECT * { ?s sp:service/^sp:load ?o FILTER(?o != sp:clear) }",
        "SELECT (COUNT(*) AS ?create) { ?services ?p ?o } GROUP BY ?serviced",
    ],
)
def test_what_only_looks_like_a_keyword_is_not_refused(text: str) -> None:
    assert not is_refused(text)


def test_a_refusal_shows_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        refuse(f"SELECT * {{\n  ?s ?p ?o .\n  {REMOTE}\n}}")
    first, line, caret = caught.value.message.splitlines()
    assert first.startswith("line 3, column 3: SERVICE would call another host")
    assert line[caret.index("^") :].startswith("SERVICE")
    assert caught.value.hint


def test_the_store_refuses_too(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="another host"):
        store.query(f"ASK {{ {REMOTE} }}")


# --- variables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT ?b $a { ?a ?b ?c }", ["b", "a", "c"]),
        ("SELECT * { ?a ?b '?c' # ?d\n }", ["a", "b"]),
        ("SELECT * { ?a <https://x.test/?b> id:c }", ["a"]),
        ("SELECT * { ?s ?p ?o. ?o ?q ?r.}", ["s", "p", "o", "q", "r"]),
        ("SELECT (?a-?b AS ?c) { ?s ?a ?b }", ["a", "b", "c", "s"]),
        ("SELECT * { ?é ?a1 ?_b ?1 }", ["é", "a1", "_b", "1"]),
        ("ASK {}", []),
    ],
)
def test_variables_come_in_the_order_of_the_text(text: str, names: list[str]) -> None:
    assert variables(text) == names


# --- values ------------------------------------------------------------------------------------------


def rows(store: EmbeddedStore, text: str, values: Mapping[str, str]) -> set[str]:
    """Return the subjects that a query finds, by their last letter."""
    found = store.query(text, values)
    if isinstance(found, ox.QueryBoolean):
        return {"yes"} if found else set()
    if isinstance(found, ox.QueryTriples):
        return {str(triple.subject)[-2] for triple in found}
    assert isinstance(found, ox.QuerySolutions)
    return {str(row["s"])[-2] for row in found}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT ?s { ?s ?p ?o }", {"b"}),
        ("SELECT ?s WHERE{?s ?p ?o}", {"b"}),
        ("SELECT DISTINCT ?s FROM graph:entities WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 5", {"b"}),
        ("SELECT ?s FROM NAMED graph:entities { GRAPH ?g { ?s ?p ?o } }", {"b"}),
        ("SELECT ?s { # { a brace\n ?s ?p ?o }", {"b"}),
        ("SELECT ?s ('{' AS ?brace) { ?s ?p ?o }", {"b"}),
        ("# WHERE {\nPREFIX x: <https://x.test/> SELECT ?s { ?s x:p ?o }", {"b"}),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(?o) > 0)", {"b"}),
        ("SELECT ?s { { ?s ?p ?o } UNION { ?s ?q ?o } }", {"b"}),
        ("SELECT ?s { ?s ?p ?any FILTER EXISTS { ?s ?p ?o } }", {"b"}),
        ("SELECT ?s { ?s ?p ?any MINUS { ?s ?p ?o } }", {"a", "c"}),
        ("SELECT ?s { { SELECT ?s ?o { ?s ?p ?o } } }", {"b"}),
        ("SELECT ?s { { SELECT * { ?s ?p ?o } LIMIT 5 } }", {"b"}),
        ("SELECT ?s { ?s ?p ?o { SELECT ?o { ?any ?p ?o } } }", {"b"}),
        ("ASK { ?s ?p ?o }", {"yes"}),
        ("ASK{?s ?p ?o}", {"yes"}),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", {"b"}),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", {"b"}),
        ("CONSTRUCT { ?s ?p '}{' } { ?s ?p ?o }", {"b"}),
        ("CONSTRUCT { <https://x.test/z> <https://x.test/p> 1 } { ?s ?p ?o }", {"z"}),
        ("CONSTRUCT {} { ?s ?p ?o }", set()),
        ("DESCRIBE ?s { ?s ?p ?o }", {"b"}),
        ("DESCRIBE ?s WHERE { ?s ?p ?o }", {"b"}),
    ],
)
def test_a_value_goes_into_every_form(store: EmbeddedStore, text: str, wanted: set[str]) -> None:
    assert rows(store, text, {"o": '"2"'}) == wanted


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o. }", "SELECT ?s {?s ?p ?o.}"])
def test_a_value_that_nothing_has_finds_nothing(store: EmbeddedStore, text: str) -> None:
    assert rows(store, text, {"o": '"3"'}) == set()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { { SELECT ?s { ?s ?p ?o } } }",
        "SELECT ?s (EXISTS { ?s ?p ?o } AS ?has) { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?any { SELECT (COUNT(?o) AS ?n) { ?z ?p ?o } } }",
    ],
)
def test_a_value_is_never_ignored(store: EmbeddedStore, text: str) -> None:
    """Where a value cannot reach, the query is refused: an answer to another question is worse."""
    try:
        found = rows(store, text, {"o": '"3"'})
    except QueryError:
        return
    assert found == set()


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("SELECT ?s { ?s ?p ?o }", "x", "no variable ?x"),
        ("SELECT ?s { ?s ?p '?x' } # ?x", "x", "no variable ?x"),
        ("DESCRIBE ?s", "s", "no WHERE group"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "s", "CONSTRUCT WHERE"),
    ],
)
def test_a_query_without_a_place_for_a_value_is_refused(text: str, name: str, message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        with_values(text, {name: '"2"'})


def test_nothing_changes_without_values() -> None:
    assert with_values("DESCRIBE ?s", {}) == "DESCRIBE ?s"


def test_several_values_hold_together(store: EmbeddedStore) -> None:
    text = "SELECT ?s { ?s ?p ?o }"
    assert rows(store, text, {"o": '"2"', "s": "<https://x.test/b>"}) == {"b"}
    assert rows(store, text, {"o": '"2"', "s": "<https://x.test/a>"}) == set()


# --- hostile values ----------------------------------------------------------------------------------

HOSTILE = [
    '"} } SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } #',
    "\\",
    '\\"',
    "\\u0022 } #",
    "\n} #",
    '"""',
    "'''",
    "\r\n\t\x00\x1f\x7f\x85\u2028",
    "}} UNION {{ ?s ?p ?o",
    '"@en } #',
    '"^^<x> } #',
]


@given(st.text(st.sampled_from("\"'\\{}<>#?$.;@^_u0022\n\r\t \x00\x0bé𝄞"), max_size=30) | st.text())
def test_a_text_stays_one_term(text: str) -> None:
    found = EmbeddedStore(ox.Store()).query("SELECT ?x { }", {"x": literal(text)})
    assert isinstance(found, ox.QuerySolutions)
    assert [row["x"] for row in found] == [ox.Literal(text)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_typed_text_stays_one_term(store: EmbeddedStore, text: str) -> None:
    spelled = term(f'"{text}"', "id", store)
    found = store.query("SELECT ?x { }", {"x": spelled})
    assert isinstance(found, ox.QuerySolutions)
    assert [str(row["x"]) for row in found] == [str(ox.Literal(text))]


@given(st.text(st.sampled_from("\"'\\{}<>#?$.;@^|`u0022:/\n \x00é"), max_size=20))
@example("https://x.test/a> } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #")
@example("https://x.test/\\u003E } #")
def test_a_typed_name_is_one_name_or_refused(text: str) -> None:
    store = in_memory(LINES)
    for typed in (text, f"<{text}>", f"id:{text}", f"https://x.test/{text}"):
        if typed[:1] == '"':
            continue
        try:
            spelled = term(typed, "id", store)
        except GraphkitError:
            continue
        parsed = list(ox.parse(f"<x:s> <x:p> {spelled} .".encode(), format=ox.RdfFormat.N_TRIPLES))
        assert len(parsed) == 1


def test_what_the_graph_does_not_know_is_not_a_name(store: EmbeddedStore) -> None:
    assert term("<https://x.test/a>", "id", store) == "<https://x.test/a>"
    with pytest.raises(GraphkitError, match="contains nothing"):
        term("<https://x.test/z>", "id", store)


@pytest.mark.parametrize("name", ["o } SERVICE", "o>", "o\n", "", "?o", "o{"])
def test_the_name_of_a_value_is_a_variable_of_the_query(name: str) -> None:
    with pytest.raises(QueryError, match="no variable"):
        with_values("SELECT ?s { ?s ?p ?o }", {name: '"2"'})


# --- mistakes ----------------------------------------------------------------------------------------

MISTAKES = [
    "SELECT * { ?s ?p ?o . oops }",
    "SELECT * {\n  ?s ?p ?o .\n  oops }",
    "SELECT * {\n\t?s\t?p ?o .\n\toops }",
    "SELECT * {\r\n  ?s ?p ?o .\r\n  oops }",
    "SELECT * { ?s ?p 'é𝄞字' . oops }",
    "# é\n\nSELECT * {\n  ?s ?p '𝄞' . oops }",
    "SELECT * { ?s ?p ?o",
    "SELECT * { ?s ?p ?o } }",
    "SELECT ?x {} GROUP BY ?y",
    "SELECT * { ?s ?p 'a\\qb' }",
    "\n\n\n",
    "",
]


def engine_place(text: str) -> tuple[int, int]:
    """Return the line and the column that the engine gives for a query without prefixes."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text)
    found = re.search(r"error at (\d+):(\d+)", str(caught.value))
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_shown_where_it_is(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(text)
    line, column = engine_place(text)
    first, shown, caret = caught.value.message.split("\n")
    assert first.startswith(f"line {line}, column {column}: ")
    assert shown == "  " + [*text.split("\n"), ""][line - 1].rstrip("\r")
    assert caret.index("^") == 2 + column - 1
    assert caret.replace("\t", " ").strip() == "^"
    assert caught.value.hint


def test_a_value_does_not_shift_the_place(store: EmbeddedStore) -> None:
    text = "SELECT * { ?s ?p ?o . oops }"
    with pytest.raises(QueryError) as caught:
        store.query(text, {"o": '"2"'})
    line, column = engine_place(text)
    assert caught.value.message.startswith(f"line {line}, column {column}: ")


def test_a_tab_keeps_the_caret_under_its_column() -> None:
    assert point("\ta\tbc", 1, 4, "here").split("\n")[2] == "  \t \t^"


def test_an_odd_line_separator_is_no_line_end() -> None:
    assert point("a \u2028b\nc", 1, 4, "here").split("\n")[1] == "  a \u2028b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * { ?s nobody:knows ?o }", "line 1, column 15: unknown prefix nobody:"),
        ("SELECT * {\n ?s sp:gist 'L .\n ?s sp:stance ?o .\n}", "line 2, column 13: this quotation mark is not closed"),
        ("# a comment\n SELEC * { ?s ?p ?o }", "line 2, column 2: unexpected here"),
        ("SELECT * {\n ?s ?p 'a\\qb' }", "line 2, column"),
    ],
)
def test_a_mistake_is_shown_where_it_begins(store: EmbeddedStore, text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(text)
    assert caught.value.message.startswith(message)


def test_the_prefixes_stand_on_the_first_line() -> None:
    assert with_prefixes("SELECT *\n{}").count("\n") == 1
    assert "PREFIX id: " in with_prefixes("ASK { id:met ?p ?o }")
    assert "PREFIX" not in with_prefixes("ASK {}")


# --- files -------------------------------------------------------------------------------------------


def test_a_header_may_go_on_and_ends_with_the_query() -> None:
    found = read_header(
        "# Title: Who pays?\n# Why: Money\n#   talks.\n# Level: warning\n"
        "# Parameter: who = id:met  The payer.\n# Parameter: what =  \nSELECT *\n# Title: Other"
    )
    assert (found.title, found.why) == ("Who pays?", "Money talks.")
    assert dict(found.fields) == {"Level": "warning"}
    assert dict(found.parameters) == {"who": ("id:met", "The payer."), "what": ("", "")}


@pytest.mark.parametrize("make", ["nothing", "folder", "latin-1"])
def test_a_file_that_cannot_be_read_is_a_complaint(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x.rq"
    if make == "folder":
        path.mkdir()
    elif make == "latin-1":
        path.write_bytes(b"# caf\xe9\nASK {}")
    with pytest.raises(QueryError, match=r"x\.rq"):
        read_query(path)


def test_every_place_of_an_iri_is_spelled() -> None:
    assert iri("https://x.test/a") == "<https://x.test/a>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT\u00a0?x { ?x ?y 'L' }", r"line 1, column 7: unexpected here: no-break space \(U\+00A0\)"),
        ("ASK {\n  \u200b?s ?p ?o}", r"line 2, column 3: unexpected here: zero width space \(U\+200B\)"),
        ("SELECT\u3000?x {}", r"line 1, column 7: unexpected here: ideographic space \(U\+3000\)"),
        ("ASK { ?s ?p \u201cL\u201d }", r"line 1, column 13: unexpected here: left double quotation mark \(U\+201C\)"),
        ("ASK { FILTER(1 \u2212 2) }", r"line 1, column 16: unexpected here: minus sign \(U\+2212\)"),
    ],
)
def test_a_character_that_no_keyboard_makes_is_named(store: EmbeddedStore, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        store.query(text)
    assert caught.value.hint.startswith("Type ")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "graphkit questions"),
        ("SELEKT * { ?s ?p ?o }", "Did you mean SELECT?"),
        ("MATCH (n) RETURN n", "Begin with SELECT"),
        ("SELECT COUNT(*) AS ?n { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n)"),
        ("SELECT ?a COUNT(*) { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n)"),
        ("SELECT ?a, ?b { ?a ?b ?c }", "no comma"),
        ("SELECT (SAMPLE(?a) AS ?x) (STR(?b) AS ?y) { ?a ?b ?c }", "GROUP BY"),
        ("SELECT * { ?a ?b ?c } GROUP BY ?a", "Name the variables"),
        ("SELECT (1 AS ?a) { ?a ?b ?c }", "another name after AS"),
        ("SELECT ?a { ?a ?b ?c } LIMIT -1", "whole number"),
        ("SELECT ?a { ?a ?b ?c } OFFSET ?n", "whole number"),
        ("SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c }", "GROUP BY"),
        ("SELECT ?a { ?a ?b ?c };", "Remove the ;"),
        ("SELECT ?a { ?a ?b ?c FILTER(?c == 1) }", "Write = "),
        ("SELECT ?a { ?a ?b ?c FILTER ?c = 1 }", "FILTER(?x = 1)"),
        ("SELECT ?a {\n ?a ?b ?c LIMIT 1", "Close the { with }"),
        ("SELECT ?a { ?a ?b ?c } }", "Remove a }"),
        ("SELECT ?a { ?a ?b 'L }", "quotation mark"),
        ("SELECT ?a {\n  ?a funded-by ?b }", "sp:funded-by"),
        ("SELECT ?a { ?a wdt:P31 ?b }", "Did you mean wd:? Or declare it: PREFIX wdt:"),
    ],
)
def test_the_usual_mistakes_are_advised_on(store: EmbeddedStore, text: str, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(text)
    assert advice in (caught.value.hint or "")
    assert "expected" not in caught.value.message.replace("unexpected", "")


def test_a_byte_order_mark_is_no_part_of_a_query(store: EmbeddedStore, tmp_path: Path) -> None:
    assert store.query("\ufeffASK {}")
    (tmp_path / "q.rq").write_bytes(b"\xef\xbb\xbf# Title: Who?\r\nASK {}\r\n")
    text, header = read_query(tmp_path / "q.rq")
    assert (text[0], header.title) == ("#", "Who?")


def test_group_concat_joins_the_texts_of_any_values(store: EmbeddedStore) -> None:
    text = "SELECT (GROUP_CONCAT(DISTINCT ?x; SEPARATOR='|') AS ?all) { VALUES ?x { <urn:a> <urn:b> 1 'c'@en } }"
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    assert [str(row[0]) for row in found] == ['"urn:a|urn:b|1|c"']


def test_a_long_line_is_cut_around_a_mistake() -> None:
    shown = point("SELECT " + "?a " * 20_000 + "{", 1, 30_000, "unexpected").splitlines()
    assert max(map(len, shown)) < 130
    assert shown[2].index("^") == 61

"""The gate sees what the engine sees: no query leaves the machine, and no text takes long to read."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attack.gate import Canary, attack, texts
from graphkit.model.errors import QueryError
from graphkit.store.guard import refuse
from graphkit.store.syntax import tokens

HOST = "<http://127.0.0.1:9/>"
BODY = "{ ?a ?b ?c }"
LENGTH = 32_768
SIGNS = "<>#'\"\\.:{}()?@_-%aS1e! \n"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ SERVICESILENT {HOST} {BODY} }}",
        f"SELECT * {{ VALUES ?u {{ {HOST} }} SERVICESILENT?u{BODY} }}",
        f"SELECT * {{ ?s ?p trueSERVICE {HOST} {BODY} }}",
        f"SELECT * {{ ?s ?p false.SERVICE{HOST}{BODY} }}",
        f"SELECT * {{ ?s ?p 1SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ ?s ?p 1e5SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ ?s ?p 'a'SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ ?s ?p <x:y>SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ ?s ?p []SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ {{}}SERVICE {HOST} {BODY} }}",
        f"PREFIX ex: <http://x.test/> SELECT * {{ ?s ?p ex:a.b.SERVICE {HOST} {BODY} }}",
        f"PREFIX ex: <http://a:> SELECT * {{ ?s ?p ex:SERVICE {HOST} {BODY} }}",
        f"BASE <http://a:> PREFIX ex: <> SELECT * {{ ?s ?p ex:SERVICE {HOST} {BODY} }}",
        f"PREFIX : {HOST} SELECT * {{ SERVICE:x {BODY} }}",
        f"PREFIX : {HOST} SELECT * {{ ?s ?p trueSERVICE:x {BODY} }}",
        f"PREFIX : {HOST} PREFIX SERVICE: <x:y> SELECT * {{ SERVICE:x {BODY} }}",
        f"PREFIX SILENT: {HOST} SELECT * {{ SERVICE SILENT:x {BODY} }}",
        f"PREFIX ex: <x:y> PREFIX \ufff0: {HOST} SELECT * {{ ?s ?p ex:SERVICE\ufff0:x {BODY} }}",
        f"SELECT * {{ FILTER(1<2)SERVICE#>\n{HOST} {BODY} }}",
        f"SELECT * {{ FILTER(1<2#>\n)SERVICE {HOST} {BODY} }}",
        f"SELECT * {{ FILTER(1<2)#'>\nSERVICE {HOST} {BODY} #'\n }}",
        f"SELECT * {{ VALUES ?x {{'''a'}} SERVICE {HOST} {BODY} # \\z '''\n }}",
        f"SELECT * {{ ?s ?p <x:\\u0041#> . SERVICE {HOST} {BODY} }}",
        "INSERTDATA { <x:a> <x:b> 1 }",
        f"LOADSILENT{HOST}",
        "DROPALL",
    ],
)
def test_the_gate_reads_keywords_as_the_engine_does(text: str) -> None:
    with pytest.raises(QueryError, match=r"SERVICE|LOAD|would change the graph"):
        refuse(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ex:service ?o ; ex:SERVICE <http://x.test/service#> }",
        "PREFIX service: <http://x.test/service#> SELECT * { GRAPH service:a { ?s a service:Thing } }",
        "PREFIX service: <http://x.test/service#> SELECT * FROM service:a { ?s ?p service:b }",
        f"# SERVICE {HOST} {BODY}\nSELECT * {{ ?s ?p ?o }} # SERVICE {HOST} {BODY}",
        f"PREFIX x: <http://x.test/a#> SELECT * {{ ?s ?p x:b . # SERVICE {HOST} {BODY}\n }}",
        f"SELECT ('SERVICE {HOST} {BODY}' AS ?service) {{ ?s ?p '''SERVICE ?x {{''' }}",
        "SELECT * { VALUES (?a ?b) { ('x' <http://x.test/service#>) ('y' <http://x.test/service>) } }",
        "SELECT * { ?s ?p ?o FILTER(?o != 'x' && ?o != <http://x.test/service#it's>) }",
        "ASK { ?s ?p 'x'@service }",
        "ASK { _:service ?service $SERVICE }",
        "ASK { ?s <http://www.w3.org/ns/sparql-service-description#endpoint> ?o }",
        "SELECT (COUNT(*) AS ?n) { VALUES ?x { " + "-1 " * 5_000 + "} }",
    ],
)
def test_a_text_that_only_mentions_a_keyword_is_allowed(text: str) -> None:
    refuse(text)


def test_an_allowed_host_is_the_host_that_is_called() -> None:
    refuse(f"SELECT * {{ SERVICESILENT<http://x.test:80/a#b> {BODY} }}", {"x.test"})
    for address in ("http://a.test\\u002F@x.test/", "http://a.test/?@x.test", "http://x.test@a.test/", "//x.test/"):
        with pytest.raises(QueryError, match="SERVICE"):
            refuse(f"SELECT * {{ SERVICE <{address}> {BODY} }}", {"x.test"})


def test_the_engine_calls_nobody_for_a_text_that_passes() -> None:
    canary = Canary()
    assert attack(texts(300, 1), canary, gate=False).calls  # these texts are dangerous
    assert attack(texts(1_500, 2), canary).calls == ()


@pytest.mark.parametrize("nested", ["!" * 200_000 + "true", "(" * 200_000 + "1" + ")" * 200_000, "1" + "+1" * 20_000])
def test_deep_nesting_is_a_located_error(nested: str) -> None:
    with pytest.raises(QueryError, match=r"line 2, column .*nested"):
        refuse(f"ASK {{\n FILTER({nested}) }}")


# A start and a unit to repeat, for each kind of token and each way in which it can fail to end.
LONG = {
    "comment": ("", "#"), "comments": ("", "#\n"), "iri": ("<", "a"), "iris": ("", "<a"),
    "escaped iri": ("<", "\\u0041"),
    "string": ('"', "a"), "escaped quotes": ('"', '\\"'), "single quotes": ("'", "\\'"), "quotes": ("", "'"),
    "double quotes": ("", '"'), "long string": ("'''", "''a"), "long strings": ("", "'''a' "),
    "bad escapes": ("", "'''\\z"), "escaped long quotes": ('"""', '\\"""'), "unclosed lines": ("", "'\n"),
    "variable": ("?", "a"), "variables": ("", "?a-"), "language": ("@", "a-"), "languages": ("", "@a--"),
    "blank": ("_:", "a."), "blanks": ("", "_:a-."), "hyphens": ("", "a-"), "dots": ("", "a."), "many dots": ("a", "."),
    "colons": ("", "a:"), "percent": ("a:", "%4"), "escapes": ("a:", "\\#"), "dotted": ("a:", "b."),
    "digits": ("", "1"), "numbers": ("", "1."), "exponents": ("", "1e"), "words": ("", "service "),
    "services": ("", "service"), "service comments": ("", "service#"), "names": ("", "service:x "),
    "comparisons": ("ASK{FILTER(1", "<a'service#>"), "letters": ("", "\u00e9."), "marks": ("", "\u00a0"),
    "spaces": ("", " \n"), "brackets": ("", "({["), "backslashes": ("", "\\"),
}  # fmt: skip


def seconds(text: str) -> float:
    def once() -> float:
        begin = time.process_time()
        for _ in tokens(text):
            pass
        with suppress(QueryError):
            refuse(text + " service")
        return time.process_time() - begin

    return min(once() for _ in range(3))


@pytest.mark.parametrize("kind", LONG)
def test_reading_a_text_takes_linear_time(kind: str) -> None:
    """A quadratic step takes sixteen times as long for four times the length."""
    assert_linear(*LONG[kind])


@settings(max_examples=30, deadline=None)
@given(st.text(SIGNS, max_size=6), st.text(SIGNS, min_size=1, max_size=9))
def test_reading_any_repeated_text_takes_linear_time(start: str, unit: str) -> None:
    assert_linear(start, unit)


def assert_linear(start: str, unit: str) -> None:
    short, long = (seconds((start + unit * length)[:length]) for length in (LENGTH // 4, LENGTH))
    assert long < 0.02 or long < 9 * short

"""The page reads SPARQL as Python does: what is bound in the browser is bound as on the command line."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from browsers import NEEDS_CHROMIUM
from places import REPOSITORY

from graphkit.model.errors import GraphkitError, QueryError
from graphkit.model.iris import BASE, PREFIXES, expand, literal, shorten
from graphkit.model.text import figure, visible
from graphkit.query.names import term
from graphkit.query.questions import read_questions
from graphkit.store import in_memory
from graphkit.store.syntax import tokens, variables, with_prefixes, with_values
from graphkit.web.pages.links import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from graphkit.graph import Graph

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def call(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Call a function of the page's own modules; what it throws comes back as text after `!`."""
    page = browser.new_page()
    script = """async ([source, name, values]) => {
      window.modules ??= {};
      const address = "data:text/javascript;charset=utf-8," + encodeURIComponent(source);
      window.modules[source] ??= await import(address);
      try { return window.modules[source][name](...values) } catch (error) { return "!" + error.message }
    }"""

    @cache
    def source_of(module: str) -> str:
        """Return a module without its imports: only functions that need none of them are called here."""
        text = (REPOSITORY / "frontend/query" / module).read_text(encoding="utf-8")
        return "\n".join(line for line in text.splitlines() if not line.startswith("import "))

    yield lambda module, name, *values: page.evaluate(script, [source_of(module), name, list(values)])
    page.close()


QUERIES = [
    "SELECT ?a { ?a ?b ?c }",
    'SELECT ?a WHERE { ?a ?b \'x ?c\' . # ?d\n ?a ?e """a "?f" """ }',
    "SELECT * { ?s <http://x.test/#a?b> ?o FILTER(?o<?s) FILTER(?a>?b) }",
    "SELECT * { ?s ?p 'it\\'s' . ?t ?p '\\\\' }",
    "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }",
    "CONSTRUCT WHERE { ?a ?b ?c }",
    "ASK { ?a ?b ?c }",
    "DESCRIBE ?a",
    "DESCRIBE ?a { ?a ?b ?c }",
    "SELECT (COUNT(*) AS ?n) (GROUP_CONCAT(?b; separator='{') AS ?t) { ?a ?b ?c } GROUP BY ?a",
    "SELECT ?a { { SELECT ?a { ?a ?b ?c } } ?a ?d ?e }",
    "SELECT ?a { { SELECT (COUNT(?b) AS ?a) { ?x ?b ?c } GROUP BY ?x } }",
    "SELECT ?a { { SELECT * { ?a ?b ?c } } }",
    "SELECT ?a { { SELECT DISTINCT ?a { ?a ?b ?c { SELECT ?d { ?d ?b ?a } } } } OPTIONAL { ?a ?c ?d } }",
    "SELECT ?élan { ?élan ?数 ?c² . ?a ?b ?ª }",
    "SELECT $a { $a ?b 1.5e3 , .5, 'x'@en-GB, 'y'^^xsd:date ; a:b-c.d ?c. }",
    "SELECT ?a { VALUES (?a ?b) { (1 2) } }",
    "SELECT ?a FROM <x:g> { GRAPH ?a { ?b ?c ?d } } VALUES ?b { 1 }",
    "",
    "}{",
    "SELECT ?a { { ",
]
NAMES = ["a", "b", "c", "d", "n", "élan", "nothing"]


def asked(graph: Graph) -> list[str]:
    return [*QUERIES, *(one.text for one in read_questions(graph.workspace.questions()).values())]


def test_tokens_and_variables_are_the_same(call: Callable[..., Any], ours_graph: Graph) -> None:
    texts = asked(ours_graph)
    assert len(texts) > 40
    for text in texts:
        found = [(one["kind"], one["word"]) for one in call("tokens.js", "tokens", text)]
        assert found == [(kind, word) for kind, word, _ in tokens(text)], text
        assert call("tokens.js", "variables", text) == variables(text)


def test_values_are_bound_in_the_same_place_or_refused(call: Callable[..., Any], ours_graph: Graph) -> None:
    bound = 0
    for text in asked(ours_graph):
        for name in (*NAMES, *variables(text)[:6]):
            found = call("tokens.js", "withValues", text, {name: "<x:y>"})
            try:
                wanted = with_values(text, {name: "<x:y>"})
                bound += 1
            except QueryError as error:
                wanted = "!" + str(error).splitlines()[0]
            assert found.splitlines()[:1] == wanted.splitlines()[:1], (text, name)
            assert found.startswith("!") or found == wanted
    assert bound > 100


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 9 "),
        ("SELECT * { ?s ?p ?o } # end", "SELECT * { ?s ?p ?o } # end\nLIMIT 9 "),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 3 } }", "SELECT * { { SELECT * { ?s ?p ?o } LIMIT 3 } }\nLIMIT 9 "),
        ("SELECT * {} VALUES ?a { 1 }", "SELECT * {} \nLIMIT 9 VALUES ?a { 1 }"),
        ("SELECT ('LIMIT 3' AS ?a) {}", "SELECT ('LIMIT 3' AS ?a) {}\nLIMIT 9 "),
        ("SELECT * {} limit 99 OFFSET 2", "SELECT * {} limit 9 OFFSET 2"),
        ("SELECT * {} LIMIT 3", "SELECT * {} LIMIT 3"),
        ("ASK {}", "ASK {}"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"),
        ("SELECT * {", "SELECT * {"),
    ],
)
def test_an_answer_is_bounded_where_it_ends(call: Callable[..., Any], text: str, wanted: str) -> None:
    assert call("tokens.js", "withLimit", text, 9) == wanted


TYPED = [
    "met", "id:met", "<https://x.test/a>", "<a b>", '"text"', '"say "x""', '"a\\b\n\t\x01\x7f', "2019-06-01", "15",
    "-3", "1.5", "", "a b", "a>b", "a}b", "sp:funded", "unknown:thing", "met> } UNION { ?s ?p ?o } #", "__proto__:x",
    "<>", "<<x:y>>", '"', "source:x/y", "http://x.test/", "x|y", "a`b", "mét",
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_becomes_the_same_term(call: Callable[..., Any], typed: str) -> None:
    class Everything:
        """A store that knows every name, none of them merged."""

        def query(self, _text: str) -> object:
            return in_memory([]).query("SELECT ?now { OPTIONAL { ?now ?p ?o } }")

    try:
        wanted = term(typed, "id", Everything())  # type: ignore[arg-type]
    except GraphkitError:
        wanted = "!"
    found = call("terms.js", "readTerm", typed, "id", PREFIXES)
    assert (found or "!")[0] == wanted[0], "a name that is no id is looked up by the engine later"
    assert wanted in {found, "!"}


@pytest.mark.parametrize("text", ["id:met", "sp:a:b", "x:y", "nothing", ":a", "constructor:x"])
def test_names_are_expanded_and_shortened_alike(call: Callable[..., Any], text: str) -> None:
    assert call("terms.js", "expand", text, PREFIXES) == expand(text)
    assert call("terms.js", "shorten", expand(text), PREFIXES) == shorten(expand(text))
    assert call("terms.js", "withPrefixes", f"ASK {{ {text} ?p ?o }}", PREFIXES) == with_prefixes(
        f"ASK {{ {text} ?p ?o }}"
    )
    assert call("terms.js", "literal", text + '\\"\b\x02') == literal(text + '\\"\b\x02')


PLACES = [
    "id/met", "source/a-b", "statement/a/B_c", "dispute/" + "0a" * 16, "dispute/x", "id/met/name/1", "graph/x",
    "id/../x",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_thing_has_a_page_or_none(call: Callable[..., Any], place: str) -> None:
    path = path_of(BASE + place)
    assert call("terms.js", "addressOf", BASE + place, BASE) == (f"{path}.html" if path else "")


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "urn:x", "JavaScript:x", "file:///x", "//x"]
)
def test_only_the_web_is_linked(call: Callable[..., Any], iri: str) -> None:
    assert call("terms.js", "addressOf", iri, BASE) == ""
    assert call("terms.js", "addressOf", "https://x.test/", BASE) == "https://x.test/"


@pytest.mark.parametrize("text", ["a\u202eb", "می\u200cخواهم", "\x00\x1b", "\ufeffx", "plain é 数"])
def test_what_hides_is_spelled_out_alike(call: Callable[..., Any], text: str) -> None:
    assert call("terms.js", "visible", text) == visible(text)


@pytest.mark.parametrize(
    ("number", "money"),
    [("1746660.8", True), ("1380000", True), ("1200.0", True), ("66.5", False), ("12345.678", False)],
)
def test_numbers_have_commas_and_money_two_decimals_or_none(call: Callable[..., Any], number: str, money: bool) -> None:
    assert call("readable.js", "withCommas", number, money) == figure(Decimal(number), money=money)

"""Pages: what a reader is told of each thing, that nothing is told without who says it, and the same as data."""

from __future__ import annotations

import json
import pickle
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from markup import Markup, outline
from test_view import ATTACKS

from graphkit.build.lists import ON_A_PAGE
from graphkit.model.iris import BASE, POLICIES, PREFIXES, SP
from graphkit.query.questions import by_topic, read_questions
from graphkit.store import in_memory, texts
from graphkit.web.pages import Page, page
from graphkit.web.pages.links import KINDS as KIND_PATHS
from graphkit.web.pages.links import kind_of, path_of
from graphkit.web.published import Beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphkit.graph import Graph
    from graphkit.query.questions import Question
    from graphkit.store import Store

LISTS = ("index", "entities", "sources", "statements", "disputes", "questions", "schema", "about")
KINDS = ("Entity", "Source", "Statement", "Proposition", "Dispute", "Disagreement")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"


def paths(store: Store) -> list[str]:
    """Return the path of every thing that has a page."""
    query = f"SELECT DISTINCT ?s {{ VALUES ?c {{ {' '.join('sp:' + kind for kind in KINDS)} }} ?s a ?c }} ORDER BY ?s"
    return [path_of(row[0]) for row in texts(store, query, "s")]


def one_of_each(store: Store) -> list[str]:
    """Return one path of each kind of thing."""
    return list({kind_of(path): path for path in paths(store)}.values())


@pytest.fixture(scope="session")
def things(small_graph: Graph) -> dict[str, Page]:
    """Return the page of every thing of the small workspace."""
    return {path: page(small_graph.store, path) for path in paths(small_graph.store)}


@pytest.fixture(scope="session")
def questions(small_graph: Graph) -> dict[str, Question]:
    return read_questions(small_graph.workspace.questions())


@pytest.fixture(scope="session")
def lists(small_graph: Graph, questions: dict[str, Question]) -> dict[str, Page]:
    """Return the lists, the questions with their answers, and what is not there."""
    names = (*LISTS, *(f"questions/{name}" for name in questions), "id/nothing", "nothing/at/all")
    return {path: page(small_graph.store, path, "html", Beside(questions)) for path in names}


def read(one: Page) -> Markup:
    return Markup(one.body.decode())


def test_every_kind_of_thing_has_a_page(things: dict[str, Page]) -> None:
    assert {kind_of(path) for path in things} == {*KIND_PATHS}
    assert {(one.status, one.media) for one in things.values()} == {(200, "text/html")}


def test_pages_are_well_formed_and_have_landmarks(things: dict[str, Page], lists: dict[str, Page]) -> None:
    for path, one in (things | lists).items():
        found = read(one)
        assert found.mistakes() == [], path
        assert found.count("h1") == found.count("main") == 1, path
        assert found.all("html")[0]["lang"] == "en"
        assert found.all("a")[0] == {"class": "skip", "href": "#main"}
        assert all("scope" in cell for cell in found.all("th")), path
        shared = {meta["property"]: meta["content"] for meta in found.all("meta") if "property" in meta}
        assert shared["og:title"], path
        assert shared["og:type"] == "article", path
        assert path not in things or shared["og:description"], path


def test_no_page_can_run_anything_or_ask_another_host(things: dict[str, Page], lists: dict[str, Page]) -> None:
    for path, one in (things | lists).items():
        found = read(one)
        metas = {meta.get("http-equiv"): meta["content"] for meta in found.all("meta") if "http-equiv" in meta}
        own = [script["src"] for script in found.all("script") if "src" in script]
        assert metas["Content-Security-Policy"] == POLICY + ("; script-src 'self' file:" if own else ""), path
        assert own in ([], ["../" * path.count("/") + "assets/site.js"]), path
        others = {script["type"] for script in found.all("script") if "src" not in script}
        assert others <= {"application/ld+json", "application/json"}
        for link in found.all("a"):
            if ":" in link["href"].partition("#")[0]:
                assert link["href"].startswith(("http://", "https://")), path
                assert {"noreferrer", "noopener"} <= set(link["rel"].split()), path


def statements(store: Store, stance: str) -> Iterable[tuple[str, ...]]:
    query = f"""
      SELECT ?s ?speaker ?p ?source ?subject ?object {{
        ?s sp:stance sp:{stance} ; sp:speaker ?speaker ; sp:proposition ?p ; sp:source ?source .
        ?p sp:subject ?subject . OPTIONAL {{ ?p sp:object ?object FILTER(STRSTARTS(STR(?object), "{PREFIXES["id"]}")) }}
      }}"""
    return texts(store, query, "s", "speaker", "p", "source", "subject", "object")


@pytest.mark.parametrize("stance", ["asserts", "denies", "plans"])
def test_a_statement_is_on_the_page_of_all_that_it_names(
    small_graph: Graph, things: dict[str, Page], stance: str
) -> None:
    rows = list(statements(small_graph.store, stance))
    assert rows
    for name, *places in rows:
        for place in filter(None, places):
            hrefs = {link["href"].rpartition("../")[2] for link in read(things[path_of(place)]).all("a")}
            assert f"{path_of(name)}.html" in hrefs, (name, place)


def test_nothing_is_told_without_who_says_it_and_how(things: dict[str, Page]) -> None:
    for path, one in things.items():
        for article in re.findall(r'<article class="said (\w+)">(.*?)</article>', one.body.decode(), re.DOTALL):
            stance, text = article
            assert re.match(r'\s*<p class="who"><a href="[./]*id/[a-z0-9-]+\.html">[^<]+</a>', text), path
            assert f"</span> {stance}</span>" in text
            assert text.index('class="who"') < text.index('class="gist"')


def test_both_sides_of_a_dispute_stand_on_its_page(small_graph: Graph, things: dict[str, Page]) -> None:
    for dispute in small_graph.disputes():
        whole = things[path_of(dispute.iri)].body.decode()
        one, other = whole.split("The other side</h2>")
        assert all(f"{path_of(name)}.html" in one for name in dispute.affirmed)
        assert all(f"{path_of(name)}.html" in other for name in dispute.denied)


def test_a_statement_says_which_disputes_it_is_in(small_graph: Graph, things: dict[str, Page]) -> None:
    for dispute in small_graph.disputes():
        for name in dispute.affirmed + dispute.denied:
            assert f"{path_of(dispute.iri)}.html" in things[path_of(name)].body.decode()


def test_a_claim_is_marked_as_a_claim_of_its_speaker(things: dict[str, Page]) -> None:
    for path, one in things.items():
        if path.startswith("statement/"):
            (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', one.body.decode())
            claim = json.loads(text)
            assert claim["@type"] == "Claim"
            assert claim["@id"] == BASE + path
            assert claim["author"]["@id"].startswith(PREFIXES["id"])
            assert claim["appearance"]["@id"].startswith(PREFIXES["source"])


def test_each_page_says_how_to_cite_it(things: dict[str, Page]) -> None:
    for path, one in things.items():
        assert re.search(rf'<p class="cite">[^\n]+ {BASE}{path}</p>', one.body.decode()), path


# --- the same as data ---


def triples(one: Page, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(one.body, format=form)}


def test_dates_are_written_in_words(things: dict[str, Page]) -> None:
    dates = [
        text
        for made in things.values()
        for text in re.findall(r"<dt>(?:Said|Published|Retrieved|Valid)</dt><dd>([^<]*)", made.body.decode())
    ]
    assert {"1 May 2020", "30 June 2020 or earlier", "June 2020"} <= {*dates}
    assert [text for text in dates if re.search(r"\d[-/~]\d|\.\.|[~?%]$", text)] == []


def test_questions_stand_under_the_heading_of_their_topic(
    lists: dict[str, Page], questions: dict[str, Question]
) -> None:
    body = lists["questions"].body.decode()
    for topic, group in by_topic(questions).items():
        (section,) = re.findall(rf"<h2 [^>]*>{re.escape(topic)} .*?</section>", body, re.DOTALL)
        assert re.findall(r'href="questions/([a-z-]+)\.html"', section) == [question.name for question in group]


def test_turtle_and_json_ld_say_the_same_and_what_the_graph_says(small_graph: Graph, things: dict[str, Page]) -> None:
    every = {quad.triple for quad in small_graph.store.quads() if "/graph/flat/" not in str(quad.graph_name)}
    for path in things:
        turtle, jsonld = (page(small_graph.store, path, form) for form in ("ttl", "jsonld"))
        assert (turtle.media, jsonld.media) == ("text/turtle", "application/ld+json")
        assert all(isinstance(one, str) and one[-1] in "/#" for one in json.loads(jsonld.body)["@context"].values())
        found = triples(turtle, ox.RdfFormat.TURTLE)
        assert found == triples(jsonld, ox.RdfFormat.JSON_LD)
        assert found <= every
        assert {one for one in every if one.subject == ox.NamedNode(BASE + path)} <= found
        lines = page(small_graph.store, path, "nt")
        assert lines.media == "application/n-triples"
        assert found == triples(lines, ox.RdfFormat.N_TRIPLES)
        assert len(lines.body.splitlines()) == len(found)


def test_another_library_reads_the_same_triples(small_graph: Graph) -> None:
    for path in one_of_each(small_graph.store):
        turtle, jsonld = (
            rdflib.Graph().parse(data=page(small_graph.store, path, form).body, format=name)
            for form, name in (("ttl", "turtle"), ("jsonld", "json-ld"))
        )
        assert len(turtle) > 3
        assert set(turtle) == set(jsonld)


def test_the_data_of_a_source_hold_its_evidence_and_no_plain_triple(small_graph: Graph) -> None:
    for (name,) in texts(small_graph.store, "SELECT DISTINCT ?s { ?x sp:source ?s }", "s"):
        found = triples(page(small_graph.store, path_of(name), "ttl"), ox.RdfFormat.TURTLE)
        passages = {one for one in found if one.predicate == ox.NamedNode(SP + "sha256")}
        said = {one for one in found if one.predicate == ox.NamedNode(SP + "stance")}
        assert len(passages) == len(said) > 0


def test_the_front_page_as_data_is_the_dataset(small_graph: Graph) -> None:
    found = triples(page(small_graph.store, "index", "ttl"), ox.RdfFormat.TURTLE)
    assert {str(one.subject) for one in found} == {f"<{BASE}dataset>"}
    assert page(small_graph.store, "about", "jsonld").status == 200


# --- lists ---


def test_the_lists_of_statements_hold_each_once_with_its_speaker_and_stance(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ON_A_PAGE, "statements", 3)
    every = {path for path in paths(small_graph.store) if path.startswith("statement/")}
    path, listed = "statements", list[str]()
    while path:
        whole = page(small_graph.store, path).body.decode()
        assert Markup(whole).mistakes() == []
        lines = re.findall(r"<li>(<a .*?)</li>\n", whole.partition('<ul class="lines">')[2])
        named = [re.findall(r'href="[./]*(statement/[^"]+)\.html"', line) for line in lines]
        assert all(len(names) == 1 for names in named)
        assert all(re.match(r'<a href="[./]*id/[^>]+>[^<]+</a> <span class="stance \w+">', line) for line in lines)
        listed += [names[0] for names in named]
        after = re.search(r'<a href="([^"]+)\.html" rel="next">', whole)
        path = after[1].rpartition("../")[2] if after else ""
    assert sorted(listed) == sorted(every)
    assert len(listed) > 6


def test_a_line_of_a_disputed_statement_says_so(small_graph: Graph) -> None:
    whole = page(small_graph.store, "statements").body.decode()
    lines = dict(re.findall(r'<li>.*?href="(statement/[^"]+)\.html">(.*)</li>', whole))
    for dispute in small_graph.disputes():
        for name in dispute.affirmed + dispute.denied:
            assert f"{path_of(dispute.iri)}.html" in lines[path_of(name)]


def test_every_policy_is_explained(lists: dict[str, Page]) -> None:
    whole = lists["about"].body.decode()
    assert all(re.search(rf"<dt>{name}</dt><dd>[^<]{{40}}", whole) for name in POLICIES)


# --- what is not there ---


@pytest.mark.parametrize(
    "path",
    ["", "id/", "id/nothing", "id/../../secret", "id/<script>", "id/\ud800", "proposition/" + "0" * 32, "no",
     "questions/none", "statement/x", "statements/1", "statements/2", "statements/0", "statements/x", "statements/",
     "id/met ", "id/a\n", "ID/x", "graph/derived", "id/x/name/y"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["html", "ttl"])
def test_an_unknown_name_is_404_and_leads_on(small_graph: Graph, path: str, form: str) -> None:
    one = page(small_graph.store, path, form)
    assert (one.status, one.media, one.location) == (404, "text/html", "")
    assert "entities.html" in one.body.decode()
    assert read(one).mistakes() == []


def test_a_near_name_is_offered(small_graph: Graph, things: dict[str, Page]) -> None:
    slug = next(path for path in things if path.startswith("id/")).removeprefix("id/")
    assert f'<a href="../id/{slug}.html">' in page(small_graph.store, f"id/{slug}x").body.decode()


def changed(store: Store, change: Callable[[ox.Quad], ox.Quad]) -> Store:
    return in_memory(f"{change(quad)} .\n" for quad in store.quads())


def test_a_merged_name_leads_to_what_it_was_merged_into(small_graph: Graph, things: dict[str, Page]) -> None:
    slug = next(path for path in things if path.startswith("id/"))
    line = f"<{BASE}id/old> <{PREFIXES['dcterms']}isReplacedBy> <{BASE}{slug}> <{PREFIXES['graph']}entities> .\n"
    store = in_memory([*(f"{quad} .\n" for quad in small_graph.store.quads()), line])
    for form in ("html", "ttl", "jsonld"):
        one = page(store, "id/old", form)
        assert (one.status, one.location) == (301, f"../{slug}.{form}")
        assert f"../{slug}.html" in one.body.decode()


# --- text of strangers ---


def hostile(store: Store, text: str) -> Store:
    """Put a text into every literal that is text, and an address that runs into every address."""
    run = ox.NamedNode("javascript:window.__pwned=1")
    links = {PREFIXES["schema"] + "url", PREFIXES["foaf"] + "page", PREFIXES["dcterms"] + "license"}

    def change(quad: ox.Quad) -> ox.Quad:
        value = quad.object
        if isinstance(value, ox.Literal) and value.datatype.value.rpartition("#")[2] in {"string", "anyURI"}:
            value = ox.Literal(text)
        if isinstance(value, ox.Literal) and value.language:
            value = ox.Literal(text, language="en")
        return ox.Quad(quad.subject, quad.predicate, run if quad.predicate.value in links else value, quad.graph_name)

    return changed(store, change)


def texts_of(store: Store, questions: dict[str, Question]) -> dict[str, str]:
    """Return a page of each kind by its path."""
    paths = (*one_of_each(store), *LISTS, "questions/who-denies", "id/nothing")
    return {path: page(store, path, "html", Beside(questions)).body.decode() for path in paths}


@pytest.fixture(scope="module")
def harmless(small_graph: Graph, questions: dict[str, Question]) -> dict[str, str]:
    return texts_of(hostile(small_graph.store, "word"), questions)


@pytest.mark.parametrize("attack", [one.replace("\ud800", "") for one in ATTACKS])
def test_text_adds_no_element_and_no_attribute(
    small_graph: Graph, questions: dict[str, Question], harmless: dict[str, str], attack: str
) -> None:
    evil = texts_of(hostile(small_graph.store, attack), questions)
    assert evil.keys() == harmless.keys()
    for path, one in evil.items():
        assert outline(one) == outline(harmless[path]), path
        assert Markup(one).mistakes() == []
        assert "javascript:" not in "".join(link["href"] for link in Markup(one).all("a"))
        assert not re.search("[\x00\x1b\u202a-\u202e\u2066-\u2069\u2028\u2029]", one)


@pytest.mark.parametrize("attack", [one.replace("\ud800", "") for one in ATTACKS])
def test_text_is_the_same_in_all_forms_of_data(small_graph: Graph, attack: str) -> None:
    store = hostile(small_graph.store, attack)
    for path in one_of_each(store):
        turtle = triples(page(store, path, "ttl"), ox.RdfFormat.TURTLE)
        assert turtle == triples(page(store, path, "jsonld"), ox.RdfFormat.JSON_LD)
        assert turtle == triples(page(store, path, "nt"), ox.RdfFormat.N_TRIPLES)
        assert any(isinstance(one.object, ox.Literal) and one.object.value == attack for one in turtle)


# --- questions ---


def test_a_question_page_shows_why_the_text_and_the_answer(lists: dict[str, Page], small_graph: Graph) -> None:
    whole = lists["questions/who-denies"].body.decode()
    assert "All denials, including partial ones" in whole
    assert "?statement sp:stance sp:denies" in whole
    assert 'href="../query.html#question=who-denies"' in whole
    answer = small_graph.query("who-denies")
    assert not isinstance(answer, bool)
    assert whole.count("<tr ") == len(answer) + 1


def test_a_broken_question_does_not_hold_up_the_others(small_graph: Graph, questions: dict[str, Question]) -> None:
    from graphkit.query.questions import Question
    from graphkit.store.syntax import read_header

    broken = Question("broken", "SELECT {", read_header("SELECT {"))
    one = page(small_graph.store, "questions/broken", "html", Beside({"broken": broken}))
    assert one.status == 200
    assert "line 1" in one.body.decode()
    assert len(page(small_graph.store, "questions", "html", Beside(questions)).body) > 0


def test_a_page_can_be_made_by_a_worker(small_graph: Graph, things: dict[str, Page]) -> None:
    job = pickle.loads(pickle.dumps(page))  # noqa: S301 - our own
    path = next(iter(things))
    assert job(small_graph.store, path) == pickle.loads(pickle.dumps(things[path]))  # noqa: S301 - our own


def counted(store: Store, pattern: str) -> str:
    return next(texts(store, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", "n"))[0]


def test_the_schema_page_shows_direction_meaning_example_and_use(small_graph: Graph) -> None:
    store = small_graph.store
    code = re.sub(r' (?:role|scope|data-label)="[^"]*"', "", page(store, "schema/property/2").body.decode())
    rows = code.split("<tr>")
    speaker = next(row for row in rows if "<code>sp:speaker</code>" in row)
    assert "<td>Statement</td><td>Speaker</td><td>The entity that makes the statement.</td>" in speaker
    assert f"<td>A charity.</td><td>{counted(store, '?s sp:speaker ?o')}</td>" in speaker
    code = re.sub(r' (?:role|scope|data-label)="[^"]*"', "", page(store, "schema/relation").body.decode())
    consulted = next(row for row in code.split("<tr>") if "<code>sp:consulted</code>" in row)
    assert f"<td>{counted(store, '?s sp:proposition/sp:relation sp:consulted')}</td>" in consulted


def test_the_schema_is_in_pages_of_a_hundred_terms_with_one_list_for_each_kind(small_graph: Graph) -> None:
    store = small_graph.store
    parts = [page(store, path).body.decode() for path in ("schema", "schema/2", "schema/3", "schema/relation")]
    assert [part.count('<th scope="row"') for part in parts[:2]] == [100, 100]
    assert parts[0].count("schema/2.html") >= 1
    assert set(re.findall('data-label="Kind">([a-z]+)', parts[3])) == {"relation"}
    assert page(store, "schema/4").status == 404


def test_every_page_leads_to_the_schema(things: dict[str, Page]) -> None:
    assert all(b'schema.html">Schema</a>' in one.body for one in things.values())

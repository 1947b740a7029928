"""The query page in a real browser, asked of the server and of the browser itself: pick, change, read, cite."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import uvicorn
from places import REPOSITORY
from test_pages import hostile

from graphkit.model.errors import QueryWarning
from graphkit.model.iris import BASE
from graphkit.query.questions import by_topic, question_of, read_questions
from graphkit.query.readable import SIDES, SavedAnswer
from graphkit.query.remarks import remarks
from graphkit.web.pages import style
from graphkit.web.query_page import write_query_page
from graphkit.web.server import Settings
from graphkit.web.server.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace
    from graphkit.store import Store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (REPOSITORY / "graphkit/web/assets/query.js").is_file(), reason="the page was not built: make web"
    ),
]
# The page shows the answers of both engines in the same way: these tests ask only the server, which is faster.
SERVED = pytest.mark.parametrize("root", ["server"], indirect=True)
ROWS = "#answer table tbody tr"
FIGURES_OF_ONE_KIND = (
    'VALUES (?who ?n ?unit ?stance ?kind) { ("a" 3 "people" "asserts" "stock") ("b" 4 "people" "asserts" "stock") }'
)


@contextmanager
def served(graph: Graph) -> Iterator[str]:
    """Serve a graph on a free port until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_app(graph.workspace, Settings(workers=2, per_client=2, seconds_per_minute=0))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(20)


def write_folder(store: Store, workspace: Workspace, folder: Path) -> str:
    """Write the page with its engine into a folder."""
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/site.css").write_bytes(style())
    packed = folder / "graph.nq.gz"
    packed.write_bytes(gzip.compress("".join(f"{quad} .\n" for quad in store.quads()).encode()))
    write_query_page(store, read_questions(workspace.questions()), folder, packed)
    return folder.as_uri() + "/"


@pytest.fixture(scope="module", params=["server", "folder"])
def root(request: pytest.FixtureRequest, ours_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "folder":
        yield write_folder(ours_graph.store, ours_graph.workspace, tmp_path_factory.mktemp("site") / "s")
        return
    with served(ours_graph) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, list[tuple[str, str]], list[str]]]:
    """Return a page, what it complains of and what it asks for."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    said: list[tuple[str, str]] = []
    asked: list[str] = []
    opened.on("console", lambda one: said.append((one.location["url"], one.text)))
    opened.on("pageerror", lambda error: said.append(("", str(error))))
    watch(opened, asked)
    yield opened, said, asked
    context.close()


@pytest.fixture
def page(tab: tuple[Page, list[tuple[str, str]], list[str]], root: str) -> Iterator[Page]:
    """Return an empty page that must neither complain nor ask another host."""
    opened, said, asked = tab
    opened.goto("about:blank")
    said.clear()
    asked.clear()
    yield opened
    # A refusal by the endpoint is told to the reader; the browser tells it, too.
    assert [one for one in said if not one[0].endswith("/sparql")] == []
    assert [one for one in asked if not one.startswith((root, "blob:", "data:"))] == []


def watch(page: Page, asked: list[str]) -> None:
    page.on("request", lambda request: asked.append(request.url))


def open_at(page: Page, root: str, hash_: str = "") -> None:
    page.goto(f"{root}query.html{hash_}")


def open_query(page: Page, root: str, text: str) -> None:
    open_at(page, root, f"#query={quote(text)}")


def says(page: Page, pattern: str) -> None:
    """Wait until the page says something; a string as a function would need what its policy forbids."""
    from playwright.sync_api import expect

    expect(page.locator("#status")).to_have_text(re.compile(pattern), timeout=20_000)


def wait_for_answer(page: Page) -> int:
    says(page, r"^[0-9,]+ rows?\.|cut|^line|contains nothing|stopped|not a valid term|not the value")
    return page.locator(ROWS).count()


def test_pick_a_question_change_a_parameter_read_the_answer(page: Page, root: str, ours_graph: Graph) -> None:
    open_at(page, root)
    page.get_by_role("searchbox", name="Find a question").fill("consulted")
    page.locator("#list").get_by_role("link", name="Whom does a body say it consulted, and who denies it?").click()
    assert wait_for_answer(page) == len(ours_graph.query("consulted-and-denied"))  # type: ignore[arg-type]
    assert page.locator("#answer a", has_text="Ben Kinsella Trust").first.get_attribute("href") == (
        "id/ben-kinsella-trust.html"
    )
    assert not page.locator("#sparql").evaluate("one => one.open"), "the query is there for who wants it"
    field = page.get_by_role("combobox", name="body")
    assert field.input_value() == "met"
    field.fill("home-office")
    field.press("Enter")
    page.wait_for_timeout(300)
    with pytest.warns(QueryWarning, match="no row of consulted-and-denied has Home Office as body"):
        wanted = ours_graph.query("consulted-and-denied", body="home-office")
    assert wait_for_answer(page) == len(wanted)  # type: ignore[arg-type]
    assert page.url.endswith("#question=consulted-and-denied&body=home-office")


def test_answers_are_shown_as_graphkit_query_shows_them(page: Page, root: str, ours_graph: Graph) -> None:
    """The same columns, constants, dates, amounts and ids: for every other saved question, in a folder for some."""
    for path in ours_graph.workspace.questions()[:: 2 if root.startswith("http") else 6]:
        open_at(page, root, f"#question={path.stem}")
        wait_for_answer(page)
        found = answer_to(ours_graph, path.stem)
        wanted = found.readable()
        hidden = [name for name in wanted.columns if name in {"link", "links"}]
        latest = found.side_names if found.key else ()
        shown = [*(name for name in wanted.columns if name not in hidden), *latest]
        assert page.locator("#answer th").all_inner_texts() == shown, path.stem
        about = {one: text for one, text in wanted.about if one not in {"link", "links"}}
        assert dict(zip(texts(page, ".about dt"), texts(page, ".about dd"), strict=True)) == about, path.stem
        for at, name in enumerate(wanted.columns):
            if name not in {*hidden, *SIDES}:
                cells = [cell.replace(" · passage", "") for cell in texts(page, f'{ROWS} td[data-label="{name}"]')]
                assert cells == [row[at] for row in wanted.rows[:1000]], (path.stem, name)
        cells = [cell for name in latest for cell in texts(page, f'{ROWS} td[data-label="{name}"]')]
        words = [text.partition("\n")[0] for text in wanted.latest[:1000]]
        assert [cell[: len(text)] for cell, text in zip(cells, words, strict=True)] == words, path.stem


def answer_to(graph: Graph, name: str) -> SavedAnswer:
    found = graph.query(name)
    assert isinstance(found, SavedAnswer)
    return found


def texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


def test_a_statement_leads_to_its_page_and_to_its_passage(page: Page, root: str, ours_graph: Graph) -> None:
    for name, column in (("who-denies", "statement"), ("consulted-and-denied", "statements")):
        open_at(page, root, f"#question={name}")
        wait_for_answer(page)
        first = next(iter(answer_to(ours_graph, name)))
        address = str(first["link" if column == "statement" else "links"]).split(" | ")[0]
        links = page.locator(f"{ROWS} .ids").first.locator("a")
        path = str(first[column]).split(" | ")[0].removeprefix(BASE)
        assert [link.get_attribute("href") for link in links.all()] == [f"{path}.html", address]
        assert links.nth(1).inner_text() == "passage"


@SERVED
def test_the_sides_of_a_dispute_are_lists_of_statements(page: Page, root: str, ours_graph: Graph) -> None:
    open_at(page, root, "#question=consulted-and-denied")
    wait_for_answer(page)
    found = answer_to(ours_graph, "consulted-and-denied")
    for side in SIDES:
        wanted = [f"{entry.text}{entry.statement}" for group in found.sides() for entry in group[side]]
        cells = texts(page, f'{ROWS} td[data-label="{side}"] p')
        assert [text.replace(" · passage", "") for text in cells] == wanted


@SERVED
def test_a_range_shows_both_of_its_ends(page: Page, root: str) -> None:
    open_at(page, root, "#question=takedowns-by-year")
    wait_for_answer(page)
    assert "50 to 60 videos" in texts(page, f'{ROWS} td[data-label="amount"]')


@SERVED
def test_amounts_and_dates_sort_by_size_and_by_day(page: Page, root: str) -> None:
    open_at(page, root, "#question=funding-by-year")
    wait_for_answer(page)
    page.get_by_role("button", name="amount", exact=True).click()
    amounts = [float(re.sub(r"[^0-9.]", "", text)) for text in texts(page, f'{ROWS} td[data-label="amount"]')]
    assert amounts == sorted(amounts)
    page.get_by_role("button", name="said", exact=True).click()
    years = [re.findall("[0-9]{4}", text)[0] for text in texts(page, f'{ROWS} td[data-label="said"]')]
    assert years == sorted(years)


@SERVED
def test_a_query_of_ones_own_shows_all_columns_and_dates_of_edtf_in_words(page: Page, root: str) -> None:
    edtf = "<http://id.loc.gov/datatypes/edtf/EDTF>"
    values = f'"../2024-06-12"^^{edtf} "2024-06-12" 1380000'
    open_query(page, root, f"SELECT ?said (sp:poundSterling AS ?unit) {{ VALUES ?said {{ {values} }} }}")
    wait_for_answer(page)
    assert page.locator("#answer th").all_inner_texts() == ["said", "unit"]
    assert texts(page, f"{ROWS} td:first-child") == ["12 June 2024 or earlier", "2024-06-12", "1380000"]
    assert "../2024-06-12" in taken(page, "CSV"), "downloads are for other tools"


@SERVED
def test_questions_are_listed_by_topic(page: Page, root: str, ours_graph: Graph) -> None:
    open_at(page, root)
    wanted = by_topic(dict(sorted(read_questions(ours_graph.workspace.questions()).items())))
    for section, (topic, questions) in zip(page.locator("#list section").all(), wanted.items(), strict=True):
        assert section.locator("h3").inner_text() == topic
        assert section.locator("a").all_inner_texts() == [question.header.title for question in questions]
    page.get_by_role("searchbox").fill("oversees")
    assert page.locator("#list h3").filter(visible=True).all_inner_texts() == ["Oversight and criticism"]
    page.get_by_role("searchbox").fill("no such words at all")
    assert page.locator("#list h3").filter(visible=True).count() == 0
    assert page.get_by_text("No question contains these words.").is_visible()


@SERVED
def test_without_a_question_the_page_offers_one_of_each_of_five_topics(page: Page, root: str) -> None:
    open_at(page, root)
    examples = page.locator("#examples")
    assert len(set(texts(page, "#examples li small"))) == 5
    assert examples.get_by_role("link", name="all properties").get_attribute("href") == "schema.html"
    examples.locator("li a").nth(2).click()
    wait_for_answer(page)
    assert not examples.is_visible()
    page.go_back()
    examples.wait_for()
    assert page.locator(ROWS).count() == 0


def test_the_link_opens_the_same_answer(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies&speaker=met")
    first = wait_for_answer(page)
    cells = page.locator(ROWS).all_inner_texts()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert wait_for_answer(page) == first
    assert page.locator(ROWS).all_inner_texts() == cells


def test_a_person_may_type_the_name_they_know(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies")
    first = wait_for_answer(page)
    field = page.get_by_role("combobox", name="speaker")
    field.fill("ben kinsella trust")
    field.press("Enter")
    says(page, r"rows?\. [0-9.]+ s")
    assert field.input_value() == "ben-kinsella-trust"
    assert page.locator("#fields output").inner_text() == "Ben Kinsella Trust"
    assert page.url.endswith("speaker=ben-kinsella-trust")
    assert wait_for_answer(page) != first


@SERVED
def test_a_link_with_a_parameter_that_is_none_does_not_answer_another_question(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies&speeker=met")
    says(page, 'no parameter "speeker"')
    assert page.locator(ROWS).count() == 0
    open_at(page, root, "#question=who-is-it")
    says(page, "no saved question")


def test_a_query_of_ones_own_can_be_cited_too(page: Page, root: str) -> None:
    query = 'SELECT ?n ("a & b # + %" AS ?t) { VALUES ?n { 2 10 1 } }'
    open_at(page, root, f"#query={quote(query)}")
    assert wait_for_answer(page) == 3
    page.get_by_role("button", name="Copy link").click()
    says(page, "link")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert wait_for_answer(page) == 3
    page.get_by_role("button", name="n", exact=True).click()
    assert page.locator(f"{ROWS} td:first-child").all_inner_texts() == ["1", "2", "10"], "sorted as numbers"


def test_a_mistake_is_shown_where_it_is(page: Page, root: str) -> None:
    open_query(page, root, "SELECT * WHERE {\n  ?s ?p\n}")
    says(page, "^line 3, column 2")
    assert page.locator("#editor .mistake").count() == 1


def test_a_mistake_is_found_behind_a_parameter_on_the_same_line(page: Page, root: str) -> None:
    open_at(page, root, f"#query={quote('SELECT * { ?s ?p ?o . ?t ?q }')}&s=met")
    says(page, "^line 1, column 30: [^\n]*$")


def test_what_the_graph_does_not_know_is_told(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies&speaker=nobody-at-all")
    says(page, "contains nothing called")
    assert page.locator(ROWS).count() == 0


def test_a_name_that_the_graph_does_not_contain_is_reported_with_the_nearest(page: Page, root: str) -> None:
    open_query(page, root, "SELECT * { ?who sp:fundedd ?what . ?what sp:funded id:project-alfa }")
    says(page, "0 rows")
    status = page.locator("#status").inner_text()
    assert re.search(r"The graph has no (property )?sp:fundedd\. Did you mean sp:funded\b", status)
    assert re.search(r"The graph has no (entity )?id:project-alfa\. Did you mean id:project-alpha\b", status)
    open_query(page, root, "SELECT * { ?who sp:funded id:project-alpha }")
    says(page, "row")
    assert "has no" not in page.locator("#status").inner_text()


MISTAKEN = (
    "SELECT * { ?s sp:deny ?o }",
    "SELECT * { ?s sp:fundd ?o ; a sp:Organization . id:mett sp:funded ?x }",
    "SELECT * { ?s a sp:organisation }",
    "SELECT * { ?s a sp:denies }",
    "SELECT * { ?s sp:denies ?o }",
    "SELECT ?w { id:met sp:consulted ?w }",
    "ASK { id:met sp:consulted id:liberty }",
    "SELECT ?w { ?w sp:discriminatesAgainst ?x ; sp:claimedFunded ?y }",
    "SELECT * { ?s a sp:funded }",
    "SELECT * { source:met ?p ?o }",
    "SELECT * { ?s foaf:name ?n }",
    "SELECT ?s ?zz { ?s sp:speaker ?o }",
    'SELECT * { ?s sp:speaker "met" }',
    'SELECT * { ?s rdfs:label "Liberty" }',
    'SELECT * { ?s rdfs:label "Libertty"@en }',
    "SELECT * { ?s sp:amount ?n FILTER(?n > 1000000000000000) }",
    "SELECT * { id:liberty sp:speaker ?s }",
    'SELECT * { ?s sp:saidLatest ?d FILTER(?d > "2022-03") }',
    "SELECT * { ?s sp:saidLatest ?d FILTER(2021 > ?d) }",
    'SELECT * { ?s sp:saidLatest ?d FILTER(?d = "2022") }',
    'SELECT * { ?s sp:saidLatest "soon" }',
    'SELECT * { ?s sp:amount ?n FILTER(?n > "1,000,000") }',
    "SELECT * { ?a sp:stance ?s . ?a sp:relation ?r }",
    "SELECT (COUNT(*) AS ?n) { ?s sp:speaker id:project-alpha }",
    "SELECT * { ?s sp:speaker ?o } LIMIT 0",
    "SELECT * { ?s sp:speaker ?o } OFFSET 99999",
    "SELECT * { ?s ?p <id:met> }",
    "ASK { id:met sp:speaker id:met }",
    "CONSTRUCT { ?s sp:mine ?o } { ?s sp:speaker ?o }",
    "SELECT * { ?s sp:speaker ?o ; sp:gist ?g } LIMIT 3",
)


ALL = "Without a value, the question is about all: "
# The engines find another value first.
EXAMPLE = re.compile("; one of them is .*")


def said_of(page: Page) -> list[str]:
    """Return the remarks below the number of rows."""
    return [EXAMPLE.sub("", one) for one in page.locator("#status").inner_text().split("\n")[1:]]


def test_an_empty_answer_and_a_misspelt_value_are_explained_as_on_the_command_line(page: Page, root: str) -> None:
    open_at(page, root, "#question=consulted-and-denied&body=home-office")
    says(page, "^0 rows")
    assert said_of(page) == [
        f"Home Office is in the graph, but no row of consulted-and-denied has Home Office as body. {ALL}body="
    ]
    open_at(page, root, "#question=funding-by-year&what=Projct%20Alpha")
    says(page, "contains nothing called 'Projct Alpha'[^?]*project-alpha \\(Project Alpha\\)")
    open_at(page, root, "#question=funding-by-year&what=Project%20Alph")
    says(page, "'Project Alph' fits 2 names. Type the id of one:\\s+county-lines|project-alpha: Project Alpha")
    open_at(page, root, "#question=who-denies&speaker=Ben%20Kinsella%20Tr")
    says(page, "^[1-9][0-9]* rows?")
    assert said_of(page) == ["speaker: 'Ben Kinsella Tr' is the beginning of Ben Kinsella Trust (ben-kinsella-trust)."]
    open_query(page, root, "SELECT ?s ?no { ?s sp:speaker ?who OPTIONAL { ?s sp:speaker ?no FILTER(?no = ?s) } }")
    says(page, "^[1-9][0-9,]* rows")
    if not root.startswith("http"):
        assert said_of(page) == ["?no has no value in any row."]


def test_a_page_without_a_server_says_what_the_server_says(browser: Browser, ours_graph: Graph, tmp_path: Path) -> None:
    """On names, values and patterns that find nothing."""
    root = write_folder(ours_graph.store, ours_graph.workspace, tmp_path / "site")
    opened = browser.new_page()
    found: dict[str, list[str]] = {}
    open_at(opened, root)
    for text in MISTAKEN:
        opened.locator("#status").evaluate("(one) => { one.textContent = ''; }")
        open_query(opened, root, text)
        says(opened, r"^[0-9,]+ rows?\.")
        found[text] = said_of(opened)
    open_query(opened, root, "SELECT * { ?s sp:speaker ?who MINUS { ?s a sp:Statement } }")
    says(opened, "^0 rows[^\n]*\nWithout a server, this page finds no reason; graphkit query looks for others.")
    opened.close()
    wanted = {}
    for text in MISTAKEN:
        rows = ours_graph.store.query(text)
        is_empty = not rows if isinstance(rows, ox.QueryBoolean) else next(iter(rows), None) is None
        said = remarks(ours_graph.store, question_of((), text), {}, empty=is_empty)
        wanted[text] = [EXAMPLE.sub("", one) for one in said]
    assert {text: found[text] for text in wanted if found[text] != wanted[text]} == {}


def test_a_parameter_is_never_a_piece_of_query(page: Page, root: str) -> None:
    open_at(page, root)
    for typed in ("met> } UNION { ?s ?p ?o } #", '"a" } UNION { ?s ?p ?o', "<x:y> }", "id:met . ?s ?p ?o"):
        page.locator("#status").evaluate("(one) => { one.textContent = ''; }")
        open_at(page, root, "#question=who-denies&speaker=" + quote(typed, safe=""))
        assert wait_for_answer(page) == 0, typed


def test_another_host_is_never_called(page: Page, root: str) -> None:
    open_at(page, root, f"#query={quote('SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }')}")
    says(page, "would call another host")


@SERVED
def test_by_keyboard_alone(page: Page, root: str) -> None:
    open_at(page, root)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.locator(".cm-content").focus()
    page.keyboard.type("SELECT ?x { VALUES ?x { 1 2 } ")
    page.keyboard.press("Control+Enter")
    assert wait_for_answer(page) == 2
    page.keyboard.press("Escape")  # closes what it offers, if it does
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "run", "Escape leaves the editor"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") in {"stop", "copy"}


@SERVED
def test_who_picks_a_question_by_key_stays_at_it(page: Page, root: str) -> None:
    open_at(page, root)
    page.get_by_role("searchbox").focus()
    page.keyboard.type("denies consulted")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_answer(page)
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    assert page.get_by_role("listitem").filter(visible=True).locator("a[href^='#']").count() == 1


@SERVED
def test_completion_knows_our_vocabulary(page: Page, root: str) -> None:
    open_at(page, root)
    page.locator(".cm-content").click()
    page.keyboard.type("SELECT * { ?s sp:fund")
    page.locator(".cm-tooltip-autocomplete li", has_text="sp:funded").first.wait_for()


@SERVED
def test_numbers_are_a_chart_and_ends_a_network(page: Page, root: str) -> None:
    open_query(page, root, f"SELECT * {{ {FIGURES_OF_ONE_KIND} }}")
    rows = wait_for_answer(page)
    page.get_by_role("button", name="Chart").click()
    assert page.locator("#answer .bar").count() == rows
    query = f"#query={quote('SELECT DISTINCT ?source ?target { GRAPH ?g { ?source sp:funded ?target } }')}"
    open_at(page, root, query)
    page.get_by_role("button", name="Network").wait_for()
    edges = page.locator(ROWS).count()
    page.get_by_role("button", name="Network").click()
    assert page.locator("#answer .edge").count() == edges


@SERVED
@pytest.mark.parametrize(
    "values",
    [
        '(?who ?n ?unit ?stance ?kind ?of) { ("a" 3 "u" "s" "k" "videos") ("b" 4 "u" "s" "k" "people") }',
        '(?who ?n ?unit ?stance ?kind) { ("a" 3 "percent" "s" "k") ("b" 4 "people" "s" "k") }',
        '(?who ?n ?unit ?stance ?kind ?scope) { ("a" 3 "u" "s" "k" "in all") ("b" 4 "u" "s" "k" "under 18") }',
    ],
)
def test_numbers_that_cannot_be_compared_are_no_chart(page: Page, root: str, values: str) -> None:
    open_query(page, root, f"SELECT * {{ VALUES {values} }}")
    assert wait_for_answer(page) == 2
    assert page.get_by_role("button", name="CSV").count() == 1
    assert page.get_by_role("button", name="Chart").count() == 0
    assert page.locator("#views").inner_text().startswith("No chart: no two of the numbers have the same")


@SERVED
def test_amounts_of_a_query_of_ones_own_are_a_chart_only_if_their_unit_stance_and_kind_are_known(
    page: Page, root: str
) -> None:
    amounts = "?p sp:relation sp:listed ; sp:subject id:gangs-matrix ; sp:amount ?n"
    open_query(page, root, f"SELECT ?p ?n {{ {amounts} }}")
    wait_for_answer(page)
    assert page.get_by_role("button", name="Chart").count() == 0
    assert page.locator("#views").inner_text() == (
        "No chart: add ?unit, ?stance and ?kind to see whether the numbers can be compared."
    )
    more = "sp:unit ?unit OPTIONAL { ?p sp:amountKind ?kind } ?s sp:proposition ?p ; sp:stance ?stance"
    open_query(page, root, f"SELECT ?p ?n ?unit ?kind ?stance {{ {amounts} ; {more} }}")
    wait_for_answer(page)
    page.get_by_role("button", name="Chart").click()
    assert {re.sub("[0-9,.]", "", text) for text in texts(page, "#answer svg text.value")} == {"%"}
    caption = page.locator("figcaption").inner_text()
    assert "Parts, wholes and rates may be mixed: add ?of, ?base, ?per and ?scope." in caption
    open_query(page, root, "SELECT ?who (COUNT(?s) AS ?n) { ?s sp:speaker ?who } GROUP BY ?who")
    wait_for_answer(page)
    assert page.get_by_role("button", name="Chart").count() == 1


@SERVED
def test_a_chart_of_a_saved_question_has_the_largest_group_that_can_be_compared(page: Page, root: str) -> None:
    open_at(page, root, "#question=people-listed&system=gangs-matrix")
    rows = wait_for_answer(page)
    page.get_by_role("button", name="Chart").click()
    bars = page.locator("#answer .bar").count()
    caption = page.locator("figcaption").inner_text()
    drawn, left = (int(re.findall(f"{word}: ([0-9]+) row", caption)[0]) for word in ("Drawn", "Left out"))
    assert (drawn, drawn + left) == (bars, rows)
    assert "people" in caption
    open_at(page, root, "#question=funding-by-year")
    says(page, "^[1-9][0-9]* rows")
    page.get_by_role("button", name="Chart").click()
    assert all(text.startswith("£") for text in texts(page, "#answer svg text.value"))


@SERVED
def test_bars_name_what_differs_between_them_and_a_plan_is_dashed(page: Page, root: str) -> None:
    rows = '("a" 3 "asserts" "exactly" "u" "k") ("b" 4 "plans" "at most" "u" "k")'
    open_query(page, root, f"SELECT * {{ VALUES (?who ?n ?stance ?bound ?unit ?kind) {{ {rows} }} }}")
    assert wait_for_answer(page) == 2
    row = page.locator(ROWS).first
    assert row.locator("td").first.get_attribute("title") == "a"
    row.click()
    assert row.locator("td").first.evaluate("(one) => getComputedStyle(one).whiteSpace") == "normal"
    page.get_by_role("button", name="Chart").click()
    names = page.locator("#answer svg text:not(.value) title").all_text_contents()
    assert names == ["a", "b · at most · plans"]
    widths = page.locator("#answer .bar").evaluate_all("(bars) => bars.map((one) => one.getBoundingClientRect().width)")
    assert widths[0] / widths[1] == pytest.approx(3 / 4, abs=0.01)
    assert page.locator("#answer .bar.open").count() == 1
    assert "Do not add them up" in page.locator("figcaption").inner_text()


@SERVED
def test_years_are_a_line(page: Page, root: str) -> None:
    open_query(page, root, "SELECT ?year (COUNT(*) AS ?n) { VALUES ?year { 2021 2019 2020 2021 } } GROUP BY ?year")
    wait_for_answer(page)
    page.get_by_role("button", name="Chart").click()
    across = [float(str(one.get_attribute("cx"))) for one in page.locator("#answer .point").all()]
    assert across == sorted(across)
    assert len(across) == 3
    assert page.locator("#answer .line").count() == 1


@SERVED
def test_of_a_large_network_it_says_what_is_hidden(page: Page, root: str) -> None:
    body = "?source a sp:Statement . BIND(sp:Statement AS ?target) BIND(<http://x.test/e> AS ?relation)"
    open_query(page, root, f"SELECT ?source ?target ?relation {{ {body} }} LIMIT 250")
    assert wait_for_answer(page) == 250
    page.get_by_role("button", name="Network").click()
    assert page.locator("#answer .edge").count() == 200
    assert "not drawn: 50 rows" in page.locator("figcaption").inner_text()


@SERVED
def test_edges_between_the_same_things_lie_apart(page: Page, root: str) -> None:
    values = "(<x:a> <x:b>) (<x:a> <x:b>) (<x:b> <x:a>) (<x:a> <x:a>)"
    open_query(page, root, f"SELECT ?source ?target {{ VALUES (?source ?target) {{ {values} }} }}")
    wait_for_answer(page)
    page.get_by_role("button", name="Network").click()
    paths = {one.get_attribute("d") for one in page.locator("#answer .edge path").all()}
    assert len(paths) == 4


def test_the_answer_can_be_taken_along(page: Page, root: str) -> None:
    open_query(page, root, 'SELECT ?t { VALUES ?t { "=1+1" "a,b" } }')
    wait_for_answer(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.splitlines() == ["t", "'=1+1", '"a,b"'], "no formula for a spreadsheet"


def test_json_and_triples_are_taken_along_as_they_came(page: Page, root: str) -> None:
    open_query(page, root, "ASK { ?s ?p ?o }")
    wait_for_answer(page)
    assert json.loads(taken(page, "JSON")) == {"head": {}, "boolean": True}
    triples = {'<x:a> <x:b> "c\\n\\"d"@en .', "<x:a> <x:b> <x:d> ."}
    open_query(page, root, 'CONSTRUCT { <x:a> <x:b> "c\\n\\"d"@en , <x:d> } { }')
    says(page, "^2 rows")
    assert set(taken(page, "N-Triples").splitlines()) == triples
    assert sorted(page.locator(f"{ROWS} td:nth-child(3)").all_text_contents()) == ['c\n"d', "x:d"]


def taken(page: Page, form: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=form).click()
    return download.value.path().read_text(encoding="utf-8")


def test_an_answer_that_was_cut_says_so(page: Page, root: str) -> None:
    open_query(page, root, "SELECT ?a ?b { ?a a ?b . ?c a ?d } # all")
    says(page, "^The answer was cut: these are the first 50,000 rows")


@SERVED
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(browser: Browser, root: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    open_at(opened, root, "#question=consulted-and-denied")
    wait_for_answer(opened)
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.locator(".scroll").evaluate("box => box.scrollWidth <= box.clientWidth")
    paper = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(paper[4:].split(",")[0]) < 128) == (scheme == "dark")
    context.close()


ATTACKS = [
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "javascript:window.hit=1",
    "{{7*7}}",
]


def test_text_is_only_ever_text(page: Page, root: str) -> None:
    values = " ".join(f"'{one}'" for one in ATTACKS)
    open_query(page, root, f"SELECT ?t (IRI('javascript:x') AS ?u) {{ VALUES ?t {{ {values} }} }}")
    assert wait_for_answer(page) == len(ATTACKS)
    assert page.locator(f"{ROWS} td:first-child").all_inner_texts() == ATTACKS
    assert page.locator("#answer a").count() == 0
    assert page.evaluate("window.hit") is None


def test_labels_of_strangers_are_text_everywhere(browser: Browser, small_graph: Graph, tmp_path: Path) -> None:
    store = hostile(small_graph.store, " ".join(ATTACKS) + "\u202e")
    root = write_folder(store, small_graph.workspace, tmp_path / "evil")
    for bypass in (False, True):
        context = browser.new_context(bypass_csp=bypass)
        opened = context.new_page()
        asked: list[str] = []
        watch(opened, asked)
        open_query(opened, root, "SELECT ?source ?target { ?source sp:proposition|sp:speaker|sp:subject ?target }")
        wait_for_answer(opened)
        assert ATTACKS[0] in opened.locator("#answer").inner_text()
        assert "⟨U+202E⟩" in opened.locator("#answer").inner_text()
        opened.get_by_role("button", name="Network").click()
        opened.locator("#answer .node").first.hover()
        opened.locator(".cm-content").click()
        opened.keyboard.press("Control+Space")
        opened.locator(".cm-tooltip-autocomplete li").first.wait_for()
        assert opened.evaluate("window.hit") is None
        assert [one for one in asked if not one.startswith((root, "blob:", "data:"))] == []
        context.close()


def test_an_engine_that_dies_starts_anew(browser: Browser, small_graph: Graph, tmp_path: Path) -> None:
    root = write_folder(small_graph.store, small_graph.workspace, tmp_path / "site")
    opened = browser.new_page()
    open_query(opened, root, f"SELECT * {{ {'{' * 3000}?s ?p ?o{'}' * 3000} }}")
    says(opened, "^The query needs more memory than the engine has")
    open_query(opened, root, "SELECT (1 AS ?n) {}")
    assert wait_for_answer(opened) == 1
    opened.close()


def test_a_query_that_is_stopped_lets_the_next_one_through(
    browser: Browser, small_graph: Graph, tmp_path: Path
) -> None:
    root = write_folder(small_graph.store, small_graph.workspace, tmp_path / "site")
    opened = browser.new_page()
    open_query(opened, root, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    says(opened, "^Asking")
    opened.get_by_role("button", name="Stop").click()
    says(opened, "^Stopped")
    open_query(opened, root, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    wait_for_answer(opened)
    wanted = small_graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert opened.locator(ROWS).inner_text() == str(next(iter(wanted))["n"])  # type: ignore[arg-type,index]
    opened.close()


def test_without_webassembly_it_says_what_to_do(browser: Browser, small_graph: Graph, tmp_path: Path) -> None:
    root = write_folder(small_graph.store, small_graph.workspace, tmp_path / "site")
    script = tmp_path / "site/assets/engine.js"
    script.write_text(script.read_text().replace('"wasm":"', '"wasm":"AAAA'), encoding="utf-8")
    opened = browser.new_page()
    open_query(opened, root, "ASK {}")
    says(opened, "^This browser cannot run the engine")
    opened.close()


@SERVED
def test_columns_stand_as_the_query_says(page: Page, root: str) -> None:
    open_query(page, root, "SELECT (STR(?p) AS ?c) ?p { VALUES ?p { sp:stance } }")
    wait_for_answer(page)
    assert page.locator("#answer th").all_inner_texts() == ["c", "p"]
    open_query(page, root, "SELECT * { VALUES (?z ?a) { (1 2) } }")
    wait_for_answer(page)
    assert page.locator("#answer th").all_inner_texts() == ["z", "a"]


def test_a_mistake_behind_wide_characters_is_marked_where_it_is(page: Page, root: str) -> None:
    open_query(page, root, "SELECT * { ?s ?p '𝄞𝄞𝄞𝄞' . oops }")
    says(page, "^line 1, column 33")
    assert page.locator("#editor .mistake").inner_text() == "}"


@SERVED
def test_only_plain_web_addresses_are_links(page: Page, root: str) -> None:
    odd = ["https://x.test/<b>", "https://x.test/\u202e", "https://me@x.test/", "https://", "https://x.test/it's"]
    spelled = " ".join(json.dumps(one) for one in [*odd, "https://x.test/a?b#c"])
    open_query(page, root, f"SELECT ?t {{ VALUES ?t {{ {spelled} }} }}")
    assert wait_for_answer(page) == len(odd) + 1
    links = page.locator("#answer a")
    assert [one.get_attribute("href") for one in links.all()] == ["https://x.test/a?b#c"]
    assert links.get_attribute("rel") == "noreferrer noopener"


def test_an_answer_is_shown_where_its_labels_are_refused(browser: Browser, small_graph: Graph) -> None:
    def refuse(route: Route) -> None:
        if "rdfs%3Alabel" in (route.request.post_data or ""):
            route.fulfill(status=429, body="That was too much work.", headers={"Retry-After": "60"})
        else:
            route.continue_()

    with served(small_graph) as root:
        opened = browser.new_page()
        opened.route("**/sparql", refuse)
        open_query(opened, root, "SELECT ?s { ?s sp:gist ?gist }")
        says(opened, "^[0-9]+ rows")
        assert opened.locator(ROWS).first.inner_text().startswith("statement:")
        opened.close()


@SERVED
def test_who_says_what_is_in_view_for_every_saved_question(page: Page, root: str, ours_graph: Graph) -> None:
    for path in ours_graph.workspace.questions():
        open_at(page, root, f"#question={path.stem}")
        wait_for_answer(page)
        hidden = page.locator("#answer .scroll").evaluate(
            "(box) => [...box.querySelectorAll('th')].filter((head) => head.getBoundingClientRect().right > "
            "box.getBoundingClientRect().right + 1).map((head) => head.textContent)"
        )
        assert not {"statement", "speaker", "stance", "gist", "claim", "amount", "people", *SIDES} & {*hidden}, (
            path.stem
        )


@SERVED
def test_dates_numbers_and_amounts_are_not_cut_and_heads_of_numbers_stand_over_them(page: Page, root: str) -> None:
    for name in ("people-listed", "funding-by-year", "takedowns-by-year", "unverified"):
        open_at(page, root, f"#question={name}")
        wait_for_answer(page)
        cut = page.locator(f"{ROWS} td").evaluate_all(
            "(cells) => cells.filter((one) => one.scrollWidth > one.clientWidth)"
            ".filter((one) => one.matches('.amount') || /^(date|period|said)$/.test(one.dataset.label))"
            ".map((one) => `${one.dataset.label}: ${one.textContent}`)"
        )
        assert cut == [], name
        heads = page.locator("#answer th.amount")
        assert heads.count() > 0
        gaps = heads.evaluate_all(
            "(heads) => heads.map((one) => [one, one.firstChild].map((it) => it.getBoundingClientRect().right))"
            ".map(([head, button]) => head - button)"
        )
        assert max(gaps) < 2
        numbers = page.locator(f"{ROWS} td.amount").evaluate_all("(some) => some.map((one) => one.dataset.label)")
        assert heads.all_inner_texts() == list(dict.fromkeys(numbers))


@SERVED
def test_the_sides_of_a_dispute_have_most_of_the_width(page: Page, root: str) -> None:
    open_at(page, root, "#question=consulted-and-denied")
    wait_for_answer(page)
    widths = page.locator("#answer th").evaluate_all("(heads) => heads.map((one) => one.offsetWidth)")
    assert widths[1] == pytest.approx(widths[2], abs=2)
    assert widths[1] > 2.5 * widths[0]


@SERVED
def test_the_answer_is_beside_the_query_in_rows_of_one_line_with_chosen_columns(page: Page, root: str) -> None:
    open_at(page, root, "#question=funding-by-year")
    number = wait_for_answer(page)
    query, answer = (page.locator(name).bounding_box() for name in (".asking", ".got"))
    assert query
    assert answer
    assert answer["x"] >= query["x"] + query["width"]
    assert answer["y"] < 300
    heights = page.locator(ROWS).evaluate_all("(rows) => rows.map((row) => row.offsetHeight)")
    assert len(heights) == number
    assert max(heights) < 40
    page.get_by_role("button", name="Whole texts").click()
    assert max(page.locator(ROWS).evaluate_all("(rows) => rows.map((row) => row.offsetHeight)")) > 40
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="gist").uncheck()
    assert "gist" not in page.locator("#answer thead").inner_text()
    field = page.get_by_role("combobox", name="what")
    field.fill("Social Media Hub")  # another name, which the folder knows without a server
    field.press("Enter")
    says(page, r"rows?\. [0-9.]+ s")
    assert field.input_value() == "project-alpha"
    assert "gist" not in page.locator("#answer thead").inner_text(), "the choice of columns is kept"

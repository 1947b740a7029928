"""The query page in a real browser, asked of the server and of the browser itself: pick, change, read, cite."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import uvicorn
from places import REPOSITORY

from graphkit.pages import style
from graphkit.query import read_questions
from graphkit.serve.app import make_app
from graphkit.serve.settings import Settings
from graphkit.web import asset, query_page, write_query_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from graphkit.graph import Graph

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (REPOSITORY / "graphkit/web/assets/query.js").is_file(), reason="the page was not built: make web"
    ),
]
PROGRAM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
ROWS = "#answer table tbody tr"


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


def write_folder(graph: Graph, folder: Path) -> str:
    """Write the page with its engine into a folder."""
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/site.css").write_bytes(style())
    packed = folder / "graph.nq.gz"
    packed.write_bytes(gzip.compress(graph.workspace.graph_file.read_bytes()))
    write_query_page(graph.store, read_questions(graph.workspace.questions()), folder, packed)
    return folder.as_uri() + "/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=PROGRAM, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture(scope="module", params=["server", "folder"])
def root(request: pytest.FixtureRequest, ours_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "folder":
        yield write_folder(ours_graph, tmp_path_factory.mktemp("site") / "s")
        return
    with served(ours_graph) as address:
        yield address


@pytest.fixture
def page(browser: Browser, root: str) -> Iterator[Page]:
    """Open a page that must neither complain nor ask another host."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    said: list[tuple[str, str]] = []
    asked: list[str] = []
    opened.on("console", lambda one: said.append((one.location["url"], one.text)))
    opened.on("pageerror", lambda error: said.append(("", str(error))))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    # A refusal by the endpoint is told to the reader; the browser tells it, too.
    assert [one for one in said if not one[0].endswith("/sparql")] == []
    assert [one for one in asked if not one.startswith((root, "blob:", "data:"))] == []


def open_at(page: Page, root: str, hash_: str = "") -> None:
    page.goto(f"{root}query.html{hash_}")


def open_query(page: Page, root: str, text: str) -> None:
    open_at(page, root, f"#query={quote(text)}")


def says(page: Page, pattern: str) -> None:
    """Wait until the page says something; a string as a function would need what its policy forbids."""
    from playwright.sync_api import expect

    expect(page.locator("#status")).to_have_text(re.compile(pattern), timeout=20_000)


def wait_for_answer(page: Page) -> int:
    says(page, r"^[0-9,]+ rows?\.|cut|^line|knows nothing|stopped|not a name")
    return page.locator(ROWS).count()


def test_pick_a_question_change_a_parameter_read_the_answer(page: Page, root: str, ours_graph: Graph) -> None:
    open_at(page, root)
    page.get_by_role("searchbox", name="Find a question").fill("consulted")
    page.get_by_role("link", name="Whom does a body say it consulted, and who denies it?").click()
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
    wanted = ours_graph.query("consulted-and-denied", body="home-office")
    assert wait_for_answer(page) == len(wanted)  # type: ignore[arg-type]
    assert page.url.endswith("#question=consulted-and-denied&body=home-office")


def test_the_link_opens_the_same_answer(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies&speaker=met")
    first = wait_for_answer(page)
    cells = page.locator(ROWS).all_inner_texts()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert wait_for_answer(page) == first
    assert page.locator(ROWS).all_inner_texts() == cells


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


def test_what_the_graph_does_not_know_is_told(page: Page, root: str) -> None:
    open_at(page, root, "#question=who-denies&speaker=nobody-at-all")
    says(page, "knows nothing called")
    assert page.locator(ROWS).count() == 0


@pytest.mark.parametrize(
    "typed", ["met> } UNION { ?s ?p ?o } #", '"a" } UNION { ?s ?p ?o', "<x:y> }", "id:met . ?s ?p ?o"]
)
def test_a_parameter_is_never_a_piece_of_query(page: Page, root: str, typed: str) -> None:
    open_at(page, root, "#question=who-denies&speaker=" + quote(typed, safe=""))
    assert wait_for_answer(page) == 0


def test_another_host_is_never_called(page: Page, root: str) -> None:
    open_at(page, root, f"#query={quote('SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }')}")
    says(page, "would call another host")


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


def test_completion_knows_our_vocabulary(page: Page, root: str) -> None:
    open_at(page, root)
    page.locator(".cm-content").click()
    page.keyboard.type("SELECT * { ?s sp:fund")
    page.locator(".cm-tooltip-autocomplete li", has_text="sp:funded").first.wait_for()


def test_numbers_are_a_chart_and_ends_a_network(page: Page, root: str) -> None:
    open_at(page, root, "#question=funding-by-year")
    rows = wait_for_answer(page)
    page.get_by_role("button", name="Chart").click()
    assert page.locator("#answer .bar").count() == rows
    query = f"#query={quote('SELECT DISTINCT ?source ?target { GRAPH ?g { ?source sp:funded ?target } }')}"
    open_at(page, root, query)
    page.get_by_role("button", name="Network").wait_for()
    edges = page.locator(ROWS).count()
    page.get_by_role("button", name="Network").click()
    assert page.locator("#answer line").count() == edges


def test_the_answer_can_be_taken_along(page: Page, root: str) -> None:
    open_query(page, root, 'SELECT ?t { VALUES ?t { "=1+1" "a,b" } }')
    wait_for_answer(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.splitlines() == ["t", "'=1+1", '"a,b"'], "no formula for a spreadsheet"


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(browser: Browser, root: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    open_at(opened, root, "#question=consulted-and-denied")
    wait_for_answer(opened)
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
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


def test_the_page_carries_titles_that_would_end_a_script(small_graph: Graph) -> None:
    questions = read_questions(small_graph.workspace.questions())
    body = query_page(small_graph.store, questions).decode()
    inside = body.partition('id="known">')[2].partition("</script>")[0]
    assert "<" not in inside


def test_nothing_else_than_assets_is_given_out() -> None:
    assert [asset(name) for name in ("../__init__.py", ".x.js", "a/b.js", "query.py", "")] == [None] * 5

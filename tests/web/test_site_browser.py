"""The site in a real browser, from a folder: nothing is executed or asked for, all fits and can be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from browsers import NEEDS_CHROMIUM, Visit
from builds import write_build
from svg_pages import NEEDS_AXE, complaints_of_axe
from test_pages import hostile
from test_site import page_files
from test_view import ATTACKS

from graphkit.model.workspace import Workspace
from graphkit.web.pages import OF_PAGES, page
from graphkit.web.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from graphkit.graph import Graph

pytestmark = NEEDS_CHROMIUM

DO = "window.__pwned=1"
EVIL = " ".join(one.replace("\ud800", "") for one in ATTACKS) + (
    f" <svg onload={DO}> <img src=https://evil.example/x onerror={DO}> <a href=javascript:{DO}>x</a> "
    "<style>@import 'https://evil.example/y'</style> <iframe src=https://evil.example/z></iframe> W" + "w" * 300
)


class Walk(Visit):
    """A page of a folder, which may read the styles, the script and the picture of that folder only."""

    folder = Path()

    def is_own(self, url: str) -> bool:
        own = ("network.svg", *(f"assets/{name}" for name in OF_PAGES))
        return url in {self.url, *((self.folder / name).as_uri() for name in own)}


@pytest.fixture(scope="module")
def built(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the small workspace."""
    folder = tmp_path_factory.mktemp("site") / "made"
    write_site(small_graph.workspace, small_graph.store, folder)
    return folder


@pytest.fixture(scope="module")
def evil(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site whose every text is an attack."""
    root = tmp_path_factory.mktemp("evil")
    store = hostile(small_graph.store, EVIL)
    place = Workspace(root)
    (root / "ontology/questions").mkdir(parents=True)
    for path in small_graph.workspace.questions()[:3]:
        text = path.read_text(encoding="utf-8")
        (root / "ontology/questions" / path.name).write_text(f"# Title: {EVIL.splitlines()[0]}\n{text}", "utf-8")
    write_build(place, (f"{quad} .\n" for quad in store.quads()))
    write_site(place, store, root / "site")
    return root / "site"


def some(folder: Path) -> list[Path]:
    """Return a page of each kind."""
    kinds = {path.relative_to(folder).parts[0]: path for path in page_files(folder)}
    return list(kinds.values())


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_no_text_is_executed_and_nothing_is_asked_for(browser: Browser, evil: Path, bypass: bool) -> None:
    assert len(some(evil)) > 8
    visit = Walk(browser, bypass_csp=bypass)
    visit.folder = evil
    for path in some(evil):
        visit.requests.clear()
        visit.open(path, drawn=False)
        assert all(visit.is_own(url) for url in visit.requests)
        assert (visit.messages, visit.dialogs) == ([], [])
        assert visit.page.evaluate("[window.__violations, window.__pwned ?? null]") == [[], None]
        assert "onerror=window.__pwned=1>" in visit.page.inner_text("body")
    visit.context.close()


PAPERS: list[tuple[Literal["light", "dark"], str]] = [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 28)")]


def test_pages_fit_and_are_styled(browser: Browser, built: Path, evil: Path) -> None:
    visit = Walk(browser)
    for path in (*some(built), *some(evil)):
        visit.folder = built if path.is_relative_to(built) else evil
        visit.open(path, drawn=False)
        for width in (1400, 360, 320):
            visit.page.set_viewport_size({"width": width, "height": 800})
            wide, room = visit.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide <= room, path
        for scheme, paper in PAPERS:
            visit.page.emulate_media(color_scheme=scheme)
            assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    visit.context.close()


MASTHEAD = """() => {
  const look = (one) => ["fontFamily", "color", "backgroundColor"].map((name) => getComputedStyle(one)[name]);
  const [head, first] = [document.querySelector(".masthead"), document.querySelector(".masthead li a")];
  return [[...head.querySelectorAll("a")].map((a) => a.textContent), look(head), look(first), look(document.body),
    getComputedStyle(first).fontSize];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_views_have_the_masthead_and_the_look_of_all_pages(
    browser: Browser, built: Path, scheme: Literal["light", "dark"]
) -> None:
    visit = Walk(browser, color_scheme=scheme)
    visit.folder = built
    found = {}
    for name in ("disputes", "network", "query"):
        visit.open(built / f"{name}.html", drawn=False)
        found[name] = visit.page.evaluate(MASTHEAD)
    assert found["network"] == found["query"] == found["disputes"]
    assert len(found["disputes"][0]) > 6
    visit.context.close()


def test_the_citation_of_a_page_can_be_copied(browser: Browser, built: Path) -> None:
    visit = Walk(browser)
    visit.folder = built
    for folder in ("statement", "dispute/matter", "id"):
        visit.open(next(path for path in page_files(built) if path.is_relative_to(built / folder)), drawn=False)
        visit.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        visit.page.get_by_role("button", name="Copy citation").click()
        assert visit.page.evaluate("copied") == visit.page.locator(".cite").text_content()
        assert visit.page.get_by_text("Citation copied.").is_visible()
    visit.context.close()


# What of a table reaches out of the window, and which cells are shown without the name of their column.
CELLS = """
() => [...document.querySelectorAll("td, tbody th")].filter((cell) => cell.textContent.trim()).filter((cell) => {
  const box = cell.getBoundingClientRect();
  const label = getComputedStyle(cell, "::before").content;
  return box.right > innerWidth || box.width < 100 || (cell.tagName === "TD" && !label.includes(cell.dataset.label));
}).map((cell) => cell.outerHTML.slice(0, 120))
"""


def test_on_a_phone_no_column_is_out_of_sight(browser: Browser, built: Path) -> None:
    visit = Walk(browser, viewport={"width": 360, "height": 800})
    visit.folder = built
    for name in ("questions/who-denies", "questions/consulted-and-denied", "sources", "entities", "schema"):
        visit.open(built / f"{name}.html", drawn=False)
        assert visit.page.evaluate("document.querySelectorAll('td').length") > 3
        assert visit.page.evaluate(CELLS) == []
        section = visit.page.locator(".masthead [aria-current]").bounding_box()
        assert section, name
        assert section["x"] + section["width"] < 360, f"the masthead shows where {name} is"
        assert visit.page.get_by_role("columnheader").count() > 2
        assert visit.page.get_by_role("row").count() > 2
    visit.context.close()


# The links of the masthead and the tools of a view that are shown: whether each is in the window and large enough.
CONTROLS = """
() => [...document.querySelectorAll(".masthead li a, #tools :is(button, input)")].filter((one) => one.checkVisibility())
  .map((one) => [one, one.getBoundingClientRect(), one.parentNode.closest("ul, #tools").getBoundingClientRect()])
  .map(([one, { left, right, width, height }, row]) => [one.textContent || one.id,
    left >= 0 && right <= Math.min(innerWidth, row.right + 1) && height >= 24 && width >= 24])
"""


def test_on_a_phone_all_links_and_tools_are_whole(browser: Browser, built: Path) -> None:
    visit = Walk(browser, viewport={"width": 390, "height": 844})
    visit.folder = built
    for name in ("index", "disputes", "network"):
        visit.open(built / f"{name}.html", drawn=name == "network")
        found = visit.page.evaluate(CONTROLS)
        assert all(is_whole for _, is_whole in found), found
        assert "hidden" not in visit.page.evaluate("getComputedStyle(document.querySelector('.masthead ul')).overflow")
        assert "About" in [text for text, _ in found]
    assert "Embed" not in [text for text, _ in found]
    more = visit.page.get_by_role("button", name="More", exact=True)
    assert more.get_attribute("aria-expanded") == "false"
    more.click()
    assert more.get_attribute("aria-expanded") == "true"
    found = visit.page.evaluate(CONTROLS)
    assert {"PNG", "Embed", "Undo", "Show all"} <= {text for text, _ in found}
    assert all(is_whole for _, is_whole in found), found
    visit.page.set_viewport_size({"width": 1000, "height": 844})
    assert not more.is_visible()
    visit.context.close()


def test_on_a_phone_a_list_ends_within_a_few_windows_and_leads_on(
    browser: Browser, ours_graph: Graph, tmp_path: Path
) -> None:
    visit = Walk(browser, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    visit.folder = tmp_path
    for name, content in OF_PAGES.items():
        (tmp_path / "assets").mkdir(exist_ok=True)
        (tmp_path / "assets" / name).write_bytes(content())
    for name in ("entities", "sources", "disputes", "statements"):
        found = page(ours_graph.store, name)
        (tmp_path / f"{name}.html").write_bytes(found.body)
        visit.open(tmp_path / f"{name}.html", drawn=False)
        box = visit.page.locator("html").bounding_box()
        assert box
        assert box["height"] <= 12 * 844, name
        for link in ("Next page", "Last page"):
            assert visit.page.get_by_role("link", name=link).count()
    visit.context.close()


def test_on_paper_no_column_is_cut_off(browser: Browser, built: Path) -> None:
    visit = Walk(browser, viewport={"width": 720, "height": 1000})  # A4 without its margins
    visit.page.emulate_media(media="print")
    visit.folder = built
    for name in ("questions/who-denies", "questions/consulted-and-denied", "sources", "entities"):
        visit.open(built / f"{name}.html", drawn=False)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 720
    visit.context.close()


CONTRAST = """
() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(one.outerHTML.slice(0, 80));
  }
  return low;
}
"""


def test_all_text_can_be_read(browser: Browser, built: Path) -> None:
    visit = Walk(browser)
    visit.folder = built
    for path in some(built):
        visit.open(path, drawn=False)
        for scheme, _ in PAPERS:
            visit.page.emulate_media(color_scheme=scheme)
            assert visit.page.evaluate(CONTRAST) == [], (path, scheme)
    visit.context.close()


def test_the_keyboard_skips_to_the_content_and_shows_where_it_is(browser: Browser, built: Path) -> None:
    visit = Walk(browser)
    visit.folder = built
    visit.open(some(built)[0], drawn=False)
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    assert visit.page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    visit.context.close()


@NEEDS_AXE
@pytest.mark.parametrize(
    ("width", "scheme", "names"),
    [
        (1400, "light", ("index", "id/force", "dispute/matter/*", "statement/*/denies", "statements", "schema")),
        (390, "dark", ("index", "id/force", "dispute/matter/*", "disputes", "entities", "questions/who-denies")),
    ],
)
def test_axe_finds_nothing_also_about_the_size_of_targets(
    browser: Browser, built: Path, width: int, scheme: str, names: tuple[str, ...]
) -> None:
    visit = Walk(browser, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    visit.folder = built
    for name in names:
        visit.open(next(iter(sorted(built.glob(f"{name}.html")))), drawn=False)
        assert complaints_of_axe(visit.page) == [], name
        assert visit.page.locator(".masthead").evaluate("(one) => one.offsetHeight") < 120, "one row of links"
    visit.context.close()


def test_the_home_page_finds_names_and_other_names_from_a_folder(browser: Browser, built: Path) -> None:
    visit = Walk(browser)
    visit.folder = built
    page = visit.open(built / "index.html", drawn=False)
    assert page.evaluate("document.activeElement.id") == "find"
    picture = page.locator(".picture img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    page.keyboard.type("forc")
    assert page.locator("#found a").first.inner_text() == "Force"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Force"
    page.keyboard.press("ArrowUp")
    page.locator("#find").fill("xyzzy <b>")
    assert page.locator("#found-count").inner_text() == "Nothing is called “xyzzy <b>”."
    page.locator("#find").fill("consulted")
    assert "disagreement, 4 statements" in page.locator("#found li").first.inner_text()
    for typed in ("consulted force", "fôrce consulted", "Forec: consultd", "consul force", "onsulted forc"):
        page.locator("#find").fill(typed)
        assert page.locator("#found a").first.inner_text() == "Force: consulted", typed
    page.locator("#find").fill("Force")
    visit.url = (built / "id/force.html").as_uri()
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/force.html")
    assert visit.messages == []
    visit.context.close()


SHOWN = "[...document.querySelectorAll('.group .lines > li')].filter((one) => one.checkVisibility()).length"


def test_statements_are_filtered_by_speaker_year_stance_and_words(browser: Browser, built: Path) -> None:
    visit = Walk(browser)
    visit.folder = built
    page = visit.open(built / "id/force.html", drawn=False)
    form = page.locator("form.filter")
    form.locator("select[name=stance]").select_option("denies")
    denied = page.evaluate(SHOWN)
    assert denied > 0
    assert f"{denied} of " in form.locator("output").inner_text()
    assert set(page.locator(".group .lines > li:visible .stance").all_inner_texts()) == {"denies"}
    form.locator("select[name=speaker]").select_option("Charity")
    assert 0 < page.evaluate(SHOWN) < denied
    form.locator("input").fill("no such words")
    assert page.evaluate(SHOWN) == 0
    form.get_by_role("button", name="All").click()
    form.locator("select[name=year]").select_option("2020")
    assert page.evaluate(SHOWN) > denied
    assert visit.messages == []
    visit.context.close()


def test_without_scripts_sections_fold_and_the_search_is_not_shown(browser: Browser, built: Path) -> None:
    visit = Walk(browser, java_script_enabled=False)
    visit.folder = built
    visit.open(built / "id/force.html", drawn=False)
    first = visit.page.locator("details.group").first
    first.locator("summary").click()
    assert first.locator("li").first.is_visible()
    assert visit.page.locator("form.filter").is_hidden()
    visit.open(built / "index.html", drawn=False)
    assert visit.page.locator("#find").is_hidden()
    assert visit.page.locator(".brief").first.is_visible()
    visit.context.close()

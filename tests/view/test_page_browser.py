"""The page of the svg engine in a real browser: what people do with it, offline, by mouse, keys and address."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from itertools import combinations
from math import dist
from statistics import fmean
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from browsers import NEEDS_CHROMIUM, Visit
from svg_pages import LINES, NEEDS_AXE, box, complaints_of_axe, open_at, saved, shown, state
from test_page import large_network, packed
from test_view import BASE, add_entity, add_statement, disputed_network, empty_network, relate
from test_view_browser import PAYLOADS, TWELVES, hostile_network, lively_network

from graphkit.analysis.disputes import DisputeView
from graphkit.model.stories import Step, Story
from graphkit.view import view
from graphkit.view.page.page import render, write_page

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser, Page

pytestmark = NEEDS_CHROMIUM


def small_network() -> nx.MultiDiGraph[str]:
    """The force, a trust and a scheme: a claim, a denial, a date before, and one statement that has no second end."""
    network = empty_network("A <small> network")
    for slug, label, kind in (
        ("met", "Metropolitan Police", "PublicBody"), ("trust", "Ben Kinsella Trust", "Organisation"),
        ("alpha", "Project Alpha", "Programme"), ("far", "Far away", "Topic"),
    ):  # fmt: skip
        add_entity(network, slug, label, kind)
    network.nodes[BASE + "met"]["aliases"] = ("the Met", "Scotland Yard")
    claim = add_statement(network, "claim", speaker="Metropolitan Police", said="2022", gist="=It consulted the trust.")
    denial = add_statement(network, "denial", speaker="Ben Kinsella Trust", stance="denies", said="2022-06")
    early = add_statement(network, "early", said="2019-05/2019-07")
    undated = add_statement(network, "undated", said="", source_title="Another title")
    alone = add_statement(network, "alone", gist="It began in 2019.")
    relate(network, "met", "trust", "disputed", statements=(claim, denial), stances=("asserts", "denies"))
    relate(network, "met", "alpha", statements=(early,), label="runs", policies=("attributed",))
    relate(network, "alpha", "far", "planned", statements=(undated,), label="leads to")
    network.graph["undrawn"] = {BASE + "alpha": [alone]}
    network.graph["disputes"] = (
        DisputeView(
            "https://example.org/dispute/0123456789abcdef", "contradiction", "Was it consulted?", "r", "", (),
            (claim,), (denial,),
        ),
    )  # fmt: skip
    return network


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("page") / "small.html"
    write_page(small_network(), page)
    return page


# --- what is there ---


def test_every_edge_and_node_is_on_the_screen(visit: Visit, tmp_path: Path) -> None:
    network = disputed_network()
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    assert (shown(page, "edges"), shown(page, "nodes")) == (network.number_of_edges(), network.number_of_nodes())
    assert page.locator("#relations tbody[data-e]:visible").count() == network.number_of_edges()
    assert page.locator("#counts").inner_text().startswith(f"{network.graph['drawn']} of {network.graph['total']} ")


def test_without_javascript_picture_tables_and_sources_are_there(browser: Browser, small: Path) -> None:
    visit = Visit(browser, java_script_enabled=False)
    visit.url = small.as_uri()
    visit.page.goto(visit.url)
    assert visit.page.locator("#edges > g").count() == 3
    assert visit.page.locator("noscript p").is_visible()
    assert (
        visit.page.locator("tr[data-i='s.gazette/claim'] a").get_attribute("href")
        == "https://news.example/claim#:~:text=a,b"
    )
    assert visit.page.locator("#legend input:visible").count() == 0
    visit.page.locator("#entities").get_by_role("link", name="Metropolitan Police").click()
    assert visit.page.url.endswith("#n-met")
    visit.context.close()


def test_the_picture_is_painted_before_the_script_runs(browser: Browser, tmp_path: Path) -> None:
    write_page(lively_network(120, 200), tmp_path / "page.html")
    visit = Visit(browser)
    visit.page.add_init_script("""new MutationObserver((_, watch) => {
      if (!document.documentElement?.classList.contains("js")) return;
      window.__begun = performance.now();
      watch.disconnect();
    }).observe(document, { attributes: true, subtree: true });""")
    page = open_at(visit, tmp_path / "page.html")
    painted = "performance.getEntriesByName('first-contentful-paint').map((one) => one.paintTime)"
    assert 0 < page.evaluate(painted)[0] < page.evaluate("window.__begun")
    visit.context.close()


def test_rows_show_what_they_share(browser: Browser, tmp_path: Path) -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    for word in ("one", "two"):
        said = add_statement(
            network, word, id=f"review-2021/{word}", source_title="The title of the review, in full",
            url=f"https://news.example/r#:~:text={word}%2Da,b%21", passage=f"{word}-a … b!",
        )  # fmt: skip
        relate(network, "a", "b", statements=(said,))
    write_page(network, tmp_path / "page.html")
    title, address = "The title of the review, in full", "https://news.example/r"
    visit = Visit(browser)
    visit.open(tmp_path / "page.html", drawn=True)
    cell = visit.page.locator("tr[id='s.review-2021/one'] td").last
    assert cell.inner_text() == f"{title} news.example · through The Guardian · passage: “one-a … b!” on-record"
    assert cell.locator("a").get_attribute("href") == f"{address}#:~:text=one%2Da,b%21"
    visit.context.close()
    visit = Visit(browser, java_script_enabled=False)
    visit.open(tmp_path / "page.html", drawn=False)
    visit.page.get_by_role("link", name="[1]").first.click()
    assert visit.page.locator("tr:target a").get_attribute("href") == address
    visit.context.close()


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_no_width_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    write_page(lively_network(), tmp_path / "page.html")
    visit = Visit(browser, viewport={"width": width, "height": 800})
    page = open_at(visit, tmp_path / "page.html", "#at=n-n00")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    visit.context.close()


@NEEDS_AXE
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (360, "light")])
def test_axe_reports_no_problem(browser: Browser, small: Path, width: int, scheme: Any) -> None:  # noqa: ANN401
    visit = Visit(browser, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = open_at(visit, small, "#at=n-met")
    for open_details in (False, True):
        if open_details:
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert complaints_of_axe(page) == []
    visit.context.close()


def test_labels_are_readable_in_a_large_picture(visit: Visit, tmp_path: Path) -> None:
    write_page(lively_network(120, 200), tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    page.wait_for_timeout(100)
    heights = page.evaluate(
        "[...document.querySelectorAll('.n:not(.mute) text')].map((one) => one.getBoundingClientRect().height"
        " / (one.children.length + 1))"
    )
    assert len(heights) > 10
    assert min(heights) >= 11


def test_arrowheads_are_in_front_of_enlarged_nodes(visit: Visit, tmp_path: Path) -> None:
    write_page(large_network(600, 4), tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html", "#scope=all")
    style = (
        "(one) => { const { scale, translate } = getComputedStyle(one); return [Number(scale), parseFloat(translate)] }"
    )
    (mark, _), (head, back) = page.locator(".n use").first.evaluate(style), page.locator("#a0 path").evaluate(style)
    assert 1 < mark == head <= 1.8
    assert back == pytest.approx(16 - 16 * head)


def test_printed_rows_are_complete_and_the_source_has_space(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#relations")
    page.set_viewport_size({"width": 717, "height": 1046})
    page.emulate_media(media="print")
    boxes = [cell.bounding_box() for cell in page.locator("tr[id='s.gazette/claim'] td").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert boxes[-1] is not None
    assert boxes[-1]["width"] > 717 * 0.3
    assert page.locator("#tools, #table-tools, #disputes button").evaluate_all(
        "(all) => all.every((one) => !one.offsetWidth)"
    )


def test_the_line_to_a_speaker_is_visible_when_selected(visit: Visit, tmp_path: Path) -> None:
    network = small_network()
    for *_, data in network.edges(data=True):
        data["faint"] = True
    network.graph["annotations"] = [([(-300, -300), (-100, -300), (-100, -200)], "2019 & later"), ([(0, -300)], "")]
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    seen = "(all) => all.filter((one) => getComputedStyle(one).opacity === '1').length"
    assert page.locator(".e").evaluate_all(seen) == 0
    page.goto((tmp_path / "page.html").as_uri() + "#at=n-trust")
    page.wait_for_timeout(100)
    assert page.locator(".e").evaluate_all(seen) == 1
    assert page.locator(".m text").all_text_contents() == ["2019 & later"]


# --- evidence ---


def test_an_edge_shows_its_statements_and_the_other_side(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.locator("#edges > g").nth(2).locator("path").click(force=True)
    panel = page.locator("#panel")
    assert panel.locator("h2, h3").first.inner_text() == "disputed: Metropolitan Police consulted Ben Kinsella Trust"
    heads = page.locator("#relations tbody th").all_text_contents()
    assert any(text.startswith("disputed Metropolitan Police consulted") for text in heads)
    assert panel.evaluate("(one) => [...one.children].findIndex((part) => part.querySelector('.sides'))") == 3
    assert panel.locator(".sides > div").nth(0).locator("article").count() == 1
    assert panel.locator("article").count() == 2, "each statement once"
    assert panel.locator("a[href='https://news.example/claim#:~:text=a,b']").count() == 1
    assert "passage: “page 4”" in panel.inner_text()
    assert "Statement gazette/claim" in panel.inner_text()
    assert panel.inner_text().count("on-record") == 2


def test_labels_around_a_chosen_hub_do_not_cover_each_other_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    write_page(lively_network(120, 200), tmp_path / "page.html")
    visit = Visit(browser, viewport={"width": 360, "height": 740})
    page = open_at(visit, tmp_path / "page.html", "#at=n-n00")
    page.wait_for_timeout(200)
    boxes = page.evaluate("""[...document.querySelectorAll(".n.on text")].map((one) => one.getBoundingClientRect())
      .filter((one) => one.width).map((one) => [one.left + 3, one.top + 3, one.right - 3, one.bottom - 3])""")
    assert len(boxes) >= 2
    for i, (left, top, right, bottom) in enumerate(boxes):
        for x1, y1, x2, y2 in boxes[:i]:
            assert right <= x1 or x2 <= left or bottom <= y1 or y2 <= top
    visit.context.close()


def test_table_headings_are_above_their_columns(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    left = "(all) => all.map((one) => Math.round(one.getBoundingClientRect().left))"
    heads = page.locator("#relations thead th").evaluate_all(left)
    assert heads == page.locator("#relations tr[id='s.gazette/claim'] td").evaluate_all(left)


def test_a_click_beside_a_thin_line_selects_the_line(visit: Visit, tmp_path: Path) -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    relate(network, "a", "b", label="x")
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    x, y, dx, dy = page.evaluate("""() => {
      const path = document.querySelector("#edges path"), far = path.getTotalLength();
      const at = (share) => path.getPointAtLength(far * share).matrixTransform(path.getScreenCTM());
      const p = at(0.25), q = at(0.3);
      const long = Math.hypot(q.x - p.x, q.y - p.y);
      return [p.x, p.y, -(q.y - p.y) / long, (q.x - p.x) / long];
    }""")
    for away, panels in ((5, 1), (40, 0)):
        page.mouse.click(x + away * dx, y + away * dy)
        assert page.locator("#panel article").count() == panels
        page.keyboard.press("Escape")
        open_at(visit, tmp_path / "page.html")


def test_a_node_shows_its_relations_and_statements_about_it_alone(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.locator("#n-alpha use").click()
    text = page.locator("#panel").inner_text()
    assert "2 of 2 relations shown" in text
    assert "It began in 2019." in text
    page.locator("#panel button", has_text="Far away").click()
    assert "leads to" in page.locator("#panel h2").first.inner_text()


# --- filters ---


def test_the_legend_filters_picture_table_and_counts(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    box(page, "disputed").uncheck()
    assert shown(page, "edges") == 2
    assert page.locator("#relations tbody[data-e]:visible").count() == 2
    assert page.locator("#counts").inner_text().startswith("2 of 5 statements shown; 3 hidden.")
    assert "off-status=disputed" in state(page)
    page.get_by_role("button", name="Undo").click()
    assert shown(page, "edges") == 3
    box(page, "programme").uncheck()
    assert shown(page, "edges") == 1
    assert page.locator("#n-alpha").evaluate("(one) => getComputedStyle(one).opacity") == "0.12", "faded first"
    page.get_by_role("button", name="Remove the rest").click()
    assert not page.locator("#n-alpha").is_visible()


@pytest.mark.parametrize(("group", "value", "edges"), [
    ("relation", "runs", 2), ("stance", "denies", 3), ("speaker", "The Gazette", 1), ("source", "Another title", 2),
])  # fmt: skip
def test_each_list_filters(visit: Visit, small: Path, group: str, value: str, edges: int) -> None:
    page = open_at(visit, small)
    page.locator(f"#list-{group} summary").click()
    box(page, value).uncheck()
    assert shown(page, "edges") == edges
    page.locator(f"#list-{group}").get_by_role("button", name="None").click()
    assert shown(page, "edges") == 0
    page.locator(f"#list-{group}").get_by_role("button", name="All").click()
    assert shown(page, "edges") == 3


def test_a_statement_that_is_filtered_out_leaves_the_table(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#off-stance=denies")
    assert page.locator("tr[id='s.gazette/claim']").is_visible()
    assert not page.locator("tr[id='s.gazette/denial']").is_visible()


def test_a_statement_has_its_row_under_a_visible_edge(visit: Visit, tmp_path: Path) -> None:
    network = empty_network()
    for name in ("a", "b", "c"):
        add_entity(network, name)
    both = add_statement(network, "both"), add_statement(network, "denial", stance="denies")
    relate(network, "a", "b", "disputed", statements=both, label="first")
    relate(network, "a", "c", "planned", statements=both, label="second")
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    own, reference = page.locator("tr[id='s.gazette/both']"), page.locator("a[href='#s.gazette/both']")
    first, second = page.locator("#relations tbody[data-e]").all()
    hidden = "disputed" if "first" in (first.text_content() or "") else "planned"
    box(page, hidden).uncheck()
    assert own.is_visible()
    assert second.locator("tr[id]").count() == 2
    page.get_by_role("button", name="Undo").click()
    assert first.locator("tr[id]").count() == 2
    assert reference.is_visible()
    rows = "(all) => all.map((one) => one.textContent.trim())"
    for _ in range(2):  # sort by stance, the denial first, then leave out the edge that has the rows, and bring it back
        page.locator("#relations thead button").nth(1).click()
    box(page, hidden).uncheck()
    box(page, hidden).check()
    before = page.locator("#relations tr").evaluate_all(rows)
    page.reload()
    page.locator("html[data-drawn]").wait_for()
    assert page.locator("#relations tr").evaluate_all(rows) == before
    open_at(visit, tmp_path / "page.html", "#off-stance=asserts")
    page.reload()
    page.locator("html[data-drawn]").wait_for()
    assert not own.is_visible()
    assert not reference.is_visible(), "it would lead to a row that is not there"


def test_the_time_filter_counts_statements_of_uncertain_date(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#until=2019-06")
    assert shown(page, "edges") == 2, "the interval of 2019 touches June, and one statement has no date"
    page.get_by_label("undated", exact=True).uncheck()
    assert shown(page, "edges") == 1
    open_at(visit, small, "#since=2019-08&undated=no&x")
    page.reload()
    assert page.locator("#edges > g:not(.off)").count() == 1
    page.get_by_label("Said since").press("Home")
    assert shown(page, "edges") == 2


def test_a_policy_shows_only_plain_edges(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.locator("#policy").select_option("attributed")
    assert shown(page, "edges") == 1
    page.locator("#policy").select_option("corroborated")
    assert shown(page, "edges") == 0


def test_words_filter_statements(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.get_by_label("Filter").fill("another TITLE")
    assert shown(page, "edges") == 1
    assert "q=another TITLE" in state(page)


# --- finding one's way ---


@pytest.mark.parametrize("text", ["Metropolitan Police", "scotland yard", "Metrop"])
def test_search_finds_names_and_aliases(visit: Visit, small: Path, text: str) -> None:
    page = open_at(visit, small)
    page.locator("#search").fill(text)
    page.locator("#search").press("Enter")
    assert page.locator("#panel h2").first.inner_text() == "Metropolitan Police"
    assert page.evaluate("document.activeElement.id") == "n-met"


def test_steps_show_the_neighbourhood(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#at=n-trust")
    page.get_by_role("button", name="within 1 step").click()
    assert shown(page, "nodes") == 2
    page.get_by_role("button", name="within 2 steps").click()
    assert shown(page, "nodes") == 3
    page.get_by_role("button", name="all of the network").click()
    assert shown(page, "nodes") == 4


def test_the_shortest_path_between_two_nodes_is_highlighted(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#at=n-trust")
    page.get_by_label("Path to").fill("Far away")
    page.get_by_label("Path to").press("Enter")
    assert page.locator(".way").count() == 3
    assert "Path to Far away: 3 steps" in page.locator("#panel").inner_text()


def test_drag_pins_and_the_address_keeps_it(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    frame = page.locator("#n-far use").bounding_box()
    assert frame
    page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + 70, frame["y"] + 40, steps=4)
    page.mouse.up()
    moved = page.locator("#n-far").get_attribute("transform")
    line = page.locator("#edges path").first.get_attribute("d")
    assert "pin=n-far " in state(page)
    page.reload()
    page.locator("html[data-drawn]").wait_for()
    assert page.locator("#n-far").get_attribute("transform") == moved
    assert page.locator("#edges path").first.get_attribute("d") == line


def test_hide_and_undo(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#at=n-alpha")
    page.get_by_role("button", name="Hide").click()
    assert (shown(page, "nodes"), shown(page, "edges")) == (2, 1)
    page.get_by_role("button", name="Undo").click()
    assert shown(page, "nodes") == 4
    box(page, "disputed").uncheck()
    page.get_by_role("button", name="Show all").click()
    assert shown(page, "edges") == 3


def test_a_reload_shows_the_same(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#at=n-met&hops=1&off-status=planned&q=&sort=-speaker")
    before = page.locator("#picture").get_attribute("viewBox"), page.locator("#counts").inner_text(), state(page)
    page.reload()
    page.locator("html[data-drawn]").wait_for()
    assert (
        page.locator("#picture").get_attribute("viewBox"),
        page.locator("#counts").inner_text(),
        state(page),
    ) == before


@pytest.mark.parametrize(
    "place", ["#at=n-nobody&hops=x&box=1&pin=a&since=yes", "#%", "#off-kind=%00&only-x=1", "#s.gazette/x"]
)
def test_any_address_opens(visit: Visit, small: Path, place: str) -> None:
    assert shown(open_at(visit, small, place), "nodes") == 4


# --- keys ---


def test_every_statement_can_be_reached_by_keyboard(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.locator("[tabindex='0'].n").focus()
    seen = set()
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        seen.add(page.evaluate("document.activeElement.id"))
    assert len(seen) >= 3
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert str(page.evaluate("document.activeElement.id")).startswith("n-")


# --- table and files ---


def test_the_table_sorts(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    speaker = page.locator("#relations thead button").first
    speaker.click()
    first = page.locator("#relations tbody[data-e]").first
    assert "Ben Kinsella Trust" in (first.text_content() or "")
    assert page.locator("#relations thead th").first.get_attribute("aria-sort") == "ascending"
    speaker.click()
    assert "The Gazette" in (first.text_content() or "")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_plan_in_dispute_says_both_in_tables_panels_and_added_labels_and_is_filtered_as_disputed(
    browser: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    for label in ("funded", "paid", "gave"):
        said = add_statement(network, label, stance="plans")
        relate(network, "a", "b", "disputed", statements=(said,), stances=("plans",), label=label)
    write_page(network, tmp_path / "page.html")
    visit = Visit(browser, java_script_enabled=scripts)
    visit.open(tmp_path / "page.html", drawn=scripts)
    page = visit.page
    assert page.locator("#relations b:not([hidden])").all_inner_texts() == ["planned, disputed"] * 3
    if scripts:
        page.get_by_role("button", name="All labels").click()
        words = {f"planned, disputed: {label}" for label in ("funded", "paid", "gave")}
        assert set(page.locator("#edges text").all_text_contents()) == words
        page.locator("#edges > g path").first.dispatch_event("click")
        key = page.locator("#edges > g").first.get_attribute("id")
        page.goto(f"{visit.url}#at={key}")
        assert "planned, disputed: " in page.locator("#panel h2, #panel h3").first.inner_text()
        page.goto(f"{visit.url}#off-status=disputed")
        assert shown(page, "edges") == 0
    visit.context.close()


@pytest.mark.parametrize("engine", ["svg", "canvas"])
def test_a_line_is_filtered_by_the_stance_and_the_status_that_its_row_states(
    browser: Browser, tmp_path: Path, engine: str
) -> None:
    """Their words differ, and a label may begin like another's status."""
    network = empty_network()
    for name in "abcd":
        add_entity(network, name)
    reports = add_statement(network, "no", stance="rules-out", verb="reports a plan not to")
    group = add_statement(network, "group", stance="denies", verb="deny")
    relate(network, "a", "b", "ruled out", statements=(reports,), stances=("rules-out",), label="funded")
    relate(network, "a", "c", "claimed", label="denied that", rest="it paid d £5")
    relate(network, "a", "d", "denied", statements=(group,), stances=("denies",), label="denied that … it paid",
           verb="denied that", rest="it paid", unmarked=True)  # fmt: skip
    view(network, tmp_path / "page.html", engine=engine)
    visit = Visit(browser)
    visit.open(tmp_path / "page.html")
    page = visit.page
    if engine == "svg":
        for words, number in (
            ("stance=rules-out", 2),
            ("stance=denies", 2),
            ("status=denied", 2),
            ("status=claimed", 2),
        ):
            page.goto(f"{visit.url}#off-{words}")
            assert shown(page, "edges") == number, words
        page.goto(f"{visit.url}#at={page.locator('#edges > g').nth(2).get_attribute('id')}")
        assert page.locator("#panel h2").inner_text() == "A denied that D it paid"
    else:
        page.locator("#relations th button").nth(2).click()
        assert page.locator("#panel h2").inner_text() == "A denied that D it paid"
    visit.context.close()


def test_the_csv_contains_the_visible_rows_and_no_formula(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#off-status=planned")
    text = saved(page, "CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["statement"] for row in rows] == ["gazette/early", "gazette/claim", "gazette/denial"]
    assert rows[1]["gist"] == "'=It consulted the trust."
    assert rows[1]["link"] == "https://news.example/claim#:~:text=a,b"


def test_the_saved_svg_shows_the_visible_part_and_its_caption(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#off-status=planned")
    root = ET.fromstring(saved(page, "SVG"))  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}g[@id='edges']/{space}g")) == 2
    foot = root.find(f"{space}text[@class='foot']")
    assert foot is not None
    assert "policy: attributed" in (foot.text or "")
    assert root.get("class") == "graph light"


def test_the_saved_png_is_large_enough_to_print(visit: Visit, small: Path) -> None:
    data = saved(open_at(visit, small), "PNG")
    assert data.startswith(b"\x89PNG")
    assert max(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) >= 3000


def test_the_embed_code_holds_the_address(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#at=n-met")
    page.get_by_role("button", name="Embed").click()
    code = page.locator("dialog textarea").input_value()
    assert code.startswith('<iframe src="file:')
    assert "#at=n-met" in code
    assert 'title="A &lt;small&gt; network"' in code


# --- stories ---


def test_a_story_opens_on_its_first_step_and_can_be_clicked_through(visit: Visit, tmp_path: Path) -> None:
    network = small_network()
    steps = Step("First", ("trust",)), Step("Second", only={"relation": ("runs",)})
    network.graph["story"] = Story("A story", steps)
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    assert "1 of 2: First" in page.locator("#guide").inner_text()
    assert shown(page, "nodes") == 2
    assert not page.locator("#story li").first.is_visible()
    page.get_by_role("button", name="Next").click()
    assert shown(page, "edges") == 1
    page.get_by_role("button", name="End").click()
    assert not page.locator("#guide").is_visible()
    page.locator("#story li a").first.click()
    assert "1 of 2: First" in page.locator("#guide").inner_text()


def test_a_story_on_a_phone_leaves_the_picture_free_and_is_turned_with_a_finger(
    browser: Browser, tmp_path: Path
) -> None:
    network = small_network()
    network.graph["story"] = Story("A story", (Step("First " * 80, ("trust",)), Step("Second", ("alpha",))))
    write_page(network, tmp_path / "page.html")
    visit = Visit(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_at(visit, tmp_path / "page.html")
    guide = page.locator("#guide").bounding_box()
    assert guide
    assert guide["height"] <= 0.45 * 844 + 1
    marks = page.locator(".n:not(.off, .dim) use").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom])"
    )
    assert marks
    assert all(top >= 0 and bottom <= guide["y"] for top, bottom in marks), "no mark is below the text"
    sizes = page.locator("#guide button").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert min(sizes) >= 24
    swipe = "([from, to]) => { const guide = document.getElementById('guide'); for (const [name, clientX] of "
    swipe += "[['pointerdown', from], ['pointerup', to]]) "
    swipe += "guide.dispatchEvent(new PointerEvent(name, { clientX, pointerType: 'touch' })); }"
    page.evaluate(swipe, [300, 100])
    assert "2 of 2: Second" in page.locator("#guide").inner_text()
    page.evaluate(swipe, [100, 300])
    assert "1 of 2: First" in page.locator("#guide").inner_text()
    visit.context.close()


def test_each_dispute_is_a_story(visit: Visit, small: Path) -> None:
    page = open_at(visit, small)
    page.locator("#dispute-list button").click()
    assert "1 of 3: " in page.locator("#guide").inner_text()
    page.get_by_role("button", name="Next").click()
    assert "One side: Metropolitan Police asserts (2022)" in page.locator("#guide").inner_text()


def test_the_address_of_a_dispute_opens_it(visit: Visit, small: Path) -> None:
    page = open_at(visit, small, "#d-0123456789ab")
    assert "1 of 3: " in page.locator("#guide").inner_text()


# --- large ---


@dataclass(frozen=True, slots=True)
class Large:
    """A page of groups; in group 3, an edge in dispute has a statement with a rare title.

    Attributes:
        groups: The data of each group.
        members: The rows of the entities of group 3, by IRI.
        node: The key of an end of that edge.
    """

    path: Path
    groups: dict[str, dict[str, Any]]
    members: dict[str, list[Any]]
    node: str


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    network = large_network()
    add_entity(network, "lonely", "Lonely", "Person")
    group = packed(render(network))["n-group-3"]
    members = {group["base"] + row[0][2:]: row for row in group["nodes"]}
    one, data = next((one, data) for one, other, data in network.edges(data=True) if {one, other} <= members.keys())
    data["disputes"] = (f"{BASE}dispute/0123456789abcdef0123456789abcdef",)
    statement, views = data["statements"][0], network.graph["evidence"]
    views[statement] = replace(views[statement], source_title="A rare title")
    path = tmp_path_factory.mktemp("large") / "page.html"
    write_page(network, path)
    return Large(path, packed(path.read_text(encoding="utf-8")), members, members[one][0])


def test_a_group_opens_with_a_limit(visit: Visit, large: Large) -> None:
    page = open_at(visit, large.path)
    groups = shown(page, "nodes")
    assert page.locator("#counts").inner_text().startswith("0 of ")
    page.locator("#n-group-0 use").click()
    page.get_by_label("How many relations").select_option("50")
    page.get_by_role("button", name="Open the group").click()
    page.locator("#guide").wait_for(state="visible")
    assert shown(page, "nodes") > groups
    relations = large.groups["n-group-0"]["relations"]
    drawn = min(50, relations)
    assert page.locator("#counts").inner_text().startswith(f"{drawn} of ")
    assert f"Drawn: {drawn} of {relations} relations in this group" in page.locator("#guide").inner_text()
    assert page.locator("#relations tr[id^='s.']").count() == drawn
    assert page.locator("#relations td em", has_text="on-record").count() == drawn
    page.mouse.click(*page.locator("#edges > g[id^='e-n-group']").evaluate_all(LINES)[0][1:])
    assert page.locator("#panel article").count() >= 1
    box(page, "claimed").uncheck()
    assert 0 < int(page.locator("#counts").inner_text().split(" of ")[0]) < drawn


def test_find_opens_the_group_of_a_member_and_draws_a_member_without_lines_in_it(visit: Visit, large: Large) -> None:
    page = open_at(visit, large.path)
    for name in ("Entity 450", "Lonely"):
        page.locator("#search").fill(name)
        page.locator(".found button", has_text=name).first.click()
        page.locator("#panel h2", has_text=name).wait_for()
    assert page.locator("#guide").inner_text().startswith("No relation of it is inside its group")


def test_a_group_opens_where_it_is_and_the_others_stay(visit: Visit, large: Large) -> None:
    page = open_at(visit, large.path, "#at=n-group-24")
    read = "(all) => all.map((one) => [one.id, ...one.getAttribute('transform').match(/-?[0-9.]+/g).map(Number)])"
    before = page.locator("#nodes > g").evaluate_all(read)
    page.get_by_role("button", name="Open the group").click()
    page.locator("#guide").wait_for(state="visible")
    group = large.groups["n-group-24"]
    after = page.locator("#nodes > g").evaluate_all(read)
    assert after[: len(before)] == before
    places = {name: (x, y) for name, x, y, *_ in after}
    radius = page.locator("#n-group-24").evaluate("(one) => Number(one.style.getPropertyValue('--r'))")
    members = [places[row[0]] for row in group["nodes"] if row[0] in places]
    assert all(dist(place, places["n-group-24"]) < radius for place in members), "members are inside its circle"
    pairs = list(combinations(members, 2))
    assert len(members) > 50
    assert not [pair for pair in pairs if abs(pair[0][0] - pair[1][0]) < 60 and abs(pair[0][1] - pair[1][1]) < 40]
    ends = [[places.get(group["nodes"][end][0]) for end in line[:2]] for line in group["between"]]
    lines = [dist(one, other) for one, other in ends if one and other]
    assert fmean(lines) < fmean(dist(*pair) for pair in pairs) / 2


@pytest.mark.parametrize(
    "asked", ["at={node}&hops=1", "at=e-n-group-3-7", "only-source=A+rare+title", "d-0123456789ab"]
)
def test_an_address_opens_the_group_of_the_thing_it_names(visit: Visit, large: Large, asked: str) -> None:
    page, members = open_at(visit, large.path, "#" + asked.format(node=large.node)), large.members
    for _ in range(2):
        page.locator("#guide", has_text="relations in this group").wait_for()
        assert page.locator("#edges > g[id^='e-n-group-3-']").count() == len(members) - 1
        if asked.startswith("only"):
            assert page.locator("#counts").inner_text().startswith("1 of ")
        else:
            assert any(name in page.locator("#panel h2").inner_text() for name in (row[1] for row in members.values()))
        page.reload()


@pytest.mark.parametrize("ego", ["", "ego-"])
def test_a_thing_in_no_group_is_reported_as_elsewhere(visit: Visit, tmp_path: Path, ego: str) -> None:
    network = large_network()
    network.graph.update(site=True, ego=ego)
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html", "#at=n-nobody&hops=1")
    page.locator("#guide", has_text="not among the strongest relations").wait_for()
    assert [link.get_attribute("href") for link in page.locator("#guide a").all()] == ["ego-nobody.html"] * bool(ego)


def test_a_canvas_of_thousands_of_lines_lists_them_in_parts(visit: Visit, tmp_path: Path) -> None:
    network = large_network()
    view(network, tmp_path / "page.html", engine="canvas")
    page = open_at(visit, tmp_path / "page.html")
    rows, every = page.locator("#relations tbody"), network.number_of_edges()
    rows.nth(99).wait_for()
    assert page.locator("#found").inner_text() == f"100 of {every} relations listed; {every} in the picture."
    page.get_by_role("button", name="List more").click()
    assert rows.count() == 200
    page.locator("#words").fill("Entity 77")
    page.locator("#words").press("Enter")
    touching = [pair for pair in network.edges() if any(end.rpartition("/x")[2].startswith("77") for end in pair)]
    assert rows.count() == len(touching) > 0
    assert all("Entity 77" in text for text in rows.all_inner_texts())
    rows.first.locator("button").click()
    assert page.locator("#panel article").count() == 1


# --- text of strangers ---


def try_everything(page: Page) -> None:
    page.locator("#nodes use").first.click(force=True)
    page.locator("#panel button").last.click()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.locator("#search").fill("href")
    page.locator("#search").press("Enter")
    page.get_by_role("button", name="All labels").click()
    page.locator("#relations thead button").first.click()
    page.locator("#legend input[data-group]").first.click()
    page.get_by_role("button", name="Embed").click()
    page.locator("dialog").get_by_role("button", name="Close").click()
    for name in ("CSV", "SVG"):
        saved(page, name)
    page.reload()
    page.locator("html[data-drawn]").wait_for()


@pytest.mark.parametrize("texts", TWELVES)
def test_no_text_is_ever_executed(visit: Visit, tmp_path: Path, texts: list[str]) -> None:
    write_page(hostile_network(*texts), tmp_path / "page.html")
    try_everything(open_at(visit, tmp_path / "page.html"))
    assert visit.page.evaluate("window.__pwned ?? null") is None


def test_escaping_alone_keeps_text_inert(browser: Browser, tmp_path: Path) -> None:
    write_page(hostile_network(*PAYLOADS), tmp_path / "page.html")
    visit = Visit(browser, bypass_csp=True)
    try_everything(open_at(visit, tmp_path / "page.html"))
    assert visit.page.evaluate("window.__pwned ?? null") is None
    assert not [url for url in visit.requests if "evil.example" in url]
    visit.context.close()

"""The opening of a large view in a real browser: its headline, actors and schemes only, one line for several edges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsers import NEEDS_CHROMIUM, Visit
from svg_pages import box, open_at, shown, state
from test_view import add_entity, add_statement, empty_network, relate

from graphkit.analysis.disputes import DisputeView
from graphkit.view.encoding import STATUSES
from graphkit.view.page.page import render, write_page

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser, Page

pytestmark = NEEDS_CHROMIUM
ACTORS, TOPICS, SEVERAL, OTHER = 20, 50, 6, 3
HEADLINE = "“Body 0 asked”: claimed by Body 0, denied by Body 1 and Body 2"


def rich_network() -> nx.MultiDiGraph[str]:
    """A ring of bodies, the first two with six relations, and topics about which they speak."""
    network = empty_network("A rich network")
    for i in range(ACTORS):
        add_entity(network, f"body{i}", f"Body {i}", "PublicBody")
    for i in range(TOPICS):
        add_entity(network, f"topic{i}", f"topic {i}", "Topic")
        relate(network, f"body{i % ACTORS}", f"topic{i}", label="speaks of")
    for i in range(ACTORS):
        relate(network, f"body{i}", f"body{(i + 1) % ACTORS}", label="works with")
    for i, status in enumerate(("claimed", "claimed", "denied", "denied", "reported")):
        relate(network, "body0", "body1", status, label=f"promise {i}")
    claim = add_statement(network, "claim", speaker="Body 0", gist="Body 0 asked Body 1.", claim="Body 0 asked")
    denials = [
        add_statement(network, f"no{i}", speaker=f"Body {i}", stance="denies", gist=f"Body 0 never asked {i}.",
                      claim="Body 0 asked" if i < OTHER else "Body 0 asked everybody")
        for i in (1, 2, OTHER)
    ]  # fmt: skip
    network.graph["disputes"] = tuple(
        DisputeView(f"https://example.org/dispute/{i}23456789abcdef", kind, "Body 0 asked", "r", "", (),
                    (claim,), tuple(denied), ("asked",))
        for i, (kind, denied) in enumerate([("contradiction", denials[:2]), ("scope-conflict", denials[2:])])
    )  # fmt: skip
    relate(network, "body0", "body2", "disputed", statements=(claim, *denials), label="asked")
    return network


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("opening") / "rich.html"
    write_page(rich_network(), path)
    return path


def visible(visit: Visit, selector: str) -> int:
    return visit.page.locator(f"{selector}:visible").count()


def test_a_large_network_opens_on_actors_and_one_click_shows_the_rest(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    assert shown(page, "nodes") == ACTORS
    assert page.evaluate("document.activeElement.id") == "search"
    before = page.locator("#n-body5").get_attribute("transform")
    page.get_by_role("button", name=f"+ Topics, documents and others ({TOPICS})").click()
    assert shown(page, "nodes") == ACTORS + TOPICS
    assert page.locator("#n-body5").get_attribute("transform") != before
    page.get_by_role("button", name="Only actors and schemes").click()
    assert page.locator("#n-body5").get_attribute("transform") == before


def test_a_topic_that_is_asked_for_is_shown(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    page.locator("#search").fill("topic 7")
    page.locator("#search").press("Enter")
    assert page.locator("#n-topic7").is_visible()
    assert page.locator("#panel h2").first.inner_text() == "topic 7"


def test_every_actor_is_named_and_no_label_lies_on_a_mark_or_is_cut(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    page.wait_for_timeout(150)
    assert page.locator(".n:not(.off) text:visible").count() == ACTORS
    wrong = page.evaluate("""() => {
      const apart = (a, b) =>
        a.left + 1 >= b.right || b.left + 1 >= a.right || a.top + 1 >= b.bottom || b.top + 1 >= a.bottom;
      const area = (one) => one.getBoundingClientRect(), frame = area(picture);
      const marks = [...document.querySelectorAll(".n:not(.off)")];
      return marks.flatMap((mark) => {
        const a = area(mark.querySelector("text"));
        const isCut = a.left < frame.left || a.right > frame.right || a.bottom > frame.bottom;
        const isOn = (other) => other !== mark && !apart(a, area(other.querySelector("use")));
        return isCut || marks.some(isOn) ? [mark.id] : [];
      });
    }""")
    assert wrong == []


def test_one_line_stands_for_several_edges_and_opens_their_list(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    pair = page.locator('[id="n-body0~n-body1"]')
    assert pair.locator("text").text_content() == f"×{SEVERAL}"
    assert pair.locator(".no").count() == 1
    assert page.locator("#edges .joined").count() >= SEVERAL
    x, y = pair.locator("path").first.evaluate(
        "(path) => { const { a, d, e, f } = path.getScreenCTM(), at = path.getPointAtLength(path.getTotalLength() / 4);"
        " return [at.x * a + e, at.y * d + f] }"
    )
    page.mouse.click(x, y)
    assert state(page) == "at=n-body0~n-body1"
    assert page.locator("#panel li").count() == SEVERAL
    assert not pair.is_visible()
    page.locator("#panel li button").first.click()
    assert page.locator("#panel article").count() == 1


def test_the_number_on_a_pair_follows_the_filters(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    box(page, "denied").uncheck()
    assert page.locator('[id="n-body0~n-body1"] text').text_content() == f"×{SEVERAL - 2}"


def test_lines_and_dashes_keep_their_width_at_every_zoom(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich, "#scope=all")
    assert page.locator(".map").count() == 0
    looks = page.locator("#edges path, #pairs > g > path").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one)).map((one) => [one.vectorEffect, parseFloat(one.strokeWidth)])"
    )
    assert {effect for effect, _ in looks} == {"non-scaling-stroke"}
    assert min(width for _, width in looks) >= 1.25
    for _ in range(3):
        page.get_by_role("button", name="Closer").click()
    page.locator(".map").wait_for()
    page.get_by_role("button", name="Fit").click()
    page.locator(".map").wait_for(state="hidden")


def test_the_colour_of_a_line_is_its_status(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    colours = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#edges .e')].map((one) =>"
        " [one.classList[2], getComputedStyle(one.firstChild).stroke]))"
    )
    for i, status in enumerate(STATUSES.values()):
        red, green, blue = (int(status.colour[at : at + 2], 16) for at in (1, 3, 5))
        assert colours.get(f"t{i}", f"rgb({red}, {green}, {blue})") == f"rgb({red}, {green}, {blue})"


def test_the_headline_says_no_more_than_the_statements_on_its_two_sides(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    assert page.locator("h1").inner_text() == HEADLINE
    assert page.locator("#finding").inner_text().count("Body 0 never asked") == 2
    page.locator("#finding a").first.click()
    from playwright.sync_api import expect

    expect(page.locator("#guide")).to_contain_text("1 of 4")


def test_without_javascript_headline_sides_picture_and_tables_are_there(browser: Browser, rich: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(rich.as_uri())
    assert page.locator("h1").inner_text() == HEADLINE
    assert page.locator("#finding li").count() == 4
    assert page.locator(".n:visible").count() == ACTORS
    assert page.locator("#relations tbody").count() == rich_network().number_of_edges()
    context.close()


def test_in_a_frame_the_page_is_only_the_picture_and_a_link(visit: Visit, rich: Path) -> None:
    page, visit.url = visit.page, f"{rich.as_uri()}?embed=1"
    page.goto(f"{visit.url}#at=n-body3")
    page.locator("html[data-drawn]").wait_for()
    assert page.locator("#tools, #tables, #side, footer").evaluate_all("(all) => all.every((one) => !one.offsetWidth)")
    assert page.get_by_role("link", name="Open the full view").is_visible()
    assert page.locator("#panel h2").first.is_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the frame does not scroll"


def test_a_network_without_denials_keeps_its_title() -> None:
    network = empty_network("Quiet")
    add_entity(network, "one", "One", "Topic")
    assert "<h1>Quiet</h1>" in render(network)


def test_the_legend_is_beside_the_picture(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    picture, legend = page.locator("#view").bounding_box(), page.locator("#legend").bounding_box()
    assert picture
    assert legend
    assert legend["x"] >= picture["x"] + picture["width"]
    assert not page.locator(".foot").is_visible(), "a caption would lie below labels"
    page.locator("#n-body3 use").click()
    assert page.locator("#view").bounding_box() == pytest.approx(picture, abs=1)


def signs(page: Page) -> list[str]:
    return page.locator("#legend div", has=page.get_by_text("Signs")).locator("li").all_inner_texts()


def test_the_legend_explains_the_signs_on_lines(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    assert signs(page) == [
        "≠ inconsistent statements", "×2 two relations in one line", "red: share denied or disputed",
    ]  # fmt: skip


def test_only_signs_that_occur_are_in_the_legend_and_no_reported_line_has_one(visit: Visit, tmp_path: Path) -> None:
    network = empty_network()
    for slug in "abc":
        add_entity(network, slug)
    said = add_statement(network, "said", stance="asserts")
    no = add_statement(network, "no", stance="denies")
    relate(network, "a", "b", statements=(said,))
    network.graph["disputes"] = (
        DisputeView("https://example.org/dispute/1", "contradiction", "It", "r", "", (), (said,), (no,), ("asked",)),
    )
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    assert signs(page) == []
    assert page.locator(".badges [data-k]").count() == 0, "a line that is drawn as reported has no sign"
    relate(network, "b", "c", statements=(said, no))
    write_page(network, tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    assert signs(page) == ["×2 two statements"]


def test_the_sign_on_a_disputed_line_opens_both_sides(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    page.locator(".badges [data-k]:not(.off)").first.click()
    assert page.locator("#panel .sides").first.locator("article").count() == 3
    page.locator("#n-body0 use").click()
    order = page.locator("#panel").evaluate("(one) => [...one.children].map((part) => part.localName)")
    assert order == ["button", "h2", "p", "details", "h3", *["details"] * (len(order) - 7), "div", "p"]
    assert page.locator("#panel > p").first.inner_text().startswith("Public body: 1 statement by it, ")
    listed = page.locator("#panel details:not(.disputes) li").all_text_contents()
    assert any(re.fullmatch("claimed: Body \\d about March 2021 · The Gazette", text) for text in listed), listed


def test_nodes_move_to_their_places_in_a_third_of_a_second(browser: Browser, rich: Path) -> None:
    visit = Visit(browser, reduced_motion="no-preference")
    page = open_at(visit, rich)
    place = "document.getElementById('n-body5').getAttribute('transform')"
    before = page.evaluate(place)
    page.get_by_role("button", name="+ Topics").click()
    on_the_way = page.evaluate(place)
    page.wait_for_timeout(400)
    after = page.evaluate(place)
    page.wait_for_timeout(50)
    assert len({before, on_the_way, after}) >= 2
    assert (page.evaluate(place), before == after) == (after, False)
    visit.context.close()


@pytest.mark.parametrize("number", [0, 1])
def test_a_link_to_a_dispute_opens_it_before_other_disputes_of_its_line_with_its_title(
    visit: Visit, rich: Path, number: int
) -> None:
    page = open_at(visit, rich)
    ident = page.evaluate("(i) => document.querySelectorAll('#dispute-list > li')[i].id", number)
    page.goto(f"{visit.url}#{ident}")
    card = page.locator("#panel div:has(> .sides)").first
    assert card.locator("h2").inner_text() == "Body 0 asked"
    assert ("never asked 3" in card.inner_text()) == bool(number)
    assert "see above" not in card.inner_text()


def test_nodes_that_a_phone_leaves_out_are_moved_to_no_place_that_is_not_a_number(
    browser: Browser, tmp_path: Path
) -> None:
    network = rich_network()
    for i in range(ACTORS, ACTORS + 10):
        add_entity(network, f"body{i}", f"Body {i}", "PublicBody")
        relate(network, "body0", f"body{i}", label="works with")
    write_page(network, tmp_path / "page.html")
    visit = Visit(browser, viewport={"width": 390, "height": 844}, is_mobile=True)
    page = open_at(visit, tmp_path / "page.html")
    assert shown(page, "nodes") == 20
    assert "NaN" not in (page.locator("#view").inner_html() or "")
    visit.assert_quiet()
    visit.context.close()


def test_numbers_in_the_legend_stay_on_one_line_on_a_phone(browser: Browser, rich: Path) -> None:
    visit = Visit(browser, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = open_at(visit, rich)
    heights = page.locator("#legend output:visible").evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert heights
    assert max(heights) <= 24
    visit.context.close()


def test_no_name_is_cut_when_the_panel_opens(visit: Visit, rich: Path) -> None:
    page = open_at(visit, rich)
    page.goto(f"{visit.url}#at=n-body5")
    page.wait_for_timeout(200)
    assert (
        page.evaluate("""() => {
      const frame = document.getElementById("view").getBoundingClientRect();
      return [...document.querySelectorAll(".n:not(.off) text")].map((one) => one.getBoundingClientRect())
        .filter(({ width, left, right }) => width && (left < frame.left - 1 || right > frame.right + 1)).length;
    }""")
        == 0
    )

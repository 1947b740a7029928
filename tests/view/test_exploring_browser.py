"""Exploring the picture in a real browser: hitting lines, keeping a focus, finding names, going back, small screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsers import NEEDS_CHROMIUM, Visit, settled
from svg_pages import open_at, shown, state
from test_page_browser import small_network
from test_view import BASE, add_entity, empty_network, relate
from test_view_browser import lively_network

from graphkit.model.stories import Step, Story
from graphkit.view.page.page import write_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser

pytestmark = NEEDS_CHROMIUM
# The middle of each line that is drawn, on the screen.
MIDDLES = """() => [...document.querySelectorAll('#edges > g:not(.off, .joined)')].map((edge) => {
  const path = edge.firstElementChild, far = path.getTotalLength(), { a, d, e, f } = path.getScreenCTM();
  const { x, y } = path.getPointAtLength(far / 2);
  return [edge.id, x * a + e, y * d + f];
})"""


def long_list() -> nx.MultiDiGraph[str]:
    """A picture that is read like a list, three screens high."""
    network = empty_network("A long list")
    network.graph["natural"] = True
    add_entity(network, "top", "The top", "PublicBody")
    network.nodes[BASE + "top"]["position"] = (0, 0)
    for i in range(40):
        add_entity(network, f"row{i}", f"Row {i}", "Topic")
        network.nodes[BASE + f"row{i}"]["position"] = (300, 70 * i)
        relate(network, "top", f"row{i}", label="lists")
    return network


def told(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    steps = (Step("All of it."), Step("The scheme.", focus=("alpha",)), Step("The dispute.", focus=("trust",)))
    network.graph["story"] = Story("A tale", steps)
    return network


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that returns the page of a network by name, made once."""
    folder = tmp_path_factory.mktemp("exploring")
    made: dict[str, Callable[[], nx.MultiDiGraph[str]]] = {
        "small": small_network, "large": lambda: lively_network(150, 300), "list": long_list,
        "story": lambda: told(small_network()),
    }  # fmt: skip

    def find(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            write_page(made[name](), path)
        return path

    return find


def test_a_click_on_the_middle_of_a_line_opens_that_line(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("large"))
    middles = page.evaluate(MIDDLES)[::30]
    right = 0
    for key, x, y in middles:
        page.mouse.click(x, y)
        right += f"at={key}" in state(page)
        page.get_by_role("button", name="Close", exact=True).click()
        page.wait_for_timeout(100)
    assert right >= 0.95 * len(middles)


def test_a_line_chosen_among_the_neighbours_of_a_node_keeps_them(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"), "#at=n-trust&hops=1")
    page.locator("#panel details:not(.disputes) li button").first.click()
    assert shown(page, "nodes") == 2
    assert page.locator("#edges .at").count() == 1
    page.get_by_role("button", name="Close", exact=True).click()
    assert shown(page, "nodes") == 2
    assert page.locator("#panel h2").first.inner_text() == "Ben Kinsella Trust"


def test_all_labels_shows_labels_that_do_not_overlap(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("large"))
    page.get_by_role("button", name="All labels").click()
    boxes = page.locator("#picture .e text, #picture .n text").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).filter((box) => box.width)"
        ".map((box) => [box.left, box.top, box.right, box.bottom])"
    )
    named = page.locator(".e text").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().width).length"
    )
    assert named >= 5
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert not any(left + 1 < b[2] and b[0] + 1 < right and top + 1 < b[3] and b[1] + 1 < bottom for b in boxes[:i])


def test_find_scrolls_to_a_node_of_a_list(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("list"))
    page.locator("#search").fill("Row 39")
    page.locator("#search").press("Enter")
    frame, node = page.locator("#view").bounding_box(), page.locator("#n-row39 use").bounding_box()
    assert frame
    assert node
    assert frame["y"] <= node["y"] <= frame["y"] + frame["height"]


def test_zooming_into_a_list_keeps_all_of_it_within_reach(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("list"))
    height = "picture.getBoundingClientRect().height"
    before = page.evaluate(height)
    for _ in range(3):
        page.get_by_role("button", name="Closer").click()
    assert page.evaluate(height) == pytest.approx(before * 1.25**3, rel=0.02)
    assert page.evaluate("document.getElementById('view').scrollHeight") >= before * 1.9
    page.get_by_role("button", name="Fit").click()
    assert page.evaluate(f"{height} <= document.getElementById('view').clientHeight + 1")


def test_find_lists_the_best_matches_and_reports_none(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"))
    page.locator("#search").fill("a")
    listed = page.locator(".found button").all_inner_texts()
    assert listed[0].startswith("Project Alpha") or listed[0].startswith("Far away")
    page.locator("#search").fill("xyzzy")
    page.locator("#search").press("Enter")
    assert page.locator(".found").inner_text() == "Nothing here is called “xyzzy”."


def test_find_offers_the_nearest_name_for_a_mistyped_one(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"))
    page.locator("#search").fill("projct alpha")
    assert page.locator(".found p").inner_text() == "Nothing here is called “projct alpha”. Did you mean:"
    page.locator("#search").press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "Project Alpha"
    page.locator("#search").fill("xprojct alpha")
    assert page.locator(".found button").count() == 1, "the nearest one only"
    page.locator("#search").press("Enter")
    assert page.locator("#search").input_value() == "", "Enter takes the only one"


def test_find_prefers_the_beginning_of_a_word_and_the_busier_node(visit: Visit, tmp_path: Path) -> None:
    network = empty_network("Police")
    for slug, name in (("a", "broad police powers"), ("b", "Metropolitan Police"), ("c", "Outer depolicing")):
        add_entity(network, slug, name, "Topic")
    relate(network, "b", "a")
    relate(network, "b", "c")
    write_page(network, tmp_path / "police.html")
    page = open_at(visit, tmp_path / "police.html")
    page.locator("#search").fill("police")
    names = [text.partition(" · ")[0] for text in page.locator(".found button").all_inner_texts()]
    assert names == ["Metropolitan Police", "broad police powers"]


def test_statements_without_a_date_come_last_in_either_order(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"))
    for _ in range(2):
        page.get_by_role("button", name="Date", exact=True).click()
        heads = page.locator("#relations tbody[data-e]").all_text_contents()
        assert "leads to" in heads[-1]


def test_the_period_never_ends_before_it_begins(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"))
    for name, value in (("until", "3"), ("since", "20")):
        page.locator(f"#{name}").evaluate(f"(one) => {{ one.value = {value}; one.dispatchEvent(new Event('input')); }}")
    first, last = page.locator("#time output").inner_text().split(" to ")
    assert first <= last


def test_the_presses_on_a_slider_are_one_step_back(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"))
    page.locator("#since").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert "since=" in state(page)
    page.get_by_role("button", name="Undo").click()
    settled(page, "location.hash === ''")


def test_the_browser_goes_back_and_forward_through_the_states(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("small"), "#at=n-trust")
    page.get_by_role("button", name="within 1 step").click()
    page.go_back()
    assert shown(page, "nodes") == 4
    page.go_forward()
    assert shown(page, "nodes") == 2


def test_a_story_can_be_undone_cited_and_ended(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("story"))
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Next").click()
    assert "3 of 3" in page.locator("#guide").inner_text()
    page.go_back()
    assert "2 of 3: The scheme." in page.locator("#guide").inner_text()
    assert shown(page, "nodes") == 3
    assert "story=story/2" in state(page)
    page.go_back()
    assert "1 of 3" in page.locator("#guide").inner_text()
    page.get_by_role("button", name="End").click()
    assert not page.locator("#guide").is_visible()
    assert shown(page, "nodes") == 4
    assert (
        "2 of 3" in open_at(visit, page_of("story"), "#at=n-alpha&hops=1&story=story/2").locator("#guide").inner_text()
    )


def test_the_node_with_the_focus_is_named(visit: Visit, page_of: Callable[[str], Path]) -> None:
    page = open_at(visit, page_of("large"))
    page.wait_for_timeout(150)
    for key in page.locator(".n.mute").evaluate_all("(all) => all.slice(0, 5).map((one) => one.id)"):
        page.evaluate("(key) => document.getElementById(key).focus()", key)
        assert page.locator(f"#{key} text").is_visible()


def test_the_pointer_names_a_node_and_a_line_and_fades_what_is_not_joined_with_them(
    visit: Visit, page_of: Callable[[str], Path]
) -> None:
    page = open_at(visit, page_of("small"))
    faded = ".n, .e"
    clear = "(all) => all.filter((one) => getComputedStyle(one).opacity === '1').map((one) => one.id)"
    page.locator("#n-trust use").hover()
    settled(page, "document.querySelectorAll('.hovered .named').length === 1")
    assert len(page.locator(faded).evaluate_all(clear)) == 3, "the node, its line and the other end"
    key, x, y = page.evaluate(MIDDLES)[0]
    page.mouse.move(x, y)
    settled(page, "document.querySelectorAll('.hovered .named').length === 3")
    assert page.locator(f"#{key} text").is_visible()
    page.mouse.move(2, 2)
    settled(page, "!document.querySelector('.hovered')")


def test_a_tap_on_a_phone_shows_the_evidence_at_once(browser: Browser, page_of: Callable[[str], Path]) -> None:
    visit = Visit(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = open_at(visit, page_of("small"))
    assert not page.locator("#tools small").is_visible(), "no wheel on a phone"
    heights = "(all) => all.map((one) => one.getBoundingClientRect().height).filter(Boolean)"
    assert max(page.locator("#legend output").evaluate_all(heights)) < 24, "counts are in one line"
    page.locator("#n-met use").tap()
    page.wait_for_timeout(300)
    frame = page.locator("#panel").bounding_box()
    assert frame
    assert min(frame["y"] + frame["height"], 844) - max(frame["y"], 0) >= 0.4 * 844
    visit.context.close()

"""How well the views of our data can be read in a real browser: none of these numbers may become worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsers import NEEDS_CHROMIUM

from benchmarks.bench_views import STORY, VIEWS, WINDOWS, hits, metrics, opened
from graphkit.corpus.stories import find_story
from graphkit.model.workspace import find_workspace
from graphkit.view import view
from graphkit.view.diagrams import Asked, make
from graphkit.view.diagrams.told import told

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from graphkit.graph import Graph

pytestmark = NEEDS_CHROMIUM
# Kinds that are drawn as nodes and lines, and those that are read like a table; the long ones are left out.
NETWORKS, TABLES = ("entities", "ego"), ("flows", "compare", "relays", "discourse", "coalitions")
DESKTOP, _ = WINDOWS


@pytest.fixture(scope="module")
def files(ours_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("quality")
    for name in (*NETWORKS, *TABLES):
        kind, about = VIEWS[name]
        ours_graph.write_view(folder / f"{name}.html", kind, Asked(about=about))
    return {name: folder / f"{name}.html" for name in (*NETWORKS, *TABLES)}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_network_names_its_busiest_nodes_in_letters_and_marks_that_can_be_read(
    browser: Browser, files: dict[str, Path], name: str, window: tuple[int, int]
) -> None:
    page = opened(browser, files[name], window)
    found = metrics(page)
    assert (found["bad"], found["missing"]) == ([], [])
    assert found["named"] >= 0.95
    assert found["name"] >= 13
    assert found["label"] >= 11
    assert found["mark"] >= 12
    assert found["crossings"] <= 4
    assert found["hidden"] == 0
    assert found["unnumbered"] <= 4
    assert found["used"] >= 0.75
    assert found["fullest"] <= 0.4
    assert found["windows"] <= (1.8 if window == DESKTOP else 4)
    assert hits(page, 12) >= 0.95
    page.context.close()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_picture_that_is_read_like_a_table_has_all_names_and_no_page_wider_than_the_screen(
    browser: Browser, files: dict[str, Path], name: str, window: tuple[int, int]
) -> None:
    page = opened(browser, files[name], window)
    found = metrics(page)
    assert (found["bad"], found["missing"], found["named"], found["wide"]) == ([], [], 1, 0)
    assert found["label"] >= (12 if window == DESKTOP else 11.4)
    assert found["name"] >= 13
    assert found["windows"] <= (2 if window == DESKTOP else 2.8)
    page.context.close()


def test_a_text_on_a_band_has_a_plain_background(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["flows"], DESKTOP)
    looks = page.evaluate(
        "[...document.querySelectorAll('.hatch text')].map((one) => getComputedStyle(one))"
        ".map(({ strokeWidth, stroke }) => [strokeWidth, stroke])"
    )
    assert {tuple(look) for look in looks} == {("9px", "rgb(255, 255, 255)")}
    page.context.close()


def test_on_a_phone_the_headline_and_one_row_of_tools_leave_room(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["entities"], WINDOWS[1])
    assert page.evaluate("document.getElementById('view').getBoundingClientRect().top") < 280
    assert page.evaluate("document.getElementById('tools').clientHeight") < 60
    page.context.close()


def test_the_heads_of_columns_stay_in_sight_and_a_click_leaves_no_box(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["relays"], DESKTOP)
    top = "document.querySelector('.heads text').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.evaluate("document.getElementById('view').scrollTo(0, 900)")
    page.wait_for_timeout(100)
    assert abs(page.evaluate(top) - before) <= 1
    page.context.close()
    page = opened(browser, files["flows"], DESKTOP)
    page.mouse.click(700, 260)
    assert page.evaluate("document.activeElement.closest('#view') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none"
    page.context.close()


def test_actors_that_disagree_have_a_dashed_red_cell(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["coalitions"], DESKTOP)
    looks = page.evaluate(
        "[...document.querySelectorAll('.cell:not(.hatch)')].map((one) => [one.querySelector('text').textContent,"
        " getComputedStyle(one.firstChild).stroke, getComputedStyle(one.firstChild).strokeDasharray])"
    )
    assert {tuple(look) for look in looks} == {
        ("−", "rgb(213, 94, 0)", "5px, 3px"),
        ("+", "rgb(111, 119, 130)", "none"),
    }
    page.context.close()


def test_the_labels_of_lines_in_a_story_lie_on_no_other_line_or_mark(
    browser: Browser, ours_graph: Graph, tmp_path: Path
) -> None:
    view(
        told(make("entities", ours_graph.store, Asked()), find_story(find_workspace(), STORY)), tmp_path / "story.html"
    )
    page = opened(browser, tmp_path / "story.html", WINDOWS[1])
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(500)
    wrong = page.evaluate("""() => {
      const labels = [...document.querySelectorAll(".e.on text")].filter((one) => one.getClientRects().length);
      const inside = ({ x, y }, box) => x > box.left && x < box.right && y > box.top + 3 && y < box.bottom - 3;
      const marks = [...document.querySelectorAll(".n:not(.off) use")].map((one) => one.getBoundingClientRect());
      return labels.flatMap((label) => {
        const box = label.getBoundingClientRect();
        const others = [...document.querySelectorAll(".e.on > path, .b.on:not(.off) > path")].filter((path) =>
          path.parentNode !== label.parentNode && path.getClientRects().length);
        const onLine = others.some((path) => [.2, .35, .5, .65, .8].some((share) =>
          inside(path.getPointAtLength(path.getTotalLength() * share).matrixTransform(path.getScreenCTM()), box)));
        const onMark = marks.some((mark) => inside({ x: (mark.left + mark.right) / 2, y: (mark.top + mark.bottom) / 2 },
          box));
        return onLine || onMark ? [label.textContent] : [];
      }).concat(labels.length ? [] : ["no label is shown"]);
    }""")
    assert wrong == []
    texts = page.locator(".e.on text").filter(visible=True).all_text_contents()
    assert "conceded: met ×2" in texts
    page.context.close()

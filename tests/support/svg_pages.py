"""What tests do with the page of the svg engine, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from places import REPOSITORY

if TYPE_CHECKING:
    from browsers import Visit
    from playwright.sync_api import Page

AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"
NEEDS_AXE = pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: make web")
# Edges that a pointer can mean, and where.
LINES = """(all) => all.flatMap((g) => {
  const path = g.firstElementChild, far = path.getTotalLength(), screen = path.getScreenCTM();
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const { x, y } = path.getPointAtLength(far * share).matrixTransform(screen);
    if (document.elementFromPoint(x, y)?.closest(".e") === g) return [[g.id, x, y]];
  }
  return [];
})"""


def shown(page: Page, what: str) -> int:
    return page.locator(f"#{what} > g:not(.off)").count()


def box(page: Page, name: str) -> Any:  # noqa: ANN401 - a locator of playwright's
    return page.locator(f'#legend input[value="{name}"]')


def state(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash.slice(1)).replaceAll('+', ' ')"))


def open_at(visit: Visit, path: Path, place: str = "") -> Page:
    visit.url = path.as_uri()
    visit.page.goto(f"{visit.url}{place}")
    visit.page.locator("html[data-drawn]").wait_for()
    return visit.page


def saved(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.locator("#tools").get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def complaints_of_axe(page: Page, *rules: str) -> list[Any]:
    """Return what axe finds, each with the beginning of what it is about; its script runs only without the policy.

    Rows that are out of sight have no size of their own until all of them are drawn.

    Args:
        page: What is looked at.
        rules: Only these; by default all that are on by default, and that for the size of targets.
    """
    page.add_style_tag(content="#tables tbody, #tables tbody tr { content-visibility: visible !important }")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    asked: dict[str, Any] = {"runOnly": list(rules)} if rules else {"rules": {"target-size": {"enabled": True}}}
    # Axe describes each element, also one that it does not complain about, unless it is asked for violations only.
    asked |= {"resultTypes": ["violations"], "selectors": False}
    found = page.evaluate("(asked) => axe.run(asked).then((found) => found.violations)", asked)
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]

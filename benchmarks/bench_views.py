"""Views and pages of a workspace, measured in a browser: `python -m benchmarks.bench_views [NAME] [--form csv]`.

Each kind of view and each page of the site is opened in X a build and chromium.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import graphkit
from benchmarks.bench_view import FLAGS, PROGRAMS
from graphkit.corpus.stories import find_story, read_stories
from graphkit.model.workspace import Workspace, find_workspace
from graphkit.view import view
from graphkit.view.diagrams import Asked, make
from graphkit.view.diagrams.told import told
from graphkit.web.published import Published
from graphkit.web.site import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WINDOWS = ((1400, 900), (390, 844))
# Name of a measured view to its kind and subject.
VIEWS: Mapping[str, tuple[str, str]] = {
    "entities": ("entities", ""),
    "ego": ("ego", "met"),
    "dispute": ("dispute", ""),
    "dispute-one": ("dispute", "gangs-matrix"),
    "timeline": ("timeline", "project-alpha"),
    "flows": ("flows", ""),
    "compare": ("compare", "met,home-office"),
    "relays": ("relays", ""),
    "discourse": ("discourse", ""),
    "coalitions": ("coalitions", ""),
}
STORY = "consultation"
# The pictures of README.md and docs/views.md.
IMAGES = {"entities": "network", "dispute": "disagreement", "site/index": "home"}
PAGES = ("index", "id/met", "disputes", "entities", "questions", "sources", "about", "query")
_BUSIEST = 20

# What can be read in a picture: `bad` are names on names or on marks, and names that are cut; `missing` the busiest
# nodes without a name; `crossings` are counted on lines of eight parts; `hidden` are numbers on names or marks,
# `unnumbered` those without a place; `fullest` is the share of nodes in the fullest fifth of the columns or rows.
METRICS = """(busiest) => {
  const area = (one) => one.getBoundingClientRect(), picture = document.getElementById("picture");
  const windows = document.documentElement.scrollHeight / innerHeight;
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (!picture) return { windows, wide };
  const frame = area(picture);
  const meet = (a, b) =>
    a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;
  const nodes = [...picture.querySelectorAll(".n:not(.off)")];
  const marks = nodes.map((node) => [node, area(node.querySelector(node.matches(".bare") ? "text" : "use, rect"))]);
  const labels = nodes.map((node) => [node, area(node.querySelector("text"))]).filter(([, { width }]) => width);
  const bad = labels.flatMap(([node, a], i) => {
    const isCut = a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1
      || a.bottom > frame.bottom + 1;
    const isOnLabel = labels.slice(0, i).some(([, b]) => meet(a, b));
    const isOnMark = marks.some(([other, b]) => other !== node && meet(a, b));
    return isCut || isOnLabel || isOnMark ? [`${node.id} ${isCut} ${isOnLabel} ${isOnMark}`] : [];
  });
  const shown = (one) =>
    !one.matches(".off, .joined") && one.getClientRects().length && getComputedStyle(one).opacity !== "0";
  const lines = [...picture.querySelectorAll(".e, .b")].filter(shown);
  const size = (text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
  const texts = [...picture.querySelectorAll(".n text, .e text, .bar text")].filter((one) => area(one).width);
  const ends = (low, high) => Math.max(...marks.map(([, a]) => a[high])) - Math.min(...marks.map(([, a]) => a[low]));
  const numbers = texts.filter((one) => one.closest(".bar")).map(area);
  const hidden = numbers.filter((a) => [...marks, ...labels].some(([, b]) => meet(a, b))).length;
  const unnumbered = picture.querySelectorAll(".b:not(.off) .mute").length;
  const bins = ["x", "y"].map((axis) => {
    const places = marks.map(([, a]) => a[axis]), low = Math.min(...places), high = Math.max(...places) + 1e-6;
    const counts = Array(20).fill(0);
    for (const place of places) counts[Math.floor((place - low) / (high - low) * 20)]++;
    return counts.sort((a, b) => b - a).slice(0, 4).reduce((a, b) => a + b) / places.length;
  });
  const parts = lines.flatMap((line, number) => {
    const path = line.firstElementChild, length = path.getTotalLength();
    const points = Array.from({ length: 9 }, (_, i) => path.getPointAtLength(length * i / 8));
    return points.slice(1).map((end, i) => [number, points[i], end]);
  });
  const side = (p, q, r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  const cross = ([i, a, b], [j, c, d]) =>
    i !== j && side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  let crossings = 0;
  parts.forEach((one, i) => { for (const other of parts.slice(i + 1)) if (cross(one, other)) crossings++; });
  const named = new Set(labels.map(([node]) => node));
  const ranked = nodes.filter((node) => busiest.includes(node.id));
  const rounded = (number) => Math.round(number * 100) / 100;
  return {
    bad, nodes: nodes.length, lines: lines.length, named: rounded(labels.length / nodes.length),
    missing: ranked.filter((node) => !named.has(node)).map(({ id }) => id),
    name: rounded(Math.min(...labels.map(([node]) => size(node.querySelector("text"))))),
    label: rounded(Math.min(...texts.map(size))),
    mark: rounded(Math.min(...marks.map(([, a]) => Math.max(a.width, a.height)))),
    used: rounded(Math.min(ends("left", "right") / frame.width, 1) * Math.min(ends("top", "bottom") / frame.height, 1)),
    fullest: rounded(Math.max(...bins)), crossings, hidden, unnumbered, windows: rounded(windows), wide,
  };
}"""
# The nodes that are shown, those with most relations to other shown nodes first.
_RANKED = """() => {
  const number = new Map([...document.querySelectorAll("#picture .n:not(.off)")].map(({ id }) => [id, 0]));
  for (const row of document.querySelectorAll("#relations tbody tr:first-child")) {
    const ends = [...row.querySelectorAll("a[href^='#n-']")].map((link) => link.getAttribute("href").slice(1));
    if (ends.every((id) => number.has(id))) for (const id of ends) number.set(id, number.get(id) + 1);
  }
  return [...number].sort(([, a], [, b]) => b - a).map(([id]) => id);
}"""
_SCROLLED = "[document.getElementById('view').scrollLeft, document.getElementById('view').scrollTop]"
_MIDDLES = """(only) => [...document.querySelectorAll("#picture :is(.e, .b):not(.off, .joined)")]
  .filter((one) => (!only || one.id === only) && one.getClientRects().length && getComputedStyle(one).opacity !== "0")
  .map((one) => {
    const path = one.firstElementChild, middle = path.getPointAtLength(path.getTotalLength() / 2);
    const { x, y } = middle.matrixTransform(path.getScreenCTM());
    const { left, right, top, bottom } = document.getElementById("view").getBoundingClientRect();
    return x > left && x < right && y > top && y < Math.min(bottom, innerHeight) ? [one.id, x, y] : null;
  }).filter(Boolean)"""
# Whether the chosen line is a given one, or one of those that it joins, as its sign of a dispute opens.
_CHOSE = """(name) => {
  const at = new URLSearchParams(location.hash.slice(1)).get("at")?.split(" ").at(-1) ?? "";
  const links = document.querySelectorAll(`#relations [data-e="${at}"] tr:first-child a[href^="#n-"]`);
  const ends = [...links].map((link) => link.getAttribute("href").slice(1));
  return at === name || name === ends.slice(0, 2).join("~") || name === ends.slice(0, 2).reverse().join("~");
}"""


def metrics(page: Page) -> dict[str, Any]:
    """Return what `METRICS` measures of an open page, with its twenty busiest nodes."""
    page.wait_for_timeout(200)
    found: dict[str, Any] = page.evaluate(METRICS, page.evaluate(_RANKED)[:_BUSIEST])
    return found


def hits(page: Page, most: int = 100) -> float:
    """Return the share of clicks on the middle of a line that choose it, among so many lines at most."""
    names = [name for name, *_ in page.evaluate(_MIDDLES)]
    some = Random(3).sample(names, min(most, len(names)))
    right, start, scrolled = 0, page.url, page.evaluate(_SCROLLED)
    for name in some:
        page.evaluate("(at) => { scrollTo(0, 0); document.getElementById('view').scrollTo(...at) }", scrolled)
        for _, x, y in page.evaluate(_MIDDLES, name):
            page.mouse.click(x, y)
            page.wait_for_timeout(20)
            right += page.evaluate(_CHOSE, name)
        if page.url != start:
            page.go_back()
        page.mouse.move(0, 0)
        page.wait_for_timeout(40)
    return round(right / len(some), 2) if some else 1.0


def opened(browser: Browser, path: Path, window: tuple[int, int], scheme: Literal["light", "dark"] = "light") -> Page:
    """Return a page that is open in a window; one narrower than 500 pixels is that of a phone."""
    width, height = window
    phone = width < 500
    size: ViewportSize = {"width": width, "height": height}
    context = browser.new_context(
        viewport=size, is_mobile=phone, has_touch=phone, reduced_motion="reduce", color_scheme=scheme
    )
    page = context.new_page()
    page.goto(path.as_uri())
    if page.locator("#picture").count():
        page.locator("html[data-drawn]").wait_for()
    return page


def written(folder: Path, workspace: Workspace) -> Iterator[Path]:
    """Write each view and the site of a workspace, and yield the files that are measured."""
    graph = graphkit.open(workspace)
    for name, (kind, about) in VIEWS.items():
        graph.write_view(folder / f"{name}.html", kind, Asked(about=about))
        yield folder / f"{name}.html"
    network = told(make("entities", graph.store, Asked()), find_story(workspace, STORY))
    view(network, folder / "story.html")
    yield folder / "story.html"
    stories = read_stories(workspace)
    write_site(workspace, graph.store, folder / "site", Published("", stories), lambda _: None)
    yield from (folder / "site" / f"{name}.html" for name in PAGES)


def rows(browser: Browser, path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield what is measured of a file in each window."""
    for window in WINDOWS:
        page = opened(browser, path, window)
        found = metrics(page)
        if "nodes" in found:
            found["hits"] = hits(page)
        page.context.close()
        yield {"view": name, "width": window[0], "kB": round(path.stat().st_size / 1000), **found}


def _shown(value: object) -> str:
    return str(len(value) if isinstance(value, list) else "" if value is None else value)


def table(found: list[dict[str, Any]], form: str) -> str:
    """Return rows as a table to read, CSV or JSON; only JSON has the names in lists, the others their number."""
    if form == "json":
        return json.dumps(found, indent=1)
    heads = list(dict.fromkeys(name for row in found for name in row))
    lines = [heads, *([_shown(row.get(name)) for name in heads] for row in found)]
    if form == "csv":
        return "\n".join(",".join(line) for line in lines)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(" ".join(f"{cell:>{wide}}" for cell, wide in zip(line, widths, strict=True)) for line in lines)


def main() -> None:
    """Measure the views and pages of the present workspace."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help="names of views and pages; by default all")
    parser.add_argument("--form", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of each, light and dark")
    parser.add_argument("--images", type=Path, help="a folder for the pictures of the documentation: docs/images")
    parser.add_argument("--keep", type=Path, help="a folder for the files that are measured")
    given, _ = parser.parse_known_args()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        browser = playwright.chromium.launch(executable_path=next(filter(Path.exists, PROGRAMS)), args=FLAGS)
        for path in written(folder, find_workspace()):
            what = path.relative_to(folder).with_suffix("").as_posix()
            if given.names and what not in given.names:
                continue
            if given.images:
                image(browser, path, given.images, IMAGES.get(what, ""))
                continue
            found += rows(browser, path, what)
            if given.pictures:
                pictures(browser, path, given.pictures / what.replace("/", "-"))
        browser.close()
    if found:
        print(table(found, given.form))


def image(browser: Browser, path: Path, folder: Path, name: str) -> None:
    """Write a picture of the documentation with 256 colours."""
    from PIL import Image

    if name:
        page = opened(browser, path, WINDOWS[0])
        page.wait_for_timeout(200)
        page.screenshot(path=folder / f"{name}.png")
        page.context.close()
        with Image.open(folder / f"{name}.png") as shot:
            shot.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(folder / f"{name}.png", optimize=True)


def pictures(browser: Browser, path: Path, name: Path) -> None:
    """Write what each window shows at first, light and dark."""
    for window in WINDOWS:
        for scheme in SCHEMES:
            page = opened(browser, path, window, scheme)
            page.wait_for_timeout(200)
            page.screenshot(path=f"{name}-{window[0]}-{scheme}.png")
            page.context.close()


if __name__ == "__main__":
    main()

"""Views: time to the first picture, interaction, size, layout and overview, beside pyvis and networkx in one run.

python -m benchmarks.bench_view [--pyvis] [--layout 1000 10000] [--overview 20000] [--canvas 20000 50000]: needs
chromium; pyvis takes minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import networkx as nx

from graphkit.analysis.statements import StatementView
from graphkit.view import view
from graphkit.view.drawing import draw
from graphkit.view.page.page import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

BASE = "https://example.org/"
PROGRAMS = Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
FRAMES = """() => new Promise((done) => {
  const gaps = []; let last = performance.now(); window.__stop = () => done(gaps);
  const tick = (now) => { gaps.push(now - last); last = now; if (gaps.length < 2000) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
})"""


_PLACE = "#:~:text=first%20words,last%20ones"
_COLUMNS = (
    "edges",
    "python s",
    "file KB",
    "picture s",
    "works s",
    "zoom p95 ms",
    "pan p95 ms",
    "filter ms",
    "pyvis s",
    "ratio",
)


def network(edges: int, seed: int = 1) -> nx.MultiDiGraph[str]:
    """Make a network with half as many nodes as edges, hubs, communities and a statement for each edge."""
    chance = Random(seed)
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        title="Made up", dataset=BASE, version="1", licence="CC-BY-4.0", policy="attributed", evidence={},
        total=edges, drawn=edges, disputes=(), undrawn={},
    )  # fmt: skip
    nodes, groups = edges // 2, max(edges // 120, 1)
    for i in range(nodes):
        kind = ("Organisation", "PublicBody", "Topic", "Person")[i % 4]
        made.add_node(f"{BASE}n{i}", label=f"Institution number {i}", kind=kind, slug=f"n{i}", aliases=())
    for i in range(edges):
        one = int(nodes * chance.random() ** 2)
        near = (int(nodes / groups * chance.random() ** 2) * groups + one % groups) % nodes
        other = near if chance.random() < 0.85 else int(nodes * chance.random())
        iri = f"{BASE}s/{i}"
        made.graph["evidence"][iri] = StatementView(
            iri, f"gazette-{i % 40}/statement-{i}", f"Institution number {other}", "asserts",
            "The body says in some sixty characters what it has to say on it.", f"gazette-{i % 40}",
            f"An article of the gazette, number {i % 40}", f"https://gazette.example/articles/{i % 40}{_PLACE}",
            f"{2012 + i % 12}-0{1 + i % 9}", "", "first words … last ones", "on-record",
        )  # fmt: skip
        status = ("reported", "claimed", "denied", "disputed", "planned")[i % 5]
        made.add_edge(
            f"{BASE}n{one}", f"{BASE}n{other}", key=f"{BASE}p/{i}", relation="consulted", label="consulted",
            polarity=("neutral", "critical", "supportive")[i % 3], status=status, plain=status == "reported",
            policies=(), scope="", statements=(iri,), speakers=("x",), stances=("asserts",), disputes=(),
        )  # fmt: skip
    return made


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that work took, and what it gave."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


# Notes the first frame that shows as many nodes as there are.
WATCH = """const look = () => {
  const nodes = document.getElementById("nodes");
  if (!window.__first && nodes && nodes.nextSibling) requestAnimationFrame((now) => { window.__first ||= now; });
  if (!window.__first) requestAnimationFrame(look);
};
requestAnimationFrame(look);"""


def first_picture(browser: Browser, path: Path, ready: str, limit: float = 240) -> tuple[float, Page]:
    """Return the seconds from navigation to the first frame in which a condition holds."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.add_init_script(WATCH)
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit", timeout=limit * 1000)
    while not page.evaluate(ready):
        if time.perf_counter() - start > limit:
            return float("inf"), page
        page.wait_for_timeout(5)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - start, page


def gaps(page: Page, act: Callable[[Page], None]) -> float:
    """Return the 95th percentile of the gaps between frames, in ms, while something is done."""
    page.evaluate(f"() => {{ window.__gaps = ({FRAMES})() }}")
    act(page)
    found = page.evaluate("() => { window.__stop(); return window.__gaps }")
    return float(statistics.quantiles(found, n=20)[-1])


def zoom(page: Page) -> None:
    """Turn the wheel over the picture."""
    page.mouse.move(600, 500)
    page.keyboard.down("Control")
    for i in range(40):
        page.mouse.wheel(0, -60 if i < 20 else 60)
        page.wait_for_timeout(16)
    page.keyboard.up("Control")


def pan(page: Page) -> None:
    """Drag the paper."""
    page.mouse.move(40 + 600, 520)
    page.mouse.down()
    for i in range(40):
        page.mouse.move(640 + 6 * (i % 20), 520 + 4 * (i % 20))
        page.wait_for_timeout(16)
    page.mouse.up()


FILTER = """() => { const box = document.querySelector("#legend input[value='claimed']"), start = performance.now();
  box.click(); document.body.getBoundingClientRect(); return performance.now() - start }"""


def pages(folder: Path, browser: Browser, *, peer: bool) -> Iterator[str]:
    """Yield a line for each size: Python, file, first picture, frames, filter; beside pyvis as it comes."""
    yield " ".join(f"{name:>11}" for name in _COLUMNS)
    for edges in (500, 2000, 3000, 5000):
        path = folder / f"{edges}.html"
        seconds, _ = timed(partial(view, network(edges), path))
        runs: list[tuple[float, float]] = []
        for number in range(3):
            works, page = first_picture(browser, path, "!!document.documentElement.dataset.drawn")
            runs.append((page.evaluate("window.__first / 1000"), works))
            if number < 2:
                page.context.close()
        first, works = (statistics.median(run[i] for run in runs) for i in (0, 1))
        numbers = gaps(page, zoom), gaps(page, pan), page.evaluate(FILTER)
        page.context.close()
        other = as_it_comes(folder, browser, edges) if peer and edges <= 2000 else None
        beside = [f"{other:.1f}", f"{other / first:.0f}"] if other else ["-", "-"]
        cells = [
            f"{seconds:.2f}",
            f"{path.stat().st_size / 1000:.0f}",
            f"{first:.2f}",
            f"{works:.2f}",
            *(f"{one:.0f}" for one in numbers),
        ]
        yield " ".join(f"{cell:>11}" for cell in [str(edges), *cells, *beside])


def as_it_comes(folder: Path, browser: Browser, edges: int) -> float:
    """Return how long pyvis's own page takes to its first picture, with its physics, all parts in the file."""
    from pyvis.network import Network

    picture = Network(directed=True, cdn_resources="in_line")
    made = network(edges)
    for name, data in made.nodes(data=True):
        picture.add_node(name, label=data["label"])
    for source, target, data in made.edges(data=True):
        picture.add_edge(source, target, label=data["label"])
    path = folder / "pyvis.html"
    path.write_text(picture.generate_html(), encoding="utf-8")
    # vis-network shows nothing before it has done its first thousand rounds; then it says so.
    ready = "!!(window.network && document.querySelector('#loadingBar')?.style.opacity === '0')"
    seconds, page = first_picture(browser, path, ready)
    page.context.close()
    return seconds


def layouts(sizes: list[int]) -> Iterator[str]:
    """Yield a line for each number of nodes, with networkx's spring layout beside at 1,000."""
    yield f"{'nodes':>8} {'layout s':>9} {'spring s':>9} {'ratio':>7}"
    for nodes in sizes:
        made = network(2 * nodes)
        seconds, _ = timed(partial(draw, made))
        spring = timed(partial(nx.spring_layout, nx.Graph(made), seed=1))[0] if nodes == 1000 else None
        beside = f"{spring:9.1f} {spring / seconds:7.1f}" if spring else f"{'-':>9} {'-':>7}"
        yield f"{nodes:>8} {seconds:>9.1f} {beside}"


def overviews(folder: Path, browser: Browser, sizes: list[int]) -> Iterator[str]:
    """Yield a line for each number of statements: Python, file, time until the overview is there."""
    yield f"{'statements':>10} {'python s':>9} {'file KB':>8} {'opens s':>8}"
    for edges in sizes:
        made = network(edges)
        seconds, text = timed(partial(render, made))
        path = folder / "overview.html"
        path.write_text(text, encoding="utf-8")
        opens, page = first_picture(browser, path, "!!document.documentElement.dataset.drawn")
        page.context.close()
        yield f"{edges:>10} {seconds:>9.1f} {path.stat().st_size / 1000:>8.0f} {opens:>8.2f}"


def canvases(folder: Path, browser: Browser, sizes: list[int]) -> Iterator[str]:
    """Yield a line for each number of lines on a canvas: Python, file, first picture, frames."""
    yield f"{'canvas':>10} {'python s':>9} {'file KB':>8} {'picture s':>10} {'zoom p95 ms':>12} {'pan p95 ms':>11}"
    for edges in sizes:
        path = folder / "canvas.html"
        seconds, _ = timed(partial(view, network(edges), path, engine="canvas"))
        _, page = first_picture(browser, path, "!!document.documentElement.dataset.drawn")
        picture = int(page.evaluate("document.documentElement.dataset.drawn")) / 1000
        frames = gaps(page, zoom), gaps(page, pan)
        page.context.close()
        size = path.stat().st_size / 1000
        yield f"{edges:>10} {seconds:>9.1f} {size:>8.0f} {picture:>10.1f} {frames[0]:>12.0f} {frames[1]:>11.0f}"


def main() -> None:
    """Run what was asked for."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--pyvis", action="store_true")
    parser.add_argument("--layout", type=int, nargs="*", default=[250, 1000])
    parser.add_argument("--overview", type=int, nargs="*", default=[20_000])
    parser.add_argument("--canvas", type=int, nargs="*", default=[])
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(filter(Path.exists, PROGRAMS)), args=FLAGS)
        for lines in (
            pages(Path(name), browser, peer=given.pyvis),
            layouts(given.layout),
            overviews(Path(name), browser, given.overview),
            canvases(Path(name), browser, given.canvas),
        ):
            for line in lines:
                print(line, flush=True)
            print()
        browser.close()


if __name__ == "__main__":
    main()

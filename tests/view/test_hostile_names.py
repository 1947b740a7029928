"""Stories, titles and names that mean harm: shown as text, and no name of a file is made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import NEEDS_CHROMIUM, Visit, settled
from commands import runner
from svg_pages import open_at
from test_view_browser import PAYLOADS, evidence_network

from graphkit.build.pipeline import build
from graphkit.corpus.stories import find_story
from graphkit.graph import open_graph
from graphkit.model.iris import BASE
from graphkit.model.text import visible
from graphkit.view.page.page import write_page
from graphkit.web.pages.links import path_of
from graphkit.web.site import write_site

if TYPE_CHECKING:
    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace

# What would lead out of a folder, or is no name of a file somewhere.
NAMES = [
    "../../out", "..", "/etc/passwd", "..\\..\\out", "C:\\out", "a/../../out", "%2e%2e%2fout", "nul", "a:b", "~/out",
    "a\tb", "-o", "file:///out", "x" * 400, "\u202egnp.exe", "<b>\"'`|?*",
]  # fmt: skip
HOSTILE = [*PAYLOADS, *NAMES]
# YAML has no way to write half a character.
WRITTEN = [text.replace("\ud800", "") for text in HOSTILE]


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def write_story(place: Workspace, texts: list[str]) -> None:
    steps = [{"text": text, "focus": [text], "filter": {"relation": [text], "stance": [text]}} for text in texts]
    (place.data / "stories").mkdir(exist_ok=True)
    story = json.dumps({"title": " ".join(texts), "steps": steps}).replace("\x7f", "\\u007f")
    (place.data / "stories/x.yaml").write_text(story, encoding="utf-8")


@NEEDS_CHROMIUM[0]
@NEEDS_CHROMIUM[1]
def test_no_text_of_a_story_is_executed(visit: Visit, small: Workspace, small_graph: Graph, tmp_path: Path) -> None:
    network = small_graph.network()
    for start in range(0, len(PAYLOADS), 14):
        texts = WRITTEN[: len(PAYLOADS)][start : start + 14]
        write_story(small, texts)
        network.graph["story"] = find_story(small, "x")
        write_page(network, tmp_path / "page.html")
        visit.requests.clear()
        page = open_at(visit, tmp_path / "page.html")
        for number, text in enumerate(texts):
            if number:
                page.get_by_role("button", name="Next").click()
            assert visible(text) in page.locator("#guide").inner_text().replace("\xa0", " ")
        page.get_by_role("button", name="End").click()
        assert page.evaluate("[window.__violations, window.__pwned ?? null]") == [[], None]
        assert (visit.messages, visit.dialogs) == ([], [])
        assert {url.partition("#")[0] for url in visit.requests} == {visit.url}


@NEEDS_CHROMIUM[0]
@NEEDS_CHROMIUM[1]
def test_saved_files_have_plain_names_whatever_the_title(visit: Visit, tmp_path: Path) -> None:
    write_page(evidence_network(), tmp_path / "page.html")
    page = open_at(visit, tmp_path / "page.html")
    # A browser soon asks before it saves one file after another: the name is what the page gives it.
    page.evaluate(
        "() => { window.names = []; HTMLAnchorElement.prototype.click = function () { names.push(this.download); }; }"
    )
    for text in HOSTILE:
        page.evaluate("(title) => { document.title = title; }", text.replace("\ud800", "\ufffd"))
        page.locator("#tools").get_by_role("button", name="SVG", exact=True).click()
    for name in ("CSV", "PNG"):  # with the last title
        page.locator("#tools").get_by_role("button", name=name, exact=True).click()
    settled(page, f"names.length === {2 + len(HOSTILE)}")
    names = page.evaluate("names")
    assert {name.rpartition(".")[2] for name in names} == {"svg", "csv", "png"}
    assert [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}\.(svg|csv|png)", name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_story_or_an_entity_leads_to_another_file(
    small_graph: Graph, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, root = runner(monkeypatch, capsys), str(small_graph.workspace.root)
    before = listing(Path(root))
    for asked in (("--story", name), ("--about", name), ("--kind", "dispute", "--about", name), ("--query", name)):
        said = run("view", f"{asked[0]}={asked[1]}", *asked[2:], "-o", str(tmp_path / "a.html"), "-w", root)
        assert said.code != 0
        assert "Traceback" not in said.err
    assert listing(tmp_path) == set()
    assert listing(Path(root)) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_no_iri_has_a_page_outside_the_site(tmp_path: Path, name: str) -> None:
    for iri in (BASE + name, f"{BASE}id/{name}", f"{BASE}{name}/x", name):
        path = path_of(iri)
        assert not path or (tmp_path / path).resolve().is_relative_to(tmp_path.resolve())
        assert re.fullmatch(r"[A-Za-z0-9/._~-]*", path)
        assert ".." not in path.split("/")


def test_an_entity_cannot_have_the_name_of_a_path(small: Workspace) -> None:
    entities = small.data / "entities/all.yaml"
    usual = entities.read_text(encoding="utf-8")
    for name in NAMES:
        entry = f"  {json.dumps(name)}: {{kind: topic, label: x}}\n"
        entities.write_text(usual + entry, encoding="utf-8")
        built = build(small)
        accepted = re.fullmatch(r"[a-z][a-z0-9-]*", name) and len(name) < 100
        assert built.ok is bool(accepted), name


def test_the_files_of_a_site_do_not_depend_on_labels(small: Workspace, small_graph: Graph, tmp_path: Path) -> None:
    entities = small.data / "entities/all.yaml"
    # What looks like markup, hides or is too long is refused by the build.
    texts = iter([name for name in NAMES if name.isprintable() and "<" not in name and len(name) < 100])
    hostile = re.sub(
        r"label: ([^,}]+)", lambda one: f"label: {json.dumps(next(texts, one[1]))}", entities.read_text("utf-8")
    )
    entities.write_text(hostile, encoding="utf-8")
    built = build(small)
    assert built.ok, built.problems
    write_site(small, open_graph(small.root).store, tmp_path / "hostile")
    write_site(small_graph.workspace, small_graph.store, tmp_path / "usual")
    assert listing(tmp_path / "hostile") == listing(tmp_path / "usual")
    assert {path.name for path in tmp_path.iterdir()} == {"hostile", "usual", "small"}

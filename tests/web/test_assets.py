"""The query page before any browser reads it: what it carries, where it may reach, and how its parts are built."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from markup import Markup
from places import REPOSITORY

from graphkit.model.errors import ExportError
from graphkit.query.questions import Question, read_questions
from graphkit.store.syntax import Header
from graphkit.web import query_page as web
from graphkit.web.query_page import asset, query_page, write_query_page

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

ASSETS = REPOSITORY / "graphkit/web/assets"
LOCK = REPOSITORY / "frontend/package-lock.json"
BUILT = ("query.js", "query.css", "engine.js", "LICENSES-OF-OTHERS.txt")
needs_bundle = pytest.mark.skipif(not (ASSETS / "query.js").is_file(), reason="the page was not built: make web")


def known(page: bytes) -> dict[str, Any]:
    """Return what a page carries as data."""
    inside = page.decode().partition('id="known">')[2].partition("</script>")[0]
    assert "<" not in inside
    found: dict[str, Any] = json.loads(inside)
    return found


@pytest.fixture(scope="module")
def questions(small_graph: Graph) -> dict[str, Question]:
    return read_questions(small_graph.workspace.questions())


def test_it_carries_what_can_be_asked_and_completed(small_graph: Graph, questions: dict[str, Question]) -> None:
    found = known(query_page(small_graph.store, questions))
    names_by_topic = [(one["topic"], one["name"]) for one in found["questions"]]
    assert names_by_topic == sorted((asked.header.topic, name) for name, asked in questions.items())
    assert all(one["title"] and one["why"] and one["text"] for one in found["questions"])
    words = {one["name"]: one for one in found["vocabulary"]}
    assert words["sp:denied"]["label"]
    assert words["sp:Statement"]["comment"]
    assert found["prefixes"]["sp"].endswith("ontology#")
    assert all({"id", "label"} <= set(one) <= {"id", "label", "also"} for one in found["entities"])


def test_a_default_that_this_graph_does_not_know_is_left_open(small_graph: Graph) -> None:
    given = {"who": ("id:nobody-at-all", "A body."), "at": ("source:nothing", "A source."), "n": ("5", "A number.")}
    asked = Question("asked", "SELECT ?who ?at ?n { ?who ?at ?n }", Header("T", "W", {}, given))
    (found,) = known(query_page(small_graph.store, {"asked": asked}))["questions"]
    assert [one["default"] for one in found["parameters"]] == ["id:", "source:", "5"]


def test_texts_of_strangers_do_not_end_the_script(small_graph: Graph) -> None:
    text = "</script><script>alert(1)</script><!--<script>\u2028"
    asked = Question("x", f"# {text}\nASK {{}}", Header(text, text, {}, {"p": ("id:", text)}))
    (found,) = known(query_page(small_graph.store, {"x": asked}))["questions"]
    assert (found["title"], found["why"], found["parameters"][0]["description"]) == (text, text, text)


@pytest.mark.parametrize("engine", [(), ("engine.js", "data.js")], ids=["served", "static"])
def test_it_may_reach_nothing_but_what_it_came_with(
    small_graph: Graph, questions: dict[str, Question], engine: tuple[str, ...]
) -> None:
    body = query_page(small_graph.store, questions, engine).decode()
    (found,) = re.findall(r'Security-Policy" content="([^"]*)"', body)
    policy = dict(part.split(" ", 1) for part in found.replace("&#39;", "'").split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["connect-src"] == ("'none'" if engine else "'self'")
    assert policy["script-src"] == ("'self' file: 'wasm-unsafe-eval'" if engine else "'self'")
    assert policy.get("worker-src") == ("blob:" if engine else None)
    assert "unsafe-inline" not in str(policy)
    assert "http" not in str(policy)
    assert [one["src"] for one in Markup(body).all("script") if "src" in one] == [
        f"assets/{name}" for name in (*engine, "query.js")
    ]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", body), "no script in the page itself"


def test_nothing_else_than_assets_is_given_out() -> None:
    assert [asset(name) for name in ("../__init__.py", ".x.js", "a/b.js", "query.py", "..", "")] == [None] * 6


def test_parts_that_were_not_built_are_told(
    small_graph: Graph, questions: dict[str, Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "files", lambda _package: tmp_path)
    with pytest.raises(ExportError, match="make web"):
        asset("query.js")
    (tmp_path / "g.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(ExportError, match="make web"):
        write_query_page(small_graph.store, questions, tmp_path, tmp_path / "g.gz")
    assert not (tmp_path / "query.html").exists()


def test_a_graph_that_no_browser_could_hold_is_told(
    small_graph: Graph, questions: dict[str, Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_MAX_GRAPH", 10)
    (tmp_path / "g.gz").write_bytes(b"x" * 11)
    with pytest.raises(ExportError, match="graphkit serve"):
        write_query_page(small_graph.store, questions, tmp_path, tmp_path / "g.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["g.gz"]


@needs_bundle
def test_the_same_graph_gives_the_same_files(
    small_graph: Graph, questions: dict[str, Question], tmp_path: Path
) -> None:
    packed = tmp_path / "g.gz"
    packed.write_bytes(gzip.compress(small_graph.workspace.graph_file.read_bytes(), mtime=0))
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_query_page(small_graph.store, questions, tmp_path / name, packed)
        written.append({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()})
    assert written[0] == written[1]
    assert set(written[0]) == {*BUILT, "data.js", "query.html"}


@needs_bundle
def test_the_parts_are_those_of_the_sources(tmp_path: Path) -> None:
    """Build them anew: every byte is the same."""
    if not shutil.which("node") or not (REPOSITORY / "frontend/node_modules").is_dir():
        pytest.skip("needs node and frontend/node_modules: make web")
    subprocess.run(
        ["node", "build.mjs", str(tmp_path / "out")], cwd=REPOSITORY / "frontend", check=True, capture_output=True
    )
    for name in BUILT:
        assert (tmp_path / "out" / name).read_bytes() == (ASSETS / name).read_bytes(), f"{name} is old: make web"


@needs_bundle
def test_the_parts_are_small() -> None:
    sizes = {name: len(gzip.compress((ASSETS / name).read_bytes())) for name in BUILT}
    assert sizes["query.js"] + sizes["query.css"] < 142_000  # 8,000 of them say why an answer is empty
    assert sizes["engine.js"] < 1_600_000


@needs_bundle
def test_every_package_in_the_bundle_is_told_with_its_licence() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    told = (ASSETS / "LICENSES-OF-OTHERS.txt").read_text(encoding="utf-8")
    parts = {part.partition(" (")[0]: part for part in told.split("\n" + "-" * 80 + "\n")}
    shipped = {path.removeprefix("node_modules/"): one for path, one in packages.items() if path and not one.get("dev")}
    assert len(shipped) > 10
    for name, one in shipped.items():
        assert re.search("Permission is hereby granted|Apache License", parts[f"{name} {one['version']}"]), name
    assert "undefined" not in told


def test_the_lock_names_no_host_and_pins_what_it_names() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert all(one.get("integrity") for path, one in json.loads(text)["packages"].items() if path)


STATIC = REPOSITORY / "graphkit/view/static"


def blocks(sheet: str) -> list[dict[str, str]]:
    """Return the custom properties that each rule of a style sheet sets: first for light pages, then for dark ones."""
    found = [dict(re.findall(r"--([a-z]+): ([^;]+);", block)) for block in re.findall(r"\{([^{}]+)\}", sheet)]
    return [block for block in found if "paper" in block]


def test_pages_and_pictures_have_the_same_colours_and_fonts() -> None:
    shared, picture = ((STATIC / name).read_text(encoding="utf-8") for name in ("shared.css", "picture.css"))
    for page, drawn in zip(blocks(shared), blocks(picture), strict=True):
        assert {"ink", "paper", "quiet", "focus"} <= page.keys() & drawn.keys()
        assert {name: drawn[name] for name in page.keys() & drawn.keys()} == {
            name: page[name] for name in page.keys() & drawn.keys()
        }
    assert f"font: 14px {blocks(shared)[0]['sans']};" in picture
    sheets = [
        *STATIC.glob("*.css"),
        REPOSITORY / "graphkit/web/pages/site.css",
        REPOSITORY / "frontend/query/query.css",
    ]
    named = [line for path in sheets for line in path.read_text(encoding="utf-8").splitlines() if "sans-serif" in line]
    assert len(named) == 2, "only shared.css and picture.css name fonts"

"""`graphkit site`: files that work from anywhere, whole or not there, and never in the place of somebody's folder."""

from __future__ import annotations

import filecmp
import gzip
import json
import os
import re
import shutil
import struct
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from commands import runner
from markup import Markup

from graphkit.build.lists import ON_A_PAGE
from graphkit.build.pipeline import build
from graphkit.model.errors import ExportError, GraphkitError
from graphkit.model.iris import DATASET, PREFIXES
from graphkit.model.stories import Step, Story
from graphkit.query.limits import Limits
from graphkit.query.questions import read_questions
from graphkit.store import open_store, texts
from graphkit.web import site
from graphkit.web.pages import page
from graphkit.web.published import Beside, Published
from graphkit.web.site import MARKER, write_site

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph
    from graphkit.model.workspace import Workspace

# The query page is tested with its own script; here it is one more page that links lead to. A server tells of itself
# what void.ttl tells of the files.
OWN = frozenset(("network.html", "query.html", "void.ttl", "story-asked.html"))
ASKED = Story("Who was asked?", (Step("The force says that it asked.", ("force",)), Step("Others say no.")))
PUBLISHED = Published("https://example.org/site", {"asked": ASKED})


@pytest.fixture(scope="session")
def built(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the small workspace."""
    folder = tmp_path_factory.mktemp("site") / "made"
    write_site(small_graph.workspace, small_graph.store, folder, PUBLISHED)
    return folder


@pytest.fixture(scope="session")
def unpublished(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the small workspace without an address."""
    folder = tmp_path_factory.mktemp("site") / "made"
    write_site(small_graph.workspace, small_graph.store, folder)
    return folder


def page_files(folder: Path) -> list[Path]:
    """Return the files of the pages of a site, without those that scripts fill."""
    return [path for path in sorted(folder.rglob("*.html")) if path.name not in OWN]


@pytest.fixture(scope="session")
def pages(built: Path) -> dict[str, Markup]:
    """Return the pages of the site, parsed, by their paths."""
    return {str(path): Markup(path.read_text(encoding="utf-8")) for path in page_files(built)}


def target(path: str, href: str) -> str:
    """Return the file to which a link on a page leads."""
    return os.path.normpath(f"{path}/../{href}") if href else path


def test_every_link_leads_somewhere(built: Path, pages: dict[str, Markup]) -> None:
    files = {str(path) for path in built.rglob("*") if path.is_file()}
    ids = {path: set(found.ids()) for path, found in pages.items()}
    followed = 0
    for path, found in pages.items():
        for given in (*found.all("a"), *found.all("link")):
            href = given["href"]
            if href.startswith(("http://", "https://", "data:")):
                continue
            name, _, part = unquote(href).partition("#")
            led = target(path, name)
            assert led in files, (path, href)
            assert not part or led.rpartition("/")[2] in OWN or part in ids[led], (path, href)
            followed += 1
    assert followed > 1_000


def test_everything_is_reached_from_the_front_page(built: Path, pages: dict[str, Markup]) -> None:
    seen: set[str] = set()
    new = {str(built / "index.html")}
    while new:
        path = new.pop()
        seen.add(path)
        hrefs = {given["href"].partition("#")[0] for given in pages[path].all("a")} if path in pages else set()
        new |= {target(path, href) for href in hrefs if href.endswith(".html") and ":" not in href} - seen
    assert {str(path) for path in built.rglob("*.html")} == seen


def test_the_files_are_the_bytes_that_a_server_sends(built: Path, small_graph: Graph) -> None:
    beside = Beside(read_questions(small_graph.workspace.questions()), published=PUBLISHED)
    compared = 0
    for path in sorted(built.rglob("*")):
        name, _, form = path.relative_to(built).as_posix().rpartition(".")
        if form in {"html", "ttl", "jsonld", "png", "json", "svg"} and path.name not in OWN:
            assert page(small_graph.store, name, form, beside).body == path.read_bytes(), path
            compared += 1
    assert compared > 100


def test_two_runs_give_the_same_bytes(built: Path, small_graph: Graph, tmp_path: Path) -> None:
    write_site(
        small_graph.workspace,
        small_graph.store,
        tmp_path / "again",
        PUBLISHED._replace(address="https://example.org/site/"),
    )
    names = sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    wrong = filecmp.cmpfiles(built, tmp_path / "again", [str(name) for name in names], shallow=False)[1:]
    assert wrong == ([], [])


def test_the_whole_graph_is_a_part_of_it(built: Path, small_graph: Graph) -> None:
    packed = (built / "graph.nq.gz").read_bytes()
    assert gzip.decompress(packed) == small_graph.workspace.graph_file.read_bytes()
    assert packed[4:8] == b"\0\0\0\0"


def test_the_graph_is_described_as_files_have_it(built: Path, unpublished: Path, small_graph: Graph) -> None:
    void = PREFIXES["void"]
    found = {str(one.predicate.value): str(getattr(one.object, "value", "")) for one in described(built, DATASET)}
    assert found[void + "dataDump"] == "https://example.org/site/graph.nq.gz"
    (number,) = next(texts(small_graph.store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "n"))
    assert found[void + "triples"] == number
    assert void + "sparqlEndpoint" not in found
    assert void + "dataDump" not in {one.predicate.value for one in described(unpublished, DATASET)}


def described(folder: Path, subject: str) -> list[ox.Quad]:
    quads = ox.parse(path=str(folder / "void.ttl"), format=ox.RdfFormat.TURTLE)
    return [quad for quad in quads if getattr(quad.subject, "value", "") == subject]


def test_statements_are_paged_as_a_server_does(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ON_A_PAGE, "statements", 4)
    write_site(small_graph.workspace, small_graph.store, tmp_path / "site")
    made = tmp_path / "site/statements"
    names = [path.relative_to(made).with_suffix("").as_posix() for path in made.rglob("*.html")]
    assert len(names) > 1
    for name in names:
        assert (
            page(small_graph.store, f"statements/{name}").body
            == (tmp_path / f"site/statements/{name}.html").read_bytes()
        )


def test_entities_disagreements_and_stories_are_previewed_where_they_are_linked(built: Path) -> None:
    paths = [built / "story-asked.html", *built.glob("id/*.html"), *built.glob("dispute/matter/*.html")]
    shown = 0
    for path in paths:
        text, name = path.read_text(encoding="utf-8"), path.relative_to(built).with_suffix("").as_posix()
        if "was merged" in text:
            assert "og:image" not in text
            continue
        shown += 1
        address = f"https://example.org/site/{name}"
        assert f'<meta property="og:image" content="{address}.png">' in text
        assert f'<meta property="og:url" content="{address}.html">' in text
        assert f'href="https://example.org/site/oembed/{name}.json"' in text
        image = path.with_suffix(".png").read_bytes()
        assert (image[:8], struct.unpack(">II", image[16:24])) == (b"\x89PNG\r\n\x1a\n", (1200, 630)), name
        assert len(image) <= 150_000
        embedded = json.loads((built / f"oembed/{name}.json").read_bytes())
        assert embedded["version"] == "1.0"
        assert embedded["thumbnail_url"] == f"{address}.png"
        (frame,) = Markup(embedded["html"]).all("iframe")
        assert (built / frame["src"].removeprefix("https://example.org/site/").partition("?")[0]).is_file()
    assert shown > 10


def test_the_sitemap_names_each_page(built: Path) -> None:
    root = ET.fromstring((built / "sitemap.xml").read_bytes())  # noqa: S314 - our own
    names = [str(one.text).removeprefix("https://example.org/site/") for one in root.iter() if one.tag.endswith("loc")]
    assert sorted(names) == sorted(path.relative_to(built).as_posix() for path in built.rglob("*.html"))


def test_a_large_sitemap_is_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_MOST_ADDRESSES", 2)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.html").touch()
    site._write_sitemap(tmp_path, "https://example.org/")  # noqa: SLF001 - a real one has 50,000 pages
    assert "<sitemap><loc>https://example.org/sitemap-2.xml</loc></sitemap>" in (tmp_path / "sitemap.xml").read_text()
    assert (tmp_path / "sitemap-2.xml").read_text().count("<url>") == 1


# --- what stands there already ---


def test_a_question_without_end_has_a_page_that_says_so(
    starter: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = "# Title: How many are there?\nSELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    (starter.ontology / "questions" / "endless.rq").write_text(endless, encoding="utf-8")
    monkeypatch.setattr("graphkit.web.site.Limits", lambda: Limits(seconds=1))
    assert build(starter).ok
    write_site(starter, open_store(starter.generation()), tmp_path / "s")
    page = (tmp_path / "s/questions/endless.html").read_text(encoding="utf-8")
    assert "How many are there?" in page
    assert "The query was stopped after 1 s." in page
    assert "<td" in (tmp_path / "s/questions/speakers.html").read_text(encoding="utf-8"), "others are answered"


def test_an_own_site_is_replaced_as_a_whole(small_graph: Graph, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(built, folder)
    (folder / "left-over.html").touch()
    write_site(small_graph.workspace, small_graph.store, folder)
    assert (folder / MARKER).is_file()
    assert not (folder / "left-over.html").exists()
    assert not (folder / "sitemap.xml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_not_ours_stays(small_graph: Graph, tmp_path: Path, what: str) -> None:
    place = tmp_path / "mine"
    precious = place if what == "file" else place / "thesis.txt"
    precious.parent.mkdir(exist_ok=True)
    precious.write_text("years of work")
    with pytest.raises(ExportError, match="was not made"):
        write_site(small_graph.workspace, small_graph.store, place)
    assert precious.read_text() == "years of work"


def test_a_failure_leaves_the_old_site(
    small_graph: Graph, unpublished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(unpublished, folder)

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site, "_write_sitemap", fail)
    with pytest.raises(ExportError, match="No space left"):
        write_site(small_graph.workspace, small_graph.store, folder, Published("https://example.org"))
    assert (folder / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://", "https://x.org/?a=", "http://[x"])
def test_an_address_that_is_none_is_refused(small_graph: Graph, tmp_path: Path, address: str) -> None:
    with pytest.raises(GraphkitError, match="not a web address"):
        write_site(small_graph.workspace, small_graph.store, tmp_path / "site", Published(address))
    assert list(tmp_path.iterdir()) == []


def test_without_the_engine_a_page_says_so(small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ExportError("It was not built.", "Type: make web")

    monkeypatch.setattr(site, "write_query_page", fail)
    written = write_site(small_graph.workspace, small_graph.store, tmp_path / "site")
    assert "make web" in written.note
    assert "This site has no query page" in (tmp_path / "site/query.html").read_text()


def test_the_command_says_what_it_wrote(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s").mkdir()
    run = runner(monkeypatch, capsys)
    said = run("site", str(tmp_path / "s"), "-w", str(small_graph.workspace.root))
    assert said.code == 0
    assert re.fullmatch(rf"{re.escape(str(tmp_path / 's'))}: \d+ pages, \d+ files, [\d.]+ MB\n", said.out)
    refused = run("site", str(tmp_path), "-w", str(small_graph.workspace.root))
    assert (refused.code, refused.out) == (2, "")
    assert "Name a new folder" in refused.err

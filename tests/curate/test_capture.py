"""Captures: what is stored, what is proposed, what is refused, and that nothing is asked which may not be."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import http.server
import io
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from commands import Said, runner

from graphkit.build.pipeline import check
from graphkit.corpus.evidence import quote
from graphkit.curate.capture import CaptureOptions, capture
from graphkit.curate.capture.fetch import MAX_HOPS, FetchLimits, fetch, is_public, look_up
from graphkit.curate.capture.metadata import publication_date, read_metadata
from graphkit.model.records import Source
from graphkit.store.http import FetchError, parse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.model.workspace import Workspace

LINES = (
    "The council of Exampletown paid for the new cameras on the quay, papers show, and said that it had asked all.",
    "Neighbours United told the Example Gazette that nobody had ever asked it, neither before the cameras nor after.",
    "The police said in a statement that they had consulted several charities before the cameras were switched on.",
    "A spokesperson of the council would not say what the cameras had cost; the sums are in a paper of last week.",
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)
TODAY = dt.datetime.now().astimezone().date()


def page(head: str = "", body: str = BODY, *, lang: str = "en-GB") -> str:
    """Spell an HTML page with the furniture that pages have, a date of today among it."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Cameras | Example</title>{head}</head>'
        f"<body><header><p>{TODAY:%A %d %B %Y}</p><nav><a href=/>Home</a></nav></header>"
        f"<article><h1>Council paid for more cameras</h1>{body}</article><footer>© {TODAY.year}</footer></body></html>"
    )


SITE = '<meta property="og:site_name" content="Example Gazette">'
DATE = '<meta property="article:published_time" content="2021-03-04T09:00:00Z">'


@dataclass
class Place:
    """A workspace, a folder of captures, and the command line between them."""

    workspace: Workspace
    captures: Path
    run: Callable[..., Said]

    def file(self, content: str | bytes, name: str = "page.html") -> str:
        path = self.workspace.root.parent / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def stored(self) -> list[str]:
        return sorted(path.name for path in self.captures.rglob("*")) if self.captures.exists() else []

    def add(self, source: str, text: str) -> None:
        (self.workspace.data / "sources" / f"{source}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def place(starter: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    """Return a fresh workspace with a folder of captures beside it; the command runs in this process."""
    captures = starter.root.parent / "captures"
    monkeypatch.delenv("GRAPHKIT_WORKSPACE", raising=False)
    monkeypatch.setenv("GRAPHKIT_CAPTURES", str(captures))
    monkeypatch.chdir(starter.root)

    return Place(starter, captures, runner(monkeypatch, capsys))


def is_refused(place: Place, said: Said, code: int, *words: str) -> None:
    """Check that the user was told what is wrong, and that nothing was printed or stored."""
    assert (said.code, said.out, place.stored()) == (code, "", []), said
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) >= 2
    assert [word for word in words if word not in said.err] == [], said.err


# --- what is stored, and what the build says of it ---------------------------------------------------


def test_a_stored_capture_passes_check(place: Place) -> None:
    said = place.run("capture", place.file(page(SITE + DATE)), "--id", "cameras-2")
    assert said.code == 0
    assert place.stored() == ["cameras-2.html", "cameras-2.txt"]
    text = (place.captures / "cameras-2.txt").read_bytes()
    assert said.block["capture"] == {"sha256": hashlib.sha256(text).hexdigest(), "characters": len(text.decode())}
    assert (place.captures / "cameras-2.html").read_text(encoding="utf-8") == page(SITE + DATE)
    assert all(line in text.decode() for line in LINES)
    place.add("cameras-2", said.out)
    captures = place.captures
    shutil.copytree(place.workspace.root / "captures", captures, dirs_exist_ok=True)
    found = check(place.workspace, captures)
    assert (found.problems, found.evidence) == ([], {"verified": 4})


def test_a_passage_of_a_capture_is_quoted_and_verified(place: Place) -> None:
    said = place.run("capture", place.file(page(SITE + DATE)), "--id", "cameras-2")
    quoted = place.run("quote", str(place.captures / "cameras-2.txt"), LINES[2])
    statement = (
        "  asked:\n    subject: exampletown-police\n    relation: consulted\n    object: neighbours-united\n"
        "    speaker: exampletown-police\n    gist: The police says that it asked.\n"
    )
    evidence = "".join(f"    {line}\n" for line in quoted.out.splitlines())
    place.add("cameras-2", said.out.replace("statements: {}\n", f"statements:\n{statement}{evidence}"))
    checked = place.run("check", "--captures", str(place.captures), "--record")
    assert re.search(r"Evidence: \d+ verified\.", checked.out)
    assert "cameras-2" not in checked.err
    (place.captures / "cameras-2.txt").write_text("\n".join(LINES[:2]), encoding="utf-8")
    assert "passage-missing" in place.run("check", "--captures", str(place.captures)).err


def test_the_block_is_what_a_curator_would_type(place: Place) -> None:
    said = place.run("capture", place.file(page(SITE + DATE)), "--id", "cameras-2", "--kind", "report")
    lines = said.out.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../../ontology/source.schema.json"
    assert lines[1:3] == ["id: cameras-2", "kind: report"]
    assert lines[3].startswith("publisher: example-gazette  # ")
    assert lines[4:6] == ['title: "Council paid for more cameras"', 'published: "2021-03-04"']
    assert lines[-1] == "statements: {}"
    assert "retrieved" not in said.out, "the date of a file is no date of retrieval"


def test_json_holds_the_same_as_yaml(place: Place) -> None:
    path = place.file(page(SITE + DATE, lang="fr"))
    shown = json.loads(place.run("capture", path, "--format", "json").out)
    assert shown == place.run("capture", path).block
    assert list(shown) == ["id", "kind", "publisher", "title", "published", "language", "capture", "statements"]
    assert shown["language"] == "fr"


def test_an_id_is_proposed_from_host_and_title(place: Place) -> None:
    canonical = '<link rel="canonical" href="https://www.quay.example/news/1234">'
    said = place.run("capture", place.file(page(canonical)))
    assert said.block["id"] == "quay-council-paid-for-more-cameras"
    assert said.block["url"] == "https://www.quay.example/news/1234"


def test_a_text_file_is_stored_byte_for_byte(place: Place) -> None:
    said = place.run("capture", place.file("Minutes.\r\nNobody was asked.\n", "minutes.txt"), "--id", "minutes")
    assert place.stored() == ["minutes.txt"]
    assert (place.captures / "minutes.txt").read_bytes() == b"Minutes.\r\nNobody was asked.\n"
    assert said.block["capture"]["characters"] == len("Minutes.\r\nNobody was asked.\n")


def test_a_text_in_another_encoding_keeps_its_original(place: Place) -> None:
    path = place.file("Café minutes".encode("latin-1"), "minutes.txt")
    is_refused(place, place.run("capture", path), 1, "wrong-encoding", "--encoding windows-1252")
    assert place.run("capture", path, "--id", "minutes", "--encoding", "windows-1252").code == 0
    assert place.stored() == ["minutes.original.txt", "minutes.txt"]
    assert (place.captures / "minutes.txt").read_text(encoding="utf-8") == "Café minutes"


# --- where it is stored, and what is never lost ------------------------------------------------------


def test_the_folder_is_named_or_the_users_own(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = place.file(page())
    place.run("capture", path, "--id", "x", "--to", str(tmp_path / "named"))
    monkeypatch.delenv("GRAPHKIT_CAPTURES")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    place.run("capture", path, "--id", "x")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    place.run("capture", path, "--id", "x")
    folders = {found.parent.relative_to(tmp_path).as_posix() for found in tmp_path.rglob("x.txt")}
    assert folders == {"named", "home/.local/share/graphkit/captures", "data/graphkit/captures"}


def test_a_folder_within_the_workspace_is_refused(place: Place, tmp_path: Path) -> None:
    path = place.file(page())
    (tmp_path / "link").symlink_to(place.workspace.root, target_is_directory=True)
    before = sorted(place.workspace.root.rglob("*"))
    for inside in ("captures", ".", "data/../new", str(tmp_path / "link" / "captures")):
        is_refused(place, place.run("capture", path, "--to", inside), 2, "inside the workspace", "--to DIR")
    (tmp_path / ".git").mkdir()
    is_refused(place, place.run("capture", path), 2, "repository of the workspace")
    assert sorted(place.workspace.root.rglob("*")) == before


@pytest.mark.parametrize("to", ["page.html", "page.html/x", "~nobody-of-that-name/x"])
def test_a_folder_that_cannot_be_is_refused(place: Place, to: str) -> None:
    path = place.file(page())
    shown = str(Path(path).parent / to) if not to.startswith("~") else to
    is_refused(place, place.run("capture", path, "--to", shown), 2, "--to DIR")


def test_another_text_is_never_overwritten_unasked(place: Place) -> None:
    first, second = (
        place.file(page()),
        place.file(page(body=BODY + "<p>More was said later on, at the quay.</p>"), "b.html"),
    )
    assert place.run("capture", first, "--id", "x").code == 0
    before = {path.name: path.read_bytes() for path in place.captures.iterdir()}
    refused = place.run("capture", second, "--id", "x")
    assert (refused.code, refused.out) == (2, "")
    assert "--replace" in refused.err
    assert {path.name: path.read_bytes() for path in place.captures.iterdir()} == before
    assert place.run("capture", second, "--id", "x", "--replace").code == 0
    assert "More was said" in (place.captures / "x.txt").read_text(encoding="utf-8")
    assert (place.captures / "x.html").read_bytes() == Path(second).read_bytes()


def test_the_same_text_may_come_again_and_the_first_original_stays(place: Place) -> None:
    said = place.run("capture", place.file(page(SITE + DATE)), "--id", "x")
    again = place.run("capture", place.file(page(SITE + DATE + "<!-- seen 17 times -->"), "b.html"), "--id", "x")
    assert (again.code, again.out) == (0, said.out)
    assert (place.captures / "x.html").read_text(encoding="utf-8") == page(SITE + DATE)


def test_an_original_without_its_text_is_not_overwritten(place: Place) -> None:
    place.captures.mkdir()
    (place.captures / "x.html").write_text("mine", encoding="utf-8")
    assert place.run("capture", place.file(page()), "--id", "x").code == 2
    assert place.stored() == ["x.html"]
    assert (place.captures / "x.html").read_text(encoding="utf-8") == "mine"


def test_a_full_disk_stores_nothing(place: Place) -> None:
    path = place.file(page("<!--" + "x" * 300_000 + "-->"))
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from graphkit.cli import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", limited, "capture", path], capture_output=True, text=True, timeout=60, check=False
    )
    is_refused(place, Said(ended.returncode, ended.stdout, ended.stderr), 2, "cannot be written")


def test_an_existing_source_is_reported(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    canonical = '<link rel="canonical" href="https://example.org/cameras">'
    said = place.run("capture", place.file(page(canonical)))
    assert said.block["id"] == "example-gazette-2021"
    assert "warning  already-coded" in said.err
    monkeypatch.setenv("GRAPHKIT_CAPTURES", str(place.captures) + "-2")
    other = '<link rel="canonical" href="https://example.org/other">'
    said = place.run("capture", place.file(page(other)), "--id", "example-gazette-2021")
    assert said.code == 2
    assert "https://example.org/cameras" in said.err
    assert not Path(str(place.captures) + "-2").exists()


# --- who publishes -----------------------------------------------------------------------------------


ENTITIES = """entities:
  quay-post: {kind: organisation, label: The Quay Post, aliases: [QP], url: https://www.quaypost.example}
  ministry: {kind: public-body, label: Ministry of Quays, url: https://gov.example/bodies/quays}
  harbour: {kind: organisation, label: Harbour}
  harbour-news: {kind: organisation, label: Harbour News, aliases: [Harbour]}
  lamps: {kind: topic, label: Lamps}
"""


@pytest.mark.parametrize(
    ("url", "site", "publisher"),
    [
        ("https://quaypost.example/a", "", "quay-post"),
        ("https://www.quaypost.example/a", "Anything", "quay-post"),
        ("https://gov.example/bodies/quays/paper", "GOV", "ministry"),
        ("https://x.example/a", "example gazette", "example-gazette"),
        ("https://www.examplegazette.example/a", "", "example-gazette"),
        ("", "The Example Gazette", "example-gazette"),
        ("https://gov.example/bodies/bridges/paper", "GOV", ""),
        ("https://evil.example/a", "Quay Post", ""),
        ("https://quaypost.example.evil.example/a", "", ""),
        ("https://x.example/a", "Harbour", ""),
        ("https://quaypost.example/a", "Example Gazette", ""),
        ("https://lamps.example/a", "Lamps", ""),
        ("https://x.example/a", "Nobody knows", ""),
        ("https://x.example/a", "", ""),
    ],
)
def test_a_publisher_is_proposed_only_if_exactly_one_fits(place: Place, url: str, site: str, publisher: str) -> None:
    (place.workspace.data / "entities/more.yaml").write_text(ENTITIES, encoding="utf-8")
    head = f'<link rel="canonical" href="{url}">' * bool(url)
    head += f'<meta property="og:site_name" content="{site}">' * bool(site)
    said = place.run("capture", place.file(page(head + DATE)), "--id", "x")
    assert (said.code, said.block["publisher"] or "") == (0, publisher)
    place.add("x", said.out)
    codes = [(one.code, one.message) for one in check(place.workspace).problems if "x.yaml" in one.location.file]
    assert codes == ([] if publisher else [("missing-key", "'publisher' has no value.")])
    assert ("warning  to-fill-in" in said.err) == (not publisher)
    assert ("warning  publisher-by-name" in said.err) == (publisher == "example-gazette")


def test_a_page_without_a_title_leaves_it_open(place: Place) -> None:
    said = place.run("capture", place.file(f"<html><body><div>{BODY}</div></body></html>"), "--id", "x")
    assert said.block["title"] is None
    assert "fill in title" in said.err


# --- dates -------------------------------------------------------------------------------------------


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


ARTICLE = {"@type": "NewsArticle", "datePublished": "2021-03-04T09:00:00+00:00"}


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        (ld(**ARTICLE), "", "2021-03-04"),
        (ld(**{"@graph": [{"@type": ["WebPage"]}, ARTICLE]}), "", "2021-03-04"),
        (ld(**{**ARTICLE, "@type": "https://schema.org/Article", "datePublished": "2021-03"}), "", "2021-03"),
        (DATE, "", "2021-03-04"),
        ('<meta name="DCTERMS.issued" content="2021">', "", "2021"),
        ("", '<time datetime="2021-03-04T10:00">4 March</time>', "2021-03-04"),
        ("", '<p><time itemprop="datePublished" datetime="2021-03-04">4 March</time></p>', "2021-03-04"),
        (DATE + ld(**ARTICLE), '<time datetime="2021-03-04">4 March</time>', "2021-03-04"),
        (DATE, '<time datetime="2021-03-04">x</time> fire of <time datetime="1999-01-01">1999</time>', "2021-03-04"),
        (DATE + '<meta name="dcterms.issued" content="2021-03">', "", "2021-03-04"),
        ("", '<time datetime="2021-03-04">4 March</time> Updated <time datetime="2022-01-01">x</time>', "2021-03-04"),
        (
            "",
            '<time datetime="2021-03-04">a</time><p class="modified"><time datetime="2022-01-01">x</time>',
            "2021-03-04",
        ),
    ],
)
def test_a_date_is_what_the_metadata_print(place: Place, head: str, body: str, date: str) -> None:
    said = place.run("capture", place.file(page(SITE + head, body + BODY)), "--id", "x")
    assert said.block["published"] == date
    assert "warning  dates-disagree" not in said.err
    assert "warning  no-printed-date" not in said.err


@pytest.mark.parametrize(
    "line", ["4 March 2021", "Published: Thursday, 4th March 2021", "Posted on March 4, 2021", "2021-03-04"]
)
def test_a_day_below_the_headline_is_proposed_where_the_metadata_have_none(place: Place, line: str) -> None:
    said = place.run("capture", place.file(page(SITE, f"<p>by A Reporter</p><p>{line}</p>" + BODY)), "--id", "x")
    assert said.block["published"] == "2021-03-04"
    assert "# as printed below the headline; check that" in said.out


def test_a_saved_page_takes_its_address(place: Place) -> None:
    saved = place.file(page(SITE + DATE))
    said = place.run("capture", saved, "--id", "x", "--url", "https://example.org/cameras-2")
    assert said.block["url"] == "https://example.org/cameras-2"
    assert "retrieved" not in said.block
    assert "its scheme is 'htp'" in place.run("capture", saved, "--url", "htp://example.org").err
    refused = place.run("capture", "https://example.org/a", "--url", "https://example.org/b")
    assert (refused.code, "Only a saved page takes it" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("head", "body", "code"),
    [
        ("", "", "warning  no-printed-date"),
        ("", "<p>Published 04/03/2021</p>", "warning  no-printed-date"),
        ("", "<p>Updated on 4 March 2021</p>", "warning  no-printed-date"),
        ("", "<p>The council met on 4 March 2021</p>", "warning  no-printed-date"),
        ("", f"<p>{'A long paragraph. ' * 10}</p><p>4 March 2021</p>", "warning  no-printed-date"),
        (ld(**{"@type": "NewsArticle", "dateModified": "2021-03-04"}), "", "warning  no-printed-date"),
        (ld(**{"@type": "ItemList", "itemListElement": [ARTICLE]}), "", "warning  no-printed-date"),
        (ld(**{"@type": "Event", "datePublished": "2021-03-04"}), "", "warning  no-printed-date"),
        ('<meta property="article:modified_time" content="2021-03-04">', "", "warning  no-printed-date"),
        ('<meta property="article:published_time" content="1970-01-01T00:00:00Z">', "", "warning  no-printed-date"),
        ('<meta property="article:published_time" content="2999-01-01">', "", "warning  no-printed-date"),
        ('<meta property="article:published_time" content="2021-02-30">', "", "warning  no-printed-date"),
        ('<meta property="article:published_time" content="04/03/2021">', "", "warning  no-printed-date"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": </script>',
            "",
            "warning  no-printed-date",
        ),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', "", "warning  no-printed-date"),
        ("", '<aside><time datetime="2021-03-04">x</time></aside>', "warning  no-printed-date"),
        ("", '<p>Last updated <time datetime="2021-03-04">x</time></p>', "warning  no-printed-date"),
        ("", '<article><time datetime="2021-03-04">a teaser</time></article>', "warning  no-printed-date"),
        ("", '<p>of <time class="updated" datetime="2021-03-04">x</time></p>', "warning  no-printed-date"),
        (DATE + ld(**{**ARTICLE, "datePublished": "2021-03-05"}), "", "warning  dates-disagree"),
        (DATE, '<time datetime="2020-01-01">x</time>', "warning  dates-disagree"),
        (
            "",
            '<time datetime="2020-01-01">x</time> and <time datetime="2021-01-01">y</time>',
            "warning  dates-disagree",
        ),
        (ld(**ARTICLE) + ld(**{**ARTICLE, "datePublished": "2020-01-01"}), "", "warning  dates-disagree"),
    ],
)
def test_no_date_is_proposed_unless_exactly_one_is_printed(place: Place, head: str, body: str, code: str) -> None:
    said = place.run("capture", place.file(page(SITE + head, body + BODY)), "--id", "x")
    assert said.code == 0
    assert "published" not in said.block
    assert code in said.err
    assert "an EDTF interval" in said.err
    assert re.search(r"^# published: .+ an EDTF interval ", said.out, re.MULTILINE)
    place.add("x", said.out)
    assert check(place.workspace).problems == []


def test_a_stamp_outside_the_article_is_page_furniture() -> None:
    html = page().replace("<nav>", f'<time datetime="{TODAY}">today</time><nav>')
    assert read_metadata(html).dates == ()
    assert publication_date((), "x", TODAY).date == ""


# --- pages that are none -----------------------------------------------------------------------------

CONSENT = (
    "<h2>We value your privacy</h2><p>We and our 842 partners use cookies to store information on your device.</p>"
    "<p>You can accept all cookies or manage your preferences at any time in the cookie settings of this site.</p>"
    "<p>Some of our partners rely on a legitimate interest; you can object to that, or withdraw your consent.</p>"
    "<p>With your consent our partners may also use precise data on your location, and look at your device.</p>"
)
SCRIPT = "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"
STUB = BODY + "<p>Subscribe to continue reading. Already a subscriber? Sign in to read.</p>"


def html(body: str) -> str:
    return f"<html><head><title>x</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", "", ["error  empty-file", "nothing in it"]),
        ("page.txt", " \n", ["error  empty-file"]),
        ("page.pdf", "", ["error  empty-file"]),
        (
            "page.html",
            html(CONSENT),
            ["error  wall-page", "consent to cookies", "'We value your privacy", "--accept-short"],
        ),
        ("page.html", html(SCRIPT), ["error  wall-page", "scripts", "You need to enable JavaScript"]),
        ("page.html", html("<div id=root></div><script>run()</script>"), ["error  little-text", "No main text"]),
        ("page.html", html(STUB), ["error  wall-page", "sign in or to pay"]),
        (
            "page.html",
            html(f"<article><p>{LINES[0]}</p></article>"),
            ["error  little-text", "characters", "--accept-short"],
        ),
        ("page.html", "", ["empty-file"]),
        ("page.html", bytes(range(256)) * 40, ["error  not-a-page", "bytes that do not occur in text"]),
        ("page.html", os.urandom(4000), ["error  not-a-page"]),
        ("page.txt", b"\x00\x01" * 400, ["error  not-a-page"]),
        ("page.html", page().replace("Council", "Café").encode("latin-1"), ["error  wrong-encoding", "0xe9", "utf-8"]),
        ("page.html", page().replace("utf-8", "klingon").encode(), ["error  wrong-encoding", "'klingon'"]),
        ("page.html", page().replace("utf-8", "zip").encode(), ["error  wrong-encoding"]),
        ("page.pdf", "%PDF-1.7\nno more", ["error  broken-pdf"]),
        ("page.pdf", page(), ["error  broken-pdf"]),
        ("page.html", "x" * 30_000_000, ["error  file-too-large", "30,000,000 bytes", "--max-bytes 40000000"]),
    ],
)
def test_documents_that_are_not_pages_are_reported_and_not_stored(
    place: Place, name: str, content: str | bytes, words: list[str]
) -> None:
    said = place.run("capture", place.file(content, name))
    is_refused(place, said, 1, "Nothing was stored.", *words)
    [problem] = json.loads(place.run("capture", place.file(content, name), "-f", "json").out)
    assert (problem["file"], problem["level"]) == (place.file(content, name), "error")


@pytest.mark.parametrize("body", [CONSENT, SCRIPT, STUB, f"<p>{LINES[0]}</p>"])
def test_a_short_text_is_stored_if_that_is_asked_for(place: Place, body: str) -> None:
    said = place.run("capture", place.file(html(body)), "--id", "x", "--accept-short")
    assert said.code == 0
    assert place.stored() == ["x.html", "x.txt"]


@pytest.mark.parametrize(
    "lines", [["Cookies are on the quay, and the council banned cookies there."], ["We use cookies."]]
)
def test_an_article_may_be_about_cookies(place: Place, lines: list[str]) -> None:
    assert place.run("capture", place.file(page(body=BODY + f"<p>{lines[0]}</p>"))).code == 0


def test_a_page_that_is_not_free_is_stored_with_a_warning(place: Place) -> None:
    said = place.run("capture", place.file(page(ld(**{**ARTICLE, "isAccessibleForFree": False}))))
    assert said.code == 0
    assert "warning  not-free" in said.err


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-8"),
    ],
)
def test_the_encoding_that_a_page_names_is_honoured(place: Place, charset: str, codec: str) -> None:
    words = "The café’s “owner” said no."
    content = page(body=f"<p>{words}</p>{BODY}").replace('charset="utf-8"', f'charset="{charset}"').encode(codec)
    assert place.run("capture", place.file(content), "--id", "x").code == 0
    assert words in (place.captures / "x.txt").read_text(encoding="utf-8")
    assert (place.captures / "x.html").read_bytes() == content


def test_odd_pages_end_with_an_answer(place: Place) -> None:
    for content in (
        "<",
        "<html>" * 5000,
        page("<script type='application/ld+json'>[1, null, {\"@graph\": 3}]</script>"),
    ):
        said = place.run("capture", place.file(content))
        assert said.code in {0, 1}
        assert "Traceback" not in said.err


def test_metadata_of_a_page_cannot_do_harm(place: Place) -> None:
    evil = 'A\x1b[2J\u202e title: &lt;b&gt;&lt;script&gt;x # y\u2028z \ue000&#0; - \\" e\u0301'
    head = f'<meta property="og:title" content="{evil}"><meta property="og:site_name" content="x\u2028y: # \x1b]0;z">'
    head += '<meta property="article:published_time" content="2021\u2028kind: report">'
    said = place.run("capture", place.file(page(head)), "--id", "x")
    assert said.code == 0
    assert [one for one in said.out + said.err if not one.isprintable() and one != "\n"] == []
    assert said.block["kind"] == "news-article"
    place.add("x", said.out.replace("publisher:", "publisher: example-gazette"))
    assert check(place.workspace).problems == []


# --- PDF files ---------------------------------------------------------------------------------------


def pdf(*pages: str) -> bytes:
    """Spell a PDF file with a line of text on each page; an empty page shows nothing."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        shown = f"BT /F1 12 Tf 20 700 Td ({text}) Tj ET" if text else ""
        rest = "/MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {rest} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
    whole, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(whole)}\n%%EOF\n"
    return (whole + head + trailer).encode()


def locked(user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(*LINES)))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_text_of_a_pdf_file_is_stored(place: Place) -> None:
    said = place.run("capture", place.file(pdf(*LINES), "paper.pdf"), "--id", "x", "--kind", "report")
    assert place.stored() == ["x.pdf", "x.txt"]
    assert (place.captures / "x.txt").read_text(encoding="utf-8").split() == " ".join(LINES).split()
    assert (place.captures / "x.pdf").read_bytes() == pdf(*LINES)
    assert "warning  no-printed-date" in said.err


def test_a_pdf_file_called_html_is_a_pdf_file(place: Place) -> None:
    place.run("capture", place.file(pdf(*LINES)), "--id", "x")
    assert place.stored() == ["x.pdf", "x.txt"]


def test_pages_without_text_are_reported(place: Place) -> None:
    said = place.run("capture", place.file(pdf(*LINES, "", ""), "paper.pdf"), "--id", "x")
    assert said.code == 0
    assert "2 of 6 pages have no text: 5, 6." in said.err
    assert "warning  pages-without-text" in said.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdf("", ""), ["error  pdf-without-text", "2 pages without text"]),
        (locked("secret"), ["error  encrypted-pdf", "locked"]),
        (pdf(*LINES)[:200], ["error  broken-pdf"]),
        (pdf("Too short"), ["error  little-text"]),
    ],
)
def test_a_pdf_file_without_text_is_refused(place: Place, content: bytes, words: list[str]) -> None:
    is_refused(place, place.run("capture", place.file(content, "paper.pdf")), 1, *words)


def test_a_pdf_file_that_is_locked_against_changes_alone_is_read(place: Place) -> None:
    assert place.run("capture", place.file(locked(""), "paper.pdf"), "--id", "x").code == 0
    assert "consulted several charities" in (place.captures / "x.txt").read_text(encoding="utf-8")


# --- usage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nothing.html"], ["no file nothing.html"]),
        (["data"], ["neither a web address nor a file"]),
        (["data/dataset.yaml"], ["neither", ".pdf"]),
        (["bad\udcff.html"], ["no file"]),
        (["https://example.org/\udcff"], ["not an address"]),
        (["ftp://example.org/x"], ["its scheme is 'ftp'"]),
        (["file:///etc/passwd"], ["its scheme is 'file'"]),
        (["javascript:alert(1)"], ["its scheme is 'javascript'"]),
        (["https://kim:pass@example.org/x"], ["contains a user name or a password"]),
        (["https://kim@example.org/x"], ["contains a user name"]),
        (["https://"], ["no valid host name"]),
        (["https://exa mple.org/"], ["no valid host name"]),
        (["https://example.org:99999/"], ["not an address"]),
        (["https://[::1/"], ["not an address"]),
        (["https://example.org\\@127.0.0.1/"], ["user name"]),
        (["http://exa\nmple.org/"], ["not an address"]),
        (["https://example.org/" + "x" * 3000], ["too long"]),
        (["PAGE", "--id", "Not An Id"], ["is not a valid id", "--id not-an-id"]),
        (["PAGE", "--id", "../x"], ["is not a valid id"]),
        (["PAGE", "--kind", "newspaper"], ["no kind of source 'newspaper'"]),
        (["PAGE", "--encoding", "klingon"], ["no encoding 'klingon'"]),
    ],
)
def test_a_mistake_is_reported_with_a_solution(place: Place, args: list[str], words: list[str]) -> None:
    path = place.file(page())
    said = place.run("capture", *[path if one == "PAGE" else one for one in args])
    is_refused(place, said, 2, *words)
    assert "pass@" not in said.err


def test_without_a_workspace_it_says_how_to_start_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    is_refused(place, place.run("capture", place.file(page())), 2, "No workspace at", "graphkit init")


@pytest.mark.parametrize(
    ("package", "name", "content"), [("trafilatura", "x.html", page()), ("pypdf", "x.pdf", pdf("x"))]
)
def test_a_missing_library_is_named(
    place: Place, monkeypatch: pytest.MonkeyPatch, package: str, name: str, content: str | bytes
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    said = place.run("capture", place.file(content, name))
    is_refused(place, said, 2, package, "pip install 'graphkit[curate]'")


# --- the network: only what may be asked is asked ----------------------------------------------------


@dataclass
class Site:
    """A server on loopback that counts who asks for what."""

    port: int
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, body: str | bytes = b"", *, status: str = "200", **headers: str) -> str:
        """Answer a path with some bytes; of the headers, the underscores are hyphens."""
        content = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content))}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}

        def send(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(int(status))
            for name, value in named.items():
                if value:
                    handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = send
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.answer(path, status=str(status), Location=to)


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.asked.append(self.path)
            one.heads.append(dict(self.headers))
            with contextlib.suppress(OSError):
                one.answers[self.path](self)

        def log_message(self, *_args: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            pass  # a client that goes away is what is tested

    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    one = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        one.answer("/news/1", page(SITE + DATE))
        yield one


@pytest.mark.parametrize(
    ("printed", "captured"),
    [
        ("In 2012<sup>4</sup> it rose 10<sup>6</sup>.<sup><a href='#n'>[3]</a></sup>", "In 2012⁴ it rose 10⁶.[³]"),
        ("It was asked in <time>May 2020</time> and left.", "It was asked in May 2020 and left."),
        ("She said <q>we were asked</q> and <label>left</label>.", "She said we were asked and left."),
        ("It is <math><mi>x</mi><mo>=</mo><mn>5</mn></math> now.", "It is x=5 now."),
        ("It <span hidden>never </span>asked.", "It asked."),
        ("It <span style='Display: none'>never </span>asked.<template>No.</template>", "It asked."),
        ("It <em hidden=until-found>never</em> asked.", "It never asked."),
    ],
)
def test_a_sentence_is_captured_as_the_page_shows_it(place: Place, printed: str, captured: str) -> None:
    assert place.run("capture", place.file(page(SITE + DATE, f"{BODY}<p>{printed}</p>")), "--id", "x").code == 0
    assert captured in (place.captures / "x.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("tag", ["del", "s", "strike", "span style='text-decoration: line-through'"])
def test_words_that_are_struck_through_are_left_out_and_named(place: Place, tag: str) -> None:
    body = f"{BODY}<p>It paid <{tag}>£500</{tag.partition(' ')[0]}> <ins>£700</ins>.</p>"
    said = place.run("capture", place.file(page(SITE + DATE, body)), "--id", "x")
    assert "warning  struck-words" in said.err
    assert "'£500'" in said.err
    assert "It paid £700." in (place.captures / "x.txt").read_text(encoding="utf-8").splitlines()


LOOPBACK = ("--allow-host", "127.0.0.1")


def test_tables_and_lists_have_no_marks_that_the_page_does_not_show(place: Place) -> None:
    prose = "<p>" + "The council met on Tuesday evening to discuss the cameras in the street. " * 6 + "</p>"
    table = "<table><tr><th>Year</th><th>Sum</th></tr><tr><td>2020</td><td>5,000 <b>pou</b>nds</td></tr></table>"
    items = "<ul><li>a first item</li><li>a second item<ol><li>inside it</li></ol> and its end</li></ul>"
    page = place.captures.parent / "p.html"
    page.write_text(f"<html><body><article><h1>Sums</h1>{prose}{table}{items}{prose}</article></body></html>", "utf-8")
    assert place.run("capture", str(page), "--id", "sums", "--to", str(place.captures)).code == 0
    text = (place.captures / "sums.txt").read_text(encoding="utf-8")
    lines = ["Year", "Sum", "2020", "5,000 pounds", "a first item", "a second item", "inside it", "and its end"]
    assert "\n".join(lines) in text
    proof = quote("2020 5,000 pounds a first item", text)
    assert (proof.starts, proof.ends) == ("2020", "a first item"), "a link cannot mark words of two cells together"


def test_a_page_is_fetched_stored_and_accepted_by_check(place: Place, site: Site) -> None:
    said = place.run("capture", site.url("/news/1"), *LOOPBACK)
    assert said.code == 0
    source = said.block["id"]
    assert source == "council-paid-for-more-cameras"
    assert said.block["url"] == site.url("/news/1")
    assert said.block["retrieved"] == TODAY
    assert site.asked == ["/news/1"]
    place.add(source, said.out)
    shutil.copytree(place.workspace.root / "captures", place.captures, dirs_exist_ok=True)
    assert [problem.code for problem in check(place.workspace, place.captures).problems] == ["doubtful-address"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0", "１２７.0.0.1", "LOCALHOST"],
)  # fmt: skip
def test_without_leave_a_private_host_is_not_asked(place: Place, site: Site, host: str) -> None:
    for leave in ([], ["--allow-host", "example.org"]):
        said = place.run("capture", site.url("/news/1", host), *leave)
        is_refused(place, said, 2, "was not fetched", "not a public address", "--allow-host")
    assert site.asked == []


def test_leave_is_for_the_name_that_was_given(place: Place, site: Site) -> None:
    is_refused(place, place.run("capture", site.url("/news/1", "localhost"), *LOOPBACK), 2, "localhost is at")
    assert site.asked == []
    assert place.run("capture", site.url("/news/1", "localhost"), "--allow-host", "LocalHost").code == 0
    assert site.asked == ["/news/1"]


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "100.100.100.200", "168.63.129.16", "0.0.0.1", "255.255.255.255", "224.0.0.1", "240.0.0.1",
        "198.18.0.1", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
        "ff0e::1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1",
        "2002:c0a8:101::1", "2001::1", "2001:db8::1", "64:ff9b:1::1", "100::1", "fec0::1", "4000::1",
    ],
)  # fmt: skip
def test_a_private_number_is_known(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number", ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_a_public_number_is_known(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("HTTP://EXAMPLE.org:80", "http://example.org/"),
        ("https://example.org:443/a b?q=é#top", "https://example.org/a%20b?q=%C3%A9"),
        ("https://exämple.org./%zz%41{|}", "https://xn--exmple-cua.org/%25zz%41%7B%7C%7D"),
        ("http://[2606:4700:0::1111]:8080/a:", "http://[2606:4700::1111]:8080/a:"),
    ],
)
def test_a_proposed_address_is_accepted_by_the_build(typed: str, url: str) -> None:
    assert parse_address(typed).url == url
    assert parse_address(url).url == url
    record = {"id": "x", "kind": "report", "publisher": "x", "title": "x", "url": url, "statements": {}}
    assert Source.model_validate(record).url == url


def names(*answers: str) -> Callable[..., list[Any]]:
    """Stand for the resolver: a name has these numbers at first, and a private one when asked again."""
    asked: list[str] = []

    def resolve(host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:  # noqa: ANN401 - stands for getaddrinfo
        asked.append(host)
        found = answers if len(asked) == 1 else ("127.0.0.1",)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in found]

    return resolve


@pytest.mark.parametrize("answers", [("10.0.0.1",), ("169.254.169.254",), ("1.1.1.1", "127.0.0.1"), ("fe80::1",)])
def test_a_name_that_leads_to_a_private_number_is_not_asked(
    place: Place, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", names(*answers))
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_kwargs: tried.append(args))
    is_refused(place, place.run("capture", "http://innocent.example/"), 2, "innocent.example is at", "--allow-host")
    assert tried == []


def test_the_connection_goes_to_the_number_that_was_checked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[tuple[str, int], float]] = []

    def connect(where: tuple[str, int], seconds: float) -> socket.socket:
        tried.append((where, seconds))
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", names("93.184.216.34", "1.1.1.1"))
    monkeypatch.setattr(socket, "create_connection", connect)
    is_refused(place, place.run("capture", "https://rebinding.example/"), 2, "Connection refused")
    assert [where for where, _ in tried] == [("93.184.216.34", 443), ("1.1.1.1", 443)]
    assert all(0 < seconds <= 10 for _, seconds in tried)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("file:///etc/passwd", ["redirects", "its scheme is 'file'"]),
        ("ftp://127.0.0.1/x", ["redirects", "its scheme is 'ftp'"]),
        ("data:text/html,x", ["redirects", "its scheme is 'data'"]),
        ("http://localhost:{port}/news/1", ["localhost is at", "public address"]),
        ("http://2130706433:{port}/news/1", ["2130706433 is at 127.0.0.1"]),
        ("//[::ffff:127.0.0.1]:{port}/news/1", ["public address"]),
        ("http://169.254.169.254/latest/meta-data/", ["169.254.169.254 is not a public address"]),
        ("http://kim:pass@127.0.0.1:{port}/news/1", ["redirects", "user name or a password"]),
        ("http://[broken/", ["redirects"]),
        ("/a", ["in a circle"]),
        ("", ["without an address"]),
    ],
)
@pytest.mark.parametrize("status", [301, 303, 308])
def test_a_redirect_is_checked_like_an_address(
    place: Place, site: Site, to: str, words: list[str], status: int
) -> None:
    url = site.redirect("/a", to.format(port=site.port), status)
    is_refused(place, place.run("capture", url, *LOOPBACK), 2, *words)
    assert site.asked == ["/a"]


def test_redirects_come_to_an_end(place: Place, site: Site) -> None:
    for number in range(40):
        site.redirect(f"/{number}", f"/{number + 1}")
    is_refused(place, place.run("capture", site.url("/0"), *LOOPBACK), 2, "too often")
    assert len(site.asked) == MAX_HOPS + 1


def test_a_redirect_is_followed_and_reported(place: Place, site: Site) -> None:
    said = place.run("capture", site.redirect("/old", "/news/1"), *LOOPBACK, "--id", "x")
    assert said.block["url"] == site.url("/news/1")
    assert f"{site.url('/old')}  warning  redirected" in said.err


@pytest.mark.parametrize("status", [206, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_an_answer_that_is_not_a_page_is_reported(place: Place, site: Site, status: int) -> None:
    url = site.answer("/x", page(), status=str(status))
    is_refused(place, place.run("capture", url, *LOOPBACK), 2, f"answered {status}")


@pytest.mark.parametrize(
    ("kind", "body"),
    [("image/png", b"\x89PNG\r\n\x1a\n"), ("application/zip", b"PK\x03\x04"), ("application/json", b'{"a": 1}')],
)
def test_another_sort_of_file_is_refused(place: Place, site: Site, kind: str, body: bytes) -> None:
    url = site.answer("/x", body, Content_Type=kind)
    is_refused(place, place.run("capture", url, *LOOPBACK), 1, "error  not-a-page", kind)


def test_the_encoding_that_the_server_names_goes_before_the_pages(place: Place, site: Site) -> None:
    body = page(body=f"<p>The café said no.</p>{BODY}").encode("cp1252")
    url = site.answer("/x", body, Content_Type='text/html; charset="windows-1252"')
    assert place.run("capture", url, *LOOPBACK, "--id", "x").code == 0
    assert "The café said no." in (place.captures / "x.txt").read_text(encoding="utf-8")


def test_a_pdf_file_is_fetched(place: Place, site: Site) -> None:
    url = site.answer("/x", pdf(*LINES), Content_Type="application/octet-stream")
    assert place.run("capture", url, *LOOPBACK, "--id", "x").code == 0
    assert place.stored() == ["x.pdf", "x.txt"]


# --- sizes, times, and lines that break --------------------------------------------------------------


def endless(sent: list[int], chunk: bytes, pause: float = 0.0) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """Send chunks for as long as the other side takes them, a minute at most."""

    def send(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            sent.append(len(chunk))
            time.sleep(pause)

    return send


def test_a_page_that_says_it_is_too_large_is_not_read(place: Place, site: Site) -> None:
    site.answer("/x", b"<p>", Content_Length="200000000")
    said = place.run("capture", site.url("/x"), *LOOPBACK)
    is_refused(place, said, 1, "error  file-too-large", "200,000,000 bytes", "20,000,000", "--max-bytes")


def test_a_page_that_does_not_say_how_large_it_is_is_counted(place: Place, site: Site) -> None:
    sent: list[int] = []
    site.answers["/x"] = endless(sent, b"x" * 65_536)
    is_refused(place, place.run("capture", site.url("/x"), *LOOPBACK), 1, "error  file-too-large")
    assert sum(sent) < 60_000_000, "no more than the limit and what is under way"


def test_packed_answers_are_measured_unpacked(place: Place, site: Site) -> None:
    bomb = gzip.compress(b"x" * 60_000_000, 9)
    assert len(bomb) < 100_000
    url = site.answer("/x", bomb, Content_Encoding="gzip")
    is_refused(place, place.run("capture", url, *LOOPBACK), 1, "error  file-too-large")
    twice = gzip.compress(page(SITE).encode()[:500]) + gzip.compress(page(SITE).encode()[500:]) + b"\x00" * 8
    url = site.answer("/y", twice, Content_Encoding="gzip")
    assert place.run("capture", url, *LOOPBACK, "--id", "y").code == 0
    assert (place.captures / "y.html").read_text(encoding="utf-8") == page(SITE)


def test_the_limit_is_the_users(place: Place, site: Site) -> None:
    size = len(page(SITE + DATE).encode())
    said = place.run("capture", site.url("/news/1"), *LOOPBACK, "--max-bytes", str(size - 1))
    is_refused(place, said, 1, "error  file-too-large", f"{size:,} bytes")
    assert place.run("capture", site.url("/news/1"), *LOOPBACK, "--max-bytes", str(size)).code == 0


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (page(), {"Content_Length": "9000"}, "ended after"),
        (b"ffff\r\n" + page().encode(), {"Content_Length": "", "Transfer_Encoding": "chunked"}, "cannot be read"),
        (gzip.compress(page().encode())[:-20], {"Content_Encoding": "gzip"}, "compressed data is incomplete"),
        (b"\x1f\x8bnonsense", {"Content_Encoding": "gzip"}, "cannot be read"),
        (page(), {"Content_Encoding": "br"}, "'br', which was not requested"),
    ],
)
def test_half_a_page_is_no_page(
    place: Place, site: Site, body: str | bytes, headers: dict[str, str], words: str
) -> None:
    is_refused(place, place.run("capture", site.answer("/x", body, **headers), *LOOPBACK), 2, words)


def silence(_handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def dripping_head(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for _ in range(30):
        handler.wfile.write(b"X")
        time.sleep(0.1)


@pytest.mark.parametrize("answer", [silence, dripping_head, endless([], b"x", 0.1)])
def test_a_server_that_is_too_slow_is_left(
    place: Place, site: Site, answer: Callable[[http.server.BaseHTTPRequestHandler], None]
) -> None:
    site.answers["/x"] = answer
    began = time.monotonic()
    said = place.run("capture", site.url("/x"), *LOOPBACK, "--timeout", "0.5")
    assert time.monotonic() - began < 2.5
    is_refused(place, said, 2, "did not answer in time", "--timeout")


def test_silence_and_connections_have_a_limit_of_their_own(site: Site) -> None:
    site.answers["/x"] = silence
    began = time.monotonic()
    with pytest.raises(FetchError, match="in time"):
        fetch(site.url("/x"), FetchLimits(connect=0.3, allowed=frozenset({"127.0.0.1"})), lambda _step: None)
    assert time.monotonic() - began < 2


def test_a_resolver_that_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: object, **_kwargs: object) -> list[Any]:
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    began = time.monotonic()
    with pytest.raises(FetchError, match="not found in time"):
        look_up(parse_address("http://slow.example/"), (), 0.2)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "greeting", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, b"\x00" * 100_000]
)
def test_a_server_without_http_is_reported(place: Place, greeting: bytes) -> None:
    def speak() -> None:
        line, _ = listener.accept()
        with contextlib.suppress(OSError), line:
            line.recv(4096)
            line.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=speak)
        thread.start()
        said = place.run("capture", f"http://127.0.0.1:{listener.getsockname()[1]}/", *LOOPBACK)
        thread.join()
    is_refused(place, said, 2, "cannot be read")


def test_nobody_listens(place: Place, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    is_refused(place, place.run("capture", f"http://127.0.0.1:{port}/", *LOOPBACK), 2, "Connection refused")
    assert site.asked == []


# --- what is sent ------------------------------------------------------------------------------------


def test_no_cookie_no_proxy_and_an_honest_name(place: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.answer("/old", status="302", Location="/news/1", Set_Cookie="id=1; Path=/")
    assert place.run("capture", site.url("/old"), *LOOPBACK).code == 0
    assert site.asked == ["/old", "/news/1"]
    sent = {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert [set(headers) for headers in site.heads] == [sent, sent]
    assert all(re.match(r"graphkit/\d+\.\d+\.\d+ \(.+\)$", headers["User-Agent"]) for headers in site.heads)


@pytest.fixture
def certified(tmp_path: Path) -> Iterator[tuple[Site, Path]]:
    """Serve over TLS, with a certificate that nobody has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(context) as one:
        one.answer("/news/1", page(SITE + DATE))
        yield one, certificate


def test_a_certificate_is_checked(place: Place, certified: tuple[Site, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    secure, certificate = certified
    url = secure.url("/news/1", "localhost").replace("http:", "https:")
    refused = place.run("capture", url, "--allow-host", "localhost")
    is_refused(place, refused, 2, "its certificate is not valid")
    assert secure.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    number = url.replace("localhost", "127.0.0.1")
    is_refused(place, place.run("capture", number, *LOOPBACK), 2, "its certificate is not valid")
    assert place.run("capture", url, "--allow-host", "localhost").code == 0
    assert secure.asked == ["/news/1"]


def test_a_server_without_tls_is_not_asked_over_https(place: Place, site: Site) -> None:
    is_refused(place, place.run("capture", site.url("/news/1").replace("http:", "https:"), *LOOPBACK), 2)
    assert site.asked == []


def test_a_script_captures_too(place: Place, site: Site) -> None:
    steps: list[str] = []
    options = CaptureOptions(source_id="x", limits=FetchLimits(allowed=frozenset({"127.0.0.1"})))
    found = capture(site.url("/news/1"), place.workspace, place.captures, options, steps.append)
    assert found.block
    assert found.block.values["id"] == "x"
    assert [path.name for path in found.files] == ["x.txt", "x.html"]
    assert steps == ["load", "connect", "download", "extract", "store"]


@pytest.fixture
def missing(place: Place, site: Site) -> Place:
    """Return a place with three sources on loopback: one page, one that does not exist, and one without an address."""
    [coded] = (place.workspace.root / "data" / "sources").glob("*.yaml")
    text = re.sub(r"(?m)^capture:.*\n(?: +.*\n)*", "", coded.read_text(encoding="utf-8"))
    for name, url in {"one": site.url("/news/1"), "two": site.url("/gone"), "three": ""}.items():
        with_id = re.sub(r"(?m)^id: .*", f"id: {name}", text)
        with_url = re.sub(r"(?m)^url: .*\n", f"url: {url}\n" if url else "", with_id)
        coded.with_stem(name).write_text(with_url, encoding="utf-8")
    site.answer("/gone", status="404")
    return place


def fetch_missing(place: Place, *words: str, pause: str = "0") -> tuple[Said, dict[str, dict[str, str]]]:
    said = place.run("capture", "--missing", "--pause", pause, "--format", "json", *LOOPBACK, *words)
    return said, {row["source"]: row for row in json.loads(said.out)}


def test_missing_captures_are_fetched_under_the_id_of_their_source(missing: Place, site: Site) -> None:
    site.answer("/robots.txt", "", status="404")
    said, rows = fetch_missing(missing)
    assert said.code == 1, "not all could be stored"
    assert {name: row["result"] for name, row in rows.items() if name in {"one", "two", "three"}} == {
        "one": "stored", "two": "failed", "three": "not tried"
    }  # fmt: skip
    assert "404" in rows["two"]["reason"]
    assert "no url" in rows["three"]["reason"]
    assert {"one.txt", "one.html"} <= set(missing.stored())


def test_a_second_run_asks_only_for_what_is_still_missing(missing: Place, site: Site) -> None:
    fetch_missing(missing)
    site.asked.clear()
    site.answer("/gone", page(SITE))
    _, rows = fetch_missing(missing)
    assert "one" not in rows
    assert rows["two"]["result"] == "stored"
    assert "/news/1" not in site.asked


def test_pages_that_robots_txt_excludes_are_not_fetched(missing: Place, site: Site) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /news/", Content_Type="text/plain")
    _, rows = fetch_missing(missing)
    assert rows["one"]["result"] == "not tried"
    assert "robots.txt" in rows["one"]["reason"]
    assert "/news/1" not in site.asked


def test_a_server_that_wants_fewer_requests_is_left_alone(missing: Place, site: Site) -> None:
    site.answer("/news/1", status="429")
    _, rows = fetch_missing(missing)
    assert (rows["one"]["result"], rows["two"]["result"]) == ("failed", "not tried")
    assert "/gone" not in site.asked


def test_requests_to_one_server_are_apart(missing: Place, site: Site) -> None:
    started = time.monotonic()
    fetch_missing(missing, pause="0.3")
    assert len(site.asked) == 3, "robots.txt and two pages"
    assert time.monotonic() - started > 0.6


@pytest.mark.parametrize(
    "words", [[], ["https://example.org", "--missing"], ["--missing", "--id", "x"], ["page.html", "--format", "csv"]]
)
def test_a_page_and_missing_exclude_each_other(place: Place, words: list[str]) -> None:
    assert place.run("capture", *words).code == 2

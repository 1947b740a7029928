"""The page of the svg engine: every edge and statement is in it, text is inert, bytes are stable."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from evidence import ends_of
from markup import Markup
from test_view import BASE, add_entity, add_statement, disputed_network, empty_network, relate
from test_view_browser import PAYLOADS, hostile_network, lively_network

from graphkit.analysis.outline import MOST_EDGES
from graphkit.model.errors import QueryError
from graphkit.model.stories import Step, Story
from graphkit.view import ENGINES, FORMATS, view
from graphkit.view.drawing import draw
from graphkit.view.page.page import address_of, caption_of, render, script
from graphkit.view.page.svg import picture

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
TESTS = Path(__file__).parents[1]
STATIC = FRONTEND.parent / "graphkit/view/static"

if TYPE_CHECKING:
    import networkx as nx


@pytest.fixture(name="network")
def _network() -> nx.MultiDiGraph[str]:
    return disputed_network()


def large_network(edges: int = MOST_EDGES + 1, groups: int = 30) -> nx.MultiDiGraph[str]:
    """Rings of entities, one for each group, with a few lines between the rings."""
    network = empty_network("Large")
    size = edges // groups
    for i in range(groups * size):
        add_entity(network, f"x{i}", f"Entity {i}", "Organisation" if i % 2 else "Topic")
    for i in range(edges):
        group, place = divmod(i, size)
        group %= groups
        other = group * size + (place + 1 + i % 3) % size if i % 50 else ((group + 1) % groups) * size
        relate(network, f"x{group * size + place}", f"x{other}", "claimed" if i % 2 else "reported")
    return network


def ids(page: str, tag: str, prefix: str) -> list[str]:
    named = [given.get("data-i", given.get("id", "")) for given in Markup(page).all(tag)]
    return [name for name in named if name.startswith(prefix)]


def between(page: str, start: str, end: str = "</table>") -> str:
    return page.partition(start)[2].partition(end)[0]


# --- nothing is lost ---


def test_every_edge_and_node_is_drawn_and_in_the_tables(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    edges, nodes = ids(page, "g", "e-"), ids(page, "g", "n-")
    assert len(edges) == len(set(edges)) == network.number_of_edges()
    assert len(nodes) == len(set(nodes)) == network.number_of_nodes()
    entities = between(page, '<table id="entities">')
    keys = {_edge_hash(network, key): [f"n-{end.rpartition('/')[2]}" for end in (a, b)] for a, b, key in network.edges}
    assert ends_of(page) == [keys[edge.removeprefix("e-")] for edge in edges]
    assert [given["href"] for given in Markup(entities).all("a")] == [f"#{node}" for node in nodes]


def test_every_statement_has_one_row(network: nx.MultiDiGraph[str]) -> None:
    rows = ids(render(network), "tr", "s.")
    assert len(rows) == len(set(rows)) == len(network.graph["evidence"])


def test_an_edge_links_to_the_row_of_a_statement_of_another_edge() -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    said = add_statement(network, "s1")
    relate(network, "a", "b", statements=(said,))
    relate(network, "b", "a", "denied", statements=(said,))
    page = render(network)
    assert len(ids(page, "tr", "s.")) == 1
    assert "<a href=#s0>The Gazette: see above</a>" in page


def test_what_rows_share_is_written_once() -> None:
    network = empty_network()
    add_entity(network, "a")
    title, page_of_source = "A title as long as titles are", "https://news.example/a"
    for name, how in (("one", "leaked"), ("two", "leaked"), ("three", "on-record")):
        url = f"{page_of_source}#:~:text={name},%E2%80%9Cb%2Dc"
        said = add_statement(
            network, name, id=f"review-2021/{name}", source_title=title, url=url, via="", passage=f"{name} … “b-c",
            evidence="unverified" if name == "two" else "confirmed", publicity=how,
        )  # fmt: skip
        relate(network, "a", "a", statements=(said,))
    page = render(network)
    assert page.count(title) == page.count(page_of_source) == 1
    assert f'<tr id=o1><th>review-2021<td><a href="{page_of_source}">{title}</a>' in page
    assert "Unless a row says otherwise: <i>passage confirmed</i>, <i>leaked</i>" in page
    assert "<a href=#o1>[1]</a> “one … “b-c”<tbody>" in page
    assert "<a href=#o1>[1]</a> “two … “b-c” <i>passage not verified</i><tbody>" in page
    assert "<a href=#o1>[1]</a> “three … “b-c” <em>on-record</em>" in page


@pytest.mark.parametrize("fields", [
    {"url": "https://news.example/a#page=4"}, {"url": "https://news.example/a#:~:text=other"}, {"url": "urn:isbn:1"},
    {"id": "gazette/é"}, {"passage": " funds"}, {"passage": "a\u202eb"}, {"source_title": "The title of another part"},
])  # fmt: skip
def test_a_row_that_cannot_be_restored_is_complete(fields: dict[str, str]) -> None:
    network = empty_network()
    add_entity(network, "a")
    usual = {"url": "https://news.example/a#:~:text=funds", "passage": "funds", "source_title": "The title"}
    for number in (1, 2):
        relate(network, "a", "a", statements=(add_statement(network, f"s{number}", **usual),))
    said = add_statement(network, "s3", **{**usual, **fields})
    relate(network, "a", "a", statements=(said,))
    page = render(network)
    assert page.count("<a href=#o1>[1]</a>") == 2
    assert len(ids(page, "tr", "s.")) == 1
    assert "<em>on-record</em>" in page


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("url", "evidence", "notes"), [
    ("https://news.example/a", "verified", "news.example · passage verified: “funds … drones”, at character 120"),
    ("https://news.example/a", "unverified", "news.example · passage not verified: “funds … drones”, at character 120"),
    ("urn:isbn:1", "verified", "passage verified: “funds … drones”, at character 120"),
])  # fmt: skip
def test_a_row_has_the_host_of_its_link_and_the_passage_and_whether_it_is_verified(
    tmp_path: Path, engine: str, url: str, evidence: str, notes: str
) -> None:
    network = empty_network()
    add_entity(network, "a")
    statement = add_statement(
        network, "s", url=url, evidence=evidence, via="", passage="funds … drones", position="120"
    )
    relate(network, "a", "a", statements=(statement,))
    view(network, tmp_path / "page.html", engine)
    row = between((tmp_path / "page.html").read_text(encoding="utf-8"), 'data-i="s.gazette/s"', "</table>")
    assert f" <small>{notes}</small> <em>on-record</em>\n" in row


def test_statements_without_an_object_entity_are_listed_and_counted_as_hidden() -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    relate(network, "a", "b")
    alone = add_statement(network, "alone")
    network.graph["undrawn"] = {BASE + "a": [alone]}
    network.graph["total"] = 2
    page = render(network)
    assert 'data-i="s.gazette/alone"' in page
    assert "1 of 2 statements drawn; 1 hidden." in page


def test_parallel_edges_run_apart(network: nx.MultiDiGraph[str]) -> None:
    paths = re.findall(r'<g class="e [^>]*><path d="([^"]+)"', render(network))
    assert len(set(paths)) == len(paths) == network.number_of_edges()


def test_a_thousand_parallel_edges_are_all_there() -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    for _ in range(1000):
        relate(network, "a", "b")
    lines = json.loads(between(render(network), 'id="rest">', "</script>"))["looks"].split()
    assert len({line[:10] for line in lines}) == 1000, "one line is drawn for all, and the script draws each"


@pytest.mark.parametrize("nodes", [0, 1])
def test_an_empty_network_and_a_single_node_make_a_page(nodes: int) -> None:
    network = empty_network()
    for number in range(nodes):
        network.add_node(f"{BASE}{number}", label="", kind="Unheard", slug="")
    page = render(network)
    assert len(ids(page, "g", "n-")) == nodes
    assert "0 of 0 statements drawn; 0 hidden." in page


def test_a_missing_or_broken_date_is_no_error() -> None:
    network = empty_network()
    add_entity(network, "a")
    for number, said in enumerate(("", "whenever", "2019/2018", "../2019", "2019-06~")):
        relate(network, "a", "a", statements=(add_statement(network, f"s{number}", said=said),))
    days = [given.get("data-d") for given in Markup(render(network)).all("tr") if "data-i" in given]
    assert days == [None, None, None, "/2019-12-31", "2019-06-01/2019-06-30"]


# --- colours and lines ---


def test_only_plain_edges_are_solid(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    for _, _, key, data in network.edges(keys=True, data=True):
        status = re.search(rf'<g class="e p\d t(\d+)[^"]*" id="e-{_edge_hash(network, key)}"', page)
        assert status
        assert (status[1] == "0") is (data["status"] == "reported")
    assert not re.search(r"\.t0>path\{[^}]*dasharray", page)
    for number in range(1, 10):
        assert re.search(rf"\.t{number}>path\{{[^}}]*;stroke-dasharray:\d", page)


def _edge_hash(network: nx.MultiDiGraph[str], key: str) -> str:
    source, target = next((a, b) for a, b, one in network.edges(keys=True) if one == key)
    return hashlib.sha256(f"{source} {target} {key}".encode()).hexdigest()[:10]


# --- the file ---


def test_the_policy_names_each_script_and_style(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    policy = next(given["content"] for given in Markup(page).all("meta") if "http-equiv" in given)
    for tag in ("script", "style"):
        parts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'" for part in parts}
        assert parts
        assert hashes == set(re.search(rf"{tag}-src ([^;]+)", policy)[1].split())  # type: ignore[index]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")


def test_the_page_makes_no_request(network: nx.MultiDiGraph[str]) -> None:
    page = re.sub(r"<script>.*?</script>", "", render(network), flags=re.DOTALL)
    assert not re.search(r"<(?:link|img|iframe|object|embed|base|form)\b", page)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|innerHTML|eval\(", script())


@pytest.mark.parametrize("name", ["view", "overview"])
def test_the_script_is_small(name: str) -> None:
    assert len(script(name).encode()) < 40_000


def test_the_scripts_are_made_from_their_sources() -> None:
    used = set()
    for made in sorted(STATIC.glob("*.min.js")):
        head = made.read_text(encoding="utf-8").partition("\n")[0]
        found = re.fullmatch(r'// Made by "make script" from (.+); sha256 ([0-9a-f]{64})', head)
        assert found, made.name
        sources = found[1].split()
        digest = hashlib.sha256(b"".join((FRONTEND / source).read_bytes() for source in sources)).hexdigest()
        assert found[2] == digest, f"{made.name} is older than its sources. Run: make script"
        used |= set(sources)
    assert used >= {
        f"{folder}/{path.name}" for folder in ("view", "vis") for path in (FRONTEND / folder).glob("*.js")
    }, "each module is in a script"


@pytest.mark.skipif(
    not shutil.which("node") or not (FRONTEND / "node_modules/terser").is_dir(), reason="needs node and make web"
)
def test_bundling_the_sources_again_gives_the_same_scripts(tmp_path: Path) -> None:
    subprocess.run(["node", "view.mjs", str(tmp_path)], cwd=FRONTEND, check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in STATIC.glob("*.min.js")}


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path[:0] = {[str(TESTS / 'view'), str(TESTS / 'support')]}; "
        "from test_view import disputed_network; "
        "from graphkit.view.page.page import render; import hashlib; "
        "print(hashlib.sha256(render(disputed_network()).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


def test_keys_stay_when_the_network_grows(network: nx.MultiDiGraph[str]) -> None:
    before = {*ids(render(network), "g", "n-"), *ids(render(network), "g", "e-")}
    add_entity(network, "aa-first", "First of all")
    relate(network, "aa-first", "a")
    assert before < {*ids(render(network), "g", "n-"), *ids(render(network), "g", "e-")}


@pytest.mark.parametrize("name", [*ENGINES, *FORMATS])
def test_each_engine_and_format_writes_one_file(network: nx.MultiDiGraph[str], tmp_path: Path, name: str) -> None:
    path = tmp_path / "picture"
    form = name if name in FORMATS else "html"
    # One name is both: the svg engine writes a page, the svg format a picture.
    view(network, path, engine=name if name in ENGINES else "svg", form=form)
    assert [one.name for one in tmp_path.iterdir()] == ["picture"]
    start = {"html": b"<!doctype html>", "svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[form]
    assert path.read_bytes().startswith(start)


def test_an_unknown_engine_or_format_is_named(network: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="'gl'"):
        view(network, tmp_path / "x", engine="gl")
    with pytest.raises(QueryError, match="'gif'"):
        view(network, tmp_path / "x", form="gif")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_a_figure_has_the_same_bytes_each_time(network: nx.MultiDiGraph[str], tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        view(network, tmp_path / name, form=form)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_svg_is_self_contained(network: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    view(network, tmp_path / "a.svg", form="svg")
    root = ET.parse(tmp_path / "a.svg").getroot()  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}g[@id='edges']/{space}g")) == network.number_of_edges()
    foot = root.find(f"{space}text[@class='foot']")
    assert foot is not None
    assert foot.text
    for part in ("Who said what", "policy: attributed", "version 1.2", "licence: CC-BY-4.0"):
        assert part in foot.text


@pytest.mark.parametrize("entities", [2, 40, 120])
def test_the_caption_is_inside_the_picture_and_large_enough_to_read(entities: int) -> None:
    made = lively_network(entities, entities)
    root = ET.fromstring(picture(draw(made), caption_of(made)))  # noqa: S314 - our own text
    left, top, wide, high = map(float, root.attrib["viewBox"].split())
    foot = root.find("{http://www.w3.org/2000/svg}text[@class='foot']")
    assert foot is not None
    x, y, letter = (float(foot.attrib[name]) for name in ("x", "y", "font-size"))
    assert left <= x < x + len(foot.text or "") * letter * 0.5 <= left + wide
    assert top < y < top + high
    assert letter >= max(9, wide * 0.008)


# --- text of strangers ---


def structure(page: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(sorted(given))) for tag, given in Markup(page).found]


@cache
def of_harmless_text() -> list[tuple[str, tuple[str, ...]]]:
    return structure(render(hostile_network("harmless")))


@pytest.mark.parametrize("text", PAYLOADS)
def test_text_adds_no_element_and_no_attribute(text: str) -> None:
    harmless, found = of_harmless_text(), structure(render(hostile_network(text)))
    # A text may have no web address or no date, and so lack a link or an attribute; it never adds one.
    assert {tag for tag, _ in found} <= {tag for tag, _ in harmless} | {"a", "tspan"}
    assert {name for _, names in found for name in names} <= {name for _, names in harmless for name in names} | {
        "href"
    }


@pytest.mark.parametrize("text", PAYLOADS)
def test_the_svg_of_any_text_is_xml(text: str, tmp_path: Path) -> None:
    view(hostile_network(text), tmp_path / "a.svg", form="svg")
    root = ET.parse(tmp_path / "a.svg").getroot()  # noqa: S314 - our own file
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "style", "defs", "path", "marker", "g", "text", "tspan", "use"}


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_any_text_can_be_plotted(form: str, tmp_path: Path) -> None:
    view(hostile_network("$\\frac{1}{0}$ <b>", "\u202eabc\ud800"), tmp_path / "a", form=form)
    assert (tmp_path / "a").stat().st_size > 1000


# --- large ---


def packed(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="groups">(.*?)</script>', page, re.DOTALL)
    assert found
    return {key: json.loads(gzip.decompress(base64.b64decode(text))) for key, text in json.loads(found[1]).items()}


@cache
def large_page() -> tuple[nx.MultiDiGraph[str], str]:
    """Return a large network, with an entity whose label ends a script element, and its page."""
    network = large_network()
    add_entity(network, "evil", "</script><script>window.__pwned=1</script>")
    relate(network, "evil", "x0")
    return network, render(network)


def test_a_large_network_opens_on_groups_that_count_everything() -> None:
    network, page = large_page()
    groups = packed(page)
    assert len([key for key in ids(page, "g", "n-") if "~" not in key]) == len(groups) <= 26
    assert sum(len(group["nodes"]) for group in groups.values()) == network.number_of_nodes()
    between = int(re.search(r"([\d,]+) relations between groups", page)[1].replace(",", ""))  # type: ignore[index]
    assert sum(group["relations"] for group in groups.values()) + between == network.number_of_edges()
    total = network.graph["total"]
    assert f"0 of {total:,} statements drawn; {total:,} hidden." in page
    assert "between groups: all relations, also what is claimed, planned or denied" in page


def test_a_group_states_the_status_of_a_denial_whose_label_names_it() -> None:
    network = large_network()
    for *_, data in network.edges(data=True):
        data.update(status="denied", plain=False, label="denied that … it paid", verb="denied that", rest="it paid",
                    unmarked=True)  # fmt: skip
    group = next(iter(packed(render(network)).values()))
    assert group["between"][0][2:6] == ["denied that", "denied", "", "it paid"]


def test_a_group_contains_its_evidence() -> None:
    group = next(iter(packed(large_page()[1]).values()))
    source, target, relation, *_, told = group["between"][0]
    assert {source, target} <= set(range(len(group["nodes"])))
    assert relation == "consulted"
    assert told[0][0].startswith("s.gazette/")


def test_text_in_a_group_cannot_end_its_element() -> None:
    assert "__pwned" not in large_page()[1]
    assert any("__pwned" in str(group["nodes"]) for group in packed(large_page()[1]).values())


# --- stories ---


def test_a_story_is_a_list_of_links_to_states(network: nx.MultiDiGraph[str]) -> None:
    step = Step("Who <paid>", ("a",), {"status": ("planned", "claimed")}, 2019, 2021)
    network.graph["story"] = Story("Money", (step, Step("All")))
    page = render(network)
    assert address_of(step) == "at=n-a&hops=1&only-status=planned&only-status=claimed&since=2019&until=2021"
    assert "Who &lt;paid&gt;</a>" in page
    assert page.count("<li><a href=") == 2

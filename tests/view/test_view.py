"""Pictures: every edge drawn, nothing told by colour alone, text inert, bytes stable, files whole."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import math
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import combinations, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from evidence import ends_of, keys_by_name
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.analysis.statements import StatementView
from graphkit.model.errors import ExportError
from graphkit.model.text import visible, web_link
from graphkit.view.drawing import draw
from graphkit.view.encoding import NODE_STYLES, STATUSES
from graphkit.view.layout.boxes import Box
from graphkit.view.layout.routing import Connector, routes_of
from graphkit.view.layout.stress import Rectangle, arranged, packed
from graphkit.view.vis.network import OfflineNetwork
from graphkit.view.vis.page import render, write_page

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://example.org/"
STATED = STATUSES.keys() - {"reported"}


def empty_network(title: str = "Who said what", total: int = 0) -> nx.MultiDiGraph[str]:
    return nx.MultiDiGraph(
        title=title, dataset=BASE + "dataset", version="1.2", licence="CC-BY-4.0",
        policy="attributed", total=total, drawn=0, evidence={}, numbers=count(),
    )  # fmt: skip


def add_entity(network: nx.MultiDiGraph[str], slug: str, label: str = "", kind: str = "Organisation") -> None:
    network.add_node(BASE + slug, label=label or slug.title(), kind=kind, slug=slug)


def add_statement(network: nx.MultiDiGraph[str], key: str, **fields: str) -> str:
    usual: dict[str, Any] = {
        "iri": f"{BASE}statement/{key}", "id": f"gazette/{key}", "speaker": "The Gazette",
        "stance": "asserts", "gist": f"Gist of {key}.", "source": f"{BASE}source/gazette",
        "source_title": f"Title of {key}", "url": f"https://news.example/{key}#:~:text=a,b",
        "said": "2021-03~", "via": "The Guardian", "passage": "page 4", "publicity": "on-record",
    }  # fmt: skip
    statement = StatementView(**{**usual, **fields})
    network.graph["evidence"][statement.iri] = statement
    return statement.iri


def relate(
    network: nx.MultiDiGraph[str],
    source: str,
    target: str,
    status: str = "reported",
    statements: tuple[str, ...] | None = None,
    **fields: object,
) -> str:
    number = next(network.graph["numbers"])  # number_of_edges() takes longer with each edge
    said = (add_statement(network, f"s{number:03}"),) if statements is None else statements
    usual: dict[str, object] = {
        "relation": "consulted", "label": "consulted", "polarity": "neutral", "status": status,
        "plain": status == "reported", "scope": "", "statements": said,
        "speakers": ("The Gazette",), "stances": ("asserts",), "disputes": (),
    }  # fmt: skip
    key = f"{BASE}proposition/{number:03}"
    network.add_edge(BASE + source, BASE + target, key=key, **{**usual, **fields})
    network.graph["drawn"] = network.graph["total"] = len(network.graph["evidence"])
    return key


def disputed_network() -> nx.MultiDiGraph[str]:
    """Parallel, reverse and self edges, each status, a component apart and a lonely node."""
    network = empty_network()
    for slug, kind in zip("abcdefghijklmnop", NODE_STYLES, strict=True):
        add_entity(network, slug, f"Entity {slug.upper()}", kind)
    add_entity(network, "lonely", "Alone")
    for status in STATUSES:
        relate(network, "a", "b", status, polarity="critical", scope="before launch")
    relate(network, "b", "a", "denied")
    relate(network, "b", "a")
    for status in ("reported", "disputed", "planned"):
        relate(network, "a", "a", status)
    for one, other in zip("acdefgh", "cdefghi", strict=True):
        relate(network, one, other, polarity="supportive")
    relate(network, "j", "k", "claimed")
    both = add_statement(network, "x1"), add_statement(network, "x2")
    relate(network, "l", "m", statements=both)
    network.graph["total"] += 5
    return network


# --- reading a page ---


class Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = [("", {})]
        self.raw: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.found[-1]
        if tag in {"script", "style"} and data.strip() and self.lasttag == tag:
            self.raw.append((attributes.get("type", tag), data))
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@dataclass
class Group:
    """The rows of a relation in the table of a page: its ends, its relation and the texts of its statements."""

    ends: list[str]
    mark: str
    relation: str
    gists: list[str]


def groups_of(page: str) -> list[Group]:
    """Read the table of relations, in the order of the edges."""
    table = page.partition('<table id="relations">')[2].partition("</table>")[0]
    found = []
    ends = ends_of(page)
    for number, body in enumerate(re.split("<tbody[^>]*>", table)[1:]):
        head, *rows = re.split("<tr[^>]*>", body)[1:]
        mark = re.search("<b>(.*?)</b>", head)
        relation = re.search("<i>(.*?)</i>", head)
        cells = [re.split("<td[^>]*>", row) for row in rows]
        found.append(Group(
            ends[number] if number < len(ends) else [], unescape(mark[1]) if mark else "",
            unescape(relation[1]) if relation else "", [unescape(cell[3]) for cell in cells if len(cell) > 3],
        ))  # fmt: skip
    return found


def entity_rows(page: str) -> list[list[str]]:
    """Read the table of entities: name, kind, other names, identifier."""
    table = page.partition('<table id="entities">')[2].partition("</table>")[0]
    start = re.search('<span id="base">(.*?)</span>', table)
    found = []
    keys = list(keys_by_name(page).values())
    for row, key in zip(
        table.partition("<tbody>")[2].partition("</tbody>")[0].strip().split("<tr>")[1:], keys, strict=False
    ):
        cells = [unescape(re.sub("<.*?>", "", cell)).strip() for cell in row.split("<td>")]
        name, kind, also, iri = [*cells, "", ""][:4]
        rest = iri or key.removeprefix("n-")
        found.append([name, kind, also, rest if ":" in rest else (unescape(start[1]) if start else "") + rest])
    return found


@pytest.fixture(name="network")
def _network() -> nx.MultiDiGraph[str]:
    return disputed_network()


# --- nothing is lost ---


def test_page_has_every_edge_and_node(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    edges, nodes = network.number_of_edges(), network.number_of_nodes()
    data = data_of(page)
    assert [edge["id"] for edge in data["edges"]] == [f"e{i}" for i in range(edges)]
    assert [node["id"] for node in data["nodes"]] == [f"n{i}" for i in range(nodes)]
    # The rows of the tables are in the same order, by which the script joins them.
    keys = re.findall(r"<tr><th><a href=#([\w-]+)>", page.partition('<table id="entities">')[2])
    assert len(keys) == len(set(keys)) == nodes
    ends = [[keys[int(edge[end][1:])] for end in ("from", "to")] for edge in data["edges"]]
    assert [group.ends for group in groups_of(page)] == ends


def test_page_lists_the_statements_of_each_edge(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    names = [row[3] for row in entity_rows(page)]
    found = sorted(
        (names[int(edge["from"][1:])], names[int(edge["to"][1:])], gist)
        for edge, group in zip(data_of(page)["edges"], groups_of(page), strict=True)
        for gist in group.gists
    )
    evidence = network.graph["evidence"]
    assert found == sorted(
        (source, target, evidence[iri].gist)
        for source, target, edge in network.edges(data=True)
        for iri in edge["statements"]
    )


def test_page_counts_what_is_hidden(network: nx.MultiDiGraph[str]) -> None:
    drawn = len(network.graph["evidence"])
    assert f"{drawn} of {drawn + 5} statements drawn; 5 hidden." in render(network)


def test_empty_network_gives_a_page() -> None:
    page = render(empty_network())
    assert "0 of 0 statements drawn; 0 hidden." in page
    assert data_of(page)["nodes"] == []


def test_an_edge_without_statements_is_in_the_table() -> None:
    network = empty_network()
    add_entity(network, "a")
    relate(network, "a", "a", statements=())
    assert "no statement" in render(network)


# --- what is not plain never looks plain ---


@pytest.mark.parametrize("status", sorted(STATUSES))
@pytest.mark.parametrize("plain", [True, False])
def test_only_reported_and_plain_edges_are_solid(status: str, plain: bool) -> None:
    network = empty_network()
    add_entity(network, "a")
    add_entity(network, "b")
    relate(network, "a", "b", status, plain=plain)
    edge = data_of(render(network))["edges"][0]
    assert bool(edge["dashes"]) is not (plain and status == "reported")
    assert (edge["label"] == "consulted") is (plain and status == "reported")
    if status in STATED:
        assert edge["label"] == f"{status}: consulted"


def test_kinds_differ_without_colour() -> None:
    # The size of its mark and the count in its label distinguish a group from a single thing.
    single = [kind for name, kind in NODE_STYLES.items() if name != "Community"]
    assert len({(kind.shape, kind.hollow) for kind in single}) == len(single)


def test_statuses_differ_without_colour() -> None:
    assert len({status.dashes for status in STATUSES.values()}) == len(STATUSES)
    assert len({status.mark for status in STATUSES.values()}) == len(STATUSES)
    bars = {name: (status.colour, status.notches) for name, status in STATUSES.items() if name != "answered"}
    assert len(set(bars.values())) == len(bars), "bars of one colour differ by their notches"


# --- parallel edges apart, nodes apart ---


def curve_of(edge: dict[str, Any]) -> tuple[Any, ...]:
    """Return an edge's ends and its bend, seen from the lower end."""
    if edge["from"] == edge["to"]:
        return edge["from"], edge["to"], edge["selfReference"]["angle"]
    bend = 0.0
    if edge["smooth"]:
        bend = edge["smooth"]["roundness"] * (1 if edge["smooth"]["type"] == "curvedCW" else -1)
    low, high = sorted((edge["from"], edge["to"]))
    return low, high, bend if edge["from"] == low else -bend


def test_parallel_reverse_and_self_edges_are_apart(network: nx.MultiDiGraph[str]) -> None:
    curves = [curve_of(edge) for edge in data_of(render(network))["edges"]]
    assert len(set(curves)) == len(curves)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_any_multigraph_is_drawn_whole_and_apart(pairs: list[tuple[int, int]]) -> None:
    network = empty_network()
    for i in range(10):
        add_entity(network, f"n{i}", f"A rather long name, number {i}")
    for one, other in pairs:
        relate(network, f"n{one}", f"n{other}")
    drawing = draw(network)
    assert len(drawing.edges) == len(pairs)
    bends: dict[tuple[str, str], list[float]] = {}
    for stroke in drawing.edges:
        low, high = sorted((stroke.source, stroke.target))
        bends.setdefault((low, high), []).append(stroke.curvature if stroke.source == low else -stroke.curvature)
    for bundle in bends.values():
        assert all(abs(a - b) > 0.02 for a, b in combinations(bundle, 2))


def overlaps(places: dict[str, tuple[int, int]], boxes: dict[str, Box]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(places, 2):
        (x1, y1), (x2, y2), a, b = places[one], places[other], boxes[one], boxes[other]
        across = (a.width + b.width) / 2 - abs(x1 - x2)
        down = (a.height + b.height) / 2 - abs(y1 + a.drop - y2 - b.drop)
        if across > 1 and down > 1:  # places are whole pixels
            yield one, other


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(20, 200), st.integers(20, 80)), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60),
)
def test_no_two_boxes_overlap(sizes: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> None:
    boxes = {f"n{i}": Box(wide, high, high / 4) for i, (wide, high) in enumerate(sizes)}
    links = [(f"n{a}", f"n{b}") for a, b in pairs if a < len(sizes) > b]
    places = arranged(boxes, links)
    assert list(places) == list(boxes)
    assert not list(overlaps(places, boxes))
    assert max(abs(c) for place in places.values() for c in place) < 40_000


def test_many_components_and_many_nodes_stay_apart() -> None:
    boxes = {f"n{i:03}": Box(90, 50, 10) for i in range(400)}
    links = [(f"n{i:03}", f"n{i // 3:03}") for i in range(1, 300)]
    links += [(f"n{i:03}", f"n{i + 1:03}") for i in range(300, 400, 2)]
    assert not list(overlaps(arranged(boxes, links), boxes))


def test_small_components_are_placed_around_a_large_one() -> None:
    ring = [(1000 + 900 * math.cos(i / 30), 500 + 450 * math.sin(i / 30)) for i in range(189)]
    first = [Rectangle(x - 30, y - 15, 60, 30) for x, y in ring]
    corners = packed([(1900, 1000), *[(90.0, 50.0)] * 12], first, 1.9, 20)
    others = [Rectangle(x, y, 90, 50) for x, y in corners[1:]]
    assert all(0 <= one.x <= 1900 and 0 <= one.y <= 1000 for one in others), "in the corners that a ring leaves free"
    assert not any(one.touches(other, 19) for one, other in combinations(others, 2))
    assert not any(one.touches(Rectangle(370, 185, 1260, 630), 0) for one in others), "lines run inside of it"


def test_labels_that_are_shown_hide_nothing() -> None:
    network = disputed_network()
    drawing = draw(network)
    assert any(stroke.labelled for stroke in drawing.edges)
    nodes = {"a": ((0, 0), Box(30, 30)), "b": ((60, 0), Box(30, 30))}
    crowded = routes_of([Connector("a", "b", Box(200, 12))], nodes)
    assert not crowded[0].labelled


# --- the same bytes ---


def test_bytes_do_not_depend_on_hash_seed_or_order(tmp_path: Path) -> None:
    code = (
        "import runpy, sys; from pathlib import Path; tests = runpy.run_path(sys.argv[1]);"
        "tests['write_page'](tests['disputed_network'](), Path(sys.argv[2]))"
    )
    pages = set()
    path = os.pathsep.join(sys.path)  # with the folders of pytest's own setting
    for seed in ("0", "4242"):
        page = tmp_path / f"{seed}.html"
        command = [sys.executable, "-c", code, __file__, str(page)]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": path})
        pages.add(page.read_bytes())
    network = disputed_network()
    turned: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    for name, entity in reversed(list(network.nodes.items())):
        turned.add_node(name, **entity)
    for (source, target, key), edge in reversed(list(network.edges.items())):
        turned.add_edge(source, target, key=key, **edge)
    pages.add(render(turned).encode())
    assert len(pages) == 1


def test_the_network_is_not_changed(network: nx.MultiDiGraph[str]) -> None:
    del network.graph["numbers"]  # a counter, which is never equal to its copy
    before = copy.deepcopy(network)
    render(network)
    OfflineNetwork(network)
    assert list(network.nodes(data=True)) == list(before.nodes(data=True))
    assert list(network.edges(keys=True, data=True)) == list(before.edges(keys=True, data=True))
    assert network.graph == before.graph


# --- the file ---


def test_writes_exactly_the_file_asked_for(
    network: nx.MultiDiGraph[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "cwd"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    write_page(network, tmp_path / "a picture")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a picture", "cwd"]
    assert not list(elsewhere.iterdir())
    assert (tmp_path / "a picture").read_text(encoding="utf-8") == render(network)


def test_a_failed_write_leaves_the_old_file(
    network: nx.MultiDiGraph[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ExportError, match="No space left"):
        write_page(network, page)
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert page.read_text(encoding="utf-8") == "old"


def test_a_failed_drawing_leaves_the_old_file(network: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("old", encoding="utf-8")
    network.graph["evidence"].clear()
    with pytest.raises(KeyError):
        write_page(network, page)
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["old"]


def test_a_folder_that_cannot_be_made_is_named(network: nx.MultiDiGraph[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match=r"file/page\.html"):
        write_page(network, tmp_path / "file" / "page.html")


def test_writing_a_page_does_not_import_pyvis() -> None:
    code = "import sys, graphkit.view; print({'pyvis', 'IPython', 'networkx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


# --- the page asks nobody for anything ---


def test_only_evidence_links_to_other_sites(network: nx.MultiDiGraph[str]) -> None:
    tags = Tags(render(network))
    urls = {statement.url for statement in network.graph["evidence"].values()}
    for tag, attributes in tags.found:
        if "href" in attributes and not attributes["href"].startswith("#") and attributes["href"] != "?":
            assert tag == "a"
            assert attributes["href"] in urls
        assert not {"src", "srcset", "action", "data", "style", "poster"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert {"name": "referrer", "content": "no-referrer"} in tags.all("meta")


def test_policy_names_each_script_and_style_by_hash(network: nx.MultiDiGraph[str]) -> None:
    tags = Tags(render(network))
    policy = next(m["content"] for m in tags.all("meta") if "http-equiv" in m)
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    inline = [text for kind, text in tags.raw if kind != "application/json"]
    hashes = [base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in inline]
    assert sorted(re.findall(r"'sha256-([^']+)'", policy)) == sorted(hashes)
    assert len(hashes) == 5


def test_no_request_hides_in_styles_or_scripts(network: nx.MultiDiGraph[str]) -> None:
    for kind, text in Tags(render(network)).raw:
        assert "sourceMappingURL" not in text
        if kind == "style":
            assert "url(" not in text
            assert "@import" not in text


def test_the_page_describes_itself(network: nx.MultiDiGraph[str]) -> None:
    page = render(network)
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    tags = Tags(page)
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in tags.all("meta")
    assert "<title>Who said what</title>" in page
    assert "<noscript>" in page
    for fact in ("attributed", BASE + "dataset", "1.2", "CC-BY-4.0"):
        assert fact in " ".join(tags.text)


# --- text of strangers ---

ATTACKS = [
    "</script><script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    '"><svg onload=window.__pwned=1>',
    "</title></textarea></style><b onclick=1>",
    "<!--<script>",
    "$title $$ ${data} {{x}} {%x%}",
    "\u202egnp.exe\u2066\u2028\u2029\x00\x1b\ud800",
    "'); alert(1);//",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_adds_no_element_and_no_attribute(attack: str) -> None:
    def page(text: str) -> str:
        network = empty_network(title=text)
        network.graph.update(policy=text, licence=text, version=text, dataset=text)
        add_entity(network, "a", text, text)
        network.nodes[BASE + "a"]["slug"] = text
        network.add_node(text + "b", label=text, kind=text, slug=text)
        fields = dict.fromkeys(
            ["speaker", "stance", "gist", "source", "source_title", "url", "said", "via", "passage",
             "publicity", "id", "iri", "claim", "hedge", "evidence"], text,
        )  # fmt: skip
        said = add_statement(network, "s", **fields)
        for status in ("reported", text):
            add = {"status": status, "plain": status == "reported", "statements": (said,), "disputes": (text,)}
            words = dict.fromkeys(["relation", "label", "polarity", "scope"], text)
            network.add_edge(BASE + "a", text + "b", key=status + "k", speakers=(), stances=(), **add, **words)
        return render(network)

    def skeleton(page: str) -> list[Any]:
        """List the elements in no order, which depends on the text; ids of rows are texts, percent-encoded."""
        found = Tags(page).found
        rows = [given["data-i"] for tag, given in found if tag == "tr" and "id" in given and given["id"][0] == "s"]
        assert all(re.fullmatch(r"s\.[\w.~/%-]+", row) for row in rows)
        ids = [given.get("id", "") if tag != "tr" else "" for tag, given in found]
        return sorted(
            (tag, sorted(given), ident, given.get("class", "")) for (tag, given), ident in zip(found, ids, strict=True)
        )

    attacked = page(attack)
    assert skeleton(attacked) == skeleton(page("word"))
    assert not re.search("[\x00\x1b\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800]", attacked)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd", "blob:https://a/b",
        "//evil.example", "/a", "https:evil", "https://", "https://user:pw@evil.example/",
        "https://a.example\\@evil.example", "https://a.example/ b", 'https://a.example/"x', "ftp://a.example/",
        "https://[::1", "https://a.example/\u202egnp", "mailto:a@b.example", "",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_link(url) == ""
    network = empty_network()
    add_entity(network, "a")
    relate(network, "a", "a", statements=(add_statement(network, "s", url=url),))
    links = {link["href"] for link in Tags(render(network)).all("a") if "href" in link}
    assert links == {"#relations", "#n-a", "?"}, "? is the whole page, for a reader of an embedded one"


@given(st.text())
def test_visible_text_has_no_direction_marks_and_no_hidden_characters(text: str) -> None:
    shown = visible(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    shown.encode()
    assert visible(shown) == shown


# --- the pyvis object ---


def test_build_gives_a_pyvis_network_with_every_edge(network: nx.MultiDiGraph[str]) -> None:
    from pyvis.network import Network

    picture = OfflineNetwork(network)
    assert isinstance(picture, Network)
    assert (picture.num_nodes(), picture.num_edges()) == (network.number_of_nodes(), network.number_of_edges())
    assert {node["iri"] for node in picture.nodes} == set(network.nodes)
    assert {edge["iri"] for edge in picture.edges} == {key for _, _, key in network.edges(keys=True)}
    curves = [curve_of(edge) for edge in picture.edges]
    assert len(set(curves)) == len(curves)
    assert picture.options.physics.enabled is False


def test_pyvis_network_can_be_configured_and_shown(
    network: nx.MultiDiGraph[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    picture = OfflineNetwork(network)
    picture.toggle_physics(status=True)
    picture.show_buttons(filter_=["physics"])
    assert picture.show("picture.html") is not None
    assert [p.name for p in tmp_path.iterdir()] == ["picture.html"]
    assert capsys.readouterr().out == "picture.html\n"


def test_titles_in_pyvis_cannot_become_html() -> None:
    network = empty_network()
    add_entity(network, "a", "<img src=x onerror=1> &lt; href")
    title = OfflineNetwork(network).nodes[0]["title"]
    assert not {"<", ">", "&"} & set(title)
    assert "href" not in title


def test_only_the_file_that_was_asked_for_is_written(
    network: nx.MultiDiGraph[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    picture = OfflineNetwork(network)
    for mode in ("local", "in_line", "remote"):
        picture.cdn_resources = mode
        picture.show("x.html", notebook=False)
        picture.save_graph("y.html")
        picture.write_html("z.html")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.html", "y.html", "z.html"]
    pages = {p.read_text(encoding="utf-8") for p in tmp_path.iterdir()}
    assert pages == {picture.generate_html()}
    assert opened == [(tmp_path / "x.html").as_uri()] * 3


def test_what_a_page_of_pyvis_cannot_be_written_to_keeps_its_content(
    network: nx.MultiDiGraph[str], tmp_path: Path
) -> None:
    page = tmp_path / "x.html"
    page.write_text("old")
    picture = OfflineNetwork(network)
    picture.bgcolor = "red;background:url(https://evil.example/)"
    with pytest.raises(ExportError, match="is not a colour"):
        picture.save_graph(str(page))
    picture.bgcolor, picture.height = "red", "1px}</style>"
    with pytest.raises(ExportError, match="is not a size"):
        picture.save_graph(str(page))
    picture.height = 500
    with pytest.raises(ExportError, match=r"ends in \.html"):
        picture.save_graph(str(tmp_path / "x.txt"))
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("x.html", "old")]


def test_a_frame_in_a_notebook_names_the_file_and_nothing_else(
    network: nx.MultiDiGraph[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture = OfflineNetwork(network)
    picture.height = 500
    frame = Tags(picture.show('a"onload="x?y.html')._repr_html_()).all("iframe")
    assert [(one["src"], one["height"]) for one in frame] == [("a%22onload%3D%22x%3Fy.html", "500px")]
    assert not [name for name in frame[0] if name.startswith("on")]


@pytest.mark.parametrize("directed", [True, False])
def test_what_is_added_to_a_pyvis_network_is_drawn_too(network: nx.MultiDiGraph[str], directed: bool) -> None:
    picture = OfflineNetwork(network)
    picture.directed = directed
    picture.add_node("x y", label="Extra", color="#123456")
    picture.add_node(7, group="g")
    for ends in [("x y", 7), ("x y", 7), (7, "x y"), (7, 7), (7, 7), ("n0", 7)]:
        picture.add_edge(*ends, label="also")
    page = picture.generate_html()
    data, groups, entities = data_of(page), groups_of(page), entity_rows(page)
    assert len(data["edges"]) == len(groups) == network.number_of_edges() + 6
    assert len(data["nodes"]) == len(entities) == network.number_of_nodes() + 2
    added = data["edges"][-6:]
    curves = [curve_of(edge) for edge in added[:5]]
    assert len(set(map(str, curves))) == len(curves)
    assert {(group.mark, group.relation, *group.gists) for group in groups[-6:]} == {("added", "also")}
    assert entities[int(added[0]["from"][1:])] == ["Extra", "added by hand", "", "x y"]


def test_what_is_taken_out_of_a_pyvis_network_leaves_the_rest_with_its_evidence(
    network: nx.MultiDiGraph[str],
) -> None:
    picture = OfflineNetwork(network)
    gone = picture.edges.pop(0)
    page = picture.generate_html()
    assert len(data_of(page)["edges"]) == len(data_of(render(network))["edges"]) - 1
    gists = [gist for group in groups_of(page) for gist in group.gists]
    whole = [gist for group in groups_of(render(network)) for gist in group.gists]
    assert gists == whole[1:]
    assert whole[0] not in page
    assert gone["iri"] not in page
    picture.nodes.pop(0)
    with pytest.raises(ExportError, match="There is no node 'n0'"):
        picture.generate_html()


def test_options_of_pyvis_reach_the_page_without_what_asks_other_hosts(network: nx.MultiDiGraph[str]) -> None:
    picture = OfflineNetwork(network)
    picture.toggle_physics(status=True)
    picture.heading = "Mine"
    assert data_of(picture.generate_html())["options"]["physics"]["enabled"] is True
    away = "https://evil.example/a.png"
    arrow = {"to": {"type": "image", "src": away}}
    groups = {"a": {"shape": "circularImage", "image": away}, "__proto__": {"shape": "icon"}}
    picture.set_options(json.dumps({"groups": groups, "edges": {"arrows": arrow}, "configure": {"enabled": True}}))
    picture.add_node("p", shape="image", image=away, brokenImage=away)
    page = picture.generate_html()
    assert data_of(page)["options"] == {
        "groups": {"a": {"shape": "dot"}},
        "edges": {"arrows": {"to": {"type": "arrow"}}},
    }
    assert data_of(page)["nodes"][-1]["shape"] == "dot"
    assert "evil.example" not in page
    assert Tags(page).all("h1")
    assert "<title>Mine</title>" in page


def test_dot_is_refused_and_an_edge_to_nowhere_too(network: nx.MultiDiGraph[str]) -> None:
    picture = OfflineNetwork(network)
    with pytest.raises(ExportError, match="from_nx"):
        picture.from_DOT("a.dot")
    with pytest.raises(ExportError, match="add_node"):
        picture.add_edge("n0", "nowhere")


@pytest.mark.parametrize("change", ["from", "to", "both", "node"])
def test_an_edge_of_pyvis_that_was_led_elsewhere_has_no_evidence(network: nx.MultiDiGraph[str], change: str) -> None:
    picture = OfflineNetwork(network)
    before = data_of(picture.generate_html())
    number = next(i for i, edge in enumerate(picture.edges) if edge["from"] != edge["to"] and edge["dashes"])
    edge = picture.edges[number]
    rows_before = groups_of(picture.generate_html())
    assert rows_before[number].gists
    if change == "node":
        next(node for node in picture.nodes if node["id"] == edge["to"])["iri"] = "https://example.org/another"
    elif change == "both":
        edge["from"], edge["to"] = edge["to"], edge["from"]
    else:
        edge[change] = next(node["id"] for node in picture.nodes if node["id"] not in (edge["from"], edge["to"]))
    page = picture.generate_html()
    after, rows = data_of(page), groups_of(page)
    drawn = after["edges"][number]
    assert (rows[number].mark, rows[number].gists, after["polarities"][number]) == ("added", [], "neutral")
    assert not {"dashes", "title", "color"} & set(drawn), "they belong to the edge of the graph"
    assert rows_before[number].mark not in drawn["label"]
    assert len(after["edges"]) == len(before["edges"])
    if change != "node":
        del rows[number], rows_before[number]
        assert [row.mark for row in rows] == [row.mark for row in rows_before]

"""Pages in a real browser, opened from a file with every request blocked and recorded."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from browsers import NEEDS_CHROMIUM, Visit, borrowed
from test_view import BASE, add_entity, add_statement, disputed_network, empty_network, relate

from graphkit.analysis.disputes import DisputeView
from graphkit.model.errors import ExportError
from graphkit.model.text import visible
from graphkit.view.encoding import NODE_STYLES, STATUSES
from graphkit.view.vis.network import OfflineNetwork
from graphkit.view.vis.page import write_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import networkx as nx
    from playwright.sync_api import Browser, Page
    from pyvis.network import Network

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    yield from borrowed(request, browser)


def lively_network(nodes: int = 40, edges: int = 70) -> nx.MultiDiGraph[str]:
    """As large as the pictures people make: hubs, parallel edges, every kind and status."""
    chance = Random(7)  # noqa: S311 - makes data
    network = empty_network("Project Alpha and the gangs Matrix")
    for i in range(nodes):
        kind = list(NODE_STYLES)[i % len(NODE_STYLES)]
        add_entity(network, f"n{i:02}", f"{kind} with a name {i}", kind)
    for i in range(edges):
        source = chance.randrange(4 if i % 2 else nodes)
        target = (i + 1) % nodes if i < nodes else chance.randrange(nodes)
        status = list(STATUSES)[i % len(STATUSES)]
        polarity = ("supportive", "critical", "neutral")[i % 3]
        relate(network, f"n{source:02}", f"n{target:02}", status, label=f"relation {i}", polarity=polarity)
    return network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page of each network that several tests look at."""
    folder = tmp_path_factory.mktemp("view")
    for name, network in (("lively", lively_network()), ("disputed", disputed_network())):
        write_page(network, folder / f"{name}.html")
    return folder


@pytest.fixture
def lively(folder: Path) -> Path:
    return folder / "lively.html"


@pytest.fixture
def disputed(folder: Path) -> Path:
    return folder / "disputed.html"


# --- the picture ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opens_from_a_file_without_a_request_or_a_complaint(browser: Browser, lively: Path, scheme: Any) -> None:  # noqa: ANN401
    visit = Visit(browser, color_scheme=scheme)
    visit.open(lively)
    visit.hover("n0")
    visit.click("n0")
    visit.page.keyboard.press("ArrowLeft")
    visit.assert_quiet()
    visit.context.close()


def test_every_edge_and_node_is_in_the_running_picture(visit: Visit, disputed: Path) -> None:
    page, network = visit.open(disputed), disputed_network()
    counts = page.evaluate(
        "(({ nodes, edges, network: { body } }) => [nodes.length, edges.length,"
        " Object.values(body.edges).filter((e) => e.connected && !e.options.hidden).length])(graphkitView)"
    )
    edges = network.number_of_edges()
    assert counts == [network.number_of_nodes(), edges, edges]
    assert page.locator("#relations tbody").count() == edges
    assert page.locator("#relations tbody i button").count() == edges


def test_parallel_edges_run_apart_on_the_screen(visit: Visit, disputed: Path) -> None:
    page = visit.open(disputed)
    bundles: dict[str, list[tuple[float, float]]] = {}
    for ident, source, target in page.evaluate("graphkitView.edges.map((e) => [e.id, e.from, e.to])"):
        if source != target:
            bundles.setdefault(" ".join(sorted((source, target))), []).append(visit.place_of(ident))
    widest = max(bundles.values(), key=len)
    assert len(widest) == len(STATUSES) + 2
    for points in bundles.values():
        for i, (x1, y1) in enumerate(points):
            assert all(abs(x1 - x2) + abs(y1 - y2) > 6 for x2, y2 in points[:i])


def test_a_reload_moves_nothing(visit: Visit, lively: Path) -> None:
    places = "graphkitView.network.getPositions()"
    first = visit.open(lively).evaluate(places)
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate(places) == first
    assert visit.open(lively).evaluate(places) == first


def test_node_labels_do_not_overlap_on_the_screen(visit: Visit, lively: Path) -> None:
    boxes = visit.open(lively).evaluate(
        "graphkitView.nodes.getIds().map((id) => graphkitView.network.getBoundingBox(id))"
    )
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a["right"] <= b["left"] or b["right"] <= a["left"]
            assert apart or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]


def test_dashes_survive_in_the_running_picture(visit: Visit, disputed: Path) -> None:
    page = visit.open(disputed)
    marks = page.locator("#relations tbody").evaluate_all(
        "(all) => all.map((one) => one.querySelector('b')?.textContent)"
    )
    drawn = page.evaluate("graphkitView.edges.map((e) => [e.dashes, e.label])")
    for mark, (dashes, label) in zip(marks, drawn, strict=True):
        assert bool(dashes) is bool(mark)
        said = label.strip().removesuffix(" −").removesuffix(" +")  # the sentiment of the relation
        assert said in {"", f"{mark}: consulted" if mark else "consulted"}


def test_colours_follow_the_reader(browser: Browser, lively: Path) -> None:
    visit = Visit(browser, color_scheme="light")
    page = visit.open(lively)
    ink = "graphkitView.network.body.nodes.n0.labelModule.fontOptions.color"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert page.evaluate(ink) != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    visit.assert_quiet()
    visit.context.close()


@pytest.mark.parametrize("width", [360, 390, 768])
def test_a_phone_shows_no_sideways_scroll(browser: Browser, lively: Path, width: int) -> None:
    visit = Visit(browser, viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True)
    page = visit.open(lively)
    page.locator("#relations tbody button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("innerWidth") == width
    visit.context.close()


def test_names_can_be_chosen_and_buttons_work(visit: Visit, lively: Path) -> None:
    page = visit.open(lively)
    scale = page.evaluate("graphkitView.network.getScale()")
    page.get_by_role("button", name="Closer").click()
    assert page.evaluate("graphkitView.network.getScale()") > scale
    page.get_by_role("button", name="Whole picture").click()
    shown = "graphkitView.edges.get({ filter: (e) => e.label.trim() }).length"
    some = page.evaluate(shown)
    page.get_by_role("button", name="All edge labels").click()
    assert some < page.evaluate(shown) == 70
    page.get_by_label("Go to").select_option("n3")
    assert page.evaluate("graphkitView.network.getSelectedNodes()") == ["n3"]
    assert page.locator("#panel h2").first.inner_text() == page.locator("#entities tbody th").nth(3).text_content()
    visit.assert_quiet()


def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms(visit: Visit, lively: Path) -> None:
    page = visit.open(lively)
    state = "[window.scrollY > 0, Math.round(graphkitView.network.getScale() * 1000)]"
    scale = page.evaluate(state)[1]
    page.mouse.move(640, 400)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    page.keyboard.up("Control")
    scrolled, zoomed = page.evaluate(state)
    assert not scrolled
    assert zoomed > scale
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(200)
    assert page.evaluate(state) == [True, zoomed]


# --- the evidence ---


def evidence_network() -> nx.MultiDiGraph[str]:
    network = empty_network()
    for slug in ("met", "trust", "liberty"):
        add_entity(network, slug)
    both = (
        add_statement(network, "a1", speaker="Met", gist="It was consulted.", hedge="as far as we know"),
        add_statement(network, "a2", speaker="Trust", stance="denies", gist="It was never asked."),
    )
    relate(network, "met", "trust", "disputed", both, scope="before launch", disputes=(BASE + "dispute/1",))
    network.graph["disputes"] = (
        DisputeView(BASE + "dispute/1", "contradiction", "Was it consulted?", "r", "", (), both[:1], both[1:]),
    )
    bad = add_statement(network, "b1", speaker="Liberty", gist="It objects.", url="javascript:window.__pwned=1")
    relate(network, "liberty", "met", statements=(bad,), label="criticised", polarity="critical")
    return network


@pytest.fixture
def evidence(visit: Visit, tmp_path: Path) -> Page:
    write_page(evidence_network(), tmp_path / "evidence.html")
    return visit.open(tmp_path / "evidence.html")


def edge_named(page: Page, name: str) -> str:
    return f"e{page.locator('#relations tbody th i').all_text_contents().index(name)}"


def test_a_click_on_an_edge_shows_its_statements_and_no_others(visit: Visit, evidence: Page) -> None:
    visit.click(edge_named(evidence, "consulted"))
    panel = evidence.locator("#panel")
    assert panel.locator("h2").first.inner_text().split() == ["disputed:", "Met", "consulted", "Trust"]
    assert panel.locator("article").count() == panel.locator("article.own").count() == 2
    words = panel.inner_text()
    for said in (
        "scope: before launch", "Met asserts · about March 2021", "It was consulted.",
        "as far as we know",
        "Trust denies · about March 2021", "It was never asked.", "Title of a1", "The Guardian", "passage", "on-record",
        "gazette/a2",
    ):  # fmt: skip
        assert said in words
    assert "It objects." not in words
    assert panel.locator(".sides article").count() == 2
    assert panel.locator("a").first.get_attribute("href") == "https://news.example/a1#:~:text=a,b"
    visit.assert_quiet()


def test_a_click_on_a_node_shows_all_it_takes_part_in(visit: Visit, evidence: Page) -> None:
    visit.click(f"n{evidence.locator('#entities tbody th').all_text_contents().index('Met')}")
    panel = evidence.locator("#panel")
    assert panel.locator("h2").inner_text() == "Met"
    assert [text.partition(" ")[0] for text in panel.locator("details:not(.disputes) li").all_inner_texts()] == [
        "Liberty", "disputed:",
    ]  # fmt: skip
    assert panel.locator("summary").all_inner_texts()[-2:] == ["← criticised (1)", "consulted → (1)"]
    assert evidence.locator("tbody.chosen").count() == 2
    panel.locator("li button").last.click()
    assert panel.locator("article").count() == 2
    panel.press("Escape")
    assert not panel.is_visible()
    assert evidence.locator("tbody.chosen").count() == 0
    visit.assert_quiet()


def test_hover_says_who_says_it(visit: Visit, evidence: Page) -> None:
    words = visit.hover(edge_named(evidence, "consulted"))
    assert words.splitlines() == [
        "disputed: Met — consulted → Trust", "scope: before launch",
        "Met asserts: It was consulted.", "Trust denies: It was never asked.",
    ]  # fmt: skip
    visit.assert_quiet()


def test_an_address_that_is_no_web_link_is_only_text(visit: Visit, evidence: Page) -> None:
    visit.click(edge_named(evidence, "criticised"))
    assert evidence.locator("#panel a").count() == 0
    assert "javascript:window.__pwned=1" in evidence.locator("#panel").inner_text()
    visit.assert_quiet()


def test_the_table_leads_to_the_evidence_by_keyboard(visit: Visit, evidence: Page) -> None:
    ident = edge_named(evidence, "criticised")
    evidence.locator("#relations tbody").nth(int(ident[1:])).locator("button").focus()
    evidence.keyboard.press("Enter")
    assert evidence.evaluate("document.activeElement.id") == "panel"
    assert evidence.evaluate("graphkitView.network.getSelectedEdges()") == [ident]
    assert "It objects." in evidence.locator("#panel").inner_text()
    evidence.locator("#entities a").first.press("Enter")
    assert evidence.locator("#panel h2").inner_text() == "Liberty"
    assert evidence.evaluate("graphkitView.network.getSelectedNodes()") == ["n0"]
    visit.assert_quiet()


def test_the_picture_is_named_and_takes_keys(visit: Visit, evidence: Page) -> None:
    frame = evidence.get_by_role("img", name="Network of 3 nodes and 2 edges")
    frame.focus()
    before = evidence.evaluate("graphkitView.network.getViewPosition().x")
    evidence.keyboard.press("ArrowLeft", delay=120)
    assert evidence.evaluate("graphkitView.network.getViewPosition().x") != before
    visit.assert_quiet()


def test_without_javascript_table_and_sources_are_there(browser: Browser, tmp_path: Path) -> None:
    write_page(evidence_network(), tmp_path / "page.html")
    visit = Visit(browser, java_script_enabled=False)
    page = visit.open(tmp_path / "page.html", drawn=False)
    assert page.locator("noscript p").is_visible()
    assert not page.locator("#tools").is_visible()
    rows = page.locator("#relations tbody tr[data-i]")
    assert rows.count() == 3
    assert all(rows.nth(i).is_visible() for i in range(3))
    assert [cell.strip() for cell in rows.last.locator("td").all_text_contents()][:3] == [
        "Trust", "denies", "It was never asked.",
    ]  # fmt: skip
    assert page.locator("#relations td a").count() == 2
    assert page.locator("#entities tbody tr").count() == 3
    assert visit.requests == [visit.url]
    visit.context.close()


def test_a_browser_without_canvas_keeps_the_tables(browser: Browser, tmp_path: Path) -> None:
    write_page(evidence_network(), tmp_path / "page.html")
    visit = Visit(browser)
    visit.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => { throw new Error('no canvas') }")
    page = visit.open(tmp_path / "page.html", drawn=False)
    page.locator("#trouble").wait_for(state="visible")
    page.locator("#relations tbody button").first.click()
    assert page.locator("#panel article").count() > 0
    visit.context.close()


# --- text of strangers, in every field ---

DO = "window.__pwned=1"
PAYLOADS = [
    f"<script>{DO}</script>",
    f"</script><script>{DO}</script>",
    f"</SCRIPT ><sCrIpT>{DO}</sCrIpT>",
    f"<img src=x onerror={DO}>",
    f"<img/src=`x`onerror={DO}>",
    f'"><img src=x onerror={DO}>',
    f"'><img src=x onerror={DO}>",
    f"`><img src=x onerror={DO}>",
    f"<svg onload={DO}>",
    f"<svg><script>{DO}</script></svg>",
    f"<svg><animate onbegin={DO} attributeName=x dur=1s>",
    f"<math><mtext><script>{DO}</script>",
    f"<body onload={DO}>",
    f"<details open ontoggle={DO}>href",
    f"<iframe srcdoc='<script>parent.{DO}</script>'></iframe>",
    f"<iframe src=javascript:parent.{DO}></iframe>",
    f'<a href="javascript:{DO}">href</a>',
    f'<a href="https://evil.example/" onmouseover={DO}>href</a>',
    f'<object data="data:text/html,<script>{DO}</script>">',
    '<link rel=stylesheet href="https://evil.example/a.css">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><button autofocus>',
    f"<input autofocus onfocus={DO}>",
    "<style>@import 'https://evil.example/a.css'; *{background:url(https://evil.example/)}</style>",
    f"</title><script>{DO}</script>",
    f"</textarea></style></noscript><script>{DO}</script>",
    f"<!--><script>{DO}</script>-->",
    f"<!--<script>{DO}//",
    f"]]><script>{DO}</script>",
    f"'-{DO}-'",
    f'";{DO};//',
    f'\\";{DO};//',
    f"\\u003cscript\\u003e{DO}\\u003c/script\\u003e",
    f"&lt;img src=x onerror={DO}&gt; &#60;script&#62;{DO}",
    f"${{{DO}}} $title {{{{constructor.constructor('{DO}')()}}}}",
    f"\u202e<script>{DO}</script>\u2066",
    f"\u2028{DO}\u2029\x00\x0b\ud800<b onclick={DO}>",
    f"javascript:{DO}",
    f"data:text/html,<script>{DO}</script>",
    "__proto__",
    f'https://a.example/"onmouseover={DO}//',
]  # fmt: skip
FIELDS = (
    "speaker", "stance", "gist", "source", "source_title", "url", "said", "via", "passage", "publicity",
    "id", "iri", "claim", "hedge", "evidence",
)  # fmt: skip


def add_hostile(network: nx.MultiDiGraph[str], text: str) -> None:
    """Add two nodes and three edges with the text in every field."""
    network.add_node(text, label=text, kind=text, slug=text)
    network.add_node(text + "2", label=text + "href", kind=text, slug=text)
    said = add_statement(network, "s", **dict.fromkeys(FIELDS, text))
    words = dict.fromkeys(["relation", "label", "polarity", "scope", "status"], text)
    for number, (one, other) in enumerate([(text, text + "2"), (text + "2", text), (text, text)]):
        network.add_edge(
            one, other, key=f"{text}{number}", statements=(said,), speakers=(text,), stances=(text,),
            disputes=(text,), plain=bool(number), **words,
        )  # fmt: skip


def hostile_network(*texts: str) -> nx.MultiDiGraph[str]:
    network = empty_network()
    network.graph.update(dict.fromkeys(["title", "policy", "licence", "version", "dataset"], " ".join(texts)))
    for text in texts:
        add_hostile(network, text)
    return network


def try_everything(visit: Visit) -> None:
    visit.hover("n0")
    visit.hover("e0")
    visit.click("n0")
    visit.click("e1")
    visit.page.locator("th button").first.press("Enter")
    visit.page.evaluate("document.querySelectorAll('th button, #panel li button').forEach((one) => one.click())")
    visit.page.get_by_label("Go to").select_option("n0")
    visit.page.get_by_role("button", name="All edge labels").click()
    assert visit.page.locator("#panel li").count() > 0


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_the_watch_would_see_an_attack(browser: Browser, tmp_path: Path, bypass: bool) -> None:
    write_page(evidence_network(), tmp_path / "page.html")
    whole = (tmp_path / "page.html").read_text(encoding="utf-8")
    attack = f"<svg onload={DO}></svg><img src=https://evil.example/>"
    (tmp_path / "page.html").write_text(whole.replace("<h1>", "<h1>" + attack), encoding="utf-8")
    visit = Visit(browser, bypass_csp=bypass)
    visit.open(tmp_path / "page.html")
    violations, pwned = visit.page.evaluate("[window.__violations.length, window.__pwned ?? null]")
    assert (violations, pwned) == ((0, 1) if bypass else (2, None))
    with pytest.raises(AssertionError):
        visit.assert_quiet()
    visit.context.close()


@pytest.mark.parametrize("texts", [PAYLOADS[start : start + 6] for start in range(0, len(PAYLOADS), 6)])
def test_no_text_is_ever_executed(visit: Visit, tmp_path: Path, texts: list[str]) -> None:
    write_page(hostile_network(*texts), tmp_path / "page.html")
    visit.open(tmp_path / "page.html")
    try_everything(visit)
    visit.assert_quiet()


def test_escaping_alone_keeps_text_inert(browser: Browser, tmp_path: Path) -> None:
    write_page(hostile_network(*PAYLOADS), tmp_path / "page.html")
    visit = Visit(browser, bypass_csp=True)
    visit.open(tmp_path / "page.html")
    try_everything(visit)
    visit.assert_quiet()
    visit.context.close()


def hostile_picture(*texts: str) -> Network:
    """Configure a pyvis network with the texts wherever it takes one."""
    picture = OfflineNetwork(hostile_network(*texts))
    picture.select_menu = picture.filter_menu = picture.neighborhood_highlight = True
    picture.cdn_resources = "remote"
    picture.heading = " ".join(texts)
    picture.add_node(
        "shown", label="shown", title=texts[0], color={"background": "#fff", "border": texts[0]}, x=1600, y=300
    )
    for row, text in enumerate(texts):
        place = {"x": 40, "y": 300 + 60 * row}
        picture.add_node(text, label=text, title=text + " href", group=text, image=text, iri=text, **place)
        for ends in ((text, "shown"), ("shown", text), (text, text)):
            picture.add_edge(*ends, label=text, title=text + " href", physics=False)
    looks = {text: {"color": "#123456", "shape": "image", "image": text, text: text} for text in texts}
    picture.options = {
        "groups": {**looks, "a": looks[texts[0]]},
        "nodes": {"font": {"face": texts[0]}, "image": texts[0]},
        "physics": False,
        "manipulation": {"enabled": True, **looks},
        "locale": texts[0],
        "locales": {text: {"edit": text} for text in texts},
    }
    return picture


TWELVES = [PAYLOADS[start : start + 12] for start in range(0, len(PAYLOADS), 12)]


@pytest.mark.parametrize("texts", TWELVES)
def test_not_even_in_the_page_of_a_pyvis_network(visit: Visit, tmp_path: Path, texts: list[str]) -> None:
    picture = hostile_picture(*texts)
    path = tmp_path / "page.html"
    picture.write_html(str(path))
    assert list(tmp_path.iterdir()) == [path]
    page = visit.open(path)
    try_everything(visit)
    shown = page.evaluate("graphkitView.nodes.getIds().length")
    assert shown == picture.num_nodes()
    for ident in (f"n{shown - 1}", f"n{shown - len(texts) - 1}", f"e{picture.num_edges() - 1}"):
        assert visit.hover(ident)
        visit.click(ident)
    page.get_by_label("Show only").fill("shown")
    table = (page.locator("#entities").text_content() or "").replace("\xa0", " ")
    assert [text for text in texts if visible(text) not in table] == []
    visit.assert_quiet()


@pytest.mark.parametrize("field", ["bgcolor", "width", "height"])
def test_no_colour_or_size_of_a_pyvis_network_is_more_than_one(tmp_path: Path, field: str) -> None:
    picture = OfflineNetwork(evidence_network())
    for text in PAYLOADS:
        setattr(picture, field, text)
        with pytest.raises(ExportError, match="is no"):
            picture.save_graph(str(tmp_path / "page.html"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("texts", TWELVES)
def test_without_its_policy_the_page_of_a_pyvis_network_is_inert_too(
    browser: Browser, tmp_path: Path, texts: list[str]
) -> None:
    hostile_picture(*texts).save_graph(str(tmp_path / "page.html"))
    visit = Visit(browser, bypass_csp=True)
    visit.open(tmp_path / "page.html")
    try_everything(visit)
    visit.assert_quiet()
    visit.context.close()


def test_what_is_configured_with_pyvis_is_seen(visit: Visit, tmp_path: Path) -> None:
    picture = OfflineNetwork(evidence_network())
    picture.bgcolor, picture.height, picture.width, picture.filter_menu = "#ffeecc", 500, "80%", True
    picture.toggle_physics(status=True)
    picture.add_node("extra", label="Extra", color="#123456")
    picture.add_edge("extra", "n0", label="knows")
    picture.add_edge("extra", "n0", label="knows")
    picture.save_graph(str(tmp_path / "page.html"))
    page = visit.open(tmp_path / "page.html")
    frame = page.evaluate("(({ backgroundColor, height }) => [backgroundColor, height])(getComputedStyle(picture))")
    assert frame == ["rgb(255, 238, 204)", "500px"]
    assert page.evaluate("graphkitView.network.physics.options.enabled")
    assert page.evaluate("Object.values(graphkitView.network.body.edges).filter((e) => e.connected).length") == 4
    page.get_by_label("Show only").fill("KNOWS")
    hidden = page.evaluate("graphkitView.nodes.get({ filter: (n) => n.hidden }).map((n) => n.label)")
    assert len(hidden) == 2
    assert "Extra" not in hidden
    page.get_by_label("Show only").fill("")
    assert page.evaluate("graphkitView.nodes.get({ filter: (n) => n.hidden }).length") == 0
    visit.assert_quiet()


@pytest.mark.parametrize(
    ("paper", "ink"), [("#ffeecc", "#1b1f24"), ("Navy", "#e6e9ed"), ("hsl(60, 100%, 80%)", "#1b1f24")]
)
def test_text_is_readable_on_a_paper_of_ones_own(browser: Browser, tmp_path: Path, paper: str, ink: str) -> None:
    picture = OfflineNetwork(evidence_network())
    picture.bgcolor = paper
    picture.save_graph(str(tmp_path / "page.html"))
    for scheme in ("light", "dark"):
        visit = Visit(browser, color_scheme=scheme)
        page = visit.open(tmp_path / "page.html")
        assert page.evaluate("graphkitView.network.body.nodes.n0.labelModule.fontOptions.color") == ink
        visit.assert_quiet()
        visit.context.close()

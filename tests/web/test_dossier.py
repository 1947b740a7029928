"""The page of an entity: a summary, sections that fold, further pages; and the home page with its search index."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markup import Markup

from graphkit.model.iris import PREFIXES
from graphkit.query.questions import read_questions
from graphkit.store import in_memory, texts
from graphkit.web.pages import context, dossier, lists, page
from graphkit.web.pages.context import page_context
from graphkit.web.pages.links import path_of
from graphkit.web.pages.listed import lists_of
from graphkit.web.published import Beside
from graphkit.web.site import write_site

if TYPE_CHECKING:
    from graphkit.analysis.properties import Properties
    from graphkit.graph import Graph


def body(graph: Graph, path: str) -> str:
    return page(graph.store, path, "html", Beside(read_questions(graph.workspace.questions()))).body.decode()


def test_a_post_that_is_known_for_one_day_only_is_on_that_day(ours_graph: Graph) -> None:
    text = body(ours_graph, "id/mike-west")
    assert "on 29 May 2018, perhaps longer" in text
    assert "29 May 2018 or earlier, until" not in text


def test_a_dossier_of_our_own_data_is_small_and_opens_with_a_summary(ours_graph: Graph) -> None:
    rows = lists_of(ours_graph.store).rows("entities", "", 1)
    busiest = {row.name: body(ours_graph, path_of(row.name)) for row in rows[:10]}
    assert {name: len(text.encode()) for name, text in busiest.items() if len(text.encode()) > 150_000} == {}
    whole = busiest[f"{PREFIXES['id']}met"]
    assert Markup(whole).mistakes() == []
    headings = re.findall(r"<h2 id=\"([a-z]+)\"", whole)
    assert headings[:4] == ["itself", "others", "disputes", "years"]
    assert re.findall(r"<h2 id=\"(money)\"", body(ours_graph, "id/project-alpha")) == ["money"]
    assert "dispute/matter/" in whole.partition('id="disputes"')[2].partition("</section>")[0]


def test_without_scripts_all_statements_are_reached_page_by_page(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier, "ON_A_PAGE", 3)
    about = "?s sp:proposition/(sp:subject|sp:object) id:force"
    query = f"SELECT DISTINCT ?s {{ {{ ?s sp:speaker id:force }} UNION {{ {about} }} }}"
    expected = {path_of(row[0]) for row in texts(small_graph.store, query, "s")}
    path, listed, paths = "id/force", set[str](), []
    while path:
        whole = body(small_graph, path)
        assert Markup(whole).mistakes() == []
        for group in re.findall(r'<details class="group".*?</details>', whole, re.DOTALL):
            listed |= set(re.findall(r'href="[./]*(statement/[^"]+)\.html"', group))
        paths.append(path)
        after = re.search(r'<a href="([^"]+)\.html" rel="next">', whole)
        path = after[1].rpartition("../")[2] if after else ""
    assert listed >= expected
    assert paths[:2] == ["id/force", "id/force/2"]
    assert page(small_graph.store, f"id/force/{len(paths) + 1}").status == 404
    assert page(small_graph.store, "id/force/1").status == 404
    write_site(small_graph.workspace, small_graph.store, tmp_path / "site")
    for path in paths:
        assert (tmp_path / f"site/{path}.html").read_text(encoding="utf-8") == body(small_graph, path)
    links = re.findall(r'<a href="([^"#]*)#((?:about|says)-\d+)"', body(small_graph, "id/force"))
    for href, key in links:
        target = tmp_path / "site/id" / (href or "force.html")
        assert f'id="{key}"' in target.read_text(encoding="utf-8")


def test_a_page_is_the_same_from_a_build_and_from_a_graph_in_memory(small_graph: Graph) -> None:
    other = in_memory(f"{quad} .\n" for quad in small_graph.store.quads())
    matter = next(texts(small_graph.store, "SELECT ?m { ?d sp:disagreement ?m } ORDER BY ?m", "m"))[0]
    for path in ("id/force", "id/scheme", path_of(matter), "index", "disputes", "statements", "source/daily-1"):
        assert page(other, path).body == page(small_graph.store, path).body, path


def index(whole: str) -> list[Any]:
    (text,) = re.findall(r'<script type="application/json" id="index">(.*?)</script>', whole)
    found: list[Any] = json.loads(text)
    return found


def test_the_home_page_opens_with_search_then_disagreements_money_and_sources(ours_graph: Graph) -> None:
    whole = body(ours_graph, "index")
    assert re.findall(r"<h2 id=\"([a-z-]+)\"", whole) == [
        "disputed", "money", "sources", "network", "ask", "size", "cite-heading",
    ]  # fmt: skip
    entries = index(whole)
    assert len(json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()) <= 100_000
    assert {"disagreement", "question", "public body"} <= {entry[2] for entry in entries}
    met = next(entry for entry in entries if entry[1] == "id/met")
    assert "Met" in met[4:]
    assert "£4,900,000" in whole


def test_the_bar_of_a_sum_is_solid_only_if_the_sum_is_exact_and_no_plan(ours_graph: Graph) -> None:
    rows = re.findall(r'<strong>([^<]*£[^<]*)</strong><svg class="bar ([^"]*)"', body(ours_graph, "index"))
    assert {"bound" in kinds.split() for words, kinds in rows if not words.startswith("£")} == {True}
    assert {"bound" in kinds.split() for words, kinds in rows if words.startswith("£")} == {False}
    assert {"asserts", "plans"} <= {kinds.split()[0] for _, kinds in rows}
    style = (Path(lists.__file__).parent / "site.css").read_text(encoding="utf-8")
    assert all(f".bar.{kind} rect" in style for kind in ("bound", "plans", "denies"))


def test_a_large_search_index_keeps_the_entities_with_most_statements(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = index(body(small_graph, "index"))
    monkeypatch.setattr(lists, "_MOST_BYTES", 1_500)
    fewer = index(body(small_graph, "index"))
    assert 0 < len(fewer) < len(every)
    assert fewer == every[: len(fewer)]


@pytest.mark.parametrize("name", ["entities", "statements", "disputes"])
def test_each_facet_of_a_list_has_its_pages(small_graph: Graph, name: str) -> None:
    whole = body(small_graph, name)
    facets = re.findall(rf'<li><a href="({name}/[a-z-]+)\.html">[^<]+ <span class="number">(\d+)', whole)
    assert facets
    for path, number in facets:
        found = body(small_graph, path)
        assert f'<span class="number">{number}</span></h1>' in found, path
        assert re.search(rf'href="\.\./{path}\.html" aria-current="true"', found)
    assert page(small_graph.store, f"{name}/nothing").status == page(small_graph.store, f"{name}/99").status == 404


def test_an_entity_with_many_statements_is_read_page_by_page(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = re.findall(r'<details class="group".*?</details>', body(small_graph, "id/force"), re.DOTALL)
    counts = re.findall(r'<p class="counts">.*</p>', body(small_graph, "id/force"))
    monkeypatch.setattr(context, "_SMALL", 0)
    monkeypatch.setattr(context, "MANY", 1)
    monkeypatch.setattr(context, "ON_A_PAGE", 2)
    read: list[int] = []

    def spy(properties: Properties) -> context.PageContext:
        read.append(len(properties.subjects("sp:gist")))
        return page_context(properties)

    monkeypatch.setattr(context, "page_context", spy)
    listed, number = Counter[str](), 1
    while page(small_graph.store, path := f"id/force/{number}" if number > 1 else "id/force").status == 200:
        whole = body(small_graph, path)
        assert Markup(whole).mistakes() == []
        groups = re.findall(r'<details class="group".*?</details>', whole, re.DOTALL)
        names = re.findall(r'<a class="calm" href="[./]*(statement/[^"]+)\.html"', "".join(groups))
        assert 0 < len(names) <= 2
        listed.update(names)
        number += 1
    assert listed == Counter(re.findall(r'<a class="calm" href="[./]*(statement/[^"]+)\.html"', "".join(expected)))
    first = body(small_graph, "id/force")
    assert re.findall(r'<p class="counts">.*</p>', first) == counts
    assert "The summary below is of the statements on this page." in first
    assert max(read) < sum(listed.values())

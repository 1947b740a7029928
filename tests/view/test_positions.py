"""Where nodes stand: the same picture does not move, a grown one hardly, and a broken file loses nothing."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from commands import runner
from test_view import BASE, add_entity, disputed_network, relate

from graphkit.graph import open_graph
from graphkit.view.drawing import draw
from graphkit.view.positions import apply_positions, read_positions
from graphkit.web.pages import page
from graphkit.web.published import Beside

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from graphkit.graph import Graph


PLACE = re.compile(r"translate\([-\d]+ [-\d]+\)")


def where(network: nx.MultiDiGraph[str]) -> dict[str, tuple[int, int]]:
    return {shape.iri: shape.position for shape in draw(network).nodes}


def grown_network() -> nx.MultiDiGraph[str]:
    """The network of tests with two more entities in it and two apart from it."""
    network = disputed_network()
    for slug in ("new", "newer", "apart", "beside"):
        add_entity(network, slug)
    relate(network, "new", "a")
    relate(network, "newer", "new")
    relate(network, "apart", "beside")
    return network


def test_stored_positions_are_applied_exactly(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "places.json"
    first = where(apply_positions(disputed_network(), file))
    moved = {name: (x + 500, y + (x > 0)) for name, (x, y) in read_positions(file).items()}
    file.write_text(json.dumps({"places": moved}), encoding="utf-8")
    assert where(apply_positions(disputed_network(), file)) == moved != first


def test_a_new_edge_moves_nothing(tmp_path: Path) -> None:
    before = where(apply_positions(disputed_network(), tmp_path / "places.json"))
    network = disputed_network()
    relate(network, "i", "a")
    assert where(apply_positions(network, tmp_path / "places.json")) == before


def test_after_growth_known_nodes_stay_and_new_nodes_are_near_their_neighbours(tmp_path: Path) -> None:
    before = where(apply_positions(disputed_network(), tmp_path / "places.json"))
    after = where(apply_positions(grown_network(), tmp_path / "places.json"))
    for name, (x, y) in before.items():
        assert abs(after[name][0] - x) + abs(after[name][1] - y) < 150
    (x, y), (at_x, at_y) = after[BASE + "new"], after[BASE + "a"]
    assert abs(x - at_x) + abs(y - at_y) < 300
    assert where(apply_positions(grown_network(), tmp_path / "places.json")) == after


def test_no_two_nodes_share_a_position_after_growth(tmp_path: Path) -> None:
    apply_positions(disputed_network(), tmp_path / "places.json")
    shapes = draw(apply_positions(grown_network(), tmp_path / "places.json")).nodes
    for one, other in combinations(shapes, 2):
        (x1, y1), (x2, y2) = one.position, other.position
        assert max(abs(x1 - x2), abs(y1 - y2)) >= min(one.radius, other.radius)


def test_a_network_that_is_mostly_new_is_laid_out_afresh(tmp_path: Path) -> None:
    file = tmp_path / "places.json"
    file.write_text(json.dumps({"places": {BASE + "a": [1, 1]}}), encoding="utf-8")
    assert where(apply_positions(disputed_network(), file)) == where(disputed_network())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"places": 3}', '{"places": {"x": [1, "a"]}}', '{"places": {"x": [NaN, 1e999]}}',
     '{"places": {"x": [true, 1]}}', '{"places": {"x": [1]}}', '{"places": {"x": [99999999999, 0]}}', "[" * 100_000,
     "\x00\ufffe"],
)  # fmt: skip
def test_a_damaged_file_is_ignored_and_rewritten(tmp_path: Path, text: str) -> None:
    file = tmp_path / "places.json"
    file.write_text(text, encoding="utf-8")
    assert read_positions(file) == {}
    assert where(apply_positions(disputed_network(), file)) == where(disputed_network()) == read_positions(file)


def test_the_file_is_sorted_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        apply_positions(disputed_network(), tmp_path / name)
    text = (tmp_path / "one").read_bytes()
    assert text == (tmp_path / "other").read_bytes()
    names = list(json.loads(text)["places"])
    assert names == sorted(names)


def test_a_view_is_drawn_even_if_the_folder_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "places").write_text("in the way", encoding="utf-8")
    assert where(apply_positions(disputed_network(), tmp_path / "places" / "x.json")) == where(disputed_network())
    assert (tmp_path / "places").read_text(encoding="utf-8") == "in the way"


def test_the_network_is_not_changed(tmp_path: Path) -> None:
    network = disputed_network()
    apply_positions(network, tmp_path / "places.json")
    assert "positions" not in network.graph


def test_the_subject_of_a_view_cannot_name_a_file_outside_the_folder(small_graph: Graph) -> None:
    folder = small_graph.workspace.build / "places"
    for about in ("../../../etc/passwd", "a/b", "..", "C:\\x", "\x00", "x" * 5000, "\udcff", "\u202e"):
        file = small_graph.workspace.places_file("ego", about, 2)
        assert file.parent == folder
        assert file.name.isascii()
        assert len(file.name) < 64


def test_command_python_page_and_notebook_agree(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(monkeypatch, capsys)
    root = small_graph.workspace.root
    file = small_graph.workspace.places_file("entities")
    command = ("view", "-o", str(tmp_path / "command.html"), "--workspace", str(root))
    assert run(*command).code == 0
    moved = {name: (x + 37, y) for name, (x, y) in read_positions(file).items()}
    file.write_text(json.dumps({"places": moved}), encoding="utf-8")
    try:
        assert run(*command).code == 0
        graph = open_graph(root)
        graph.write_view(tmp_path / "python.html")
        assert (tmp_path / "command.html").read_bytes() == (tmp_path / "python.html").read_bytes()
        nodes = {node["iri"]: (node["x"], node["y"]) for node in graph.view().nodes}
        assert nodes == moved
        served = page(graph.store, "network", beside=Beside(places=read_positions(file))).body.decode()
        written = (tmp_path / "python.html").read_text(encoding="utf-8")
        assert PLACE.findall(served) == PLACE.findall(written)
    finally:
        file.unlink()

"""The views of a server for a graph with a hub that has more relations than one picture can show."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from benchmarks._words import RELATIONS
from benchmarks.corpus import Maker, entities, write_workspace
from graphkit.cli import app
from graphkit.model.workspace import Workspace
from graphkit.view.diagrams import Asked, make
from graphkit.web.server import Settings, pages
from graphkit.web.server.app import make_app
from graphkit.web.server.jobs import make_page
from graphkit.web.server.pool import Pool

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

STATEMENTS = 4_000


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """Return a built workspace and the slug of its hub: three of four statements are about it."""
    folder: Path = tmp_path_factory.mktemp("hub") / "w"
    found = entities(STATEMENTS, 1)
    write_workspace(folder, found)
    slug = found["public-body"][0].slug
    bodies = {relation for relation, subjects, _, _ in RELATIONS if "public-body" in subjects}
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as lines:
        for number, row in enumerate(Maker(STATEMENTS, 1, found).rows()):
            led = row["relation"] in bodies and row.get("object", slug) != slug
            lines.write(json.dumps({**row, "subject": slug, "scope": f"case {number}"} if led else row) + "\n")
    done = CliRunner().invoke(app, ["import", str(folder / "corpus.jsonl"), "--build", "-w", str(folder)])
    assert done.exit_code == 0, done.output
    return Workspace(folder), slug


def test_the_ego_network_of_a_hub_is_drawn_once_and_in_groups(hub: tuple[Workspace, str]) -> None:
    workspace, slug = hub
    with TestClient(make_app(workspace, Settings()), "http://localhost") as client:
        first = client.get(f"/ego-{slug}.html")
        began = time.perf_counter()
        second = client.get(f"/ego-{slug}.html")
        took = time.perf_counter() - began
    assert first.status_code == 200, first.text
    assert "Too large for one picture" in first.text
    assert second.text == first.text
    assert took < 0.5, "it was drawn again"


def test_only_the_views_drawn_last_stay_in_the_cache(small_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    async def run(pool: Pool, client: str, job: Any, *given: Any) -> Any:  # noqa: ANN401 - any job and answer
        drawn.extend([given[0].path] if job is make_page else ())
        return await original(pool, client, job, *given)

    original = Pool.run
    monkeypatch.setattr(Pool, "run", run)
    monkeypatch.setattr(pages, "_VIEWS", 1)
    one, other = (name.rpartition("/")[2] for name in list(small_graph.network())[:2])
    with TestClient(make_app(small_graph.workspace, Settings()), "http://localhost") as client:
        for path in ("network", f"ego-{one}", f"ego-{one}", f"ego-{other}", f"ego-{one}", "network"):
            assert client.get(f"/{path}.html").status_code == 200
    assert drawn == ["network", f"ego-{one}", f"ego-{other}", f"ego-{one}"], "the network stays"


def test_a_view_finds_its_subject_without_reading_every_statement(
    small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("graphkit.analysis.explain.read_linked")
    assert make("ego", small_graph.store, Asked(about="force")).number_of_edges() > 0
    assert make("timeline", small_graph.store, Asked(about="force")).number_of_edges() > 0

"""Queries that can be stopped: on time, on Ctrl-C, at a bound of memory and of rows, and the next one is answered."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import graphkit as gk
from graphkit.model.errors import GraphkitError, MissingExtraError, QueryError, StoreError
from graphkit.query import starting
from graphkit.query.answers import Table, Triples
from graphkit.query.nursery import Nursery
from graphkit.query.questions import Question, answer
from graphkit.query.worker import Limits, Worker
from graphkit.store.syntax import Header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.graph import Graph

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ONE = "SELECT ?x { VALUES ?x { 1 } }"
# Beyond what is promised, for a machine that does other things as well.
SLACK = 3.0


def asked(text: str) -> Question:
    return Question("query", text, Header("", ""))


@pytest.fixture(scope="module")
def place(small_graph: Graph) -> Path:
    return small_graph.workspace.root


@pytest.fixture(params=["copied", "started", "nursery"])
def worker(request: pytest.FixtureRequest, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    if request.param == "copied":
        # A test runner has threads of its own: they do nothing here that a copy could miss.
        monkeypatch.setattr(starting, "may_fork", lambda: True)
    else:
        monkeypatch.setattr(starting, "may_fork", lambda: False)
    origin = Nursery(["graphkit.query.questions"]) if request.param == "nursery" else None
    made = Worker(place / "build" / "store", Limits(seconds=1, megabytes=512), origin)
    yield made
    made.stop()


def ask(worker: Worker, text: str, most: int | None = None) -> object:
    return worker.run(answer, asked(text), {}, most)


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answered(worker: Worker) -> None:
    ask(worker, ONE)
    begin = time.monotonic()
    with pytest.raises(QueryError, match="stopped after 1 s"):
        ask(worker, ENDLESS)
    assert 1 <= time.monotonic() - begin < 1.3 + SLACK
    assert ask(worker, ONE) == Table(("x",), ask(worker, ONE).rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 5_000 + "}", "nested too deeply|stopped after"),
        ("SELECT * { FILTER(" + "!" * 20_000 + "true) }", "nested too deeply"),
        ("SELECT * { FILTER" + "(" * 100 + "1" + ")" * 100 + " }", "more than 64 brackets"),
        (
            "SELECT ?a { ?s ?p ?o . ?t ?q ?r . ?u ?v ?w . BIND(CONCAT(STR(?s), STR(?t), STR(?u)) AS ?a) } ORDER BY ?a",
            "more memory than the 512 MB|stopped after",
        ),
    ],
    ids=["optionals", "signs", "brackets", "memory"],
)
def test_what_the_engine_cannot_take_ends_the_worker_and_nothing_else(worker: Worker, text: str, what: str) -> None:
    with pytest.raises(QueryError, match=what):
        ask(worker, text)
    assert isinstance(ask(worker, ONE), Table)


def test_memory_is_bounded(place: Path) -> None:
    doubling = " ".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1})" for one in range(34))
    worker = Worker(place / "build" / "store", Limits(seconds=20, megabytes=256))
    text = f"SELECT (STRLEN(?x34) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubling} }}"
    with pytest.raises(QueryError, match="more memory than the 256 MB"):
        ask(worker, text)


def test_an_answer_that_was_cut_says_so(worker: Worker) -> None:
    table = ask(worker, "SELECT ?s { ?s ?p ?o }", 5)
    assert isinstance(table, Table)
    assert (len(table), table.cut) == (5, True)
    whole = ask(worker, "SELECT ?x { VALUES ?x { 1 2 3 4 5 } }", 5)
    assert isinstance(whole, Table)
    assert not whole.cut
    triples = ask(worker, "CONSTRUCT WHERE { ?s ?p ?o }", 5)
    assert isinstance(triples, Triples)
    assert (len(triples), triples.cut) == (5, True)


def test_ten_thousand_million_rows_are_cut_at_once(worker: Worker) -> None:
    table = ask(worker, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 100)
    assert isinstance(table, Table)
    assert table.cut


def test_errors_come_back_as_they_are(worker: Worker) -> None:
    with pytest.raises(QueryError, match="line 1, column 14"):
        ask(worker, "SELECT * WERE")


@pytest.mark.parametrize("error", [QueryError("a", "b"), MissingExtraError("polars", "polars"), StoreError("a")])
def test_every_error_travels(error: GraphkitError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (type(error), str(error))


def test_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        ask(Worker(tmp_path / "none", Limits()), ONE)


def test_the_worker_ends_with_the_object(place: Path) -> None:
    worker = Worker(place / "build" / "store", Limits())
    process = worker.run(_number)
    del worker
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def _number(_store: object) -> int:
    return os.getpid()


def test_no_worker_outlives_a_killed_program(place: Path) -> None:
    """Not even one that is busy."""
    program = (
        "import sys, threading, time\n"
        "from pathlib import Path\n"
        "from graphkit.query.worker import Worker, Limits\n"
        "from graphkit.query.questions import answer, Question\n"
        "from graphkit.store.syntax import Header\n"
        "worker = Worker(Path(sys.argv[1]), Limits())\n"
        "worker.start(); print(worker._process, flush=True)\n"
        f"worker.run(answer, Question('q', '{ENDLESS}', Header('', '')), {{}}, None)\n"
    )
    command = [sys.executable, "-c", program, str(place / "build" / "store")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        process = int(running.stdout.readline())
        time.sleep(0.5)
        os.kill(process, 0)
        running.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _runs(process):
        time.sleep(0.05)
    assert not _runs(process)


def _runs(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:  # noqa: PTH123 - gone at any moment
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from graphkit.cli import main; main()", "query", *arguments]


def test_ctrl_c_stops_a_query_at_once(place: Path) -> None:
    arguments = command("-e", ENDLESS, "-w", str(place))
    with subprocess.Popen(arguments, start_new_session=True) as running:
        time.sleep(1.5)
        begin = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(10) == 130
        assert time.monotonic() - begin < 0.3 + SLACK


def test_the_command_line_keeps_the_time(place: Path) -> None:
    arguments = command("-e", ENDLESS, "-w", str(place), "--timeout", "0.5")
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "stopped after 0.5 s" in done.stderr
    assert done.stdout == ""


def test_scripts_have_the_limits_too(place: Path) -> None:
    graph = gk.open(place, limits=Limits(seconds=0.5, rows=3))
    with pytest.raises(QueryError, match=r"stopped after 0\.5 s"):
        graph.query(ENDLESS)
    table = graph.query("SELECT ?s { ?s ?p ?o }")
    assert isinstance(table, Table)
    assert (len(table), table.cut) == (3, True)


def test_a_nursery_that_was_killed_is_replaced(place: Path) -> None:
    nursery = Nursery(["graphkit.query.questions"])
    worker = Worker(place / "build" / "store", Limits(), nursery)
    os.kill(worker.run(_parent), signal.SIGKILL)
    worker.stop()
    assert isinstance(ask(worker, ONE), Table)
    worker.stop()


def _parent(_store: object) -> int:
    return os.getppid()


def test_nothing_is_left_of_a_nursery_and_its_workers(place: Path) -> None:
    nursery = Nursery(["graphkit.query.questions"])
    worker = Worker(place / "build" / "store", Limits(), nursery)
    processes = [worker.run(_parent), worker.run(_number)]
    del worker, nursery
    end = time.monotonic() + SLACK
    while any(map(_runs, processes)):
        assert time.monotonic() < end

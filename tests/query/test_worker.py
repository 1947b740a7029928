"""Workers stop a query on time, on Ctrl-C and at the limits of memory and rows, and answer the next one."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jobs
import pytest
from jobs import children, parent_of, process_of, until

import graphkit as gk
from graphkit.model.errors import DefectError, GraphkitError, MissingExtraError, QueryError, StoreError
from graphkit.model.generation import Generation
from graphkit.model.workspace import Workspace
from graphkit.query import worker as worker_module
from graphkit.query.answers import Table, Triples
from graphkit.query.fork_server import ForkServer
from graphkit.query.limits import exit_error
from graphkit.query.questions import Question, answer
from graphkit.query.spawned import ProcessSpawner
from graphkit.query.worker import Limits, LocalSpawner, Spawner, Worker
from graphkit.query.worker_process import network_of, pack, unpack
from graphkit.store.syntax import Header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.graph import Graph

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUESTIONS = "graphkit.query.questions"
ONE = "SELECT ?x { VALUES ?x { 1 } }"
SPAWNERS: dict[str, Callable[[], Spawner]] = {
    "fork server": lambda: ForkServer([QUESTIONS]),
    "spawned": ProcessSpawner,  # as on Windows
}
# Seconds allowed on top of each promise, because the machine may be busy.
SLACK = 3.0


def asked(text: str) -> Question:
    return Question("query", text, Header("", ""))


@pytest.fixture(scope="module")
def place(small_graph: Graph) -> Path:
    return small_graph.workspace.root


@pytest.fixture(autouse=True)
def real_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers import `jobs`, and let a worker without a spawner be a fork of this process."""
    monkeypatch.setenv("PYTHONPATH", str(Path(jobs.__file__).parent))
    monkeypatch.setattr(LocalSpawner, "here", classmethod(lambda cls: cls()))
    # The test runner has threads, but none that a fork would miss here.
    monkeypatch.setattr(worker_module, "may_fork", lambda: True)


@pytest.fixture(params=["fork", "new interpreter", "fork server", "spawned"])
def worker(request: pytest.FixtureRequest, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(worker_module, "may_fork", lambda: request.param == "fork")
    spawner = SPAWNERS.get(request.param, LocalSpawner)()
    made = Worker(Workspace(place).generation(), Limits(seconds=1, megabytes=256), spawner)
    yield made
    made.stop()


def ask(worker: Worker, text: str, most: int | None = None) -> object:
    return worker.run(answer, asked(text), {}, most)


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answered(worker: Worker) -> None:
    ask(worker, ONE)
    worker.limits = replace(worker.limits, seconds=0.3)
    begin = time.monotonic()
    with pytest.raises(QueryError, match=r"stopped after 0\.3 s"):
        ask(worker, ENDLESS)
    assert 0.3 <= time.monotonic() - begin < 0.6 + SLACK
    assert ask(worker, ONE) == Table(("x",), ask(worker, ONE).rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 5_000 + "}", "nested too deeply|stopped after"),
        ("SELECT * { FILTER(" + "!" * 20_000 + "true) }", "nested too deeply"),
        ("SELECT * { FILTER" + "(" * 100 + "1" + ")" * 100 + " }", "more than 64 nested brackets"),
        (
            "SELECT ?a { ?s ?p ?o . ?t ?q ?r . ?u ?v ?w . BIND(CONCAT(STR(?s), STR(?t), STR(?u)) AS ?a) } ORDER BY ?a",
            "more than the 256 MB|stopped after",
        ),
    ],
    ids=["optionals", "signs", "brackets", "memory"],
)
def test_a_query_that_crashes_the_engine_ends_the_worker_and_nothing_else(worker: Worker, text: str, what: str) -> None:
    with pytest.raises(QueryError, match=what):
        ask(worker, text)
    assert isinstance(ask(worker, ONE), Table)


def test_a_worker_reports_the_memory_limit(place: Path) -> None:
    doubling = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(34))
    worker = Worker(Workspace(place).generation(), Limits(seconds=20, megabytes=256))
    text = f"SELECT (STRLEN(?x34) AS ?n) {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {doubling} }}"
    with pytest.raises(QueryError, match="more than the 256 MB of memory"):
        ask(worker, text)


def test_a_worker_that_another_thread_has_collected_is_stopped_without_an_error() -> None:
    stopped, ended = Worker(None, Limits()), Worker(None, Limits())
    for one in (stopped, ended):
        one.start()
        os.kill(one.process, signal.SIGKILL)
        os.waitpid(one.process, 0)
    stopped.stop()
    with pytest.raises(StoreError, match="ended"):
        ended.run(network_of)


def test_a_job_may_need_no_store() -> None:
    assert Worker(None, Limits()).run(jobs.total, [1] * 100_000) == 100_000


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (signal.SIGKILL, "killed .SIGKILL.; the system does this when memory is short"),
        (signal.SIGTERM, "ended unexpectedly .SIGTERM."),
        (signal.SIGABRT, "ended unexpectedly .SIGABRT."),
        (signal.SIGSEGV, "nested too deeply"),
    ],
)
def test_the_error_names_the_signal_that_ended_a_worker(worker: Worker, number: int, what: str) -> None:
    with pytest.raises(GraphkitError, match=what) as caught:
        worker.run(jobs.kill_itself, number)
    assert "MB" not in str(caught.value)
    assert isinstance(ask(worker, ONE), Table)


@pytest.mark.parametrize(("job", "cause"), [(jobs.fail, "TypeError: the cause"), (jobs.unsendable, "pickle")])
def test_a_defect_is_called_so_and_keeps_its_traceback(
    worker: Worker, job: Callable[[object], object], cause: str
) -> None:
    with pytest.raises(DefectError, match=f"a defect of graphkit.*{cause}") as caught:
        worker.run(job)
    assert caught.value.trace.startswith("Traceback")
    assert job.__name__ in caught.value.trace
    assert "Report it" in caught.value.hint
    assert isinstance(ask(worker, ONE), Table)


def test_a_defect_at_the_start_of_a_worker_is_called_so() -> None:
    with pytest.raises(DefectError, match="TypeError: the cause"):
        Worker(jobs.fail, Limits()).run(jobs.process_of)


def test_a_traceback_in_the_last_words_of_a_process_makes_a_defect() -> None:
    said = b"warning\nTraceback (most recent call last):\n  ...\nKeyError: 'x'\n"
    assert isinstance(error := exit_error(256, Limits(), said), DefectError)
    assert error.trace.startswith("Traceback")


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1, 0, 1e300])
def test_an_impossible_time_limit_is_refused(seconds: float) -> None:
    with pytest.raises(QueryError, match="is not possible"):
        Limits(seconds=seconds)


def test_an_isolated_worker_is_in_another_network(worker: Worker) -> None:
    command = shutil.which("unshare")
    is_allowed = command is not None and subprocess.run([command, "-Un", "true"], check=False).returncode == 0
    assert (worker.run(network_of) != network_of()) == is_allowed


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


def test_an_answer_with_ten_billion_rows_is_cut_at_once(worker: Worker) -> None:
    table = ask(worker, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 100)
    assert isinstance(table, Table)
    assert table.cut


def test_a_syntax_error_keeps_its_position(worker: Worker) -> None:
    with pytest.raises(QueryError, match="line 1, column 14"):
        ask(worker, "SELECT * WERE")


def test_a_long_text_is_sent_beside_the_message_and_not_copied_on_arrival() -> None:
    packed = bytearray(pack(("json", pickle.PickleBuffer(b"x" * 1_000), 3)))
    name, body, rows = unpack(memoryview(packed))
    assert (name, bytes(body), rows) == ("json", b"x" * 1_000, 3)
    packed[-1:] = b"y"
    assert body[-1] == ord("y")
    assert unpack(pack({"no": b"text"})) == {"no": b"text"}


@pytest.mark.parametrize("error", [QueryError("a", "b"), MissingExtraError("polars", "polars"), StoreError("a")])
def test_errors_can_be_pickled(error: GraphkitError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (type(error), str(error))


def test_a_missing_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        ask(Worker(Generation(tmp_path / "none"), Limits()), ONE)


def test_the_process_ends_with_the_worker_object(place: Path) -> None:
    worker = Worker(Workspace(place).generation(), Limits())
    process = worker.run(process_of)
    del worker
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_worker_keeps_no_pipe_of_its_caller_open(worker: Worker) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as reader:
        worker.start()
        assert reader.stdin
        reader.stdin.close()
        try:
            assert reader.wait(timeout=SLACK) == 0
        finally:
            reader.kill()
    assert ask(worker, ONE)


def test_no_worker_outlives_a_killed_program(place: Path) -> None:
    """Neither an idle worker nor a busy one does."""
    program = (
        "import sys, threading, time\n"
        "from pathlib import Path\n"
        "from graphkit.query.worker import Worker, Limits\n"
        "from graphkit.query.questions import answer, Question\n"
        "from graphkit.store.syntax import Header\n"
        "from graphkit.model.workspace import Workspace\n"
        "worker = Worker(Workspace(Path(sys.argv[1])).generation(), Limits())\n"
        "worker.start(); print(worker.process, flush=True)\n"
        f"worker.run(answer, Question('q', '{ENDLESS}', Header('', '')), {{}}, None)\n"
    )
    command = [sys.executable, "-c", program, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        process = int(running.stdout.readline())
        until(lambda: _cpu_ticks(process) > 20)  # it is busy with the query
        running.kill()
    until(lambda: not _runs(process))


def _stat(process: int) -> list[str]:
    """Return the state of a process and the fields after it; nothing once it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return []


def _runs(process: int) -> bool:
    return _stat(process)[:1] not in ([], ["Z"])


def _cpu_ticks(process: int) -> int:
    return sum(map(int, _stat(process)[11:13]))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from graphkit.cli import main; main()", "query", *arguments]


def test_ctrl_c_stops_a_query_at_once(place: Path) -> None:
    with subprocess.Popen(command("-e", ENDLESS, "-w", str(place)), start_new_session=True) as running:
        until(lambda: any(_cpu_ticks(child) > 20 for child in children(running.pid)))
        begin = time.monotonic()
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(10) == 130
        assert time.monotonic() - begin < 0.3 + SLACK


def test_the_command_line_stops_a_query_on_time(place: Path) -> None:
    arguments = command("-e", ENDLESS, "-w", str(place), "--timeout", "0.5")
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "stopped after 0.5 s" in done.stderr
    assert done.stdout == ""


def test_a_script_can_set_limits(place: Path) -> None:
    graph = gk.open(place, limits=Limits(seconds=0.5, rows=3))
    with pytest.raises(QueryError, match=r"stopped after 0\.5 s"):
        graph.query(ENDLESS)
    table = graph.query("SELECT ?s { ?s ?p ?o }")
    assert isinstance(table, Table)
    assert (len(table), table.cut) == (3, True)


def test_a_killed_fork_server_is_replaced(place: Path) -> None:
    worker = Worker(Workspace(place).generation(), Limits(), ForkServer([QUESTIONS]))
    os.kill(worker.run(parent_of), signal.SIGKILL)
    worker.stop()
    assert isinstance(ask(worker, ONE), Table)
    worker.stop()


def test_a_fork_server_and_its_workers_end_with_their_objects(place: Path) -> None:
    worker = Worker(Workspace(place).generation(), Limits(), ForkServer([QUESTIONS]))
    processes = [worker.run(parent_of), worker.run(process_of)]
    del worker
    until(lambda: not any(map(_runs, processes)))

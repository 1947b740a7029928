"""The build on Spark with one core, two cores and a cluster of two workers, one of which is killed: the same bytes.

It starts Spark for each of them, so that it takes minutes: make spark.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.corpus import corpus, entities, write_workspace
from graphkit.build.profile import given
from graphkit.build.rules import read_rules
from graphkit.curate.tables.bulk import bulk_build
from graphkit.model.workspace import Workspace

SIZE = int(os.environ.get("SPARK_STATEMENTS", "3000"))
CODE = "from graphkit.cli import main; main()"

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'graphkit[spark]'")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a workspace, a corpus and what one process makes of it."""
    folder = tmp_path_factory.mktemp("cluster")
    write_workspace(folder / "w", entities(SIZE, 3))
    (folder / "c.jsonl").write_text("".join(corpus(SIZE, 3)), encoding="utf-8")
    bulk_build(folder / "c.jsonl", Workspace(folder / "w"), print)
    return folder


def start(place: Path, engine: str, output: str) -> subprocess.Popen[bytes]:
    arguments = ["import", "c.jsonl", "--build", "--engine", engine, "--parts", "-o", output, "-w", "w"]
    return subprocess.Popen([sys.executable, "-c", CODE, *arguments], cwd=place, start_new_session=True)


def sha256(place: Path, output: str) -> str:
    whole = hashlib.sha256()
    for path in sorted((place / output / "generations" / "000001" / "nquads").glob("*.nq")):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def before_rules(workspace: Workspace) -> bytes:
    """Return the lines of a build before rules are described and applied."""
    rules = read_rules(workspace.rules())
    described = tuple(f"<{rule.iri}> ".encode() for rule in rules)
    lines = given(workspace.graph_file, {rule.graph for rule in rules})
    return b"".join(line for line in lines if not line.startswith(described))


def expected(place: Path) -> str:
    return hashlib.sha256(before_rules(Workspace(place / "w"))).hexdigest()


def wait_for(found: Path, run: subprocess.Popen[bytes], pattern: str) -> None:
    while not list(found.glob(pattern)):
        assert run.poll() is None
        time.sleep(0.05)


def executors(leader: int) -> list[int]:
    """Return the executors under a process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command, stat = (entry / "cmdline").read_bytes(), (entry / "stat").read_text()
        except OSError:
            continue
        if b"CoarseGrainedExecutorBackend" in command and int(re.split(r"\) \w ", stat)[1].split()[2]) == leader:
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("engine", ["spark://local[1]", "spark://local[2]", "spark://local-cluster[2,1,1024]"])
def test_every_master_makes_the_bytes_of_one_process(place: Path, engine: str) -> None:
    output = re.sub(r"\W", "-", engine)
    assert start(place, engine, output).wait(timeout=900) == 0
    assert sha256(place, output) == expected(place)


def test_a_killed_worker_changes_nothing(place: Path) -> None:
    run = start(place, "spark://local-cluster[2,1,1024]", "killed")
    wait_for(place / "killed", run, "compiled/*/run=*/_temporary")
    victim = executors(run.pid)[0]
    os.kill(victim, signal.SIGKILL)
    assert run.wait(timeout=900) == 0
    assert sha256(place, "killed") == expected(place)


def test_a_killed_driver_leaves_no_generation_and_the_next_run_goes_on(place: Path) -> None:
    run = start(place, "spark://local[2]", "driver")
    wait_for(place / "driver", run, "generations/*/nquads/.parts")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert list((place / "driver").rglob("manifest.json")) == []
    assert start(place, "spark://local[2]", "driver").wait(timeout=900) == 0
    assert sha256(place, "driver") == expected(place)
    assert len(list((place / "driver").glob("compiled/*/run=*"))) == 1

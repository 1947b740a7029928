"""In odd surroundings every command prints a message and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from graphkit.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

MAIN = "from graphkit.cli import main; main()"


@pytest.fixture(scope="module")
def place(small_graph: Graph) -> Path:
    return small_graph.workspace.root


def run(
    place: Path, *words: str, redirection: str = "", env: dict[str, str] | None = None, code: str = MAIN
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *words]
    if redirection:
        command = ["sh", "-c", f'exec "$@" {redirection}', "sh", *command]
    done = subprocess.run(
        command, cwd=place, env={**os.environ, **(env or {})}, capture_output=True, check=False, encoding="latin-1"
    )
    assert "Traceback" not in done.stderr
    return done


def test_the_bare_command_prints_its_help(place: Path) -> None:
    done = run(place)
    assert done.returncode == 2
    assert "Usage: " in done.stderr
    assert "explain" in done.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "-1", "0", "soon"])
def test_an_impossible_time_limit_is_refused(seconds: str) -> None:
    for command in ("query -e ASK{}", "serve", "view", "publish http://127.0.0.1:9/x", "capture x.txt", "draft x.txt"):
        done = CliRunner().invoke(app, [*command.split(), "--timeout", seconds])
        assert done.exit_code == 2
        assert "is not a number of seconds" in done.output


def test_a_closed_standard_input_is_reported(place: Path) -> None:
    done = run(place, "query", "-", redirection="<&-")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "Standard input is closed.")


def test_a_query_that_is_no_utf_8_is_reported(place: Path) -> None:
    (place / "latin.rq").write_bytes(b"SELECT * { ?s rdfs:label 'caf\xe9' }")
    for words, redirection in (("-", "<latin.rq"), ("latin.rq", "")):
        done = run(place, "query", words, redirection=redirection)
        assert done.returncode == 2
        assert "UTF-8" in done.stderr


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
@pytest.mark.parametrize("command", ["query -e", "questions", "check"])
def test_letters_that_the_terminal_lacks_are_escaped(place: Path, command: str, env: dict[str, str]) -> None:
    text = ["SELECT ('\u201ca\u201d\u017c' AS ?x) {}", "--format", "csv"] if command.endswith("-e") else []
    done = run(place, *command.split(), *text, env=env)
    assert done.returncode in {0, 1}
    if text:
        assert done.stdout.splitlines()[1] == r"\u201ca\u201d\u017c"


@pytest.mark.parametrize("command", ["query -e ASK{}", "check"])
def test_neither_a_home_nor_a_wide_terminal_is_needed(place: Path, command: str) -> None:
    env = {"HOME": "/nowhere", "COLUMNS": "1", "LINES": "1", "TERM": "dumb"}
    assert run(place, *command.split(), env=env).returncode in {0, 1}


def test_ctrl_c_prints_one_line_at_any_moment(place: Path) -> None:
    for delay in (0.1, 0.3):
        with subprocess.Popen(
            [sys.executable, "-c", f"print(flush=True); {MAIN}", "build"],
            cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as running:  # fmt: skip
            assert running.stdout
            running.stdout.readline()
            time.sleep(delay)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=60)
        assert "Traceback" not in said
        assert running.returncode in {0, 130, -signal.SIGINT}


def test_ctrl_c_while_python_frees_an_object_is_not_lost(place: Path) -> None:
    code = (
        "import signal, time, weakref\n"
        "from graphkit.cli import main, commands\n"
        "def work(words):\n"
        "    freed = {0}\n"
        "    weakref.finalize(freed, signal.raise_signal, signal.SIGINT)\n"
        "    del freed\n"
        "    time.sleep(60)\n"
        "commands.run = work\n"
        "main()"
    )
    done = run(place, code=code)
    assert (done.returncode, done.stderr) == (130, "Interrupted; no file was left half-written.\n")


@pytest.mark.parametrize("module", ["graphkit.cli.commands", "graphkit.model.errors", "typer"])
def test_ctrl_c_during_an_import_prints_one_line(place: Path, module: str) -> None:
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n" + MAIN
    )
    done = run(place, "questions", code=code)
    assert (done.returncode, done.stderr) == (130, "Interrupted; no file was left half-written.\n")

"""How much of graphkit a start of the command line loads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.main import get_command

from graphkit.cli import app
from graphkit.cli.commands import COMMANDS

CODE = """
import atexit, sys
from graphkit.cli import main
from graphkit.cli.commands import COMMANDS
atexit.register(lambda: print(*sorted(c for c in COMMANDS if f"graphkit.cli.{c}" in sys.modules), file=sys.stderr))
sys.argv[0] = "graphkit"
main()
"""


def start(*words: str, **environment: str) -> tuple[str, list[str]]:
    """Return the output, and which commands were loaded."""
    command = [sys.executable, "-c", CODE, *words]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr.splitlines()[-1].split()


def test_the_list_of_commands_has_the_summary_of_each_and_loads_none() -> None:
    text, loaded = start("--help")
    rows = [line.split(maxsplit=1) for line in text.partition("Commands:\n")[2].splitlines()]
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert rows == [[name, commands[name].get_short_help_str(200)] for name in COMMANDS]
    assert loaded == []


@pytest.mark.parametrize(
    ("typed", "offered", "loaded"),
    [("graphkit que", ["query", "questions"], []), ("graphkit rules --ti", ["--timeout"], ["rules"])],
)
def test_a_completion_loads_only_the_command_that_is_typed(typed: str, offered: list[str], loaded: list[str]) -> None:
    done = start(_GRAPHKIT_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(typed.count(" ")))
    assert (done[0].split(), done[1]) == (offered, loaded)

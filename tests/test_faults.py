"""A quick slice of `make faults`: each command is interrupted at one call, and works when it is run again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from faults.__main__ import KINDS, trial_folder, try_command
from faults.commands import COMMANDS, Command, first_state
from faults.hook import in_child

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with trial_folder() as made:
        in_child(first_state, made / "base")
        yield made


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_an_interrupted_command_loses_nothing(command: Command, folder: Path) -> None:
    (folder / "trial").mkdir()
    try:
        trials = try_command(command, folder / "base", folder / "trial", most=1, kills=1)
    finally:
        shutil.rmtree(folder / "trial")
    assert trials.failures == []
    assert trials.tried["random kill"] == 1
    assert trials.calls == 0 or all(trials.tried[kind] for kind in KINDS)

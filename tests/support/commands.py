"""The command line, run in the process of the tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from graphkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


class Said(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def block(self) -> dict[str, Any]:
        """What it printed, read as YAML."""
        found = yaml.safe_load(self.out)
        assert isinstance(found, dict)
        return found


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return a function that runs a command with the arguments given."""

    def run(*args: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["graphkit", *args])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        return Said(int(code or 0), *capsys.readouterr())

    return run

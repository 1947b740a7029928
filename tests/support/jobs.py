"""Jobs for workers, in a small module that imports fast, and the processes that run them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def wait(_store: object, seconds: float) -> float:
    """Sleep for some seconds; return them."""
    time.sleep(seconds)
    return seconds


def total(_store: None, numbers: list[int]) -> int:
    """Add numbers, without a store."""
    return sum(numbers)


def kill_itself(_store: object, number: int) -> None:
    """End the worker by a signal."""
    os.kill(os.getpid(), number)


def fail(_store: object = None) -> None:
    """Fail in a way that nobody expects."""
    raise TypeError("the cause")


def unsendable(_store: object) -> object:
    """Return something that cannot be pickled."""
    return lambda: None


def process_of(_store: object) -> int:
    """Return the process id of the worker."""
    return os.getpid()


def parent_of(_store: object) -> int:
    """Return the process id of the process that started the worker."""
    return os.getppid()


def children(process: int | str = "self") -> list[int]:
    """Return the running processes that a process has started."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    found = [child for task in tasks for child in (task / "children").read_text().split()]
    return [int(child) for child in found if " Z " not in Path(f"/proc/{child}/stat").read_text()]


def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: It does not hold after so many seconds.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)

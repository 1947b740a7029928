"""Jobs for workers; they find this module sooner than one that imports half of a test suite."""

from __future__ import annotations

import os
import time


def wait(_store: object, seconds: float) -> float:
    """Do nothing for so long."""
    time.sleep(seconds)
    return seconds


def process_of(_store: object) -> int:
    """Return the process that does this."""
    return os.getpid()


def parent_of(_store: object) -> int:
    """Return the process that started the one that does this."""
    return os.getppid()

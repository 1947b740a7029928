"""Knowledge graphs of contested policy fields: who said what, where, and who denies it.

>>> import graphkit as gk
>>> "Graph" in dir(gk)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphkit.build import Checked
    from graphkit.errors import GraphkitError, Problem
    from graphkit.graph import Graph
    from graphkit.graph import open_graph as open  # noqa: A004 - gk.open() is how it reads
    from graphkit.results import Table
    from graphkit.workers.limits import Limits
    from graphkit.workspace import Workspace, find_workspace, init_workspace

__all__ = [
    "Checked",
    "Graph",
    "GraphkitError",
    "Limits",
    "Problem",
    "Table",
    "Workspace",
    "find_workspace",
    "init_workspace",
    "open",
]

_ROOMS = {
    "Checked": ("build", "Checked"),
    "Graph": ("graph", "Graph"),
    "GraphkitError": ("errors", "GraphkitError"),
    "Limits": ("workers.limits", "Limits"),
    "Problem": ("errors", "Problem"),
    "Table": ("results", "Table"),
    "Workspace": ("workspace", "Workspace"),
    "find_workspace": ("workspace", "find_workspace"),
    "init_workspace": ("workspace", "init_workspace"),
    "open": ("graph", "open_graph"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used: importing the package does no work."""
    if name == "__version__":
        return import_module("importlib.metadata").version("graphkit")
    if name not in _ROOMS:
        raise AttributeError(f"module 'graphkit' has no attribute {name!r}")
    room, attribute = _ROOMS[name]
    found = getattr(import_module(f"graphkit.{room}"), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

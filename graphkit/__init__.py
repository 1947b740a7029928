"""Knowledge graphs of contested policy fields: who said what, where, and who denies it.

>>> import graphkit as gk
>>> "Graph" in dir(gk)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphkit.analysis.discourse.reading import Reading
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.graph import open_graph as open  # noqa: A004 - gk.open() is how it reads
    from graphkit.model.errors import GraphkitError, Problem
    from graphkit.model.workspace import Workspace, find_workspace, init_workspace
    from graphkit.query.answers import Table
    from graphkit.query.limits import Limits

__all__ = [
    "Checked",
    "Graph",
    "GraphkitError",
    "Limits",
    "Problem",
    "Reading",
    "Table",
    "Workspace",
    "find_workspace",
    "init_workspace",
    "open",
]

_PLACES = {
    "Checked": ("build.pipeline", "Checked"),
    "Graph": ("graph", "Graph"),
    "GraphkitError": ("model.errors", "GraphkitError"),
    "Limits": ("query.limits", "Limits"),
    "Problem": ("model.errors", "Problem"),
    "Reading": ("analysis.discourse.reading", "Reading"),
    "Table": ("query.answers", "Table"),
    "Workspace": ("model.workspace", "Workspace"),
    "find_workspace": ("model.workspace", "find_workspace"),
    "init_workspace": ("model.workspace", "init_workspace"),
    "open": ("graph", "open_graph"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used: importing the package does no work."""
    if name == "__version__":
        return import_module("importlib.metadata").version("graphkit")
    if name not in _PLACES:
        raise AttributeError(f"module 'graphkit' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    found = getattr(import_module(f"graphkit.{module}"), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

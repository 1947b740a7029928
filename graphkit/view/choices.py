"""The kinds, engines and file formats of views, each declared once. Importing this module loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kind of view to its description. Except for "entities", the whole network, `graphkit.view.diagrams` has a module of
# the same name with a function `make(store, asked)`.
KINDS: Mapping[str, str] = {
    "entities": "all entities and the statements between them",
    "ego": "an entity and its neighbours",
    "dispute": "statements for and against the propositions in dispute, in two columns",
    "timeline": "statements by date, with a box for each speaker",
    "flows": "who funded whom, from left to right",
    "relays": "who reports whose statements",
    "result": "the answer to a query: triples, or ?source and ?target",
}
# Module and function of each engine, (network, path) -> None, imported when the engine is used.
ENGINES: Mapping[str, tuple[str, str]] = {
    "svg": ("graphkit.view.page.page", "write_page"),
    "pyvis": ("graphkit.view.vis.page", "write_page"),
    "canvas": ("graphkit.view.vis.page", "write_plain"),
}
# The same for figures without a page.
FIGURES: Mapping[str, tuple[str, str]] = {
    "svg": ("graphkit.view.figure", "write_svg"),
    "png": ("graphkit.view.figure", "write_png"),
    "pdf": ("graphkit.view.figure", "write_pdf"),
}
FORMATS = ("html", *FIGURES)

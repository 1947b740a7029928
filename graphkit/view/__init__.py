"""Pictures of a network: networkx in, one file out."""

from __future__ import annotations

from graphkit.view.engines import ENGINES, FORMATS, view

__all__ = ["ENGINES", "FORMATS", "view"]

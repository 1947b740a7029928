"""Pictures of a network: networkx in, one HTML file out."""

from __future__ import annotations

from graphkit.view.page import write_page

__all__ = ["write_page"]

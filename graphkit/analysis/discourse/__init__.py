"""Discourse networks: projections of coded statements, their windows in time, and measures."""

from __future__ import annotations

from importlib.util import find_spec

from graphkit.model.errors import MissingExtraError


def require_scipy() -> None:
    """Raise MissingExtraError if the packages that compute networks are not installed."""
    for package in ("numpy", "scipy"):
        if find_spec(package) is None:
            raise MissingExtraError(package, "view")

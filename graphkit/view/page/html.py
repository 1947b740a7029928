"""The parts of every page: static files, the Content-Security-Policy, and writing a file completely or not at all."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from graphkit.model.errors import ExportError, reason
from graphkit.model.files import replacing
from graphkit.model.text import visible

_REDUNDANT = re.compile(r'/\*.*?\*/|;?\n\s*(?=})|\n\s*|;(?= ?})|(?<=[{;,:>]) (?!")| (?=[{}>!])', re.DOTALL)


def content_policy(scripts: Sequence[str], styles: Sequence[str], images: str = "") -> str:
    """Return a Content-Security-Policy that allows these scripts and styles, and no requests.

    Args:
        styles: The text of each style element, including those inside a picture.
        images: Allowed origins of images, such as `blob:` for images that the page makes itself.
    """
    allowed = [f"img-src {images}"] if images else []
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            *allowed,
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ],
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def static(name: str) -> str:
    """Return a static file of the package as text."""
    return files("graphkit.view").joinpath("static", name).read_text(encoding="utf-8")


def sheet(name: str) -> str:
    """Return a style sheet of the package without comments and superfluous space."""
    return _REDUNDANT.sub("", static(name))


def put(content: str | bytes, path: Path) -> None:
    """Write a file beside the path and rename it, so that an earlier file stays until the new one is complete.

    Raises:
        ExportError: The file cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        with replacing(path) as beside:
            beside.write_bytes(data)
    except OSError as error:
        raise ExportError(
            f"Cannot write {visible(path)}: {reason(error)}.",
            "Name a file in a folder that you may write to: -o FILE",
        ) from error

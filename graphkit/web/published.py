"""Where a site is published, and what its owner adds to the graph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from graphkit.model.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.model.stories import Story
    from graphkit.query.questions import Question


class Published(NamedTuple):
    """The publication of a site.

    Attributes:
        address: Its public address; "" if none is known. Pages then have no preview.
        stories: The stories that it shows, by name.
    """

    address: str = ""
    stories: Mapping[str, Story] = {}

    @property
    def base(self) -> str:
        """The address with a slash at its end."""
        return self.address and self.address.rstrip("/") + "/"

    @property
    def host(self) -> str:
        """The host of the address; "" if there is none."""
        return urlsplit(self.address).hostname or ""

    def require(self) -> None:
        """Raise ExportError if the address is not a web address."""
        if self.address and not _is_address(self.address):
            raise ExportError(
                f"{self.address!r} is not a web address.", "Type for example: --base-url https://example.org/site/"
            )


class Beside(NamedTuple):
    """What pages need beside the graph.

    Attributes:
        questions: The saved questions, by name.
        places: The stored positions of the nodes of the network.
        published: Where the pages are published.
    """

    questions: Mapping[str, Question] = {}
    places: Mapping[str, tuple[int, int]] = {}
    published: Published = Published()


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    # The paths of pages cannot follow a query or a fragment.
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"?#]", text)

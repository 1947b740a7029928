"""Builds made of lines of a test."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from graphkit.build.generations import new_generation, seal, switch
from graphkit.build.statistics import write_statistics
from graphkit.store import EmbeddedStore, in_memory, index_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.model.generation import Generation
    from graphkit.model.workspace import Workspace


class Lines(EmbeddedStore):
    """A store in memory with its lines at hand, as one on disk has them."""

    def __init__(self, lines: Iterable[str]) -> None:
        some = list(lines)
        super().__init__(in_memory(some).engine)
        self.text = "".join(sorted(some)).encode()

    def lines(self) -> io.BytesIO:
        return io.BytesIO(self.text)


def write_build(place: Workspace, lines: Iterable[str]) -> Generation:
    """Make lines of N-Quads the current build of a workspace."""
    product = "".join(sorted(lines)).encode()
    sha256 = hashlib.sha256(product).hexdigest()
    with new_generation(place.build) as new:
        new.graph_file.write_bytes(product)
        index_file(new.index, new.graph_file)
        write_statistics(new, sha256)
        seal(new)
        return switch(place.build, new, sha256)

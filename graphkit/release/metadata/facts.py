"""The facts that all descriptions of a release repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphkit.model.dataset import DatasetFile
from graphkit.model.iris import DATASET
from graphkit.model.workspace import LICENCES
from graphkit.release.content import Content, ReleasedFile

# The SPDX ids of licences, from the addresses that data use.
_SPDX = {address: name for name, address in LICENCES.items()}


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a release.

    Attributes:
        package: The data package of its tables.
        files: Its data files, without the descriptions.
        software: The name and version of the program that made it.
    """

    dataset: DatasetFile
    released: str
    content: Content
    package: Mapping[str, Any]
    files: tuple[ReleasedFile, ...]
    canonical: str
    policy: str
    software: str

    @property
    def spdx(self) -> str:
        """The SPDX id of the licence; "" if it has none here."""
        return _SPDX.get(self.dataset.licence, "")

    @property
    def address(self) -> str:
        """The address of the dataset: that of its DOI if it has one."""
        return f"https://doi.org/{self.dataset.doi}" if self.dataset.doi else DATASET

    @property
    def citation(self) -> str:
        """The dataset as one line of a bibliography."""
        names = "; ".join(creator.name for creator in self.dataset.creators)
        year = self.released[:4]
        return f"{names} ({year}). {self.dataset.title} (version {self.dataset.version}) [dataset]. {self.address}"

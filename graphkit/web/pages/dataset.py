"""The metadata of the dataset, which every page shows: title, version, licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.analysis.properties import language_of
from graphkit.web.pages.context import DATASET, read_mentioned

if TYPE_CHECKING:
    from graphkit.analysis.properties import Properties
    from graphkit.store import Store

_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
}


@dataclass(frozen=True, slots=True)
class DatasetMetadata:
    """The metadata of the dataset.

    Attributes:
        title: Its title.
        description: Its description.
        version: Its version.
        licence: IRI of its licence.
        licence_name: Name of its licence.
        creators: Names of its creators.
        issued: The day of its release.
        language: The language of labels and gists.
    """

    title: str
    description: str = ""
    version: str = ""
    licence: str = ""
    licence_name: str = ""
    creators: tuple[str, ...] = ()
    issued: str = ""
    language: str = "en"


def read_metadata(store: Store) -> DatasetMetadata:
    """Read the metadata of the dataset from a store."""
    return metadata_of(read_mentioned(store, [DATASET]))


def metadata_of(properties: Properties) -> DatasetMetadata:
    """Return the metadata of the dataset."""
    one, licence = properties.one, properties.one(DATASET, "dcterms:license")
    return DatasetMetadata(
        one(DATASET, "dcterms:title") or "graphkit",
        one(DATASET, "dcterms:description"),
        one(DATASET, "owl:versionInfo"),
        licence,
        _LICENCES.get(licence, licence),
        tuple(properties.all(DATASET, "dcterms:creator")),
        one(DATASET, "dcterms:issued"),
        language_of(properties.terms(DATASET, "dcterms:title")) or "en",
    )

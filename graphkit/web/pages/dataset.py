"""What every page tells of the whole: title, version, licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.iris import BASE
from graphkit.web.pages.records import Record, read_around, word, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.store import Store

DATASET = BASE + "dataset"
_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
}


@dataclass(frozen=True, slots=True)
class Masthead:
    """What every page tells of the whole.

    Attributes:
        title: Of the dataset.
        description: What it is.
        version: Its version.
        licence: Where its licence is.
        licence_name: How its licence is called.
        creators: Who made it.
        issued: The day of its release.
        language: That of labels and gists.
    """

    title: str
    description: str = ""
    version: str = ""
    licence: str = ""
    licence_name: str = ""
    creators: tuple[str, ...] = ()
    issued: str = ""
    language: str = "en"


def read_masthead(store: Store) -> Masthead:
    """Read what every page tells of the whole."""
    return masthead(read_around(store, [DATASET]))


def masthead(records: Mapping[str, Record]) -> Masthead:
    """Tell it from records."""
    record = records.get(DATASET)
    licence = word(record, "dcterms:license")
    return Masthead(
        word(record, "dcterms:title") or "graphkit",
        word(record, "dcterms:description"),
        word(record, "owl:versionInfo"),
        licence,
        _LICENCES.get(licence, licence),
        tuple(words(record, "dcterms:creator")),
        word(record, "dcterms:issued"),
        _language(record),
    )


def _language(record: Record | None) -> str:
    titles = (record or {}).get("dcterms:title", ())
    return next((one.language for one in titles if isinstance(one, ox.Literal) and one.language), "en")

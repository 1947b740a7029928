"""The head of a source file: what is known, and open keys for what only a person can tell."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from graphkit.corpus.parse import near
from graphkit.model.errors import ExportError
from graphkit.model.iris import SLUG
from graphkit.model.records import LONGEST_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphkit.model.records import Corpus


def draft_head(name: str, raw: bytes, text: str, given: Mapping[str, str | None], corpus: Corpus) -> dict[str, object]:
    """Return the head of a source, by key; None is a key that a person has to fill in.

    Args:
        name: The id of the source.
        raw: The capture, as bytes.
        text: The capture.
        given: Kind, publisher and title, where the user named them.
        corpus: The workspace; if the source is in it, its head is taken over.

    Raises:
        ExportError: The id cannot be one, or there is no such publisher or kind.
    """
    if not SLUG.fullmatch(name) or len(name) > LONGEST_ID:
        raise ExportError(f"{name!r} cannot be the id of a source.", "Name one: --source example-gazette-2021")
    _known(given["publisher"], "publisher", corpus.entities)
    _known(given["kind"], "kind", corpus.vocabulary.source_kinds)
    before: dict[str, object] = {"id": name, "kind": None, "publisher": None, "title": None}
    if source := corpus.sources.get(name):
        whole = source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        before = {key: value for key, value in whole.items() if key != "statements"}
    named = {key: value for key, value in given.items() if value is not None}
    capture = {"sha256": hashlib.sha256(raw).hexdigest(), "characters": max(1, len(text))}
    return {**before, **named, "capture": capture}


def _known(value: str | None, what: str, known: Mapping[str, object]) -> None:
    if value is not None and value not in known:
        solution = near(value, known)
        raise ExportError(f"There is no {what} {value!r}.", solution[:1].upper() + solution[1:])

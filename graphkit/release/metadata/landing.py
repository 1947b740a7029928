"""The page that search engines for datasets read, its data, and the same page as the preview of the RO-Crate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from graphkit.model.dataset import Creator
from graphkit.release.content import ReleasedFile
from graphkit.release.metadata.facts import Facts

_UP = "../"


def landing_data(facts: Facts) -> str:
    """Return landing/landing.jsonld: the release as a Dataset of schema.org."""
    return _data(facts, _UP)


def _data(facts: Facts, above: str) -> str:
    return json.dumps(_dataset(facts, above), ensure_ascii=False, indent=1) + "\n"


def _dataset(facts: Facts, above: str) -> dict[str, Any]:
    dataset = facts.dataset
    whole = {
        # The shapes for datasets that search engines recommend know this form of the namespace alone.
        "@context": {"@vocab": "http://schema.org/"},
        "@id": facts.address,
        "@type": "Dataset",
        "name": dataset.title,
        "description": dataset.description,
        "url": facts.address,
        "identifier": facts.address,
        "version": dataset.version,
        "license": dataset.licence,
        "datePublished": facts.released,
        "inLanguage": dataset.language,
        "isAccessibleForFree": True,
        "citation": facts.citation,
        "keywords": list(dataset.subjects),
        "creator": [_creator(creator) for creator in dataset.creators],
        "distribution": [_download(file, above) for file in facts.files],
    }
    return {key: value for key, value in whole.items() if value != []}


def _creator(creator: Creator) -> dict[str, str]:
    if creator.orcid:
        return {"@type": "Person", "@id": creator.orcid_address, "name": creator.name}
    return {"@type": "Organization", "name": creator.name}


def _download(file: ReleasedFile, above: str) -> dict[str, str]:
    return {
        "@type": "DataDownload", "name": file.name, "contentUrl": f"{above}{file.name}", "encodingFormat": file.media,
        "contentSize": f"{file.size} B", "sha256": file.sha256,
    }  # fmt: skip


def landing_page(facts: Facts) -> str:
    """Return landing/index.html, which loads nothing."""
    return "".join(_page(facts, _UP))


def preview(facts: Facts) -> str:
    """Return ro-crate-preview.html: the landing page, from the folder above."""
    return "".join(_page(facts, ""))


def _page(facts: Facts, above: str) -> Iterator[str]:
    dataset = facts.dataset
    # No text can end the script before its end.
    data = _data(facts, above).replace("<", "\\u003c")
    yield f'<!doctype html>\n<html lang="{escape(dataset.language)}">\n<head>\n<meta charset="utf-8">\n'
    yield f"<title>{escape(dataset.title)}, version {dataset.version}</title>\n"
    yield '<meta name="viewport" content="width=device-width">\n'
    yield f'<script type="application/ld+json">\n{data}</script>\n</head>\n<body>\n<main>\n'
    yield f"<h1>{escape(dataset.title)}</h1>\n<p>{escape(dataset.description)}</p>\n<ul>\n"
    yield f"<li>Version {dataset.version}, released on {facts.released}</li>\n"
    yield f'<li>Licence: <a href="{escape(dataset.licence)}">{escape(facts.spdx or dataset.licence)}</a></li>\n'
    yield f"<li>Creators: {escape('; '.join(creator.name for creator in dataset.creators))}</li>\n"
    yield f"<li>Cite as: {escape(facts.citation)}</li>\n</ul>\n<table>\n<tr><th>File</th><th>Bytes</th></tr>\n"
    for file in facts.files:
        yield f'<tr><td><a href="{above}{escape(file.name)}">{escape(file.name)}</a></td><td>{file.size:,}</td></tr>\n'
    yield "</table>\n</main>\n</body>\n</html>\n"

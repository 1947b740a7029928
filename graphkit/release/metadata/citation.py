"""CITATION.cff for reference managers, and datacite.xml for those who register a DOI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import yaml

from graphkit.model.dataset import Creator, Funder, RelatedWork
from graphkit.release.metadata.facts import Facts
from graphkit.release.network_files import require_xml

_KERNEL = "http://datacite.org/schema/kernel-4"


def citation(facts: Facts) -> str:
    """Return CITATION.cff, of version 1.2.0."""
    dataset = facts.dataset
    whole: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": dataset.title,
        "abstract": dataset.description,
        "authors": [_author(creator) for creator in dataset.creators],
        "version": dataset.version,
        "date-released": facts.released,
        # CFF names licences by their SPDX ids, and gives any other address as license-url.
        **({"license": facts.spdx} if facts.spdx else {"license-url": dataset.licence}),
        **({"doi": dataset.doi} if dataset.doi else {"url": facts.address}),
        **({"keywords": list(dataset.subjects)} if dataset.subjects else {}),
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110)


def _author(creator: Creator) -> dict[str, str]:
    # An entity of CFF has one name; that of a person would have to be divided into given and family names.
    return {"name": creator.name, **({"orcid": creator.orcid_address} if creator.orcid else {})}


def datacite(facts: Facts) -> str:
    """Return datacite.xml, of kernel 4; a dataset without DOI has the code :tba in its place.

    Raises:
        ExportError: A text has a character that XML cannot hold.
    """
    return "".join(_datacite(facts))


def _datacite(facts: Facts) -> Iterator[str]:
    dataset = facts.dataset
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<resource xmlns="{_KERNEL}">\n'
    yield _element("identifier", dataset.doi or ":tba", identifierType="DOI")
    yield from _group("creators", (_creator(creator) for creator in dataset.creators))
    yield f"<titles>\n{_element('title', dataset.title)}</titles>\n"
    yield _element("publisher", dataset.creators[0].affiliation or dataset.creators[0].name)
    yield _element("publicationYear", facts.released[:4])
    yield _element("resourceType", "knowledge graph", resourceTypeGeneral="Dataset")
    yield from _group("subjects", (_element("subject", subject) for subject in dataset.subjects))
    yield f"<dates>\n{_element('date', facts.released, dateType='Issued')}</dates>\n"
    yield _element("language", dataset.language)
    yield from _group("relatedIdentifiers", (_related(work) for work in dataset.related))
    yield _element("version", dataset.version)
    yield f"<rightsList>\n{_rights(facts)}</rightsList>\n"
    yield f"<descriptions>\n{_element('description', dataset.description, descriptionType='Abstract')}</descriptions>\n"
    yield from _group("fundingReferences", (_funder(funder) for funder in dataset.funders))
    yield "</resource>\n"


def _element(name: str, text: str, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(require_xml(value))}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(require_xml(text))}</{name}>\n"


def _group(name: str, parts: Iterator[str]) -> Iterator[str]:
    inner = "".join(parts)
    if inner:
        yield f"<{name}>\n{inner}</{name}>\n"


def _creator(creator: Creator) -> str:
    scheme = {"nameIdentifierScheme": "ORCID", "schemeURI": "https://orcid.org"}
    parts = _element("creatorName", creator.name)
    if creator.orcid:
        parts += _element("nameIdentifier", creator.orcid_address, **scheme)
    if creator.affiliation:
        ror = {"affiliationIdentifier": creator.ror_address, "affiliationIdentifierScheme": "ROR"}
        parts += _element("affiliation", creator.affiliation, **(ror if creator.ror else {}))
    return f"<creator>\n{parts}</creator>\n"


def _related(work: RelatedWork) -> str:
    kind = "DOI" if work.doi else "URL"
    return _element(
        "relatedIdentifier", work.doi or work.url or "", relatedIdentifierType=kind, relationType=work.relation
    )


def _rights(facts: Facts) -> str:
    spdx = {"rightsIdentifier": facts.spdx, "rightsIdentifierScheme": "SPDX"} if facts.spdx else {}
    return _element("rights", facts.spdx or facts.dataset.licence, rightsURI=facts.dataset.licence, **spdx)


def _funder(funder: Funder) -> str:
    parts = _element("funderName", funder.name)
    if funder.ror:
        parts += _element("funderIdentifier", funder.ror_address, funderIdentifierType="ROR")
    if funder.award:
        parts += _element("awardNumber", funder.award)
    return f"<fundingReference>\n{parts}</fundingReference>\n"

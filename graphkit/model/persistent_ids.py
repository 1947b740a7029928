"""Identifiers of people, organisations and publications: ORCID, ROR and DOI."""

from __future__ import annotations

import re

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}\d\d")
_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"{}|\\^`]+")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def orcid_fault(text: str) -> str:
    """Return why a text is not an ORCID iD; "" if it is one.

    >>> orcid_fault("0000-0002-1825-0097"), orcid_fault("0000-0002-1825-0098")
    ('', 'its check digit should be 7')
    """
    if not _ORCID.fullmatch(text):
        return "it is not four groups of four digits"
    total = 0
    for digit in text.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    expected = "0123456789X"[(12 - total % 11) % 11]
    return "" if text[-1] == expected else f"its check digit should be {expected}"


def ror_fault(text: str) -> str:
    """Return why a text is not an identifier of the Research Organization Registry; "" if it is one.

    >>> ror_fault("05dxps055"), ror_fault("05dxps056")
    ('', 'its check digits should be 55')
    """
    if not _ROR.fullmatch(text):
        return "it is not 0, six letters or digits, and two digits"
    number = 0
    for letter in text[1:7]:
        number = number * 32 + _ALPHABET.index(letter)
    expected = f"{98 - number * 100 % 97:02d}"
    return "" if text[-2:] == expected else f"its check digits should be {expected}"


def doi_fault(text: str) -> str:
    """Return why a text is not a DOI; "" if it is one.

    >>> doi_fault("10.5281/zenodo.1234"), doi_fault("https://doi.org/10.5281/zenodo.1234")
    ('', 'it does not begin with 10., four to nine digits and a slash')
    """
    return "" if _DOI.fullmatch(text) else "it does not begin with 10., four to nine digits and a slash"

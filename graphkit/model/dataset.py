"""The record of `data/dataset.yaml`: how a dataset is cited, and what its users must know about it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from graphkit.model.addresses import address_fault
from graphkit.model.base_iri import DEFAULT_BASE, is_base
from graphkit.model.fields import Date, Record, Text, Url, fault

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}\d\d")
_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"{}|\\^`]+")
_MAIL = re.compile(r"[^\s@<>\"(),:;]+@[\w-]+(?:\.[\w-]+)+")
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


def _base(text: str) -> str:
    if not is_base(text):
        raise fault("address", "This is not a base for IRIs.", "write an address that ends with / or #.")
    return text


def _orcid(text: str) -> str:
    if reason := orcid_fault(text):
        raise fault("identifier", f"{text!r} is not an ORCID iD: {reason}.", "copy it, such as 0000-0002-1825-0097.")
    return text


def _ror(text: str) -> str:
    if reason := ror_fault(text):
        raise fault("identifier", f"{text!r} is not a ROR id: {reason}.", "copy what follows https://ror.org/.")
    return text


def _ror_address(ror: str | None) -> str:
    return f"https://ror.org/{ror}" if ror else ""


def _doi(text: str) -> str:
    if reason := doi_fault(text):
        raise fault("identifier", f"{text!r} is not a DOI: {reason}.", "copy what follows https://doi.org/.")
    return text


def _folder(text: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.:-]+/(?:[\w.~-]+/)*", text, re.ASCII):
        raise fault("address", f"{text!r} is not the address of a folder.", "write it with a slash at its end.")
    return text


def _past(text: str) -> str:
    # Clocks east of Greenwich are up to 14 hours ahead.
    today = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    if dt.date.fromisoformat(text) > today:
        raise fault("future", f"The dataset is released on {text}, in the future.", "give the day of the release.")
    return text


def _named(typed: object) -> object:
    return {"name": typed} if isinstance(typed, str) else typed


def _some(creators: tuple[Creator, ...]) -> tuple[Creator, ...]:
    if not creators or len(set(creators)) < len(creators):
        raise ValueError("name each creator once" if creators else "name at least one creator")
    return creators


def _in_words(text: str) -> str:
    if not any(map(str.isalpha, text)):
        raise ValueError("write it in words")
    return text


def _contact(text: str) -> str:
    if _ORCID.fullmatch(text):
        return f"https://orcid.org/{_orcid(text)}"
    if text.startswith(("http://", "https://")):
        if found := address_fault(text):
            raise fault("address", *found)
    elif not _MAIL.fullmatch(text):
        raise ValueError("write a mail address, an address that begins with https://, or an ORCID iD")
    return text


def _at_a_body(creator: Creator) -> Creator:
    if creator.ror and not creator.affiliation:
        raise ValueError("ror is that of the affiliation: add affiliation: and the name of the body")
    return creator


def _with_address(work: RelatedWork) -> RelatedWork:
    if not (work.doi or work.url):
        raise ValueError("add doi: or url: of the work")
    return work


Orcid = Annotated[str, AfterValidator(_orcid)]


Ror = Annotated[str, AfterValidator(_ror)]


Doi = Annotated[str, AfterValidator(_doi)]


Words = Annotated[Text, AfterValidator(_in_words)]


class Creator(Record):
    """A person or body that made the dataset; a name alone may be typed in its place."""

    name: Words
    orcid: Orcid | None = None
    affiliation: Text | None = None
    ror: Ror | None = None

    @property
    def orcid_address(self) -> str:
        """The address of the ORCID iD; "" without one."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""

    @property
    def ror_address(self) -> str:
        """The address of the affiliation; "" without a ROR id."""
        return _ror_address(self.ror)


class Funder(Record):
    """A body that paid for the work; a name alone may be typed in its place."""

    name: Words
    ror: Ror | None = None
    award: Text | None = None

    @property
    def ror_address(self) -> str:
        """The address of the body; "" without a ROR id."""
        return _ror_address(self.ror)


class RelatedWork(Record):
    """Another publication, and how the dataset is related to it, in the words of DataCite."""

    relation: Literal["IsSupplementTo", "IsDescribedBy", "IsDerivedFrom", "References", "IsVersionOf", "IsNewVersionOf"]
    doi: Doi | None = None
    url: Url | None = None


class DatasetFile(Record):
    """The file `dataset.yaml`: title, licence and creators of the dataset, and the base of its IRIs.

    Attributes:
        contact: A mail address, an address of the web, or an ORCID iD, which becomes its address.
        unverified_share: The largest share of unverified passages with which the dataset may be released, from 0 to 1.
        collection: How sources were chosen and statements read.
        limits: Known gaps and errors, one by one.
        uses: The purposes for which the dataset was made.
        misuses: The purposes for which it is not fit.
        sensitive: The personal data in it, and the reason for publishing them.
        maintenance: Who corrects it, and how an error is reported.
        home: The address, with a slash at its end, below which each release is published in a folder of its version.
    """

    title: Words
    description: Words
    version: Annotated[str, StringConstraints(pattern=r"^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$(?!\n)")]
    base: Annotated[str, AfterValidator(_base)] = DEFAULT_BASE
    licence: Url
    creators: Annotated[
        tuple[Annotated[Creator, BeforeValidator(_named), AfterValidator(_at_a_body)], ...], AfterValidator(_some)
    ]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$(?!\n)")] = "en"
    released: Annotated[Date, AfterValidator(_past)] | None = None
    unverified_share: Annotated[str, Field(alias="unverifiedShare", pattern=r"^(?:0(?:\.\d{1,6})?|1)$(?!\n)")] = "0"
    doi: Doi | None = None
    contact: Annotated[Text, AfterValidator(_contact)] | None = None
    subjects: tuple[Text, ...] = ()
    funders: tuple[Annotated[Funder, BeforeValidator(_named)], ...] = ()
    related: tuple[Annotated[RelatedWork, AfterValidator(_with_address)], ...] = ()
    collection: Text | None = None
    limits: tuple[Text, ...] = ()
    uses: tuple[Text, ...] = ()
    misuses: tuple[Text, ...] = ()
    sensitive: Text | None = None
    maintenance: Text | None = None
    home: Annotated[Url, AfterValidator(_folder)] | None = None

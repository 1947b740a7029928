"""The base class of the records, and the types of fields that several of them share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from graphkit.model.addresses import address_fault


def fault(code: str, message: str, solution: str) -> PydanticCustomError:
    """Return an error for pydantic; `graphkit.corpus.parse` makes a problem of it.

    Args:
        code: The kind of error, which decides the code of the problem.
    """
    return PydanticCustomError(code, "{message}", {"message": message, "solution": solution})


def _day(text: str) -> str:
    """Refuse a day that does not exist."""
    dt.date.fromisoformat(text)
    return text


def _address(text: str) -> str:
    """Refuse an address that readers cannot open, or that is not an IRI: it would make the whole graph unreadable."""
    if found := address_fault(text):
        raise fault("address", *found)
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$(?!\n)"), AfterValidator(_day)]
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "pattern": r"^https?://[^\s<>\"{}|\\^`]+$", "maxLength": 2000}),
]


class Record(BaseModel):
    """Base class of the records: unknown keys are refused, and records are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re", defer_build=True)

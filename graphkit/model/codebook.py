"""The records of `data/codebook.yaml`: concepts, the rules that code statements with them, and the agreement table.

A concept is a claim that one can agree or disagree with. Coding interprets statements and never changes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from graphkit.model.fields import Record, Text
from graphkit.model.iris import SLUG
from graphkit.model.records import KEY, LONGEST_ID, Slug, Words

StatementName = Annotated[
    str, StringConstraints(pattern=rf"^{SLUG.pattern}/{KEY.pattern}$(?!\n)", max_length=2 * LONGEST_ID + 1)
]
Sign = Literal["+", "-"]
Side = Literal["+", "-", "0", "withdraw"]


class StanceSide(Record):
    """The side that a stance takes on a concept: `+`, `-`, `0` (no side) or `withdraw`."""

    side: Side
    reason: Text


class CertaintyWeight(Record):
    """How much a statement of a certainty counts."""

    weight: Annotated[int, Field(ge=0, le=9)]
    reason: Text


class CodingRule(Record):
    """A pattern over propositions; each list that is given must contain what a proposition has.

    Topics below a topic and members of a group are included. A proposition that fits agrees with the concept (`+`) or
    contradicts it (`-`).

    Attributes:
        subject_kind, object_kind: Kinds of entities.
        qualifiers: Qualifier to the entities or words that it may have.
    """

    sign: Sign = "+"
    relation: Annotated[tuple[Slug, ...], Field(min_length=1)]
    subject: tuple[Slug, ...] = ()
    object: tuple[Slug, ...] = ()
    subject_kind: Annotated[tuple[Slug, ...], Field(alias="subjectKind")] = ()
    object_kind: Annotated[tuple[Slug, ...], Field(alias="objectKind")] = ()
    qualifiers: dict[Slug, tuple[Words, ...]] = Field(default_factory=dict)


class Concept(Record):
    """A claim that one can agree or disagree with.

    Attributes:
        kind: A fact is narrated rather than disputed, and left out of networks unless the user asks for it.
        example: A statement that is coded with the concept.
        counterexample: A similar statement that is not.
        exceptions: Statement to the sign of its proposition whatever the rules say, or `omit`.
    """

    label: Text
    definition: Text
    kind: Literal["claim", "fact"] = "claim"
    broader: tuple[Slug, ...] = ()
    example: StatementName | None = None
    counterexample: StatementName | None = None
    rules: tuple[CodingRule, ...] = ()
    exceptions: dict[StatementName, Literal["+", "-", "omit"]] = Field(default_factory=dict)


class Agreement(Record):
    """The agreement table: the side of each stance and the weight of each certainty, where they differ from ours."""

    stances: dict[Slug, StanceSide] = Field(default_factory=dict)
    certainties: dict[Slug, CertaintyWeight] = Field(default_factory=dict)

    @property
    def sides(self) -> dict[str, StanceSide]:
        """The side of each stance."""
        return {**STANCES, **self.stances}

    @property
    def weights(self) -> dict[str, CertaintyWeight]:
        """The weight of each certainty."""
        return {**CERTAINTIES, **self.certainties}


class Codebook(Record):
    """The file `codebook.yaml`."""

    agreement: Agreement = Agreement()
    concepts: dict[Slug, Concept] = Field(default_factory=dict)


STANCES = {
    "asserts": StanceSide(side="+", reason="The speaker takes the claim for true."),
    "concedes": StanceSide(side="+", reason="The speaker takes the claim for true, although against its interest."),
    "denies": StanceSide(side="-", reason="The speaker takes the claim for false."),
    "doubts": StanceSide(side="-", reason="The speaker does not take the claim for true."),
    "plans": StanceSide(side="+", reason="A speaker who plans an action is committed to it."),
    "rules-out": StanceSide(side="-", reason="The opposite of a plan."),
    "declines": StanceSide(side="0", reason="The speaker takes no side."),
    "retracts": StanceSide(
        side="withdraw", reason="The speaker takes back earlier statements on the same proposition."
    ),
}
_ALIKE = "A hedge is not a change of side; how far it weakens a statement is not measured."
CERTAINTIES = {
    "certain": CertaintyWeight(weight=1, reason="The usual case."),
    "probable": CertaintyWeight(weight=1, reason=_ALIKE),
    "possible": CertaintyWeight(weight=1, reason=_ALIKE),
}
SIGNS = {"+": 1, "-": -1, "0": 0}

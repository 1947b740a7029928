"""What of a draft is new: a source that is coded already has some of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.curate.draft.propose import Proposal
    from graphkit.model.records import Source, Statement


def not_coded(proposals: Iterable[Proposal], source: Source) -> tuple[Proposal, ...]:
    """Return the proposals of which a source has no statement: the same speaker and stance, ends and relation.

    Args:
        proposals: In order.
        source: As it is coded.
    """
    coded = {_said(one, source.publisher) for one in source.statements.values()}
    return tuple(one for one in proposals if _said(one, source.publisher) not in coded)


def _said(one: Proposal | Statement, publisher: str) -> tuple[object, ...]:
    return one.speaker or publisher, one.stance, one.subject, one.relation, str(one.object), one.value

"""What a view is asked to be about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.analysis.explain import find
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.iris import DEFAULT_POLICY

if TYPE_CHECKING:
    from graphkit.analysis.explain import Subject
    from graphkit.query.answers import Answer
    from graphkit.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view is asked to be about.

    Attributes:
        policy: Which propositions are plain.
        about: What it is about, as `graphkit explain` takes it; "" for everything.
        hops: How many steps from there.
        answer: The answer to a query, for the kind `result`.
    """

    policy: str = DEFAULT_POLICY
    about: str = ""
    hops: int = 1
    answer: Answer | None = None


def subject_of(store: Store, asked: Asked, kinds: tuple[str, ...]) -> Subject:
    """Return what a view is about.

    Args:
        store: The graph.
        asked: What was asked.
        kinds: What it may be: entity, source, dispute …

    Raises:
        QueryError: Nothing was asked.
        NotFoundError: There is nothing of that name, or it is something else.
    """
    wanted = " or ".join(kinds)
    if not asked.about:
        raise QueryError(f"This view needs to know what it is about: {wanted}.", "Type: --about NAME")
    found = find(store, asked.about)
    if found.kind not in kinds:
        raise NotFoundError(f"{asked.about!r} is of the kind {found.kind}, not {wanted}.", f"Name a {wanted}.")
    return found

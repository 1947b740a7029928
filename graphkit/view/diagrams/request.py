"""The request for a view: subject, policy and number of steps."""

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
    """The request for a view.

    Attributes:
        policy: Decides which propositions are plain.
        about: The subject, as `graphkit explain` takes it; "" for everything.
        hops: Number of steps from the subject.
        answer: The answer to a query, for the kind `result`.
    """

    policy: str = DEFAULT_POLICY
    about: str = ""
    hops: int = 1
    answer: Answer | None = None


def subject_of(store: Store, asked: Asked, kinds: tuple[str, ...]) -> Subject:
    """Return the subject of a view, which must be of one of some kinds, such as entity or source.

    Raises:
        QueryError: No subject was named.
        NotFoundError: Nothing has that name, or it is of another kind.
    """
    wanted = " or ".join(kinds)
    if not asked.about:
        raise QueryError(f"This kind of view needs a subject: {wanted}.", "Type: --about NAME")
    found = find(store, asked.about)
    if found.kind not in kinds:
        raise NotFoundError(
            f"{asked.about!r} names a thing of the kind {found.kind}, not {wanted}.",
            f"Name a thing of the kind {wanted}.",
        )
    return found

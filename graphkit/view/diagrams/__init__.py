"""Kinds of views. Each kind makes a network that `graphkit.view` draws.

A new kind is one file here and one line in `graphkit.view.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

import networkx as nx

from graphkit.analysis.network import network
from graphkit.analysis.outline import large_part
from graphkit.analysis.subjects import Subject, find
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import NotFoundError, QueryError
from graphkit.model.iris import DEFAULT_POLICY
from graphkit.query.answers import Answer
from graphkit.store import Store
from graphkit.view import KINDS

if TYPE_CHECKING:
    from graphkit.query.questions import Question

__all__ = ["KINDS", "Asked", "make", "subject_of", "title_of"]

# The kinds that draw coded statements.
CODED = ("discourse", "coalitions")
_TYPE_CODED = f"Type: --kind {' or '.join(CODED)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """The request for a view.

    Attributes:
        policy: Decides which propositions are plain.
        about: The subject, as `graphkit explain` takes it; "" for everything.
        hops: Number of steps from the subject.
        answer: The answer to a query, for the kind `result`.
        question: Its query, whose header says how the answer is drawn: see `graphkit.view.diagrams.result`.
        given: The parameters of the query that were typed.
        roll_up: As which concepts a concept counts, for the kinds discourse and coalitions; see `Reading`.
        grouped: Whether all entities are drawn in groups if they are many: then the network is an outline.
    """

    policy: str = DEFAULT_POLICY
    about: str = ""
    hops: int = 1
    answer: Answer | None = None
    question: Question | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    roll_up: str = "no"
    grouped: bool = False


def make(kind: str, store: Store, asked: Asked) -> nx.MultiDiGraph[str]:
    """Make the network of a kind of view.

    Raises:
        QueryError: There is no such kind, or it needs a subject and none was named.
        NotFoundError: Nothing in the graph has that name.
    """
    if kind not in KINDS:
        raise QueryError(f"There is no kind of view {kind!r}.", instead(kind, KINDS))
    if asked.roll_up != "no" and kind not in CODED:
        raise QueryError(f"The roll-up {asked.roll_up!r} is not defined with the kind {kind!r}.", _TYPE_CODED)
    if kind == "entities":
        return whole_or_part(store, asked)
    build: Callable[[Store, Asked], nx.MultiDiGraph[str]] = import_module(f"graphkit.view.diagrams.{kind}").make
    return build(store, asked)


def whole_or_part(
    store: Store, asked: Asked, cut: Callable[[nx.MultiDiGraph[str]], nx.MultiDiGraph[str]] = lambda whole: whole
) -> nx.MultiDiGraph[str]:
    """Return the network, or a part of it; of a large graph as an outline, if its edges are drawn in groups."""
    large = large_part(store, asked.policy, cut) if asked.grouped else None
    return large or cut(network(store, asked.policy))


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
            f"{asked.about!r} is the name of a thing of the kind {found.kind}, not {wanted}.",
            f"Name another thing: {wanted}.",
        )
    return found


def title_of(text: str, dataset: str, store: Store, asked: Asked) -> str:
    """Return the title of a view: what it shows, and its subject, or else the title of the dataset."""
    return f"{text}: {subject_of(store, asked, ('entity',)).label if asked.about else dataset}"

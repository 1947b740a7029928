"""Disputes for readers: both sides, and a neutral account of the difference between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphkit.analysis.properties import Properties, has_lines, read_linked, read_properties
from graphkit.analysis.statements import StatementView
from graphkit.analysis.subjects import Subject, find, statements_of
from graphkit.model.did_you_mean import instead
from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES, SP, iri, token
from graphkit.store import Store, texts


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute with its two sides.

    Attributes:
        kind: A word for its kind, such as value-conflict; `graphkit vocabulary` lists all.
        label: The proposition in question, in words.
        rule: The rule that found it.
        why: The definition of the rule.
        parties: Labels of the entities to which statements on both sides are attributed.
        affirmed: IRIs of the statements on the side that affirms, or came first.
        denied: IRIs of the statements on the other side.
        about: IRIs of the propositions in question.
    """

    iri: str
    kind: str
    label: str
    rule: str
    why: str
    parties: tuple[str, ...]
    affirmed: tuple[str, ...]
    denied: tuple[str, ...]
    about: tuple[str, ...] = ()
    kind_label: str = ""

    @property
    def key(self) -> str:
        """The hash in its IRI."""
        return self.iri.rpartition("/")[2]

    def sides(self) -> Iterator[tuple[str, str]]:
        """Yield the side and the IRI of each statement."""
        for side, names in (("one side", self.affirmed), ("other side", self.denied)):
            for name in names:
                yield side, name


def dispute_views(properties: Properties) -> tuple[DisputeView, ...]:
    """Return all disputes whose properties were read, in the order of `KINDS`; other kinds come last."""
    places = {kind: place for place, kind in enumerate(KINDS)}
    views = (_view(name, properties) for name in properties.subjects("sp:affirmedBy"))
    return tuple(sorted(views, key=lambda view: (places.get(view.kind, len(places)), view.kind, view.iri)))


def _view(name: str, properties: Properties) -> DisputeView:
    one, kind = properties.one, properties.one(name, "sp:kind")
    rule = one(name, "sp:rule")
    return DisputeView(
        iri=name,
        kind=token(kind.removeprefix(SP)),
        label=one(name, "rdfs:label"),
        rule=rule.removeprefix(PREFIXES["rule"]),
        why=one(rule, "skos:definition"),
        parties=tuple(sorted(one(party, "rdfs:label") for party in properties.all(name, "sp:party"))),
        affirmed=tuple(sorted(properties.all(name, "sp:affirmedBy"))),
        denied=tuple(sorted(properties.all(name, "sp:deniedBy"))),
        about=tuple(properties.all(name, "sp:about")),
        kind_label=one(kind, "rdfs:label"),
    )


def read_disputes(store: Store, kind: str = "", about: str = "") -> Properties:
    """Read the properties of the disputes of a kind, or of the statements by a thing or about it; and all statements.

    Args:
        kind: As curators type it, such as value-conflict; any if empty.
        about: The name or the id of an entity or source; any if empty.

    Raises:
        NotFoundError: There is no such kind or entity.
    """
    kinds = {token(row[0].removeprefix(SP)): row[0] for row in texts(store, "SELECT ?k { ?k a sp:DisputeKind }", "k")}
    if kind and kind not in kinds:
        raise NotFoundError(f"There is no kind of dispute {kind!r}.", instead(kind, sorted(kinds)))
    if not (kind or about) and has_lines(store):
        return read_properties(store)
    of_kind = f"SELECT ?d {{ ?d a sp:Dispute {f'; sp:kind {iri(kinds[kind])}' if kind else ''} }}"
    names = {row[0] for row in texts(store, of_kind, "d")}
    subject = find(store, about) if about else None
    return read_linked(store, names.intersection(disputes_about(store, subject)) if subject else names)


def find_disputes(store: Store, kind: str = "", about: str = "") -> tuple[DisputeView, ...]:
    """Return the disputes of a kind, or of the statements by an entity or about it; see `read_disputes`."""
    return dispute_views(read_disputes(store, kind, about))


def disputes_about(store: Store, subject: Subject, statements: Iterable[str] | None = None) -> list[str]:
    """Return the IRIs of the disputes in which statements by a thing or about it take part.

    Args:
        subject: A dispute is itself one of them; a disagreement has those that it groups.
        statements: The statements by it or about it, where they are known.
    """
    if subject.kind == "dispute":
        return [subject.iri]
    if subject.kind == "disagreement":
        query = f"SELECT ?d {{ ?d sp:disagreement {iri(subject.iri)} }} ORDER BY ?d"
        return [row[0] for row in texts(store, query, "d")]
    return disputes_of(store, statements_of(store, subject) if statements is None else statements)


def disputes_of(store: Store, statements: Iterable[str]) -> list[str]:
    """Return the IRIs of the disputes in which some statements take part."""
    query = f"SELECT DISTINCT ?d {{ VALUES ?s {{ {' '.join(map(iri, sorted(statements)))} }} ?d sp:between ?s }}"
    return sorted(row[0] for row in texts(store, query, "d"))


# Kind of dispute to who takes part, and to a remark. Names stand after a colon, because the graph holds labels without
# their articles.
_SIDES = {
    "contradiction": "Affirmed by: {one}. Denied by: {other}. ",
    "self-contradiction": "All these statements speak for: {party}. ",
    "value-conflict": "One side: {one}. Other side: {other}. ",
    "scope-conflict": "{affirmed} by: {one}. A wider or narrower claim is denied by: {other}. ",
    "correction": "Made, and later withdrawn or corrected, by: {party}. ",
    "rival-causes": "One side: {one}. Other side: {other}. ",
    "opposed-assessments": "One side: {one}. Other side: {other}. ",
    "repeated-after-correction": "Made by: {one}. Withdrawn by: {other}. ",
}
_REMARKS = {
    "contradiction": "The graph does not decide between them.",
    "scope-conflict": "Both may be right: the claims differ.",
    "self-contradiction": "They may be from different times, or a plan may have changed.",
    "value-conflict": "The two sides cannot both be correct.",
    "unmet-plan": "One side is a plan. The plan may have changed, or the outcome may differ from it.",
    "rival-causes": "They name different causes, agents or funders. More than one may have played a part.",
    "opposed-assessments": "They give, or report, different assessments of one thing. An assessment is an opinion.",
    "correction": "All statements are shown.",
    "repeated-after-correction": "The claim may have been made before it was withdrawn.",
    "difference-in-telling": "The sources tell one thing differently. All wordings are shown.",
}
# The order of kinds in lists: first the denials, last the differences in the telling.
KINDS = tuple(_REMARKS)


# What a reader must know of some statements before quoting the account, each with the property to which it applies.
_RESERVATIONS: Mapping[str, Callable[[StatementView], bool]] = {
    "Not stated as certain by": lambda view: bool(view.certainty),
    "Second-hand, or not wholly in the passage": lambda view: view.basis == "second-hand",
    "By inference": lambda view: view.basis == "inference",
}


def account(dispute: DisputeView, views: Mapping[str, StatementView]) -> str:
    """Return a neutral account of a dispute; `views` contains the statements on both sides."""
    said = [views[name] for name in dispute.affirmed + dispute.denied]
    return " ".join([_positions(dispute, views), *_reservations(said)])


def _reservations(said: Sequence[StatementView]) -> Iterator[str]:
    """Yield sentences that name the speakers whose statements are uncertain, second-hand or an inference."""
    for text, applies in _RESERVATIONS.items():
        names = _reserved([view for view in said if applies(view)], [view for view in said if not applies(view)])
        if names:
            yield f"{text}: {_listed(names)}."


def _reserved(some: Iterable[StatementView], others: Iterable[StatementView]) -> list[str]:
    """Return the speakers of some statements, with their stance if others are by the same speaker."""
    taken = {(view.speaker, view.stance) for view in others}
    speakers = {name for name, _ in taken}
    found = {(view.speaker, view.stance) for view in some} - taken
    return sorted({f"{name} ({stance})" if name in speakers else name for name, stance in found})


def _positions(dispute: DisputeView, views: Mapping[str, StatementView]) -> str:
    one, other = _speakers(dispute.affirmed, views), _speakers(dispute.denied, views)
    if dispute.kind == "value-conflict" and one == other:
        return f"All values are given by: {one}. They cannot all be correct."
    if dispute.kind == "unmet-plan" and {views[name].stance for name in dispute.affirmed + dispute.denied} == {"plans"}:
        return "Both sides are plans. One may have replaced the other."
    planned = any(views[name].stance == "plans" for name in dispute.affirmed)
    named = {"one": one, "other": other, "party": _listed(dispute.parties) or one}
    sides = _SIDES.get(dispute.kind, "").format(affirmed="Affirmed or planned" if planned else "Affirmed", **named)
    return sides + account_of_kind(dispute.kind)


def account_of_kind(kind: str) -> str:
    """Return a neutral account of all disputes of a kind, without the names of the sides; "" for a kind of others.

    >>> account_of_kind("unmet-plan")
    'One side is a plan. The plan may have changed, or the outcome may differ from it.'
    """
    return _REMARKS.get(kind, "")


def _speakers(names: Iterable[str], views: Mapping[str, StatementView]) -> str:
    return _listed(sorted({views[name].speaker for name in names}))


def _listed(names: Iterable[str]) -> str:
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last

"""Disputes as people read them: both sides, and in neutral words what they differ about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphkit.model.errors import NotFoundError
from graphkit.model.iris import PREFIXES, SLUG, SP, token
from graphkit.store import Store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.analysis.statements import StatementView


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute with its two sides.

    Attributes:
        iri: Its IRI.
        kind: contradiction, self-contradiction, value-conflict, scope-conflict, correction or
            repeated-after-correction.
        label: How it reads.
        rule: The rule that found it.
        why: What the rule says of itself.
        parties: Labels of those who count on both sides.
        affirmed: IRIs of the statements on the side that says yes, or says it first.
        denied: IRIs of the statements on the other side.
    """

    iri: str
    kind: str
    label: str
    rule: str
    why: str
    parties: tuple[str, ...]
    affirmed: tuple[str, ...]
    denied: tuple[str, ...]

    def sides(self) -> Iterator[tuple[str, str]]:
        """Yield each statement after the side that it is on."""
        for side, names in (("one side", self.affirmed), ("other side", self.denied)):
            for name in names:
                yield side, name


_QUERY = """
SELECT DISTINCT ?dispute ?kind ?label ?rule ?why ?affirmed ?denied ?party
WHERE {
  WANTED
  ?dispute a sp:Dispute ; sp:kind ?kind ; rdfs:label ?label ; sp:rule ?rule .
  ?dispute sp:affirmedBy ?affirmed ; sp:deniedBy ?denied .
  OPTIONAL { ?rule skos:definition ?why }
  OPTIONAL { ?dispute sp:party/rdfs:label ?party }
}
ORDER BY ?kind ?dispute
"""
_NAMES = ("dispute", "kind", "label", "rule", "why", "affirmed", "denied", "party")
_ABOUT = """
{ ?dispute sp:about/(sp:object)*/(sp:subject|sp:object) ENTITY }
UNION { ?dispute sp:between/(sp:speaker|sp:voice) ENTITY }
"""


def read_disputes(store: Store, wanted: str = "") -> tuple[DisputeView, ...]:
    """Read disputes.

    Args:
        store: Where they are.
        wanted: A graph pattern of our own that binds `?dispute`; all by default.
    """
    return _gather(texts(store, _QUERY.replace("WANTED", wanted), *_NAMES))


def find_disputes(store: Store, kind: str = "", about: str = "") -> tuple[DisputeView, ...]:
    """Read the disputes of a kind, or about an entity or with it on a side.

    Args:
        store: Where they are.
        kind: As curators type it, such as value-conflict; any if empty.
        about: The slug of an entity; any if empty.

    Raises:
        NotFoundError: There is no such kind or entity.
    """
    from graphkit.query.questions import nearest, term

    kinds = [
        token(row[0].removeprefix(SP)) for row in texts(store, "SELECT ?k { ?k a sp:DisputeKind } ORDER BY ?k", "k")
    ]
    if kind and kind not in kinds:
        raise NotFoundError(f"There is no kind of dispute {kind!r}.", f"Type one of: {', '.join(kinds)}.")
    if about and not SLUG.fullmatch(about):
        raise NotFoundError(f"{about!r} is not the name of an entity.", nearest(about, store))
    pattern = _ABOUT.replace("ENTITY", term(about, "id", store)) if about else ""
    return tuple(one for one in read_disputes(store, pattern) if kind in {"", one.kind})


def _gather(rows: Iterable[tuple[str, ...]]) -> tuple[DisputeView, ...]:
    sides: dict[tuple[str, ...], tuple[set[str], set[str], set[str]]] = {}
    for *head, affirmed, denied, party in rows:
        yes, no, parties = sides.setdefault(tuple(head), (set(), set(), set()))
        yes.add(affirmed)
        no.add(denied)
        parties |= {party} - {""}
    return tuple(
        DisputeView(
            name, token(kind.removeprefix(SP)), label, rule.removeprefix(PREFIXES["rule"]), why,
            tuple(sorted(parties)), tuple(sorted(yes)), tuple(sorted(no)),
        )
        for (name, kind, label, rule, why), (yes, no, parties) in sides.items()
    )  # fmt: skip


_ACCOUNTS = {
    "contradiction": (
        "According to {one} it is so, according to {other} it is not. The graph does not decide between them."
    ),
    "self-contradiction": (
        "Statements that count for {party} do not go together. They may be apart in time, or a plan may have changed."
    ),
    "value-conflict": "What {one} on one side and {other} on the other give cannot both hold as it is worded.",
    "scope-conflict": (
        "The denial by {other} is narrower or wider than what is said by {one}. Both may be right, each in its scope."
    ),
    "correction": "It was said by {party}, and later taken back. The later statement stands.",
    "repeated-after-correction": (
        "It is said by {one}, and {other} took it back. Nothing shows that it was said before that; it may have been."
    ),
}


def account(dispute: DisputeView, views: Mapping[str, StatementView]) -> str:
    """Say in neutral words what a dispute is about, who is on which side, and what is left open.

    Args:
        dispute: The dispute.
        views: The statements of both sides, by IRI.
    """
    one, other = _speakers(dispute.affirmed, views), _speakers(dispute.denied, views)
    party = _listed(dispute.parties) or one
    return _ACCOUNTS[dispute.kind].format(one=one, other=other, party=party)


def _speakers(names: Iterable[str], views: Mapping[str, StatementView]) -> str:
    return _listed(sorted({views[name].speaker for name in names}))


def _listed(names: Iterable[str]) -> str:
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last

"""The sure readings of free texts of earlier versions: as qualifiers, rates, certainty and bounds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphkit.corpus.yaml_tree import Node, Tree, YamlPath
from graphkit.curate.yaml_edit import entries
from graphkit.model.errors import Location
from graphkit.model.vocabulary import Vocabulary

_POSSIBLE = "may|might|could|can|may be|might be|could be|possibly|perhaps|potentially"
_PROBABLE = "probably|likely|is likely to|are likely to|most likely"
_CERTAINTY = {**dict.fromkeys(_POSSIBLE.split("|"), "possible"), **dict.fromkeys(_PROBABLE.split("|"), "probable")}
_BOUNDS = {
    "nearly": "nearly", "almost": "almost", "at least": "at-least", "up to": "at-most", "at most": "at-most",
    "more than": "more-than", "over": "more-than", "just over": "more-than", "about": "around", "around": "around",
    "approximately": "around", "roughly": "around",
}  # fmt: skip
_WORDS = {
    **dict.fromkeys(["in full", "in part", "partly", "fully", "heavily", "significantly"], "extent"),
    **dict.fromkeys(
        ["automatically", "by hand", "manually", "covertly", "in secret", "directly", "formally"], "manner"
    ),
}
_PATTERNS = {
    "condition": re.compile(r"(?:only )?(?:if|unless|where|when) .+|until .+"),
    "provision": re.compile(r"(?:section|article|principle|schedule|regulation|paragraph)s? \S.*"),
}
_RATE = re.compile(r"(?:each|every|per|a) (\w+)")
_POSTS = frozenset({"employs", "affiliated-with", "participates-in"})
# Only words that stand for these qualifiers alone: "of" and "by" have several readings.
_LINKING = ("place", "matter", "under", "requester", "means", "purpose")
# Phrases of qualifiers in earlier versions.
_EARLIER = (("matter", "on …"),)
_KINDS = {"purpose": frozenset({"topic"}), "means": frozenset({"topic", "programme", "information-system", "document"})}


@dataclass(frozen=True)
class Readings:
    """Reads free texts with the vocabulary and the entities of a workspace.

    Args:
        entities: Slug to the keys and values of each entity.
    """

    words: Vocabulary
    entities: Mapping[str, Mapping[str, Node]]

    @cached_property
    def names(self) -> dict[str, str]:
        """Each name that only one entity has, in small letters and without "the", with its slug."""
        pairs = {
            (name.lower().removeprefix("the "), slug)
            for slug, entity in self.entities.items()
            for name in _names(entity)
        }
        counts = Counter(name for name, _ in pairs)
        return {name: slug for name, slug in pairs if counts[name] == 1}

    def label(self, slug: Node) -> str:
        """Return the label of an entity, "" if there is no such entity."""
        label = self.entities[slug].get("label") if isinstance(slug, str) and slug in self.entities else None
        return label if isinstance(label, str) else ""

    def scope(self, text: str, relation: str) -> tuple[str, str] | None:
        """Return the qualifier and its value that a scope stands for, ("per", period) for a rate, or None."""
        rate = _RATE.fullmatch(text)
        if rate and rate[1] in self.words.periods:
            return "per", rate[1]
        if text in _WORDS:
            return _WORDS[text], text
        for name, pattern in _PATTERNS.items():
            if pattern.fullmatch(text):
                return name, text
        if relation in _POSTS and text.startswith("as "):
            return "role", text.removeprefix("as ")
        return self._entity(text)

    def _entity(self, text: str) -> tuple[str, str] | None:
        known = self.words.qualifiers
        now = [(name, known[name].phrase) for name in _LINKING if name in known]
        for name, phrase in (*now, *(pair for pair in _EARLIER if pair[0] in known)):
            before = phrase.removesuffix("…")
            slug = self.names.get(text.removeprefix(before).lower().removeprefix("the "))
            if before and text.startswith(before) and slug and self._fits(slug, name, known[name].range):
                return name, slug
        return None

    def _fits(self, slug: str, name: str, classes: frozenset[str]) -> bool:
        kind = str(self.entities[slug].get("kind"))
        known = self.words.kinds.get(kind, "")
        return bool(known) and self.words.fits(known, classes) and kind in _KINDS.get(name, {kind})

    @staticmethod
    def certainty(hedge: str) -> str:
        """Return the certainty that a hedge stands for, or "".

        >>> Readings.certainty("may"), Readings.certainty("suspects")
        ('possible', '')
        """
        return _CERTAINTY.get(hedge.lower(), "")

    @staticmethod
    def bound(hedge: str) -> str:
        """Return the bound of an amount that a hedge stands for, or "".

        >>> Readings.bound("nearly"), Readings.bound("may")
        ('nearly', '')
        """
        return _BOUNDS.get(hedge.lower(), "")


def _names(entity: Mapping[str, Node]) -> Iterator[str]:
    if isinstance(label := entity.get("label"), str):
        yield label
    aliases = entity.get("aliases")
    yield from (name for name in aliases if isinstance(name, str)) if isinstance(aliases, list) else ()


def leftovers(tree: Tree, words: Vocabulary) -> Iterator[tuple[Location, str, str, str]]:
    """Yield the places that need a person: location, kind, text and advice."""
    for key in entries(tree, "statements"):
        for path, said in propositions(tree, ("statements", key)):
            yield from _left(tree, path, said, words)


def _left(
    tree: Tree, path: YamlPath, said: Mapping[str, Node], words: Vocabulary
) -> Iterator[tuple[Location, str, str, str]]:
    amount = said.get("amount")
    if isinstance(scope := said.get("scope"), str):
        advice = "use a qualifier, amount.of, amount.base or when, if one fits: graphkit vocabulary qualifier."
        yield tree.key_place((*path, "scope")), "scope", scope, advice
    if isinstance(hedge := said.get("hedge"), str) and "certainty" not in said:
        advice = "add certainty: possible or certainty: probable; delete the hedge if it is none."
        yield tree.key_place((*path, "hedge")), "hedge", hedge, advice
    if isinstance(amount, dict) and amount.get("unit") == "percent" and "base" not in amount:
        advice = "add base: and the entity that is the whole."
        yield tree.key_place((*path, "amount")), "share", str(amount.get("number")), advice
    replaced = words.replaced.get(str(said.get("relation")))
    if replaced:
        advice = f"type {replaced.by}. {replaced.note}".strip()
        yield tree.key_place((*path, "relation")), "relation", str(said.get("relation")), advice


def propositions(tree: Tree, path: YamlPath) -> Iterator[tuple[YamlPath, dict[str, Node]]]:
    """Yield a statement and the propositions that are written out inside it, with their paths."""
    node: Node = tree.root
    for part in path:
        node = node[part] if isinstance(node, dict) and isinstance(part, str) else None
    while isinstance(node, dict):
        yield path, node
        path, node = (*path, "object"), node.get("object")

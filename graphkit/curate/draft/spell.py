"""A draft as the YAML of a source file: every proposal marked as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphkit.corpus.write import SCHEMA_LINE, evidence_lines, quoted, word
from graphkit.model.iris import SLUG
from graphkit.model.records import LONGEST_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from graphkit.curate.draft.propose import Proposal
    from graphkit.model.records import Entity
    from graphkit.model.vocabulary import Vocabulary

_ADVICE = (
    "# A draft: guesses, and not all there is. For each statement read the passage, correct what is wrong, write the\n"
    "# gist in your own words and delete the line that marks it as proposed. Delete what the passage does not say.\n"
)
_LONGEST_LABEL = 200
_ASSERTS = "asserts"


def spell(
    head: Mapping[str, object],
    proposals: Iterable[Proposal],
    entities: Mapping[str, Entity],
    words: Vocabulary,
    taken: Collection[str] = (),
) -> str:
    """Spell a source file.

    Args:
        head: What is known about the source, by key; None leaves a key open.
        proposals: The statements.
        entities: All entities, by slug.
        words: The vocabulary.
        taken: Keys of statements that the source has already.
    """
    lines = [f"{SCHEMA_LINE}\n", _ADVICE, *(f"{key}:{_value(value)}\n" for key, value in head.items()), "statements:\n"]
    publisher = str(head.get("publisher") or "")
    used = set(taken)
    for one in proposals:
        key = _key(one, used)
        used.add(key)
        lines += [f"  {key}:\n", *(f"    {line}\n" for line in _statement(one, publisher, entities, words))]
    return "".join(lines)


def _value(value: object) -> str:
    if value is None:
        return ""
    return f" {_scalar(value)}" if isinstance(value, str) else f" {json.dumps(value, ensure_ascii=False)}"


def _scalar(text: str) -> str:
    """Spell a text: a name as it is, anything else in quotes."""
    return word(text) if SLUG.fullmatch(text) else quoted(text)


def _statement(one: Proposal, publisher: str, entities: Mapping[str, Entity], words: Vocabulary) -> Iterator[str]:
    yield "proposed: true"
    if one.hint:
        yield f"# {one.hint}."
    if one.speaker:
        yield f"speaker: {_scalar(one.speaker)}"
    if one.stance != _ASSERTS:
        yield f"stance: {_scalar(one.stance)}"
    yield f"subject: {_scalar(one.subject)}"
    yield f"relation: {_scalar(one.relation)}"
    yield f"object: {_scalar(one.object)}" if one.object else f"value: {quoted(one.value or '')}"
    if via := [_scalar(step) for step in one.via if step != publisher]:  # what it publishes it need not pass on
        yield f"via: [{', '.join(via)}]"
    if one.hedge:
        yield f"hedge: {_scalar(one.hedge)}"
    yield f"gist: {quoted(gist(one, entities.get(publisher), entities, words))}"
    yield from evidence_lines(one.evidence)


def gist(one: Proposal, publisher: Entity | None, entities: Mapping[str, Entity], words: Vocabulary) -> str:
    """Return a sentence in place of a gist, made of labels alone; a person has to write the real one."""
    speaker = entities.get(one.speaker or "") or publisher
    who = _label(speaker) if speaker else "The source"
    object_ = _label(entities[one.object]) if one.object else one.value
    relation = words.relations[one.relation].label
    verb = "says" if one.stance == _ASSERTS else one.stance.replace("-", " ")
    return f"{who} {verb} that {_label(entities[one.subject])} {relation} {object_}."


def _label(entity: Entity) -> str:
    return entity.label[:_LONGEST_LABEL].strip()


def _key(one: Proposal, used: Collection[str]) -> str:
    """Return a key that nobody has: what is said, numbered if it is said again."""
    name = "-".join(filter(None, (one.subject, one.relation, one.object or "")))[: LONGEST_ID - 10].strip("-")
    number = 1
    key = name
    while key in used:
        number += 1
        key = f"{name}-{number}"
    return key

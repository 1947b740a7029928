"""Makes sources, entities and concepts of a database.

Agreement with a concept becomes the relation `praised`, disagreement `criticised`; the codebook reads both as positions
on one concept. A statement whose qualifier is 0 on a scale is one that declines to take a side.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphkit.corpus.evidence import evidence_of, normalise
from graphkit.corpus.references import Links
from graphkit.curate.capture.source_header import slug_of
from graphkit.curate.dna.database import DnaDatabase, DnaDocument, DnaEntity, DnaStatement, DnaVariable
from graphkit.curate.dna.roles import Roles, require_roles, roles_of
from graphkit.model.errors import NotFoundError, WorkspaceError
from graphkit.model.iris import SLUG
from graphkit.model.records import Capture, Entity, Evidence, Source, Statement

AGREES, DISAGREES = "praised", "criticised"
_KINDS = {"actor": "organisation", "speaker": "person", "concept": "topic"}
# An entity of the workspace may be of a narrower kind.
_ALIKE = {"organisation": ("organisation", "public-body")}
_LONGEST, _SHORT = 1000, 60
_KIND_OF_SOURCE = "news-article"
_EMPTY = (None, "", 0)
_NO_ROLES = Roles(None, None, None, None)


@dataclass(slots=True)
class Converted:
    """What a database becomes.

    Attributes:
        name: The beginning of the ids of its sources, and the name of the file of its entities.
        concepts: Entity to the label of the concept that is about it, and the relations of its statements.
        texts: Source to the text of its document.
        refused: Statement to the reason why it has no place in the data.
    """

    name: str
    entities: dict[str, Entity] = field(default_factory=dict)
    concepts: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class RefusedStatementError(Exception):
    """A statement has no place in the data, for a reason."""


def convert(database: DnaDatabase, stem: str, links: Links, given: Mapping[str, str]) -> Converted:
    """Make records of a database.

    Raises:
        WorkspaceError: There is no variable for a given role, or the name of the file gives no id.
    """
    require_roles(database.types, given)
    name = slug_of(stem)
    if not SLUG.fullmatch(name):
        raise WorkspaceError(f"Ids cannot begin with {stem!r}.", "Rename the file: a letter first, as in debate.dna.")
    return _Conversion(database, Converted(name), links, given).run()


class _Conversion:
    """A conversion in progress."""

    def __init__(self, database: DnaDatabase, made: Converted, links: Links, given: Mapping[str, str]) -> None:
        self.database, self.made, self.links = database, made, links
        self.roles = {number: roles_of(variables, given) for number, (_, variables) in database.types.items()}
        self.made.roles = {database.types[number][0]: str(roles) for number, roles in self.roles.items()}
        self.known = self._known()
        self.slugs: dict[tuple[str, str], str] = {}
        self.employers = self._employers()

    def run(self) -> Converted:
        """Convert all documents, and describe all entities, also those that no statement names."""
        parts: dict[int, list[DnaStatement]] = {}
        for statement in self.database.statements:
            parts.setdefault(statement.document, []).append(statement)
        for document in self.database.documents.values():
            self._document(document, parts.pop(document.id, []))
        for statement in (each for rest in parts.values() for each in rest):
            self.made.refused[str(statement.id)] = "its document is missing"
        for entity in self.database.entities.values():
            if entity.value.strip() and (role := self._role_of(entity)):
                self._slug(entity, role)
        return self.made

    # --- entities ----------------------------------------------------------------------------------

    def _known(self) -> dict[tuple[str, str], str]:
        """Return the entities of the workspace by kind and name, where only one has it."""
        found: dict[tuple[str, str], list[str]] = {}
        for slug, entity in self.links.entities.items():
            for name in entity.names:
                found.setdefault((entity.kind, name.casefold()), []).append(slug)
        return {key: slugs[0] for key, slugs in found.items() if len(slugs) == 1}

    def _employers(self) -> dict[int, set[int]]:
        """Return the organisations for which each person speaks in the statements; 0 where there is none."""
        found: dict[int, set[int]] = {}
        for statement in self.database.statements:
            roles = self.roles.get(statement.type, _NO_ROLES)
            person, body = (self._valued(statement, each) for each in (roles.speaker, roles.actor))
            if person:
                found.setdefault(person.id, set()).add(body.id if body else 0)
        return found

    def _valued(self, statement: DnaStatement, variable: DnaVariable | None) -> DnaEntity | None:
        return self._entity(statement, variable.id) if variable else None

    def _entity(self, statement: DnaStatement, variable: int) -> DnaEntity | None:
        found = self.database.entities.get(statement.values.get(variable, -1))
        return found if found and found.value.strip() else None

    def _role_of(self, entity: DnaEntity) -> str:
        """Return the role of the variable of an entity; "" if it has none."""
        named = ((role, getattr(roles, role)) for roles in self.roles.values() for role in _KINDS)
        return next((role for role, variable in named if variable and variable.id == entity.variable), "")

    def _slug(self, entity: DnaEntity, role: str) -> str:
        """Return the id of an entity: of the workspace if one of that kind has the name, else a new one."""
        kind, label = _KINDS[role], normalise(entity.value)
        return self._named(kind, label, self._facts(entity, role))

    def _facts(self, entity: DnaEntity, role: str) -> dict[str, Any]:
        attributes = "; ".join(f"{name}: {value}" for name, value in entity.attributes.items())
        facts: dict[str, Any] = {"description": _cut(attributes)} if attributes else {}
        employers = self.employers.get(entity.id, set())
        if role == "speaker" and len(employers) == 1 and 0 not in employers:
            facts["speaksFor"] = (self._slug(self.database.entities[next(iter(employers))], "actor"),)
        parent = self.database.entities.get(entity.child_of or -1)
        if role == "concept" and parent and parent.value.strip() and parent.id != entity.id:
            facts["broader"] = (self._slug(parent, role),)
        return facts

    def _named(self, kind: str, label: str, facts: Mapping[str, Any]) -> str:
        key = kind, label.casefold()
        alike = ((each, key[1]) for each in _ALIKE.get(kind, (kind,)))
        if known := next((self.known[other] for other in alike if other in self.known), ""):
            return known
        if key not in self.slugs:
            self.slugs[key] = self._free(slug_of(label)[:_SHORT].strip("-"))
            self.made.entities[self.slugs[key]] = Entity(kind=kind, label=label, **facts)
        return self.slugs[key]

    def _free(self, wanted: str) -> str:
        base = wanted if SLUG.fullmatch(wanted) else f"{self.made.name}-{wanted or 'entity'}"
        number, slug = 1, base
        while slug in self.links.entities or slug in self.made.entities:
            number += 1
            slug = f"{base}-{number}"
        return slug

    # --- documents ---------------------------------------------------------------------------------

    def _document(self, document: DnaDocument, statements: list[DnaStatement]) -> None:
        made, name = self.made, f"{self.made.name}-{document.id}"
        text = document.text.encode("utf-16-le", "surrogatepass")
        found = {}
        for statement in statements:
            try:
                found[f"s{statement.id}"] = self._statement(statement, text)
            except (RefusedStatementError, NotFoundError) as error:
                made.refused[str(statement.id)] = str(error).partition("\n")[0]
        made.sources.append(self._source(document, name, found))
        if document.text:
            made.texts[name] = document.text

    def _source(self, document: DnaDocument, name: str, statements: dict[str, Statement]) -> Source:
        moment = dt.datetime.fromtimestamp(document.date, dt.UTC)
        time = f"time {moment:%H:%M:%S}" if moment.time() != dt.time() else ""
        facts = {"coder": document.coder, "section": document.section, "type": document.type, "notes": document.notes}
        more = [time, *(f"{key} {value}" for key, value in facts.items() if value not in _EMPTY)]
        author, publisher = normalise(document.author), normalise(document.source) or "Unknown publisher"
        kinds = self.links.vocabulary.source_kinds
        return Source(
            id=name,
            kind=slug_of(document.type) if slug_of(document.type) in kinds else _KIND_OF_SOURCE,
            publisher=self._named("organisation", publisher, {}),
            title=_cut(normalise(document.title)) or name,
            authors=(self._named("person", author, {}),) if author else (),
            published=f"{moment:%Y-%m-%d}",
            capture=Capture(sha256=hashlib.sha256(document.text.encode()).hexdigest(), characters=len(document.text))
            if document.text
            else None,
            note=_cut(normalise("; ".join(filter(None, more)))) or None,
            statements=statements,
        )

    # --- statements --------------------------------------------------------------------------------

    def _statement(self, statement: DnaStatement, text: bytes) -> Statement:
        roles = self.roles.get(statement.type, _NO_ROLES)
        actor, speaker, concept = (
            self._valued(statement, variable) for variable in (roles.actor, roles.speaker, roles.concept)
        )
        if concept is None or (actor or speaker) is None:
            raise RefusedStatementError(f"it has no {'concept' if concept is None else 'actor'}")
        said = self._speaker(actor, speaker)
        relation, stance, verb = _position(statement, roles)
        topic = self._slug(concept, "concept")
        self.made.concepts.setdefault(topic, (normalise(concept.value), set()))[1].add(relation)
        who = (actor or speaker).value  # type: ignore[union-attr]
        return Statement(
            speaker=said,
            stance=stance,
            subject=self._slug(actor, "actor") if actor else said,
            relation=relation,
            object=topic,
            gist=_cut(normalise(f"{who} {verb}: {concept.value}")),
            evidence=_evidence(statement, text),
            note=_cut(normalise(self._note(statement, roles, speaker, said))) or None,
        )

    def _speaker(self, actor: DnaEntity | None, speaker: DnaEntity | None) -> str:
        """Return the person if it speaks for the actor only; else the actor."""
        if speaker and (actor is None or self.employers.get(speaker.id) == {actor.id}):
            return self._slug(speaker, "speaker")
        assert actor is not None  # noqa: S101 - one of both is there
        return self._slug(actor, "actor")

    def _note(self, statement: DnaStatement, roles: Roles, speaker: DnaEntity | None, said: str) -> str:
        """Return what the statement has besides: its number, coder, value on a scale and further variables."""
        label, variables = self.database.types.get(statement.type, ("", []))
        parts = [f"DNA statement {statement.id}", f"type {label}", f"coder {statement.coder}"]
        if speaker and self._slug(speaker, "speaker") != said:
            parts.append(f"person {speaker.value}")
        boolean = roles.qualifier is None or roles.qualifier.type == "boolean"
        shown = roles.names - (set() if boolean or roles.qualifier is None else {roles.qualifier.id})
        for variable in variables:
            value = statement.values.get(variable.id, "")
            entity = self._entity(statement, variable.id) if variable.type == "short text" else None
            if variable.id not in shown and (entity or variable.type != "short text") and value not in {None, ""}:
                parts.append(f"{variable.name} {entity.value if entity else value}")
        return "; ".join(parts)


def _position(statement: DnaStatement, roles: Roles) -> tuple[str, str, str]:
    """Return relation, stance and verb; without a qualifier, a statement agrees."""
    if roles.qualifier is None:
        return AGREES, "asserts", "agrees"
    value = statement.values.get(roles.qualifier.id)
    if value is None:
        raise RefusedStatementError(f"its variable {roles.qualifier.name!r} has no value")
    if value == 0 and roles.qualifier.type == "integer":
        return AGREES, "declines", "takes no side"
    return (AGREES, "asserts", "agrees") if value > 0 else (DISAGREES, "asserts", "disagrees")


def _evidence(statement: DnaStatement, text: bytes) -> Evidence:
    """Return the evidence of a passage, given by offsets in UTF-16."""
    passage = text[2 * statement.start : 2 * statement.stop].decode("utf-16-le", "replace")
    if not 0 <= statement.start < statement.stop <= len(text) // 2 or not normalise(passage):
        raise RefusedStatementError(f"its passage, {statement.start} to {statement.stop}, is empty or beyond the text")
    ends, at = [], 0
    for line in filter(None, map(normalise, passage.splitlines())):
        at += len(line) + 1
        ends.append(at - 1)
    return evidence_of(normalise(passage), line_ends=ends[:-1])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

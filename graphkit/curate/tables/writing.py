"""Source files as a curator would write them: what comes in comes out again, letter by letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.corpus.write import SCHEMA_LINE, evidence_lines, quoted, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphkit.model.records import Source, Statement

INDENT = 2
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9./_~?=&%+-]*[A-Za-z0-9/]")


def _plain(text: str, form: re.Pattern[str]) -> str:
    return text if form.fullmatch(text) else quoted(text)


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(word, names))}]"


def head_text(source: Source) -> str:
    """Spell the facts about a source, up to its statements.

    Args:
        source: The source; its statements are not looked at.
    """
    return f"{SCHEMA_LINE}\n" + "".join(f"{line}\n" for line in _head(source)) + "statements:\n"


def _head(source: Source) -> Iterator[str]:
    yield from _named(word, id=source.id, kind=source.kind, publisher=source.publisher)
    yield from _named(quoted, title=source.title)
    yield from _named(lambda text: _plain(text, _ADDRESS), url=source.url)
    yield from _named(quoted, published=source.published)
    yield from _named(str, retrieved=source.retrieved)
    if source.authors:
        yield f"authors: {_list(source.authors)}"
    yield from _named(word, derivedFrom=source.derived_from)
    yield from _named(word, language="" if source.language == "en" else source.language)


def statement_text(key: str, said: Statement, indent: int = INDENT) -> str:
    """Spell a statement about an entity, a value or an amount.

    Args:
        key: Its key.
        said: The statement; its object is no other statement or proposition.
        indent: How many spaces stand before the key.
    """
    before, inner = " " * indent, " " * (indent + INDENT)
    return f"{before}{word(key)}:\n" + "".join(f"{inner}{line}\n" for line in _lines(said))


def _lines(said: Statement) -> Iterator[str]:
    stance = "" if said.stance == "asserts" else said.stance
    entity = said.object if isinstance(said.object, str) else None
    yield from _named(word, speaker=said.speaker, stance=stance)
    yield from _named(word, subject=said.subject, relation=said.relation, object=entity)
    yield from _named(quoted, value=said.value)
    yield from _amount(said)
    yield from _named(quoted, scope=said.scope, when=said.when, said=said.said)
    if said.via:
        yield f"via: {_list(said.via)}"
    yield from _named(quoted, hedge=said.hedge)
    yield from _named(word, publicity=said.publicity)
    yield from _named(quoted, gist=said.gist)
    yield from evidence_lines(said.evidence)
    yield from _named(quoted, note=said.note)


def _named(spell: Callable[[str], str], **texts: str | None) -> Iterator[str]:
    """Spell those of some texts that there are, each after its name."""
    return (f"{name}: {spell(text)}" for name, text in texts.items() if text)


def _amount(said: Statement) -> Iterator[str]:
    if said.amount is None:
        return
    bound = "" if said.amount.bound == "exactly" else f", bound: {word(said.amount.bound)}"
    yield f"amount: {{number: {_plain(said.amount.number, _NUMBER)}, unit: {word(said.amount.unit)}{bound}}}"

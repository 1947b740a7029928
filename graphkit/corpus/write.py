r"""The writer of the curator's YAML: heads of sources, statements, evidence and merges.

Every YAML tool reads the texts back unchanged, even if it guesses types. Mappings keep their order. The value None
writes a key without a value, for a curator to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from graphkit.model.fields import Record
from graphkit.model.records import Entity, Evidence, Merge, Source, Statement

INDENT = 2
# The first line of a source file, for editors.
SCHEMA_LINE = "# yaml-language-server: $schema=../../ontology/source.schema.json"
# The values that every YAML tool reads as the text that was written, by key. All other texts go into double quotes.
_NAME = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null)$)[A-Za-z][A-Za-z0-9_-]*")
_PLAIN = {
    **dict.fromkeys(
        ("id", "kind", "publisher", "authors", "derivedFrom", "language", "subject", "relation", "object", "speaker",
         "stance", "via", "publicity", "certainty", "basis", "reason", "group", "statement", "any", "unit", "bound",
         "of", "base", "per", "purpose", "means", "place", "under", "matter", "requester", "at", "into"), _NAME,
    ),
    "url": re.compile(r"https?://[A-Za-z0-9./_~?=&%+-]*[A-Za-z0-9/]"),
    "retrieved": re.compile(r"\d{4}-\d\d-\d\d"),
    **dict.fromkeys(("number", "to"), re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")),
    "sha256": re.compile(r"(?!\d+(?:e\d+)?$)[0-9a-f]{64}"),  # some hashes look like numbers
}  # fmt: skip
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
# Quotes, backslashes, and the characters that YAML takes for the end of a line or does not print.
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\uf8ff\ufeff\ufff0-\uffff]'
)
_SOURCE = ("id", "kind", "publisher", "title", "url", "published", "retrieved", "authors", "derivedFrom", "language",
           "capture", "licence", "note", "statements")  # fmt: skip
_STATEMENT = ("speaker", "stance", "subject", "relation", "object", "value", "amount", "qualifiers", "scope", "when",
              "said", "via", "certainty", "hedge", "basis", "publicity", "corrects", "reason", "group", "gist",
              "evidence", "note")  # fmt: skip


def source_text(head: Mapping[str, object], notes: Mapping[str, str] | None = None) -> str:
    """Write the head of a source file, its keys in their usual order.

    Args:
        notes: Key to a comment for the curator; the comment replaces a key that the head does not have.

    >>> print(source_text({"id": "minutes", "title": None}, {"title": "type the title", "url": "not known"}), end="")
    # yaml-language-server: $schema=../../ontology/source.schema.json
    id: minutes
    title:  # type the title
    # url: not known
    """
    lines = [SCHEMA_LINE]
    for key in sorted({*head, *(notes or {})}, key=_SOURCE.index):
        note = notes.get(key, "") if notes else ""
        line = next(_lines({key: head[key]})) if key in head else f"# {key}: {note}"
        lines.append(f"{line}  # {note}" if note and key in head else line)
    return "\n".join((*lines, ""))


def statement_text(key: str, fields: Mapping[str, object], indent: int = INDENT, comment: str = "") -> str:
    """Write a statement, with a comment above its fields if there is one.

    >>> print(statement_text("k1", {"subject": "met", "via": ("no",), "gist": "The force funds it."}), end="")
      k1:
        subject: met
        via: ["no"]
        gist: "The force funds it."
    """
    before, inner = " " * indent, " " * (indent + INDENT)
    lines = [f"# {comment}", *_lines(fields)] if comment else _lines(fields)
    return f"{before}{word(key)}:\n" + "".join(f"{inner}{line}\n" for line in lines)


def evidence_lines(proof: Evidence) -> Iterator[str]:
    """Yield the lines of an evidence block, without indent."""
    return _lines({"evidence": proof})


def merge_line(slug: str, merge: Merge) -> str:
    """Write an entry of `merges.yaml`.

    >>> from graphkit.model.records import Merge
    >>> print(merge_line("met-police", Merge(into="met", reason="One force.", date="2026-11-23")))
    met-police: {into: met, reason: "One force.", date: "2026-11-23"}
    """
    return f"{slug}: {_value('', merge)}"


def entity_line(slug: str, entity: Entity) -> str:
    """Write an entry of a file of entities.

    >>> from graphkit.model.records import Entity
    >>> print(entity_line("epa", Entity(kind="public-body", label="EPA")))
    epa: {kind: public-body, label: "EPA"}
    """
    return f"{word(slug)}: {_value('', entity)}"


def source_fields(source: Source) -> dict[str, object]:
    """Return the fields of the head of a source, as `source_text` takes them."""
    return _fields(source, set(type(source).model_fields) - {"statements"})


def statement_fields(statement: Statement) -> dict[str, object]:
    """Return the fields of a statement, as `statement_text` takes them."""
    return _fields(statement, _STATEMENT)


def quoted(text: str) -> str:
    r"""Write a text in double quotes.

    >>> print(quoted('it says "no": twice\n'))
    "it says \"no\": twice\n"
    """
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", text) + '"'


def word(text: str) -> str:
    """Write a name, in quotes if a tool could take it for a truth value, null or a number.

    >>> word("home-office"), word("no"), word("1e3")
    ('home-office', '"no"', '"1e3"')
    """
    return text if _NAME.fullmatch(text) else quoted(text)


def _fields(record: Record, names: Iterable[str]) -> dict[str, object]:
    """Return the fields that differ from their defaults, by the keys that curators type."""
    known = type(record).model_fields
    found = {name: getattr(record, name) for name in names if name != "at"}  # only looking up gives a position
    default = {name: known[name].get_default(call_default_factory=True) for name in found}
    return {known[name].alias or name: value for name, value in found.items() if value != default[name]}


def _lines(fields: Mapping[str, object]) -> Iterator[str]:
    for key, value in fields.items():
        if key == "evidence" and isinstance(value, Record):
            yield "evidence:"
            yield from (f"  {line}" for line in _lines(_fields(value, type(value).model_fields)))
        else:
            yield f"{key}:" if value is None else f"{key}: {_value(key, value)}"


def _value(key: str, value: object) -> str:
    if isinstance(value, str):
        form = _PLAIN.get(key)
        return value if form and form.fullmatch(value) else quoted(value)
    if isinstance(value, Record):
        value = _fields(value, type(value).model_fields)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_value(name, part)}' for name, part in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(key, part) for part in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)

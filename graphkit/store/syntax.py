"""SPARQL as text: tokens, headers of query files, bound values, and located syntax errors."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graphkit.model.did_you_mean import instead_of_file
from graphkit.model.errors import QueryError, reason
from graphkit.model.iris import PREFIXES
from graphkit.store.advice import QUESTIONS, advice

# The terminals as the engine reads them. It parses without a lexer: a keyword needs no space around it, a local name
# has dots in one place only, and no text is read twice. Possessive groups do the same and take linear time. The engine
# allows fewer letters; it reads no query with one of the others outside of texts and comments.
_LETTER = r"[^\x00-@\[-`{-\xb6]"
_FIRST = r"[^\x00-/:-@\[-^`{-\xb6]"  # or a digit, or _
_CHAR = r"[^\x00-,./:-@\[-^`{-\xb6]"  # or a hyphen
_LOCAL = r"[^\x00-,./;-@\[-^`{-\xb6]"  # or a colon
_DOTTED = rf"{_CHAR}*+(?:\.++{_CHAR}++)*+"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_UCHAR = r"\\u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|\\U(?!0000[Dd][89A-Fa-f])(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}"
_ESCAPE = rf"\\[tbnrf\"'\\]|{_UCHAR}"
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\r\n]*+)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+>)
      | (?P<string>\'{{3}}(?:(?:\'\'?+)?+(?:[^\'\\]|{_ESCAPE}))*+\'{{3}}
                 | "{{3}}(?:(?:""?+)?+(?:[^"\\]|{_ESCAPE}))*+"{{3}}
                 | \'(?:[^\'\\\r\n]++|{_ESCAPE})*+\' | "(?:[^"\\\r\n]++|{_ESCAPE})*+")
      | (?P<variable>[?$]{_FIRST}++)
      | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
      | (?P<blank>_:{_FIRST}{_DOTTED})
      | (?P<name>(?:{_LETTER}{_DOTTED})?+:(?:(?!-)(?:{_LOCAL}|{_PLX})++(?:\.++(?:{_LOCAL}|{_PLX})++)?+)?+
                 | {_LETTER}{_DOTTED})
      | (?P<number>(?:[0-9]++\.[0-9]*+|\.?[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
      | (?P<mark>[^ \t\r\n])""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORD = re.compile(rf"{_FIRST}++|.")
_DECLARATIONS = [(f"{name}:", f"PREFIX {name}: <{space}> ") for name, space in PREFIXES.items()]
_FIELDS = "Title|Why|Topic|Rows|Key|Into|Cost|Reads|Repeat|Level|Problem|Solution|View|Parameter"
_HEADER = re.compile(rf"#\s*({_FIELDS}):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Header:
    """The comment at the head of a query file.

    Attributes:
        title: The question, the derived relation or the check.
        why: The purpose of the query, and how to read its answer.
        fields: The other lines: Topic, Rows, Key, Into, Cost, Reads, Repeat, Level, Problem, Solution, View.
        parameters: Name to (default, description); a parameter with an empty default is unbound.
    """

    title: str
    why: str
    fields: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """The heading of a list under which a saved question stands; "" if it has none."""
        return self.fields.get("Topic", "")

    @property
    def view(self) -> str:
        """How `graphkit view` draws the answer; "" if the header does not say so."""
        return self.fields.get("View", "")

    @property
    def key(self) -> tuple[str, ...]:
        """The variables that a row is about, if rows count statements and describe the latest one."""
        return tuple(self.fields.get("Key", "").split())


def read_header(text: str) -> Header:
    r"""Read the header of a query; continuation lines are indented after the `#`.

    >>> read_header("# Title: Who pays?\n# Parameter: who = id:met  The payer.").parameters
    {'who': ('id:met', 'The payer.')}
    """
    fields: dict[str, str] = {}
    parameters: dict[str, tuple[str, str]] = {}
    last = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        found = _HEADER.match(line)
        if found and found[1] == "Parameter":
            name, _, rest = found[2].partition("=")
            default, _, description = rest.strip().partition("  ")
            parameters[name.strip()] = (default.strip(), description.strip())
        elif found:
            last = found[1]
            fields[last] = found[2].strip()
        elif last and line.startswith("#   "):
            fields[last] += " " + line[1:].strip()
    return Header(fields.pop("Title", ""), fields.pop("Why", ""), fields, parameters)


def read_query(path: Path) -> tuple[str, Header]:
    """Read a query file.

    Raises:
        QueryError: The file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise QueryError(f"There is no file {path}.", instead_of_file(path, QUESTIONS)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path} cannot be read: {reason(error)}.", "Name a text file in UTF-8.") from error
    return text, read_header(text)


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the kind, text and position of each token except comments.

    It stops at a quotation mark without its partner and at a stray backslash: no engine reads on from there.

    >>> list(tokens("ASK { # now"))
    [('keyword', 'ASK', 0), ('mark', '{', 4)]
    """
    for found in _TOKEN.finditer(text):
        kind, word, at = str(found.lastgroup), found[0], found.start()
        if kind == "name":
            yield from [("prefixed", word, at)] if ":" in word else _keywords(word, at)
        elif kind != "comment":
            yield kind, word, at
            if kind == "mark" and word in _UNREADABLE:
                return


_UNREADABLE = frozenset("'\"\\")


def _keywords(words: str, start: int) -> Iterator[tuple[str, str, int]]:
    """Split words that dots and hyphens join: no colon follows, so they are no name."""
    for found in _KEYWORD.finditer(words):
        yield "keyword" if found[0] not in ".-" else "mark", found[0], start + found.start()


def variables(text: str) -> list[str]:
    """Return the variables of a query in the order in which they first appear.

    >>> variables("SELECT ?b { ?a ?b 'x ?c' }")
    ['b', 'a']
    """
    return list(dict.fromkeys(word[1:] for kind, word, _ in tokens(text) if kind == "variable"))


def may_contain(text: str, words: Iterable[str]) -> bool:
    """Return whether any of some keywords, in lower case, is anywhere in a text: much faster than its tokens.

    >>> may_contain("ASK { ?NOW ?p 1 }", ("now",))
    True
    """
    lower = text.lower()
    return any(word in lower for word in words)


def star_of(text: str) -> int:
    """Return the position of the star of an outermost `SELECT *`, or -1.

    >>> star_of("SELECT DISTINCT * {}"), star_of("SELECT (COUNT(*) AS ?n) {}")
    (16, -1)
    """
    selects = False
    for kind, word, at in tokens(text) if "*" in text else ():
        if selects and word == "*":
            return at
        if kind == "mark" or (selects and kind == "variable") or word.lower() in {"ask", "construct", "describe"}:
            return -1
        selects = selects or (kind == "keyword" and word.lower() == "select")
    return -1


def with_prefixes(text: str) -> str:
    """Declare the known prefixes that a query may use, on its first line, so that line numbers stay right.

    >>> with_prefixes("ASK { id:met ?p ?o }")
    'PREFIX id: <https://w3id.org/surveillance-policy/id/> ASK { id:met ?p ?o }'
    """
    return "".join([line for name, line in _DECLARATIONS if name in text]) + text


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Bind variables at the head of the WHERE group.

    Args:
        values: Variable name to a term in N-Triples syntax, which the caller must have checked.

    Raises:
        QueryError: The query does not use the variable, or has no WHERE group.

    >>> with_values("SELECT ?a { ?a ?b ?c }", {"a": "<x:y>"})
    'SELECT ?a { VALUES ?a { <x:y> } ?a ?b ?c }'
    >>> with_values("SELECT * { SELECT ?a { ?a ?b ?c } }", {"a": "<x:y>"})
    'SELECT * { SELECT ?a { VALUES ?a { <x:y> } ?a ?b ?c } }'
    """
    if not values:
        return text
    at = _where(text)
    reached, hidden = _visible(text, at)
    for name in values:
        if name not in reached and (name in hidden or name not in variables(text)):
            known = ", ".join(sorted(reached)) or "none"
            raise QueryError(f"The query has no variable ?{name} that a value could reach.", f"It has: {known}.")
    bound = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in sorted(values.items()))
    return text[:at] + bound + text[at:]


def _where(text: str) -> int:
    """Return the position after the brace that opens the outermost WHERE group, or the one of its only sub-select."""
    nesting = 0
    last = ""
    opened = -1
    for kind, word, at in tokens(text):
        if opened >= 0 and word.lower() != "select":
            return opened
        opened = -1
        if word == "{" and nesting == 0 and last != "construct":
            opened = at + 1
            continue
        if kind == "mark":
            nesting += (word in "({") - (word in ")}")
        if kind == "keyword":
            if (last, word.lower()) == ("construct", "where"):
                raise QueryError("CONSTRUCT WHERE cannot take a parameter.", "Write CONSTRUCT { … } WHERE { … }.")
            last = word.lower()
        elif word == "}" and nesting == 0:
            last = ""
    raise QueryError("The query has no WHERE group for a parameter.", "Write WHERE { … }.")


def _visible(text: str, at: int) -> tuple[set[str], set[str]]:
    """Return the variables that a value bound at the head of the WHERE group reaches, and the other variables.

    Only the projected variables of a sub-select are visible outside it.
    """
    reached: set[str] = set()
    hidden: set[str] = set()
    groups = [_Group.OPEN]
    parentheses = 0
    last = ""
    for kind, word, position in tokens(text):
        if position < at:
            continue
        if word == "{":
            groups.append(_Group.CLOSED if groups[-1] in {_Group.PROJECTING, _Group.CLOSED} else _Group.OPEN)
        elif word == "}":
            groups.pop()
            if not groups:
                break
        elif kind == "keyword" and word.lower() == "select" and groups[-1] is _Group.OPEN:
            groups[-1] = _Group.PROJECTING
        elif word == "*" and last == "select":
            groups[-1] = _Group.OPEN
        elif kind == "variable":
            seen = groups[-1] is _Group.OPEN or (groups[-1] is _Group.PROJECTING and (parentheses == 0 or last == "as"))
            (reached if seen else hidden).add(word[1:])
        parentheses += (word == "(") - (word == ")")
        last = word.lower()
    return reached, hidden


class _Group(enum.Enum):
    """The kind of group that a brace opens, as seen from the outermost WHERE group."""

    OPEN = enum.auto()
    PROJECTING = enum.auto()
    CLOSED = enum.auto()


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Return line and column of a position, both from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


_SHOWN = 60


def point(text: str, line: int, column: int, message: str) -> str:
    """Show a line of a query with a caret under a column.

    >>> print(point("SELECT ?a {", 1, 11, "unfinished"))
    line 1, column 11: unfinished
      SELECT ?a {
                ^
    """
    lines = text.split("\n")
    begin = max(0, column - _SHOWN)  # a long line is cut on both sides
    shown = lines[min(line, len(lines)) - 1].rstrip("\r")[begin : column + _SHOWN]
    caret = re.sub(r"\S", " ", shown[: column - begin - 1].ljust(column - begin - 1))
    return f"line {line}, column {column}: {message}\n  {shown}\n  {caret}^"


_ENGINE_ERROR = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def syntax_error(text: str, error: SyntaxError, offset: int) -> QueryError:
    """Turn a syntax error of the engine into a readable error.

    Args:
        text: The query as the user wrote it.
        error: The error of the engine for the query with its prefixes.
        offset: The number of characters of prefixes before the user's first line.
    """
    odd = _odd_character(text)
    if odd:
        return odd
    found = _ENGINE_ERROR.match(str(error))
    if not found:
        return QueryError(f"This is not SPARQL: {error}", QUESTIONS)
    line, column = int(found[1]), int(found[2])
    column -= offset if line == 1 else 0
    at = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    place, what, solution = advice(text, list(tokens(text)), max(at, 0), found[3])
    return QueryError(point(text, *line_and_column(text, place), what), solution)


# Spaces and marks that a word processor or a web page puts in place of those on a keyboard.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xab\xad\xbb\u1680\u2000-\u200b\u200e-\u203e\u2060-\u206f\u2212\u3000\ufeff]"
)
_INSTEAD = {"P": "a quotation mark (\" or ') or a hyphen (-)", "S": "a hyphen (-)"}


def _odd_character(text: str) -> QueryError | None:
    """Return the error for such a character outside texts, IRIs and comments, if there is one."""
    words = ((word, at) for kind, word, at in tokens(text) if kind not in {"string", "iri"})
    found = next(((odd[0], at + odd.start()) for word, at in words if (odd := _ODD.search(word))), None)
    if found is None:
        return None
    char, at = found
    name = unicodedata.name(char, "a control character").lower()
    instead = _INSTEAD.get(unicodedata.category(char)[0], "an ordinary space")
    message = f"unexpected here: {name} (U+{ord(char):04X})"
    return QueryError(point(text, *line_and_column(text, at), message), f"Type {instead} in its place.")

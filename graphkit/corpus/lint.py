"""Finds texts with markup or invisible characters, and proposals that are not accepted yet."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from graphkit.corpus.matching import letter_in
from graphkit.corpus.yaml_tree import Node, Tree, YamlPath
from graphkit.model.errors import Level, Problem
from graphkit.model.records import Source

# Tags, and characters as HTML, workbooks and JSON write them.
_MARKUP = re.compile(
    r"<[A-Za-z!/?]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);|_x[0-9A-F]{4}_|\\u[0-9A-Fa-f]{4}"
)
# C0 and C1 controls, marks without a width except joiners, bidirectional controls, separators of lines, private use and
# noncharacters: they change how a text looks, or hide in it so that nobody finds the text again.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ue000-\uf8ff\ufeff\ufffe\uffff]"
)
# UTF-8 that was read as Windows-1252: the first byte of a character, and the others as that encoding shows them.
_REST = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_MISREAD = re.compile(f"[\xc2-\xdf][{_REST}]|[\xe0-\xef][{_REST}]{{2}}|[\xf0-\xf4][{_REST}]{{3}}")
_SAID = frozenset(
    {"title", "gist", "scope", "hedge", "value", "when", "said", "published", "condition", "manner", "grounds"}
)
# Words of Latin letters and of letters of another script that look like some.
_MIXED = re.compile(r"(?=\w*[A-Za-z])\w*?([аеорсухіјѕһАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧορν])\w*")
# Words with which programs write a missing value, and the errors of spreadsheets.
_NO_VALUE = frozenset({
    "nan", "none", "null", "nil", "na", "n/a", "n.a.", "nat", "<na>", "<nat>", "<null>", "<none>", "(null)", "(none)",
    "(blank)", "[null]", "[blank]", "pd.na", "na_character_", "undefined", r"\n", "#nv", "#getting_data", "#div/0",
    "1.#qnan", "1.#ind", ".nan", ".inf", "[object object]",
})  # fmt: skip
# Words with which people write one, or repeat the row above; they may be in a note or a name of their own.
_LATER = frozenset({
    "tbc", "tba", "tbd", "to be confirmed", "unknown", "not known", "not available", "not applicable", "no data",
    "no value", "missing", "ka", "keine angabe", "so", "sans objet", "s/d", "inconnu", "unbekannt", "desconocido",
    "n/k", "true", "false", "not stated", "not recorded", "not given", "not app", "to follow", "todo", "fixme", "xxx",
    "error", "empty", "blank", "(empty)", "redacted", "[redacted]", "see note", "see notes", "see below", "-99",
    "-999", "-9999",
})  # fmt: skip
_REPEATED = frozenset({
    "ditto", "do", "-do-", "idem", "ibid", "as above", "see above", "same", "same as above", "as previous", "”", "“",
    "„", '"', "〃", "''", ",,", '-"-', "↑", "↓", "^",
})  # fmt: skip
_FREE = frozenset({"note", "key", "group", "source", "problem", "unread"})
_LONGEST_STAND_IN = 16
_ERROR = re.compile(r"#(?:n/a(?: n/a)?|[a-z/0-9_à-ÿ¡¿]+[!?]|#*)|err(?:or)?:\d{3}|-?(?:inf|infinity)")


def _look_alike(text: str) -> str:
    """Return the first letter of another script in a word of Latin letters, "" if there is none."""
    found = None if text.isascii() else _MIXED.search(text)
    return letter_in(found[1], found[0]) if found else ""


def check_text(tree: Tree) -> Iterator[Problem]:
    """Check every text of a file: no markup, no invisible controls, composed characters (NFC)."""
    yield from _check(tree, tree.root, ())


def is_plain(text: str) -> bool:
    r"""Return whether a text has no markup and no invisible control characters.

    >>> is_plain("1 < 2"), is_plain("<b>bold"), is_plain("a\x1b[31m")
    (True, False, False)
    """
    return not (_CONTROL.search(text) or _markup(text) or _misread(text))


def _markup(text: str) -> str:
    """Return the first sign of markup in a text, "" if there is none."""
    found = (sign[0] for sign in _MARKUP.finditer(text))
    return next((sign for sign in found if sign[0] != "&" or html.unescape(sign) != sign), "")


def _misread(text: str) -> tuple[str, str] | None:
    """Return the first characters that were read in a wrong encoding, and the right ones."""
    for found in _MISREAD.finditer(text) if not text.isascii() else ():
        with suppress(UnicodeError):
            return found[0], found[0].encode("cp1252").decode()
    return None


def _check(tree: Tree, node: Node, path: YamlPath) -> Iterator[Problem]:
    if isinstance(node, str):
        yield from _check_one(tree, node, path)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _check(tree, item, (*path, number))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _check(tree, value, (*path, key))


def _check_one(tree: Tree, text: str, path: YamlPath) -> Iterator[Problem]:
    if sign := _markup(text):
        message = f"{sign!r} looks like markup; texts are plain."
        solution = (
            "remove it, or put a space after <." if sign[0] == "<" else "remove it, or type the character itself."
        )
        yield Problem("markup-in-text", tree.place(path), message, solution)
    if wrong := _misread(text):
        message = f"{wrong[0]!r} is {wrong[1]!r} in UTF-8, read in another encoding."
        yield Problem("misread-text", tree.place(path), message, f"type {wrong[1]}, or export the text again as UTF-8.")
    if is_ambiguous_number(text) and path[-2:] in {("amount", "number"), ("amount", "to")}:
        message = f"{text} is read as {text.rstrip('0').rstrip('.')}; in many countries it is {text.replace('.', '')}."
        solution = f"type {text.replace('.', '')}, or {text}0 for the decimal number."
        yield Problem("point-or-thousands", tree.place(path), message, solution, Level.WARNING)
    if path and path[-1] in _SAID and (what := stands_in(text, str(path[-1]))):
        message = f"{path[-1]}: {text!r} stands for {what[0]}, and is not a text of the source."
        yield Problem("no-value", tree.place(path), message, "delete the line, or type what the source says.")
    if letter := _look_alike(text):
        message = f"The text has {letter}, which looks like a Latin letter."
        solution = "type the Latin letter, or the whole word in its own script."
        yield Problem("look-alike-letter", tree.place(path), message, solution, Level.WARNING)
    if found := _CONTROL.search(text):
        message = f"U+{ord(found[0]):04X} is invisible and changes how the text looks."
        yield Problem("control-character", tree.place(path), message, "remove it.")
    if not unicodedata.is_normalized("NFC", text):
        yield Problem(
            "not-nfc", tree.place(path), "Accents are separate from their letters.", "save the text as Unicode NFC."
        )


def is_ambiguous_number(text: str) -> bool:
    """Return whether the point of a number may separate thousands.

    >>> is_ambiguous_number("45.000"), is_ambiguous_number("45.50"), is_ambiguous_number("0.125")
    (True, False, False)
    """
    return bool(_POINT.fullmatch(text))


_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


def check_accepted(tree: Tree, source: Source) -> Iterator[Problem]:
    """Report each statement that is still marked as a proposal."""
    for key, statement in source.statements.items():
        if statement.proposed:
            location = tree.key_place(("statements", key, "proposed"))
            message = f"{key!r} is a proposal that nobody has accepted."
            solution = "read the passage, write the gist anew and delete this line; or delete the statement."
            yield Problem("proposed-statement", location, message, solution)


def stands_in(text: str, name: str) -> tuple[str, str] | None:
    """Return the meaning of a text that is none, and the solution for a cell of a table.

    Args:
        name: The key or column of the text; some words may be the text of a note or a name.

    >>> stands_in("NaN", "scope"), stands_in("in 2020", "scope")
    (('a missing value', 'empty the cell.'), None)
    """
    if text.startswith('="') and text.endswith('"') and len(text) > len('=""'):
        return "a text in a formula", f"type {text[2:-1]}, and format the cell as text."
    if len(text) > _LONGEST_STAND_IN or name in {"problem", "unread"}:
        return None
    word = text.strip().casefold()
    forms = {word, word.rstrip("."), word.replace(".", "").replace(" ", "")}
    if forms & _REPEATED and name not in _FREE:
        return "the text of another row", "type that text again in this cell."
    if word[:1] == "#" and (word in _NO_VALUE or _ERROR.fullmatch(word)):
        return "a missing value", "correct the formula, or empty the cell."
    later = forms & _LATER and name not in _FREE and not (name == "value" and word in {"true", "false"})
    if later or forms & _NO_VALUE or _ERROR.fullmatch(word) or not any(map(str.isalnum, word)):
        return "a missing value", "empty the cell."
    return None

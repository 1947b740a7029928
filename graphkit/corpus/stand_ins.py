"""Words that stand for a missing value or repeat another one, as programs and people write them."""

from __future__ import annotations

import re

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

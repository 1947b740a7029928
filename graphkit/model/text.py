"""Untrusted text made safe for pictures and pages.

Labels, gists, titles, addresses and even IRIs come from documents that other people wrote.
"""

from __future__ import annotations

import html
import json
import textwrap
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from decimal import Decimal

_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})
_IN_SCRIPT = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"},
)


def visible(text: object) -> str:
    r"""Return the text on one line, with characters that hide or reverse text written as code points.

    Joiners stay, because Persian, Hindi and emoji need them.

    >>> visible("Met\u202e police\n service")
    'Met⟨U+202E⟩ police service'
    """
    line = " ".join(str(text).split())
    return line if line.isprintable() else "".join(map(_spelled, line))


def _spelled(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN and character not in _JOINERS
    return f"⟨U+{ord(character):04X}⟩" if hidden else character


def escaped(text: object) -> str:
    """Return the visible text, escaped for HTML content and quoted attributes.

    >>> escaped('<a href="x">')
    '&lt;a href=&quot;x&quot;&gt;'
    """
    return html.escape(visible(text), quote=True)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with a noun, whose plural ends in s by default.

    >>> counted(1, "statement"), counted(2_000, "statement"), counted(2, "entity", "entities")
    ('1 statement', '2,000 statements', '2 entities')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def figure(number: Decimal | float, *, money: bool = False) -> str:
    """Return a number with commas; an amount of money has two decimals or none.

    >>> figure(1746660.8), figure(1746660.8, money=True), figure(1200.0, money=True)
    ('1,746,660.8', '1,746,660.80', '1,200')
    """
    return f"{number:,.{2 if number % 1 else 0}f}" if money else f"{number:,}"


def shortened(text: object, length: int = 60) -> str:
    """Return the visible text cut to a length.

    >>> shortened("Metropolitan Police Service", 12)
    'Metropolita…'
    """
    line = visible(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def wrapped(text: object, width: int = 18, lines: int = 3) -> str:
    r"""Return the visible text broken into a few short lines for a picture.

    >>> wrapped("Ben Kinsella Trust", 12)
    'Ben Kinsella\nTrust'
    """
    return "\n".join(textwrap.wrap(visible(text), width, max_lines=lines, placeholder="…"))


def as_json(data: object) -> str:
    r"""Return JSON that cannot end the script element around it.

    >>> as_json({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).translate(_IN_SCRIPT)


def web_link(url: str) -> str:
    """Return the address if it is an ordinary web address, else the empty string.

    >>> web_link("https://example.org/a#:~:text=with%20funding")
    'https://example.org/a#:~:text=with%20funding'
    >>> web_link("javascript:alert(1)")
    ''
    """
    if not url.isprintable() or any(character in url for character in " \\\"'<>`"):
        return ""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return url if is_web else ""


def host_of(url: str) -> str:
    """Return the host of a web link, or the empty string."""
    return (urlsplit(url).hostname or "") if web_link(url) else ""

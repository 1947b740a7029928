"""Tables as HTML for notebooks: text is text, and only web addresses are links."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphkit.query.values import Term

# So many rows are shown; a table holds all of them.
SHOWN = 50
_ADDRESS = PREFIXES["xsd"] + "anyURI"
# Characters that turn the direction in which text is read are spelled out.
_TURNING = {
    code: f"⟨U+{code:04X}⟩" for code in (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def html_table(columns: Iterable[str], rows: Iterable[Iterable[str]], note: str = "") -> str:
    """Return a table as HTML.

    Args:
        columns: Names, as text.
        rows: Cells, as HTML.
        note: What is to be said of the whole, as text.
    """
    head = "".join(f'<th scope="col" style="text-align:left">{escaped(name)}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(f'<td {_LEFT}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    after = f"<p>{escaped(note)}</p>" if note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{after}"


_LEFT = 'style="text-align:left;vertical-align:top"'


def cell(term: Term, shown: str, address: str) -> str:
    """Return a term as HTML.

    Args:
        term: Whose own address is the link if no other is given.
        shown: How people read it.
        address: Where a link leads; "" for the address of the term itself.
    """
    target = web_address(address or _own_address(term))
    if not target:
        return escaped(shown)
    # What is shown is a label, so the tip of the mouse tells where the link leads.
    leads = escaped(target)
    return f'<a href="{leads}" title="{leads}" rel="noreferrer noopener" target="_blank">{escaped(shown)}</a>'


def _own_address(term: Term) -> str:
    if isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.datatype.value == _ADDRESS):
        return term.value
    return ""


def escaped(text: str) -> str:
    r"""Return text as HTML that shows it and does nothing else.

    >>> escaped("<b>\u202e")
    '&lt;b&gt;⟨U+202E⟩'
    """
    import html  # only for HTML

    return html.escape(text.translate(_TURNING))


def web_address(text: str) -> str:
    """Return an address if it leads to the web and hides no password, else "".

    >>> web_address("https://example.org/a#b"), web_address("javascript:alert(1)"), web_address("https://a@b/")
    ('https://example.org/a#b', '', '')
    """
    if not text.isprintable() or any(mark in text for mark in " \\\"'<>`"):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else ""

"""The key inside an SVG: what its marks and lines mean."""

from __future__ import annotations

from collections.abc import Sequence

from graphkit.model.text import escaped

# A mark or a line in a field of 44 by 20, and its meaning.
KeyEntry = tuple[str, str]
# The usual font size, and the width of a letter in font sizes.
FONT, WIDE = 13, 0.52
# Height of a line where the font has its usual size.
_LINE = 24


def key_of(key: Sequence[KeyEntry], place: tuple[int, int, int], font: int) -> tuple[str, int]:
    """Return the key in columns, and its height.

    Args:
        place: Its left and upper edge and its width.
        font: The font size of the picture.
    """
    if not key:
        return "", 0
    (left, top, wide), scale = place, font / FONT
    column = round((max(len(text) for _, text in key) * FONT * WIDE + 70) * scale)
    columns = max(wide // column, 1)
    entries = ""
    for number, (mark, text) in enumerate(key):
        row, at = divmod(number, columns)
        x, y = left + at * column, top + round((row + 0.5) * _LINE * scale)
        entries += (
            f'<g transform="translate({x} {y}) scale({scale:g})">{mark}'
            f'<text class="foot" font-size="{FONT}" x="54" y="14">{escaped(text)}</text></g>'
        )
    return entries, round((-(-len(key) // columns) + 1) * _LINE * scale)

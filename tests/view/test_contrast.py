"""Colours against their backgrounds, in the light and the dark scheme: text 4.5:1, marks and lines 3:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import graphkit
from graphkit.view.encoding import COLOURS, DARK, INK, NODE_STYLES

PACKAGE = Path(graphkit.__file__).parent
SHEETS = ("view/static/shared.css", "web/pages/site.css", "view/static/picture.css")
# Each name of a colour of text, with the names of its backgrounds.
TEXTS = {
    **dict.fromkeys(("ink", "quiet", "link"), ("paper", "card", "soft")), "visited": ("paper", "card"),
    "yes": ("yes-soft", "card"), "no": ("no-soft", "card"), "other": ("other-soft", "card"),
}  # fmt: skip
LEAST_OF_TEXT, LEAST_OF_MARK = 4.5, 3.0


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme by name; those of the dark scheme replace the light ones."""
    found: dict[str, str] = {}
    for sheet in SHEETS:
        text = (PACKAGE / sheet).read_text(encoding="utf-8").partition("@media print")[0]
        light, _, dark = text.partition("prefers-color-scheme: dark")
        # The ink of the signs in cells is not that of the page.
        own = re.sub(r"[^\n]*\.cell[^\n]*", "", dark.partition("\n}")[0])
        for part in (light, *([own] if scheme == "dark" else [])):
            found.update(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", part.partition("\n.e path")[0]))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_marks_contrast_with_their_backgrounds(scheme: str) -> None:
    colours = tokens(scheme)
    for text, grounds in TEXTS.items():
        for ground in grounds:
            assert contrast(colours[text], colours[ground]) >= LEAST_OF_TEXT, (text, ground)
    for mark in ("focus", "against", "rim"):
        assert contrast(colours[mark], colours["paper"]) >= LEAST_OF_MARK, mark
    for kind in NODE_STYLES.values():
        edge = kind.colour if kind.hollow else colours["rim"]
        assert max(contrast(part, colours["paper"]) for part in {edge, kind.colour}) >= LEAST_OF_MARK, kind.word
        in_legend = (kind.colour,) if kind.hollow else (kind.colour, INK)
        assert max(contrast(part, colours["paper"]) for part in in_legend) >= LEAST_OF_MARK, kind.word


def test_lines_are_brighter_on_a_dark_page() -> None:
    light, dark = (tokens(scheme)["paper"] for scheme in ("light", "dark"))
    for colour in COLOURS:
        assert contrast(colour, light) >= LEAST_OF_MARK
        assert contrast(DARK[colour], dark) >= 2 * LEAST_OF_MARK, "thin and dotted lines lose half of it"

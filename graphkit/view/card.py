"""Cards: nodes drawn as boxes with text inside, for the pictures that are read like a table."""

from __future__ import annotations

import re
import textwrap
from calendar import month_name
from dataclasses import dataclass, replace

from graphkit.model.text import visible
from graphkit.view.encoding import StatusStyle

# Padding of a card, the height of a line of its text and of the label of a line, and the width of an average letter of
# its text and of its head.
PADDING, LINE, LABEL, _LETTER, _BOLD = 10, 18, 15, 6.3, 7.0
# The space for the shape of a kind in a card without a frame.
ICON = 12
_MONTH = re.compile(rf"\b({'|'.join(month_name[1:])})\b")


@dataclass(frozen=True, slots=True)
class Card:
    """The box of a node, whose position is its left upper corner.

    Attributes:
        head: Lines in bold above the text.
        body: The lines of the text.
        status: That of its statement, which the bar at its left edge shows, if it has one.
        bare: Whether it has no frame.
        thin: Whether it is as high as its only line.
        span: The width of the bar, if that is to scale; the text is then beside it and without a frame.
        narrow: Its position in the picture for a narrow screen, if that has another.
        narrow_lines: Its lines there, if they are others; the card is then as wide as the screen.
    """

    width: int
    head: tuple[str, ...]
    body: tuple[str, ...]
    status: StatusStyle | None = None
    bare: bool = False
    thin: bool = False
    span: int = 0
    narrow: tuple[int, int] | None = None
    narrow_lines: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """The height with padding."""
        return self._height(len(self.head) + len(self.body))

    @property
    def narrow_height(self) -> int:
        """The height on a narrow screen."""
        return self._height(len(self.narrow_lines)) if self.narrow_lines else self.height

    def _height(self, lines: int) -> int:
        return LINE * lines + (0 if self.bare else 4 if self.thin else 2 * PADDING)

    def with_narrow(self, at: tuple[int, int], *lines: str) -> Card:
        """Return the card with a position and lines of text for a narrow screen."""
        return replace(self, narrow=at, narrow_lines=lines)


def lines_of(text: str, width: int, most: int, *, bold: bool = False) -> tuple[str, ...]:
    """Return a text in lines that fit into a card, the last of them cut with an ellipsis.

    >>> lines_of("The trust was never asked about the project", 160, 2)
    ('The trust was never', 'asked about the…')
    """
    letters = int((width - 2 * PADDING) / (_BOLD if bold else _LETTER))
    return tuple(textwrap.wrap(visible(text), letters, max_lines=most, placeholder="…"))


def with_short_months(text: str) -> str:
    """Return a text with the names of months in three letters.

    >>> with_short_months("30 June 2022 to May 2023")
    '30 Jun 2022 to May 2023'
    """
    return _MONTH.sub(lambda found: found[0][:3], text)

"""Preview images: the same bytes for the same page, text inside the image, whatever the names are."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from test_view import ATTACKS

from graphkit.view.encoding import NODE_STYLES, STATUSES
from graphkit.view.preview import HIGH, MOST_SPOKES, WIDE, Preview, Spoke, Voice

LONG = "Wort" * 2_500
RIGHT_TO_LEFT = "شرطة العاصمة " * 30
# As many pixels are free at every edge.
FREE = 20


def network(text: str) -> Preview:
    kinds, statuses = list(NODE_STYLES.values()), list(STATUSES.values())
    spokes = [Spoke(text, kinds[i], text, statuses[i], bool(i % 2)) for i in range(MOST_SPOKES)]
    return Preview("Programme", text, text, text, (), kinds[-1], spokes)


def disagreement(text: str) -> Preview:
    side = [Voice(text, "denies", text, STATUSES["denied"])] * 7
    return Preview("Disagreement", text, "", text, (side, side[:1]))


@pytest.mark.parametrize("text", ["", "x", "A charity", LONG, RIGHT_TO_LEFT, " ".join(ATTACKS)])
@pytest.mark.parametrize("made", [network, disagreement])
def test_all_text_is_inside_the_image_and_a_file_is_small(made: object, text: str) -> None:
    assert callable(made)
    data = made(text).png()
    image = Image.open(io.BytesIO(data)).convert("L").point(lambda value: 255 if value < 240 else 0)
    assert image.size == (WIDE, HIGH)
    left, top, right, bottom = image.getbbox() or (FREE, FREE, FREE, FREE)
    assert min(left, top, WIDE - right, HIGH - bottom) >= FREE
    assert len(data) <= 150_000
    assert data == made(text).png()


@pytest.mark.parametrize("status", ["claimed", "denied"])
def test_a_line_has_the_colour_of_its_status(status: str) -> None:
    spoke = Spoke("", NODE_STYLES["Document"], "", STATUSES[status], outward=True)
    image = Image.open(io.BytesIO(Preview("", "", "", "", (), NODE_STYLES["Document"], [spoke]).png()))
    drawn = image.convert("RGB").tobytes()
    wanted = [int(STATUSES[status].colour[at : at + 2], 16) for at in (1, 3, 5)]
    found = set(zip(drawn[::3], drawn[1::3], drawn[2::3], strict=True))
    assert min(sum(abs(a - b) for a, b in zip(colour, wanted, strict=True)) for colour in found) < 12

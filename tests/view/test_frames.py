"""The layout of an opening picture in a frame: all names are inside and off each other, and few lines cross."""

from __future__ import annotations

from itertools import combinations

import pytest

from graphkit.view.layout.boxes import Box
from graphkit.view.layout.frames import cleared, fitted

WIDE, HIGH = (1012.0, 660.0), (380.0, 568.0)


def left_top_right_bottom(point: tuple[float, float], box: Box) -> tuple[float, float, float, float]:
    (x, y), across, down = point, box.width / 2, box.height / 2
    return x - across, y + box.drop - down, x + across, y + box.drop + down


@pytest.mark.parametrize("frame", [WIDE, HIGH])
@pytest.mark.parametrize("number", [1, 2, 20, 40])
def test_boxes_are_inside_their_frame_and_off_each_other(frame: tuple[float, float], number: int) -> None:
    boxes = [Box(60 + i % 5 * 8, 44, 12) for i in range(number)]
    links = [(0, i) for i in range(1, number)]
    points = fitted([(0, 0)] * number, boxes, links, frame)
    assert points == fitted([(0, 0)] * number, boxes, links, frame)
    areas = list(map(left_top_right_bottom, points, boxes))
    for left, top, right, bottom in areas:
        assert -0.1 <= left < right <= frame[0] + 0.1
        assert -0.1 <= top < bottom <= frame[1] + 0.1
    for one, other in combinations(areas, 2):
        assert (
            one[2] <= other[0] + 0.1 or other[2] <= one[0] + 0.1 or one[3] <= other[1] + 0.1 or other[3] <= one[1] + 0.1
        )


def test_lines_are_untangled_and_no_fifth_of_the_frame_holds_most_nodes() -> None:
    number = 24
    boxes = [Box(80, 40, 10)] * number
    ring = [(i, (i + 1) % number) for i in range(number)]
    start = [(i * 7 % number * 40.0, i * 11 % number * 2.0) for i in range(number)]
    points = fitted(start, boxes, ring, WIDE)

    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
        return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])

    def cross(one: tuple[int, int], other: tuple[int, int]) -> bool:
        a, b, c, d = (points[i] for i in (*one, *other))
        return not set(one) & set(other) and side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)

    assert sum(cross(*pair) for pair in combinations(ring, 2)) <= 3
    for axis, length in enumerate(WIDE):
        strips = sorted(sum(int(point[axis] / length * 20) == i for point in points) for i in range(20))
        assert sum(strips[-4:]) <= 0.45 * number


def test_only_a_line_over_a_mark_or_with_its_middle_on_that_of_another_is_bent() -> None:
    points, radii = [(0, 0), (200, 0), (100, 3), (100, 60), (100, -60), (0, 200), (200, 200)], [10] * 7
    assert cleared([(0, 1), (5, 6)], [0.0, 0.0], points, radii) == [0.14, 0.0], "it leaves the nearer rim of the mark"
    first, second = cleared([(0, 1), (3, 4)], [0.0, 0.0], [*points[:2], (100, 300), *points[3:]], radii)
    assert (first, second) == (0.14, 0.0), "its middle is on that of the other"
    # All ways round the mark would cross another line.
    fenced = [(0, 0), (200, 0), (100, 0), (100, 14), (100, 600), (100, -14), (100, -600)]
    links = [(0, 1), (3, 4), (5, 6)]
    assert cleared(links, [0.0] * 3, fenced, [10, 10, 10, 1, 1, 1, 1])[0] == 0.0

"""The places of numbers on lines between many others: found as by comparing each with all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphkit.view.diagrams.relays import APART, Curves, Numbers, height_at

PLACES = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


@given(st.lists(PLACES, max_size=9), PLACES, st.floats(0, 1))
def test_the_nearest_curve_is_that_of_all(ends: list[tuple[float, float]], own: tuple[float, float], at: float) -> None:
    curves = Curves()
    curves.ends += [own, *ends]
    others = [abs(height_at(other, at) - height_at(own, at)) for other in ends if other != own]
    assert curves.distance(own, at) == min(others, default=float("inf"))


@given(st.lists(PLACES, max_size=9), PLACES)
def test_all_numbers_near_a_place_are_found(places: list[tuple[float, float]], own: tuple[float, float]) -> None:
    numbers = Numbers()
    for place in places:
        numbers.add(place)
    apart = [(abs(x - own[0]), abs(y - own[1])) for x, y in places]
    found = [(across, down) for across, down in numbers.near(*own) if down < APART]
    assert sorted(found) == sorted((across, down) for across, down in apart if down < APART)

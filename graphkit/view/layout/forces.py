"""Where the nodes of a large network stand: forces on arrays.

ForceAtlas2 (Jacomy et al. 2014, doi:10.1371/journal.pone.0098679) in its LinLog mode (Noack 2007,
doi:10.7155/jgaa.00154): edges pull by the logarithm of their length, which sets communities apart; nodes push each
other apart by the product of their degrees over their distance. That push is the gradient of the potential of a
two-dimensional charge, so it is one convolution: masses are spread on a grid, convolved by FFT, and read back between
the cells; near neighbours, which a grid cannot tell apart, are put right exactly. A step costs O(n + g² log g).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy import fft
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.floating[Any]]"
Spectra: TypeAlias = "NDArray[np.complexfloating[Any, Any]]"
Numbers: TypeAlias = "NDArray[np.integer[Any]]"

# Steps for up to so many nodes; more than that take the last.
_STEPS = ((2_000, 500), (20_000, 300), (0, 150))
_NEAR, _TOLERANCE, _GRAVITY, _EXACT_AFTER, _CELLS = 8, 2.0, 0.1, 0.5, (64, 256)
# How strongly nodes push, up to so many; more push less, as the picture else grows faster than steps can follow, and
# communities stay mixed: with 10 at every size, of the ten nearest nodes of 10,000 one in ten was of the same.
_PUSH, _PUSH_UP_TO = 1.0, 1_000


def forced(count: int, ends: Numbers, seed: int = 0) -> Points:
    """Return a place for each node, the same for the same input.

    Args:
        count: Number of nodes.
        ends: The two nodes of each edge, of shape (edges, 2); an edge may come more than once.
        seed: Where nodes begin.

    Returns:
        Of shape (count, 2), around the origin, in units of no meaning.
    """
    chance = np.random.default_rng(seed)
    places: Points = chance.normal(size=(count, 2)) * np.sqrt(count)
    if count < 2:  # noqa: PLR2004 - one node stands where it stands
        return places * 0
    mass: Points = 1.0 + np.bincount(ends.ravel(), minlength=count)
    before, speed, kernels = np.zeros_like(places), 1.0, _kernels(count)
    steps = next(number for most, number in _STEPS if count <= most or not most)
    for step in range(steps):
        force = _pull(places, ends) - _towards_middle(places, mass)
        force += _push(places, mass, kernels, exact=step > steps * _EXACT_AFTER)
        swing = np.hypot(*(force - before).T)
        traction = np.hypot(*(force + before).T) / 2
        wanted = _TOLERANCE * float(mass @ traction) / max(float(mass @ swing), 1e-9)
        speed = min(max(wanted, speed * 0.7), speed * 1.5)
        places = places + force * (speed / (1 + np.sqrt(speed * swing)))[:, None]
        before = force
    return np.asarray(places - places.mean(axis=0))


def _pull(places: Points, ends: Numbers) -> Points:
    apart = places[ends[:, 1]] - places[ends[:, 0]]
    length = np.maximum(np.hypot(*apart.T), 1e-9)
    apart *= (np.log1p(length) / length)[:, None]
    count = len(places)
    pull: Points = np.column_stack(
        [
            np.bincount(ends[:, 0], apart[:, axis], count) - np.bincount(ends[:, 1], apart[:, axis], count)
            for axis in (0, 1)
        ]
    )
    return pull


def _towards_middle(places: Points, mass: Points) -> Points:
    distance = np.maximum(np.hypot(*places.T), 1e-9)
    return np.asarray(places * (_GRAVITY * mass / distance)[:, None])


def _push(places: Points, mass: Points, kernels: Spectra, *, exact: bool) -> Points:
    """Return the repulsion on each node: its mass times the sum of the others' over their distance."""
    size = kernels.shape[1] // 2
    corner = places.min(axis=0)
    cell = max(float((places.max(axis=0) - corner).max()) / (size - 2), 1e-9)
    spots = (places - corner) / cell
    low = np.minimum(spots.astype(np.int64), size - 2)
    part = spots - low
    weights = [(1 - part[:, 0]) * (1 - part[:, 1]), part[:, 0] * (1 - part[:, 1]),
               (1 - part[:, 0]) * part[:, 1], part[:, 0] * part[:, 1]]  # fmt: skip
    cells = [(low[:, 0] + dx) * size + low[:, 1] + dy for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1))]
    masses = np.concatenate([mass * w for w in weights])
    grid = np.bincount(np.concatenate(cells), masses, size * size).astype(np.float64)
    field = _convolved(grid.reshape(size, size), kernels).reshape(2, -1) / cell
    pushed = sum(field[:, at] * weight for at, weight in zip(cells, weights, strict=True)).T
    if exact:
        pushed = pushed + _put_right(places, mass, cell)
    push: Points = pushed * (_PUSH * min(_PUSH_UP_TO / len(mass), 1.0) * mass)[:, None]
    return push


def _kernels(count: int) -> Spectra:
    """Return the transforms of x/(r²+1) and y/(r²+1) in cells, of twice the grid for so many nodes.

    They are smooth, so that the grid does not show.
    """
    size = int(min(max(2 ** round(np.log2(2 * np.sqrt(count))), _CELLS[0]), _CELLS[1]))
    steps = fft.fftfreq(2 * size, 1 / (2 * size))
    x, y = np.meshgrid(steps, steps, indexing="ij")
    softened = x * x + y * y + 1.0
    return np.stack([fft.rfft2(kernel / softened) for kernel in (x, y)])


def _convolved(grid: Points, kernels: Spectra) -> Points:
    """Convolve masses with both kernels."""
    size = len(grid)
    spread = fft.rfft2(grid, (2 * size, 2 * size))
    field: Points = np.stack([fft.irfft2(spread * kernel, (2 * size, 2 * size))[:size, :size] for kernel in kernels])
    return field


def _put_right(places: Points, mass: Points, cell: float) -> Points:
    """Return, for the nearest neighbours of each node, the true push less that of the grid."""
    many = min(_NEAR + 1, len(places))
    distance, near = cKDTree(places).query(places, many, distance_upper_bound=3 * cell)
    distance, near = distance[:, 1:], near[:, 1:]
    known = np.isfinite(distance)
    other = np.where(known, near, 0)
    apart = places[:, None, :] - places[other]
    squared = np.maximum(distance * distance, (0.05 * cell) ** 2)
    missing = np.where(known, mass[other] * (1 / squared - 1 / (distance * distance + cell * cell)), 0.0)
    missing[~known] = 0.0
    right: Points = (apart * missing[:, :, None]).sum(axis=1)
    return right

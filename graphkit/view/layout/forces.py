"""Force-directed layout of large networks, on arrays.

ForceAtlas2 (Jacomy et al. 2014, doi:10.1371/journal.pone.0098679) in its LinLog mode (Noack 2007,
doi:10.7155/jgaa.00154): edges attract by the logarithm of their length, which separates communities; nodes repel each
other by the product of their degrees over their distance. This repulsion is the gradient of the potential of a
two-dimensional charge, hence a convolution: masses are spread on a grid, convolved by FFT and interpolated between the
cells. Near neighbours, which the grid does not resolve, are corrected exactly. A step costs O(n + g² log g).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.spatial import cKDTree

Points: TypeAlias = "NDArray[np.floating[Any]]"
Spectra: TypeAlias = "NDArray[np.complexfloating[Any, Any]]"
Numbers: TypeAlias = "NDArray[np.integer[Any]]"

# Number of nodes, and the number of steps up to there; 0 for all larger networks.
_STEPS = ((2_000, 500), (20_000, 300), (0, 150))
_NEAR, _TOLERANCE, _GRAVITY, _EXACT_AFTER, _CELLS = 8, 2.0, 0.1, 0.5, (64, 256)
# Strength of the repulsion, and the number of nodes up to which it is constant. In larger networks it decreases, or the
# picture would grow faster than the steps can follow and communities would stay mixed: with 10 at every size, one in
# ten of the ten nearest nodes belonged to the same community (10,000 nodes).
_REPULSION, _CONSTANT_UP_TO = 1.0, 1_000


def force_directed(count: int, ends: Numbers) -> Points:
    """Return a position for each node, the same for the same input.

    Args:
        ends: The two nodes of each edge, of shape (edges, 2); an edge may occur several times.

    Returns:
        Of shape (count, 2), around the origin, in arbitrary units.
    """
    random = np.random.default_rng(0)
    positions: Points = random.normal(size=(count, 2)) * np.sqrt(count)
    if count < 2:  # noqa: PLR2004 - a single node has no forces
        return positions * 0
    mass: Points = 1.0 + np.bincount(ends.ravel(), minlength=count)
    before, speed, kernels = np.zeros_like(positions), 1.0, _kernels(count)
    steps = next(number for most, number in _STEPS if count <= most or not most)
    for step in range(steps):
        force = _attraction(positions, ends) - _gravity(positions, mass)
        force += _repulsion(positions, mass, kernels, exact=step > steps * _EXACT_AFTER)
        swing = np.hypot(*(force - before).T)
        traction = np.hypot(*(force + before).T) / 2
        wanted = _TOLERANCE * float(mass @ traction) / max(float(mass @ swing), 1e-9)
        speed = min(max(wanted, speed * 0.7), speed * 1.5)
        positions = positions + force * (speed / (1 + np.sqrt(speed * swing)))[:, None]
        before = force
    return np.asarray(positions - positions.mean(axis=0))


def _attraction(positions: Points, ends: Numbers) -> Points:
    apart = positions[ends[:, 1]] - positions[ends[:, 0]]
    length = np.maximum(np.hypot(*apart.T), 1e-9)
    apart *= (np.log1p(length) / length)[:, None]
    count = len(positions)
    pull: Points = np.column_stack(
        [
            np.bincount(ends[:, 0], apart[:, axis], count) - np.bincount(ends[:, 1], apart[:, axis], count)
            for axis in (0, 1)
        ]
    )
    return pull


def _gravity(positions: Points, mass: Points) -> Points:
    distance = np.maximum(np.hypot(*positions.T), 1e-9)
    return np.asarray(positions * (_GRAVITY * mass / distance)[:, None])


def _repulsion(positions: Points, mass: Points, kernels: Spectra, *, exact: bool) -> Points:
    """Return the repulsion on each node: its mass times the sum of the other masses over their distances."""
    size = kernels.shape[1] // 2
    corner = positions.min(axis=0)
    cell = max(float((positions.max(axis=0) - corner).max()) / (size - 2), 1e-9)
    spots = (positions - corner) / cell
    low = np.minimum(spots.astype(np.int64), size - 2)
    part = spots - low
    weights = [(1 - part[:, 0]) * (1 - part[:, 1]), part[:, 0] * (1 - part[:, 1]),
               (1 - part[:, 0]) * part[:, 1], part[:, 0] * part[:, 1]]  # fmt: skip
    cells = [(low[:, 0] + dx) * size + low[:, 1] + dy for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1))]
    masses = np.concatenate([mass * w for w in weights])
    grid = np.bincount(np.concatenate(cells), masses, size * size).astype(np.float64)
    field = _convolved(grid.reshape(size, size), kernels).reshape(2, -1) / cell
    repulsion = sum(field[:, at] * weight for at, weight in zip(cells, weights, strict=True)).T
    if exact:
        repulsion = repulsion + _correction(positions, mass, cell)
    push: Points = repulsion * (_REPULSION * min(_CONSTANT_UP_TO / len(mass), 1.0) * mass)[:, None]
    return push


def _kernels(count: int) -> Spectra:
    """Return the Fourier transforms of x/(r²+1) and y/(r²+1), in cells, on twice the grid for a number of nodes.

    Both are smooth, so that the grid leaves no pattern.
    """
    size = int(min(max(2 ** round(np.log2(2 * np.sqrt(count))), _CELLS[0]), _CELLS[1]))
    steps = fft.fftfreq(2 * size, 1 / (2 * size))
    x, y = np.meshgrid(steps, steps, indexing="ij")
    softened = x * x + y * y + 1.0
    return np.stack([fft.rfft2(kernel / softened) for kernel in (x, y)])


def _convolved(grid: Points, kernels: Spectra) -> Points:
    """Return the convolution of the masses with each kernel."""
    size = len(grid)
    spread = fft.rfft2(grid, (2 * size, 2 * size))
    field: Points = np.stack([fft.irfft2(spread * kernel, (2 * size, 2 * size))[:size, :size] for kernel in kernels])
    return field


def _correction(positions: Points, mass: Points, cell: float) -> Points:
    """Return the exact repulsion by the nearest neighbours of each node minus that of the grid."""
    many = min(_NEAR + 1, len(positions))
    distance, near = cKDTree(positions).query(positions, many, distance_upper_bound=3 * cell)
    distance, near = distance[:, 1:], near[:, 1:]
    known = np.isfinite(distance)
    other = np.where(known, near, 0)
    apart = positions[:, None, :] - positions[other]
    squared = np.maximum(distance * distance, (0.05 * cell) ** 2)
    missing = np.where(known, mass[other] * (1 / squared - 1 / (distance * distance + cell * cell)), 0.0)
    right: Points = (apart * missing[:, :, None]).sum(axis=1)
    return right

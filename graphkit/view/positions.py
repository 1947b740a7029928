"""The stored positions of the nodes of a view: a file beside the build, so that known nodes stay where they are.

The file can always be made again. A missing or damaged file is ignored, and the view is drawn even if the file cannot
be written.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TypeGuard

import networkx as nx

from graphkit.model.files import recover, replacing
from graphkit.view.drawing import positions_of
from graphkit.view.layout.stress import Positions

_FARTHEST = 10_000_000


def apply_positions(network: nx.MultiDiGraph[str], file: Path | None) -> nx.MultiDiGraph[str]:
    """Return a network with the positions stored in a file, and store its new positions there.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        file: As `Workspace.places_file` names it; None to store nothing.
    """
    before = read_positions(file) if file else {}
    shown = with_positions(network, before)
    now: Positions = shown.graph["positions"]
    if file and now != before:
        _write(now, file)
    return shown


def with_positions(network: nx.MultiDiGraph[str], before: Positions) -> nx.MultiDiGraph[str]:
    """Return a network with the attribute `positions`, which `draw` follows; the network itself is not changed.

    Args:
        before: Earlier positions. New nodes are placed near their neighbours.
    """
    shown: nx.MultiDiGraph[str] = network.copy(as_view=True)
    shown.graph = {**network.graph, "positions": positions_of(network, before)}
    return shown


def read_positions(file: Path) -> dict[str, tuple[int, int]]:
    """Read positions, and skip anything else in the file."""
    recover(file.parent)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    positions = found.get("places") if isinstance(found, dict) else None
    rows = positions.items() if isinstance(positions, dict) else ()
    return {name: (pair[0], pair[1]) for name, pair in rows if _is_position(pair)}


def _is_position(value: object) -> TypeGuard[list[int]]:
    """Return whether a value is a pair of integers within the size of any picture."""
    pair = value if isinstance(value, list) and len(value) == 2 else [None]  # noqa: PLR2004 - x and y
    return all(type(part) is int and abs(part) <= _FARTHEST for part in pair)


def _write(positions: Positions, file: Path) -> None:
    """Write positions, sorted, one per line, if the folder can be written to."""
    rows = ",\n".join(f"{json.dumps(name)}: [{x}, {y}]" for name, (x, y) in sorted(positions.items()))
    with suppress(OSError), replacing(file) as beside:
        beside.write_text(f'{{"places": {{\n{rows}\n}}}}\n', encoding="ascii", newline="\n")

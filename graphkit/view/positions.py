"""Where the nodes of a view stood last time: a file beside the build, so that a picture grows and does not jump.

The file holds nothing that cannot be made again. One that is missing or damaged is as good as none, and one that
cannot be written is left alone: the picture is drawn all the same.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, TypeGuard

from graphkit.model.files import replacing
from graphkit.view.drawing import positions_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import networkx as nx

    from graphkit.view.layout.stress import Positions

_FARTHEST = 10_000_000


def apply_positions(network: nx.MultiDiGraph[str], file: Path | None) -> nx.MultiDiGraph[str]:
    """Return a network whose nodes stand where they stood before, and keep where they stand now.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        file: What `Workspace.places_file` names; without one, nothing is kept.
    """
    before = read_positions(file) if file else {}
    shown = with_positions(network, before)
    now: Positions = shown.graph["places"]
    if file and now != before:
        _keep(now, file)
    return shown


def with_positions(network: nx.MultiDiGraph[str], before: Positions) -> nx.MultiDiGraph[str]:
    """Return a network with the attribute `places`, which `draw` follows.

    Args:
        network: As `graphkit.analysis.network` describes it. It is not changed.
        before: Where nodes stood; those that are new stand near their neighbours.
    """
    shown: nx.MultiDiGraph[str] = network.copy(as_view=True)
    shown.graph = {**network.graph, "places": positions_of(network, before)}
    return shown


def read_positions(file: Path) -> dict[str, tuple[int, int]]:
    """Read where nodes stood; what is not a place is passed over."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    places = found.get("places") if isinstance(found, dict) else None
    rows = places.items() if isinstance(places, dict) else ()
    return {name: (place[0], place[1]) for name, place in rows if _is_place(place)}


def _is_place(place: object) -> TypeGuard[list[int]]:
    """Say whether something is a place: two whole numbers, not farther away than any picture is wide."""
    pair = place if isinstance(place, list) and len(place) == 2 else [None]  # noqa: PLR2004 - x and y
    return all(type(part) is int and abs(part) <= _FARTHEST for part in pair)


def _keep(places: Mapping[str, tuple[int, int]], file: Path) -> None:
    """Write places, one to a line and sorted; a folder that cannot be written to is no reason to fail."""
    rows = ",\n".join(f"{json.dumps(name)}: [{x}, {y}]" for name, (x, y) in sorted(places.items()))
    with suppress(OSError), replacing(file) as beside:
        beside.write_text(f'{{"places": {{\n{rows}\n}}}}\n', encoding="ascii", newline="\n")

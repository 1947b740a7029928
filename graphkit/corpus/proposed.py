"""Has somebody read what a machine proposed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.corpus.yaml_tree import Tree
    from graphkit.model.records import Source


def check_accepted(tree: Tree, source: Source) -> Iterator[Problem]:
    """Report each statement that is still marked as a proposal."""
    for key, statement in source.statements.items():
        if statement.proposed:
            place = tree.key_place(("statements", key, "proposed"))
            message = f"{key!r} is a proposal that nobody has accepted."
            solution = "read the passage, write the gist anew and delete this line; or delete the statement."
            yield Problem("proposed-statement", place, message, solution)

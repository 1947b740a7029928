"""Finds texts with markup or invisible characters, and proposals that are not accepted yet."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from graphkit.model.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.corpus.yaml_tree import Node, Tree, YamlPath
    from graphkit.model.records import Source

_MARKUP = re.compile(r"<[A-Za-z!/?]")
# C0 and C1 controls, bidirectional controls, private use and noncharacters that change how text looks.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufeff\ufffe\uffff]"
)


def check_text(tree: Tree) -> Iterator[Problem]:
    """Check every text of a file: no markup, no invisible controls, composed characters (NFC)."""
    yield from _check(tree, tree.root, ())


def is_plain(text: str) -> bool:
    r"""Return whether a text has no markup and no invisible control characters.

    >>> is_plain("1 < 2"), is_plain("<b>bold"), is_plain("a\x1b[31m")
    (True, False, False)
    """
    return not (_MARKUP.search(text) or _CONTROL.search(text))


def _check(tree: Tree, node: Node, path: YamlPath) -> Iterator[Problem]:
    if isinstance(node, str):
        yield from _check_one(tree, node, path)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _check(tree, item, (*path, number))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _check(tree, value, (*path, key))


def _check_one(tree: Tree, text: str, path: YamlPath) -> Iterator[Problem]:
    if found := _MARKUP.search(text):
        message = f"{found[0]!r} looks like markup; texts are plain."
        yield Problem("markup-in-text", tree.place(path), message, "remove it, or put a space after <.")
    if found := _CONTROL.search(text):
        message = f"U+{ord(found[0]):04X} is invisible and changes how the text looks."
        yield Problem("control-character", tree.place(path), message, "remove it.")
    if not unicodedata.is_normalized("NFC", text):
        yield Problem(
            "not-nfc", tree.place(path), "Accents are separate from their letters.", "save the text as Unicode NFC."
        )


def check_accepted(tree: Tree, source: Source) -> Iterator[Problem]:
    """Report each statement that is still marked as a proposal."""
    for key, statement in source.statements.items():
        if statement.proposed:
            location = tree.key_place(("statements", key, "proposed"))
            message = f"{key!r} is a proposal that nobody has accepted."
            solution = "read the passage, write the gist anew and delete this line; or delete the statement."
            yield Problem("proposed-statement", location, message, solution)

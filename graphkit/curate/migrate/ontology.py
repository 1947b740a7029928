"""Brings the ontology of a workspace up to that of the program, and keeps the terms that a workspace added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from graphkit.model.workspace import Workspace, packaged_ontology

_TERM = re.compile(r"^sp:(\w+) a ", re.MULTILINE)
_OWN = "# Terms of this workspace."
_QUERIES = ("rules", "checks")


def updated_ontology(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    """Yield the files of the ontology that differ from those of the program, with their new texts.

    Questions, and files that the program does not have, stay as they are.
    """
    packaged = packaged_ontology()
    if workspace.ontology.resolve() == packaged.resolve():
        return
    known = {name for path in packaged.glob("*.ttl") for name in _TERM.findall(path.read_text(encoding="utf-8"))}
    files = [*packaged.glob("*.ttl"), *packaged.glob("*.json")]
    files += [path for folder in _QUERIES for path in (packaged / folder).glob("*.rq")]
    for path in sorted(files):
        own = workspace.ontology / path.relative_to(packaged)
        before = own.read_text(encoding="utf-8") if own.exists() else ""
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ttl" and path.name != "shapes.ttl":
            text += _own_terms(before, known)
        if text != before and own.parent.is_dir():
            yield own, text


def _own_terms(text: str, known: set[str]) -> str:
    """Return the blocks of terms that the program does not have."""
    blocks = [block for block in text.split("\n\n") if (term := _TERM.match(block.strip())) and term[1] not in known]
    return "\n".join(["", _OWN, "", "\n\n".join(block.strip() for block in blocks), ""]) if blocks else ""

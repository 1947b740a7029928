"""Texts for readers are plain English: the phrases of the project's old private dialect do not come back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from places import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# CONTRIBUTING.md lists some of these phrases as examples of what not to write.
PAGES = [path for path in (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")) if path.name != "CONTRIBUTING.md"]
FILES = [
    *PAGES,
    REPOSITORY / "CITATION.cff",
    REPOSITORY / "Makefile",
    *REPOSITORY.glob("ontology/**/*.rq"),
    *REPOSITORY.glob("ontology/*.ttl"),
    *REPOSITORY.glob("notebooks/*.ipynb"),
    *REPOSITORY.glob("graphkit/**/*.py"),
    *REPOSITORY.glob("graphkit/web/pages/templates/*.html"),
    *REPOSITORY.glob("frontend/[!n]*/*.js"),
    *REPOSITORY.glob("graphkit/model/starter/data/**/*.yaml"),
]
BANNED = re.compile(
    r"""\b(?:
      who[ms]?ever | of\ which | in\ whatever | what\ was\ said | what\ has\ been\ there
    | stands?\ nowhere | (?:do|does|did)\ not\ go\ together | goes\ with\ no | go(?:es)?\ on\ for\ ever | for\ ever
    | nurser(?:y|ies) | corridor | furniture | this\ room | rooms?\ of | signpost
    | is\ told | are\ told | tells\ (?:what|how|who|which) | told\ in | who\ is\ both
    | counts?\ for\ (?:itself|whom|which)
    | holds?\ back | in\ so\ many\ words | a\ thing\ for\ itself | mend(?:ed|s)? | a\ plan\ is\ not\ a\ deed
    | nobody(?:'s|\ looks) | somebody\ else(?:'s)? | is\ there\ already | are\ there\ already | as\ good\ as\ none
    | faces\ (?:a|the|denial|dispute) | by\ likeness | comes?\ to\ rest | on\ which\ side\ of\ it
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


def findings(path: Path) -> Iterator[str]:
    """Return each banned phrase of a file with its place."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for found in BANNED.finditer(line):
            yield f"{path.relative_to(REPOSITORY)}:{number}: {found[0]}"


def test_no_banned_phrase_is_used() -> None:
    assert [found for path in FILES for found in findings(path)] == []


def test_a_banned_phrase_is_found() -> None:
    assert BANNED.search("The passage stands nowhere in the capture.")
    assert BANNED.search("Statements that do not go together")
    assert not BANNED.search("The passage does not occur in the capture.")


def test_the_overview_of_commands_cuts_no_description() -> None:
    from typer.main import get_command
    from typer.testing import CliRunner

    from graphkit.cli import app

    shown = CliRunner().invoke(app, ["--help"]).stdout
    assert len(shown.partition("Commands:")[2].splitlines()) > len(get_command(app).commands)  # type: ignore[attr-defined]
    assert "..." not in shown.partition("Commands:")[2]

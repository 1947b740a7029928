"""`graphkit questions`."""

from __future__ import annotations

from graphkit.cli.options import FormatOption, WorkspaceOption, chosen_workspace
from graphkit.cli.output import show

EXAMPLES = "Examples:  graphkit questions  |  graphkit questions --format json"


def run(form: FormatOption = "table", folder: WorkspaceOption = None) -> None:
    """List the saved questions. Each comes with its purpose and its parameters."""
    from graphkit.query.questions import read_questions

    saved = read_questions(chosen_workspace(folder).questions())
    rows = [(name, asked.header.title, asked.header.why, asked.parameters) for name, asked in saved.items()]
    show(("name", "asks", "why", "parameters"), rows, form)

"""SPARQL in a notebook: `%load_ext graphkit.notebook`.

`%%sparql` asks a query or `%sparql NAME` a saved question; `parameter=value` fills parameters in, `parameter=$name`
from a variable. Values become terms; they are never pasted into a query.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphkit.errors import GraphkitError, QueryError
from graphkit.graph import Graph, open_graph
from graphkit.workspace import find_workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from graphkit.results import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the line of a magic.

    Attributes:
        question: The name of a saved question, "" if the cell holds a query.
        parameters: Parameter to value.
        target: The variable that takes the answer, "" if it is only shown.
    """

    question: str
    parameters: dict[str, str]
    target: str


def read_line(line: str, variables: dict[str, Any]) -> Asked:
    """Read the line of a magic.

    Args:
        line: `[NAME] [parameter=value …] [--to VARIABLE]`.
        variables: Those of the notebook, for `parameter=$name`.

    Raises:
        QueryError: It cannot be read, or there is no such variable.

    >>> read_line("who-denies speaker=$who --to table", {"who": "met"})
    Asked(question='who-denies', parameters={'speaker': 'met'}, target='table')
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise QueryError(f"The line cannot be read: {error}.", "Type: %sparql NAME parameter=value") from error
    target = ""
    if "--to" in words:
        at = words.index("--to")
        target = words[at + 1] if at + 1 < len(words) else ""
        if not target.isidentifier():
            raise QueryError("--to needs the name of a variable.", "Type: --to table")
        del words[at : at + 2]
    names = [word for word in words if "=" not in word]
    if len(names) > 1:
        raise QueryError(f"{names[1]!r} is not parameter=value.", "Type: %sparql NAME parameter=value")
    given = dict(word.split("=", 1) for word in words if "=" in word)
    parameters = {name: _value(text, variables) for name, text in given.items()}
    return Asked(names[0] if names else "", parameters, target)


def _value(text: str, variables: dict[str, Any]) -> str:
    if not text.startswith("$"):
        return text
    if text[1:] not in variables:
        raise QueryError(f"There is no variable {text[1:]!r}.", "Give it a value in a cell before.")
    return str(variables[text[1:]])


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give a notebook `%sparql` and `%%sparql`, with completion of saved questions.

    The graph is the variable `g` if there is one, else the nearest workspace.
    """

    def sparql(line: str, cell: str | None = None) -> Answer | None:
        try:
            return _answer(shell, line, cell)
        except GraphkitError as error:
            # A reader's mistake is no reason for a traceback.
            shell.write_err(f"{error}\n") if hasattr(shell, "write_err") else _complain(error)
            return None

    shell.register_magic_function(sparql, "line_cell", "sparql")
    shell.set_hook("complete_command", lambda _self, _event: _questions(), str_key="%sparql")


def _complain(error: GraphkitError) -> None:
    import sys

    sys.stderr.write(f"{error}\n")


def _answer(shell: InteractiveShell, line: str, cell: str | None) -> Answer | None:
    asked = read_line(line, shell.user_ns)
    text = (cell or "").strip() or asked.question
    if not text:
        raise QueryError("There is nothing to ask.", "Type: %sparql NAME, or a query below %%sparql")
    answer = _graph(shell).query(text, **asked.parameters)
    if not asked.target:
        return answer
    shell.user_ns[asked.target] = answer
    return None


def _graph(shell: InteractiveShell) -> Graph:
    """Return the graph of the notebook; the nearest workspace is opened once."""
    known = shell.user_ns.get("g")
    if isinstance(known, Graph):
        return known
    opened: Graph = shell.user_ns.setdefault("_graphkit", open_graph())
    return opened


def _questions() -> list[str]:
    try:
        return [path.stem for path in find_workspace().questions()]
    except GraphkitError:
        return []

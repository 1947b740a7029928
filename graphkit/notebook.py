"""Questions in IPython and Jupyter: `%load_ext graphkit.notebook`, then `%sparql` and `%%sparql`.

The value of a parameter becomes an RDF term before it reaches the query; it is never pasted into the text.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphkit.graph import Graph, open_graph
from graphkit.model.errors import GraphkitError, QueryError
from graphkit.model.iris import SLUG

if TYPE_CHECKING:
    from types import SimpleNamespace

    from IPython.core.interactiveshell import InteractiveShell

    from graphkit.query.answers import Answer

_OPTIONS = ("--to", "--graph")
_PARAMETER = re.compile(r"[?$]?(\w+)=(.*)", re.DOTALL)
_VARIABLE = re.compile(r"\$([^\W\d]\w*)")
_USAGE = "Type for example: %sparql who-denies speaker=met   or   %%sparql --to table speaker=$name"
_HELP = """Ask the graph: a saved question by name, or SPARQL in a cell.

    %sparql NAME [PARAMETER=VALUE ...] [--to VARIABLE] [--graph VARIABLE]

    %%sparql [PARAMETER=VALUE ...] [--to VARIABLE] [--graph VARIABLE]
    SELECT ...

Values are typed as after --param on the command line: met, <an IRI>, '"text"', 2019-06-01, 15.
$name is the value of the Python variable `name`: text, a whole number or a day. --to stores the answer
in a variable and shows nothing. The graph is the variable `g`; graphkit opens it if it does not exist.
"""


class ShownError(GraphkitError):
    """An error that a notebook shows as its message and hint, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True, slots=True)
class MagicLine:
    """The arguments of `%sparql` or `%%sparql`.

    Attributes:
        name: The saved question; "" if the cell is a query.
        parameters: Name to the text that the user typed.
        to: The variable for the answer; "" to show it.
        graph: The variable that holds the graph.
    """

    name: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    to: str = ""
    graph: str = "g"


def read_line(line: str) -> MagicLine:
    """Read the arguments of `%sparql`.

    Raises:
        QueryError: An argument is not a question, a parameter or an option.

    >>> read_line("who-denies speaker=met --to table")
    MagicLine(name='who-denies', parameters={'speaker': 'met'}, to='table', graph='g')
    """
    try:
        words = iter(shlex.split(line))
    except ValueError as error:
        raise QueryError(f"A quotation mark is missing: {line.strip()}", _USAGE) from error
    names: list[str] = []
    options = {"--graph": "g", "--to": ""}
    parameters: dict[str, str] = {}
    for word in words:
        found = _PARAMETER.fullmatch(word)
        if word in _OPTIONS:
            options[word] = _name_after(word, next(words, ""))
        elif word.startswith("--"):
            raise QueryError(f"There is no option {word!r}.", f"Options are: {', '.join(_OPTIONS)}.")
        elif found:
            parameters[found[1]] = found[2]
        else:
            names.append(word)
    if len(names) > 1 or any(not SLUG.fullmatch(name) for name in names):
        raise QueryError(f"This is not the name of a saved question: {' '.join(names)}", _USAGE)
    return MagicLine("".join(names), parameters, options["--to"], options["--graph"])


def _name_after(option: str, word: str) -> str:
    if not word.isidentifier():
        raise QueryError(f"{option} needs the name of a variable.", _USAGE)
    return word


def as_typed(value: object) -> str:
    """Return a Python value as a user types it for a parameter.

    Raises:
        QueryError: A parameter cannot have this type.

    >>> as_typed(15), as_typed(dt.date(2019, 6, 1)), as_typed("met")
    ('15', '2019-06-01', 'met')
    """
    if isinstance(value, str):
        return value
    is_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    if is_day or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise QueryError(
        f"A parameter cannot be a {type(value).__name__}: {value!r:.60}.",
        "It can be text such as 'met' or '\"quoted\"', a whole number, or a datetime.date.",
    )


def _value(shell: InteractiveShell, text: str) -> str:
    """Return the text of a parameter, or the value of a `$variable`."""
    found = _VARIABLE.fullmatch(text)
    if not found:
        return text
    if found[1] not in shell.user_ns:
        raise QueryError(f"There is no variable {found[1]!r}.", f"Give it a value first: {found[1]} = 'met'")
    return as_typed(shell.user_ns[found[1]])


def _graph(shell: InteractiveShell, name: str) -> Graph:
    """Return the graph that a variable holds; open the graph of this workspace if there is no `g` yet."""
    if name not in shell.user_ns:
        if name != "g":
            raise QueryError(f"There is no variable {name!r}.", f"Type: {name} = graphkit.open()")
        shell.user_ns[name] = open_graph()
    graph = shell.user_ns[name]
    if not isinstance(graph, Graph):
        raise QueryError(
            f"The variable {name!r} is a {type(graph).__name__}, not a graph.",
            "Type: graph = graphkit.open()   and then   --graph graph",
        )
    return graph


def _ask(shell: InteractiveShell, line: str, cell: str | None) -> Answer | None:
    """Answer `%sparql`, or `%%sparql` if there is a cell.

    Raises:
        ShownError: The arguments or the query are wrong.
    """
    try:
        read = read_line(line)
        question = _question(read, cell)
        given = {name: _value(shell, text) for name, text in read.parameters.items()}
        answer = _graph(shell, read.graph).query(question, **given)
    except GraphkitError as error:
        raise ShownError(error.message, error.hint) from None
    if not read.to:
        return answer
    shell.user_ns[read.to] = answer
    return None


def _question(read: MagicLine, cell: str | None) -> str:
    if cell is not None and read.name:
        raise QueryError(f"The cell is a query, so {read.name!r} cannot be asked too.", f"Type: %sparql {read.name}")
    if cell is None and not read.name:
        raise QueryError(
            "The name of a saved question is missing.", "Type a name, or: %%sparql   and the query in the next lines."
        )
    if cell is not None and SLUG.fullmatch(cell.strip()):
        raise QueryError(f"{cell.strip()!r} is not SPARQL.", f"Type: %sparql {cell.strip()}")
    return read.name if cell is None else cell


def complete(shell: InteractiveShell, event: SimpleNamespace) -> list[str]:
    """Complete saved questions, and then their parameters; `line` of the event is the text before the cursor."""
    command, *words = event.line.split()
    known = shell.user_ns.get("g")
    if command.startswith("%%") or not isinstance(known, Graph):
        return [*_OPTIONS]
    questions = known.questions()
    before = words if event.line[-1:].isspace() else words[:-1]
    named = next((questions[word] for word in before if word in questions), None)
    if named is None:
        return [*questions, *_OPTIONS]
    given = {word.partition("=")[0] for word in before}
    return [*(f"{name}=" for name in named.header.parameters if name not in given), *_OPTIONS]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics; IPython calls it for `%load_ext graphkit.notebook`."""
    from IPython.core.magic import no_var_expand

    def sparql(line: str, cell: str | None = None) -> Answer | None:
        return _ask(shell, line, cell)

    sparql.__doc__ = _HELP
    # IPython would replace a $variable by its text; we need the variable itself.
    shell.register_magic_function(no_var_expand(sparql), "line_cell", "sparql")  # type: ignore[arg-type]
    for command in ("%sparql", "%%sparql"):
        shell.set_hook("complete_command", complete, str_key=command)  # type: ignore[no-untyped-call]

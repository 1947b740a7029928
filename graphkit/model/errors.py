"""Errors, and problems in the data with their locations.

A defect in the data is a *value*: a `Problem` with a code, a location, the wrong value and a solution.
An exception ends the command; its `hint` is something to type.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

_REPORT = (
    "Report it to the people who maintain graphkit, with the command or query and the traceback; "
    "see “Report a defect” in CONTRIBUTING.md."
)
_LONGEST = 500


class GraphkitError(Exception):
    """Base of all errors of this package."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors of workers are pickled; the constructor of a subclass may take other arguments.
        notes = getattr(self, "__notes__", None)
        return _again, (type(self), self.message, self.hint), notes and {"__notes__": notes}


def _again(kind: type[GraphkitError], message: str, hint: str) -> GraphkitError:
    error = kind.__new__(kind, message)
    GraphkitError.__init__(error, message, hint)
    return error


def reason(error: OSError | UnicodeDecodeError) -> str:
    r"""Return why a file cannot be read as text, or written.

    >>> reason(UnicodeDecodeError("utf-8", b"a\xff", 1, 2, "invalid start byte"))
    'it is not UTF-8 from its byte 2 on (0xff)'
    """
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 from its byte {error.start + 1} on (0x{error.object[error.start]:02x})"
    return error.strerror or str(error)


class WorkspaceError(GraphkitError):
    """There is no workspace, or it cannot be written to."""


class StoreError(GraphkitError):
    """There is no index, or it is damaged or being replaced."""


class QueryError(GraphkitError):
    """The query is wrong, or the engine refuses it."""


class TooCostlyError(QueryError):
    """The query exceeds the limit of time or memory."""


class DefectError(GraphkitError):
    """A defect of graphkit itself.

    Args:
        trace: The traceback; it becomes the note of the error, which the command line prints and a server logs.
    """

    def __init__(self, trace: str) -> None:
        last = trace.strip().rpartition("\n")[2]
        super().__init__(f"This is a defect of graphkit, not a mistake of yours: {last[:_LONGEST]}", _REPORT)
        self.add_note(trace.rstrip())

    @classmethod
    def handled(cls) -> DefectError:
        """Return the error for the exception that is being handled, which nobody expected."""
        import traceback  # only after a defect

        return cls(traceback.format_exc())

    @property
    def trace(self) -> str:
        """The traceback."""
        return "\n".join(self.__notes__)


class NotFoundError(GraphkitError):
    """The graph contains nothing of that name."""


class AmbiguousNameError(NotFoundError):
    """Several things fit a name; the hint lists them."""


class ExportError(GraphkitError):
    """The file cannot be written."""


class MissingExtraError(GraphkitError):
    """An optional part of graphkit is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package {package!r}, which is not installed.",
            f"Type: pip install 'graphkit[{extra}]'",
        )


class QueryWarning(UserWarning):
    """A query names something that the graph does not contain, or the beginning of a name was completed."""


class Level(enum.StrEnum):
    """How bad a problem is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A position in a file of the workspace; line and column count from 1, and 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True, slots=True)
class Problem:
    """A defect in the data with its location and a solution.

    Attributes:
        code: Kebab-case name, documented in `docs/problems.md`.
        message: What is wrong, with the value.
    """

    code: str
    location: Location
    message: str
    solution: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.location}  {self.level}  {self.code}  {self.message} Solution: {self.solution}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by location and code, and drop repeated ones.

    >>> a = Problem("b", Location("x", 2), "m", "s")
    >>> b = Problem("a", Location("x", 1), "m", "s")
    >>> [problem.code for problem in in_order([a, b, a])]
    ['a', 'b']
    """
    return sorted(set(problems), key=lambda problem: (problem.location, problem.code, problem.message))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of the problems stops a build."""
    return any(problem.level is Level.ERROR for problem in problems)

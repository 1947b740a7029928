"""What can go wrong, and where.

Defects in data are *values*: a `Problem` with a code, a place, the offending value and the way out.
Exceptions are for when we cannot go on::

    GraphkitError
    ├── WorkspaceError      no workspace here, or it cannot be written to
    ├── StoreError          no index, a broken one, or one that is being replaced
    ├── QueryError          the question cannot be asked as it stands
    │   └── TooCostlyError  it takes more time or memory than it may
    ├── NotFoundError       no entity, statement or dispute of that name
    ├── ExportError         the file cannot be written as asked
    └── MissingExtraError   an optional part is not installed

Each carries a `hint`: something to type.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class GraphkitError(Exception):
    """Base of all errors of this package.

    Args:
        message: What is wrong, with the value.
        hint: What to type or change instead.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # An error travels from a worker as what it says, whatever its own class is made from.
        return _again, (type(self), self.message, self.hint)


def _again(kind: type[GraphkitError], message: str, hint: str) -> GraphkitError:
    error = kind.__new__(kind, message)
    GraphkitError.__init__(error, message, hint)
    return error


class WorkspaceError(GraphkitError):
    """There is no usable workspace at the place given."""


class StoreError(GraphkitError):
    """The store cannot be opened, read or replaced."""


class QueryError(GraphkitError):
    """The query cannot be asked as it stands."""


class TooCostlyError(QueryError):
    """The query takes more time or memory than it may."""


class NotFoundError(GraphkitError):
    """Nothing in the graph goes by that name."""


class ExportError(GraphkitError):
    """The file cannot be written as asked."""


class MissingExtraError(GraphkitError):
    """An optional part of graphkit is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package {package!r}, which is not installed.",
            f"Type: pip install 'graphkit[{extra}]'",
        )


class Level(enum.StrEnum):
    """How bad a problem is: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file of the workspace; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True, slots=True)
class Problem:
    """A located defect in the data, with what to type instead.

    Attributes:
        code: Kebab-case name, documented in `docs/problems.md`.
        location: Where it is.
        message: What is wrong, with the value.
        solution: What to type instead.
        level: Whether it stops the build.
    """

    code: str
    location: Location
    message: str
    solution: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.location}  {self.level}  {self.code}  {self.message} Solution: {self.solution}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by place, then code, each one once.

    >>> a = Problem("b", Location("x", 2), "m", "s")
    >>> b = Problem("a", Location("x", 1), "m", "s")
    >>> [problem.code for problem in in_order([a, b, a])]
    ['a', 'b']
    """
    return sorted(set(problems), key=lambda problem: (problem.location, problem.code, problem.message))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether any of the problems stops a build."""
    return any(problem.level is Level.ERROR for problem in problems)

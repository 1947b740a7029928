"""Messages about wrong options, arguments and numbers on the command line."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

from typer import BadParameter, Exit, Option, echo
from typer.core import TyperCommand

from graphkit.model.did_you_mean import nearest, with_near
from graphkit.model.text import shortened

if TYPE_CHECKING:
    from typer import Context

# The base of all such errors; typer exports only this subclass.
_UsageError: type[BadParameter] = BadParameter.__mro__[1]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        echo(f"graphkit {version('graphkit')}")
        raise Exit


def options(
    _version: Annotated[
        bool, Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that come before a command."""


class Command(TyperCommand):
    """A command that says what to type in place of an unknown option, a surplus argument or a wrong number."""

    # So that `parse_args` finds surplus arguments in the context.
    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - of typer or click, by version
        """Read the arguments.

        Raises:
            BadParameter: One is wrong.
        """
        try:
            repeated = None if ctx.resilient_parsing else _repeated(self.make_parser(ctx).parse_args(list(args))[2])
            surplus = super().parse_args(ctx, args)
        except _UsageError as error:
            _improve(error, self, ctx)
            raise
        if repeated:
            ctx.fail(f"{repeated} takes one value, but is given several times. Type it once.")
        if surplus and not ctx.resilient_parsing:
            ctx.fail(_surplus(self, ctx, surplus))
        return surplus


def _repeated(given: list[Any]) -> str | None:
    """Return an option for one value that is given again; the last value would count and the others get lost."""
    single = [each for each in given if each.param_type_name == "option" and not (each.multiple or each.is_flag)]
    return next((max(each.opts, key=len) for each in single if single.count(each) > 1), None)


def _improve(error: BadParameter, command: TyperCommand, ctx: Context) -> None:
    """Name the options that are spelled alike, or the range of a number."""
    kind = getattr(error.param, "type", None) if hasattr(error, "param") else None
    name = getattr(kind, "name", "")
    if option := getattr(error, "option_name", "") if hasattr(error, "possibilities") else "":
        error.possibilities = ()  # type: ignore[attr-defined]
        known = [name[2:] for each in command.params for name in each.opts if name.startswith("--")]
        near = [f"--{name}" for name in nearest(option.lstrip("-"), known)]
        word = option.lstrip("-")
        others = [name for name in ctx.find_root().obj or () if name.startswith(word)]
        error.message = with_near(
            f"No such option: {shortened(option)}.", near or [f"graphkit {name}" for name in others]
        )
    elif " is not " in error.message and name.startswith(("int", "float")):
        number = "whole number" if name.startswith("int") else "number"
        error.message = f"{error.message.partition(' is not ')[0]} is not a {number}{_range(kind)}."


def _range(kind: object) -> str:
    """Return the range of a type of numbers in words."""
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        return f" from {least:,} to {most:,}"
    return f" of {least:,} or more" if least is not None else ""


def _surplus(command: TyperCommand, ctx: Context, surplus: list[str]) -> str:
    """Say what is wrong with arguments that a command does not take: a name with a space, or without its option."""
    shown = shlex.quote(shortened(surplus[0]))
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    given = [value for each in arguments if isinstance(value := ctx.params.get(each.name or ""), str) and value]
    message = f"{shown} is one argument too many: {ctx.command_path} takes {len(arguments) or 'none'}."
    if given:
        return f"{message} A name with spaces needs quotation marks: {shlex.quote(' '.join([given[-1], *surplus]))}"
    named = next((name for name in ("--about", "--kind", "--output") if _has(command, name)), "")
    return with_near(message, [f"{named} {shown}"] if named else [])


def _has(command: TyperCommand, option: str) -> bool:
    return any(option in each.opts for each in command.params)

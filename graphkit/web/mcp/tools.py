"""The tools that an assistant may call: their names, descriptions, arguments and jobs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graphkit.model.errors import QueryError
from graphkit.model.text import shortened, visible
from graphkit.query.questions import find_question, read_questions
from graphkit.web.mcp.answers import (
    Record,
    answer_query,
    answer_question,
    bounded,
    explain_item,
    find_entities,
    list_disputes,
)

# A function of the store, and its other arguments.
Job = tuple[Callable[..., Record], tuple[Any, ...]]

MOST_ROWS = 500
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="The most items of the answer.")]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def job(self, _questions: Sequence[Path]) -> Job:
        """Return the job that answers a call."""
        raise NotImplementedError


class FindEntities(_Arguments):
    """Arguments of `find_entities`."""

    text: str = Field(min_length=1, max_length=200, description="A part of a name, an alias or an id, in any case.")
    limit: Limit = 20

    def job(self, _questions: Sequence[Path]) -> Job:
        """Return the job that finds entities."""
        return find_entities, (self.text, self.limit)


class ListQuestions(_Arguments):
    """`list_questions` has no arguments."""

    def job(self, questions: Sequence[Path]) -> Job:
        """Return the job that lists the saved questions."""
        return _listed, (list_questions(questions),)


class AskQuestion(_Arguments):
    """Arguments of `ask_question`."""

    name: str = Field(min_length=1, max_length=100, description="The name of a saved question, from list_questions.")
    parameters: dict[str, Annotated[str, Field(max_length=1_000)]] = Field(
        default_factory=dict, max_length=20, description="Parameter to value: the id of an entity, a day or a number."
    )
    limit: Limit = 50

    def job(self, questions: Sequence[Path]) -> Job:
        """Return the job that answers a saved question."""
        return answer_question, (find_question(questions, self.name), self.parameters, self.limit)


class RunQuery(_Arguments):
    """Arguments of `query`."""

    sparql: str = Field(
        min_length=1,
        max_length=32_768,
        description="SELECT, ASK, CONSTRUCT or DESCRIBE in SPARQL 1.1. Prefixes such as sp: and id: are known.",
    )
    limit: Limit = 50

    def job(self, _questions: Sequence[Path]) -> Job:
        """Return the job that answers a query."""
        return answer_query, (self.sparql, self.limit)


class Explain(_Arguments):
    """Arguments of `explain`."""

    name: str = Field(
        min_length=1,
        max_length=1_000,
        description="The id of an entity, source, statement, proposition or dispute.",
    )
    limit: Limit = 50

    def job(self, _questions: Sequence[Path]) -> Job:
        """Return the job that explains an item."""
        return explain_item, (self.name, self.limit)


class ListDisputes(_Arguments):
    """Arguments of `list_disputes`."""

    kind: str = Field("", max_length=100, description="Such as contradiction or value-conflict; any by default.")
    about: str = Field("", max_length=1_000, description="The id of an entity; any by default.")
    limit: Limit = 20

    def job(self, _questions: Sequence[Path]) -> Job:
        """Return the job that lists disagreements and disputes."""
        return list_disputes, (self.kind, self.about.removeprefix("id:"), self.limit)


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """A tool.

    Attributes:
        title: Its name for people.
        description: Its purpose, for the assistant.
        arguments: Checks the arguments of a call.
    """

    title: str
    description: str
    arguments: type[_Arguments]


TOOLS = {
    "find_entities": AssistantTool(
        "Find entities",
        "Find organisations, people in public roles, programmes and topics by a part of their name. "
        "Returns their ids, and how many statements and disputes there are for each.",
        FindEntities,
    ),
    "list_questions": AssistantTool(
        "List saved questions", "List the saved questions, with their purpose and their parameters.", ListQuestions
    ),
    "ask_question": AssistantTool(
        "Ask a saved question",
        "Answer a saved question. Returns rows, and the statements and disputes behind them.",
        AskQuestion,
    ),
    "query": AssistantTool(
        "Run a SPARQL query",
        "Answer a read-only SPARQL query. Include ?statement in the answer, so that its speakers, sources and disputes "
        "are returned with it.",
        RunQuery,
    ),
    "explain": AssistantTool(
        "Explain an item",
        "Trace an entity, source, statement, proposition or dispute back to speakers, sources and passages, with the "
        "disputes about it.",
        Explain,
    ),
    "list_disputes": AssistantTool(
        "List disagreements and disputes",
        "List disagreements with their disputes, of a kind or about an entity, with the statements of both sides.",
        ListDisputes,
    ),
}


def job_of(name: str, given: object, questions: Sequence[Path]) -> Job:
    """Check a call, and return the job that answers it.

    Raises:
        QueryError: There is no such tool, question or argument, or a value is not possible.
    """
    if name not in TOOLS:
        raise QueryError(f"There is no tool {shortened(name)!r}.", f"It is one of: {', '.join(TOOLS)}.")
    arguments = TOOLS[name].arguments
    try:
        return arguments.model_validate(given).job(questions)
    except ValidationError as error:
        raise QueryError(_explained(error), f"{name} takes: {_names(arguments.model_fields)}.") from error


def _names(fields: Collection[str]) -> str:
    return ", ".join(fields) or "no arguments"


def _explained(error: ValidationError) -> str:
    """Name the first wrong arguments, with their values."""
    found = error.errors(include_url=False, include_context=False)[:3]
    return "\n".join(_wrong(entry["loc"], entry["type"], entry["msg"], entry["input"]) for entry in found)


def _wrong(place: tuple[int | str, ...], kind: str, message: str, given: object) -> str:
    name = shortened(".".join(map(str, place)), 100) or "arguments"
    if kind == "missing":
        return f"{name} is missing."
    reason = "There is no such argument" if kind == "extra_forbidden" else message
    return f"{name}: {reason}. It is {shortened(repr(given), 80)}."


def list_questions(paths: Sequence[Path]) -> list[Record]:
    """Return the saved questions with their purpose and parameters."""
    return [
        {
            "name": question.name,
            "title": visible(question.header.title),
            "why": visible(question.header.why),
            "parameters": {
                name: {"default": default, "meaning": visible(meaning)}
                for name, (default, meaning) in question.header.parameters.items()
            },
        }
        for question in read_questions(paths).values()
    ]


def _listed(_store: object, questions: list[Record]) -> Record:
    return bounded({"questions": questions, "note": "Call ask_question with a name for the rows and their statements."})

"""The recipes of the documentation run as they are written, and answer something on the fixed corpus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from graphkit.query.answers import Table
from graphkit.query.remarks import unknown_names

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

TEXT = (REPOSITORY / "docs/recipes.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```sparql\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_there_are_ten_recipes_each_with_a_heading() -> None:
    assert len(RECIPES) == len(re.findall(r"^## \d+\. .*\?$", TEXT, re.MULTILINE)) == 10


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_answers_with_labels_and_known_names(questions: tuple[Graph, Checked], recipe: str) -> None:
    graph = questions[0]
    answer = graph.query(recipe)
    assert isinstance(answer, Table)
    assert answer.rows
    assert unknown_names(graph.store, recipe) == []


@pytest.mark.parametrize("recipe", [recipe for recipe in RECIPES if "?body" in recipe])
def test_a_recipe_about_a_body_takes_its_name(questions: tuple[Graph, Checked], recipe: str) -> None:
    answer, every = questions[0].query(recipe, body="FORCE"), questions[0].query(recipe)
    assert isinstance(answer, Table)
    assert isinstance(every, Table)
    assert 0 < len(answer) < len(every)

"""A visit that asks for nothing and complains of nothing, for the tests of pages of the svg engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsers import Visit, borrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    for visit in borrowed(request, browser):
        yield visit
        visit.assert_content()

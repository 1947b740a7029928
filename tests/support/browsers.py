"""The browser that tests drive, offline, and what they ask of a page that it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

# The shell without a user interface, which Playwright itself uses: a page costs it a third of the time.
_PROGRAMS = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = next((path for path in _PROGRAMS if path.exists()), _PROGRAMS[0])
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync "
    # The shell ends where WebAssembly reaches beyond its memory, unless the engine checks each access itself.
    "--js-flags=--wasm-enforce-bounds-checks"
)
# The marks of a file whose tests take the fixture `browser`.
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium-headless-shell or chromium: make browser"),
]
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""


def settled(page: Page, condition: str) -> None:
    """Wait for a condition; `wait_for_function` would evaluate text in the page, which its policy forbids."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")


class Visit:
    """A page that is open, with everything it tried to do; nothing moves slowly in it unless a test asks for that."""

    def __init__(self, browser: Browser, **context: Any) -> None:  # noqa: ANN401 - playwright's own
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **context}
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.messages: list[str] = []
        self.dialogs: list[str] = []
        self.page.route("**/*", lambda route: route.continue_() if self.is_own(route.request.url) else route.abort())
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("dialog", self.refuse)
        self.page.add_init_script(WATCH)
        self.url = ""

    def again(self) -> None:
        """Make the page what it was before a test: a browser starts a new one in a process of its own."""
        self.page.evaluate("[localStorage, sessionStorage].forEach((one) => one.clear())")
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(media="null", color_scheme="light")
        for one in (self.requests, self.messages, self.dialogs):
            one.clear()

    def refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def is_own(self, url: str) -> bool:
        return url == self.url

    def open(self, path: Path, *, drawn: bool = True) -> Page:
        self.url = path.as_uri()
        self.page.goto(self.url)
        if drawn:
            settled(self.page, "document.documentElement.dataset.drawn !== undefined")
        return self.page

    def assert_quiet(self) -> None:
        """Nothing asked for, nothing blocked, nothing executed, nothing complained about."""
        assert self.requests == [self.url]
        assert self.messages == []
        assert self.dialogs == []
        assert self.page.evaluate("[window.__violations, window.__pwned ?? null]") == [[], None]

    def assert_content(self) -> None:
        """Nothing asked for but itself, nothing blocked, nothing complained about."""
        assert self.page.evaluate("window.__violations") == []
        assert self.messages == []
        assert [url for url in self.requests if not url.startswith((self.url, "blob:"))] == []

    def place_of(self, ident: str) -> tuple[float, float]:
        """Return where a node, or the middle of an edge, is on the screen."""
        x, y = self.page.evaluate(
            """(id) => {
              const { network } = window.graphkitView, edge = network.body.edges[id];
              const point = edge ? edge.edgeType.getPoint(0.5, edge.edgeType.getViaNode()) : network.getPosition(id);
              const { x, y } = network.canvasToDOM(point);
              const frame = document.getElementById("picture").getBoundingClientRect();
              return [frame.left + x, frame.top + y];
            }""",
            ident,
        )
        return x, y

    def click(self, ident: str) -> None:
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.mouse.click(*self.place_of(ident))

    def hover(self, ident: str) -> str:
        """Rest on something and return the hover text."""
        self.page.evaluate("window.scrollTo(0, 0)")
        x, y = self.place_of(ident)
        self.page.mouse.move(x - 40, y - 30)
        self.page.mouse.move(x, y)
        tip = self.page.locator(".vis-tooltip")
        tip.wait_for(state="visible")
        return tip.inner_text()


# The page that the last test left.
_LEFT: list[Visit] = []


def borrowed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visit]:
    """Give the page that the last test left, or a new one if that test failed."""
    failed = request.session.testsfailed
    visit = _LEFT.pop() if _LEFT else Visit(browser)
    yield visit
    if request.session.testsfailed == failed:
        visit.again()
        _LEFT.append(visit)

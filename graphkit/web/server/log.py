"""One line of JSON for each request. Neither who asked nor what was asked is in it."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = logging.getLogger("graphkit.web.server")
# Headers of ours that tell how much an answer holds.
_TOLD = {b"x-rows": "rows", b"x-truncated": "cut"}


class Log:
    """Middleware that logs each request.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and log it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        told: dict[str, object] = {"method": scope["method"], "path": scope["path"], "status": 500, "bytes": 0}

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                told.update((_TOLD[name], value.decode()) for name, value in message["headers"] if name in _TOLD)
            told["bytes"] = told["bytes"] + len(message.get("body", b""))  # type: ignore[operator]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            if LOGGER.isEnabledFor(logging.INFO):
                told["milliseconds"] = round((time.perf_counter() - began) * 1_000, 1)
                # Not by `info`, which looks for the line of code that logs: half of what a request costs here.
                LOGGER.handle(LOGGER.makeRecord(LOGGER.name, logging.INFO, "", 0, json.dumps(told), (), None))

"""`graphkit serve`: a SPARQL endpoint and pages that one may open to the public."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from graphkit.model.errors import MissingExtraError
from graphkit.web.server.settings import Settings

if TYPE_CHECKING:
    from graphkit.model.workspace import Workspace

__all__ = ["Settings", "serve"]


def serve(workspace: Workspace, settings: Settings, host: str, port: int, *, behind_proxy: bool = False) -> None:
    """Serve until somebody stops it; requests that are under way are answered first.

    Args:
        workspace: What is served.
        settings: How it is set up.
        host: The address to listen at.
        port: The port to listen at.
        behind_proxy: Whether a proxy on this machine says who the client is.

    Raises:
        MissingExtraError: The server is not installed.
    """
    try:
        import uvicorn

        from graphkit.web.server.app import make_app
    except ImportError as error:
        raise MissingExtraError(error.name or "uvicorn", "serve") from error
    app = make_app(workspace, settings)
    # What is there by now stays for ever; the garbage collector need not look at it while somebody waits.
    gc.freeze()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=int(settings.limits.seconds) + 1,
        limit_concurrency=1_000,
        lifespan="on",
    )

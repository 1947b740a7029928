"""The nginx configuration of docs/nginx.conf, in front of a server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from jobs import until
from places import REPOSITORY
from servers import graphkit_serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.graph import Graph

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="needs Debian's nginx")


@pytest.fixture(scope="module")
def port(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run nginx with our configuration in front of a server; return its port."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    options = ("--behind-proxy", "--host-name", "graph.example.org", "--rate", "0.1")
    with graphkit_serve(small_graph.workspace.root, *options) as (behind, _):
        site = (REPOSITORY / "docs/nginx.conf").read_text(encoding="utf-8")
        site = site.replace("listen 80;", f"listen 127.0.0.1:{number};").replace(
            "127.0.0.1:8000", f"127.0.0.1:{behind}"
        )
        paths = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}"
        text += f"http {{ access_log off; {paths} {site} }}"
        configuration = folder / "nginx.conf"
        configuration.write_text(text, encoding="utf-8")
        assert NGINX
        with subprocess.Popen(
            [NGINX, "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
        ) as running:
            try:
                until(lambda: fetch(number, "/assets/site.css")[0] == 200)
                yield number
            finally:
                running.terminate()


def fetch(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    headers = {"Host": "graph.example.org"} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def test_pages_and_queries_pass_through_the_proxy(port: int) -> None:
    assert fetch(port, "/index.html")[0] == 200
    assert fetch(port, "/sparql?query=ASK%7B%7D" + "%20" * 10_000)[0] == 200


def test_another_host_is_refused_behind_the_proxy_too(port: int) -> None:
    assert fetch(port, "/index.html", Host="evil.example")[0] == 421


def test_the_proxy_closes_half_requests(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: graph.example.org\r\n")
        began = time.monotonic()
        with suppress(ConnectionResetError):
            assert half.recv(100)[:12] in {b"", b"HTTP/1.1 408"}
        assert time.monotonic() - began < 10


def test_a_client_cannot_choose_the_address_under_which_it_is_counted(port: int) -> None:
    found = b""
    for number in range(200):
        status, found = fetch(port, "/assets/site.css", X_Forwarded_For=f"192.0.2.{number}")
        if b"computing time" in found:
            break
        time.sleep(0.1 if status == 429 else 0)  # the proxy itself allows 10 requests a second
    assert b"You have used too much computing time." in found

"""Fetch the address of every source whose capture is not in a folder, one at a time; a second run continues."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from graphkit.corpus.evidence import Captures, without_capture
from graphkit.corpus.load import load
from graphkit.curate.capture.document import Document
from graphkit.curate.capture.extract import extract
from graphkit.curate.capture.fetch import AGENT, BusyError, FetchLimits, fetch, redirected
from graphkit.curate.capture.files import check_folder, store
from graphkit.model.errors import GraphkitError
from graphkit.model.records import Source
from graphkit.model.workspace import Workspace
from graphkit.store.http import Address, FetchError, parse_address


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one source without a capture.

    Attributes:
        result: stored, failed, or not tried.
        reason: The reason for a failure, or a remark on the page; "" if there is none.
    """

    source: str
    url: str
    result: str
    reason: str = ""


@dataclass(slots=True)
class Visitor:
    """Asks servers politely: with a pause between two requests, within robots.txt, not at all after "too many".

    Attributes:
        pause: Seconds between two requests to one server.
        rules: The robots.txt of each server.
        free: When each server may be asked again, on the monotonic clock.
        busy: Servers that asked for fewer requests.
    """

    limits: FetchLimits
    pause: float
    rules: dict[str, RobotFileParser] = field(default_factory=dict)
    free: dict[str, float] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    def visit(self, source: Source, folder: Path) -> Attempt:
        """Fetch and store the page of one source."""
        url = source.url or ""
        try:
            if reason := self._excluded(url):
                return Attempt(source.id, url, "not tried", reason)
            document = self._fetch(url)
            store(folder, source.id, extract(document, ""), document)
        except GraphkitError as error:
            return Attempt(source.id, url, "failed", f"{error.message} {error.hint}".strip())
        return Attempt(source.id, url, "stored", " ".join(problem.message for problem in redirected(document)))

    def _excluded(self, url: str) -> str:
        """Return why an address must not be fetched; "" if it may."""
        if not url:
            return "The source has no url."
        address = parse_address(url)
        if address.host in self.busy:
            return f"{address.host} asked for fewer requests. Try again later."
        if not self._rules(address).can_fetch(AGENT, address.url):
            return (
                f"The robots.txt of {address.host} excludes programs. Save the page in a browser, and capture the file."
            )
        return ""

    def _rules(self, address: Address) -> RobotFileParser:
        if address.host not in self.rules:
            lines: list[str] = []
            with suppress(FetchError):  # without a robots.txt, everything may be fetched
                found = self._fetch(replace(address, target="/robots.txt").url)
                lines = found.body.decode("utf-8", "replace").splitlines()
            self.rules[address.host] = RobotFileParser()
            self.rules[address.host].parse(lines)
        return self.rules[address.host]

    def _fetch(self, url: str) -> Document:
        host = parse_address(url).host
        time.sleep(max(0.0, self.free.get(host, 0.0) - time.monotonic()))
        try:
            return fetch(url, self.limits, lambda _step: None)
        except BusyError:
            self.busy.add(host)
            raise
        finally:
            wished = self.rules[host].crawl_delay(AGENT) if host in self.rules else None
            self.free[host] = time.monotonic() + max(self.pause, float(wished or 0))


def capture_missing(
    workspace: Workspace,
    folder: Path,
    limits: FetchLimits,
    pause: float,
    progress: Callable[[int, int, str], None] = lambda _number, _of, _source: None,
) -> Iterator[Attempt]:
    """Fetch the sources that have statements and no capture in a folder, and yield each result.

    A capture is stored as soon as it is fetched, so that a second call goes on where the first one stopped.

    Args:
        pause: Seconds between two requests to one server; a longer `Crawl-delay` of its robots.txt counts.
        progress: Called with the number of a source, the number of all and the id, before it is fetched.

    Raises:
        WorkspaceError: The folder cannot hold captures.
    """
    location = check_folder(folder, workspace)
    corpus = load(workspace).corpus
    missing = list(_by_turns(without_capture(corpus, Captures.in_folders([workspace.captures, location]))))
    visitor = Visitor(limits, pause)
    for number, source in enumerate(missing, 1):
        progress(number, len(missing), source.id)
        yield visitor.visit(source, location)


def _by_turns(sources: Iterable[Source]) -> Iterator[Source]:
    """Put the sources in an order that changes the server as often as possible, to pause less."""
    by_host: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_host[urlsplit(source.url or "").netloc].append(source)
    return (source for source in chain.from_iterable(zip_longest(*by_host.values())) if source)

"""Questions to an endpoint as it is: what it answers is all there is, or an error."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from graphkit.model.errors import QueryError, TooCostlyError
from graphkit.store.remote.answers import Rows, query_error, read_rows, read_truth
from graphkit.store.remote.http import Client, Reply, complaint
from graphkit.store.remote.rewrite import read_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from graphkit.store.remote.rewrite import Shape

    Parameters = Sequence[tuple[str, str]]

_OK, _PARTIAL = 200, 206
# No server is known to cut an answer to fewer rows.
_FEW = 49
_ASKED = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL endpoint.

    Attributes:
        url: Its address.
        client: What speaks HTTP to it.
        whole: Numbers of rows that it is known to give.
    """

    url: str
    client: Client
    whole: list[int] = field(default_factory=lambda: [_FEW], compare=False)

    def truth(self, text: str, parameters: Parameters = ()) -> ox.QueryBoolean:
        """Ask an ASK."""
        return read_truth(self.send(text, parameters))

    def number(self, text: str) -> int:
        """Ask for a number, in the first column of one row."""
        return int(next(iter(self.rows(text).solutions()))[0].value)

    def rows(self, text: str, parameters: Parameters = ()) -> Rows:
        """Ask a SELECT of our own."""
        return self.all_rows(read_shape(text), parameters)

    def all_rows(self, shape: Shape, parameters: Parameters = ()) -> Rows:
        """Ask a SELECT, and make sure that the answer is whole: where it may have been cut, for one row more.

        Raises:
            QueryError: It is cut, or not what the endpoint takes for SPARQL.
        """
        answer = read_rows(self.send(shape.text, parameters))
        if shape.limit is not None and answer.count >= shape.limit:
            return answer
        # A limit that is no round number shows in the first answer that is larger than any that was whole.
        if not answer.cut and answer.count <= max(self.whole):
            return answer
        if answer.count and not self._is_more(replace(shape, offset=shape.offset + answer.count, limit=1), parameters):
            self.whole.append(answer.count)
            return answer
        raise QueryError(
            f"{self.url} gives {answer.count:,} rows and no more, and the answer has more.",
            f"Ask for a part of it: add LIMIT {answer.count} or a condition. "
            "Who runs it can raise its limit (in Virtuoso: ResultSetMaxRows).",
        )

    def _is_more(self, shape: Shape, parameters: Parameters) -> bool:
        try:
            return read_rows(self.send(shape.text, parameters)).count > 0
        except TooCostlyError:
            raise
        except QueryError:
            return True  # Virtuoso sorts only so many rows, and says so

    def send(self, text: str, parameters: Parameters) -> Reply:
        """Send a query and return what comes back, which may be cut.

        Raises:
            QueryError: The endpoint does not take it for SPARQL.
            StoreError: It says no.
        """
        body = urlencode([("query", text), *parameters]).encode()
        reply = self.client.send("POST", self.url, body, _ASKED)
        if reply.status not in {_OK, _PARTIAL}:
            raise query_error(reply) or complaint(reply)
        return reply

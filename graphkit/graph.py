"""The one object that scripts and notebooks need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.iris import DEFAULT_POLICY
from graphkit.model.workspace import Workspace, find_workspace, questions_place
from graphkit.query.questions import answer, question_of, read_questions
from graphkit.query.runner import InlineRunner, runner, store_of
from graphkit.query.worker import Limits, Worker

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import rdflib
    from pyvis.network import Network as PyvisNetwork

    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.explain import Explanation
    from graphkit.query.answers import Answer
    from graphkit.query.questions import Questions
    from graphkit.store import Store
    from graphkit.view.diagrams import Asked


class Graph:
    """A built graph, opened for reading.

    Args:
        store: Where it is.
        workspace: The folder it was built from, for saved questions and for places in files.
        worker: A process that answers queries and can be stopped; without one the store itself is asked.
    """

    def __init__(self, store: Store, workspace: Workspace, worker: Worker | InlineRunner | None = None) -> None:
        self.store = store
        self.workspace = workspace
        self.worker = worker

    def query(self, question: str, /, **parameters: str) -> Answer:
        """Ask a saved question by name, or SPARQL.

        Args:
            question: A name that `questions` lists, or the text of a query.
            **parameters: Values for its parameters, such as `speaker="met"`.

        Returns:
            A `Table` for SELECT, a truth value for ASK, a list of triples for CONSTRUCT.

        Raises:
            QueryError: There is no such question or parameter, it is not SPARQL, or it costs more than the limits.
        """
        asked = question_of(self.workspace.questions(), question)
        if self.worker is None:
            return answer(self.store, asked, parameters)
        return self.worker.run(answer, asked, parameters, self.worker.limits.rows)

    def disputes(self, kind: str = "", about: str = "") -> tuple[DisputeView, ...]:
        """Return the disputes, or those of a kind or about an entity.

        Args:
            kind: Such as value-conflict; any if empty.
            about: The slug of an entity; any if empty.

        Raises:
            NotFoundError: There is no such kind or entity.
        """
        from graphkit.analysis.disputes import find_disputes

        return find_disputes(self.store, kind, about)

    def questions(self) -> Questions:
        """Return the saved questions, by name."""
        return read_questions(self.workspace.questions())

    def explain(self, name: str) -> Explanation:
        """Walk back from an entity, statement, proposition or dispute to who said it, where.

        Raises:
            NotFoundError: The graph has nothing of that name.
        """
        from graphkit.analysis.explain import explain

        return explain(self.store, name)

    def network(self, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
        """Return the network of entities; see `graphkit.analysis.network.network` for its attributes."""
        from graphkit.analysis.network import network

        return network(self.store, policy)

    def view(self, policy: str = DEFAULT_POLICY) -> PyvisNetwork:
        """Return the network as a pyvis `Network`, which one can go on configuring.

        Raises:
            MissingExtraError: pyvis is not installed.
        """
        from graphkit.view.positions import apply_positions
        from graphkit.view.vis.engine import build

        return build(apply_positions(self.network(policy), self._places("entities")))

    def write_view(self, path: Path | str, kind: str = "entities", asked: Asked | None = None) -> None:
        """Write a view as one HTML file that works offline, as `graphkit view` does.

        Args:
            path: The file.
            kind: One of `graphkit.view.choices.KINDS`, such as ego or timeline.
            asked: What it is about: `Asked(about="met", hops=2)`; by default everything.

        Raises:
            QueryError: There is no such kind, or it needs to know what it is about.
            NotFoundError: The graph has nothing of that name.
            ExportError: The file cannot be written.
        """
        from pathlib import Path

        from graphkit.view import view
        from graphkit.view.diagrams import Asked, make

        about = asked or Asked()
        kept = None if about.answer else self._places(kind, about)
        view(make(kind, self.store, about), Path(path), kept=kept)

    def _places(self, kind: str, asked: Asked | None = None) -> Path | None:
        """Return the file that keeps where nodes stand; what an endpoint holds is no build of this workspace."""
        if isinstance(self.worker, InlineRunner):
            return None
        return self.workspace.places_file(kind, asked.about, asked.hops) if asked else self.workspace.places_file(kind)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset, for scripts that expect one."""
        return self.store.to_rdflib()


def open_graph(workspace: Path | str | None = None, limits: Limits | None = None, store: str = "") -> Graph:
    """Open the built graph of a workspace, or one on an endpoint.

    Args:
        workspace: Its folder or one below it; by default the current one.
        limits: How much a query may cost; by default 30 s, a million rows and 2 GB.
        store: The address of a SPARQL 1.1 endpoint; the workspace then gives the saved questions, and need not be.

    Raises:
        WorkspaceError: There is no workspace.
        StoreError: Nothing was built yet, or that is no address.
    """
    place = questions_place(workspace) if store else find_workspace(workspace)
    ask = runner(place, limits or Limits(), store)
    return Graph(ask.store if isinstance(ask, InlineRunner) else store_of(place), place, ask)

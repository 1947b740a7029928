"""The object that scripts and notebooks work with: a built graph."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from graphkit.model.errors import QueryError, QueryWarning
from graphkit.model.iris import DEFAULT_POLICY
from graphkit.model.workspace import Workspace, find_workspace, questions_workspace
from graphkit.query.questions import answer, question_of, read_questions
from graphkit.query.remarks import remarks
from graphkit.query.worker import InlineRunner, Limits, Worker, runner, store_of

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import rdflib
    from pyvis.network import Network as PyvisNetwork

    from graphkit.analysis.discourse.backbone import Removal
    from graphkit.analysis.discourse.bootstrap import Bootstrap
    from graphkit.analysis.discourse.coverage import Coverage
    from graphkit.analysis.discourse.measures import Measure
    from graphkit.analysis.discourse.projection import Projection
    from graphkit.analysis.discourse.reading import Reading
    from graphkit.analysis.disputes import DisputeView
    from graphkit.analysis.explain import Explanation
    from graphkit.query.answers import Answer
    from graphkit.query.questions import Questions
    from graphkit.store import Store
    from graphkit.view.diagrams import Asked
    from graphkit.view.plots import Plot


class Graph:
    """A built graph, opened for reading.

    Args:
        workspace: Gives the saved questions and the locations of statements.
        worker: A process that answers queries and can be stopped; without it, queries run in this process.
    """

    def __init__(self, store: Store, workspace: Workspace, worker: Worker | InlineRunner | None = None) -> None:
        self.store = store
        self.workspace = workspace
        self.worker = worker

    def query(self, question: str, /, **parameters: str) -> Answer:
        """Ask a saved question by name, or SPARQL.

        Args:
            **parameters: Values for its parameters, such as `speaker="met"` or `speaker="Metropolitan Police"`.

        Returns:
            A `Table` for SELECT, a truth value for ASK, a list of triples for CONSTRUCT.

        Raises:
            QueryError: There is no such question or parameter, the text is not SPARQL, or it exceeds the limits.
            AmbiguousNameError: Several entities have the name that a parameter gives.
            NotFoundError: No entity has it.

        Warns:
            QueryWarning: The query names something that the graph does not contain.
        """
        asked = question_of(self.workspace.questions(), question)
        if self.worker is None:
            found = answer(self.store, asked, parameters)
        else:
            found = self.worker.run(answer, asked, parameters, self.worker.limits.rows)
        # To ask an endpoint once more takes as long as the query, so this is done only if something may be wrong.
        remote = isinstance(self.worker, InlineRunner)
        if not (remote and found):
            told = partial(remarks, empty=not found, saved=self.workspace.questions)
            for remark in told(self.store, asked, parameters):
                warnings.warn(remark, QueryWarning, stacklevel=2)
        return found

    def disputes(self, kind: str = "", about: str = "") -> tuple[DisputeView, ...]:
        """Return the disputes, or those of a kind or about an entity.

        Args:
            kind: Such as value-conflict; any if empty.
            about: The name or the id of an entity; any if empty.

        Raises:
            NotFoundError: There is no such kind or entity.
        """
        from graphkit.analysis.disputes import find_disputes

        return find_disputes(self.store, kind, about)

    def questions(self) -> Questions:
        """Return the saved questions, by name."""
        return read_questions(self.workspace.questions())

    def explain(self, name: str) -> Explanation:
        """Trace an entity, source, statement, proposition or dispute back to its speakers and sources.

        Raises:
            NotFoundError: The graph has nothing of that name.
        """
        from graphkit.analysis.explain import explain

        return explain(self.store, name)

    def as_of(self, date: str) -> Graph:
        """Return the graph with only the sources that had been published by a date, and what follows from those.

        Args:
            date: A day, a month or a year, such as `2021-06`; its last day counts.

        Raises:
            QueryError: It is no date, or this graph is on an endpoint.
        """
        from graphkit.build.as_of import as_of

        if isinstance(self.worker, InlineRunner):
            raise QueryError("The graph of an endpoint cannot be read as of a date.", "Open the build of a workspace.")
        return open_graph(as_of(self.workspace, date).workspace, self.worker.limits if self.worker else None)

    def network(
        self, policy: str = DEFAULT_POLICY, about: str = "", hops: int = 1, as_of: str = ""
    ) -> nx.MultiDiGraph[str]:
        """Return the network of entities; see `graphkit.analysis.network.network` for its attributes.

        Some attributes are tuples and objects. For `nx.write_graphml`, `nx.write_gexf` and the other writers of
        networkx, which refuse those, take `flat_network` instead.

        Args:
            as_of: With it, only sources that had been published by this date; see `Graph.as_of`.
            about: The name or the id of an entity or source; with it, only its neighbourhood is returned.
            hops: How many steps the neighbourhood reaches.

        Raises:
            AmbiguousNameError: Several things have that name.
            NotFoundError: Nothing has it.
        """
        from graphkit.view.diagrams import Asked, make

        if as_of:
            return self.as_of(as_of).network(policy, about, hops)
        return make("ego" if about else "entities", self.store, Asked(policy, about, hops))

    def flat_network(self, policy: str = DEFAULT_POLICY) -> nx.MultiDiGraph[str]:
        """Return the network of entities with texts and numbers only, as writers of networkx need it.

        Ids, names and values are those of `graphkit export graphml`; lists are joined with " | ". For example:
        `nx.write_graphml(g.flat_network(), "net.graphml")`, and the same with `nx.write_gexf` and `nx.write_gml`.

        Raises:
            QueryError: There is no such policy.
        """
        from graphkit.release.flat_network import FlatNetwork

        with FlatNetwork.open(self.store, policy) as flat:
            return flat.graph()

    def projection(self, kind: str, reading: Reading | None = None, **settings: Any) -> Projection:  # noqa: ANN401
        """Return a discourse network, such as that of the actors that agree or disagree.

        Args:
            kind: One of `graphkit.analysis.discourse.kinds.KINDS`, such as actor-concept, actor-actor or relay.
            reading: How statements are coded; see `graphkit.analysis.discourse.reading.Reading`.
            **settings: As in `graphkit.analysis.discourse.settings.Projecting`, such as `aggregation="conflict"`.

        Raises:
            QueryError: There is no such kind or setting, or two settings exclude each other.
        """
        from graphkit.analysis.discourse.kinds import projection

        return projection(self.store, kind, reading, **settings)

    def measures(
        self,
        kind: str = "actor-actor",
        reading: Reading | None = None,
        seed: int = 1,
        **settings: Any,  # noqa: ANN401
    ) -> list[Measure]:
        """Return the measures of a discourse network; see `graphkit.analysis.discourse.measures.measures`.

        Raises:
            QueryError: There is no such kind or setting, or the network is not one among actors or concepts.
        """
        from graphkit.analysis.discourse.measures import measures

        return measures(self.projection(kind, reading, **settings), seed)

    def bootstrap(
        self, kind: str = "actor-actor", reading: Reading | None = None, draws: int = 200, seed: int = 1,
        **settings: Any,  # noqa: ANN401
    ) -> Bootstrap:  # fmt: skip
        """Return intervals of the weights and measures of a discourse network, from draws of its documents.

        Raises:
            QueryError: There is no such kind or setting, or there are fewer than 2 draws.
        """
        from graphkit.analysis.discourse.bootstrap import bootstrap

        return bootstrap(self.projection(kind, reading, **settings), draws, seed)

    def backbone(self, reading: Reading | None = None, **settings: Any) -> list[Removal]:  # noqa: ANN401
        """Return the claims in the order in which the network of actors can best do without them.

        Raises:
            QueryError: There is no such setting.
        """
        from graphkit.analysis.discourse.backbone import nested_backbone

        usual = {"aggregation": "congruence", "normalisation": "average", "duplicates": "document", "min_column": 2}
        made = self.projection("actor-actor", reading, **{**usual, **settings})
        return nested_backbone(made.given if made.given is not None else made.coded, made.settings)

    def heat_map(self, kind: str, reading: Reading | None = None, **settings: Any) -> Plot:  # noqa: ANN401
        """Return the matrix of a discourse network as a picture.

        Raises:
            QueryError: There is no such kind or setting.
        """
        from graphkit.view.plots import heat_map

        return heat_map(self.projection(kind, reading, **settings))

    def series(
        self, kind: str = "actor-actor", unit: str = "months", size: int = 12, kernel: str = "",
        reading: Reading | None = None, **settings: Any,  # noqa: ANN401
    ) -> Plot:  # fmt: skip
        """Return agreement and disagreement over time as a picture; every other phase is shaded.

        Raises:
            QueryError: There is no such kind, setting, unit or kernel.
        """
        from graphkit.analysis.discourse.phases import phases
        from graphkit.analysis.discourse.windows import windows_of
        from graphkit.view.plots import series

        windows = windows_of(self.projection(kind, reading, **{**settings, "isolates": True}), unit, size, kernel)
        return series(windows, phases(windows))

    def coverage(self, reading: Reading | None = None) -> Coverage:
        """Return what the codebook codes: statements, concepts with their actors, and what is left.

        Args:
            reading: Who counts as an actor; see `graphkit.analysis.discourse.reading.Reading`.

        Raises:
            QueryError: The graph has no codebook.
        """
        from graphkit.analysis.discourse.coverage import coverage

        return coverage(self.store, reading)

    def view(self, policy: str = DEFAULT_POLICY) -> PyvisNetwork:
        """Return the network as a pyvis `Network`, for further configuration."""
        from graphkit.view.positions import apply_positions
        from graphkit.view.vis.network import OfflineNetwork

        return OfflineNetwork(apply_positions(self.network(policy), self._places("entities")))

    def write_view(self, path: Path | str, kind: str = "entities", asked: Asked | None = None) -> None:
        """Write a view as one HTML file that works offline, as `graphkit view` does.

        Args:
            kind: One of `graphkit.view.KINDS`, such as ego or timeline.
            asked: The subject of the view, such as `Asked(about="met", hops=2)`; by default everything.

        Raises:
            QueryError: There is no such kind, or it needs a subject.
            NotFoundError: The graph has nothing of that name.
            ExportError: The file cannot be written.
        """
        from pathlib import Path

        from graphkit.view import view
        from graphkit.view.diagrams import Asked, make

        about = asked or Asked()
        kept = None if about.answer else self._places(kind, about)
        view(make(kind, self.store, replace(about, grouped=True)), Path(path), kept=kept)

    def _places(self, kind: str, asked: Asked | None = None) -> Path | None:
        """Return the file that stores the positions of nodes; None for an endpoint."""
        if isinstance(self.worker, InlineRunner):
            return None
        return self.workspace.places_file(kind, asked.about, asked.hops) if asked else self.workspace.places_file(kind)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset, for scripts that expect one."""
        return self.store.to_rdflib()


def open_graph(workspace: Workspace | Path | str | None = None, limits: Limits | None = None, store: str = "") -> Graph:
    """Open the built graph of a workspace, or a graph on an endpoint.

    Args:
        workspace: Its folder or a folder below it; by default the current folder.
        limits: By default 30 s, a million rows and 2 GB for each query.
        store: The address of a SPARQL 1.1 endpoint; the workspace is then optional and only gives the saved questions.

    Raises:
        WorkspaceError: There is no workspace.
        StoreError: There is no build, or the address is invalid.
    """
    if isinstance(workspace, Workspace):
        project = workspace
    else:
        project = questions_workspace(workspace) if store else find_workspace(workspace)
    worker = runner(project, limits or Limits(), store)
    return Graph(worker.store if isinstance(worker, InlineRunner) else store_of(project), project, worker)

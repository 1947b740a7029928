// Which statements, edges and nodes a state shows.
import { statements } from "../shared/tables.js";
import { allEdges, edges, nodes } from "./graph.js";
import { OF_EDGES, OF_STATEMENTS, state } from "./state.js";

/** @import { GraphEdge, GraphNode, Shown } from "./types" */
/** @import { Statement } from "../shared/types" */

/** @param {string} month */
const firstDay = (month) => month && `${month.padEnd(7, "-01")}-01`;
/** @param {string} month */
const lastDay = (month) => month && `${month.length === 4 ? `${month}-12` : month}-31`;

/**
 * Returns whether a statement is shown; if it has a date, whether its days overlap the chosen period.
 * @param {Statement} statement
 */
function passes(statement) {
  const { row, first, last } = statement;
  const { since, until, q, off } = state;
  if (OF_STATEMENTS.some((group) => off[group].has(statement[group]))) return false;
  if (!first && !last) {
    if (!state.undated) return false;
  } else if ((since && last && last < firstDay(since)) || (until && first && first > lastDay(until))) return false;
  return !q || textOf(row).includes(q.toLowerCase());
}
/** @param {Element} row */
const textOf = (row) => /** @type {string} */ (row.textContent).toLowerCase();

/** @param {GraphNode} node */
const isNodeOn = (node) => !state.off.kind.has(node.kind) && !state.hidden.has(node.key);

/**
 * @param {GraphEdge} edge
 * @param {Set<Statement>} passing
 */
const isEdgeOn = (edge, passing) =>
  !OF_EDGES.some((group) => state.off[group].has(edge[group]))
  && (!state.policy || edge.policies.includes(state.policy))
  && isNodeOn(edge.from) && isNodeOn(edge.to)
  && (!edge.statements.length || edge.statements.some((statement) => passing.has(statement)));

/**
 * Searches breadth first, along edges in either direction.
 * @param {GraphNode[]} starts
 * @param {Set<GraphEdge>} allowed
 * @param {number} limit The largest number of steps.
 * @returns {Map<GraphNode, {steps: number, by?: GraphEdge, before?: GraphNode}>} How each node is reached.
 */
export function reachable(starts, allowed, limit) {
  /** @type {ReturnType<typeof reachable>} */
  const found = new Map(starts.map((node) => [node, { steps: 0 }]));
  for (const [node, { steps }] of found) { // a Map may grow while it is walked
    if (steps >= limit) continue;
    for (const edge of node.edges) {
      const other = edge.from === node ? edge.to : edge.from;
      if (allowed.has(edge) && !found.has(other)) found.set(other, { steps: steps + 1, by: edge, before: node });
    }
  }
  return found;
}

/**
 * Returns the shortest path between two nodes.
 * @param {GraphNode} from
 * @param {GraphNode} to
 * @param {Set<GraphEdge>} allowed
 */
function pathBetween(from, to, allowed) {
  const found = reachable([from], allowed, Infinity);
  const path = [];
  for (let step = found.get(to); step?.by && step.before; step = found.get(step.before)) path.unshift(step.by);
  return path;
}

/** @param {GraphEdge} edge */
const isEdgeMore = ({ from, to }) => from.isMore || to.isMore;

/** Returns whether the state shows only the nodes of the opening picture: until something outside it is asked for. */
function isOpeningState() {
  const { scope, hops, to, at } = state;
  const isMore = (/** @type {string} */ key) => {
    const edge = edges.get(key);
    return edge ? isEdgeMore(edge) : nodes.get(key)?.isMore;
  };
  return scope !== "all" && !hops && !to && !at.some(isMore);
}

/**
 * Returns whether a node or an edge that a filter leaves out belongs to the picture, where it is faded. The step of a
 * story fades all that is not near its nodes.
 * @param {GraphNode | GraphEdge} part
 * @param {Shown} shown
 */
export function isWithin(part, { isOpening }) {
  const ends = "from" in part ? [part.from, part.to] : [part];
  const isOut = ends.some((node) => (isOpening && node.isMore) || state.hidden.has(node.key));
  return !isOut && (!state.hops || state.story !== "");
}

/** @returns {Shown} */
export function shownPart() {
  const isOpening = isOpeningState();
  const passing = new Set([...statements.values()].filter(passes));
  const kept = new Set(allEdges().filter((edge) => !(isOpening && isEdgeMore(edge)) && isEdgeOn(edge, passing)));
  const starts = state.at.flatMap((key) => nodes.get(key) ?? []);
  const around = state.hops && starts.length ? reachable(starts, kept, state.hops) : null;
  if (around) {
    // Edges between two nodes at the limit are left out.
    const isNear = (/** @type {GraphNode} */ node) => (around.get(node)?.steps ?? Infinity) < state.hops;
    for (const edge of kept) if (!isNear(edge.from) && !isNear(edge.to)) kept.delete(edge);
  }
  const shown = new Set();
  for (const node of nodes.values()) {
    const isSingle = !node.edges.length && !around && !state.q;
    const isEnd = isSingle || starts.includes(node) || node.edges.some((edge) => kept.has(edge));
    if (isEnd && isNodeOn(node) && !(isOpening && node.isMore)) shown.add(node);
  }
  const goal = nodes.get(state.to);
  const path = starts.length && goal ? pathBetween(starts[0], goal, kept) : [];
  return { isOpening, edges: kept, nodes: shown, statements: passing, path };
}

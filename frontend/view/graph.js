// The graph of the page: nodes and edges, read from the picture and the tables, which list them in the same order.
import { byId } from "../shared/element.js";
import {
  POLARITIES, readDisputes, readEntity, readHead, readShared, rowsOfTable, statementsOf, table, textOf,
} from "../shared/tables.js";
import { lineMark, nodeMark, pairMark, readRest } from "./rest.js";

/** @import { Entity } from "../shared/types" */
/** @import { GraphEdge, GraphNode, Pair } from "./types" */

export const POLICIES = ["attributed", "undisputed", "corroborated", "verified"];

export const picture = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("picture")));
/** @type {Map<string, GraphNode>} */
export const nodes = new Map();
/** @type {Map<string, GraphEdge>} */
export const edges = new Map();
/** @type {Map<string, Pair>} */
export const pairs = new Map();
/** @type {[HTMLTableSectionElement, GraphNode][]} The rows of statements about one node alone. */
export const rowsOfSingles = [];

export const allNodes = () => [...nodes.values()];
export const allEdges = () => [...edges.values()];
export const allLines = () => [...pairs.values(), ...allEdges()];

/** @param {string | null} [text] */
const numbersOf = (text) => text?.match(/-?[\d.]+/g)?.map(Number) ?? [];

/**
 * @param {Entity} entity
 * @param {HTMLTableRowElement} row
 * @param {SVGGElement} mark
 * @param {boolean} isMore
 */
function readNode(entity, row, mark, isMore) {
  const [x, y] = numbersOf(mark.getAttribute("transform"));
  const [scale = 1] = numbersOf(/** @type {Element} */ (mark.firstChild).getAttribute("transform"));
  const [left, top] = numbersOf(mark.dataset.a);
  const [home, down] = numbersOf(mark.dataset.n);
  const lines = [.../** @type {Element} */ (mark.lastChild).childNodes].map(textOf).filter(Boolean);
  nodes.set(entity.key, {
    ...entity, row, mark, x, y, place: [x, y], edges: [], pairs: [],
    home: [x, y], all: [left ?? x, top ?? y], narrow: [home, down], isMore, radius: scale * 10,
    label: lines.join(" "), lines: lines.length || 1, letters: Math.max(0, ...lines.map((line) => line.length)),
  });
}

/**
 * Adds an edge to the graph.
 * @param {GraphEdge} edge
 */
export function addEdge(edge) {
  const { key, body, from, to } = edge;
  body.dataset.e = key;
  edges.set(key, edge);
  from.edges.push(edge);
  if (to !== from) to.edges.push(edge);
}

/** @param {GraphEdge} edge */
export const isAgainst = ({ status }) => ["denied", "disputed", "doubted"].includes(status);

/**
 * Returns whether a line is in dispute; one that is drawn as reported is not, even if a statement behind it is.
 * @param {GraphEdge} edge
 */
export const isDisputed = (edge) => isAgainst(edge) && edge.statements.some(({ disputes }) => disputes[0]);

/** @param {SVGGElement} mark */
export const polarityOf = (mark) => POLARITIES[Number(mark.classList[1][1])] ?? "neutral";

/**
 * Returns the mark at a position among the children of an element, or puts one there.
 * @param {Element} parent
 * @param {number} at
 * @param {SVGGElement | 0 | undefined} made
 */
function markAt(parent, at, made) {
  if (made) parent.insertBefore(made, parent.children[at] ?? null);
  return /** @type {SVGGElement} */ (parent.children[at]);
}

/**
 * Reads the whole page.
 * @param {(edge: GraphEdge) => void} draw Draws a line that the picture leaves out.
 */
export function readGraph(draw) {
  if (!GROUPED) readShared();
  const rest = GROUPED ? {} : readRest();
  const base = byId("base")?.textContent ?? "";
  const [shapes, lines] = ["nodes", "edges"].map(byId);
  const looks = rest.looks?.split(" ");
  rowsOfTable("entities").forEach((row, i) => {
    const entity = readEntity(row, base);
    const packed = rest.nodes?.[i];
    readNode(entity, row, markAt(shapes, i, GROUPED ? 0 : packed && nodeMark(entity, packed)), Boolean(packed));
  });
  for (const body of table("relations").tBodies) {
    const statements = GROUPED ? [] : statementsOf(body);
    const head = readHead(body);
    const from = /** @type {GraphNode} */ (nodes.get(head.from));
    if (body.dataset.of) {
      from.alone = statements;
      rowsOfSingles.push([body, from]);
      continue;
    }
    const packed = looks?.[edges.size] ?? "0";
    const isPacked = packed !== "0";
    const mark = markAt(lines, edges.size, !GROUPED && isPacked ? lineMark(packed) : 0);
    /** @type {GraphEdge} */
    const edge = {
      ...head, key: mark.id, mark, body, from, to: /** @type {GraphNode} */ (nodes.get(head.to)), statements,
      polarity: polarityOf(mark), bend: Number(mark.dataset.b ?? 0),
      policies: POLICIES.filter((name) => head.policies.includes(name[0])),
    };
    addEdge(edge);
    if (isPacked) draw(edge);
  }
  if (GROUPED) return;
  readDisputes();
  const keys = [...nodes.keys()];
  byId("pairs").append(...(rest.pairs ?? []).map((pair) => pairMark(pair, keys)));
  readPairs();
}

/** Reads the pairs of nodes that one line joins for several edges. */
function readPairs() {
  /** @type {Map<string, GraphEdge[]>} */
  const between = new Map();
  for (const edge of edges.values()) {
    const ends = [edge.from.key, edge.to.key].sort().join("~");
    between.set(ends, [...(between.get(ends) ?? []), edge]);
  }
  for (const mark of /** @type {HTMLCollectionOf<SVGGElement>} */ (byId("pairs").children)) {
    const [from, to] = mark.id.split("~").map((key) => /** @type {GraphNode} */ (nodes.get(key)));
    const some = between.get([from.key, to.key].sort().join("~")) ?? [];
    const badge = /** @type {SVGGElement} */ (mark.lastElementChild);
    const pair = { key: mark.id, mark, badge, from, to, bend: Number(mark.dataset.b ?? 0), edges: some };
    pairs.set(mark.id, pair);
    for (const edge of some) edge.pair = pair;
    from.pairs.push(pair);
    to.pairs.push(pair);
  }
}

// An answer as a network: ?source and ?target, or the triples of CONSTRUCT.
import { counted, svgElement } from "../shared/element.js";
import { figure } from "./links.js";
import { addressOf, shown } from "./terms.js";

/** @import { Answer, Naming } from "./types" */

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{from: string, to: string, label: string, bend: number, number: number}} Edge */
/** @typedef {{iri: string, text: string, short: string, at?: Point}} Label */

const MOST_EDGES = 200;
const WIDTH = 900;
const [AREA_OF_NODE, STEPS, RADIUS, LETTER] = [9_000, 220, 6, 6.8];
/** With more edges, labels would cover the picture; they appear on hover, and the table lists them. */
const MOST_LABELLED = 30;

/**
 * Returns the columns that are the ends of edges, if any.
 * @param {Answer} answer
 */
export function networkColumns({ kind, columns }) {
  if (kind === "graph") return { source: "subject", target: "object", label: "predicate" };
  if (!columns.includes("source") || !columns.includes("target")) return null;
  return { source: "source", target: "target", label: columns.find((name) => /^(label|relation)$/.test(name)) ?? "" };
}

/**
 * Draws nodes and edges.
 * @param {Answer} answer
 * @param {Naming} naming
 */
export function network(answer, naming) {
  const edges = bent(edgesOf(answer, naming).slice(0, MOST_EDGES));
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  // Each name needs space; a picture that is wider than the page scrolls.
  const width = Math.max(WIDTH, Math.round(Math.sqrt(AREA_OF_NODE * names.length)));
  const height = Math.round(Math.min(130 + 30 * names.length, 0.7 * width));
  const nodes = arranged(names, edges, width, height);
  const labels = placed(names.map((iri) => {
    const text = shown({ type: "uri", value: iri }, naming);
    return { iri, text, short: cut(text, 28) };
  }), nodes, edges);
  const about = `${counted(names.length, "node")}, ${counted(edges.length, "edge")}`;
  const look = { role: "group", "aria-label": `${about}; listed in the table`, class: "network" };
  const picture = svgElement(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, ...look },
    svgElement("defs", {}, arrow()),
    ...edges.map((edge) => drawEdge(edge, nodes, edges.length <= MOST_LABELLED)),
    ...labels.map((label) => drawNode(label, at(nodes, label.iri), naming.base)),
  );
  if (width > WIDTH) Object.assign(picture.style, { minWidth: `${width}px`, maxWidth: "none" });
  return figure(picture, `${[about, ...notes(answer.rows.length - edges.length, labels)].join("; ")}.`);
}

/**
 * @param {number} hidden The number of rows that are not drawn.
 * @param {Label[]} labels
 */
function notes(hidden, labels) {
  const unlabelled = labels.filter((label) => !label.at).length;
  return [
    hidden && `not drawn: ${counted(hidden, "row")}, listed in the table`,
    unlabelled && `${counted(unlabelled, "name")} shown only on hover, for lack of space`,
  ].filter(Boolean);
}

/**
 * @param {Answer} answer
 * @param {Naming} naming
 * @returns {Edge[]}
 */
function edgesOf(answer, naming) {
  const columns = /** @type {NonNullable<ReturnType<typeof networkColumns>>} */ (networkColumns(answer));
  return answer.rows.flatMap((row) => {
    const from = row[columns.source];
    const to = row[columns.target];
    if (from?.type !== "uri" || to?.type !== "uri") return [];
    return { from: from.value, to: to.value, label: shown(row[columns.label], naming), bend: 0, number: 0 };
  });
}

const arrow = () => svgElement(
  "marker",
  { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
  svgElement("path", { d: "M0 0 8 4 0 8Z" }),
);

/**
 * @param {Map<string, Point>} nodes
 * @param {string} name
 */
const at = (nodes, name) => /** @type {Point} */ (nodes.get(name));

/**
 * Places labels, those of the nodes with most edges first; a label for which there is no space gets no position.
 * @param {Label[]} labels
 * @param {Map<string, Point>} nodes
 * @param {Edge[]} edges
 */
function placed(labels, nodes, edges) {
  /** @param {Label} label */
  const degree = ({ iri }) => edges.filter(({ from, to }) => from === iri || to === iri).length;
  const taken = [...nodes.values()].map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  /** @param {typeof taken[0]} box */
  const isFree = (box) => box.left > 0 && taken.every((other) =>
    box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
  const sorted = labels.sort((a, b) => degree(b) - degree(a));
  for (const label of sorted) {
    const half = (label.short.length * LETTER) / 2;
    const { x, y } = at(nodes, label.iri);
    const places = [[0, -10], [0, 19], [half + 10, 4], [-half - 10, 4]].map(([dx, dy]) => ({ x: x + dx, y: y + dy }));
    label.at = places.find((place) => {
      const box = { left: place.x - half, right: place.x + half, top: place.y - 10, bottom: place.y + 3 };
      return isFree(box) && taken.push(box);
    });
  }
  return sorted;
}

/**
 * Gives edges between the same two nodes different bends, so that they do not overlap.
 * @param {Edge[]} edges
 */
function bent(edges) {
  /** @type {Map<string, Edge[]>} */
  const between = new Map();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to].sort());
    between.set(key, [...(between.get(key) ?? []), edge]);
  }
  for (const group of between.values()) {
    group.forEach((edge, number) => {
      // Seen from the other end, a side is the other side.
      edge.bend = (number - (group.length - 1) / 2) * 34 * (edge.from < edge.to ? 1 : -1);
      edge.number = number;
    });
  }
  return edges;
}

/**
 * Returns positions of nodes: they start on a circle, edges attract, nodes repel. The same rows give the same picture.
 * @param {string[]} names
 * @param {Edge[]} edges
 * @param {number} width
 * @param {number} height
 */
function arranged(names, edges, width, height) {
  const nodes = new Map(names.map((name, number) => {
    const turn = (2 * Math.PI * number) / names.length;
    return [name, { x: Math.cos(turn), y: Math.sin(turn) }];
  }));
  const apart = 1 / Math.sqrt(names.length || 1);
  for (let step = 0; step < STEPS; step += 1) relax(nodes, edges, apart, 0.12 * (1 - step / STEPS));
  return fitted(nodes, width, height);
}

/**
 * @param {Map<string, Point>} nodes
 * @param {Edge[]} edges
 * @param {number} apart
 * @param {number} heat The longest move.
 */
function relax(nodes, edges, apart, heat) {
  // The middle attracts, so that nodes without edges stay in the picture.
  const moves = new Map([...nodes].map(([name, { x, y }]) => [name, { x: -x * apart, y: -y * apart }]));
  for (const [name, node] of nodes) {
    const move = at(moves, name);
    for (const other of nodes.values()) {
      if (node === other) continue;
      const [x, y] = [node.x - other.x, node.y - other.y];
      const square = x * x + y * y + 1e-6;
      move.x += (x * apart * apart) / square;
      move.y += (y * apart * apart) / square;
    }
  }
  for (const { from, to } of edges) {
    const [start, end] = [at(nodes, from), at(nodes, to)];
    const [x, y] = [end.x - start.x, end.y - start.y];
    const pull = Math.hypot(x, y) / apart / 8;
    for (const [name, sign] of /** @type {[string, number][]} */ ([[from, 1], [to, -1]])) {
      at(moves, name).x += sign * x * pull;
      at(moves, name).y += sign * y * pull;
    }
  }
  for (const [name, node] of nodes) {
    const move = at(moves, name);
    const length = Math.hypot(move.x, move.y) || 1;
    node.x += (move.x / length) * Math.min(length, heat);
    node.y += (move.y / length) * Math.min(length, heat);
  }
}

/**
 * @param {Map<string, Point>} nodes
 * @param {number} width
 * @param {number} height
 * @returns {Map<string, Point>}
 */
function fitted(nodes, width, height) {
  const xs = [...nodes.values()].map(({ x }) => x);
  const ys = [...nodes.values()].map(({ y }) => y);
  /**
   * @param {number} value
   * @param {number[]} all
   * @param {number} size
   * @param {number} margin
   */
  const scaled = (value, all, size, margin) => {
    const least = Math.min(...all);
    return margin + ((value - least) / (Math.max(...all) - least || 1)) * (size - 2 * margin);
  };
  return new Map([...nodes].map(([name, { x, y }]) =>
    [name, { x: scaled(x, xs, width, 110), y: scaled(y, ys, height, 34) }]));
}

/**
 * @param {Edge} edge
 * @param {Map<string, Point>} nodes
 * @param {boolean} labelled
 */
function drawEdge({ from, to, label, bend, number }, nodes, labelled) {
  const { d, x, y } = from === to ? loop(at(nodes, from), number) : curve(at(nodes, from), at(nodes, to), bend);
  const made = svgElement("g", { class: "edge" }, svgElement("path", { d, "marker-end": "url(#arrow)" }));
  if (labelled && label) made.append(svgElement("text", { x, y: y - 3, "text-anchor": "middle" }, cut(label, 24)));
  made.append(svgElement("title", {}, label));
  return made;
}

/**
 * Returns a line between two nodes, bent to one side, which ends at the rim of the second.
 * @param {Point} start
 * @param {Point} end
 * @param {number} bend
 */
function curve(start, end, bend) {
  const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
  const [x, y] = [(end.x - start.x) / length, (end.y - start.y) / length];
  const [viaX, viaY] = [(start.x + end.x) / 2 - y * bend, (start.y + end.y) / 2 + x * bend];
  const [outX, outY] = [end.x - viaX, end.y - viaY];
  const share = (RADIUS + 2) / (Math.hypot(outX, outY) || 1);
  const numbers = [start.x, start.y, viaX, viaY, end.x - outX * share, end.y - outY * share];
  const [x1, y1, x2, y2, x3, y3] = numbers.map((number) => number.toFixed(1));
  const d = `M${x1} ${y1}Q${x2} ${y2} ${x3} ${y3}`;
  return { d, x: (start.x + end.x + 2 * viaX) / 4, y: (start.y + end.y + 2 * viaY) / 4 };
}

/**
 * Returns a line from a node to itself.
 * @param {Point} node
 * @param {number} number
 */
function loop({ x, y }, number) {
  const size = 26 + 12 * number;
  return { d: `M${x + 4} ${y + 5}c${size} ${size} ${-size - 8} ${size} -8 0`, x, y: y + size };
}

/**
 * @param {string} text
 * @param {number} most
 */
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/**
 * @param {Label} label
 * @param {Point} place
 * @param {string} base
 */
function drawNode({ iri, text, short, at: labelAt }, { x, y }, base) {
  const address = addressOf(iri, base);
  const href = address && !/^https?:/i.test(address) ? address : "";
  const parts = [svgElement("title", {}, text), svgElement("circle", { cx: x, cy: y, r: RADIUS })];
  const label = labelAt && svgElement("text", { ...labelAt, "text-anchor": "middle" }, short);
  return svgElement(href ? "a" : "g", { class: "node", href: href || false }, ...parts, label ?? "");
}

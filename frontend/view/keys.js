// Keys: arrows move the focus to the nearest node, band or cell in their direction, Enter opens the evidence, Escape
// closes it.
import { byId, counted, select, setAttributes } from "../shared/element.js";
import { allEdges, edges, nodes, pairs, picture } from "./graph.js";
import { sentenceOf } from "../shared/panel.js";
import { panel } from "./panel.js";
import { bringIntoView, isOn, middleOfPath, pan, ranked, zoom } from "./picture.js";
import { choose, chosen } from "./state.js";

/** @import { GraphEdge, GraphNode, Point, Stop } from "./types" */

/** @type {Map<string, Stop>} All that the arrows reach, by key: nodes, bands and cells. */
const stops = new Map();

/** @type {Record<string, Point>} */
const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * Moves the focus to a node, band or cell.
 * @param {Stop} node
 */
export function focusNode(node) {
  for (const { mark } of stops.values()) mark.tabIndex = mark === node.mark ? 0 : -1;
  bringIntoView(node);
  node.mark.focus({ preventScroll: true });
}

/**
 * Moves the focus to the nearest node, band or cell in a direction.
 * @param {Stop} node
 * @param {Point} direction
 */
function focusNext(node, [right, down]) {
  let best;
  let shortest = Infinity;
  for (const other of stops.values()) {
    const dx = other.x - node.x;
    const dy = other.y - node.y;
    const distance = Math.hypot(dx, dy) + 2 * Math.abs(dx * down + dy * right);
    const isAhead = dx * right + dy * down > 0;
    if (isAhead && distance < shortest && isOn(other)) [best, shortest] = [other, distance];
  }
  if (best) focusNode(best);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { key, shiftKey } = event;
  const node = stops.get(/** @type {Element} */ (event.target).id);
  const direction = DIRECTIONS[key];
  if (direction && shiftKey) pan(direction[0] / 8, direction[1] / 8);
  else if (direction && node) focusNext(node, direction);
  else if (node && (key === "Enter" || key === " ")) {
    choose(node.key);
    if (key === "Enter") select("button", panel)?.focus();
  } else if (key === "Escape") choose("");
  else if (key === "+") zoom(0.8);
  else if (key === "-") zoom(1.25);
  else return;
  event.preventDefault();
}

/**
 * Lets the arrows reach a part of the picture, and names it for a screen reader.
 * @param {Stop} stop
 * @param {string} about
 */
function addStop(stop, about) {
  stops.set(stop.key, stop);
  setAttributes(stop.mark, { role: "button", tabindex: -1, "aria-label": about });
}

/** @param {GraphNode} node */
function addNode(node) {
  const { label, name, kind, edges: { length } } = node;
  const full = label === name ? "" : ` (${name})`;
  addStop(node, `${label}${full}, ${kind}, ${counted(length, "relation")}`);
}

/** @param {GraphEdge} edge */
function addBand(edge) {
  const { key, mark, statements } = edge;
  const [x, y] = middleOfPath(mark);
  const text = mark.textContent ?? "";
  // The name of a button begins with its text, unless that is only a sign.
  const words = text[1] ? `${text}: ` : "";
  const about = `${sentenceOf(edge)}, ${counted(statements.length, "statement")}`;
  addStop({ key, mark, x, y }, words + about);
}

/** @param {KeyboardEvent} event */
function onKeyInPanel({ key }) {
  if (key !== "Escape") return;
  const node = stops.get(chosen()) ?? (edges.get(chosen()) ?? pairs.get(chosen()))?.from;
  choose("");
  if (node) focusNode(node);
}

export function startKeys() {
  nodes.forEach(addNode);
  const bands = GROUPED ? [] : allEdges().filter(({ mark }) => mark.matches(".w"));
  bands.forEach(addBand);
  if (!bands.length) setAttributes(byId("edges"), { "aria-hidden": "true" });
  if (ranked[0]) ranked[0].mark.tabIndex = 0;
  setAttributes(picture, { role: "group", keydown: onKey });
  setAttributes(panel, { keydown: onKeyInPanel });
}

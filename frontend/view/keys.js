// Keys: arrows move the focus to the nearest node in their direction, Enter opens the evidence, Escape closes it.
import { counted, select, setAttributes } from "../shared/element.js";
import { edges, nodes, pairs, picture } from "./graph.js";
import { panel } from "./panel.js";
import { bringIntoView, isOn, pan, ranked, zoom } from "./picture.js";
import { choose, chosen } from "./state.js";

/** @import { GraphNode, Point } from "./types" */

/** @type {Record<string, Point>} */
const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * Moves the focus to a node.
 * @param {GraphNode} node
 */
export function focusNode(node) {
  for (const other of nodes.values()) other.mark.tabIndex = other === node ? 0 : -1;
  bringIntoView(node);
  node.mark.focus({ preventScroll: true });
}

/**
 * Moves the focus to the nearest node in a direction.
 * @param {GraphNode} node
 * @param {Point} direction
 */
function focusNext(node, [right, down]) {
  let best;
  let shortest = Infinity;
  for (const other of nodes.values()) {
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
  const node = nodes.get(/** @type {Element} */ (event.target).id);
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
 * Names a node for a screen reader.
 * @param {GraphNode} node
 */
function describe({ mark, label, name, kind, edges: { length } }) {
  const full = label === name ? "" : ` (${name})`;
  const about = `${label}${full}, ${kind}, ${counted(length, "relation")}`;
  setAttributes(mark, { role: "button", tabindex: -1, "aria-label": about });
}

/** @param {KeyboardEvent} event */
function onKeyInPanel({ key }) {
  if (key !== "Escape") return;
  const node = nodes.get(chosen()) ?? (edges.get(chosen()) ?? pairs.get(chosen()))?.from;
  choose("");
  if (node) focusNode(node);
}

export function startKeys() {
  for (const node of nodes.values()) describe(node);
  if (ranked[0]) ranked[0].mark.tabIndex = 0;
  setAttributes(picture, { role: "group", keydown: onKey });
  setAttributes(panel, { keydown: onKeyInPanel });
}

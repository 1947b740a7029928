// Moves nodes, with their lines.
import { setAttributes } from "../shared/element.js";
import { arrangeLabels, drawLine } from "./picture.js";

/** @import { GraphNode, Point } from "./types" */

const { max, round } = Math;

/**
 * Draws nodes at other places, with their lines.
 * @param {[GraphNode, Point][]} moves
 */
function draw(moves) {
  const lines = new Set();
  for (const [node, [x, y]] of moves) {
    node.place = [x, y];
    setAttributes(node.mark, { transform: `translate(${round(x)} ${round(y)})` });
    for (const line of [...node.edges, ...node.pairs]) lines.add(line);
  }
  lines.forEach(drawLine);
}

/**
 * @param {GraphNode} node
 * @param {Point} position
 */
export function moveNode(node, [x, y]) {
  if (node.x !== x || node.y !== y) draw([[node, [x, y]]]);
  node.x = x;
  node.y = y;
}

const MOTION = 300;
let motion = 0;

/**
 * Moves nodes to their positions in 0.3 s, or at once if the reader prefers no motion or the page is only starting.
 * @param {[GraphNode, Point][]} moves
 */
export function moveNodes(moves) {
  const starts = moves.map(([{ place }]) => place);
  for (const [node, [x, y]] of moves) Object.assign(node, { x, y });
  cancelAnimationFrame(motion);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || !document.documentElement.dataset.drawn;
  const begin = performance.now();
  /** @param {number} now */
  const step = (now) => {
    const left = isStill ? 0 : max(0, 1 - (now - begin) / MOTION) ** 2;
    draw(moves.map(([node, [x, y]], i) => [node, [x + (starts[i][0] - x) * left, y + (starts[i][1] - y) * left]]));
    if (left) motion = requestAnimationFrame(step);
    else if (!isStill) arrangeLabels();
  };
  if (moves.length) step(begin);
}

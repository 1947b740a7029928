// Pointers: drag a node to move and pin it, drag the background to pan, use two fingers or Ctrl and wheel to zoom.
import { select, selectAll, setAttributes, toggleClass } from "../shared/element.js";
import { allLines, edges, nodes, pairs, picture } from "./graph.js";
import { focusNode } from "./keys.js";
import { moveNode } from "./motion.js";
import { box, glideTo, natural, pointAt, showLabel, unitOf, view, zoom } from "./picture.js";
import { change, choose } from "./state.js";

/** @import { Box, GraphNode, Point } from "./types" */

/** @type {Map<number, Point>} */
const fingers = new Map();
/** @type {{x: number, y: number, box: Box, scrolled: Point, node?: GraphNode, key: string, moved: boolean} | null} */
let drag = null;

/** How far from a line a pointer may be, in pixels. */
const REACH = 8;
const STEPS = 24;

/**
 * Returns the distance from a point to the nearest of some points of a line.
 * @param {SVGPathElement} path
 * @param {Point} point
 * @param {number} reach The greatest distance that counts.
 */
function distanceTo(path, [x, y], reach) {
  const { x: left, y: top, width, height } = path.getBBox();
  if (x < left - reach || y < top - reach || x > left + width + reach || y > top + height + reach) return Infinity;
  const length = path.getTotalLength();
  /** @param {number} share */
  const at = (share) => {
    const point = path.getPointAtLength(length * share);
    return Math.hypot(point.x - x, point.y - y);
  };
  let best = 0;
  for (let i = 1; i <= STEPS; i++) if (at(i / STEPS) < at(best)) best = i / STEPS;
  for (let step = 0.5 / STEPS; step * length > reach / 50; step /= 2) {
    for (const share of [best - step, best + step]) if (share >= 0 && share <= 1 && at(share) < at(best)) best = share;
  }
  return at(best);
}

/**
 * Returns the line that is nearest to a point of the screen, within a few pixels.
 * @param {number} x
 * @param {number} y
 */
function lineNear(x, y) {
  const point = pointAt(x, y);
  let shortest = REACH * unitOf();
  let found;
  for (const edge of allLines()) {
    const { mark } = edge;
    const path = /** @type {SVGPathElement} */ (mark.firstElementChild);
    if (mark.matches(".off, .joined") || getComputedStyle(mark).opacity === "0") continue;
    const distance = distanceTo(path, point, shortest);
    if (distance < shortest) [shortest, found] = [distance, edge];
  }
  return { edge: found, distance: shortest / unitOf() };
}

/**
 * Returns the key of the node or the line at a point; a line that runs over a node counts where the pointer is on it.
 * @param {number} x
 * @param {number} y
 */
function keyAt(x, y) {
  const top = document.elementFromPoint(x, y);
  const sign = /** @type {HTMLElement | null | undefined} */ (top?.closest("[data-k]"))?.dataset.k;
  if (sign) return sign;
  const node = top?.closest(".n")?.id ?? "";
  const { edge, distance } = lineNear(x, y);
  if (node && (!edge || distance > 2 || !top?.closest("text"))) return node;
  return edge?.key ?? top?.closest(".e, .b")?.id ?? "";
}

/** @param {PointerEvent} event */
function onDown({ button, pointerId, clientX: x, clientY: y }) {
  if (button) return;
  fingers.set(pointerId, [x, y]);
  const key = keyAt(x, y);
  picture.setPointerCapture(pointerId); // nothing is hovered while it moves
  drag = { x, y, box: [...box], scrolled: [view.scrollLeft, view.scrollTop], node: nodes.get(key), key, moved: false };
}

/** @param {PointerEvent} event */
function onMove({ pointerId, clientX: x, clientY: y }) {
  if (!fingers.has(pointerId)) return;
  const before = [...fingers.values()];
  fingers.set(pointerId, [x, y]);
  const now = [...fingers.values()];
  if (now.length === 2) {
    drag = null;
    const [[x1, y1], [x2, y2]] = now;
    zoom(distance(before) / distance(now), pointAt((x1 + x2) / 2, (y1 + y2) / 2));
  }
  if (drag) dragTo(drag, x, y);
}

/** @param {Point[]} points */
const distance = ([[x1, y1], [x2, y2]]) => Math.hypot(x1 - x2, y1 - y2) || 1;

/**
 * @param {NonNullable<typeof drag>} dragged
 * @param {number} x
 * @param {number} y
 */
function dragTo(dragged, x, y) {
  const dx = x - dragged.x;
  const dy = y - dragged.y;
  if (!dragged.moved && Math.hypot(dx, dy) < 4) return;
  dragged.moved = true;
  if (dragged.node && !natural) moveNode(dragged.node, pointAt(x, y));
  else if (natural) view.scrollTo(dragged.scrolled[0] - dx, dragged.scrolled[1] - dy);
  else {
    const [left, top, width, height] = dragged.box;
    const scale = unitOf();
    glideTo([left - dx * scale, top - dy * scale, width, height]);
  }
}

/** @param {PointerEvent} event */
function onUp({ pointerId }) {
  if (!fingers.delete(pointerId) || !drag) return;
  const { node, key, moved } = drag;
  drag = null;
  if (!moved) {
    choose(key);
    if (node) focusNode(node);
    select(".at", picture)?.scrollIntoView({ block: "nearest" }); // above the sheet of a phone
  } else if (node && !natural) {
    change((next) => {
      next.pins.set(node.key, [Math.round(node.x), Math.round(node.y)]);
      next.box = [...box];
    });
  }
}

/** @param {WheelEvent} event */
function onWheel(event) {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, pointAt(event.clientX, event.clientY));
}

let hovered = "";

/**
 * Names a node, or a line with its ends, and fades all that is not joined with it.
 * @param {string} key
 */
function hover(key) {
  if (key === hovered) return;
  hovered = key;
  const node = nodes.get(key);
  const edge = edges.get(key);
  const pair = pairs.get(key);
  const lines = node?.edges ?? pair?.edges ?? (edge ? [edge] : []);
  const lit = new Set(lines.flatMap((line) => [line, line.from, line.to, line.pair]).map((part) => part?.mark));
  const named = node ? [node] : [edge, ...[lines[0]].flatMap((line) => [line?.from, line?.to])];
  if (edge) showLabel(edge);
  for (const mark of selectAll("#nodes > g, #edges > g, #pairs > g")) {
    toggleClass(mark, "near", lit.has(/** @type {any} */ (mark)));
    toggleClass(mark, "named", named.some((part) => part?.mark === /** @type {any} */ (mark)));
  }
  toggleClass(picture, "hovered", lit.size > 0);
}

let isWaiting = false;

/** @param {PointerEvent} event */
function onHover({ clientX, clientY, pointerType, target }) {
  if (isWaiting || fingers.size || pointerType !== "mouse") return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    hover(view.contains(/** @type {Node} */ (target)) ? keyAt(clientX, clientY) : "");
  });
}

export function startPointer() {
  addEventListener("pointermove", onMove);
  addEventListener("pointermove", onHover);
  addEventListener("pointerup", onUp);
  addEventListener("pointercancel", onUp);
  picture.addEventListener("wheel", onWheel, { passive: false });
  setAttributes(picture, {
    pointerdown: onDown,
    focusin: ({ target }) => hover(target.id),
    focusout: () => hover(""),
  });
}

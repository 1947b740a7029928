// Pointers: drag a node to move and pin it, drag the background to pan, use two fingers or Ctrl and wheel to zoom.
import { setAttributes } from "../shared/element.js";
import { edges, nodes, picture } from "./graph.js";
import { focusNode } from "./keys.js";
import { box, glideTo, moveNode, natural, pointAt, showLabel, unitOf, zoom } from "./picture.js";
import { change, choose } from "./state.js";

/** @import { Box, GraphNode, Point } from "./types" */

/** @type {Map<number, Point>} */
const fingers = new Map();
/** @type {{x: number, y: number, box: Box, node?: GraphNode, key: string, moved: boolean} | null} */
let drag = null;

/**
 * Returns the mark at a point or, because lines are thin and dashed, within a few pixels of it.
 * @param {number} x
 * @param {number} y
 */
function markAt(x, y) {
  const offsets = [0, -2, 2, -4, 4];
  for (const down of offsets) {
    for (const right of offsets) {
      const mark = document.elementFromPoint(x + right, y + down)?.closest(".n, .e");
      if (mark) return mark;
    }
  }
}

/** @param {PointerEvent} event */
function onDown({ button, pointerId, clientX: x, clientY: y }) {
  if (button) return;
  fingers.set(pointerId, [x, y]);
  const key = markAt(x, y)?.id ?? "";
  picture.setPointerCapture(pointerId); // nothing is hovered while it moves
  drag = { x, y, box: [...box], node: nodes.get(key), key, moved: false };
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
  if (dragged.node) moveNode(dragged.node, pointAt(x, y));
  else if (!natural) {
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
  } else if (node) {
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

export function startPointer() {
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", onUp);
  addEventListener("pointercancel", onUp);
  picture.addEventListener("wheel", onWheel, { passive: false });
  setAttributes(picture, {
    pointerdown: onDown,
    pointerover({ target }) {
      const edge = edges.get(target.parentNode.id);
      if (edge) showLabel(edge);
    },
  });
}

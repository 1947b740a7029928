// A line through points in time.
import { svgElement } from "../shared/element.js";
import { figure } from "./links.js";

/** @typedef {{x: number, y: number, label: string}} Point A year and a number. */

const WIDTH = 760;
const HEIGHT = 320;
const [LEFT, RIGHT, TOP, BOTTOM] = [90, 30, 20, 34];

/**
 * Draws points and the line through them.
 * @param {Point[]} points
 * @param {string} title
 * @param {number} hidden The number of rows that are not drawn.
 * @param {string} note
 */
export function lineChart(points, title, hidden, note) {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const first = sorted[0].x;
  const last = sorted[sorted.length - 1].x;
  const least = Math.min(0, ...sorted.map(({ y }) => y));
  const most = Math.max(0, ...sorted.map(({ y }) => y));
  /** @param {number} x */
  const across = (x) => LEFT + ((x - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT);
  /** @param {number} y */
  const up = (y) => HEIGHT - BOTTOM - ((y - least) / (most - least || 1)) * (HEIGHT - TOP - BOTTOM);
  const path = sorted.map(({ x, y }, i) => `${i ? "L" : "M"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`).join("");
  const picture = svgElement(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "chart" },
    ...roundNumbers(least, most, 5).map((y) => rule(up(y), y)),
    ...roundNumbers(Math.ceil(first), Math.floor(last), 10, 1).map((x) =>
      svgElement("text", { x: across(x), y: HEIGHT - 10, "text-anchor": "middle" }, String(x))),
    svgElement("path", { d: path, class: "line" }),
    ...sorted.map(({ x, y, label }) =>
      svgElement("circle", { cx: across(x), cy: up(y), r: 4, class: "point" }, svgElement("title", {}, label))),
  );
  return figure(picture, `${title}${hidden ? `; ${hidden} rows have no date or no number` : ""}.${note}`);
}

/**
 * Returns round numbers in an interval.
 * @param {number} from
 * @param {number} to
 * @param {number} most How many at most.
 * @param {number} least The smallest step.
 */
function roundNumbers(from, to, most, least = 0) {
  if (to <= from) return [from];
  const raw = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5].find((number) => number * power >= raw) ?? 10;
  const step = Math.max(least, power * factor);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step + 1e-6) - first + 1 }, (_, i) => (first + i) * step);
}

/**
 * @param {number} y
 * @param {number} value
 */
function rule(y, value) {
  const at = { x: LEFT - 8, y: y + 4, "text-anchor": "end", class: "value" };
  const text = svgElement("text", at, value.toLocaleString("en"));
  return svgElement("g", {}, svgElement("path", { d: `M${LEFT} ${y}H${WIDTH - RIGHT}`, class: "rule" }), text);
}

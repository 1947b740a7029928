// Points in time, joined by a line.
import { drawn, figure } from "./element.js";

const [WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM] = [760, 320, 90, 30, 20, 34];

/**
 * Draws points and the line through them.
 * @param {{x: number, y: number, label: string}[]} points Years and numbers.
 * @param {string} title What they are.
 * @param {number} hidden How many rows have no place.
 */
export function line(points, title, hidden) {
  const sorted = [...points].sort((one, other) => one.x - other.x);
  const [first, last] = [sorted[0].x, sorted.at(-1).x];
  const [least, most] = [Math.min(0, ...sorted.map(({ y }) => y)), Math.max(0, ...sorted.map(({ y }) => y))];
  const across = (x) => LEFT + ((x - first) / (last - first || 1)) * (WIDE - LEFT - RIGHT);
  const up = (y) => HIGH - BOTTOM - ((y - least) / (most - least || 1)) * (HIGH - TOP - BOTTOM);
  const way = sorted.map(({ x, y }, number) => `${number ? "L" : "M"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`).join("");
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": title, class: "chart" },
    ...steps(least, most, 5).map((y) => rule(up(y), y)),
    ...steps(Math.ceil(first), Math.floor(last), 10, 1).map((x) => drawn("text", { x: across(x), y: HIGH - 10, "text-anchor": "middle" }, String(x))),
    drawn("path", { d: way, class: "line" }),
    ...sorted.map(({ x, y, label }) => drawn("circle", { cx: across(x), cy: up(y), r: 4, class: "point" }, drawn("title", {}, label))),
  );
  return figure(picture, hidden ? `${title}; ${hidden} rows have no date or no number.` : `${title}.`);
}

/** Gives round numbers from one to another. */
function steps(from, to, most, least = 0) {
  if (to <= from) return [from];
  const raw = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(least, power * [1, 2, 5, 10].find((one) => one * power >= raw));
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step + 1e-6) - first + 1 }, (_, number) => (first + number) * step);
}

function rule(at, value) {
  const text = drawn("text", { x: LEFT - 8, y: at + 4, "text-anchor": "end", class: "value" }, value.toLocaleString("en"));
  return drawn("g", {}, drawn("path", { d: `M${LEFT} ${at}H${WIDE - RIGHT}`, class: "rule" }), text);
}

// Draws the parts that the opening picture leaves out, which graphkit/view/page/rest.py packs into the page.
import { byId, svgElement } from "../shared/element.js";

/** @import { Entity } from "../shared/types" */

/** @typedef {[x: number, y: number, symbol: number, radius: number, label?: string]} PackedNode */
/** @typedef {[key: string, polarity: number, status: number, bend?: number]} PackedLine */
/** @typedef {[from: string, to: string, looks: string, bend: number]} PackedPair */
/** @typedef {{nodes?: (PackedNode | 0)[], edges?: (PackedLine | 0)[], pairs?: PackedPair[]}} Rest */

const LINE = 16.8;

/** @returns {Rest} */
export const readRest = () => JSON.parse(byId("rest")?.textContent ?? "{}");

/**
 * @param {Entity} entity
 * @param {PackedNode} packed
 */
export function nodeMark({ key, name }, [x, y, symbol, radius, label = name]) {
  const start = radius + 14;
  const [first, ...more] = label.split("\n");
  const spans = more.map((line, i) => svgElement("tspan", { x: 0, y: Math.round(start + (i + 1) * LINE) }, line));
  const text = svgElement("text", { y: start }, first, ...spans.flatMap((span) => [" ", span]));
  const shape = svgElement("use", { href: `#k${symbol}`, transform: `scale(${radius / 10})` });
  return svgElement("g", { class: "n", id: key, transform: `translate(${x} ${y})` }, shape, text);
}

/** @param {PackedLine} packed */
export const lineMark = ([key, polarity, status, bend = 0]) =>
  svgElement("g", { class: `e p${polarity} t${status}`, id: `e-${key}`, "data-b": bend }, svgElement("path"));

/** @param {PackedPair} packed */
export const pairMark = ([from, to, looks, bend]) => svgElement(
  "g",
  { class: `b ${looks}`, id: `${from}~${to}`, "data-b": bend },
  svgElement("path"),
  svgElement("g", { class: "bar" }, svgElement(
    "g",
    {},
    svgElement("path", { class: "yes" }),
    svgElement("path", { class: "no" }),
    svgElement("text"),
  )),
);

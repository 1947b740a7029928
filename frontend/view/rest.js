// Draws the parts that the opening picture leaves out, which graphkit/view/page/page.py packs into the page.
import { byId, svgElement } from "../shared/element.js";

/** @import { Entity } from "../shared/types" */

/**
 * Position, symbol, radius, and the label: where its lines end in the name, or its text.
 * @typedef {[x: number, y: number, symbol: number, radius: number, ...label: (string | number)[]]} PackedNode
 */
/** @typedef {[from: number, to: number, looks: string, bend?: number]} PackedPair */
/** @typedef {{nodes?: (PackedNode | 0)[], looks?: string, pairs?: PackedPair[]}} Rest */

const LINE = 16.8;

/** @returns {Rest} */
export const readRest = () => JSON.parse(byId("rest")?.textContent ?? "{}");

/**
 * @param {Entity} entity
 * @param {PackedNode} packed
 */
export function nodeMark({ key, name }, [x, y, symbol, radius, ...label]) {
  const start = radius + 14;
  const [first, ...more] = typeof label[0] === "string"
    ? label[0].split("\n")
    : [...label, Infinity].map((end, i) => name.slice(i && Number(label[i - 1]) + 1, Number(end)));
  const spans = more.map((line, i) => svgElement("tspan", { x: 0, y: Math.round(start + (i + 1) * LINE) }, line));
  const text = svgElement("text", { y: start }, first, ...spans.flatMap((span) => [" ", span]));
  const shape = svgElement("use", { href: `#k${symbol}`, transform: `scale(${radius / 10})` });
  return svgElement("g", { class: "n", id: key, transform: `translate(${x} ${y})` }, shape, text);
}

/** @param {string} packed Key, polarity, status and bend without spaces between them, such as 0123456789290-0.1. */
export function lineMark(packed) {
  const [, key, polarity, status, bend] = /^(.{10})(.)(\d+)(.*)/.exec(packed) ?? [];
  return svgElement("g", { class: `e p${polarity} t${status}`, id: `e-${key}`, "data-b": bend }, svgElement("path"));
}

/**
 * @param {PackedPair} packed
 * @param {string[]} keys The keys of all nodes.
 */
export const pairMark = ([from, to, looks, bend = 0], keys) => svgElement(
  "g",
  { class: `b ${looks}`, id: `${keys[from]}~${keys[to]}`, "data-b": bend },
  svgElement("path"),
  svgElement("g", { class: "bar" }, svgElement(
    "g",
    {},
    svgElement("path", { class: "yes" }),
    svgElement("path", { class: "no" }),
    svgElement("text"),
  )),
);

// The picture, drawn by vis-network in the colours of the page; labels appear where there is space or on demand.
import { byId } from "../shared/element.js";
import { markedLabel } from "../shared/panel.js";
import { entities, relations } from "./graph.js";

/** @import { Item, PageData } from "./types" */
/** @import { Relation } from "../shared/types" */

const NARROW = 600;
const DARK_INK = "#1b1f24";
const LIGHT_INK = "#e6e9ed";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const frame = byId("picture");

/** @type {PageData} */
let data;
/** Whether the network is too large for hovering, and for drawing while the picture moves. */
let large = false;
/** @type {any} The objects of vis-network, which has no types here. */
let network;
/** @type {any} */
let nodes;
/** @type {any} */
let edges;
/** @type {{ink: string, background: string, outline: string}} */
let theme;
/** @type {Set<string>} */
let labelled;
/** @type {Set<string>} The edges that are chosen. */
let chosen = new Set();
let allLabels = false;

/**
 * Returns the text colour that contrasts more with a background.
 * @param {string} background As the browser computes it.
 * @param {string} usual The colour on a transparent background.
 */
function inkOn(background, usual) {
  const [red, green, blue, opacity = 1] = background.match(/[\d.]+/g)?.map(Number) ?? [];
  if (opacity < 0.5) return usual;
  const [r, g, b] = [red, green, blue].map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? DARK_INK : LIGHT_INK;
}

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  const background = data.look?.background;
  const ink = read("--ink");
  theme = {
    ink: background ? inkOn(getComputedStyle(frame).backgroundColor, ink) : ink,
    background: background || read("--paper"),
    outline: dark.matches ? read("--quiet") : "",
  };
}

/**
 * Returns the hover text of a node; one that was configured stays.
 * @param {Item} node
 */
function nodeTitle({ id, title }) {
  const entity = entities.get(id);
  return title || `${entity?.name}\n${entity?.kind}`;
}

/**
 * @param {Item} node
 * @returns {Item}
 */
function styledNode(node) {
  const title = nodeTitle(node);
  if (!node.color?.background || !node.color.border) return { ...node, title };
  const hollow = node.borderWidth > 1;
  const color = {
    background: hollow ? theme.background : node.color.background,
    border: hollow || !theme.outline ? node.color.border : theme.outline,
  };
  return { ...node, title, color: { ...color, highlight: color, hover: color } };
}

/**
 * Returns the hover text of an edge: who says so, in the first two statements.
 * @param {Relation} relation
 */
function edgeTitle({ from, to, statements, scope, ...edge }) {
  const said = statements.slice(0, 2).map(({ speaker, act, gist }) => `${speaker} ${act}: ${gist}`);
  const more = statements.length - said.length;
  const about = scope && `scope: ${scope}`;
  const head = markedLabel(edge, `${from.name} — ${edge.relation} → ${to.name} ${edge.rest}`.trimEnd());
  const lines = [head, about, ...said, more > 0 && `and ${more} more`];
  return lines.filter(Boolean).join("\n");
}

/** @param {Item} edge */
function styledEdge(edge) {
  const shown = allLabels || labelled.has(edge.id) || chosen.has(edge.id);
  const title = edge.title || edgeTitle(/** @type {Relation} */ (relations.get(edge.id)));
  return { ...edge, title, label: shown ? edge.label : " " };
}

/**
 * @param {"nodes" | "edges"} what
 * @param {number} strokeWidth The width of the line around letters.
 */
function common(what, strokeWidth) {
  const { font, ...rest } = data.common[what];
  return { ...rest, font: { ...font, color: theme.ink, strokeColor: theme.background, strokeWidth } };
}

/** @param {unknown} value */
const isGroup = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns options with others over them, group by group.
 * @param {any} below
 * @param {any} above
 * @returns {any}
 */
function merged(below, above) {
  if (!isGroup(below) || !isGroup(above)) return above;
  const both = { ...below };
  for (const name of Object.keys(above)) both[name] = merged(below[name], above[name]);
  return both;
}

/** Returns the options of vis-network; those of a pyvis network come last. */
function options() {
  const usual = {
    physics: { enabled: false },
    layout: { improvedLayout: false, randomSeed: 1 },
    nodes: common("nodes", 3),
    edges: { ...common("edges", 4), smooth: false, selectionWidth: 2.5, hoverWidth: 1 },
    // Tens of thousands of edges cannot be drawn or searched within a frame: they are hidden while the picture moves.
    interaction: {
      hover: !large, hideEdgesOnDrag: large, hideEdgesOnZoom: large, tooltipDelay: 150,
      keyboard: { enabled: true, bindToWindow: false },
    },
  };
  return merged(usual, data.options ?? {});
}

/** Styles everything again; nodes stay where the reader or physics moved them. */
function restyle() {
  readTheme();
  network.setOptions(options());
  nodes.update(data.nodes.map(styledNode).map(({ x, y, ...look }) => look));
  edges.update(data.edges.map(styledEdge));
}

/** Names the picture for a screen reader. */
function describe() {
  const canvas = frame.querySelector(".vis-network");
  canvas?.setAttribute("role", "img");
  canvas?.setAttribute("aria-label", `Network of ${data.nodes.length} nodes and ${data.edges.length} edges. `
  + "Arrow keys move it. The tables below have the same content.");
}

/** Zooms to the busiest node where the whole network would be too small to read, as on a phone. */
function zoomToBusiest() {
  if (frame.clientWidth >= NARROW || !nodes.length || network.getScale() >= 0.6) return;
  /** @param {string} id */
  const degree = (id) => network.getConnectedEdges(id).length;
  const busiest = data.nodes.map(({ id }) => id).reduce((best, id) => (degree(id) > degree(best) ? id : best));
  network.focus(busiest, { scale: 0.7 });
}

/**
 * Draws the picture.
 * @param {PageData} given
 * @param {boolean} isLarge
 * @param {(id: string) => void} onClick Called with the id of a node or an edge that is clicked.
 */
export function draw(given, isLarge, onClick) {
  data = given;
  large = isLarge;
  labelled = new Set(data.labelled);
  const { look } = data;
  if (look) Object.assign(frame.style, { height: look.height, width: look.width, backgroundColor: look.background });
  readTheme();
  nodes = new vis.DataSet(data.nodes.map(styledNode));
  edges = new vis.DataSet(data.edges.map(styledEdge));
  network = new vis.Network(frame, { nodes, edges }, options());
  network.on("selectNode", (/** @type {any} */ event) => onClick(event.nodes[0]));
  network.on("selectEdge", (/** @type {any} */ event) => {
    if (!event.nodes.length) onClick(event.edges[0]);
  });
  describe();
  network.once("afterDrawing", () => {
    document.documentElement.dataset.drawn = String(Math.round(performance.now()));
  });
  fit();
  zoomToBusiest();
  dark.addEventListener("change", restyle);
  return { network, nodes, edges };
}

/** @param {number} factor */
export function zoom(factor) {
  network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, large ? 0.005 : 0.05), 5) });
}

export function fit() {
  network.fit();
  zoom(1.03);
}

/** @param {string} id */
export const centre = (id) => network.focus(id, { scale: Math.max(network.getScale(), 0.9) });

/**
 * Selects a node or an edge in the picture, if there is one.
 * @param {string} id
 */
export function select(id) {
  if (entities.has(id)) network?.selectNodes([id]);
  else network?.selectEdges([id]);
}

/**
 * Shows the labels of some edges, and of none that were chosen before.
 * @param {string[]} ids
 */
export function showLabels(ids) {
  const changed = new Set([...chosen, ...ids]);
  chosen = new Set(ids);
  edges?.update(data.edges.filter(({ id }) => changed.has(id)).map(styledEdge));
}

/** @returns {boolean} Whether all edges have their label now. */
export function toggleLabels() {
  allLabels = !allLabels;
  restyle();
  return allLabels;
}

/**
 * Hides nodes and edges that do not have some words in their name or label; an edge keeps its ends.
 * @param {string} words
 */
export function filter(words) {
  const wanted = words.trim().toLowerCase();
  /** @param {unknown} text */
  const has = (text) => String(text ?? "").toLowerCase().includes(wanted);
  const shown = new Set(data.nodes.flatMap(({ id, label }) =>
    (has(entities.get(id)?.name) || has(label) ? id : [])));
  const kept = data.edges.filter(({ id, from, to }) =>
    has(markedLabel(/** @type {Relation} */ (relations.get(id)))) || (shown.has(from) && shown.has(to)));
  for (const { id, from, to } of kept) shown.add(id).add(from).add(to);
  nodes.update(data.nodes.map(({ id }) => ({ id, hidden: !shown.has(id) })));
  edges.update(data.edges.map(({ id }) => ({ id, hidden: !shown.has(id) })));
}

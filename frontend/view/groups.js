// Overviews of large networks: a group grows where it is, and its members are drawn inside it, up to a limit.
import {
  button, byId, counted, element, paragraph, row as toolRow, select, setAttributes, svgElement, toggleClass,
} from "../shared/element.js";
import { entityRow, relationRows, unpackStatement } from "../shared/rows.js";
import { unpackedJson } from "../shared/unpack.js";
import { arranged } from "./arrange.js";
import { addEdge, edges, nodes, polarityOf } from "./graph.js";
import { makeLists } from "./legend.js";
import { addControls } from "./panel.js";
import { drawLine, frame, rank } from "./picture.js";
import { elsewhere } from "./search.js";
import { OF_EDGES, OF_STATEMENTS, addressed, change, count, drawn, restore, state, totals } from "./state.js";
import { showNotice } from "./story.js";
import { relations } from "./table.js";

/** @import { PackedEdge, PackedNode, PackedStatement } from "../shared/rows.js" */
/** @import { Pair } from "./arrange.js" */
/** @import { GraphEdge, GraphNode } from "./types" */

/** @typedef {{base: string, nodes: PackedNode[], between: PackedEdge[], relations: number}} PackedGroup */
/** @typedef {[index: number, edge: PackedEdge]} NumberedEdge */
/** @typedef {(edge: PackedEdge, index: number) => boolean} Wanted */

const { ceil, hypot, max, min, round } = Math;
const LIMITS = [50, 100, 300, 1000];
const USUAL_LIMIT = 100;
const LETTERS = 24;
/** How many times larger the picture becomes, so that the members of a group have room inside it. */
const ROOM = 20;

/** @type {Record<string, string>} Packed groups by the keys of their nodes. */
let groups;
/** @type {Set<string>} */
const opened = new Set();

/**
 * Returns a group, and writes the identifiers that its members leave out: its base, then their key.
 * @param {string} name
 * @returns {Promise<PackedGroup>}
 */
async function unpackGroup(name) {
  /** @type {PackedGroup} */
  const group = await unpackedJson(groups[name]);
  for (const node of group.nodes) {
    node[4] ??= "";
    node[5] ??= group.base + node[0].slice(2);
  }
  return group;
}

/**
 * @param {string} key The key of the group.
 * @param {number} index
 */
const edgeKey = (key, index) => `e-${key}-${index}`;

/** @param {GraphNode} node */
function controlsOf({ key }) {
  if (!groups[key]) return [];
  if (opened.has(key)) return [paragraph("This group is already open.")];
  const limit = element(
    "select",
    { "aria-label": "How many relations" },
    ...LIMITS.map((value) => element("option", { value }, `the ${value} strongest relations`)),
  );
  limit.value = `${USUAL_LIMIT}`;
  return [toolRow(limit, button("Open the group", () => open(key, Number(limit.value))))];
}

/**
 * @param {PackedNode} packed
 * @param {number} x
 * @param {number} y
 */
function addNode(packed, x, y) {
  const [key, name, symbol, kind, also, iri] = packed;
  const known = nodes.get(key);
  if (known) return known;
  const label = name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
  const mark = svgElement(
    "g",
    {
      class: "n", id: key, transform: `translate(${round(x)} ${round(y)})`,
      role: "button", tabindex: -1, "aria-label": `${label} (${name}), ${kind}`,
    },
    svgElement("use", { href: `#${symbol}` }),
    svgElement("text", { y: 24 }, label),
  );
  byId("nodes").append(mark);
  const row = entityRow(packed);
  select("#entities tbody")?.append(row);
  [x, y] = [round(x), round(y)];
  /** @type {GraphNode} */
  const node = {
    key, name, kind, also, iri, row, edges: [], alone: [],
    mark, x, y, place: [x, y], home: [x, y], all: [x, y], isMore: false, pairs: [], radius: 10, label, lines: 1,
    letters: label.length,
  };
  nodes.set(key, node);
  count(totals, "kind", kind);
  return node;
}

/** @param {PackedStatement} packed */
function addStatement(packed) {
  const statement = unpackStatement(packed);
  if (!drawn.has(statement)) for (const group of OF_STATEMENTS) count(totals, group, statement[group]);
  drawn.add(statement);
  return statement;
}

/**
 * Returns the bend of one more edge between two nodes: to one side, then to the other, each time farther out.
 * @param {GraphNode} from
 * @param {GraphNode} to
 */
function bendOf({ edges: known }, to) {
  const number = known.filter((edge) => edge.to === to || edge.from === to).length;
  return (number % 2 ? 1 : -1) * ceil(number / 2) * 0.2;
}

/**
 * @param {string} key
 * @param {PackedEdge} packed
 * @param {GraphNode} from
 * @param {GraphNode} to
 */
function drawPacked(key, [, , relation, status, words, rest, classes, scope, policies, , packed], from, to) {
  const mark = svgElement("g", { class: `e ${classes}`, id: key }, svgElement("path"));
  byId("edges").append(mark);
  const found = packed.map(addStatement);
  const parts = { from, to, relation, words, rest, statements: found };
  const body = relationRows(parts);
  relations.append(body);
  /** @type {GraphEdge} */
  const edge = {
    ...parts, key, mark, body, scope, status: status || "reported",
    polarity: polarityOf(mark), policies: policies.split(" "), bend: bendOf(from, to),
  };
  addEdge(edge);
  for (const group of OF_EDGES) count(totals, group, edge[group]);
  drawLine(edge);
}

/**
 * Returns which of some nodes are joined; many edges between two nodes pull no more than one.
 * @param {PackedEdge[]} lines
 * @param {number[]} ends
 * @returns {Pair[]}
 */
function pairsOf(lines, ends) {
  /** @type {Map<string, Pair>} */
  const pairs = new Map();
  for (const [from, to] of lines) {
    const [low, high] = [ends.indexOf(from), ends.indexOf(to)].sort((a, b) => a - b);
    pairs.set(`${low} ${high}`, [low, high]);
  }
  return [...pairs.values()];
}

/**
 * @param {GraphNode} node
 * @param {number} radius
 */
function resize(node, radius) {
  node.radius = radius;
  setAttributes(/** @type {Element} */ (node.mark.firstElementChild), { transform: `scale(${radius / 8})` });
  node.mark.style.setProperty("--r", `${radius}`);
  node.edges.forEach(drawLine);
}

/** Makes everything larger but the type. */
function enlarge() {
  frame.forEach((value, i) => { frame[i] = value * ROOM; });
  for (const node of nodes.values()) {
    toggleClass(node.mark, "rim", true);
    const text = /** @type {Element} */ (select("text", node.mark));
    const top = Number(text.getAttribute("y"));
    for (const line of [text, ...text.children]) line.setAttribute("y", `${Number(line.getAttribute("y")) - top}`);
    const [x, y] = node.home;
    node.home = node.all = [x * ROOM, y * ROOM];
    resize(node, node.radius * ROOM);
  }
  const foot = /** @type {Element} */ (select(".foot"));
  for (const name of ["x", "y", "font-size"]) foot.setAttribute(name, `${Number(foot.getAttribute(name)) * ROOM}`);
}

/**
 * Draws edges of a group with their ends, and members without any, inside the circle of the group.
 * @param {string} key
 * @param {PackedGroup} group
 * @param {NumberedEdge[]} chosen
 * @param {Set<string>} alone The keys of members to draw in any case.
 */
function drawGroup(key, group, chosen, alone) {
  const lines = chosen.map(([, line]) => line);
  const asked = group.nodes.flatMap(([name], i) => (alone.has(name) ? [i] : []));
  const ends = [...new Set([...lines.flatMap(([from, to]) => [from, to]), ...asked])].sort((a, b) => a - b);
  if (!ends.length) return change((next) => { next.at = []; });
  const [xs, ys] = arranged(ends.map((end) => group.nodes[end][1]), pairsOf(lines, ends));
  const [left, high] = [xs, ys].map((some) => (min(...some) + max(...some)) / 2);
  const circle = /** @type {GraphNode} */ (nodes.get(key));
  const [x, y] = circle.home;
  const made = new Map(ends.map((end, i) => [end, addNode(group.nodes[end], x + xs[i] - left, y + ys[i] - high)]));
  for (const [index, line] of chosen) {
    const [from, to] = line.slice(0, 2).map((end) => /** @type {GraphNode} */ (made.get(/** @type {number} */ (end))));
    drawPacked(edgeKey(key, index), line, from, to);
  }
  toggleClass(circle.mark, "opened", true);
  resize(circle, max(circle.radius, ...ends.map((_, i) => hypot(xs[i] - left, ys[i] - high) + 90)));
  rank();
  makeLists();
  const { radius } = circle;
  change((next) => {
    next.at = [];
    next.box = [x - radius, y - radius, 2 * radius, 2.2 * radius];
  });
}

/**
 * Draws the strongest relations of a group, first those that are wanted; of an open group only those.
 * @param {string} key
 * @param {number} limit
 * @param {Wanted} isWanted
 * @param {Set<string>} alone The keys of members to draw in any case.
 */
async function open(key, limit, isWanted = () => false, alone = new Set()) {
  const group = await unpackGroup(key);
  /** @type {NumberedEdge[]} */
  const wanted = [];
  /** @type {NumberedEdge[]} */
  const others = [];
  group.between.forEach((line, index) => (isWanted(line, index) ? wanted : others).push([index, line]));
  const candidates = opened.has(key) ? wanted : [...wanted, ...others];
  opened.add(key);
  drawGroup(key, group, candidates.slice(0, limit).filter(([index]) => !edges.has(edgeKey(key, index))), alone);
  const there = group.between.flatMap((_, index) => edges.get(edgeKey(key, index)) ?? []);
  const members = group.nodes.filter(([name]) => nodes.has(name)).length;
  showNotice(
    `Drawn: ${there.length} of ${counted(group.relations, "relation")} in this group, `,
    `between ${members} of ${counted(group.nodes.length, "entity", "entities")}.`,
  );
}

/**
 * Returns the parts of an address that the page has not drawn: nodes and edges by key, a source by title, a dispute.
 * @param {string} text
 */
function missingFrom(text) {
  const fields = new URLSearchParams(text);
  const keys = (fields.get("at") ?? "").split(" ").filter((key) => key && !nodes.has(key) && !edges.has(key));
  return { keys: new Set(keys), source: fields.get("only-source"), dispute: /^d-([0-9a-f]{12})/.exec(text)?.[1] };
}

/**
 * Opens the group that contains most of the parts that an address names, and shows the state of the address.
 * @param {string} text
 */
async function openWanted(text) {
  const { keys, source, dispute } = missingFrom(text);
  if (!keys.size && !source && !dispute) return;
  /** @type {{key: string, size: number, found: string[], isWanted?: Wanted}} */
  let best = { key: "", size: 0, found: [] };
  for (const key in groups) {
    const group = await unpackGroup(key);
    /** @type {Wanted} */
    const isWanted = ([from, to, , , , , , , , disputes, said], index) =>
      keys.has(group.nodes[from][0]) || keys.has(group.nodes[to][0]) || keys.has(edgeKey(key, index))
      || (dispute !== undefined && disputes.includes(dispute))
      || Boolean(source && said.some((statement) => statement[5] === source));
    const found = group.between.flatMap((line, index) => (isWanted(line, index) ? [edgeKey(key, index)] : []));
    const size = found.length + Number(group.nodes.some(([name]) => keys.has(name)));
    if (size > best.size) best = { key, size, found, isWanted };
  }
  const place = linkToDrawing(keys);
  if (!best.size) {
    showNotice("The address names an item that is not among the strongest relations of the groups.",
      " This file contains no other relations.", ...place);
    return;
  }
  await open(best.key, USUAL_LIMIT, best.isWanted, keys);
  if (!best.found.length) showNotice("No relation of it is inside its group, and this file has no others.");
  select("#guide p")?.append(...place);
  const at = best.found.slice(0, USUAL_LIMIT).join(" ");
  const more = /hops=|box=|only-/.test(text) ? {} : { box: state.box };
  restore(dispute ? new URLSearchParams({ at }).toString() : text, more);
}

/** Lets Find know the members of all groups, also if the reader has typed a name before. */
async function nameMembers() {
  for (const key in groups) {
    const { nodes: members, between: lines } = await unpackGroup(key);
    const number = members.map(() => 0);
    for (const [from, to] of lines) for (const end of new Set([from, to])) number[end]++;
    members.forEach(([name, label, , kind, also], i) => elsewhere.push({
      key: name, name: label, kind, also, edges: { length: number[i] }, open: () => openWanted(`at=${name}`),
    }));
  }
  const find = /** @type {HTMLInputElement} */ (byId("search"));
  if (find.value) find.dispatchEvent(new Event("input"));
}

/**
 * Returns a link to the page on which a server draws an entity with its neighbours.
 * @param {Set<string>} keys
 */
function linkToDrawing(keys) {
  const { ego } = document.body.dataset;
  const key = [...keys].find((name) => /^n-(?!group-)/.test(name));
  return ego && key ? [" ", element("a", { href: `${ego}${key.slice(2)}.html` }, "Draw it with its neighbours")] : [];
}

/** Adds the controls that open groups, and opens the group that the address names. */
export function startGroups() {
  groups = JSON.parse(/** @type {string} */ (byId("groups").textContent));
  enlarge();
  addControls(controlsOf);
  const openNamed = () => openWanted(addressed());
  addEventListener("hashchange", openNamed);
  openNamed();
  nameMembers();
}

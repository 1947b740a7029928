// The state of the view, stored in the fragment of the address, so that a view can be cited and changes undone.
import { allEdges, edges, nodes, pairs } from "./graph.js";

/** @import { Box, Group, GraphEdge, GraphNode, State } from "./types" */
/** @import { Statement } from "../shared/types" */

/** @type {Group[]} */
const GROUPS = ["kind", "status", "polarity", "relation", "stance", "speaker", "source"];
export const OF_EDGES = /** @type {const} */ (["status", "polarity", "relation"]);
export const OF_STATEMENTS = /** @type {const} */ (["stance", "speaker", "source"]);
const ADDRESS = /** @type {const} */ (["hops", "to", "since", "until", "q", "policy", "sort", "scope", "story"]);

/**
 * Makes a collection for each group of values by which the reader can filter.
 * @template T
 * @param {new () => T} Collection
 * @returns {Record<Group, T>}
 */
export const forEachGroup = (Collection) =>
  /** @type {Record<Group, T>} */ (Object.fromEntries(GROUPS.map((group) => [group, new Collection()])));

/** @typedef {Record<Group, Map<string, number>>} Counts */

/** @type {Counts} How often each value occurs in the whole page. */
export const totals = forEachGroup(/** @type {new () => Map<string, number>} */ (Map));
/** @type {Set<Statement>} The statements behind the edges. */
export const drawn = new Set();

/**
 * @param {Counts} counts
 * @param {Group} group
 * @param {string} value
 */
export const count = (counts, group, value) => counts[group].set(value, (counts[group].get(value) ?? 0) + 1);

/**
 * @param {Counts} counts
 * @param {Iterable<GraphNode>} someNodes
 * @param {Iterable<GraphEdge>} someEdges
 * @param {Iterable<Statement>} someStatements
 */
export function countAll(counts, someNodes, someEdges, someStatements) {
  for (const node of someNodes) count(counts, "kind", node.kind);
  for (const edge of someEdges) for (const group of OF_EDGES) count(counts, group, edge[group]);
  for (const statement of someStatements) for (const group of OF_STATEMENTS) count(counts, group, statement[group]);
}

/** Counts all values of the page. */
export function countPage() {
  for (const edge of allEdges()) for (const statement of edge.statements) drawn.add(statement);
  countAll(totals, nodes.values(), edges.values(), drawn);
}

/** @returns {State} */
export const initialState = () => ({
  at: [], hops: 0, to: "", off: forEachGroup(/** @type {new () => Set<string>} */ (Set)), since: "", until: "",
  undated: true, q: "", policy: "", hidden: new Set(), pins: new Map(), box: null, sort: "", scope: "", story: "",
});

/** The only copy of the state; other modules change it through `change`, `restore` and `follow`. */
export let state = initialState();
/** The number of states to which the reader can go back. */
export let depth = 0;
let lastGesture = "";
let show = () => {};

/**
 * Sets the function that shows the state after each change.
 * @param {() => void} action
 */
export const whenChanged = (action) => { show = action; };

/** Returns the state as a fragment; for each group it lists the hidden or the shown values, whichever are fewer. */
export function toFragment() {
  const fields = new URLSearchParams();
  if (state.at.length) fields.set("at", state.at.join(" "));
  for (const name of ADDRESS) if (state[name]) fields.set(name, String(state[name]));
  if (!state.undated) fields.set("undated", "no");
  for (const group of GROUPS) {
    const off = state.off[group];
    const values = [...totals[group].keys()];
    if (off.size * 2 <= values.length) for (const value of off) fields.append(`off-${group}`, value);
    else if (off.size === values.length) fields.append(`only-${group}`, "");
    else for (const value of values) if (!off.has(value)) fields.append(`only-${group}`, value);
  }
  for (const key of state.hidden) fields.append("hide", key);
  for (const [key, [x, y]] of state.pins) fields.append("pin", `${key} ${x} ${y}`);
  if (state.box) fields.set("box", state.box.map(Math.round).join(" "));
  return fields.toString();
}

/** @param {string} text */
const monthOf = (text) => (/^\d{4}(-\d\d)?$/.test(text) ? text : "");

/**
 * Reads a state and leaves out nodes, edges and values that the page does not have.
 * @param {string} text
 */
function parse(text) {
  const fields = new URLSearchParams(text);
  /** @param {string} name */
  const field = (name) => fields.get(name) ?? "";
  const read = initialState();
  read.at = field("at").split(" ").filter((key) => nodes.has(key) || edges.has(key) || pairs.has(key));
  read.hops = Math.max(0, Math.min(9, Math.trunc(Number(field("hops")) || 0)));
  for (const name of /** @type {const} */ (["q", "policy", "sort", "scope", "story"])) read[name] = field(name);
  if (nodes.has(field("to"))) read.to = field("to");
  for (const name of /** @type {const} */ (["since", "until"])) read[name] = monthOf(field(name));
  if (read.since && read.until && read.until < read.since.slice(0, read.until.length)) read.until = read.since;
  read.undated = field("undated") !== "no";
  for (const group of GROUPS) {
    const only = fields.getAll(`only-${group}`);
    const off = fields.getAll(`off-${group}`);
    for (const value of totals[group].keys()) {
      if (off.includes(value) || (only.length && !only.includes(value))) read.off[group].add(value);
    }
  }
  read.hidden = new Set(fields.getAll("hide").filter((key) => nodes.has(key)));
  for (const pin of fields.getAll("pin")) {
    const [key, x, y] = pin.split(" ");
    if (nodes.has(key) && Number.isFinite(+x) && Number.isFinite(+y)) read.pins.set(key, [+x, +y]);
  }
  const box = /** @type {Box} */ (field("box").split(" ").map(Number));
  if (box.length === 4 && box.every(Number.isFinite) && box[2] > 0 && box[3] > 0) read.box = box;
  return read;
}

/** Returns the fragment of the address. */
export const addressed = () => location.hash.slice(1);

/**
 * Writes the state into the address.
 * @param {boolean} [isNew] Whether the browser can go back to the address before.
 */
export function writeAddress(isNew = false) {
  const text = toFragment();
  const address = text ? `#${text}` : location.href.split("#")[0];
  try {
    if (isNew) history.pushState(depth + 1, "", address);
    else history.replaceState(depth, "", address);
    if (isNew) depth++;
  } catch { /* a sandboxed frame may not change its address */ }
}

/**
 * Changes the state and shows it. The browser can go back to the state before.
 * @param {(state: State) => void} edit
 * @param {string} [gesture] Names a control that changes the state many times, such as a slider; all are one step.
 */
export function change(edit, gesture = "") {
  const before = toFragment();
  edit(state);
  if (toFragment() !== before) {
    writeAddress(!gesture || gesture !== lastGesture);
    lastGesture = gesture;
  }
  show();
}

/**
 * Shows the state of a fragment.
 * @param {string} text
 */
export function follow(text) {
  state = parse(text);
  show();
}

/**
 * Shows the state of a fragment, and writes it into the address.
 * @param {string} text
 * @param {Partial<State>} [more] What the fragment does not say.
 */
export const restore = (text, more) => change((next) => Object.assign(next, parse(text), more));

/** Shows the state of the address when the browser goes back or forward. */
export function startHistory() {
  depth = Number(history.state) || 0;
  addEventListener("popstate", (event) => {
    if (event.state === null && addressed() && !/[=&]/.test(addressed())) return;
    depth = Number(event.state) || 0;
    lastGesture = "";
    follow(addressed());
  });
}

/** @param {string} key */
const isLine = (key) => edges.has(key) || pairs.has(key);

/** Returns the key of the edge, the pair or else the node whose evidence is shown. */
export const chosen = () => state.at.find(isLine) ?? state.at[0] ?? "";

/**
 * Chooses a node or an edge by its key, or nothing. An edge that is chosen among the neighbours of a node keeps them.
 * @param {string} key
 */
export const choose = (key) => change((next) => {
  const around = next.hops ? next.at.filter((name) => nodes.has(name)) : [];
  const isInside = isLine(key) || (!key && isLine(chosen()));
  next.at = [...(isInside ? around : []), key].filter(Boolean);
  next.to = "";
  if (!next.at.length) next.hops = 0;
});

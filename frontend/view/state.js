// The state of the view, stored in the fragment of the address, so that a view can be cited and changes undone.
import { edges, nodes } from "./graph.js";

/** @import { Box, Group, GraphEdge, GraphNode, State } from "./types" */
/** @import { Statement } from "../shared/types" */

/** @type {Group[]} */
const GROUPS = ["kind", "status", "polarity", "relation", "stance", "speaker", "source"];
export const OF_EDGES = /** @type {const} */ (["status", "polarity", "relation"]);
export const OF_STATEMENTS = /** @type {const} */ (["stance", "speaker", "source"]);
const ADDRESS = /** @type {const} */ (["hops", "to", "since", "until", "q", "policy", "sort"]);

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
  for (const edge of edges.values()) for (const statement of edge.statements) drawn.add(statement);
  countAll(totals, nodes.values(), edges.values(), drawn);
}

/** @returns {State} */
export const initialState = () => ({
  at: [], hops: 0, to: "", off: forEachGroup(/** @type {new () => Set<string>} */ (Set)), since: "", until: "",
  undated: true, q: "", policy: "", hidden: new Set(), pins: new Map(), box: null, sort: "",
});

/** The only copy of the state; other modules change it through `change`, `restore` and `follow`. */
export let state = initialState();
/** @type {string[]} */
export const past = [];
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
  read.at = field("at").split(" ").filter((key) => nodes.has(key) || edges.has(key));
  read.hops = Math.max(0, Math.min(9, Math.trunc(Number(field("hops")) || 0)));
  for (const name of /** @type {const} */ (["q", "policy", "sort"])) read[name] = field(name);
  if (nodes.has(field("to"))) read.to = field("to");
  for (const name of /** @type {const} */ (["since", "until"])) read[name] = monthOf(field(name));
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

/** Writes the state into the address. */
export function writeAddress() {
  const text = toFragment();
  try {
    history.replaceState(null, "", text ? `#${text}` : location.href.split("#")[0]);
  } catch { /* a sandboxed frame may not change its address */ }
}

/**
 * Changes the state, remembers the old one for undo, and shows the new one.
 * @param {(state: State) => void} edit
 */
export function change(edit) {
  const before = toFragment();
  edit(state);
  if (toFragment() !== before) {
    past.push(before);
    writeAddress();
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
 */
export function restore(text) {
  state = parse(text);
  writeAddress();
  show();
}

export function undo() {
  const text = past.pop();
  if (text !== undefined) restore(text);
}

/**
 * Chooses a node or an edge by its key, or nothing.
 * @param {string} key
 */
export const choose = (key) => change((next) => {
  next.at = key ? [key] : [];
  next.to = "";
  if (!key) next.hops = 0;
});

// Starts the script of a view, and shows the state after each change.
import { byId, counted, select, toggleClass } from "../shared/element.js";
import { targetOf, textOf } from "../shared/tables.js";
import { addBadges } from "./badges.js";
import { isWithin, reachable, shownPart } from "./filter.js";
import { allEdges, allNodes, edges, nodes, pairs, picture, readGraph } from "./graph.js";
import { startKeys } from "./keys.js";
import { showLegend, startLegend } from "./legend.js";
import { moveNodes } from "./motion.js";
import { showPanel } from "./panel.js";
import {
  arrangeLabels, drawLine, fittingBox, measure, narrow, natural, rank, setBox, showLabel, showPair, spread,
} from "./picture.js";
import { startPointer } from "./pointer.js";
import {
  addressed, choose, chosen, countAll, countPage, follow, forEachGroup, startHistory, state, whenChanged, writeAddress,
} from "./state.js";
import { followDispute, opening, showStory, startStories } from "./story.js";
import { showTable, startTable } from "./table.js";
import { startTime } from "./time.js";
import { showTools, startTools } from "./tools.js";

/** @import { GraphEdge, GraphNode, Point, Shown } from "./types" */

let total = 0;
let showTime = () => {};

/**
 * Returns the highlighted nodes and edges: the chosen ones with their neighbours, and the path.
 * @param {Shown} shown
 */
function highlighted(shown) {
  /** @type {Set<GraphNode | GraphEdge>} */
  const found = new Set();
  /** @param {GraphEdge} edge */
  const add = (edge) => found.add(edge).add(edge.from).add(edge.to);
  for (const key of state.hops ? [chosen()] : state.at) {
    const node = nodes.get(key);
    if (node) found.add(node);
    for (const edge of node?.edges ?? []) if (shown.edges.has(edge)) add(edge);
    const edge = edges.get(key);
    if (edge) add(edge);
    for (const other of pairs.get(key)?.edges ?? []) if (shown.edges.has(other)) add(other);
  }
  shown.path.forEach(add);
  if (!GROUPED && picture.matches(".together") && found.size) {
    const starts = allNodes().filter((node) => found.has(node));
    for (const node of reachable(starts, shown.edges, Infinity).keys()) {
      for (const edge of node.edges) if (shown.edges.has(edge)) add(edge);
    }
  }
  return found;
}

/** @param {Shown} shown */
function showPicture(shown) {
  const lit = highlighted(shown);
  toggleClass(picture, "part", shown.isOpening);
  toggleClass(picture, "picked", state.at.length > 0 && (!state.hops || !nodes.has(chosen())));
  /**
   * @param {GraphNode | GraphEdge} part
   * @param {boolean} isShown
   * @param {string} name A further class.
   * @param {boolean} has Whether the part gets it.
   */
  const paint = (part, isShown, name, has) => {
    const { mark, key } = part;
    toggleClass(mark, "off", !isShown);
    toggleClass(mark, "dim", !isShown && isWithin(part, shown));
    toggleClass(mark, "on", lit.has(part));
    toggleClass(mark, "at", state.at.includes(key));
    toggleClass(mark, name, has);
  };
  /** @type {[GraphNode, Point][]} */
  const moves = [];
  for (const node of nodes.values()) {
    const pin = state.pins.get(node.key);
    const goal = pin ?? (shown.isOpening ? node.home : node.all);
    if (node.x !== goal[0] || node.y !== goal[1]) moves.push([node, goal]);
    paint(node, shown.nodes.has(node), "pin", Boolean(pin));
  }
  moveNodes(moves);
  const path = new Set(shown.path);
  for (const edge of allEdges()) {
    paint(edge, shown.edges.has(edge), "way", path.has(edge));
    if (lit.has(edge)) showLabel(edge);
  }
  for (const pair of GROUPED ? [] : pairs.values()) {
    const isChosen = (/** @type {GraphEdge} */ edge) => state.at.includes(edge.key) || path.has(edge);
    showPair(pair, shown.edges, state.at.includes(pair.key) || pair.edges.some(isChosen));
    toggleClass(pair.mark, "on", pair.edges.some((edge) => lit.has(edge)));
  }
  for (const { badge, mark } of allEdges()) if (badge) toggleClass(badge, "off", mark.matches(".off, .joined"));
  setBox(state.box ?? fittingBox());
}

function show() {
  const shown = shownPart();
  showPicture(shown);
  const counts = forEachGroup(/** @type {new () => Map<string, number>} */ (Map));
  const drawn = new Set();
  for (const edge of shown.edges) {
    for (const statement of edge.statements) if (shown.statements.has(statement)) drawn.add(statement);
  }
  countAll(counts, shown.nodes, shown.edges, drawn);
  const { size } = drawn;
  const hidden = (total - size).toLocaleString("en");
  byId("counts").textContent = `${size} of ${counted(total, "statement")} shown; ${hidden} hidden.`
    + ` ${counted(shown.nodes.size, "node")}, ${counted(shown.edges.size, "edge")}.`;
  showLegend(counts);
  showTools();
  showStory();
  showTime();
  showTable(shown);
  showPanel(shown);
}

/**
 * Follows a link to a node inside the page by choosing the node.
 * @param {MouseEvent} event
 */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
  const key = link ? targetOf(link) : "";
  if (!nodes.has(key)) return;
  event.preventDefault();
  choose(key);
  picture.scrollIntoView({ block: "nearest" });
}

/**
 * Reads the page, adds the tools, and shows the state that the address gives.
 * @param {() => void} prepare Called before the state is first shown.
 */
export function start(prepare = () => {}) {
  if (!GROUPED) narrow();
  measure();
  document.documentElement.classList.add("js", location.search.includes("embed=1") ? "bare" : "js");
  readGraph(drawLine);
  if (!GROUPED) {
    for (const pair of pairs.values()) if (pair.from.isMore || pair.to.isMore) drawLine(pair);
    if (!natural) addBadges();
  }
  countPage();
  spread();
  rank();
  total = Number(textOf(/** @type {Node} */ (select("footer"))).match(/of (\d+) statements/)?.[1]);
  startHistory();
  startTable();
  startStories();
  startTools();
  startLegend();
  if (!GROUPED) showTime = startTime();
  startKeys();
  startPointer();
  addEventListener("click", onClick);
  whenChanged(show);
  prepare();
  const text = addressed();
  follow(/=/.test(text) || !text ? text || (GROUPED ? "" : opening()) : "");
  if (!text && state.story) writeAddress();
  arrangeLabels();
  if (text) select(".at", picture)?.scrollIntoView({ block: "nearest" });
  if (!text && select("#finding") && innerWidth > 640) byId("search").focus();
  if (!GROUPED) followDispute();
  addEventListener("hashchange", () => {
    if (!GROUPED) followDispute();
    const changed = addressed();
    if (/[=&]/.test(changed)) follow(changed);
  });
  document.documentElement.dataset.drawn = `${nodes.size}`;
}

/**
 * Waits until the picture is painted.
 * @param {() => void} action
 */
export const afterPaint = (action) => requestAnimationFrame(() => setTimeout(action));

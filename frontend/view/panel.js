// The evidence of the chosen node or edge, beside the picture, with the tools for a chosen node.
import { button, byId, counted, element, heading, paragraph, row, toggleClass } from "../shared/element.js";
import { disputeCard, edgeList, edgePanel, entityPanel, smallPrint } from "../shared/panel.js";
import { edges, nodes, pairs } from "./graph.js";
import { natural } from "./picture.js";
import { searchField } from "./search.js";
import { change, choose, chosen, state } from "./state.js";
import { walk } from "./story.js";

/** @import { GraphNode, Pair, Shown } from "./types" */

export const panel = byId("panel");
const actions = GROUPED ? { choose } : { choose, walk };
/** @type {(node: GraphNode) => Node[]} */
let extraControls = () => [];

/**
 * Adds controls to the panel of a node.
 * @param {(node: GraphNode) => Node[]} make
 */
export const addControls = (make) => { extraControls = make; };

/**
 * Returns a link to the page of an entity, if the view belongs to a site.
 * @param {string} iri
 */
function linkToPage(iri) {
  const { site } = document.body.dataset;
  if (!site || !iri.startsWith(site)) return [];
  return [paragraph(element("a", { href: `${iri.slice(site.length)}.html` }, "Page of this entity"))];
}

/** @param {GraphNode} node */
function togglePin({ key, x, y }) {
  change(({ pins }) => {
    if (!pins.delete(key)) pins.set(key, [Math.round(x), Math.round(y)]);
  });
}

/** @param {GraphNode} node */
function hide({ key }) {
  change((next) => {
    next.hidden.add(key);
    Object.assign(next, { at: [], hops: 0, to: "" });
  });
}

/** @param {number} hops */
const hopsButton = (hops) => button(
  hops ? `${hops}` : "all",
  () => change((next) => Object.assign(next, { hops, box: null })),
  {
    "aria-pressed": `${state.hops === hops}`,
    "aria-label": hops ? `within ${counted(hops, "step")}` : "all of the network",
  },
);

/** @param {GraphNode} node */
const nodeTools = (node) => row(
  element("span", { class: "group" }, "Steps: ", ...[0, 1, 2, 3].map(hopsButton)),
  button(state.pins.has(node.key) ? "Unpin" : "Pin", () => togglePin(node)),
  button("Hide", () => hide(node)),
  searchField(({ key }) => change((next) => { next.to = key; }), { "aria-label": "Path to", placeholder: "Path to" }),
);

/** @param {Shown} shown */
function pathPart({ path }) {
  const goal = nodes.get(state.to);
  if (!goal) return [];
  const text = path.length ? `Path to ${goal.name}: ${counted(path.length, "step")}` : `No path to ${goal.name}.`;
  return [paragraph(text), edgeList(path, actions)];
}

/**
 * @param {GraphNode} node
 * @param {Shown} shown
 */
function nodePanel(node, shown) {
  const visible = node.edges.filter((edge) => shown.edges.has(edge));
  const statements = natural ? visible.flatMap((edge) => edge.statements) : [];
  const found = new Set(statements.flatMap(({ disputes }) => disputes));
  const cards = [...found].map((dispute) => disputeCard(dispute, actions));
  const above = [...extraControls(node), ...linkToPage(node.iri), ...cards, ...pathPart(shown)];
  return entityPanel(node, visible, actions, above, [nodeTools(node)]);
}

/**
 * Returns the relations between two nodes, to choose from.
 * @param {Pair} pair
 * @param {Shown} shown
 */
function pairPanel({ from, to, edges: all }, shown) {
  const visible = all.filter((edge) => shown.edges.has(edge));
  return [
    heading(`${from.name} and ${to.name}`),
    smallPrint([`${visible.length} of ${counted(all.length, "relation")} shown`]),
    edgeList(visible, actions),
  ];
}

/** @param {Shown} shown */
export function showPanel(shown) {
  const edge = edges.get(chosen());
  const node = nodes.get(chosen());
  const pair = pairs.get(chosen());
  panel.hidden = !edge && !node && !pair;
  toggleClass(byId("stage"), "open", !panel.hidden);
  if (panel.hidden && !panel.firstChild) return; // scrolling would make the browser lay out the page
  const content = edge
    ? edgePanel(edge, actions, state.story.split("/")[0], edge.mark.matches(".cell"))
    : !GROUPED && pair
        ? pairPanel(pair, shown)
        : node ? nodePanel(node, shown) : [];
  panel.replaceChildren(...(panel.hidden ? [] : [button("Close", () => choose("")), ...content]));
  panel.scrollTop = 0;
}

// The evidence of the chosen node or edge, beside the picture; its rows are marked in the table.
import { button, byId, counted, paragraph, setAttributes, toggleClass } from "../shared/element.js";
import { edgePanel, entityPanel } from "../shared/panel.js";
import { bodies, entities, idsByKey, relations } from "./graph.js";
import { select, showLabels } from "./picture.js";

const MOST_LISTED = 100;
const panel = byId("panel");
const actions = { choose };

/**
 * Fills the panel, or hides it if there is no content.
 * @param {(Node | string)[]} content
 * @param {string[]} edges The ids of the edges that are chosen.
 */
function fill(content, edges) {
  panel.hidden = !content.length;
  toggleClass(byId("stage"), "open", !panel.hidden);
  panel.replaceChildren(...(content.length ? [button("Close", close), ...content] : []));
  panel.scrollTop = 0;
  showLabels(edges);
  for (const [id, body] of bodies) toggleClass(body, "chosen", edges.includes(id));
}

const close = () => fill([], []);

/**
 * Shows the evidence of a node or an edge.
 * @param {string} id
 */
function show(id) {
  const entity = entities.get(id);
  const relation = relations.get(id);
  if (relation) fill(edgePanel(relation, actions), [id]);
  if (!entity) return;
  const more = entity.edges.length - MOST_LISTED;
  const rest = more > 0 ? [paragraph(`The table below lists ${counted(more, "more relation")}.`)] : [];
  const content = [...entityPanel(entity, entity.edges.slice(0, MOST_LISTED), actions), ...rest];
  fill(content, entity.edges.map(({ key }) => key));
}

/**
 * Shows the evidence of a node or an edge that was clicked in the picture.
 * @param {string} id
 */
export function showClicked(id) {
  show(id);
  panel.scrollIntoView({ block: "nearest" });
}

/**
 * Chooses an entity or a relation by its key, shows its evidence and moves the focus there.
 * @param {string} key
 */
export function choose(key) {
  const id = idsByKey.get(key) ?? key;
  select(id);
  show(id);
  panel.scrollIntoView({ block: "nearest" });
  panel.focus({ preventScroll: true });
}

/** Makes Escape close the panel. */
export function startPanel() {
  setAttributes(panel, {
    tabindex: -1,
    keydown({ key }) {
      if (key === "Escape") close();
    },
  });
}

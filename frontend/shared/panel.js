// The evidence panel: the statements behind an edge with both sides of each dispute, or everything about an entity.
import { button, counted, division, element, heading, listItem, paragraph, subheading } from "./element.js";
import { disputes } from "./tables.js";

/** @import { Dispute, Entity, Relation, Statement } from "./types" */

/**
 * The actions of the panel: to choose an entity or an edge by its key and, on some pages, to walk through a dispute.
 * @typedef {{choose: (key: string) => void, walk?: (dispute: Dispute) => void}} Actions
 */

/** @param {Statement} statement */
export function statementCard({ row, speaker, stance, gist, said, id }) {
  const source = row.cells[4];
  return element(
    "article",
    {},
    paragraph(element("b", {}, speaker), " ", element("em", {}, stance), said ? ` · ${said}` : " · undated"),
    paragraph(gist),
    paragraph(...[...source.childNodes].map((node) => node.cloneNode(true))),
    paragraph(element("small", {}, `Statement ${id}`)),
  );
}

/**
 * @param {Dispute} dispute
 * @param {Actions} actions
 */
export function disputeCard(dispute, { walk }) {
  /**
   * @param {string} name
   * @param {Statement[]} statements
   */
  const side = (name, statements) =>
    division(subheading(name), ...statements.map(statementCard));
  return division(
    heading("In dispute"),
    paragraph(dispute.account),
    walk ? paragraph(button("Walk through", () => walk(dispute))) : "",
    element("div", { class: "sides" }, side("One side", dispute.one), side("Other side", dispute.other)),
  );
}

/**
 * Returns a relation's label with its status before it, unless it is plainly reported.
 * @param {{status: string, relation: string}} edge
 */
export const markedLabel = ({ status, relation }) => (status === "reported" ? relation : `${status}: ${relation}`);

/**
 * @param {string} text
 * @param {string} key
 * @param {Actions} actions
 */
const choiceOf = (text, key, { choose }) => button(text, () => choose(key), { class: "link" });

/** @param {(string | false)[]} notes */
export const smallPrint = (notes) => paragraph(element("small", {}, notes.filter(Boolean).join(" · ")));

/**
 * Returns the panel of an edge.
 * @param {Relation} edge
 * @param {Actions} actions
 */
export function edgePanel(edge, actions) {
  const { from, to, statements, status, polarity, scope } = edge;
  const disputed = disputes.filter((dispute) => statements.some((statement) => statement.disputes.includes(dispute)));
  return [
    heading(
      choiceOf(from.name, from.key, actions),
      ` ${markedLabel(edge)} `,
      choiceOf(to.name, to.key, actions),
    ),
    smallPrint([status, polarity, scope && `scope: ${scope}`, counted(statements.length, "statement")]),
    ...statements.map(statementCard),
    ...disputed.map((dispute) => disputeCard(dispute, actions)),
  ];
}

/**
 * Returns a list of edges to choose from.
 * @param {Relation[]} edges
 * @param {Actions} actions
 * @param {Entity} [seenFrom] The entity from which they are seen; by default both ends are named.
 */
export function edgeList(edges, actions, seenFrom) {
  /** @param {Relation} edge */
  const text = (edge) => {
    const label = markedLabel(edge);
    if (edge.from === seenFrom) return `${label} → ${edge.to.name}`;
    return `${seenFrom ? "← " : ""}${edge.from.name} ${label}${seenFrom ? "" : ` ${edge.to.name}`}`;
  };
  return element("ul", {}, ...edges.map((edge) => listItem(choiceOf(text(edge), edge.key, actions))));
}

/**
 * Returns the panel of an entity.
 * @param {Entity} entity
 * @param {Relation[]} shown Those of its edges that are shown.
 * @param {Actions} actions
 * @param {(Node | string)[]} above Elements below its name.
 * @param {(Node | string)[]} below Elements below its kind and other names.
 */
export function entityPanel(entity, shown, actions, above = [], below = []) {
  const { name, kind, also, iri, edges, alone } = entity;
  return [
    heading(name),
    ...above,
    smallPrint([kind, also && `also: ${also}`, iri]),
    ...below,
    subheading(`${shown.length} of ${counted(edges.length, "relation")} shown`),
    edgeList(shown, actions, entity),
    ...(alone.length ? [subheading("Statements about this entity only, not drawn"), ...alone.map(statementCard)] : []),
  ];
}

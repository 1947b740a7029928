// The evidence panel: the statements behind an edge with both sides of each dispute, or everything about an entity.
import {
  button, counted, division, element, heading, listItem, paragraph, select, subheading,
} from "./element.js";
import { disputes, statements, textOf } from "./tables.js";

/** @import { Dispute, Entity, Relation, Statement } from "./types" */

/**
 * The actions of the panel: to choose an entity or an edge by its key and, on some pages, to walk through a dispute.
 * @typedef {{choose: (key: string) => void, walk?: (dispute: Dispute) => void}} Actions
 */

/**
 * @param {Statement} statement
 * @param {string} [name] A class.
 */
export function statementCard({ row, speaker, act, gist, said, id }, name = "") {
  const source = row.cells[4];
  return element(
    "article",
    { class: name },
    paragraph(element("b", {}, speaker), " ", element("em", {}, act), said ? ` · ${said}` : " · undated"),
    paragraph(gist),
    paragraph(...[...source.childNodes].map((node) => node.cloneNode(true))),
    paragraph(element("small", {}, `Statement ${id}`)),
  );
}

/** @param {Dispute} dispute */
const nameOf = ({ item }) => textOf(/** @type {Element} */ (select("b", item)));

/**
 * Returns a dispute with both sides beside each other.
 * @param {Dispute} dispute
 * @param {Actions} actions
 * @param {(statement: Statement) => Node} [card] Makes the card of a statement.
 */
export function disputeCard(dispute, { walk }, card = (statement) => statementCard(statement)) {
  /**
   * @param {string} name
   * @param {Statement[]} statements
   */
  const side = (name, statements) => division(subheading(name), ...statements.map(card));
  return division(
    heading(nameOf(dispute)),
    element("div", { class: "sides" }, side("One side", dispute.one), side("Other side", dispute.other)),
    paragraph(dispute.account),
    walk ? paragraph(button("Walk through", () => walk(dispute))) : "",
  );
}

/**
 * Returns a text about a relation, by default its verb, after the words of its status, unless it is plainly reported.
 * @param {{words: string, relation: string}} edge
 */
export const markedLabel = ({ words, relation }, text = relation) => (words ? `${words}: ${text}` : text);

/**
 * Returns the label of a relation, with the words after its second end.
 * @param {Pick<Relation, "relation" | "rest">} edge
 */
export const labelOf = ({ relation, rest }) => relation + (rest && ` … ${rest}`);

/**
 * Returns a relation as a sentence.
 * @param {Pick<Relation, "from" | "relation" | "to" | "rest">} edge
 */
export const sentenceOf = ({ from, relation, to, rest }) => `${from.name} ${relation} ${to.name} ${rest}`.trim();

/**
 * @param {string} text
 * @param {string} key
 * @param {Actions} actions
 */
const choiceOf = (text, key, { choose }) => button(text, () => choose(key), { class: "link" });

const MOST_OPEN = 24;

/** @param {(string | false)[]} notes */
export const smallPrint = (notes) => paragraph(element("small", {}, notes.filter(Boolean).join(" · ")));

/**
 * Returns the panel of an edge: first the sides of its disputes, then its other statements, each of them once.
 * @param {Relation} edge
 * @param {Actions} actions
 * @param {string} [first] The id of the dispute that comes first.
 * @param {boolean} [isCell] Whether it is a cell: its own statements come first, and its sign has no status.
 */
export function edgePanel(edge, actions, first, isCell) {
  const { from, to, relation, rest, statements, status, words, polarity, scope } = edge;
  const disputed = disputes.filter((dispute) => statements.some((statement) => statement.disputes.includes(dispute)));
  disputed.sort((a, b) => Number(b.item.id === first) - Number(a.item.id === first));
  const seen = new Set();
  /** @param {Statement} statement */
  const card = (statement) => {
    if (seen.has(statement)) return paragraph(`${statement.speaker} ${statement.act}: see above`);
    seen.add(statement);
    return statementCard(statement, statements.includes(statement) ? "own" : "");
  };
  const own = () => statements.filter((statement) => !seen.has(statement)).map(card);
  const early = isCell ? own() : [];
  const cards = disputed.map((dispute) => disputeCard(dispute, actions, card));
  return [
    heading(
      markedLabel(edge, ""),
      choiceOf(from.name, from.key, actions),
      ` ${relation} `,
      choiceOf(to.name, to.key, actions),
      rest && ` ${rest}`,
    ),
    smallPrint([
      words || (!isCell && status), polarity, scope && `scope: ${scope}`, counted(statements.length, "statement"),
    ]),
    ...early,
    ...cards,
    ...own(),
  ];
}

/**
 * Returns what a list has beside the name of an edge: scope, date and speakers.
 * @param {Relation} edge
 */
function about({ scope, statements }) {
  const said = statements.map((statement) => statement.said).find(Boolean);
  const [first, second, ...more] = new Set(statements.map(({ speaker }) => speaker));
  const speakers = [first, second, more.length && `${more.length} more`].filter(Boolean).join(", ");
  return element("small", {}, ` ${[scope, said, speakers].filter(Boolean).join(" · ")}`);
}

/**
 * Returns a list of edges to choose from.
 * @param {Relation[]} edges
 * @param {Actions} actions
 */
export const edgeList = (edges, actions) => element("ul", {}, ...edges.map((edge) => listItem(
  choiceOf(markedLabel(edge, sentenceOf(edge)), edge.key, actions),
  about(edge),
)));

/**
 * Returns the edges of an entity to choose from, in a list for each relation; a long panel opens with closed lists.
 * @param {Entity} entity
 * @param {Relation[]} edges
 * @param {Actions} actions
 */
function relationLists(entity, edges, actions) {
  /** @type {Map<string, Relation[]>} */
  const groups = new Map();
  for (const edge of edges) {
    const verb = edge.from === entity ? `${edge.relation} →` : `← ${edge.relation}`;
    groups.set(verb, [...(groups.get(verb) ?? []), edge]);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length).map(([verb, some]) => element(
    "details",
    { open: edges.length <= MOST_OPEN },
    element("summary", {}, `${verb} (${some.length})`),
    element("ul", {}, ...some.map((edge) => {
      const { from, to, rest, key } = edge;
      const name = from === entity ? `${to.name} ${rest}`.trim() : from.name + (rest && `: ${rest}`);
      return listItem(markedLabel(edge, ""), choiceOf(name, key, actions), about(edge));
    })),
  ));
}

/**
 * Returns the sentence below the name of an entity: kind, other names, numbers of statements by it and by others.
 * @param {Entity} entity
 * @param {Statement[]} told The statements on its lines, which may be about something else.
 */
function summary({ name, kind, also }, told) {
  const own = [...statements.values()].filter(({ speaker }) => speaker === name).length;
  const others = told.filter(({ speaker }) => speaker !== name).length;
  const by = own ? `${counted(own, "statement")} by it, ` : "";
  const counts = `${by}${counted(others, "statement")} by others on its lines`;
  return paragraph(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}${also ? `, also called ${also}` : ""}: ${counts}.`);
}

/**
 * Returns a list of disputes.
 * @param {Dispute[]} found
 * @param {Actions} actions
 */
function disputeList(found, { walk }) {
  if (!found.length) return [];
  const names = found.map((dispute) => listItem(
    walk ? button(nameOf(dispute), () => walk(dispute), { class: "link" }) : nameOf(dispute),
  ));
  const title = element("summary", {}, `In dispute (${found.length})`);
  return [element("details", { open: found.length < 4, class: "disputes" }, title, element("ul", {}, ...names))];
}

/**
 * Returns the panel of an entity.
 * @param {Entity} entity
 * @param {Relation[]} shown Those of its edges that are shown.
 * @param {Actions} actions
 * @param {(Node | string)[]} above Elements below its description.
 * @param {(Node | string)[]} below Elements below its relations.
 */
export function entityPanel(entity, shown, actions, above = [], below = []) {
  const { name, iri, edges, alone } = entity;
  const told = [...new Set([...edges, { statements: alone }].flatMap((edge) => edge.statements))];
  const disputed = [...new Set(told.flatMap((statement) => statement.disputes))];
  return [
    heading(name),
    summary(entity, told),
    ...above,
    ...disputeList(disputed, actions),
    subheading(`${shown.length} of ${counted(edges.length, "relation")} shown`),
    ...relationLists(entity, shown, actions),
    ...(alone.length ? [subheading("Statements about it alone, not drawn")] : []),
    ...alone.map((statement) => statementCard(statement)),
    ...below,
    smallPrint([iri]),
  ];
}

// Stories: each step is a text and a state. The story of a dispute lists the statements of one side, then the other.
import { button, byId, element, paragraph, row, select, selectAll } from "../shared/element.js";
import { disputes, targetOf, textOf } from "../shared/tables.js";
import { edges } from "./graph.js";
import { addressed, past, restore, toFragment } from "./state.js";

/** @import { Dispute, Statement } from "../shared/types" */
/** @import { Step } from "./types" */

const guide = element("section", { id: "guide", class: "notice", "aria-live": "polite", hidden: true });
/** @type {Step[]} */
let steps = [];

/**
 * Shows a text above the picture.
 * @param {...(Node | string)} parts
 */
export function showNotice(...parts) {
  guide.hidden = false;
  guide.replaceChildren(paragraph(...parts));
}

/** @param {number} at */
function goTo(at) {
  const step = steps[at];
  guide.hidden = !step;
  guide.replaceChildren();
  if (!step) return;
  showNotice(`${at + 1} of ${steps.length}: ${step.text}`);
  guide.append(row(
    button("Back", () => goTo(at - 1), { disabled: at === 0 }),
    button("Next", () => goTo(at + 1), { disabled: at === steps.length - 1 }),
    button("End", () => goTo(-1)),
  ));
  past.push(toFragment());
  restore(step.state);
}

/** @param {Step[]} story */
function start(story) {
  steps = story;
  goTo(0);
  guide.scrollIntoView({ block: "nearest" });
}

/** @param {Statement[]} statements */
function stateOf(statements) {
  for (const statement of statements) {
    for (const edge of edges.values()) if (edge.statements.includes(statement)) return `at=${edge.key}`;
  }
  return "";
}

/**
 * Starts the story of a dispute.
 * @param {Dispute} dispute
 */
export function walk({ account, one, other }) {
  /** @param {string} side */
  const stepOn = (side) => (/** @type {Statement} */ statement) => {
    const { speaker, stance, said, gist } = statement;
    return { text: `${side}: ${speaker} ${stance}${said ? ` (${said})` : ""}: ${gist}`, state: stateOf([statement]) };
  };
  const first = { text: account, state: stateOf([...one, ...other]) };
  start([first, ...one.map(stepOn("One side")), ...other.map(stepOn("Other side"))]);
}

/** Makes the written story and the disputes of the page into stories to click through. */
export function startStories() {
  byId("stage").before(guide);
  const links = selectAll("#story li a");
  const written = links.map((link) => ({
    text: textOf(link), state: targetOf(link),
  }));
  select("#story h2")?.after(paragraph(button("Start", () => start(written))));
  links.forEach((link, i) => link.addEventListener("click", (event) => {
    event.preventDefault();
    steps = written;
    goTo(i);
  }));
  for (const dispute of disputes) dispute.item.append(button("Walk through", () => walk(dispute)));
}

/** Opens the dispute that the address names. */
export function followDispute() {
  const dispute = disputes.find(({ item }) => item.id === addressed());
  if (dispute) walk(dispute);
}

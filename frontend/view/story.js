// Stories: each step is a text and a state. The story of a dispute lists the statements of one side, then the other.
import { button, byId, element, paragraph, row, selectAll } from "../shared/element.js";
import { disputes, targetOf, textOf } from "../shared/tables.js";
import { edges } from "./graph.js";
import { addressed, restore, state, toFragment } from "./state.js";

/** @import { Dispute, Statement } from "../shared/types" */
/** @import { Step } from "./types" */

const guide = element("section", { id: "guide", class: "notice", "aria-live": "polite", hidden: true });
/** @type {Map<string, Step[]>} The steps of each story, by its name. */
const stories = new Map();
/** The state from which the reader started a story. */
let before = "";
let toldLast = "";

/**
 * Shows a text above the picture.
 * @param {...(Node | string)} parts
 */
export function showNotice(...parts) {
  guide.hidden = false;
  guide.replaceChildren(paragraph(...parts));
}

/**
 * Goes to a step of a story; before the first, the story ends and everything is as it was.
 * @param {string} name
 * @param {number} at
 */
function goTo(name, at) {
  const step = stories.get(name)?.[at];
  if (!state.story) before = toFragment();
  if (step) restore(step.state, { story: `${name}/${at + 1}` });
  else restore(before);
}

/** Shows the step that the state names: its text, and the buttons to the steps beside it. */
export function showStory() {
  const { story } = state;
  if (story === toldLast) return;
  toldLast = story;
  const [name, number] = story.split("/");
  const at = Number(number) - 1;
  const steps = stories.get(name);
  const step = steps?.[at];
  guide.hidden = !step;
  guide.replaceChildren();
  for (const list of selectAll("#story ol")) list.hidden = !!step;
  if (!steps || !step) return;
  showNotice(`${at + 1} of ${steps.length}: ${step.text}`);
  guide.append(row(
    button("Back", () => goTo(name, at - 1), { disabled: at === 0 }),
    button("Next", () => goTo(name, at + 1), { disabled: at === steps.length - 1 }),
    button("End", () => goTo(name, -1)),
  ));
}

/** @param {KeyboardEvent} event */
function onKey({ key }) {
  const [name, number] = state.story.split("/");
  const turn = { ArrowRight: 0, ArrowLeft: -2 }[key];
  const isFree = !document.activeElement?.matches("input, select, textarea, .n");
  if (turn !== undefined && isFree && stories.get(name)?.[Number(number) + turn]) goTo(name, Number(number) + turn);
}

/** @param {string} name */
function start(name) {
  goTo(name, 0);
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
export const walk = ({ item }) => start(item.id);

/** @param {Dispute} dispute */
function stepsOf({ account, one, other }) {
  /** @param {string} side */
  const stepOn = (side) => (/** @type {Statement} */ statement) => {
    const { speaker, stance, said, gist } = statement;
    return { text: `${side}: ${speaker} ${stance}${said ? ` (${said})` : ""}: ${gist}`, state: stateOf([statement]) };
  };
  const first = { text: account, state: stateOf([...one, ...other]) };
  return [first, ...one.map(stepOn("One side")), ...other.map(stepOn("Other side"))];
}

/** Makes the written story and the disputes of the page into stories to click through. */
export function startStories() {
  byId("stage").before(guide);
  const links = selectAll("#story li a");
  stories.set("story", links.map((link) => ({ text: textOf(link), state: targetOf(link) })));
  links.forEach((link, i) => link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo("story", i);
  }));
  for (const dispute of disputes) {
    stories.set(dispute.item.id, stepsOf(dispute));
    dispute.item.append(button("Walk through", () => walk(dispute)));
  }
  addEventListener("keydown", onKey);
}

/** Returns the state of the first step of the written story, with which its page opens; "" if there is none. */
export const opening = () => {
  const [first] = stories.get("story") ?? [];
  return first ? `${first.state}&story=story/1` : "";
};

/** Opens the dispute that the address names. */
export function followDispute() {
  const dispute = disputes.find(({ item }) => item.id === addressed());
  if (dispute) walk(dispute);
}

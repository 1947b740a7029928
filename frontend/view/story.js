// Stories: each step is a text and a state. The story of a dispute lists the statements of one side, then the other.
// An overview of groups has no stories, only notices.
import {
  button, byId, element, paragraph, row, select, selectAll, setAttributes, toggleClass,
} from "../shared/element.js";
import { disputes, targetOf, textOf } from "../shared/tables.js";
import { allEdges } from "./graph.js";
import { addressed, restore, state, toFragment } from "./state.js";

/** @import { Dispute, Statement } from "../shared/types" */
/** @import { Step } from "./types" */

/** How far a finger moves to turn to another step, in pixels. */
const SWIPE = 40;
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
  if (GROUPED) return;
  const { story } = state;
  const [name, number] = story.split("/");
  const at = Number(number) - 1;
  const steps = stories.get(name);
  const step = steps?.[at];
  // On a phone, the evidence that a step opens is below its text; any other is in a sheet.
  toggleClass(byId("stage"), "step", !!step && new URLSearchParams(step.state).get("at") === state.at.join(" "));
  if (story === toldLast) return;
  toldLast = story;
  guide.hidden = !step;
  guide.replaceChildren();
  const list = select("#story");
  if (list) list.hidden = !!step;
  if (!steps || !step) return;
  showNotice(`${at + 1} of ${steps.length}: ${step.text}`);
  guide.append(row(
    button("Back", () => turn(-1), { disabled: at === 0 }),
    button("Next", () => turn(1), { disabled: at === steps.length - 1 }),
    button("End", () => goTo(name, -1)),
  ));
}

/**
 * Goes to another step of the story that is shown, if there is one.
 * @param {number} by
 */
function turn(by) {
  const [name, number] = state.story.split("/");
  const at = Number(number) - 1 + by;
  if (stories.get(name)?.[at]) goTo(name, at);
}

/** @param {KeyboardEvent} event */
function onKey({ key }) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (by && !document.activeElement?.matches("input, select, textarea, .n, .e")) turn(by);
}

/** @param {string} name */
function start(name) {
  goTo(name, 0);
  guide.scrollIntoView({ block: "nearest" });
}

/** @param {Statement[]} statements */
function stateOf(statements) {
  for (const statement of statements) {
    for (const edge of allEdges()) if (edge.statements.includes(statement)) return `at=${edge.key}`;
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
    const { speaker, act, said, gist } = statement;
    return { text: `${side}: ${speaker} ${act}${said ? ` (${said})` : ""}: ${gist}`, state: stateOf([statement]) };
  };
  const first = { text: account, state: stateOf([...one, ...other]) };
  return [first, ...one.map(stepOn("One side")), ...other.map(stepOn("Other side"))];
}

/** Makes the written story and the disputes of the page into stories to click through. */
export function startStories() {
  byId("view").before(guide);
  if (GROUPED) return;
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
  let from = 0;
  setAttributes(guide, {
    pointerdown: ({ clientX }) => { from = clientX; },
    pointerup: ({ clientX, pointerType }) => {
      if (pointerType === "touch" && Math.abs(clientX - from) > SWIPE) turn(clientX < from ? 1 : -1);
    },
  });
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

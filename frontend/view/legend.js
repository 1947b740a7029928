// The legend: boxes that show or hide each kind, status, colour, relation, stance, speaker and source.
import {
  button, byId, division, element, label, listItem, select, selectAll, setAttributes, subheading, toggleClass,
} from "../shared/element.js";
import { POLICIES, picture } from "./graph.js";
import { change, forEachGroup, state, totals } from "./state.js";

/** @import { Group } from "./types" */
/** @import { Counts } from "./state.js" */

/** @typedef {{box: HTMLInputElement, group: Group, value: string, output: Element}} Entry */

export const legend = byId("legend");
/** @type {Entry[]} */
let entries = [];
/** @type {Counts} */
let counted;

const policy = element(
  "select",
  { id: "policy", "aria-label": "Policy", change: () => change((next) => { next.policy = policy.value; }) },
  element("option", { value: "" }, "all"),
  ...POLICIES.map((value) => element("option", { value }, `plain: ${value}`)),
);

/** Removes what filters leave out, which is faded until then, or brings it back. */
const rest = button("Remove the rest", () => {
  setAttributes(rest, { "aria-pressed": `${!toggleClass(picture, "fade")}` });
  change((next) => { next.box = null; });
}, { "aria-pressed": "false" });

/** Writes the count of each value. */
function writeCounts() {
  for (const { box, group, value, output } of entries) {
    const total = totals[group].get(value) ?? 0;
    const shown = counted[group].get(value) ?? 0;
    box.checked = !state.off[group].has(value);
    /** @type {HTMLElement} */ (box.closest("li")).hidden = !total;
    output.textContent = shown === total ? `${total}` : `${shown} of ${total}`;
  }
}

/**
 * @param {Group} group
 * @param {HTMLUListElement} items
 */
function fillList(group, items) {
  if (items.firstChild) return;
  const sorted = [...totals[group]].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [value] of sorted) {
    const box = element("input", { type: "checkbox", "data-group": group, value });
    const output = element("output");
    entries.push({ box, group, value, output });
    items.append(listItem(label(box, value, " ", output)));
  }
  writeCounts();
}

/**
 * Adds a list, which may be long and is filled only when it is opened.
 * @param {Group} group
 * @param {string} title
 */
function addList(group, title) {
  const items = element("ul");
  /** @param {Iterable<string>} off */
  const setOff = (off) => change((next) => { next.off[group] = new Set(off); });
  legend.append(element(
    "details",
    { id: `list-${group}`, toggle: () => fillList(group, items) },
    element("summary", {}, `${title} (${totals[group].size})`),
    element(
      "p",
      { class: "row" },
      button("All", () => setOff([])),
      button("None", () => setOff(totals[group].keys())),
    ),
    items,
  ));
}

/** Makes the lists; to be called again when there are more values. */
export function makeLists() {
  for (const list of selectAll("details", legend)) list.remove();
  addList("relation", "Relations");
  addList("stance", "Stances");
  addList("speaker", "Who says so");
  addList("source", "Sources");
  const boxes = /** @type {HTMLInputElement[]} */ (selectAll("input[data-group]", legend));
  entries = boxes.map((box) => {
    const item = /** @type {Element} */ (box.parentNode);
    const output = select("output", item) ?? element("output");
    item.append(" ", output);
    return { box, group: /** @type {Group} */ (box.dataset.group), value: box.value, output };
  });
}

export function startLegend() {
  counted = forEachGroup(/** @type {new () => Map<string, number>} */ (Map));
  legend.append(division(subheading("Policy"), label(policy), " ", rest));
  toggleClass(picture, "fade", true);
  makeLists();
  legend.addEventListener("change", ({ target }) => {
    const { dataset, checked, value } = /** @type {HTMLInputElement} */ (target);
    const group = /** @type {Group | undefined} */ (dataset.group);
    if (group) change(({ off }) => { off[group][checked ? "delete" : "add"](value); });
  });
}

/**
 * Shows the state in the legend.
 * @param {Counts} counts How often each value is shown.
 */
export function showLegend(counts) {
  counted = counts;
  writeCounts();
  policy.value = state.policy;
  rest.disabled = !select(".dim", picture);
}

// The period in which statements were made: two sliders by month, and bars by year.
import { element, label, row, subheading, svgElement, toggleClass } from "../shared/element.js";
import { legend } from "./legend.js";
import { change, drawn, state } from "./state.js";

/** @type {string[]} The months from the first to the last day on which a statement may have been made. */
const months = [];
const MOST_MONTHS = 6000;

/** @param {string} month */
const inWords = (month) =>
  new Date(month).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/**
 * @param {string} first
 * @param {string} last
 */
function fillMonths(first, last) {
  let [year, month] = first.split("-").map(Number);
  let name = "";
  while (name < last && months.length < MOST_MONTHS) {
    name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
    months.push(name);
    month = (month % 12) + 1;
    if (month === 1) year++;
  }
}

/**
 * @param {"since" | "until"} id
 * @param {number} end The index of the month that stands for an open end.
 */
const slider = (id, end) => element("input", {
  type: "range", id, min: 0, max: months.length - 1, "aria-label": `Said ${id}`,
  input: ({ target }) => change((next) => {
    const since = next.since ? indexOf(next.since) : 0;
    const until = next.until ? indexOf(next.until) : months.length - 1;
    const index = id === "since" ? Math.min(Number(target.value), until) : Math.max(Number(target.value), since);
    next[id] = index === end ? "" : months[index];
  }, id),
});

/** @param {string} month */
const indexOf = (month) => months.findIndex((name) => month && name.startsWith(month));

function barsByYear() {
  const number = new Map();
  for (const { first, last } of drawn) {
    const year = (first || last).slice(0, 4);
    if (year) number.set(year, (number.get(year) ?? 0) + 1);
  }
  const most = Math.max(...number.values());
  const years = [...new Set(months.map((month) => month.slice(0, 4)))];
  return element("div", { id: "bars", "aria-hidden": true }, ...years.map((year) => element(
    "span",
    {},
    svgElement(
      "svg",
      { viewBox: "0 0 1 1", preserveAspectRatio: "none" },
      svgElement("path", { d: `M0 1V${1 - (number.get(year) ?? 0) / most}H1V1Z` }),
    ),
    year,
  )));
}

/**
 * Adds the sliders to the legend.
 * @returns {() => void} A function that shows the state in them.
 */
export function startTime() {
  const days = [...drawn].flatMap(({ first, last }) => [first, last]).filter(Boolean).sort();
  if (days.length) fillMonths(days[0], /** @type {string} */ (days.at(-1)).slice(0, 7));
  if (months.length < 2) return () => {};
  const end = months.length - 1;
  const since = slider("since", 0);
  const until = slider("until", end);
  const span = element("output");
  const undated = element("input", {
    type: "checkbox", change: () => change((next) => { next.undated = undated.checked; }),
  });
  const bars = barsByYear();
  legend.append(element(
    "div",
    { id: "time" },
    subheading("When it was said"),
    bars,
    row(label("since ", since), label("until ", until), span, label(undated, " undated")),
  ));
  return () => {
    const from = indexOf(state.since);
    const to = indexOf(state.until);
    since.value = `${from < 0 ? 0 : from}`;
    until.value = `${to < 0 ? end : to}`;
    span.textContent = `${inWords(state.since || months[0])} to ${inWords(state.until || months[end])}`;
    undated.checked = state.undated;
    for (const bar of bars.children) {
      const year = /** @type {string} */ (bar.textContent);
      const isAfter = !state.since || year >= state.since.slice(0, 4);
      toggleClass(bar, "in", isAfter && (!state.until || year <= state.until.slice(0, 4)));
    }
  };
}

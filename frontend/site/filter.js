// Filters of the statements on the page of an entity: by speaker, year, stance and words.
import { counted, element, label, select, selectAll } from "../shared/element.js";

/** @typedef {{ row: HTMLElement, text: string, speaker: string, year: string, stance: string }} Line */

const UNDATED = "no date";

/**
 * Reads a line: speaker, stance, text, then the date and the source in small print.
 * @param {HTMLElement} row
 * @returns {Line}
 */
function read(row) {
  const date = select("small", row)?.firstChild?.textContent ?? "";
  return {
    row,
    text: (row.textContent ?? "").toLowerCase(),
    speaker: select("a", row)?.textContent ?? "",
    year: date.match(/\b\d{4}\b/)?.[0] ?? UNDATED,
    stance: select(".stance", row)?.textContent ?? "",
  };
}

/**
 * Makes a choice among the values of the lines, each with its number.
 * @param {Line[]} lines
 * @param {"speaker" | "year" | "stance"} key
 * @param {string} every
 */
function choice(lines, key, every) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const line of lines) counts.set(line[key], (counts.get(line[key]) ?? 0) + 1);
  const values = [...counts.keys()].sort((a, b) => a.localeCompare(b, "en"));
  const options = values.map((value) => element("option", { value }, `${value} (${counts.get(value)})`));
  return element("select", { name: key }, element("option", { value: "" }, every), ...options);
}

/**
 * Hides groups without lines, and opens those with lines while a filter is set.
 * @param {HTMLElement} form
 * @param {boolean} isSet
 */
function show(form, isSet) {
  for (const group of /** @type {HTMLDetailsElement[]} */ (selectAll("details.group"))) {
    const number = selectAll(".lines > li:not([hidden])", group).length;
    group.hidden = !number;
    group.open = isSet ? number > 0 : group.dataset.open === "true";
    const count = select("h3 .number", group);
    if (count) count.textContent = isSet ? `${number} of ${count.dataset.all}` : (count.dataset.all ?? "");
  }
  for (const section of selectAll("main > section:has(> .group)")) {
    section.hidden = !select(".group:not([hidden])", section);
  }
  form.classList.toggle("set", isSet);
}

/** Remembers what filters change. */
function remember() {
  for (const group of /** @type {HTMLDetailsElement[]} */ (selectAll("details.group"))) {
    group.dataset.open = String(group.open);
    const count = select("h3 .number", group);
    if (count) count.dataset.all = count.textContent ?? "";
  }
}

/** Opens the group that the address names. */
function openNamed() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

/** Fills the form of filters, if the page has one. */
export function startFilter() {
  const form = /** @type {HTMLFormElement | null} */ (select("form.filter"));
  if (!form) return;
  openNamed();
  addEventListener("hashchange", openNamed);
  remember();
  const lines = selectAll("details.group > .lines > li").map(read);
  const choices = [
    choice(lines, "speaker", "All speakers"),
    choice(lines, "year", "All years"),
    choice(lines, "stance", "All stances"),
  ];
  const words = element("input", { type: "search", name: "words", autocomplete: "off" });
  const said = element("output", {});
  const apply = () => {
    const [speaker, year, stance] = choices.map((one) => one.value);
    const wanted = words.value.trim().toLowerCase();
    for (const line of lines) {
      line.row.hidden = Boolean(
        (speaker && line.speaker !== speaker) || (year && line.year !== year)
        || (stance && line.stance !== stance) || !line.text.includes(wanted),
      );
    }
    const isSet = Boolean(speaker || year || stance || wanted);
    show(form, isSet);
    const shown = lines.filter(({ row }) => !row.hidden).length;
    said.textContent = isSet ? `${shown} of ${counted(lines.length, "statement")} on this page` : "";
  };
  form.append(
    label("Find ", words),
    ...["Speaker ", "Year ", "Stance "].map((name, index) => label(name, choices[index])),
    element("button", { type: "reset" }, "All"),
    said,
  );
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}

// An answer as a table that can be sorted, with labels in place of IRIs.
import { element } from "../shared/element.js";
import { link, scrollBox } from "./links.js";
import { addressOf, numberOf, shown, visible, webAddress } from "./terms.js";

/** @import { Answer, Naming, Row, Term } from "./types" */

const MOST_SHOWN = 1000;

/**
 * Makes a table.
 * @param {Answer} answer
 * @param {Naming} naming
 */
export function table(answer, naming) {
  const rows = [...answer.rows];
  const body = element("tbody");
  const fill = () => body.replaceChildren(...rows.slice(0, MOST_SHOWN).map((row) =>
    element("tr", {}, ...answer.columns.map((name) => cell(row[name], naming)))));
  const heads = answer.columns.map((name) => head(name, (up) => {
    rows.sort(byColumn(name, up, naming));
    fill();
  }));
  fill();
  const made = element("table", { class: "answer" }, element("thead", {}, element("tr", {}, ...heads)), body);
  const box = scrollBox("Answer as a table", made);
  const more = rows.length - MOST_SHOWN;
  if (more <= 0) return box;
  const note = `The downloads have ${more.toLocaleString("en")} more rows.`;
  return element("div", {}, box, element("p", { class: "note" }, note));
}

/**
 * @param {string} name
 * @param {(up: boolean) => void} sort
 */
function head(name, sort) {
  const made = element("th", { scope: "col" }, element("button", { type: "button", title: "Sort", click: turn }, name));
  function turn() {
    const up = made.getAttribute("aria-sort") !== "ascending";
    for (const other of made.parentElement?.children ?? []) other.removeAttribute("aria-sort");
    made.setAttribute("aria-sort", up ? "ascending" : "descending");
    sort(up);
  }
  return made;
}

/**
 * @param {string} name
 * @param {boolean} up
 * @param {Naming} naming
 * @returns {(a: Row, b: Row) => number}
 */
function byColumn(name, up, naming) {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sign = up ? 1 : -1;
  return (a, b) => {
    const difference = numberOf(a[name]) - numberOf(b[name]);
    return sign * (Number.isNaN(difference) ? compare(shown(a[name], naming), shown(b[name], naming)) : difference);
  };
}

/**
 * @param {Term | undefined} term
 * @param {Naming} naming
 */
function cell(term, naming) {
  if (!term) return element("td");
  const isIri = term.type === "uri";
  const address = isIri ? addressOf(term.value, naming.base) : webAddress(term.value);
  return element("td", {
    class: !Number.isNaN(numberOf(term)) && "number",
    title: isIri && visible(term.value),
    lang: term["xml:lang"] || false,
  }, link(shown(term, naming), address));
}

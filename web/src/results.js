// An answer as a table that can be sorted, with labels in place of IRIs.
import { element, link } from "./element.js";
import { address, shorten } from "./terms.js";

const SHOWN = 1000;

/** How a term reads. */
export function shown(term, labels, prefixes) {
  if (!term) return "";
  if (term.type === "uri") return labels.get(term.value) ?? shorten(term.value, prefixes);
  return term.value;
}

/** The number that a term is, or NaN. */
export function number(term) {
  if (!term || term.type !== "literal" || !/#(integer|decimal|double|float|int|long)$/.test(term.datatype ?? "")) return NaN;
  return Number(term.value);
}

/**
 * Draws a table.
 * @param {import("./engines.js").Answer} answer
 * @param {{labels: Map<string, string>, prefixes: Record<string, string>, base: string}} known
 */
export function table(answer, known) {
  const body = element("tbody");
  const rows = answer.rows.slice();
  const fill = () => body.replaceChildren(...rows.slice(0, SHOWN).map((row) => line(row, answer.columns, known)));
  const heads = answer.columns.map((name) => head(name, (up) => (rows.sort(order(name, up, known)), fill())));
  fill();
  const made = element("table", { class: "answer" }, element("thead", {}, element("tr", {}, ...heads)), body);
  const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Answer as a table" }, made);
  const more = rows.length - SHOWN;
  if (more <= 0) return box;
  return element("div", {}, box, element("p", { class: "note" }, `${more.toLocaleString("en")} more rows are in the downloads.`));
}

function head(name, sort) {
  const button = element("button", { type: "button", title: "Sort" }, name);
  const cell = element("th", { scope: "col" }, button);
  button.addEventListener("click", () => {
    const up = cell.getAttribute("aria-sort") !== "ascending";
    for (const other of cell.parentNode.children) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", up ? "ascending" : "descending");
    sort(up);
  });
  return cell;
}

function order(name, up, { labels, prefixes }) {
  const words = new Intl.Collator("en", { numeric: true });
  const sign = up ? 1 : -1;
  return (one, other) => {
    const [a, b] = [number(one[name]), number(other[name])];
    if (!Number.isNaN(a) && !Number.isNaN(b)) return sign * (a - b);
    return sign * words.compare(shown(one[name], labels, prefixes), shown(other[name], labels, prefixes));
  };
}

function line(row, columns, known) {
  return element("tr", {}, ...columns.map((name) => cell(row[name], known)));
}

function cell(term, { labels, prefixes, base }) {
  const text = shown(term, labels, prefixes);
  const at = term?.type === "uri" ? address(term.value, base) : /^https?:\/\/\S+$/.test(text) ? text : "";
  const made = element("td", Number.isNaN(number(term)) ? {} : { class: "number" }, link(text, at));
  if (term?.type === "uri") made.title = term.value;
  if (term?.["xml:lang"]) made.lang = term["xml:lang"];
  return made;
}

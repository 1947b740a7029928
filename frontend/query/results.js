// An answer as a table that can be sorted, with labels in place of IRIs.
import { element, link } from "./element.js";
import { address, shorten, webAddress } from "./terms.js";

const SHOWN = 1000;

// Characters that hide or turn text; joiners stay, because Persian, Hindi and emoji need them.
const HIDDEN = /(?![\u200c\u200d\t\n\v\f\r])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Spells out what would hide in a text. */
export function visible(text) {
  return text.replace(HIDDEN, (one) => `⟨U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** How a term reads. */
export function shown(term, labels, prefixes) {
  if (!term) return "";
  return visible(term.type === "uri" ? (labels.get(term.value) ?? shorten(term.value, prefixes)) : term.value);
}

/** The number that a term is, or NaN. */
export function number(term) {
  if (!term || term.type !== "literal" || !/#(integer|decimal|double|float|int|long)$/.test(term.datatype ?? "")) return NaN;
  return Number(term.value);
}

/**
 * Draws a table.
 * @param {import("./answers.js").Answer} answer
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
  const at = term?.type === "uri" ? address(term.value, base) : webAddress(term?.value);
  const made = element("td", Number.isNaN(number(term)) ? {} : { class: "number" }, link(text, at));
  if (term?.type === "uri") made.title = visible(term.value);
  if (term?.["xml:lang"]) made.lang = term["xml:lang"];
  return made;
}

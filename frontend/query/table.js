// An answer as a table that can be sorted, with labels in place of IRIs.
import { division, element } from "../shared/element.js";
import { scrollBox } from "./links.js";

/** @import { Column } from "./readable.js" */
/** @import { Row } from "./types" */

const MOST_SHOWN = 1000;
/** Tables with more columns have smaller letters. */
const MANY = 8;

/**
 * Makes a table.
 * @param {Row[]} unsorted
 * @param {Column[]} columns
 * @param {Column[]} about The columns with the same text in each row, which stand above the table.
 */
export function table(unsorted, columns, about) {
  const rows = [...unsorted];
  const body = element("tbody", { role: "rowgroup" });
  const fill = () => body.replaceChildren(...rows.slice(0, MOST_SHOWN).map((row) =>
    element("tr", { role: "row" }, ...columns.map((column) => cell(column, row)))));
  const heads = columns.map((column) => head(column, (up) => {
    rows.sort(byColumn(column, up));
    fill();
  }));
  fill();
  const top = element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads));
  const made = element("table", { class: columns.length > MANY ? "answer wide" : "answer", role: "table" }, top, body);
  const more = rows.length - MOST_SHOWN;
  return division(
    constants(about, rows[0]),
    scrollBox("Answer as a table", made),
    more > 0 ? element("p", { class: "note" }, `The downloads have ${more.toLocaleString("en")} more rows.`) : "",
  );
}

/**
 * @param {Column[]} about
 * @param {Row} row
 */
function constants(about, row) {
  if (!about.length) return "";
  return element("dl", { class: "about" }, ...about.map((column) => {
    const { childNodes } = column.cell(row);
    return division(
      element("dt", {}, column.title),
      element("dd", {}, ...(column.text(row) ? childNodes : ["none"])),
    );
  }));
}

/**
 * @param {Column} column
 * @param {Row} row
 */
function cell(column, row) {
  const made = column.cell(row);
  made.setAttribute("role", "cell");
  made.dataset.label = column.title;
  return made;
}

/**
 * @param {Column} column
 * @param {(up: boolean) => void} sort
 */
function head({ title, kind }, sort) {
  const turner = element("button", { type: "button", title: "Sort", click: turn }, title);
  const made = element("th", { scope: "col", role: "columnheader", class: kind || false }, turner);
  function turn() {
    const up = made.getAttribute("aria-sort") !== "ascending";
    for (const other of made.parentElement?.children ?? []) other.removeAttribute("aria-sort");
    made.setAttribute("aria-sort", up ? "ascending" : "descending");
    sort(up);
  }
  return made;
}

/**
 * @param {Column} column
 * @param {boolean} up
 * @returns {(a: Row, b: Row) => number}
 */
function byColumn({ key }, up) {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sign = up ? 1 : -1;
  return (a, b) => {
    const [one, other] = [key(a), key(b)];
    const areNumbers = typeof one === "number" && typeof other === "number";
    return sign * (areNumbers ? one - other : compare(String(one), String(other)));
  };
}

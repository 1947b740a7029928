// An answer as a table that can be sorted, with labels in place of IRIs.
import { button, division, element, label } from "../shared/element.js";
import { scrollBox } from "./links.js";

/** @import { Column } from "./readable.js" */
/** @import { Row } from "./types" */

const MOST_SHOWN = 1000;
/** Tables with more columns have smaller letters. */
const MANY = 8;
/** The least width of a column of a table with rows of one line, in rem. */
const NARROW = 5.5;

/**
 * How a reader wants to see tables: which columns are hidden, by title, and whether rows may have several lines.
 * @typedef {{ hidden: Set<string>, isWrapped: boolean }} Look
 */

/**
 * Makes a table, whose rows have one line each until the reader asks for whole texts.
 * @param {Row[]} unsorted
 * @param {Column[]} columns
 * @param {Column[]} about The columns with the same text in each row, which stand above the table.
 * @param {Look} look
 */
export function table(unsorted, columns, about, look = { hidden: new Set(), isWrapped: false }) {
  const rows = [...unsorted];
  const body = element("tbody", { role: "rowgroup", click: showWhole });
  const heads = element("tr", { role: "row" });
  const made = element("table", { role: "table" }, element("thead", { role: "rowgroup" }, heads), body);
  const shown = () => columns.filter(({ title }) => !look.hidden.has(title));
  const fill = () => body.replaceChildren(...rows.slice(0, MOST_SHOWN).map((row) =>
    element("tr", { role: "row" }, ...shown().map((column) => cell(column, row)))));
  const draw = () => {
    const number = shown().length;
    made.className = `answer${number > MANY ? " wide" : ""}${look.isWrapped ? "" : " line"}`;
    made.style.minWidth = look.isWrapped ? "" : `${number * NARROW}rem`;
    heads.replaceChildren(...shown().map((column) => head(column, (up) => {
      rows.sort(byColumn(column, up));
      fill();
    })));
    fill();
  };
  draw();
  const more = rows.length - MOST_SHOWN;
  return division(
    constants(about, rows[0]),
    tools(columns, look, draw),
    scrollBox("Answer as a table", made),
    more > 0 ? element("p", { class: "note" }, `The downloads have ${more.toLocaleString("en")} more rows.`) : "",
  );
}

/**
 * Makes the choice of columns and of whole texts.
 * @param {Column[]} columns
 * @param {Look} look
 * @param {() => void} draw
 */
function tools(columns, look, draw) {
  const wrap = button("Whole texts", () => {
    look.isWrapped = !look.isWrapped;
    wrap.setAttribute("aria-pressed", String(look.isWrapped));
    draw();
  }, { "aria-pressed": String(look.isWrapped) });
  const boxes = columns.map(({ title }) => {
    const box = element("input", { type: "checkbox", change: () => {
      if (box.checked) look.hidden.delete(title);
      else look.hidden.add(title);
      draw();
    } });
    box.checked = !look.hidden.has(title);
    return label(box, ` ${title}`);
  });
  const chooser = element("details", { class: "columns" }, element("summary", {}, "Columns"), ...boxes);
  const hint = element("small", { class: "hint" }, "Click a row to see it whole.");
  return element("div", { class: "buttons table-tools" }, wrap, columns.length > 1 ? chooser : "", " ", hint);
}

/**
 * Shows a row whole, or on one line again, unless the reader follows a link or selects text.
 * @param {Event} event
 */
function showWhole({ target }) {
  const place = /** @type {Element} */ (target);
  const isElse = place.closest("a, button") || getSelection()?.isCollapsed === false;
  if (!isElse) place.closest("tr")?.classList.toggle("whole");
}

/**
 * @param {Column[]} about
 * @param {Row} row
 */
function constants(about, row) {
  const told = about.filter((column) => column.text(row));
  if (!told.length) return "";
  return element("dl", { class: "about" }, ...told.map((column) =>
    division(element("dt", {}, column.title), element("dd", {}, ...column.cell(row).childNodes))));
}

/**
 * @param {Column} column
 * @param {Row} row
 */
function cell(column, row) {
  const made = column.cell(row);
  made.setAttribute("role", "cell");
  made.dataset.label = column.title;
  made.title = made.textContent ?? "";
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

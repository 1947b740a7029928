// An answer as a table that can be sorted, with labels in place of IRIs.
import { button, division, element, label } from "../shared/element.js";
import { scrollBox } from "./links.js";

/** @import { Column } from "./readable.js" */
/** @import { Row } from "./types" */

const MOST_SHOWN = 1000;
/** Tables with more columns have smaller letters. */
const MANY = 8;
/** Texts that share the width that is left by the other columns, and the least width of one, in rem. */
const LONG = ["gist", "claim", "side"];
const NARROW = 5.5;
/** The widths of columns of other texts in characters, in tables with few and with many columns. */
const [WIDEST, LEAST] = [16, 8];
/** The width of a letter on average, in that of a digit. */
const LETTER = 0.9;
/** The space beside the text of a cell, in rem. */
const PADDING = 1.1;

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
  const measured = new Map(columns.map((column) => [column, measure(column, rows.slice(0, MOST_SHOWN))]));
  const draw = () => {
    const isWide = shown().length > MANY;
    made.className = `answer${isWide ? " wide" : ""}${look.isWrapped ? "" : " line"}`;
    const hasLong = shown().some(({ kind }) => LONG.includes(kind));
    let [letters, long] = [0, 0];
    heads.replaceChildren(...shown().map((column) => {
      const { needed, isExact, isNumber } = measured.get(column) ?? measure(column, []);
      const width = isExact ? needed : Math.min(needed, isWide ? LEAST : WIDEST);
      const isLong = !isExact && (hasLong ? LONG.includes(column.kind) : needed > WIDEST);
      if (isLong) long += 1;
      else letters += width;
      return head(column, isNumber, isLong ? 0 : width, (up) => {
        rows.sort(byColumn(column, up));
        fill();
      });
    }));
    const others = shown().length - long;
    made.style.minWidth = look.isWrapped ? "" : `calc(${letters}ch + ${others * PADDING + long * NARROW}rem)`;
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
 * Returns how many characters a column needs, and whether it must have room for them: numbers and dates are not cut.
 * @param {Column} column
 * @param {Row[]} rows
 */
function measure(column, rows) {
  const first = rows.find((row) => column.text(row));
  const isExact = first !== undefined && typeof column.key(first) === "number";
  const isNumber = isExact && column.cell(first).classList.contains("amount");
  const longest = Math.max(0, ...rows.map((row) => column.text(row).length));
  // The head has a mark for the order, too; the letters of a date are narrower than its digits.
  const needed = Math.max(column.title.length + 2, isNumber ? longest : longest * LETTER);
  return { needed, isExact, isNumber };
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
 * @param {boolean} isNumber
 * @param {number} width In characters; 0 for the rest.
 * @param {(up: boolean) => void} sort
 */
function head({ title }, isNumber, width, sort) {
  const turner = element("button", { type: "button", title: "Sort", click: turn }, title);
  const made = element("th", { scope: "col", role: "columnheader", class: isNumber && "amount" }, turner);
  if (width) made.style.setProperty("--width", `calc(${width}ch + ${PADDING}rem)`);
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

// An answer as a chart: a line for numbers by date or year, bars otherwise.
import { svgElement } from "../shared/element.js";
import { lineChart } from "./line-chart.js";
import { figure } from "./links.js";
import { inWords } from "./readable.js";
import { numberOf, shown } from "./terms.js";

/** @import { Answer, Naming, Row, Term } from "./types" */

/** @typedef {{value: string, time?: string, names: string[]}} Columns */
/** @typedef {{wide: number, left: number, row: number, above: number, anchor: string, letters: number}} Form */

const MOST_BARS = 40;
// If one of these differs from row to row, the numbers cannot be compared: a plan with a payment, a share with a total.
const CONDITIONS = ["unit", "bound", "stance", "scope", "kind", "of", "base", "per", "certainty"];
// The columns of a saved answer that say where a row comes from.
const ORIGIN = ["statement", "gist", "said", "saidLatest", "source", "link", "evidence"];
const MOST_NAMES = 3;
const NARROW = 600;
/** @type {Form} The names of bars beside them. */
const BESIDE = { wide: 760, left: 270, row: 26, above: 0, anchor: "end", letters: 38 };
/** @type {Form} The names of bars above them, on a phone. */
const ABOVE = { wide: 340, left: 4, row: 44, above: 18, anchor: "start", letters: 44 };

/**
 * Returns the columns that a chart would show; null if there are none, or if the numbers cannot be compared.
 * @param {Answer} answer
 * @returns {Columns | null}
 */
export function chartColumns({ columns, rows }) {
  if (CONDITIONS.some((name) => columns.includes(name) && differs(rows, name))) return null;
  /** @param {string} name */
  const isNumber = (name) => rows.some((row) => !Number.isNaN(numberOf(row[name])));
  const time = columns.find((name) => isTime(rows, name));
  const value = columns.find((name) => name !== time && isNumber(name));
  if (value && time) return { value, time, names: [time] };
  const names = columns
    .filter((name) => name !== value && !isNumber(name) && ![...CONDITIONS, ...ORIGIN].includes(name))
    .slice(0, MOST_NAMES);
  return value && names.length ? { value, names } : null;
}

/**
 * @param {Row[]} rows
 * @param {string} name
 */
function differs(rows, name) {
  return new Set(rows.map((row) => row[name]?.value ?? "")).size > 1;
}

/**
 * Returns whether a column has a different date or year in each row, as a line chart requires.
 * @param {Row[]} rows
 * @param {string} name
 */
function isTime(rows, name) {
  const terms = rows.flatMap((row) => row[name] ?? []);
  if (terms.length < 2 || terms.some((term) => Number.isNaN(yearOf(term, name)))) return false;
  return new Set(terms.map(({ value }) => value)).size === terms.length;
}

/**
 * Returns a date as a year with a fraction, or NaN; a number is a year if the name of its column contains “year”.
 * @param {Term | undefined} term
 * @param {string} name The name of the column.
 */
function yearOf(term, name) {
  const { value = "", datatype = "" } = term ?? {};
  const isDate = /#(date|dateTime|gYear|gYearMonth)$/.test(datatype);
  if (!isDate && !(/year/i.test(name) && /^\d{4}$/.test(value))) return NaN;
  const [, year, month = "1", day = "1"] = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(value) ?? [];
  return Number(year) + (Number(month) - 1) / 12 + (Number(day) - 1) / 366;
}

/**
 * Draws a line or bars.
 * @param {Answer} answer
 * @param {Naming} naming
 */
export function chart(answer, naming) {
  const { value, time, names } = /** @type {Columns} */ (chartColumns(answer));
  if (!time) return barChart(answer, value, names, naming);
  const points = answer.rows.flatMap((row) => {
    const y = numberOf(row[value]);
    const label = `${row[time]?.value}: ${y.toLocaleString("en")}`;
    return row[time] && !Number.isNaN(y) ? { x: yearOf(row[time], time), y, label } : [];
  });
  return lineChart(points, `${inWords(value)} by ${inWords(time)}`, answer.rows.length - points.length);
}

/**
 * @param {Answer} answer
 * @param {string} value
 * @param {string[]} names
 * @param {Naming} naming
 */
function barChart(answer, value, names, naming) {
  const form = innerWidth < NARROW ? ABOVE : BESIDE;
  const drawn = answer.rows.filter((row) => !Number.isNaN(numberOf(row[value]))).slice(0, MOST_BARS);
  const numbers = drawn.map((row) => numberOf(row[value]));
  const least = Math.min(0, ...numbers);
  const most = Math.max(0, ...numbers);
  /** @param {number} number */
  const scale = (number) => form.left + ((number - least) / (most - least || 1)) * (form.wide - form.left - 90);
  const bars = drawn.map((row, i) => {
    const label = names.map((name) => shown(row[name], naming)).filter(Boolean).join(" · ");
    return bar(label, numbers[i], i * form.row + 4, scale, form);
  });
  const title = `${inWords(value)} by ${names.map(inWords).join(" and ")}`;
  const viewBox = `0 0 ${form.wide} ${drawn.length * form.row + 8}`;
  const kind = form === ABOVE ? "chart narrow" : "chart";
  const picture = svgElement("svg", { viewBox, role: "img", "aria-label": title, class: kind }, ...bars);
  const hidden = answer.rows.length - drawn.length;
  return figure(picture, hidden ? `${title}; ${hidden} of ${answer.rows.length} rows are not shown.` : `${title}.`);
}

/**
 * @param {string} label
 * @param {number} value
 * @param {number} top
 * @param {(value: number) => number} scale
 * @param {Form} form
 */
function bar(label, value, top, scale, { left, above, anchor, letters }) {
  const from = Math.min(scale(0), scale(value));
  const to = Math.max(scale(0), scale(value));
  const text = label.length > letters ? `${label.slice(0, letters - 1)}…` : label;
  const nameAt = { x: above ? left : left - 8, y: top + (above ? 12 : 15), "text-anchor": anchor };
  return svgElement(
    "g",
    {},
    svgElement("text", nameAt, text, svgElement("title", {}, label)),
    svgElement("rect", { x: from, y: top + above, width: Math.max(to - from, 1), height: 18, class: "bar" }),
    svgElement("text", { x: to + 6, y: top + above + 14, class: "value" }, value.toLocaleString("en")),
  );
}

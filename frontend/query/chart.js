// An answer as a chart: a line for numbers by date or year, bars otherwise.
import { svgElement } from "../shared/element.js";
import { lineChart } from "./line-chart.js";
import { figure } from "./links.js";
import { inWords, numberText } from "./readable.js";
import { numberOf, shown } from "./terms.js";

/** @import { Answer, Naming, Row, Term } from "./types" */

/** @typedef {{value: string, time?: string, names: string[]}} Columns */
/** @typedef {{wide: number, left: number, row: number, above: number, anchor: string, letters: number}} Form */

const MOST_BARS = 40;
// If one of these differs from row to row, the numbers cannot be compared: a share with a total.
const CONDITIONS = ["unit", "scope", "of", "base"];
// If one of these differs, it is part of the name of each bar: a plan is not a payment.
const STATED = ["bound", "stance", "kind", "per", "certainty"];
// The columns of a saved answer that say where a row comes from.
const ORIGIN = ["statement", "gist", "said", "saidLatest", "source", "link", "evidence", "claim"];
/** What is not worth a word in the name of a bar. */
const USUAL = ["", "exactly", "asserts"];
const MOST_NAMES = 3;
/** Height of a line of a name above a bar. */
const LINE = 16;
const NARROW = 600;
/** @type {Form} The names of bars beside them. */
const BESIDE = { wide: 760, left: 270, row: 26, above: 0, anchor: "end", letters: 38 };
/** @type {Form} Long names of bars, above them. */
const LONG = { wide: 760, left: 4, row: 44, above: 18, anchor: "start", letters: 116 };
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
  const stated = STATED.filter((name) => columns.includes(name) && differs(rows, name));
  if (value && time && !stated.length) return { value, time, names: [time] };
  const others = columns
    .filter((name) => name !== value && !isNumber(name) && ![...CONDITIONS, ...STATED, ...ORIGIN].includes(name));
  const varied = others.filter((name) => differs(rows, name));
  const names = [...(varied.length ? varied : others).slice(0, MOST_NAMES), ...stated];
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
    const label = `${row[time]?.value}: ${numberText(row, value, naming)}`;
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
  const isStated = names.some((name) => STATED.includes(name));
  const form = innerWidth < NARROW ? ABOVE : isStated ? LONG : BESIDE;
  const drawn = answer.rows.filter((row) => !Number.isNaN(numberOf(row[value]))).slice(0, MOST_BARS);
  const numbers = drawn.map((row) => numberOf(row[value]));
  const least = Math.min(0, ...numbers);
  const most = Math.max(0, ...numbers);
  /** @param {number} number */
  const scale = (number) => form.left + ((number - least) / (most - least || 1)) * (form.wide - form.left - 90);
  const labels = drawn.map((row) =>
    linesOf(names.map((name) => shown(row[name], naming)).filter((part) => !USUAL.includes(part)), form));
  let top = 4;
  const bars = drawn.map((row, i) => {
    const isOpen = !USUAL.includes(shown(row.stance, naming));
    const made = bar(labels[i], { value: numbers[i], text: numberText(row, value, naming), isOpen }, top, scale, form);
    top += form.row + (labels[i].length - 1) * LINE;
    return made;
  });
  const note = isStated ? " Each bar is one row; a dashed bar is not asserted. Do not add them up." : "";
  const title = `${inWords(value)} by ${names.map(inWords).join(" and ")}`;
  const viewBox = `0 0 ${form.wide} ${top + 4}`;
  const kind = form === ABOVE ? "chart narrow" : "chart";
  const picture = svgElement("svg", { viewBox, role: "img", "aria-label": title, class: kind }, ...bars);
  const hidden = answer.rows.length - drawn.length;
  const more = hidden ? `; ${hidden} of ${answer.rows.length} rows are not shown` : "";
  return figure(picture, `${title}${more}.${note}`);
}

/**
 * Returns the parts of a name in lines, in one line if it is beside its bar.
 * @param {string[]} parts
 * @param {Form} form
 */
function linesOf(parts, { above, letters }) {
  /** @type {string[]} */
  const lines = [];
  for (const part of parts) {
    const longer = lines.length ? `${lines.at(-1)} · ${part}` : part;
    if (lines.length && above && longer.length > letters) lines.push(part);
    else lines[Math.max(lines.length - 1, 0)] = longer;
  }
  return lines.length ? lines : [""];
}

/**
 * @param {string[]} lines The lines of its name.
 * @param {{ value: number, text: string, isOpen: boolean }} number
 * @param {number} start Where it starts.
 * @param {(value: number) => number} scale
 * @param {Form} form
 */
function bar(lines, { value, text: number, isOpen }, start, scale, { left, above, anchor, letters }) {
  const from = Math.min(scale(0), scale(value));
  const to = Math.max(scale(0), scale(value));
  const top = start + (lines.length - 1) * LINE;
  const names = lines.map((line, i) => {
    const text = line.length > letters ? `${line.slice(0, letters - 1)}…` : line;
    const at = { x: above ? left : left - 8, y: start + i * LINE + (above ? 12 : 15), "text-anchor": anchor };
    return svgElement("text", at, text, svgElement("title", {}, line));
  });
  return svgElement(
    "g",
    {},
    ...names,
    svgElement("rect", {
      x: from, y: top + above, width: Math.max(to - from, 1), height: 18, class: isOpen ? "bar open" : "bar",
    }),
    svgElement("text", { x: to + 6, y: top + above + 14, class: "value" }, number),
  );
}

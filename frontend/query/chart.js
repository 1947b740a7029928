// An answer as a chart: a line for numbers by date or year, bars otherwise.
import { counted, svgElement } from "../shared/element.js";
import { lineChart } from "./line-chart.js";
import { figure } from "./links.js";
import { inWords, withUnit } from "./readable.js";
import { numberOf, shown } from "./terms.js";
import { tokens } from "./tokens.js";

/** @import { Answer, Naming, Row, Term } from "./types" */

/** @typedef {{value: string, time?: string, names: string[]}} Columns */
/** @typedef {Columns & {rows: Row[], apart: string[], left: number, note: string}} Plan Rows that can be compared. */
/** @typedef {{wide: number, left: number, row: number, above: number, anchor: string, letters: number}} Form */

const MOST_BARS = 40;
// Numbers that differ in one of these cannot be compared: a stock with a flow, a share with a total.
const CONDITIONS = ["unit", "kind", "counted", "scope", "of", "base", "per"];
// If one of these differs, it is part of the name of each bar: a plan is not a payment.
const STATED = ["bound", "stance", "certainty"];
// What a query of one's own must select, unless it counts: else its numbers may be of any kind.
const NEEDED = ["unit", "stance", "kind"];
const WHOLES = ["of", "base", "per", "scope"];
// The columns of a saved answer that say where a row comes from.
const ORIGIN = ["statement", "gist", "said", "saidLatest", "source", "link", "evidence", "claim"];
/** What is not worth a word in the name of a bar. */
const USUAL = ["", "exactly", "asserts"];
const MOST_NAMES = 3;
/** Room for the number behind a bar. */
const RIGHT = 120;
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
 * Returns what a chart would show, or why there is none; null if the answer has no numbers or no names for them.
 * @param {Answer} answer
 * @param {string} [own] The query, if it is the reader's own.
 * @returns {Plan | string | null}
 */
export function planChart({ columns, rows }, own) {
  const numbers = columns.filter((name) => rows.some((row) => !Number.isNaN(numberOf(row[name]))));
  const counts = own === undefined ? numbers : numbers.filter((name) => isCount(own, name));
  const time = columns.find((name) => isYears(rows, name));
  const value = [...counts, ...numbers].find((name) => name !== time);
  if (!value) return null;
  const missing = counts.includes(value) ? [] : NEEDED.filter((name) => !columns.includes(name));
  if (missing.length) {
    return `No chart: add ${listed(missing)} to see whether the numbers can be compared.`;
  }
  const known = CONDITIONS.filter((name) => columns.includes(name));
  const usable = rows.filter((row) => !Number.isNaN(numberOf(row[value])));
  const apart = known.filter((name) => differs(usable, name));
  const groups = Map.groupBy(usable, (row) => apart.map((name) => row[name]?.value ?? "").join("\n"));
  const drawn = [...groups.values()].reduce((a, b) => (b.length > a.length ? b : a));
  const words = apart.map(inWords).join(", ").replace(/, ([^,]*)$/, " or $1");
  if (drawn.length < 2 && apart.length) return `No chart: no two of the numbers have the same ${words}.`;
  const found = columnsOf(columns, drawn, value);
  const left = usable.length - drawn.length;
  const others = left ? ` Left out: ${counted(left, "row")} with another ${words}.` : "";
  const unclear = counts.includes(value) ? [] : WHOLES.filter((name) => !columns.includes(name));
  const warning = unclear.length ? ` Parts, wholes and rates may be mixed: add ${listed(unclear)}.` : "";
  return found && { ...found, rows: drawn, apart, left, note: others + warning };
}

/** @param {string[]} names */
const listed = (names) => names.map((name) => `?${name}`).join(", ").replace(/, ([^,]*)$/, " and $1");

/**
 * @param {string[]} columns
 * @param {Row[]} rows
 * @param {string} value
 * @returns {Columns | null}
 */
function columnsOf(columns, rows, value) {
  const time = columns.find((name) => name !== value && isTime(rows, name));
  const stated = STATED.filter((name) => columns.includes(name) && differs(rows, name));
  if (time && !stated.length) return { value, time, names: [time] };
  const others = columns.filter((name) => name !== value && rows.every((row) => Number.isNaN(numberOf(row[name])))
    && ![...CONDITIONS, ...STATED, ...ORIGIN].includes(name));
  const varied = others.filter((name) => differs(rows, name));
  const names = [...(varied.length ? varied : others).slice(0, MOST_NAMES), ...stated];
  return names.length ? { value, names } : null;
}

/**
 * Returns whether a query makes a number by counting.
 * @param {string} text
 * @param {string} name
 */
function isCount(text, name) {
  const words = tokens(text);
  const at = words.findIndex(({ kind, word }, i) =>
    kind === "variable" && word.slice(1) === name && words[i - 1]?.word.toLowerCase() === "as");
  let [start, depth] = [at, 0];
  while (start > 0 && depth < 1) {
    start -= 1;
    depth += Number(words[start].word === "(") - Number(words[start].word === ")");
  }
  return /^count$/i.test(words[start + 1]?.word ?? "") && at > 0;
}

/**
 * @param {Row[]} rows
 * @param {string} name
 */
function differs(rows, name) {
  return new Set(rows.map((row) => row[name]?.value ?? "")).size > 1;
}

/**
 * Returns whether all numbers of a column are years or dates.
 * @param {Row[]} rows
 * @param {string} name
 */
const isYears = (rows, name) => rows.some((row) => row[name])
  && rows.every((row) => !row[name] || !Number.isNaN(yearOf(row[name], name)));

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
 * @param {Plan} plan
 * @param {number} all The number of rows of the answer.
 * @param {Naming} naming
 */
export function chart(plan, all, naming) {
  const { value, time, rows, apart } = plan;
  const same = apart.map((name) => `${inWords(name)}: ${shown(rows[0][name], naming) || "none"}`);
  const note = `${same.length ? ` Drawn: ${counted(rows.length, "row")} (${same.join("; ")}).` : ""}${plan.note}`;
  if (!time) return barChart({ ...plan, note }, all - plan.left, naming);
  const points = rows.flatMap((row) => {
    const label = `${row[time]?.value}: ${withUnit(row, value, naming)}`;
    return row[time] ? { x: yearOf(row[time], time), y: numberOf(row[value]), label } : [];
  });
  return lineChart(points, `${inWords(value)} by ${inWords(time)}`, rows.length - points.length, note);
}

/**
 * @param {Plan} plan
 * @param {number} all
 * @param {Naming} naming
 */
function barChart({ value, names, rows, note: said }, all, naming) {
  const isStated = names.some((name) => STATED.includes(name));
  const form = innerWidth < NARROW ? ABOVE : isStated ? LONG : BESIDE;
  const drawn = rows.slice(0, MOST_BARS);
  const numbers = drawn.map((row) => numberOf(row[value]));
  const least = Math.min(0, ...numbers);
  const most = Math.max(0, ...numbers);
  /** @param {number} number */
  const scale = (number) => form.left + ((number - least) / (most - least || 1)) * (form.wide - form.left - RIGHT);
  const labels = drawn.map((row) =>
    linesOf(names.map((name) => shown(row[name], naming)).filter((part) => !USUAL.includes(part)), form));
  let top = 4;
  const bars = drawn.map((row, i) => {
    const isOpen = !USUAL.includes(shown(row.stance, naming));
    const made = bar(labels[i], { value: numbers[i], text: withUnit(row, value, naming), isOpen }, top, scale, form);
    top += form.row + (labels[i].length - 1) * LINE;
    return made;
  });
  const note = isStated ? " Each bar is one row; a dashed bar is not asserted. Do not add them up." : "";
  const title = `${inWords(value)} by ${names.map(inWords).join(" and ")}`;
  const viewBox = `0 0 ${form.wide} ${top + 4}`;
  const kind = form === ABOVE ? "chart narrow" : "chart";
  const picture = svgElement("svg", { viewBox, role: "img", "aria-label": title, class: kind }, ...bars);
  const hidden = all - drawn.length;
  const more = hidden ? `; ${hidden} of ${all} rows are not shown` : "";
  return figure(picture, `${title}${more}.${note}${said}`);
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

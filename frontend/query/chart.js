// An answer as a chart: a number by years or days as points on a line, by anything else as bars.
import { drawn, figure } from "./element.js";
import { line } from "./line.js";
import { number, shown } from "./results.js";

const MOST = 40;
// Beside the bars there is room for their names; on a phone the names stand above them.
const BESIDE = { wide: 760, left: 270, row: 26, above: 0, anchor: "end", letters: 38 };
const ABOVE = { wide: 340, left: 4, row: 44, above: 18, anchor: "start", letters: 44 };

/** Says which columns a chart would show, or nothing. */
export function chartColumns(answer) {
  const isNumber = (name) => answer.rows.some((row) => !Number.isNaN(number(row[name])));
  const time = answer.columns.find((name) => isTime(answer.rows, name));
  const value = answer.columns.find((name) => name !== time && isNumber(name));
  const names = answer.columns.filter((name) => name !== value && !isNumber(name)).slice(0, 2);
  if (value && time) return { value, time, names: [time] };
  return value && names.length ? { value, names } : null;
}

/** Says whether a column tells when, once for each row: two rows of one year are two things, and no line joins them. */
function isTime(rows, name) {
  const told = rows.map((row) => row[name]).filter(Boolean);
  if (told.length < 2 || told.some((term) => Number.isNaN(moment(term, name)))) return false;
  return new Set(told.map(({ value }) => value)).size === told.length;
}

/** The moment that a term is, as a year, or NaN: a date, or a number in a column that calls itself a year. */
function moment(term, name) {
  if (/#(date|dateTime|gYear|gYearMonth)$/.test(term.datatype ?? "") || (/year/i.test(name) && /^\d{4}$/.test(term.value))) {
    const [, year, month = "1", day = "1"] = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(term.value) ?? [];
    return Number(year) + (Number(month) - 1) / 12 + (Number(day) - 1) / 366;
  }
  return NaN;
}

/** Draws a line or bars. */
export function chart(answer, known) {
  const { value, time, names } = chartColumns(answer);
  if (!time) return bars(answer, value, names, known);
  const points = answer.rows
    .filter((row) => row[time] && !Number.isNaN(number(row[value])))
    .map((row) => ({ x: moment(row[time], time), y: number(row[value]), label: `${row[time].value}: ${number(row[value]).toLocaleString("en")}` }));
  return line(points, `${value} by ${time}`, answer.rows.length - points.length);
}

function bars(answer, value, names, { labels, prefixes }) {
  const form = innerWidth < 600 ? ABOVE : BESIDE;
  const read = (row) => names.map((name) => shown(row[name], labels, prefixes)).filter(Boolean).join(" · ");
  const rows = answer.rows.filter((row) => !Number.isNaN(number(row[value]))).slice(0, MOST);
  const least = Math.min(0, ...rows.map((row) => number(row[value])));
  const most = Math.max(0, ...rows.map((row) => number(row[value])));
  const scale = (one) => form.left + ((one - least) / (most - least || 1)) * (form.wide - form.left - 90);
  const made = rows.map((row, at) => bar(read(row), number(row[value]), at, scale, form));
  const title = `${value} by ${names.join(" and ")}`;
  const kind = form === ABOVE ? "chart narrow" : "chart";
  const picture = drawn("svg", { viewBox: `0 0 ${form.wide} ${rows.length * form.row + 8}`, role: "img", "aria-label": title, class: kind }, ...made);
  const hidden = answer.rows.length - rows.length;
  return figure(picture, hidden ? `${title}; ${hidden} of ${answer.rows.length} rows are not shown.` : `${title}.`);
}

function bar(label, value, at, scale, { left, row, above, anchor, letters }) {
  const [from, to] = [Math.min(scale(0), scale(value)), Math.max(scale(0), scale(value))];
  const top = at * row + 4;
  const text = label.length > letters ? `${label.slice(0, letters - 1)}…` : label;
  const name = drawn("text", { x: above ? left : left - 8, y: top + (above ? 12 : 15), "text-anchor": anchor }, text);
  name.append(drawn("title", {}, label));
  return drawn(
    "g",
    {},
    name,
    drawn("rect", { x: from, y: top + above, width: Math.max(to - from, 1), height: 18, class: "bar" }),
    drawn("text", { x: to + 6, y: top + above + 14, class: "value" }, value.toLocaleString("en")),
  );
}

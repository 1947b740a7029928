// Dates of EDTF in words, as graphkit/model/dates.py gives them.

/** @typedef {{first: number, last: number}} Days Numbers that have the order of the days. */

const DATE = /^(-?)(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[?~%]?$/;
const LONG_YEAR = /^Y-?[1-9]\d{4,11}$/;
const TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:Z|[+-](?:[01]\d|2[0-3])(?::[0-5]\d)?)?$/;
const NAMES = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
  "December",
];
/** @type {Record<string, string>} */
const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" };
/** @type {Record<string, [first: number, last: number]>} */
const MONTHS = { "": [1, 12], XX: [1, 12], 21: [3, 5], 22: [6, 8], 23: [9, 11], 24: [12, 12] };
/** @type {Days} */
const OPEN = { first: -Infinity, last: Infinity };
/** @type {Record<string, string>} */
const QUALIFIERS = { "~": "about ", "?": "perhaps ", "%": "perhaps about " };

/**
 * Returns an EDTF expression as a reader reads it; any other text is returned unchanged.
 *
 * A list, `{2020,2021-03}`, is separated by bars; a missing date is "undated".
 * @param {string} text
 * @returns {string}
 */
export function dateWords(text) {
  if (text.startsWith("{") && text.endsWith("}")) {
    return text.slice(1, -1).split(",").map((one) => (one ? dateWords(one) : "undated")).join(" | ");
  }
  if (!isEdtf(text)) return text;
  const [first, last = first] = text.split("/").map((end) => (end === ".." ? "" : end));
  if (first === last) return first ? pointInWords(first) : "at an unknown time";
  if (first && last) return `${pointInWords(first)} to ${pointInWords(last)}`;
  return first ? `${pointInWords(first)} or later` : `${pointInWords(last)} or earlier`;
}

/** @param {string} text */
function isEdtf(text) {
  const ends = text.split("/");
  if (ends.length === 1) return Boolean(daysOf(TIME.exec(text)?.[1] ?? text));
  if (ends.length > 2 || text === "/") return false;
  const [first, last] = ends.map((end) => (["", ".."].includes(end) ? OPEN : daysOf(end)));
  return Boolean(first && last && first.first <= last.last);
}

/**
 * Returns the first and the last day of a date.
 * @param {string} text
 * @returns {Days | undefined}
 */
function daysOf(text) {
  if (LONG_YEAR.test(text)) {
    const year = Number(text.slice(1));
    return { first: dayNumber(year, 1, 1), last: dayNumber(year, 12, 31) };
  }
  const [, sign, digits, month = "", day = ""] = DATE.exec(text) ?? [];
  if (!digits || (sign && digits === "0000") || (digits.includes("X") && month)) return undefined;
  const [early, late] = ["0", "9"].map((digit) => Number(sign + digits.replaceAll("X", digit))).sort((a, b) => a - b);
  const months = MONTHS[month] ?? (NAMES[Number(month) - 1] && [Number(month), Number(month)]);
  if (!months) return undefined;
  const [begin, end] = months;
  // The calendar repeats every 400 years.
  const length = new Date(Date.UTC((late % 400) + 2000, end, 0)).getUTCDate();
  if (!day || (day === "XX" && !SEASONS[month])) {
    return { first: dayNumber(early, begin, 1), last: dayNumber(late, end, length) };
  }
  const isDay = NAMES[Number(month) - 1] && Number(day) >= 1 && Number(day) <= length;
  return isDay ? { first: dayNumber(early, begin, Number(day)), last: dayNumber(late, end, Number(day)) } : undefined;
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
const dayNumber = (year, month, day) => year * 400 + month * 32 + day;

/** @param {string} text */
function pointInWords(text) {
  const [date, time = ""] = text.split("T");
  const [, sign, digits, month = "", day = ""] = DATE.exec(date) ?? [];
  if (!digits) return text.startsWith("Y") ? `the year ${text.slice(1)}` : text;
  const season = SEASONS[month] ?? NAMES[Number(month) - 1];
  const number = Number(day) ? String(Number(day)) : "";
  const words = [number, season, yearInWords(sign, digits)].filter(Boolean).join(" ");
  const zone = time.endsWith("Z") ? " UTC" : time.slice(8) && ` UTC${time.slice(8)}`;
  return `${QUALIFIERS[date.slice(-1)] ?? ""}${words}${time && `, ${time.slice(0, 5)}${zone}`}`;
}

/**
 * @param {string} sign
 * @param {string} digits
 */
function yearInWords(sign, digits) {
  if (digits.includes("X")) {
    const first = digits.replaceAll("X", "0");
    const whole = digits.endsWith("XX") ? `${first} to ${digits.replaceAll("X", "9")}` : `the ${first}s`;
    return sign ? `${whole} BC` : whole;
  }
  const year = Number(sign + digits);
  // There is no year 0 in words: the year 0000 of EDTF is 1 BC.
  return year > 0 ? String(year) : `${1 - year} BC`;
}

// The columns of an answer: those of a saved question as people read them, as in graphkit/query/readable.py.
import { dateWords } from "../shared/dates.js";
import { element } from "../shared/element.js";
import { link } from "./links.js";
import { EDTF, addressOf, numberOf, shorten, shown, visible, webAddress } from "./terms.js";

/** @import { Answer, Naming, Row, Term } from "./types" */

/**
 * A column of a table.
 * @typedef {object} Column
 * @property {string} name
 * @property {string} title The name as the table shows it.
 * @property {string} kind The class of its cells.
 * @property {(row: Row) => string} text
 * @property {(row: Row) => string | number} key The value by which rows are sorted.
 * @property {(row: Row) => HTMLElement} cell
 */

const SEPARATOR = " | ";
const LATEST = "Latest";
const SIDES = ["claims", "denials"];
/** The order of columns for readers; "" stands for all others. */
const ORDER = ["statement", "speaker", "stance", "gist", "claim", "", "said", "source", "evidence"];
// The columns of a group that have one value for each of its statements.
const PARALLEL = ["statements", "speakers", "said", "sources", "links", "evidence"];
// The columns of one statement; in an answer with a key, of the latest one.
const STATEMENT = ["statement", "speaker", "gist", "said", `said${LATEST}`, "source", "link", "evidence"];
/** @type {Record<string, [before: string, after: string]>} */
const SIGNS = { poundSterling: ["£", ""], percent: ["", "%"] };

/**
 * Returns the columns of a query as they are.
 * @param {Answer} answer
 * @param {Naming} naming
 */
export const plainColumns = ({ columns }, naming) =>
  columns.map((name) => columnOf(name, (row) => shown(row[name], naming), naming));

/**
 * Leaves out the columns of the latest statement of an answer whose rows count statements.
 * @param {Answer} answer
 * @param {string[]} key The columns that a row is about; empty if rows do not count statements.
 * @returns {Answer}
 */
export function withoutLatest(answer, key) {
  if (!key.length) return answer;
  return { ...answer, columns: answer.columns.filter((name) => key.includes(name) || !STATEMENT.includes(name)) };
}

/**
 * Returns the columns of an answer to a saved question.
 * @param {Answer} answer
 * @param {Naming} naming
 * @param {string[]} key As of `withoutLatest`.
 */
export function readableColumns(answer, naming, key) {
  const { columns } = withoutLatest(answer, key);
  const isGrouped = [...PARALLEL, ...SIDES].every((name) => columns.includes(name));
  const merged = [...mergedColumns(columns), ...(isGrouped ? [...PARALLEL, ...SIDES] : [])];
  const amount = amountOf(columns);
  const found = columns.filter((name) => !merged.includes(name)).sort((a, b) => placeOf(a) - placeOf(b)).map((name) => {
    if (/^statements?$/.test(name)) return statementColumn(name, naming);
    const text = name === amount ? amountText : readableText;
    return { ...columnOf(name, (row) => text(row, name, naming), naming), title: inWords(name) };
  });
  if (key.length) found.push(entriesColumn("latest statement", (row) => latestEntry(row, naming)));
  return isGrouped ? [...found, ...SIDES.map((side) => sideColumn(side, naming))] : found;
}

/** @param {string} name */
const placeOf = (name) => ORDER.indexOf(ORDER.includes(name) ? name : "");

/**
 * Returns the columns that other columns show.
 * @param {string[]} columns
 */
function mergedColumns(columns) {
  const latest = columns.filter((name) => name.endsWith(LATEST) && columns.includes(name.slice(0, -LATEST.length)));
  const hasStatement = columns.some((name) => /^statements?$/.test(name));
  return [...latest, ...(amountOf(columns) ? ["unit", "bound", "to"] : []), ...(hasStatement ? ["link", "links"] : [])];
}

/**
 * Returns the column that holds the number of an amount, which its unit and its bound follow.
 * @param {string[]} columns
 */
function amountOf(columns) {
  const unit = columns.indexOf("unit");
  return columns[unit + 1] === "bound" ? columns[unit - 1] : undefined;
}

/**
 * @param {string} name
 * @param {(row: Row) => string} text
 * @param {Naming} naming
 * @returns {Column}
 */
function columnOf(name, text, naming) {
  /** @param {Row} row */
  const cell = (row) => {
    const term = row[name];
    if (!text(row)) return element("td");
    const isIri = term?.type === "uri";
    const address = isIri ? addressOf(term.value, naming.base) : webAddress(term?.value ?? "");
    return element("td", {
      class: isNumber(term) ? "amount" : kindOf(name) || (address === text(row) && address && "address"),
      title: isIri && visible(term.value),
      lang: term?.["xml:lang"] || false,
    }, link(address, text(row)));
  };
  return { name, title: name, kind: kindOf(name), text, cell, key: (row) => keyOf(row, name) ?? text(row) };
}

/** @param {string} name */
const kindOf = (name) => (["gist", "claim", "amount"].includes(name) ? name : "");

/** @param {Term | undefined} term */
const isNumber = (term) => !Number.isNaN(numberOf(term));

/** @param {Term | undefined} term */
const isDate = (term) => term?.datatype === EDTF || Boolean(term?.datatype?.endsWith("#date"));

/**
 * Returns a number, also for a date: that of its first day, such as 20220500; undefined for anything else.
 * @param {Row} row
 * @param {string} name
 */
function keyOf(row, name) {
  if (isNumber(row[name])) return numberOf(row[name]);
  const date = row[name] ?? row[name + LATEST];
  if (!date || !isDate(date)) return undefined;
  const [, sign, year, month = "0", day = "0"] = /(-?)([\dX]{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(date.value) ?? [];
  return Number(`${sign}${year?.replaceAll("X", "0")}`) * 10_000 + Number(month) * 100 + Number(day);
}

/**
 * Returns a date in words, an entity by its label or id, and anything else as it is.
 * @param {Row} row
 * @param {string} name
 * @param {Naming} naming
 */
function readableText(row, name, naming) {
  const term = row[name];
  const latest = row[name + LATEST];
  if (!term) return latest ? dateWords(`../${latest.value}`) : "";
  if (term.type === "uri") return visible(naming.labels.get(term.value) ?? idOf(term.value, naming));
  return isDate(term) ? visible(dateWords(term.value)) : shown(term, naming);
}

/**
 * Returns the id of an entity, source or statement as users type it, or else a CURIE.
 * @param {string} iri
 * @param {Naming} naming
 */
const idOf = (iri, { prefixes }) => shorten(iri, prefixes).replace(/^(?:id|source|statement):/, "");

/**
 * Returns a number with its unit and bound, such as "£1,380,000, at most", or a range, such as "50 to 60 videos".
 * @param {Row} row
 * @param {string} name
 * @param {Naming} naming
 */
function amountText(row, name, naming) {
  if (!row[name]) return "";
  const [before, after] = signsOf(row, naming);
  const limit = row.bound?.value === `${naming.prefixes.sp}exactly` ? "" : readableText(row, "bound", naming);
  const [first, last] = [name, "to"].map((end) => row[end] && before + numberText(row, end, naming));
  return `${first}${last ? ` to ${last}` : ""}${after.trimEnd()}${limit && `, ${limit}`}`;
}

/**
 * Returns a number with its unit, if the row has one.
 * @param {Row} row
 * @param {string} name
 * @param {Naming} naming
 */
export function withUnit(row, name, naming) {
  const [before, after] = signsOf(row, naming);
  return `${before}${numberText(row, name, naming)}${after.trimEnd()}`;
}

/**
 * Returns what stands before and after the number of a row: a sign, or the name of its unit.
 * @param {Row} row
 * @param {Naming} naming
 */
const signsOf = (row, naming) =>
  SIGNS[row.unit?.value.replace(naming.prefixes.sp, "") ?? ""] ?? ["", ` ${readableText(row, "unit", naming)}`];

/**
 * Returns the number of a row with commas.
 * @param {Row} row
 * @param {string} name
 * @param {Naming} naming
 */
function numberText(row, name, naming) {
  const number = row[name];
  if (!number || !isNumber(number)) return shown(number, naming);
  return withCommas(number.value, Boolean(signsOf(row, naming)[0]));
}

/**
 * Returns a number with commas; an amount of money has two decimals or none.
 * @param {string} digits
 * @param {boolean} isMoney
 */
export function withCommas(digits, isMoney) {
  const written = isMoney ? Number(digits).toFixed(Number(digits) % 1 ? 2 : 0) : digits;
  return written.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ",");
}

/**
 * Returns the column of the ids of statements, with links to their pages and to their passages.
 * @param {string} name
 * @param {Naming} naming
 * @returns {Column}
 */
function statementColumn(name, naming) {
  /** @param {Row} row */
  const text = (row) => several(row[name]).map((iri) => visible(idOf(iri, naming))).join(SEPARATOR);
  /** @param {Row} row */
  const cell = (row) => {
    const passages = several(row.link ?? row.links);
    const links = several(row[name]).map((iri, i) => statementLinks(iri, passages[i], naming));
    return element("td", { class: "statement" }, ...links);
  };
  return { name, title: inWords(name), kind: "statement", text, cell, key: text };
}

/** @param {Term | undefined} term */
const several = (term) => (term?.value ? term.value.split(SEPARATOR) : []);

/**
 * @param {string} iri
 * @param {string | undefined} passage
 * @param {Naming} naming
 */
function statementLinks(iri, passage, naming) {
  const address = webAddress(passage ?? "");
  const [source, ...key] = visible(idOf(iri, naming)).split("/");
  const page = link(addressOf(iri, naming.base), source, ...key.flatMap((part) => ["/", element("wbr"), part]));
  return element("span", { class: "ids" }, page, ...(address ? [" · ", link(address, "passage")] : []));
}

/**
 * Returns the column of the statements on one side of a group.
 * @param {string} side
 * @param {Naming} naming
 */
function sideColumn(side, naming) {
  return entriesColumn(side, (row) => {
    const texts = several(row[side]);
    const first = side === SIDES[0] ? 0 : several(row.claims).length;
    const [statements, said, evidence, passages] =
      [row.statements, wordsOf(row.said), row.evidence, row.links].map(several);
    return texts.map((text, i) => entry(
      text, [said[first + i], evidence[first + i]], [statements[first + i] ?? "", passages[first + i]], naming,
    ));
  });
}

/**
 * Returns the latest statement that a row counts.
 * @param {Row} row
 * @param {Naming} naming
 */
function latestEntry(row, naming) {
  if (!row.statement) return [];
  const [speaker, gist, said, evidence] =
    ["speaker", "gist", "said", "evidence"].map((name) => readableText(row, name, naming));
  const words = gist.includes(speaker) ? gist : `${speaker}: ${gist}`;
  return [entry(words, [said, evidence], [row.statement.value, row.link?.value], naming)];
}

/**
 * @param {string} words
 * @param {(string | undefined)[]} known Date and status of the evidence.
 * @param {[statement: string, passage: string | undefined]} addresses
 * @param {Naming} naming
 */
function entry(words, known, [statement, passage], naming) {
  const told = known.filter(Boolean).join("; ");
  return { text: visible(told ? `${words} (${told})` : words), ids: statementLinks(statement, passage, naming) };
}

/**
 * Returns a column with statements in its cells.
 * @param {string} name
 * @param {(row: Row) => { text: string, ids: HTMLElement }[]} entries
 * @returns {Column}
 */
function entriesColumn(name, entries) {
  /** @param {Row} row */
  const text = (row) => entries(row).map((one) => one.text).join("\n");
  /** @param {Row} row */
  const cell = (row) => element("td", { class: "side" }, ...entries(row).map((one) =>
    element("p", {}, one.text, element("br"), one.ids)));
  return { name, title: name, kind: "side", text, cell, key: text };
}

/**
 * @param {Term | undefined} term
 * @returns {Term | undefined}
 */
const wordsOf = (term) => term && { ...term, value: dateWords(term.value) };

/**
 * Separates the columns that have the same text in each row from the others.
 * @param {Column[]} columns
 * @param {Row[]} rows
 */
export function withoutConstants(columns, rows) {
  /** @param {Column} column */
  const isConstant = ({ kind, text }) =>
    rows.length > 1 && !["statement", "side"].includes(kind) && rows.every((row) => text(row) === text(rows[0]));
  return { about: columns.filter(isConstant), columns: columns.filter((column) => !isConstant(column)) };
}

/**
 * Returns the name of a variable in words.
 * @param {string} name
 */
export const inWords = (name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();

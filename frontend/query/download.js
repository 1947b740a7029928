// Downloads of an answer.
import { csvCell, withoutFormula } from "../shared/files.js";

/** @import { Answer, Term } from "./types" */

/** @typedef {{label: string, suffix: string, media: string, write: () => string}} Format */

/**
 * Returns the formats in which an answer can be downloaded.
 * @param {Answer} answer
 * @returns {Format[]}
 */
export function formats(answer) {
  const { source } = answer;
  const tables = [
    { label: "CSV", suffix: "csv", media: "text/csv", write: () => separated(answer, ",", csvCell) },
    { label: "TSV", suffix: "tsv", media: "text/tab-separated-values", write: () => separated(answer, "\t", oneLine) },
    { label: "JSON", suffix: "json", media: "application/sparql-results+json", write: () => json(answer) },
  ];
  if (!source) return tables;
  return [{ label: "N-Triples", suffix: "nt", media: "application/n-triples", write: () => source }, ...tables];
}

/** @param {string} text */
const oneLine = (text) => text.replace(/[\t\r\n]/g, " ");

/** @param {Term | undefined} term */
function textOf(term) {
  const { type, value, datatype = "" } = term ?? { type: "", value: "" };
  const isText = type === "literal" && !/#(integer|decimal|double)$/.test(datatype);
  return isText ? withoutFormula(value) : value;
}

/**
 * @param {Answer} answer
 * @param {string} separator
 * @param {(text: string) => string} format
 */
function separated({ columns, rows }, separator, format) {
  const lines = rows.map((row) => columns.map((name) => format(textOf(row[name]))).join(separator));
  return `${[columns.join(separator), ...lines].join("\r\n")}\r\n`;
}

/**
 * Returns SPARQL results JSON, with each term as the engine gave it.
 * @param {Answer} answer
 */
function json({ kind, columns, rows }) {
  const found = kind === "truth"
    ? { head: {}, boolean: rows[0].answer?.value === "yes" }
    : { head: { vars: columns }, results: { bindings: rows } };
  return JSON.stringify(found, null, 1);
}

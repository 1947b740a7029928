// Files that the reader saves from a page.
import { element } from "./element.js";

const A_MINUTE = 60_000;
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Puts an apostrophe before a text that a spreadsheet would take for a formula.
 * @param {string} text
 */
export const withoutFormula = (text) => (FORMULA.test(text) ? `'${text}` : text);

/** @param {string} text */
export const csvCell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text);

/**
 * Saves a file through the browser's download.
 * @param {Blob} blob
 * @param {string} name
 */
export function saveFile(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), A_MINUTE);
}

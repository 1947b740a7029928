// Reads entities, relations, statements and disputes from the tables of a page. There is no second copy of their text.
// A page may have thousands of rows, so their children are walked and not searched.
import { byId, element, select, selectAll } from "./element.js";

/** @import { Dispute, Entity, Statement } from "./types" */

export const POLARITIES = ["supportive", "critical", "neutral"];

/** @type {Map<string, Statement>} By the ids of their rows. */
export const statements = new Map();
/** @type {Map<string, Statement>} By the numbers of their rows in the file. */
const numbered = new Map();
/** @type {Dispute[]} */
export const disputes = [];
/**
 * The ids of sources, their titles with their addresses, and for copies the number or the title of the original.
 * @type {{name: string, link: HTMLAnchorElement, copy?: string | null}[]}
 */
let sources = [];
/** @type {string[]} The usual status of a passage and the usual publicity, which rows leave out. */
let usual = [];
/** @type {Element} The subject of the rows that were read last. */
let subject;
/** @type {Map<string, string>} The keys of entities by their names. */
const keys = new Map();

/** @param {Node} node */
export const textOf = (node) => /** @type {string} */ (node.textContent).trim();
/** @param {Element} parent */
const childTexts = (parent) => [...parent.children].map(textOf);
/** @param {Element} link */
export const targetOf = (link) => /** @type {string} */ (link.getAttribute("href")).slice(1);
/** @param {string} id */
export const table = (id) => /** @type {HTMLTableElement} */ (byId(id));
/** @param {string} id */
export const rowsOfTable = (id) => [...(table(id)?.tBodies[0].rows ?? [])];

/** Reads the texts that rows do not repeat, before any statement is read. */
export function readShared() {
  sources = rowsOfTable("sources").map(({ cells: [name, title] }) => ({
    name: textOf(name), link: /** @type {HTMLAnchorElement} */ (title.firstChild),
    copy: select("small", title)?.textContent,
  }));
  usual = selectAll("#usual i").map(textOf);
}

/**
 * @param {HTMLTableRowElement} row
 * @param {string} base The common beginning of short identifiers.
 * @returns {Entity}
 */
export function readEntity(row, base) {
  while (row.cells.length < 4) row.insertCell();
  const [name, kind, also, iri] = childTexts(row);
  const key = targetOf(/** @type {Element} */ (row.cells[0].firstElementChild));
  keys.set(name, key);
  row.cells[3].textContent ||= key.slice(2);
  return { key, name, kind, also, iri: iri.includes(":") ? iri : base + (iri || key.slice(2)), edges: [], alone: [] };
}

/** @param {string} text */
const percent = (text) =>
  encodeURIComponent(text).replace(/[-!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Writes the title, the link to the passage and the usual notes into the last cell of a row that leaves them out.
 * @param {Element} cell
 * @returns {string} The id of the source.
 */
function complete(cell) {
  const [link, ...rest] = cell.childNodes;
  const at = Number(targetOf(/** @type {Element} */ (link)).slice(1)) - 1;
  const { name, link: { href, textContent }, copy } = sources[at];
  const original = copy?.replace(/\[(\d+)\]$/, (_, i) => `“${sources[i - 1].link.textContent}”`);
  const passage = rest[0]?.nodeType === 3 ? textOf(rest[0]) : "";
  const words = passage.replace(/, at character \d+$/, "").slice(1, -1);
  const address = words && `${href.includes("#") ? "" : "#"}:~:text=${words.split(" … ").map(percent).join()}`;
  const checked = select("i", cell)?.textContent ?? usual[0];
  const note = passage ? `${checked}: ${passage}` : checked.slice(8) && checked;
  const host = new URL(href).hostname;
  const notes = [host, original, select("small", cell)?.textContent, note].filter(Boolean).join(" · ");
  cell.replaceChildren(
    element("a", { href: href + address }, textContent ?? ""), " ", element("small", {}, notes), " ",
    select("em", cell) ?? element("em", {}, usual[1] || "publicity not given"),
  );
  return name;
}

/**
 * Returns the day of a date in words, such as 9 May 2018, with a slash where it may have been earlier or later.
 * @param {string} words
 */
function dayOf(words) {
  const [, text, open] = /^(\d+ \w+ \d{4})( or \w+)?$/.exec(words) ?? [];
  const day = text ? new Date(`${text} UTC`).toISOString().slice(0, 10) : "";
  return open === " or earlier" ? `/${day}` : open ? `${day}/` : day;
}

/** @param {HTMLTableRowElement} row */
export function readStatement(row) {
  row.cells[1].textContent ||= "asserts";
  const [speaker, act, gist, said] = childTexts(row);
  const number = row.id;
  const cell = row.cells[4];
  row.id = row.dataset.i ?? `s.${complete(cell)}/${row.dataset.n}`;
  const source = textOf(/** @type {Node} */ (cell.firstChild));
  const [first, last = first] = (row.dataset.d ?? dayOf(said)).split("/");
  /** @type {Statement} */
  const statement = {
    id: row.id.slice(2), row, speaker, act, stance: row.dataset.s ?? act, gist, said, source, first, last, disputes: [],
  };
  statements.set(row.id, statement);
  numbered.set(number, statement);
  return statement;
}

/**
 * Returns the statement to whose row a link leads, and makes the link lead to the row's present id.
 * @param {Element} link
 */
function statementAt(link) {
  const statement = numbered.get(targetOf(link));
  if (statement) link.setAttribute("href", `#${statement.row.id}`);
  return statement;
}

/**
 * Returns the statements of a relation: its rows, or rows elsewhere to which its rows refer.
 * @param {HTMLTableSectionElement} body
 */
export function statementsOf(body) {
  const found = [...body.rows].slice(1).map((row) => {
    if (row.cells[1]) return readStatement(row);
    const link = select("a", row);
    return link && statementAt(link);
  });
  return /** @type {Statement[]} */ (found.filter(Boolean));
}

/**
 * Returns the key of the entity to which a link leads; a link without an address has the only entity of its name.
 * @param {Element} link
 */
function keyAt(link) {
  const key = link.hasAttribute("href") ? targetOf(link) : keys.get(textOf(link)) ?? "";
  link.setAttribute("href", `#${key}`);
  return key;
}

/**
 * Reads the head of the rows of a relation: both entities, the words between and after them, status with its words,
 * scope, and the initials of its policies.
 * It writes the subject if the row leaves it out, because it is that of the row before.
 * @param {HTMLTableSectionElement} body
 */
export function readHead(body) {
  const head = body.rows[0].cells[0];
  const verb = /** @type {Element} */ (select("i", head));
  if (verb.previousElementSibling?.localName !== "a") verb.before(/** @type {Node} */ (subject).cloneNode(true), " ");
  const [first, object] = selectAll("a", head);
  subject = first;
  /** @param {string} name */
  const text = (name) => select(name, head)?.textContent ?? "";
  return {
    from: keyAt(subject),
    to: object ? keyAt(object) : "",
    relation: text("i"),
    rest: text("a ~ a ~ i"),
    status: text("b") || "reported",
    words: text("b:not([hidden])"),
    scope: text("small"),
    policies: body.dataset.p ?? "",
  };
}

/** Reads the statements that belong to no relation of the page, then the disputes. */
export function readDisputes() {
  rowsOfTable("others").forEach(readStatement);
  const accounts = selectAll("#accounts li").map(textOf);
  for (const item of selectAll("#dispute-list > li")) {
    const [one, other] = selectAll("p", item).map((side) => {
      const found = selectAll("a", side).map((link) => {
        const statement = statementAt(link);
        if (statement?.said) link.append(` (${statement.said})`);
        return statement;
      });
      return /** @type {Statement[]} */ (found.filter(Boolean));
    });
    const dispute = { item, account: accounts[Number(item.dataset.k)], one, other };
    for (const statement of [...one, ...other]) statement.disputes.push(dispute);
    disputes.push(dispute);
  }
}

// The query page: choose a question, change a parameter, read the answer, cite the link.
import { button, byId, counted, element, toggleClass } from "../shared/element.js";
import { saveFile } from "../shared/files.js";
import { readAddress, writeAddress } from "./address.js";
import { BrowserEngine } from "./browser-engine.js";
import { chart, planChart } from "./chart.js";
import { formats } from "./download.js";
import { makeEditor } from "./editor.js";
import { makeLabeller } from "./labels.js";
import { network, networkColumns } from "./network.js";
import { makeParameters } from "./parameters.js";
import { makeExamples, makeQuestionList } from "./questions.js";
import { plainColumns, readableColumns, withoutConstants, withoutLatest } from "./readable.js";
import { ServerEngine } from "./server-engine.js";
import { table } from "./table.js";

/** @import { Answer, Engine, Known, Naming, Parameter, Question } from "./types" */

const OWN = "Your own query";
/** @type {Known} */
const known = JSON.parse(byId("known").textContent ?? "");
const parts = {
  title: byId("title"), why: byId("why"), status: byId("status"), run: byId("run"), stop: byId("stop"),
  answer: byId("answer"), views: byId("views"), files: byId("files"), examples: byId("examples"),
  sparql: /** @type {HTMLDetailsElement} */ (byId("sparql")),
};
const { graphkitEngine, graphkitData = "" } = window;
/** @type {Engine} */
const engine = graphkitEngine
  ? new BrowserEngine({ ...graphkitEngine, data: graphkitData }, known.prefixes, known.base)
  : new ServerEngine();
const findLabels = makeLabeller(known, engine);
const parameters = makeParameters(byId("fields"), known.entities, run);
const editor = makeEditor(byId("editor"), known, { run, changed: onEdit, leave: () => parts.run.focus() });
const markQuestion = makeQuestionList(known.questions);
parts.examples.append(...makeExamples(known.questions));
/** @type {Question | undefined} The question that is open, until its query is changed. */
let current;
/** @type {Parameter[]} */
let declared = [];
/** The number of the last run; the answers of earlier ones are not shown. */
let lastRun = 0;
/** @type {Map<string, import("./table.js").Look>} By question; readers' own queries share one. */
const looks = new Map();
/** The address of the query that is running. */
let running = "";

/** @param {Question | undefined} question */
function setCurrent(question) {
  current = question;
  markQuestion(question);
}

/** Treats a question as the reader's own query once its text is changed. */
function onEdit() {
  if (!current || editor.text === queryOf(current)) return;
  setCurrent(undefined);
  parts.title.textContent = OWN;
  parts.why.textContent = "";
}

/**
 * Returns the query of a question without its header, which the page shows above.
 * @param {Question} question
 */
const queryOf = ({ text }) => text.replace(/^(#.*\n)+/, "");

/** Opens the question or the query that the address names. */
function open() {
  const { question: name, query, given } = readAddress(location.hash);
  const question = known.questions.find((candidate) => candidate.name === name);
  const text = question ? queryOf(question) : query;
  clear();
  setCurrent(question);
  editor.text = text;
  parts.sparql.open = !question;
  parts.examples.hidden = Boolean(text);
  declared = question?.parameters
    ?? Object.keys(given).map((parameter) => ({ name: parameter, default: "", description: "" }));
  parts.title.textContent = question?.title ?? (text ? OWN : "Choose a question, or write your own");
  parts.why.textContent = question?.why ?? "";
  parameters.show(declared, given);
  const names = declared.map((parameter) => parameter.name);
  const unknown = Object.keys(given).find((parameter) => !names.includes(parameter));
  if (name && !question) showStatus(`There is no saved question called ${JSON.stringify(name)}.`, true);
  else if (unknown) {
    const hint = `It has: ${names.join(", ") || "none"}.`;
    showStatus(`${name} has no parameter ${JSON.stringify(unknown)}.\n${hint}`, true);
  } else if (text) run();
  else showStatus("");
}

function clear() {
  for (const part of [parts.answer, parts.views, parts.files]) part.replaceChildren();
}

/** @param {string} text */
function showStatus(text, isWrong = false) {
  parts.status.textContent = text;
  toggleClass(parts.status, "wrong", isWrong);
}

const asked = () => ({ question: current?.name ?? "", query: editor.text, given: parameters.given });

async function run() {
  const { question, query, given } = asked();
  const address = writeAddress({ question, query, given });
  if (!query.trim()) return showStatus("Choose a question, or write a query.", true);
  if (running === address) return;
  if (running) engine.stop();
  lastRun += 1;
  const mine = lastRun;
  running = address;
  history.replaceState(null, "", address);
  clear();
  parts.examples.hidden = true;
  parts.stop.hidden = false;
  try {
    showStatus("Loading …");
    await engine.ready;
    showStatus(`Asking ${engine.name} …`);
    const began = performance.now();
    const answer = await engine.ask({ text: query, name: question, given, declared });
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const labels = await findLabels(answer);
    if (mine === lastRun) showAnswer(answer, { labels, prefixes: known.prefixes, base: known.base }, seconds);
  } catch (error) {
    if (mine === lastRun) showError(/** @type {Error} */ (error).message);
  } finally {
    if (mine === lastRun) {
      parts.stop.hidden = true;
      running = "";
    }
  }
}

/** @param {string} message */
function showError(message) {
  const position = /^line (\d+), column (\d+)/.exec(message);
  // The editor marks the position; the quoted line and the caret are for a terminal.
  showStatus(position ? message.split("\n")[0] : message, true);
  if (!position) return;
  parts.sparql.open = true;
  editor.point(Number(position[1]), Number(position[2]));
}

/**
 * @param {Answer} answer
 * @param {Naming} naming
 * @param {string} seconds
 */
function showAnswer(answer, naming, seconds) {
  const count = counted(answer.rows.length, "row");
  const first = answer.cut
    ? `The answer was cut: these are the first ${count}. Add LIMIT or a condition.`
    : `${count}.`;
  const { remarks = [] } = answer;
  showStatus([`${first} ${seconds} s, from ${engine.name}.`, ...remarks].join("\n"), answer.cut || remarks.length > 0);
  showViews(answer, naming);
  const stem = current?.name ?? "answer";
  parts.files.replaceChildren(element("span", {}, "Download"), ...formats(answer).map(
    ({ label, suffix, media, write }) =>
      button(label, () => saveFile(new Blob([write()], { type: media }), `${stem}.${suffix}`)),
  ));
}

/**
 * Makes the table of a saved question.
 * @param {Answer} answer
 * @param {Naming} naming
 */
function readableTable(answer, naming) {
  if (answer.kind !== "table") return plainTable(answer, naming);
  const { about, columns } = withoutConstants(readableColumns(answer, naming, current?.key ?? []), answer.rows);
  return table(answer.rows, columns, about, look());
}

/** Returns how the reader last looked at the answer of the question that is open. */
function look() {
  const name = current?.name ?? "";
  const known = looks.get(name) ?? { hidden: new Set(), isWrapped: false };
  looks.set(name, known);
  return known;
}

/**
 * @param {Answer} answer
 * @param {Naming} naming
 */
const plainTable = (answer, naming) => table(answer.rows, plainColumns(answer, naming), [], look());

/**
 * Shows the answer as a table, with buttons for the other views that fit it.
 * @param {Answer} answer
 * @param {Naming} naming
 */
function showViews(answer, naming) {
  /** @type {Record<string, (answer: Answer, naming: Naming) => Element>} */
  const views = { Table: current ? readableTable : plainTable };
  if (networkColumns(answer)) views.Network = network;
  // A chart shows what a row counts, not its latest statement.
  const plan = planChart(withoutLatest(answer, current?.key ?? []), current ? undefined : editor.text);
  if (plan && typeof plan === "object") views.Chart = () => chart(plan, answer.rows.length, naming);
  const buttons = Object.keys(views).map((view) => button(view, () => show(view)));
  /** @param {string} view */
  const show = (view) => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.textContent === view));
    parts.answer.replaceChildren(views[view](answer, naming));
  };
  const reason = typeof plan === "string" ? element("small", {}, plan) : "";
  parts.views.replaceChildren(...(buttons.length > 1 ? buttons : []), reason);
  show("Table");
}

async function copyLink() {
  const link = location.href.split("#")[0] + writeAddress(asked());
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    showStatus("Link copied.");
  } catch {
    showStatus(`Copy the link from the address bar: ${link}`);
  }
}

parts.run.addEventListener("click", run);
parts.stop.addEventListener("click", () => engine.stop());
byId("copy").addEventListener("click", copyLink);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) run();
});
window.addEventListener("hashchange", open);
open();

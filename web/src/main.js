// The query page: pick a question, change a parameter, read the answer, cite the link.
import { chart, chartColumns } from "./chart.js";
import { csv, json, save } from "./download.js";
import { makeEditor } from "./editor.js";
import { element } from "./element.js";
import { PageEngine, ServerEngine } from "./engines.js";
import { network, networkColumns } from "./network.js";
import { readAddress, writeAddress } from "./place.js";
import { table } from "./results.js";

const known = JSON.parse(document.getElementById("known").textContent);
const parts = Object.fromEntries(["list", "find", "title", "why", "fields", "editor", "run", "stop", "copy", "status", "answer", "views", "files", "sparql"].map((name) => [name, document.getElementById(name)]));
const engine = window.graphkitEngine
  ? new PageEngine({ ...window.graphkitEngine, data: window.graphkitData }, known.prefixes)
  : new ServerEngine();
const questions = new Map(known.questions.map((one) => [one.name, one]));
let current = null;
let declared = [];
let turn = 0;

const editor = makeEditor(parts.editor, known, { run, changed: edited, leave: () => parts.run.focus() }, known.nonce);

function list() {
  const typed = parts.find.value.trim().toLowerCase();
  const fits = known.questions.filter(({ name, title, why }) => `${name} ${title} ${why}`.toLowerCase().includes(typed));
  const items = fits.map(({ name, title }) =>
    element("li", {}, element("a", { href: `#question=${name}`, "aria-current": name === current?.name ? "true" : "" }, title)),
  );
  parts.list.replaceChildren(...items);
  if (!items.length) parts.list.append(element("li", { class: "quiet" }, "No question has that in it."));
}

/** Shows what a person may fill in. */
function fields(given) {
  parts.fields.replaceChildren(
    ...declared.map(({ name, default: standard, description }) => {
      const id = `parameter-${name}`;
      const value = given[name] ?? (standard.endsWith(":") ? "" : standard.replace(/^id:/, ""));
      const input = element("input", { id, name, value, list: "entities", autocomplete: "off", "aria-describedby": `${id}-what` });
      input.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), run()));
      return element("div", {}, element("label", { for: id }, name), input, element("small", { id: `${id}-what` }, description || "Leave it empty for all."));
    }),
  );
}

function given() {
  return Object.fromEntries([...parts.fields.querySelectorAll("input")].map((input) => [input.name, input.value.trim()]));
}

function edited() {
  if (current && editor.text !== body(current)) {
    current = null;
    parts.title.textContent = "Your own query";
    parts.why.textContent = "";
    list();
  }
}

/** The query of a question without its header: the page shows that in other places. */
function body({ text }) {
  return text.replace(/^(#.*\n)+/, "");
}

/** Opens what the address names. */
function open() {
  const asked = readAddress(location.hash);
  const question = questions.get(asked.question);
  if (asked.question && !question) return say(`There is no saved question called ${JSON.stringify(asked.question)}.`, true);
  current = question ?? null;
  const text = question ? body(question) : asked.query;
  editor.text = text;
  parts.sparql.open = !question;
  declared = question?.parameters ?? Object.keys(asked.given).map((name) => ({ name, default: "", description: "" }));
  parts.title.textContent = question?.title ?? (text ? "Your own query" : "Pick a question, or write your own");
  parts.why.textContent = question?.why ?? "";
  fields(asked.given);
  list();
  if (text) run();
  else clear();
}

function clear() {
  for (const name of ["answer", "views", "files"]) parts[name].replaceChildren();
}

function say(text, wrong = false) {
  parts.status.textContent = text;
  parts.status.classList.toggle("wrong", wrong);
}

async function run() {
  const text = editor.text;
  if (!text.trim()) return say("There is nothing to ask yet.", true);
  const mine = (turn += 1);
  const asked = { question: current?.name ?? "", query: text, given: given() };
  history.replaceState(null, "", writeAddress(asked));
  clear();
  say(`Asking ${engine.name} …`);
  parts.stop.hidden = false;
  const began = performance.now();
  try {
    const answer = await engine.ask({ text, name: current?.name, given: asked.given, declared });
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const labels = await readLabels(answer);
    if (mine === turn) show(answer, labels, seconds);
  } catch (error) {
    if (mine === turn) complain(error.message ?? error.error);
  } finally {
    if (mine === turn) parts.stop.hidden = true;
  }
}

function complain(message) {
  say(message, true);
  const at = /^line (\d+), column (\d+)/.exec(message);
  if (at) editor.point(Number(at[1]), Number(at[2]));
}

/** Asks for the labels of the things in an answer. */
async function readLabels({ rows }) {
  const labels = new Map(known.labels);
  const found = rows.flatMap((row) => Object.values(row)).filter(({ type, value }) => type === "uri" && !/[<>"{}|^`\\\s]/.test(value));
  const names = [...new Set(found.map(({ value }) => value))].filter((value) => !labels.has(value)).slice(0, 2000);
  for (let at = 0; at < names.length; at += 100) {
    const some = names.slice(at, at + 100).map((name) => `<${name}>`).join(" ");
    const answer = await engine.ask({ text: `SELECT ?name ?label { VALUES ?name { ${some} } ?name rdfs:label ?label }` });
    for (const { name, label } of answer.rows) labels.set(name.value, label.value);
  }
  return labels;
}

function show(answer, labels, seconds) {
  const about = { labels, prefixes: known.prefixes, base: known.base };
  const count = `${answer.rows.length.toLocaleString("en")} ${answer.rows.length === 1 ? "row" : "rows"}`;
  say(`${answer.cut ? `The answer was cut: these are the first ${count}. Add LIMIT or a condition.` : `${count}.`} ${seconds} s, from ${engine.name}.`, answer.cut);
  const kinds = { Table: table };
  if (networkColumns(answer)) kinds.Network = network;
  if (chartColumns(answer)) kinds.Chart = chart;
  const buttons = Object.keys(kinds).map((name) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => choose(name));
    return button;
  });
  const choose = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === name));
    parts.answer.replaceChildren(kinds[name](answer, about));
  };
  parts.views.replaceChildren(...(buttons.length > 1 ? buttons : []));
  choose("Table");
  downloads(answer);
}

function downloads(answer) {
  const name = current?.name ?? "answer";
  const forms = [
    ["CSV", () => save(`${name}.csv`, csv(answer), "text/csv")],
    ["TSV", () => save(`${name}.tsv`, csv(answer, "\t"), "text/tab-separated-values")],
    ["JSON", () => save(`${name}.json`, json(answer), "application/sparql-results+json")],
  ];
  const buttons = forms.map(([label, write]) => {
    const button = element("button", { type: "button" }, label);
    button.addEventListener("click", write);
    return button;
  });
  parts.files.replaceChildren(element("span", {}, "Download"), ...buttons);
}

async function copy() {
  const link = location.href.split("#")[0] + writeAddress({ question: current?.name ?? "", query: editor.text, given: given() });
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied.");
  } catch {
    say(`The link is in the address bar: ${link}`);
  }
}

document.getElementById("entities").append(...known.entities.map(({ id, label }) => element("option", { value: id }, label)));
parts.find.addEventListener("input", list);
parts.run.addEventListener("click", run);
parts.stop.addEventListener("click", () => engine.stop());
parts.copy.addEventListener("click", copy);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) run();
});
window.addEventListener("hashchange", open);
open();

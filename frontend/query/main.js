// The query page: pick a question, change a parameter, read the answer, cite the link.
import { BrowserEngine } from "./browser.js";
import { chart, chartColumns } from "./chart.js";
import { files, save } from "./download.js";
import { makeEditor } from "./editor.js";
import { element } from "./element.js";
import { makeFields } from "./fields.js";
import { makeNamer } from "./labels.js";
import { network, networkColumns } from "./network.js";
import { readAddress, writeAddress } from "./place.js";
import { table } from "./results.js";
import { ServerEngine } from "./server.js";

const NAMES = ["list", "find", "title", "why", "fields", "editor", "run", "stop", "copy", "status", "answer", "views", "files", "sparql"];
const OWN = "Your own query";
const known = JSON.parse(document.getElementById("known").textContent);
const parts = Object.fromEntries(NAMES.map((name) => [name, document.getElementById(name)]));
const engine = window.graphkitEngine
  ? new BrowserEngine({ ...window.graphkitEngine, data: window.graphkitData }, known.prefixes)
  : new ServerEngine();
const questions = new Map(known.questions.map((one) => [one.name, one]));
const name = makeNamer(known, engine);
const fields = makeFields(parts.fields, known.entities, run);
const editor = makeEditor(parts.editor, known, { run, changed: edited, leave: () => parts.run.focus() });
let current = null;
let declared = [];
let turn = 0;
let underWay = "";

const items = known.questions.map(({ name, title, why }) => {
  const link = element("a", { href: `#question=${name}` }, title || name);
  return { name, link, item: element("li", {}, link), words: `${name} ${title} ${why}`.toLowerCase() };
});
const none = element("li", { class: "quiet", hidden: true }, "No question has these words.");

/** Shows those questions that hold each word that was typed. */
function find() {
  const typed = parts.find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { item, words } of items) item.hidden = !typed.every((word) => words.includes(word));
  none.hidden = items.some(({ item }) => !item.hidden);
}

/** Marks the question that is open. */
function choose(question) {
  current = question;
  for (const one of items) {
    if (one.name !== question?.name) one.link.removeAttribute("aria-current");
    else {
      one.link.setAttribute("aria-current", "true");
      // Only the list scrolls: the reader stays where they are.
      const [box, place] = [parts.list.getBoundingClientRect(), one.item.getBoundingClientRect()];
      if (place.top < box.top || place.bottom > box.bottom) parts.list.scrollTop += place.top - box.top;
    }
  }
}

function edited() {
  if (!current || editor.text === body(current)) return;
  choose(null);
  parts.title.textContent = OWN;
  parts.why.textContent = "";
}

/** The query of a question without its header: the page shows that in other places. */
function body({ text }) {
  return text.replace(/^(#.*\n)+/, "");
}

/** Opens what the address names. */
function open() {
  const asked = readAddress(location.hash);
  const question = questions.get(asked.question);
  const text = question ? body(question) : asked.query;
  clear();
  choose(question ?? null);
  editor.text = text;
  parts.sparql.open = !question;
  declared = question?.parameters ?? Object.keys(asked.given).map((name) => ({ name, default: "", description: "" }));
  parts.title.textContent = question?.title ?? (text ? OWN : "Pick a question, or write your own");
  parts.why.textContent = question?.why ?? "";
  fields.show(declared, asked.given);
  const stranger = Object.keys(asked.given).find((name) => !declared.some((one) => one.name === name));
  if (asked.question && !question) say(`There is no saved question called ${JSON.stringify(asked.question)}.`, true);
  else if (stranger) say(`${asked.question} has no parameter ${JSON.stringify(stranger)}.\nIt has: ${declared.map(({ name }) => name).join(", ") || "none"}.`, true);
  else if (text) run();
  else say("");
}

function clear() {
  for (const name of ["answer", "views", "files"]) parts[name].replaceChildren();
}

function say(text, wrong = false) {
  parts.status.textContent = text;
  parts.status.classList.toggle("wrong", wrong);
}

function asked() {
  return { question: current?.name ?? "", query: editor.text, given: fields.given };
}

async function run() {
  const [what, place] = [asked(), writeAddress(asked())];
  if (!what.query.trim()) return say("There is nothing to ask yet: pick a question, or write a query.", true);
  if (underWay === place) return;
  if (underWay) engine.stop();
  const mine = (turn += 1);
  underWay = place;
  history.replaceState(null, "", place);
  clear();
  parts.stop.hidden = false;
  try {
    say("Loading …");
    await engine.ready;
    say(`Asking ${engine.name} …`);
    const began = performance.now();
    const answer = await engine.ask({ text: what.query, name: what.question, given: what.given, declared });
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const labels = await name(answer);
    if (mine === turn) show(answer, labels, seconds);
  } catch (error) {
    if (mine === turn) complain(error.message);
  } finally {
    if (mine === turn) {
      parts.stop.hidden = true;
      underWay = "";
    }
  }
}

function complain(message) {
  const at = /^line (\d+), column (\d+)/.exec(message);
  // The editor shows the place: the line and the caret that follow are for a terminal.
  say(at ? message.split("\n")[0] : message, true);
  if (!at) return;
  parts.sparql.open = true;
  editor.point(Number(at[1]), Number(at[2]));
}

function show(answer, labels, seconds) {
  const about = { labels, prefixes: known.prefixes, base: known.base };
  const count = `${answer.rows.length.toLocaleString("en")} ${answer.rows.length === 1 ? "row" : "rows"}`;
  const first = answer.cut ? `The answer was cut: these are the first ${count}. Add LIMIT or a condition.` : `${count}.`;
  say(`${first} ${seconds} s, from ${engine.name}.`, answer.cut);
  const kinds = { Table: table };
  if (networkColumns(answer)) kinds.Network = network;
  if (chartColumns(answer)) kinds.Chart = chart;
  const buttons = Object.keys(kinds).map((name) => button(name, () => draw(name)));
  const draw = (name) => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.textContent === name));
    parts.answer.replaceChildren(kinds[name](answer, about));
  };
  parts.views.replaceChildren(...(buttons.length > 1 ? buttons : []));
  draw("Table");
  const stem = current?.name ?? "answer";
  const takes = files(answer).map(({ label, suffix, media, write }) => button(label, () => save(`${stem}.${suffix}`, write(), media)));
  parts.files.replaceChildren(element("span", {}, "Download"), ...takes);
}

function button(label, act) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", act);
  return made;
}

async function copy() {
  const link = location.href.split("#")[0] + writeAddress(asked());
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied.");
  } catch {
    say(`The link is in the address bar: ${link}`);
  }
}

parts.list.append(...items.map(({ item }) => item), none);
parts.find.addEventListener("input", find);
parts.run.addEventListener("click", run);
parts.stop.addEventListener("click", () => engine.stop());
parts.copy.addEventListener("click", copy);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) run();
});
window.addEventListener("hashchange", open);
open();

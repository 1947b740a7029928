// Two engines that answer the same way: the server, and Oxigraph in a worker of this page.
import { withPrefixes, shorten, term } from "./terms.js";
import { tokens, variables, withValues } from "./tokens.js";

/**
 * @typedef {{columns: string[], rows: Record<string, Term>[], cut: boolean, kind: "table" | "truth" | "graph"}} Answer
 * @typedef {{type: string, value: string, datatype?: string, "xml:lang"?: string}} Term
 */

const MOST = 50_000;
const SECONDS = 20;

/** Reads SPARQL results as JSON into an answer. */
function fromJson(found, text, cut) {
  if ("boolean" in found) {
    return { kind: "truth", columns: ["answer"], rows: [{ answer: { type: "literal", value: found.boolean ? "yes" : "no" } }], cut };
  }
  const order = new Map(variables(text).map((name, number) => [name, number]));
  const place = (name) => order.get(name) ?? order.size;
  const columns = [...found.head.vars].sort((one, other) => place(one) - place(other));
  return { kind: "table", columns, rows: found.results.bindings, cut };
}

const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };
const LINE = /^(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?) \.$/;

/** Reads N-Triples into an answer of three columns. */
function fromTriples(text, cut) {
  const rows = [];
  for (const line of text.split("\n")) {
    const found = LINE.exec(line);
    if (found) rows.push({ subject: read(found[1]), predicate: read(found[2]), object: read(found[3]) });
  }
  const whole = rows.slice(0, MOST);
  return { kind: "graph", columns: ["subject", "predicate", "object"], rows: whole, cut: cut || whole.length < rows.length };
}

function read(spelled) {
  if (spelled.startsWith("<")) return { type: "uri", value: unescape(spelled.slice(1, -1)) };
  if (spelled.startsWith("_:")) return { type: "bnode", value: spelled.slice(2) };
  const [, text, language, datatype] = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s.exec(spelled);
  return { type: "literal", value: unescape(text), "xml:lang": language, datatype };
}

function unescape(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    one ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}

function isGraph(text) {
  const first = tokens(text).find(({ kind, word }) => kind === "keyword" && /^(select|ask|construct|describe)$/i.test(word));
  return /^(construct|describe)$/i.test(first?.word ?? "");
}

/** Asks the server that the page came from. */
export class ServerEngine {
  name = "the server";
  stopper = new AbortController();

  stop() {
    this.stopper.abort();
  }

  /** @param {{text: string, name?: string, given?: Record<string, string>}} asked */
  async ask({ text, name = "", given = {} }) {
    this.stopper = new AbortController();
    const fields = new URLSearchParams(name ? { question: name } : { query: text });
    for (const [key, value] of Object.entries(given)) fields.set(`param.${key}`, value);
    const accept = isGraph(text) ? "application/n-triples" : "application/sparql-results+json";
    const sent = { method: "POST", body: fields, headers: { Accept: accept }, signal: this.stopper.signal };
    const answer = await fetch("sparql", sent).catch((error) => {
      throw new Error(error.name === "AbortError" ? "Stopped." : "The server does not answer.");
    });
    if (!answer.ok) throw new Error((await answer.text()).trim() || `The server said ${answer.status}.`);
    const cut = answer.headers.get("X-Truncated") === "true";
    return isGraph(text) ? fromTriples(await answer.text(), cut) : fromJson(await answer.json(), text, cut);
  }
}

/** Asks Oxigraph in a worker, over the graph that the page brings with it. */
export class PageEngine {
  name = "your browser";
  waiting = null;

  constructor(parts, prefixes) {
    this.parts = parts;
    this.prefixes = prefixes;
    this.start();
  }

  start() {
    const source = new Blob([this.parts.worker], { type: "text/javascript" });
    const address = URL.createObjectURL(source);
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }) => this.waiting?.[data.error === undefined ? "resolve" : "reject"](data);
    this.worker.onerror = () => this.waiting?.reject({ error: "The engine has ended." });
    this.ready = this.send({ wasm: this.parts.wasm, data: this.parts.data });
    this.ready.catch(() => {}).finally(() => URL.revokeObjectURL(address));
  }

  stop(why = "Stopped.") {
    this.worker.terminate();
    this.waiting?.reject({ error: why });
    this.start();
  }

  /** Sends a message and waits for the answer; only one is under way at a time. */
  async send(message) {
    while (this.waiting) await this.waiting.done.catch(() => {});
    const waiting = {};
    waiting.done = new Promise((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    this.waiting = waiting;
    this.worker.postMessage(message);
    try {
      return await waiting.done;
    } finally {
      this.waiting = null;
    }
  }

  async query(text) {
    await this.ready;
    const clock = setTimeout(() => this.stop(`The query was stopped after ${SECONDS} s. Ask for less: add LIMIT, or a condition.`), SECONDS * 1000);
    try {
      return await this.send({ query: text, graph: isGraph(text) });
    } finally {
      clearTimeout(clock);
    }
  }

  /** @param {{text: string, given?: Record<string, string>, declared?: object[]}} asked */
  async ask({ text, given = {}, declared = [] }) {
    const whole = withValues(text, await this.bind(given, declared));
    if (whole.match(/\bservice\b/i) && tokens(whole).some((one) => one.kind === "keyword" && /^service$/i.test(one.word))) {
      throw new Error("SERVICE would call another host, which this page never does.");
    }
    const written = withPrefixes(whole, this.prefixes);
    try {
      const found = await this.query(written);
      if (found.graph) return fromTriples(found.text, false);
      const answer = fromJson(JSON.parse(found.text), text, false);
      answer.cut = answer.rows.length > MOST;
      answer.rows = answer.rows.slice(0, MOST);
      return answer;
    } catch (error) {
      throw new Error(readable(error.error ?? error.message, written.length - whole.length));
    }
  }

  /** Turns what was typed into terms; a default that the graph does not know leaves its parameter open. */
  async bind(given, declared) {
    const terms = {};
    for (const { name, default: standard } of declared) {
      const typed = given[name];
      const prefix = standard.split(":")[0] in this.prefixes ? standard.split(":")[0] : "id";
      if (typed === undefined && standard && !standard.endsWith(":")) {
        const spelled = term(standard, "id", this.prefixes);
        if (!spelled.startsWith("<") || (await this.knows(spelled))) terms[name] = spelled;
      } else if (typed) {
        const spelled = term(typed, prefix, this.prefixes);
        if (spelled.startsWith("<") && !(await this.knows(spelled))) {
          throw new Error(`The graph knows nothing called ${JSON.stringify(typed)}.`);
        }
        terms[name] = spelled.startsWith("<") ? await this.current(spelled) : spelled;
      }
    }
    return terms;
  }

  async knows(spelled) {
    const found = await this.query(`ASK { { ${spelled} ?p ?o } UNION { ?s ?p ${spelled} } }`);
    return JSON.parse(found.text).boolean;
  }

  /** Follows a merged name to what it was merged into. */
  async current(spelled) {
    const found = await this.query(`SELECT ?now { ${spelled} <${this.prefixes.dcterms}isReplacedBy> ?now }`);
    const now = JSON.parse(found.text).results.bindings[0]?.now.value;
    return now ? `<${now}>` : spelled;
  }
}

/** Tells a mistake with its place in what was written, without the prefixes before it. */
function readable(message, offset) {
  const found = /error at (\d+):(\d+): (.*)/s.exec(message);
  if (!found) return message;
  const [line, column] = [Number(found[1]), Number(found[2]) - (found[1] === "1" ? offset : 0)];
  const what = found[3].length < 80 && !found[3].includes("SERVICE") ? found[3] : "this cannot stand here";
  return `line ${line}, column ${Math.max(column, 1)}: ${what}`;
}

export { shorten };

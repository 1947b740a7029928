// The engine in the browser: Oxigraph in a worker, over the graph that the page brings with it.
import { MOST, fromJson, fromTriples, isGraph } from "./answers.js";
import { term, withPrefixes } from "./terms.js";
import { tokens, withLimit, withValues } from "./tokens.js";

const SECONDS = 20;
const STOPPED = "Stopped.";
const TOO_MUCH = "The query was too much for the engine.\nMake it simpler, or ask for less.";

export class BrowserEngine {
  name = "your browser";
  waiting = null;

  /**
   * @param {{worker: string, wasm: string, data: string}} parts The script of the worker, the engine and the graph.
   * @param {Record<string, string>} prefixes
   */
  constructor(parts, prefixes) {
    this.parts = parts;
    this.prefixes = prefixes;
    this.start();
  }

  start() {
    const address = URL.createObjectURL(new Blob([this.parts.worker], { type: "text/javascript" }));
    let loaded = false;
    const worker = new Worker(address);
    worker.onmessage = ({ data }) => (data.broken ? this.stop(TOO_MUCH) : this.waiting?.[data.error === undefined ? "resolve" : "reject"](data));
    // An engine that ends in the middle of a query starts anew; one that cannot start does not try for ever.
    worker.onerror = ({ message }) => (loaded ? this.stop(TOO_MUCH) : this.waiting?.reject({ error: message || "it ended" }));
    this.worker = worker;
    this.ready = this.send({ wasm: this.parts.wasm, data: this.parts.data }).then(
      () => (loaded = true),
      ({ error }) => {
        throw new Error(error === STOPPED ? error : `This browser cannot run the engine (${error}).\nThe page Questions shows the answers without it.`);
      },
    );
    this.ready.catch(() => {}).finally(() => URL.revokeObjectURL(address));
  }

  /** Ends what is under way; the engine starts anew. */
  stop(why = STOPPED) {
    this.worker.terminate();
    this.waiting?.reject({ error: why });
    this.start();
  }

  /** Sends a message and waits for the answer; only one is under way at a time. */
  async send(message, seconds = 0) {
    while (this.waiting) await this.waiting.done.catch(() => {});
    const waiting = {};
    waiting.done = new Promise((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    this.waiting = waiting;
    const late = `The query was stopped after ${seconds} s.\nAsk for less: add LIMIT, or a condition.`;
    const clock = seconds && setTimeout(() => this.stop(late), seconds * 1000);
    this.worker.postMessage(message);
    try {
      return await waiting.done;
    } finally {
      clearTimeout(clock);
      this.waiting = null;
    }
  }

  async query(text) {
    await this.ready;
    return this.send({ query: text, graph: isGraph(text) }, SECONDS);
  }

  /**
   * @param {{text: string, given?: Record<string, string>, declared?: object[]}} asked
   * @returns {Promise<import("./answers.js").Answer>}
   */
  async ask({ text, given = {}, declared = [] }) {
    refuse(text);
    const whole = withValues(text, await this.bind(given, declared));
    try {
      const found = await this.query(withPrefixes(withLimit(whole, MOST + 1), this.prefixes));
      return found.graph ? fromTriples(found.text, false) : fromJson(JSON.parse(found.text), text, false);
    } catch (error) {
      throw new Error(await this.complaint(error.error ?? error.message, text));
    }
  }

  /** Tells a mistake with its place in what a person wrote, without what we put around it. */
  async complaint(message, text) {
    if (!PLACE.test(message)) return message;
    const written = withPrefixes(text, this.prefixes);
    const alone = await this.query(written).then(() => message, ({ error }) => error ?? message);
    return readable(alone, written.length - text.length);
  }

  /** Turns what was typed into terms, as `bind` in graphkit/query/questions.py. */
  async bind(given, declared) {
    const terms = {};
    for (const { name, default: standard } of declared) {
      const first = standard.split(":")[0];
      const prefix = Object.hasOwn(this.prefixes, first) ? first : "id";
      if (given[name]) terms[name] = await this.term(given[name], prefix);
      else if (given[name] === undefined && standard && !standard.endsWith(":")) {
        // A default that this graph does not know leaves its parameter open.
        const spelled = await this.term(standard, "id").catch(() => "");
        if (spelled) terms[name] = spelled;
      }
    }
    return terms;
  }

  async term(typed, prefix) {
    const spelled = term(typed, prefix, this.prefixes);
    if (!spelled.startsWith("<")) return spelled;
    if (!(await this.knows(spelled))) throw new Error(`The graph knows nothing called ${JSON.stringify(typed)}.`);
    return this.current(spelled);
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

/** Refuses what the engine could not do, or does not say well, as graphkit/store/guard.py. */
function refuse(text) {
  for (const { kind, word } of tokens(text)) {
    if (kind !== "keyword") continue;
    if (/^(service|load)$/i.test(word)) throw new Error(`${word.toUpperCase()} would call another host, which this page never does.`);
    if (/^(insert|delete|clear|drop|create)$/i.test(word)) {
      throw new Error(`${word.toUpperCase()} would change the graph, which only a build does.\nAsk with SELECT, ASK, CONSTRUCT or DESCRIBE.`);
    }
  }
}

const SHORT = 60;

const PLACE = /error at (\d+):(\d+): (.*)/s;

/** Spells a mistake, its place counted without the prefixes before the query. */
function readable(message, offset) {
  const found = PLACE.exec(message);
  if (!found) return message;
  const [line, column] = [Number(found[1]), Number(found[2]) - (found[1] === "1" ? offset : 0)];
  return `line ${line}, column ${Math.max(column, 1)}: ${reason(found[3])}`;
}

function reason(message) {
  if (message.includes("Prefix not found")) return "this prefix is not known";
  const expected = message.replace(/^expected /, "").replace(/^one of /, "");
  const useful = expected.length < SHORT && !expected.includes("SERVICE");
  return useful ? `this cannot stand here (expected: ${expected})` : "this cannot stand here";
}

// The engine in the browser: Oxigraph in a worker, with the graph that the page contains.
import { MOST_ROWS, fromJson, fromTriples, isGraph } from "./answers.js";
import { Facts } from "./facts.js";
import { findRemarks } from "./remarks.js";
import { readTerm, withPrefixes } from "./terms.js";
import { tokens, withLimit, withValues } from "./tokens.js";

/** @import { Answer, Asked, Packed, Parameter, Prefixes } from "./types" */

/** @typedef {{text: string, graph: boolean}} Found What the worker returns. */

const SECONDS = 20;
const STOPPED = "Stopped.";
const OUT_OF_MEMORY = "The query needs more memory than the engine has.\nSimplify it, or ask for fewer rows.";
const PLACE = /error at (\d+):(\d+): (.*)/s;
const LONGEST_HINT = 60;

/** An error that the worker reports. */
class EngineError extends Error {}

export class BrowserEngine {
  name = "your browser";
  /** @type {Promise<void>} */
  ready = Promise.resolve();
  /** @type {PromiseWithResolvers<any> | null} The message that the worker is answering. */
  waiting = null;

  /**
   * @param {Packed} parts The script of the worker, the engine and the graph.
   * @param {Prefixes} prefixes
   * @param {string} base
   */
  constructor(parts, prefixes, base) {
    this.parts = parts;
    this.prefixes = prefixes;
    this.base = base;
    this.facts = new Facts((text) => this.rows(text), prefixes);
    this.start();
  }

  start() {
    const { worker: script, wasm, data } = this.parts;
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    let loaded = false;
    const worker = new Worker(address);
    worker.onmessage = (event) => {
      const { broken, error } = event.data;
      if (broken) this.stop(OUT_OF_MEMORY);
      else if (error === undefined) this.waiting?.resolve(event.data);
      else this.waiting?.reject(new EngineError(error));
    };
    // An engine that crashes during a query is started again; one that cannot start is not.
    worker.onerror = ({ message }) =>
      (loaded ? this.stop(OUT_OF_MEMORY) : this.waiting?.reject(new EngineError(message || "it ended")));
    this.worker = worker;
    this.ready = this.send({ wasm, data }).then(
      () => { loaded = true; },
      ({ message }) => {
        if (message === STOPPED) throw new Error(message);
        const hint = "The page “Questions” shows answers without it.";
        throw new Error(`This browser cannot run the engine (${message}).\n${hint}`);
      },
    );
    this.ready.catch(() => {}).finally(() => URL.revokeObjectURL(address));
  }

  /** Ends the query that is running, and starts the engine again. */
  stop(why = STOPPED) {
    this.worker?.terminate();
    this.waiting?.reject(new EngineError(why));
    this.start();
  }

  /**
   * Sends a message and waits for the answer; the next message waits until then.
   * @param {object} message
   * @param {number} seconds The limit, or 0.
   */
  async send(message, seconds = 0) {
    while (this.waiting) await this.waiting.promise.catch(() => {});
    const waiting = resolvable();
    this.waiting = waiting;
    const late = `The query was stopped after ${seconds} s.\nAdd LIMIT or a condition.`;
    const timer = seconds ? setTimeout(() => this.stop(late), seconds * 1000) : undefined;
    this.worker?.postMessage(message);
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      this.waiting = null;
    }
  }

  /**
   * @param {string} text
   * @returns {Promise<Found>}
   */
  async query(text) {
    await this.ready;
    return this.send({ query: text, graph: isGraph(text) }, SECONDS);
  }

  /**
   * @param {Asked} asked
   * @returns {Promise<Answer>}
   */
  async ask({ text, name = "", given = {}, declared }) {
    refuse(text);
    const { terms, completed } = await this.bind(given, declared ?? []);
    const bound = withValues(text, terms);
    try {
      const found = await this.query(withPrefixes(withLimit(bound, MOST_ROWS + 1), this.prefixes));
      const answer = found.graph ? fromTriples(found.text, false) : fromJson(JSON.parse(found.text), text, false);
      // An answer is useful without remarks, too; queries of the page itself get none.
      const remarks = declared
        ? await findRemarks(this.facts, { text, name, terms }, answer, this.base).catch(() => [])
        : [];
      return { ...answer, remarks: [...completed, ...remarks] };
    } catch (error) {
      throw new Error(await this.explain(/** @type {Error} */ (error).message, text), { cause: error });
    }
  }

  /**
   * Asks a query of the page itself.
   * @param {string} text
   * @returns {Promise<import("./types").Row[]>}
   */
  async rows(text) {
    return JSON.parse((await this.query(withPrefixes(text, this.prefixes))).text).results.bindings;
  }

  /**
   * Returns an error with its position in the query as the reader wrote it, without the prefixes that the page added.
   * @param {string} message
   * @param {string} text
   */
  async explain(message, text) {
    if (!PLACE.test(message)) return message;
    const written = withPrefixes(text, this.prefixes);
    const alone = await this.query(written).then(() => message, (error) => error.message);
    return readable(alone, written.length - text.length);
  }

  /**
   * Turns the values of parameters into terms, as `bind` in graphkit/query/questions.py does.
   * @param {Record<string, string>} given
   * @param {Parameter[]} declared
   */
  async bind(given, declared) {
    /** @type {Record<string, string>} */
    const terms = {};
    /** @type {string[]} */
    const completed = [];
    for (const { name, default: standard } of declared) {
      const first = standard.split(":")[0];
      const prefix = Object.hasOwn(this.prefixes, first) ? first : "id";
      if (given[name]) {
        const { spelled, remark } = await this.term(given[name], prefix);
        terms[name] = spelled;
        if (remark) completed.push(`${name}: ${remark}`);
      } else if (given[name] === undefined && standard && !standard.endsWith(":")) {
        // A default that does not occur in this graph leaves its parameter open.
        const found = await this.term(standard, "id").catch(() => null);
        if (found) terms[name] = found.spelled;
      }
    }
    return { terms, completed };
  }

  /**
   * @param {string} typed
   * @param {string} prefix
   */
  async term(typed, prefix) {
    const spelled = readTerm(typed, prefix, this.prefixes);
    if (spelled && !spelled.startsWith("<")) return { spelled };
    if (spelled && await this.knows(spelled)) return { spelled: await this.current(spelled) };
    const { thing, remark } = await this.facts.find(typed, prefix);
    return { spelled: await this.current(`<${thing}>`), remark };
  }

  /** @param {string} spelled */
  async knows(spelled) {
    const found = await this.query(`ASK { { ${spelled} ?p ?o } UNION { ?s ?p ${spelled} } }`);
    return JSON.parse(found.text).boolean;
  }

  /**
   * Returns the entity into which another was merged.
   * @param {string} spelled
   */
  async current(spelled) {
    const found = await this.query(`SELECT ?now { ${spelled} <${this.prefixes.dcterms}isReplacedBy> ?now }`);
    const now = JSON.parse(found.text).results.bindings[0]?.now.value;
    return now ? `<${now}>` : spelled;
  }
}

/** Older browsers have no `Promise.withResolvers`. */
function resolvable() {
  const made = /** @type {PromiseWithResolvers<any>} */ ({});
  made.promise = new Promise((resolve, reject) => { Object.assign(made, { resolve, reject }); });
  return made;
}

/**
 * Refuses queries that the page must not run, as graphkit/store/guard.py does.
 * @param {string} text
 */
function refuse(text) {
  for (const { kind, word } of tokens(text)) {
    if (kind !== "keyword") continue;
    const keyword = word.toUpperCase();
    if (/^(SERVICE|LOAD)$/.test(keyword)) {
      throw new Error(`${keyword} would call another host, which this page never does.`);
    }
    if (/^(INSERT|DELETE|CLEAR|DROP|CREATE)$/.test(keyword)) {
      const hint = "Type a query with SELECT, ASK, CONSTRUCT or DESCRIBE.";
      throw new Error(`${keyword} would change the graph, which only a build does.\n${hint}`);
    }
  }
}

/**
 * Returns an error of the engine in plain words.
 * @param {string} message
 * @param {number} offset The length of the prefixes on the first line.
 */
function readable(message, offset) {
  const found = PLACE.exec(message);
  if (!found) return message;
  const column = Number(found[2]) - (found[1] === "1" ? offset : 0);
  return `line ${found[1]}, column ${Math.max(column, 1)}: ${reasonOf(found[3])}`;
}

/** @param {string} message */
function reasonOf(message) {
  if (message.includes("Prefix not found")) return "unknown prefix";
  const expected = message.replace(/^expected /, "").replace(/^one of /, "");
  const isUseful = expected.length < LONGEST_HINT && !expected.includes("SERVICE");
  return isUseful ? `unexpected here; write ${expected}` : "unexpected here";
}

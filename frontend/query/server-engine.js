// The engine that runs on the server of the page.
import { fromJson, fromTriples, isGraph } from "./answers.js";

/** @import { Answer, Asked } from "./types" */

export class ServerEngine {
  name = "the server";
  ready = Promise.resolve();
  stopper = new AbortController();

  stop() {
    this.stopper.abort();
  }

  /**
   * @param {Asked} asked
   * @returns {Promise<Answer>}
   */
  async ask({ text, name = "", given = {} }) {
    this.stopper = new AbortController();
    const body = new URLSearchParams(name ? { question: name } : { query: text });
    for (const [key, value] of Object.entries(given)) body.set(`param.${key}`, value);
    const graph = isGraph(text);
    const Accept = graph ? "application/n-triples" : "application/sparql-results+json";
    try {
      const { signal } = this.stopper;
      const answer = await fetch("sparql", { method: "POST", body, headers: { Accept }, signal });
      const found = await answer.text();
      if (!answer.ok) throw new Error(found.trim() || `The server responded with status ${answer.status}.`);
      const cut = answer.headers.get("X-Truncated") === "true";
      const read = graph ? fromTriples(found, cut) : fromJson(JSON.parse(found), text, cut);
      return { ...read, remarks: remarksOf(answer.headers.get("Warning") ?? "") };
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw new Error("Stopped.", { cause: error });
      if (error instanceof TypeError) throw new Error("The server does not respond.", { cause: error });
      throw error;
    }
  }
}

/**
 * Returns the remarks in a header `Warning`, whose characters outside ASCII are codes.
 * @param {string} header
 */
const remarksOf = (header) => [...header.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(
  /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
  (_, two, four, eight, char) => char ?? String.fromCodePoint(parseInt(two ?? four ?? eight, 16)),
));

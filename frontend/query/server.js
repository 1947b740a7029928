// The engine of the server that the page came from.
import { fromJson, fromTriples, isGraph } from "./answers.js";

export class ServerEngine {
  name = "the server";
  ready = Promise.resolve();
  stopper = new AbortController();

  stop() {
    this.stopper.abort();
  }

  /**
   * @param {{text: string, name?: string, given?: Record<string, string>}} asked
   * @returns {Promise<import("./answers.js").Answer>}
   */
  async ask({ text, name = "", given = {} }) {
    this.stopper = new AbortController();
    const fields = new URLSearchParams(name ? { question: name } : { query: text });
    for (const [key, value] of Object.entries(given)) fields.set(`param.${key}`, value);
    const graph = isGraph(text);
    const accept = graph ? "application/n-triples" : "application/sparql-results+json";
    try {
      const answer = await fetch("sparql", { method: "POST", body: fields, headers: { Accept: accept }, signal: this.stopper.signal });
      const body = await answer.text();
      if (!answer.ok) throw new Error(body.trim() || `The server said ${answer.status}.`);
      const cut = answer.headers.get("X-Truncated") === "true";
      return graph ? fromTriples(body, cut) : fromJson(JSON.parse(body), text, cut);
    } catch (error) {
      if (error.name === "AbortError") throw new Error("Stopped.");
      if (error instanceof TypeError) throw new Error("The server does not answer.");
      throw error;
    }
  }
}

// Oxigraph in a worker: it loads the graph once, then answers one query at a time.
import init, { Store } from "oxigraph/web.js";
import { unpacked } from "../shared/unpack.js";

/** The number of characters loaded at once; loading a large graph as one text would need several times its memory. */
const PIECE = 8_000_000;
const OPTIONS = { format: "application/n-quads", no_transaction: true, lenient: true };
/** @type {Store} */
let store;

/** @param {string} lines */
function load(lines) {
  store.load(lines, OPTIONS);
  // The default graph has each triple of every graph once, as in the store on disk.
  store.load(lines.replace(/ <[^ ]*> \.$/gm, " ."), OPTIONS);
}

/** @param {{wasm: string, data: string}} packed */
async function start({ wasm, data }) {
  await init({ module_or_path: await new Response(unpacked(wasm)).arrayBuffer() });
  store = new Store();
  const reader = unpacked(data).pipeThrough(new TextDecoderStream()).getReader();
  /** @type {(string | undefined)[]} */
  let pieces = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    pieces.push(value);
    length += value?.length ?? 0;
    if (length < PIECE) continue;
    const text = pieces.join("");
    const end = text.lastIndexOf("\n") + 1;
    load(text.slice(0, end));
    pieces = [text.slice(end)];
    length = text.length - end;
  }
  load(pieces.join(""));
  return { quads: store.size };
}

/** @param {{query: string, graph: boolean}} asked */
function ask({ query, graph }) {
  const format = graph ? "application/n-triples" : "application/sparql-results+json";
  return { text: store.query(query, { results_format: format }), graph };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(data.query === undefined ? await start(data) : ask(data));
  } catch (error) {
    // After these errors the memory of the engine cannot be relied on.
    const broken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    self.postMessage({ error: error instanceof Error ? error.message : String(error), broken });
  }
};

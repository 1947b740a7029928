// Oxigraph in a worker: it is given the graph once, and then one query at a time.
import init, { Store } from "oxigraph/web.js";

// Characters that are loaded at once: the whole text of a large graph would be in memory several times.
const PIECE = 8_000_000;
const FORMAT = { format: "application/n-quads", no_transaction: true, lenient: true };
let store = null;

/** Unpacks base64 of gzip. */
function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
}

function load(lines) {
  store.load(lines, FORMAT);
  // The default graph holds each triple of every graph once, as in the store on disk.
  store.load(lines.replace(/ <[^ ]*> \.$/gm, " ."), FORMAT);
}

async function start({ wasm, data }) {
  await init({ module_or_path: await new Response(unpack(wasm)).arrayBuffer() });
  store = new Store();
  const reader = unpack(data).pipeThrough(new TextDecoderStream()).getReader();
  let pieces = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    pieces.push(value);
    length += value.length;
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

function ask({ query, graph }) {
  const format = graph ? "application/n-triples" : "application/sparql-results+json";
  return { text: store.query(query, { results_format: format }), graph };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(data.query === undefined ? await start(data) : ask(data));
  } catch (error) {
    // After such an error the memory of the engine is not to be trusted.
    const broken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    self.postMessage({ error: String(error?.message ?? error), broken });
  }
};

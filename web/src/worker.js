// Oxigraph in a worker: it is given the graph once, and then one query at a time.
import init, { Store } from "oxigraph/web.js";

let store = null;

/** Unpacks base64 of gzip. */
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
}

async function start({ wasm, data }) {
  const code = await new Response(await unpack(wasm)).arrayBuffer();
  await init({ module_or_path: code });
  const lines = await new Response(await unpack(data)).text();
  store = new Store();
  store.load(lines, { format: "application/n-quads", no_transaction: true, lenient: true });
  // The default graph holds each triple of every graph once, as in the store on disk.
  store.load(lines.replace(/ <[^ ]*> \.$/gm, " ."), { format: "application/n-quads", no_transaction: true, lenient: true });
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
    self.postMessage({ error: String(error?.message ?? error) });
  }
};

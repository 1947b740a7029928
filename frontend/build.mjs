// Bundles query/ into ../graphkit/web/assets, or another folder: classic scripts, which a page may also load from file://.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const out = process.argv[2] ? pathToFileURL(`${process.argv[2]}/`) : new URL("../graphkit/web/assets/", import.meta.url);
const shared = { bundle: true, minify: true, format: "iife", target: "es2022", charset: "utf8", legalComments: "none" };

async function bundle(entry, more = {}) {
  const file = fileURLToPath(new URL(`query/${entry}`, import.meta.url));
  const made = await build({ ...shared, ...more, entryPoints: [file], write: false });
  return made.outputFiles[0].text;
}

/** Lists what the bundle holds of others, with their licences. */
function licences() {
  const root = new URL("node_modules/", import.meta.url);
  const names = readdirSync(root).flatMap((name) =>
    name.startsWith("@") ? readdirSync(new URL(`${name}/`, root)).map((one) => `${name}/${one}`) : [name],
  );
  const parts = [];
  for (const name of names.sort()) {
    if (name.startsWith(".") || name.includes("esbuild") || name === "axe-core") continue; // parts of the build and of tests
    const folder = new URL(`${name}/`, root);
    const about = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    // A package without its text is taken under the licence that is ours, too.
    if (!file && !about.license.includes("Apache-2.0")) throw new Error(`${name} comes without the text of its licence`);
    const text = readFileSync(file ? new URL(file, folder) : new URL("../LICENSES/Apache-2.0.txt", import.meta.url), "utf8");
    parts.push(`${name} ${about.version} (${about.license})\n\n${text}`);
  }
  return parts.join(`\n${"-".repeat(80)}\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const wasm = readFileSync(new URL("node_modules/oxigraph/web_bg.wasm", import.meta.url));
const packed = gzipSync(wasm, { level: 9 }).toString("base64");
const worker = await bundle("worker.js");
const files = {
  "query.js": await bundle("main.js"),
  "engine.js": `window.graphkitEngine=${JSON.stringify({ worker, wasm: packed })};\n`.replaceAll("</", "<\\/"),
  "query.css": readFileSync(new URL("query/query.css", import.meta.url), "utf8"),
  "LICENSES-OF-OTHERS.txt": licences(),
};
for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(name, out), text);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  console.log(`${name.padEnd(24)} ${String(text.length).padStart(9)} bytes, ${gzipSync(text).length} packed  ${hash}`);
}

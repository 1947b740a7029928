// Bundles query/ into ../graphkit/web/assets or another folder: classic scripts, which work from file:// as well.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const out = process.argv[2] ? pathToFileURL(`${process.argv[2]}/`) : new URL("../graphkit/web/assets/", here);

async function bundle(entry) {
  const made = await build({
    entryPoints: [fileURLToPath(new URL(`query/${entry}`, here))], bundle: true, minify: true, format: "iife",
    target: "es2022", charset: "utf8", legalComments: "none", write: false,
  });
  return made.outputFiles[0].text;
}

/** Returns the licences of the packages in the bundle: all that the lock file does not mark as tools of the build. */
function licences() {
  const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", here), "utf8"));
  const parts = [];
  for (const path of Object.keys(packages).filter((name) => name && !packages[name].dev).sort()) {
    const folder = new URL(`${path}/`, here);
    const { name, version, license } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    // A package without the text is used under the licence that is also ours.
    if (!file && !license.includes("Apache-2.0")) throw new Error(`${name} comes without the text of its licence`);
    const text = readFileSync(file ? new URL(file, folder) : new URL("../LICENSES/Apache-2.0.txt", here), "utf8");
    parts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  return parts.join(`\n${"-".repeat(80)}\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const wasm = readFileSync(new URL("node_modules/oxigraph/web_bg.wasm", here));
const parts = { worker: await bundle("worker.js"), wasm: gzipSync(wasm, { level: 9 }).toString("base64") };
const files = {
  "query.js": await bundle("main.js"),
  "engine.js": `window.graphkitEngine=${JSON.stringify(parts)};\n`.replaceAll("</", "<\\/"),
  "query.css": readFileSync(new URL("query/query.css", here), "utf8"),
  "LICENSES-OF-OTHERS.txt": licences(),
};
for (const [name, text] of Object.entries(files)) {
  writeFileSync(new URL(name, out), text);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  console.log(`${name.padEnd(24)} ${String(text.length).padStart(9)} bytes, ${gzipSync(text).length} packed  ${hash}`);
}

// Bundles view/, vis/ and site/ into ../graphkit/view/static or another folder. The scripts are committed: a clone
// draws without Node.
// The first line of each file has the hash of its sources; tests/view/test_page.py compares it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const here = new URL(".", import.meta.url);
const out = process.argv[2] ? pathToFileURL(`${process.argv[2]}/`) : new URL("../graphkit/view/static/", here);
// tests/view/test_page.py allows a view 40 KB. terser inlines what esbuild keeps, which saves 3 %.
const COMPRESS = { passes: 4, keep_fargs: false, unsafe_arrows: true, pure_getters: true };
// Names of our own properties, which these scripts read of no JSON, address or DOM (no dataset either): these can be
// shortened.
const OWN = new RegExp(`^(${[
  "account", "act", "all", "alone", "also", "area", "badge", "bend", "box", "choose", "column", "compare", "copy",
  "disputes", "distance", "down", "edges", "home", "isMore", "isOpening", "item", "label", "last", "letters",
  "lines", "link", "mark", "moved", "name", "narrow", "node", "off", "one", "other", "output", "path", "pins",
  "place", "policies", "radius", "rank", "rest", "row", "said", "scrolled", "share", "statements", "steps", "text",
  "undated", "valueOf", "walk", "words",
].join("|")})$`);
const SMALL = { ecma: 2022, toplevel: true, compress: COMPRESS };

/** Bundles an entry point with what it imports, and writes it. */
async function bundle(entry) {
  const define = { GROUPED: `${entry === "view/overview.js"}` };
  const made = await build({
    entryPoints: [entry], absWorkingDir: fileURLToPath(here), bundle: true, minify: true, format: "iife",
    target: "es2022", charset: "utf8", write: false, metafile: true, define,
    ...(entry.startsWith("view/") && { mangleProps: OWN }),
  });
  const sources = Object.keys(made.metafile.inputs).sort();
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(new URL(source, here)));
  const { code } = await minify(made.outputFiles[0].text, SMALL);
  const name = entry.replace(/.*\//, "").replace(/\.js$/, ".min.js");
  const head = `// Made by "make script" from ${sources.join(" ")}; sha256 ${hash.digest("hex")}\n`;
  writeFileSync(new URL(name, out), `${head}${code}\n`);
  console.log(`${name} ${Buffer.byteLength(code)} bytes`);
}

for (const entry of ["view/view.js", "view/overview.js", "vis/vis.js", "site/site.js"]) await bundle(entry);

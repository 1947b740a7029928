// Joins and minifies view/ into ../graphkit/view/static/*.min.js, which are kept in the repository: a clone draws without Node.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { transform } from "esbuild";

// In the order in which they need each other; graphkit/view/page.py does not know them.
const PARTS = ["read", "state", "filter", "shape", "panel", "table", "save", "story", "start"];
// Names of our own objects that may be shortened: no name of the browser, and none that is looked up by text.
const OURS = /^(passing|alone|account|policies|pins|undated|home|bend|lines|wide|row|last|item|one|other|statements|disputes|seen|also|said|moved|twins|gone)$/;
// The picture is painted before the script begins. `let` is shorter than `const`.
const begin = (text) => `(()=>{"use strict";requestAnimationFrame(()=>setTimeout(()=>{\n${text}}));})();`;
for (const [name, parts] of Object.entries({ view: PARTS, overview: [...PARTS.slice(0, -1), "expand", ...PARTS.slice(-1)] })) {
  const text = parts.map((part) => readFileSync(new URL(`view/${part}.js`, import.meta.url), "utf8")).join("\n");
  const made = await transform(begin(text.replace(/\bconst\b/g, "let")), { minify: true, target: "es2022", charset: "utf8", mangleProps: OURS });
  const stamp = createHash("sha256").update(text).digest("hex");
  writeFileSync(new URL(`../graphkit/view/static/${name}.min.js`, import.meta.url), `// Made by "make script" from frontend/view, sha256 ${stamp}\n${made.code}`);
  console.log(`${name}.min.js ${made.code.length} bytes`);
}

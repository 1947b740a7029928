// Joins and minifies view/ into ../graphkit/view/static/view.min.js, which is kept in the repository: a clone draws without Node.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { transform } from "esbuild";

// In the order in which they need each other; graphkit/view/page.py does not know them.
const PARTS = ["read", "state", "filter", "shape", "panel", "table", "save", "story", "start"];
const text = PARTS.map((name) => readFileSync(new URL(`view/${name}.js`, import.meta.url), "utf8")).join("\n");
const made = await transform(`(()=>{"use strict";\n${text}})();`, { minify: true, target: "es2022", charset: "utf8" });
const stamp = createHash("sha256").update(text).digest("hex");
const out = process.argv[2] ?? new URL("../graphkit/view/static/view.min.js", import.meta.url);
writeFileSync(out, `// Made by "make web" from web/view, sha256 ${stamp}\n${made.code}`);
console.log(`view.min.js ${made.code.length} bytes`);

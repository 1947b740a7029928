// The script of a page that vis-network draws.
import { byId } from "../shared/element.js";
import { unpackedJson } from "../shared/unpack.js";
import { readGraph, unpackGraph } from "./graph.js";
import { showClicked, startPanel } from "./panel.js";
import { draw } from "./picture.js";
import { startSearch, startTables } from "./table.js";
import { startTools } from "./tools.js";

/** @import { PageData } from "./types" */

/** @param {unknown} error */
function fail(error) {
  document.documentElement.classList.add("no-picture");
  byId("trouble").hidden = false;
  console.error(error);
}

async function start() {
  const held = JSON.parse(byId("data").textContent ?? "");
  const large = typeof held === "string";
  /** @type {PageData} */
  const data = large ? await unpackedJson(held) : held;
  document.documentElement.classList.add("js");
  if (data.evidence) unpackGraph(data.evidence, data.polarities);
  else readGraph(data.polarities);
  startPanel();
  try {
    const parts = draw(data, large, showClicked);
    Object.assign(window, { graphkitView: Object.freeze(parts) });
    startTools(Boolean(data.look?.filter));
  } catch (error) {
    fail(error);
  }
  startTables();
  if (large) startSearch();
}

start().catch(fail);

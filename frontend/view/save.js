// Saves the shown part of the view as SVG, PNG or CSV, and offers the code that embeds the page in another.
import { button, element, paragraph, select, selectAll, setAttributes } from "../shared/element.js";
import { saveFile } from "../shared/files.js";
import { picture } from "./graph.js";
import { box } from "./picture.js";
import { csv } from "./table.js";

const { max, min, round } = Math;

/**
 * @param {BlobPart} content
 * @param {string} ending
 * @param {string} type
 */
function save(content, ending, type) {
  const name = document.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "network";
  saveFile(new Blob([content], { type }), `${name.slice(0, 60)}.${ending}`);
}

/** Returns a copy of the picture as shown, in light colours, with its caption. */
function copyOfPicture() {
  const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true));
  setAttributes(copy, { class: picture.matches(".all") ? "graph light all" : "graph light" });
  for (const hidden of selectAll(".off", copy)) hidden.remove();
  const [left, top, width, boxHeight] = box;
  const size = max(9, min(width / 60, 40));
  const height = boxHeight + size * 2;
  const foot = select(".foot", copy);
  if (foot) {
    setAttributes(foot, { x: left + size, y: top + boxHeight + size * 1.4 });
    foot.style.fontSize = `${size}px`;
  }
  setAttributes(copy, {
    viewBox: [left, top, width, height].join(" "), width: round(width), height: round(height),
  });
  return { copy, width: round(width), height: round(height) };
}

/** @param {Node} copy */
const toXml = (copy) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;

export const saveSvg = () => save(toXml(copyOfPicture().copy), "svg", "image/svg+xml");

export const saveCsv = () => save(`\ufeff${csv()}`, "csv", "text/csv");

export function savePng() {
  const { copy, width, height } = copyOfPicture();
  const scale = min(4000 / width, 8000 / height);
  const size = { width: width * scale, height: height * scale };
  setAttributes(copy, size);
  const address = URL.createObjectURL(new Blob([toXml(copy)], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), size);
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => save(/** @type {Blob} */ (blob), "png", "image/png"));
  };
  image.src = address;
}

/** Shows the code that embeds the page in its present state. */
export function embed() {
  const src = location.href.replace(/(\?[^#]*)?(?=#|$)/, "?embed=1");
  const sandbox = "allow-scripts allow-downloads allow-popups";
  const frame = element("iframe", { src, title: document.title, width: "100%", height: 700, sandbox });
  const code = element("textarea", { readonly: true, "aria-label": "Code" }, frame.outerHTML);
  const close = button("Close", () => dialog.remove());
  const dialog = element(
    "dialog",
    { "aria-label": "Embed" },
    paragraph("Embed code, for a file on a web server:"),
    code,
    paragraph(close),
  );
  document.body.append(dialog);
  dialog.showModal();
  code.select();
}

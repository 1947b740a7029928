// What is shown, as files: SVG, PNG, CSV; and the lines that put the page into another.
const fileName = (ending) => `${(document.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "network").slice(0, 60)}.${ending}`;
function give(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
/** The picture as it is shown, in the colours of paper, with the line that says what it is. */
function picture() {
  const copy = svg.cloneNode(true);
  copy.setAttribute("class", "graph light");
  if (svg.matches(".all")) copy.classList.add("all");
  for (const gone of all(".off", copy)) gone.remove();
  const [left, top, wide, high] = box, foot = $(".foot", copy), size = max(9, min(wide / 60, 40));
  set(foot, { x: left + size, y: top + high + size * 1.4 });
  foot.style.fontSize = `${size}px`;
  set(copy, { viewBox: [left, top, wide, high + size * 2].join(" "), width: round(wide), height: round(high + size * 2) });
  return copy;
}
const asText = (copy) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
const saveSvg = () => give(new Blob([asText(picture())], { type: "image/svg+xml" }), fileName("svg"));
function savePng() {
  const copy = picture(), wide = Number(copy.getAttribute("width")), high = Number(copy.getAttribute("height"));
  const scale = min(4000 / wide, 8000 / high);
  set(copy, { width: wide * scale, height: high * scale });
  const url = URL.createObjectURL(new Blob([asText(copy)], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = el("canvas", { width: round(wide * scale), height: round(high * scale) }), pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(url);
    canvas.toBlob((blob) => give(blob, fileName("png")));
  };
  image.src = url;
}
const saveCsv = () => give(new Blob(["\ufeff", csv()], { type: "text/csv" }), fileName("csv"));
function embed() {
  const name = document.title.replace(/[&<"]/g, (one) => ({ "&": "&amp;", "<": "&lt;", '"': "&quot;" })[one]);
  const source = location.href.replaceAll("&", "&amp;").replaceAll('"', "%22");
  const code = el("textarea", { readonly: true, "aria-label": "Embed code" }, `<iframe src="${source}" title="${name}" width="100%" height="700" sandbox="allow-scripts allow-downloads allow-popups"></iframe>`);
  const box = el("dialog", { "aria-label": "Embed" }, p("With the file on a server:"), code, p(button("Close", () => box.remove())));
  document.body.append(box);
  box.showModal();
  code.select();
}

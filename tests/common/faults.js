// What is wrong with the page for those who do not see it, or see it badly: a list of faults, empty when there are none.
const faults = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (one) => one.checkVisibility({ visibilityProperty: true });
const described = (one) => `${one.nodeName.toLowerCase()} "${(one.innerText || one.id).trim().slice(0, 40)}"`;
const fault = (what, one) => faults.push(one ? `${what}: ${described(one)}` : what);

// Structure: one main, one first heading, no level left out, a language and a title.
if (!document.documentElement.lang) fault("no language");
if (!document.title.trim()) fault("no title");
for (const landmark of ["main", "header", "h1"]) if (all(landmark).length !== 1) fault(`${all(landmark).length} of ${landmark}`);
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
  const own = Number(heading.nodeName[1]);
  if (own > level + 1) fault(`a heading leaves out a level after ${level}`, heading);
  if (!heading.textContent.trim()) fault("a heading without words", heading);
  level = own;
}
if (!document.querySelector("[role=status][aria-live=polite]")) fault("nothing is said out loud");
const ids = all("[id]").map((one) => one.id);
for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) fault(`two elements are called ${id}`);
for (const one of all("[aria-labelledby], [aria-describedby]")) {
  for (const attribute of ["aria-labelledby", "aria-describedby"]) {
    for (const id of (one.getAttribute(attribute) ?? "").split(" ").filter(Boolean)) if (!document.getElementById(id)) fault(`nothing is called ${id}`, one);
  }
}

// Names of what can be used, and of regions of a kind.
const name = (one) => one.getAttribute("aria-label") || [...(one.labels ?? [])].map((label) => label.innerText).join("") || one.textContent || "";
for (const one of all("a, button, input, select, summary").filter(shown)) if (!name(one).trim()) fault("no name", one);
for (const one of all("nav, section, form[aria-label], [role=group], pre[tabindex]")) if (!one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby") && !one.matches(".item")) fault("a region without a name", one);
for (const one of all("[tabindex]")) if (one.tabIndex > 0) fault("an order of its own", one);

// Tables: a caption, heads for columns, a head for each row.
for (const table of all("table")) {
  if (!table.caption?.textContent.trim()) fault("no caption", table);
  const heads = [...table.tHead.rows[0].cells];
  if (!heads.every((cell) => cell.matches("th[scope=col]") && cell.textContent.trim())) fault("a column without a head", table);
  for (const row of table.tBodies[0].rows) {
    if (!row.cells[0].matches("th[scope=row]")) fault("a row without a head", row);
    if (row.cells.length !== heads.length) fault("a row of another length", row);
  }
}

// Contrast of every text with what is behind it: 4.5 to 1, and 3 to 1 where it is large.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const colour = (text) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const light = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (one) => {
  for (let at = one; at; at = at.parentElement) {
    const found = colour(getComputedStyle(at).backgroundColor);
    if (found[3] === 255) return found;
  }
  return [255, 255, 255];
};
for (const one of all("body *").filter(shown)) {
  if (![...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim())) continue;
  const style = getComputedStyle(one);
  const [a, b] = [light(colour(style.color)), light(behind(one))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (contrast < (large ? 3 : 4.5)) fault(`contrast of ${contrast.toFixed(2)}`, one);
}

// Everything comes from the service itself.
for (const { name: address } of performance.getEntriesByType("resource")) if (!address.startsWith(`${location.origin}/`)) fault(`asks another host: ${address}`);
for (const one of all("[style], [onclick]")) if (one.hasAttribute("onclick")) fault("a script in the text", one);
return faults;

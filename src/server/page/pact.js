// The pact in force, as a document: its items in the order they were written, every line with its number.
import { call } from "./api.js";
import { h } from "./dom.js";
import { adds, named, words } from "./names.js";
import { Region, bdi, code, digest } from "./parts.js";
import { say } from "./words.js";

/** Lines of a file without items that are shown before the reader asks for the rest. */
const MANY = 40;

export function pact({ params }) {
  const region = new Region("div");
  let at = params.get("at");
  let fresh = true;

  function reveal() {
    for (const line of region.node.querySelectorAll("[aria-current=location]")) line.removeAttribute("aria-current");
    const target = at && document.getElementById(at);
    if (!target) return;
    const closed = target.closest("details");
    if (closed) closed.open = true;
    if (target.matches(".source > li")) target.setAttribute("aria-current", "location");
    target.scrollIntoView({ block: target.matches(".source > li") ? "center" : "start" });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  return {
    title: say("Pact"),
    node: h("div", { class: "pact" }, h("h1", { tabindex: "-1" }, say("Pact")), region.node),
    async refresh() {
      // What changes leads does not change the pact.
      const data = await region.load(() => call("v1/pact"), draw);
      if (data && fresh) reveal();
      fresh = fresh && !data;
    },
    onlyPact: true,
    async update(next) {
      at = next.get("at");
      reveal();
    },
  };
}

function draw(data) {
  const files = data.files.map((file) => ({ ...file, lines: file.text.replace(/\n$/, "").split("\n") }));
  // the file with the pact's own clause is where a reader begins
  files.sort((a, b) => Number(/^pact\s/m.test(b.text)) - Number(/^pact\s/m.test(a.text)));
  const items = [...data.items, ...files.flatMap((file) => unlisted(file, data.items))];
  const blocks = files.flatMap((file) => blocksOf(file, items));
  const byName = new Map(items.map((item) => [item.name, item]));
  const written = new Set(blocks.map((block) => block.file));
  const others = files.filter((file) => !written.has(file.name));
  const kinds = group(blocks.flatMap((block) => [...block.head, ...block.nested]), (item) => item.kind);
  return [
    adds(data.description, data.name) ? h("p", { class: "lede" }, bdi(data.description)) : null,
    h(
      "dl",
      { class: "facts" },
      h("div", {}, h("dt", {}, say("name")), h("dd", {}, bdi(data.name))),
      h("div", {}, h("dt", {}, say("version")), h("dd", {}, bdi(data.version ?? say("none")))),
      data.environment ? h("div", {}, h("dt", {}, say("environment")), h("dd", {}, bdi(data.environment))) : null,
      h("div", {}, h("dt", {}, say("parties")), h("dd", {}, data.parties.map((party, index) => [index ? ", " : null, bdi(named(party.name))]))),
      h("div", {}, h("dt", {}, say("digest")), h("dd", {}, digest(data.digest))),
    ),
    h(
      "div",
      { class: "document" },
      h(
        "nav",
        { "aria-labelledby": "contents-title", class: "contents" },
        h("h2", { id: "contents-title" }, say("Contents")),
        [...kinds].map(([kind, own]) => h(
          "div",
          {},
          h("h3", {}, kind),
          h("ul", { "data-list": true }, own.map((item) => h("li", {}, itemLink(item, bdi(named(item.name), adds(item.label, item.name) ? { title: item.label } : {}))))),
        )),
        others.length ? h("div", {}, h("h3", {}, say("files")), h("ul", { "data-list": true }, others.map((file) => h("li", {}, h("a", { href: place(`file:${file.name}`) }, bdi(file.name)))))) : null,
      ),
      h(
        "div",
        { class: "items" },
        blocks.map((block) => drawBlock(block, byName)),
        others.map((file) => drawFile(file)),
      ),
    ),
  ];
}

const ITEM = /^(?<kind>\p{L}+)(?:\s+(?<name>[\p{L}_][\p{L}\p{N}_]*(?:\s*,\s*[\p{L}_][\p{L}\p{N}_]*)*(?:\s+(?!from\b|for\b|every\b)[\p{L}_][\p{L}\p{N}_]*)?))?\s*(?:"(?<label>(?:[^"\\]|\\.)*)")?/u;

/** Items that only the text of a file of the pact tells of. A test is about the pact, and none of its items. */
function unlisted(file, items) {
  if (!file.name.endsWith(".pact")) return [];
  const known = new Set(items.filter((item) => item.file === file.name).map((item) => item.line));
  return file.lines.flatMap((text, index) => {
    const found = ITEM.exec(text)?.groups;
    if (!found || known.has(index + 1) || found.kind === "test") return [];
    return [{ kind: found.kind, name: found.name ?? found.kind, label: found.label ?? "", file: file.name, line: index + 1 }];
  });
}

function group(items, by) {
  const out = new Map();
  for (const item of items) out.set(by(item), [...(out.get(by(item)) ?? []), item]);
  return out;
}

const idOf = (item) => `${item.kind}:${item.name}`;
const place = (id) => `#/pact?at=${encodeURIComponent(id)}`;
const itemLink = (item, ...words) => h("a", { href: place(idOf(item)) }, words);

/** The parts of a file, each from the comment over an item to the line before the next. An item set in is part of the one around it, and items of a line each that stand together are one part. */
function blocksOf(file, items) {
  const own = items.filter((item) => item.file === file.name);
  const lines = [...new Set(own.map((item) => item.line))].sort((a, b) => a - b);
  const top = (line) => !/^\s/.test(file.lines[line - 1] ?? "");
  const tops = lines.some(top) ? lines.filter(top) : lines;
  const heads = tops.filter((line) => !(tops.includes(line - 1) && short(file.lines[line - 1]) && short(file.lines[line - 2])));
  const starts = heads.map((line) => overComment(file.lines, line));
  return starts.map((start, index) => {
    let end = (starts[index + 1] ?? file.lines.length + 1) - 1;
    while (end > start && !file.lines[end - 1].trim()) end -= 1;
    const inside = own.filter((item) => item.line >= start && item.line <= end);
    const head = inside.filter((item) => tops.includes(item.line)).sort((a, b) => a.line - b.line);
    return { file: file.name, start, lines: file.lines.slice(start - 1, end), head, nested: inside.filter((item) => !head.includes(item)) };
  });
}

/** Whether an item ends on its line. */
const short = (text) => !/[{(,]\s*(#.*)?$/.test(text);

function overComment(lines, line) {
  let start = line;
  while (start > 1 && /^#/.test(lines[start - 2])) start -= 1;
  return start;
}

function drawBlock({ file, start, lines, head, nested }, byName) {
  const [first] = head;
  const own = new Set(head.map((item) => item.name));
  const kinds = [...new Set(head.map((item) => item.kind))];
  const labelled = head.length === 1 && adds(first.label, first.name);
  return h(
    "section",
    { class: "item", "data-key": `${file}:${start}` },
    h(
      "h2",
      { id: idOf(first) },
      labelled ? bdi(first.label) : head.map((item, index) => [index ? ", " : null, bdi(words(item.name))]),
      labelled || kinds.join() !== first.name ? h("span", { class: "kind" }, kinds.join(", "), labelled && first.name !== first.kind ? [" ", code(first.name)] : null) : null,
    ),
    head.slice(1).map((item) => h("span", { id: idOf(item), class: "anchor" })),
    h("p", { class: "file quiet" }, bdi(file)),
    source(file, start, lines, (text) => marked(text, byName, own), new Map(nested.map((item) => [item.line, idOf(item)]))),
  );
}

function drawFile(file) {
  const short = file.lines.length <= MANY;
  const list = source(file.name, 1, file.lines, (text) => text);
  return h(
    "section",
    { class: "item", "data-key": `file:${file.name}` },
    h("h2", { id: `file:${file.name}` }, bdi(file.name), h("span", { class: "kind" }, say("{0} line | {0} lines", file.lines.length))),
    short ? list : h("details", {}, h("summary", {}, say("Show the lines")), list),
  );
}

function source(file, start, lines, mark, nested = new Map()) {
  return h("ol", { class: "source", start }, lines.map((text, index) => {
    const line = start + index;
    return h("li", { id: `${file}:${line}`, value: line }, nested.has(line) ? h("span", { id: nested.get(line), class: "anchor" }) : null, h("code", { dir: "auto" }, text ? mark(text) : "\n"));
  }));
}

const TOKEN = /(?<comment>#.*$)|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<rest>[^\p{L}_#"]+|.)/gu;

/** A line of the language: comments and texts set back, names of other items as links to them. */
function marked(line, byName, own) {
  let first = true;
  return [...line.matchAll(TOKEN)].map(({ groups: { comment, text, word, rest } }) => {
    if (comment) return h("span", { class: "comment" }, comment);
    if (text) return h("span", { class: "text" }, text);
    if (!word) return rest;
    const lead = first;
    first = false;
    const item = byName.get(word);
    if (lead) return h("b", {}, word);
    return item && !own.has(word) && item.kind !== item.name ? h("a", { href: place(idOf(item)), title: item.label ?? null }, word) : word;
  });
}

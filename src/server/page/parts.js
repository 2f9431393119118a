// What several views are made of.
import { Problem } from "./api.js";
import { fill, h } from "./dom.js";
import { named } from "./names.js";
import { say, tell } from "./words.js";

/** A key, a name or a party as it is written, whichever way its letters run. */
export const bdi = (text, props = {}) => h("bdi", { dir: "auto", ...props }, String(text));

export const code = (text, props = {}) => h("code", props, text);

/** A key in the form in which keys are the same whatever their case. */
export const matching = (key) => key.toLowerCase();

export const leadPath = (lead) => `#/leads/${encodeURIComponent(lead)}`;

/** `#/leads` with what is set of the filters. */
export function leadsPath(filters) {
  const search = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  return search.size ? `#/leads?${search}` : "#/leads";
}

/** The link to a lead: its name where the service gives it, and its key. */
export function leadLink({ lead, name }) {
  const words = name ? [bdi(name, { class: "name" }), " ", bdi(lead, { class: "key" })] : bdi(lead, { class: "name" });
  return h("a", { href: leadPath(lead), class: "lead" }, words);
}

/** "ana, iberia" or "queue APAC": who has a lead. */
export function assignee({ person, team, queue }) {
  if (person) return [bdi(person), team ? [h("span", { class: "quiet" }, ", "), bdi(named(team), { class: "quiet" })] : null];
  if (team) return quietly(tell("team {0}", bdi(named(team))));
  if (queue) return quietly(tell("queue {0}", bdi(named(queue))));
  return h("span", { class: "quiet" }, say("nobody yet"));
}

/** A text that stands back from the name in it. */
const quietly = (parts) => parts.map((part) => (typeof part === "string" ? h("span", { class: "quiet" }, part) : part));

/**
 * A table that stays one for a screen reader when narrow screens lay its rows out as cards.
 * `columns` are `{ head, class, cell(row) }`; the first names the row.
 */
export function table({ caption, columns, rows, key, fresh, list = true }) {
  const head = h("tr", { role: "row" }, columns.map((column) => h("th", { role: "columnheader", scope: "col", class: column.class }, column.head)));
  const body = rows.map((row) => {
    const id = key(row);
    return h("tr", { role: "row", "data-key": id, class: fresh?.(row) ? "fresh" : null }, columns.map((column, at) => {
      const props = { class: column.class, "data-head": column.head.textContent ?? column.head };
      return at === 0
        ? h("th", { role: "rowheader", scope: "row", ...props }, column.cell(row))
        : h("td", { role: "cell", ...props }, column.cell(row));
    }));
  });
  return h(
    "table",
    { role: "table", "data-list": list },
    h("caption", { class: "unseen" }, caption),
    h("thead", { role: "rowgroup" }, head),
    h("tbody", { role: "rowgroup" }, body),
  );
}

/** A part of a view that is fetched and drawn on its own. What it held stays when a later fetch fails. */
export class Region {
  constructor(tag = "div", props = {}) {
    this.trouble = h("div");
    this.body = h("div", { class: "body" });
    this.node = h(tag, props, this.trouble, this.body);
    this.turn = 0;
    this.drawn = false;
    this.waiting = null;
  }

  /** Fetches and draws; a later turn wins over an earlier one that comes in after it. */
  async load(get, draw) {
    const turn = ++this.turn;
    if (turn === 1) {
      this.node.setAttribute("aria-busy", "true");
      this.waiting = setTimeout(() => fill(this.body, h("p", { class: "quiet waiting" }, say("Loading…"))), 250);
    }
    const again = () => this.load(get, draw);
    try {
      const data = await get();
      if (turn !== this.turn) return undefined;
      this.settle();
      fill(this.trouble);
      fill(this.body, draw(data));
      this.drawn = true;
      return data;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (turn !== this.turn) return undefined;
      this.settle();
      if (!this.drawn) fill(this.body);
      fill(this.trouble, problem(error, again, this.drawn));
      return undefined;
    }
  }

  settle() {
    clearTimeout(this.waiting);
    this.node.removeAttribute("aria-busy");
  }
}

/** An error as the service put it; that there is no answer is said quietly, since the head of the page says it too. */
export function problem(error, again, stale = false) {
  const title = stale ? `${say("Not brought up to date.")} ${say(error.title)}` : say(error.title);
  return h(
    "div",
    { class: error.status ? "problem" : "problem unheard" },
    h("p", {}, h("strong", {}, title), error.detail ? h("span", { class: "detail", lang: error.status ? "en" : null }, error.detail) : null),
    again && error.status !== 404 ? h("button", { type: "button", onclick: again }, say("Try again")) : null,
  );
}

/** A text of lines with `file:line` in it, which leads to that line of the pact. */
export function withPlaces(text) {
  const out = [];
  let from = 0;
  for (const found of text.matchAll(/([\p{L}\w][\p{L}\w./-]*\.\w+):(\d+)/gu)) {
    out.push(text.slice(from, found.index), placeLink(found[1], found[2]));
    from = found.index + found[0].length;
  }
  out.push(text.slice(from));
  return out;
}

export function placeLink(file, line) {
  return h("a", { class: "place", href: `#/pact?at=${encodeURIComponent(`${file}:${line}`)}`, title: say("This line of the pact") }, `${file}:${line}`);
}

/** "sha256:04a9d862…" */
export function digest(text, whole = false) {
  const short = whole ? text : text.replace(/^(\w+:)?([0-9a-f]{10})[0-9a-f]{10,}$/i, "$2…");
  return code(short, { class: "digest", title: whole ? null : text });
}

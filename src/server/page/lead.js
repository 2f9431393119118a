// One lead: where it stands, what is promised to it, what happened to it, and why.
import { Problem, call } from "./api.js";
import { h } from "./dom.js";
import { Region, holder, number, placeLink, said, table, withPlaces } from "./parts.js";
import { dayOf, relative, span, wall } from "./time.js";

export function lead({ key, back }) {
  const head = new Region("div", { class: "lead-head" });
  const story = new Region("section", { "aria-labelledby": "story-title" });
  const why = new Region("section", { "aria-labelledby": "why-title" });
  const title = h("h1", { tabindex: "-1" }, said(key));
  story.node.prepend(h("h2", { id: "story-title" }, "Story"));
  why.node.prepend(h("h2", { id: "why-title" }, "Why"));
  const rest = h("div", { class: "pair" }, why.node, story.node);
  const path = `v1/leads/${encodeURIComponent(key)}`;

  return {
    title: key,
    node: h("article", { class: "one" }, h("p", { class: "back" }, h("a", { href: "#/leads", onclick: back, title: "Escape" }, "← Back to the leads")), title, head.node, rest),
    async refresh() {
      const fetched = call(path);
      fetched.catch(() => {}); // Two regions tell of it.
      const shown = head.load(async () => {
        try {
          return await fetched;
        } catch (error) {
          rest.hidden = error instanceof Problem && error.status === 404;
          throw error;
        }
      }, (data) => {
        rest.hidden = false;
        const name = data.name ?? data.decision.handoff?.carry?.name;
        title.replaceChildren(said(name || key), ...(name ? [" ", said(key, { class: "key" })] : []));
        return drawHead(data.decision);
      });
      await Promise.all([
        shown,
        why.load(() => fetched, (data) => drawWords(data.words)),
        story.load(() => call(`${path}/story`), drawStory),
      ]);
    },
    close: back,
  };
}

function drawHead(decision) {
  const route = decision.route ?? {};
  const scores = Object.entries(decision.scores ?? {});
  const carried = Object.entries(decision.handoff?.carry ?? {}).filter(([, value]) => typeof value !== "object");
  const contact = carried.filter(([name]) => !(name in (decision.scores ?? {})) && name !== "name");
  return [
    decision.next_action ? h("p", { class: "next" }, h("strong", {}, "Next: "), said(decision.next_action)) : null,
    h(
      "dl",
      { class: "facts" },
      fact("Stage", decision.stage ? [said(decision.stage), decision.since ? h("span", { class: "note" }, "since ", relative(decision.since)) : null] : "in no pipeline"),
      decision.owner ? fact("Owner", said(decision.owner)) : null,
      decision.stage ? fact("With", holder({ person: decision.person ?? route.assignee, team: decision.team ?? route.team, queue: decision.queue ?? route.queue })) : null,
      scores.map(([name, value]) => {
        const range = decision.score_ranges?.[name];
        return fact(name, [h("span", { class: "score" }, number(value)), range ? h("span", { class: "note" }, `could be ${number(range.low)} to ${number(range.high)}`) : null]);
      }),
      contact.map(([name, value]) => fact(name, contactLink(name, String(value)))),
      decision.next_change ? fact("Next change", relative(decision.next_change)) : null,
    ),
    drawClocks(decision.clocks ?? []),
  ];
}

const fact = (name, ...value) => h("div", {}, h("dt", {}, said(name.replaceAll("_", " "))), h("dd", {}, value));

function contactLink(name, value) {
  if (/^[^\s@/?#]+@[^\s@/?#]+$/.test(value)) return h("a", { href: `mailto:${value}` }, value);
  if (/phone|mobile/i.test(name) && /^\+?[\d\s().-]{4,}$/.test(value)) return h("a", { href: `tel:${value.replace(/[^\d+]/g, "")}` }, value);
  return said(value);
}

const ORDER = { breached: 0, late: 0, running: 1, warned: 1, paused: 2 };

function drawClocks(clocks) {
  if (!clocks.length) return null;
  const open = (clock) => (clock.state in ORDER && !clock.ended ? 0 : 1);
  const sorted = [...clocks].sort((a, b) => open(a) - open(b) || (ORDER[a.state] ?? 3) - (ORDER[b.state] ?? 3) || Date.parse(a.due) - Date.parse(b.due));
  return table({
    caption: "What is promised, and how its clocks stand",
    list: false,
    key: (clock) => `${clock.sla}\n${clock.promise}\n${clock.started ?? ""}`,
    rows: sorted,
    columns: [
      { head: "Promise", class: "c-lead", cell: (clock) => said(clock.because?.says ?? clock.promise) },
      { head: "Due", class: "c-due", cell: standing },
      { head: "Promised in", class: "c-with", cell: (clock) => [said(clock.sla, { class: "quiet" }), clock.because ? [" ", placeLink(clock.because.file, clock.because.line)] : null] },
    ],
  });
}

function standing(clock) {
  if (clock.ended) {
    const late = clock.state === "breached" || clock.late;
    return h("span", { class: "quiet" }, late ? "kept late, " : `${clock.state}, `, relative(clock.ended));
  }
  if (clock.state === "paused") return h("span", { class: "quiet" }, clock.left > 0 ? `paused, ${span(clock.left)} left` : "paused");
  if (clock.state in ORDER && clock.due) return relative(clock.due, "due");
  return h("span", { class: "quiet" }, clock.state);
}

/** The reasons in words: a line at the margin over lines that are set in is a heading. */
function drawWords(words) {
  const blocks = words.replace(/\n+$/, "").split(/\n{2,}/);
  return h("div", { class: "words" }, blocks.map((block) => {
    const lines = block.split("\n");
    const heads = lines.length > 1 && /^\S/.test(lines[0]) && lines.slice(1).every((line) => /^\s/.test(line));
    const body = heads ? lines.slice(1) : lines;
    return [
      heads ? h("h3", {}, said(lines[0])) : null,
      /^\s/.test(body[0]) ? h("pre", { dir: "auto", tabindex: "0", role: "group", "aria-label": heads ? lines[0] : "Reasons" }, outdent(body).map(setIn)) : h("p", { dir: "auto" }, withPlaces(body.join("\n"))),
    ];
  }));
}

function outdent(lines) {
  const least = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(least));
}

/** A line that goes on under its own beginning where it is too long. */
function setIn(text) {
  const line = h("span", { class: "line" }, withPlaces(text), "\n");
  line.style.setProperty("--in", String(Math.max(0, text.search(/\S/))));
  return line;
}

function drawStory({ entries }) {
  if (!entries.length) return h("p", { class: "empty" }, "Nothing happened to this lead yet.");
  const days = [];
  for (const entry of [...entries].reverse()) {
    const day = dayOf(entry.at);
    if (days.at(-1)?.day !== day) days.push({ day, entries: [] });
    const moments = days.at(-1).entries;
    if (moments.at(-1)?.at === entry.at) moments.at(-1).said.unshift(entry);
    else moments.push({ at: entry.at, said: [entry] });
  }
  return h("ol", { class: "story", "aria-label": "What happened, the latest first" }, days.map(({ day, entries: moments }) => h(
    "li",
    { "data-key": day },
    h("h3", {}, day),
    h("ol", {}, moments.map(({ at, said: lines }) => h(
      "li",
      { "data-key": at, class: "moment" },
      h("p", { class: "at" }, wall(at)),
      h("ul", {}, lines.map((entry) => h("li", { class: `entry ${tone(entry)}` }, h("span", { dir: "auto" }, withPlaces(entry.words)), entry.because ? [" ", placeLink(entry.because.file, entry.because.line)] : null))),
    ))),
  )));
}

/** How much an entry weighs: a move stands out, a breach more so, an event that came in is plain. */
function tone({ kind, change, words }) {
  if (/breach/i.test(`${kind} ${change ?? ""}`) || (kind === "clock" && /breached/i.test(words))) return "breach";
  if (/^(moved|began|recycled|rested|left)$/.test(kind)) return "move";
  if (/^(clock|asked|effect|routed)$/.test(kind)) return "minor";
  return "";
}


// One lead: where it stands, what is promised to it, what happened to it, and why.
import { Problem, call } from "./api.js";
import { h } from "./dom.js";
import { named, words } from "./names.js";
import { Region, assignee, bdi, leadPath, placeLink, table } from "./parts.js";
import { dayOf, lateBy, readable, relative, span, wall } from "./time.js";
import { either, number, say, tell } from "./words.js";

/** What stands for personal data that the reader's token does not show. */
const MASK = "•••";

export function lead({ key, back }) {
  const head = new Region("div", { class: "lead-head" });
  const timeline = new Region("section", { "aria-labelledby": "timeline-title" });
  const known = new Region("section", { "aria-labelledby": "known-title" });
  const why = new Region("section", { "aria-labelledby": "why-title" });
  const title = h("h1", { tabindex: "-1" }, bdi(key));
  timeline.node.prepend(h("h2", { id: "timeline-title" }, say("Timeline")));
  why.node.prepend(h("h2", { id: "why-title" }, say("Why")));
  known.node.prepend(h("h2", { id: "known-title" }, say("What is known")));
  const rest = h("div", { class: "pair" }, h("div", { class: "stack" }, why.node, known.node), timeline.node);
  const path = `v1/leads/${encodeURIComponent(key)}`;

  return {
    title: key,
    node: h("article", { class: "one" }, h("p", { class: "back" }, h("a", { href: "#/leads", onclick: back, "aria-keyshortcuts": "Escape" }, "← ", say("Back to the leads"))), title, head.node, rest),
    async refresh() {
      const fetched = call(path);
      fetched.catch(() => {}); // Two regions show it.
      const shown = head.load(async () => {
        try {
          return await fetched;
        } catch (error) {
          rest.hidden = error instanceof Problem && error.status === 404;
          throw error;
        }
      }, (data) => {
        rest.hidden = false;
        const name = nameOf(data.fields);
        title.replaceChildren(bdi(name || data.lead), ...(name ? [" ", bdi(data.lead, { class: "key" })] : []));
        return drawHead(data.decision);
      });
      await Promise.all([
        shown,
        known.load(() => fetched, (data) => drawFields(data.fields)),
        why.load(() => fetched, (data) => drawWords(data.words)),
        timeline.load(() => call(`${path}/timeline`), drawTimeline),
      ]);
    },
    close: back,
  };
}

function drawHead(decision) {
  const route = decision.route ?? {};
  const scores = Object.entries(decision.scores ?? {});
  const carried = Object.entries(decision.handoff?.carry ?? {}).filter(([, value]) => typeof value !== "object");
  const values = Object.entries(decision.values ?? {});
  const contact = carried.filter(([name]) => !(name in (decision.scores ?? {})) && !(name in (decision.values ?? {})) && name !== "name");
  return [
    decision.next_action ? h("p", { class: "next" }, h("strong", {}, say("Next:")), " ", bdi(decision.next_action)) : null,
    h(
      "dl",
      { class: "facts" },
      decision.part_of ? fact(say("part of"), [h("a", { href: leadPath(decision.part_of.lead) }, bdi(decision.part_of.lead)), h("span", { class: "note" }, tell("since {0}", relative(decision.part_of.since)))]) : null,
      decision.part_of ? null : fact(say("stage"), decision.stage ? [bdi(named(decision.stage)), decision.since ? h("span", { class: "note" }, tell("since {0}", relative(decision.since))) : null] : say("in no pipeline")),
      decision.owner ? fact(say("owner"), bdi(named(decision.owner))) : null,
      decision.stage ? fact(say("with"), assignee({ person: decision.person ?? route.assignee, team: decision.team ?? route.team, queue: decision.queue ?? route.queue })) : null,
      scores.map(([name, value]) => {
        const range = decision.score_ranges?.[name];
        return fact(named(name), [h("span", { class: "score" }, number(value)), range ? h("span", { class: "note" }, couldBe(between(range))) : null]);
      }),
      values.map(([name, value]) => {
        const range = decision.value_ranges?.[name];
        const open = Array.isArray(range) ? either(range.map(named)) : range ? between(range) : null;
        return fact(named(name), [valueText(value), open ? h("span", { class: "note" }, couldBe(open)) : null]);
      }),
      contact.map(([name, value]) => fact(named(name), contactLink(name, String(value)))),
      decision.next_change ? fact(say("next change"), relative(decision.next_change)) : null,
    ),
    drawClocks(decision.clocks ?? []),
  ];
}

const between = ({ low, high }) => say("{0} to {1}", number(low), number(high));

const couldBe = (what) => say("could be {0}", what);

function valueText(value) {
  if (value === null) return h("span", { class: "quiet" }, say("unknown"));
  if (typeof value === "number") return h("span", { class: "score" }, number(value));
  return typeof value === "object" ? bdi(`${number(value.amount)} ${value.currency}`) : bdi(named(value));
}

/** The fields that hold what people call a lead, the most specific first: those of one entry together. */
const NAMES = [["name"], ["first_name", "last_name"], ["company"]];

/** What people call a lead, where that is known and may be seen. */
function nameOf(fields) {
  const said = (name) => fields.find(({ field }) => field === name)?.value;
  const names = NAMES.map((parts) => parts.map(said).filter((value) => typeof value === "string" && value !== MASK).join(" ").trim());
  return names.find((name) => name) ?? null;
}

const fact = (name, ...value) => h("div", {}, h("dt", {}, bdi(name)), h("dd", {}, value));

function contactLink(name, value) {
  if (value === MASK) return h("span", { class: "quiet" }, say("hidden"));
  if (/^[^\s@/?#]+@[^\s@/?#]+$/.test(value)) return h("a", { href: `mailto:${value}` }, value);
  if (/phone|mobile/i.test(name) && /^\+?[\d\s().-]{4,}$/.test(value)) return h("a", { href: `tel:${value.replace(/[^\d+]/g, "")}` }, value);
  return bdi(value);
}

const ORDER = { breached: 0, running: 1, warned: 1, paused: 2, waiting: 3 };

function drawClocks(clocks) {
  if (!clocks.length) return null;
  const open = (clock) => (clock.state in ORDER && !clock.ended ? 0 : 1);
  const sorted = [...clocks].sort((a, b) => open(a) - open(b) || (ORDER[a.state] ?? 4) - (ORDER[b.state] ?? 4) || Date.parse(a.due) - Date.parse(b.due));
  return table({
    caption: say("What is promised, and how its clocks stand"),
    list: false,
    key: (clock) => `${clock.sla}\n${clock.promise}\n${clock.started ?? ""}`,
    rows: sorted,
    columns: [
      { head: say("promise"), class: "c-lead", cell: (clock) => bdi(clock.because?.says ?? say(clock.promise)) },
      { head: say("due"), class: "c-due", cell: clockState },
      { head: say("promised in"), class: "c-with", cell: (clock) => [bdi(named(clock.sla), { class: "quiet" }), clock.because ? [" ", placeLink(clock.because.file, clock.because.line)] : null] },
    ],
  });
}

const ENDS = {
  met: (when) => tell("met {0}", when),
  breached: (when) => tell("breached {0}", when),
  stopped: (when) => tell("stopped {0}", when),
};

function clockState(clock) {
  if (clock.ended) return h("span", { class: "quiet" }, ENDS[clock.state]?.(relative(clock.breached ?? clock.ended)) ?? clock.state);
  if (clock.state === "paused") return h("span", { class: "quiet" }, clock.left > 0 ? say("paused, {0} left", span(clock.left)) : say("paused"));
  if (clock.state === "waiting") return h("span", { class: "quiet" }, say("when somebody has the lead"));
  if (clock.breached) return lateBy(clock.breached, clock.late, clock.late_open);
  return clock.due ? relative(clock.due, "due") : h("span", { class: "quiet" }, say("no date"));
}

/** Parts of the reasons that stand elsewhere on the page: the clocks above, and what was asked for in the timeline. */
const ELSEWHERE = /^(What is promised|Requested actions)$/;

/** The reasons in words, which are English but for their headings: a line at the margin over lines that are set in is a heading. What comes first is the head of the page. */
function drawWords(text) {
  const [, ...blocks] = text.replace(/\n+$/, "").split(/\n{2,}/);
  if (!blocks.length) return h("p", { class: "empty" }, say("No clause of the pact says more of this lead."));
  return h("div", { class: "words" }, blocks.map((block) => {
    const [head, ...lines] = block.split("\n");
    if (ELSEWHERE.test(head)) return null;
    if (!lines.length) return h("p", { dir: "auto", lang: "en" }, `${readable(head)}.`);
    return [h("h3", { dir: "auto" }, say(head)), h("ul", { lang: "en" }, outdent(lines).map(reason))];
  }));
}

function outdent(lines) {
  const least = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(least));
}

/** Every value, where it came from and since when it holds. */
function drawFields(fields) {
  return table({
    caption: say("What is known of the lead, and where it came from"),
    list: false,
    key: (field) => field.field,
    rows: fields,
    columns: [
      { head: say("field"), class: "c-lead", cell: ({ field }) => bdi(named(field)) },
      { head: say("value"), class: "c-value", cell: ({ field, value }) => fieldValue(field, value) },
      { head: say("from"), class: "c-with", cell: ({ source, since }) => [source ? bdi(named(source)) : null, since ? h("span", { class: "note" }, relative(since)) : null] },
    ],
  });
}

function fieldValue(name, value) {
  if (Array.isArray(value)) return bdi(value.join(", "));
  if (typeof value === "boolean") return value ? say("yes") : say("no");
  if (typeof value === "number") return number(value);
  return typeof value === "string" ? contactLink(name, value) : valueText(value);
}

const MARKS = {
  "✓": { kind: "met", says: say("met") },
  "✗": { kind: "not-met", says: say("not met") },
  "?": { kind: "unknown", says: say("unknown") },
};
const REASON = /^(?<deep> *)(?:(?<mark>[✓✗?]) +|(?<points>\(?[+-][\d.]+\)?) {2,})?(?<text>.*?)$/u;
const PLACE = / +\((?<file>[^\s():]+):(?<line>\d+)\)/u;

/** A line of the reasons: whether it holds or what it gives, what it says, and where the pact says so. */
function reason(line) {
  const place = PLACE.exec(line)?.groups;
  const { deep, mark, points, text } = REASON.exec(line.replace(PLACE, "")).groups;
  const item = h(
    "li",
    { class: mark ? `need ${MARKS[mark].kind}` : points ? "points" : deep.length > 4 ? "facts-of" : null },
    mark ? h("span", { class: "sign", role: "img", "aria-label": MARKS[mark].says }, mark) : null,
    points ? h("span", { class: "sign" }, points.replace("-", "−")) : null,
    h("span", { dir: "auto" }, readable(text).split(/ {2,}/).join(", "), place ? [" ", placeLink(place.file, place.line)] : null),
  );
  item.style.setProperty("--deep", String(points ? 1 : Math.min(4, Math.ceil(deep.length / 2))));
  return item;
}

function drawTimeline({ entries }) {
  if (!entries.length) return h("p", { class: "empty" }, say("Nothing happened to this lead yet."));
  const days = [];
  for (const entry of [...entries].reverse()) {
    const day = dayOf(entry.at);
    if (days.at(-1)?.day !== day) days.push({ day, entries: [] });
    const moments = days.at(-1).entries;
    if (moments.at(-1)?.at === entry.at) moments.at(-1).entries.unshift(entry);
    else moments.push({ at: entry.at, entries: [entry] });
  }
  return h("ol", { class: "timeline", "aria-label": say("What happened, the latest first") }, days.map(({ day, entries: moments }) => h(
    "li",
    { "data-key": day },
    h("h3", {}, day),
    h("ol", {}, moments.map(({ at, entries: lines }) => h(
      "li",
      { "data-key": at, class: "moment" },
      h("p", { class: "at" }, wall(at)),
      h("ul", {}, lines.map((entry) => h("li", { class: `entry ${tone(entry)}` }, h("span", { dir: "auto", lang: "en" }, linked(wording(entry), others(entry))), entry.because ? [" ", placeLink(entry.because.file, entry.because.line)] : null))),
    ))),
  )));
}

/** An entry in words: what the engine asks for is asked, and a breached promise needs no capitals. */
function wording({ words: text }) {
  const plain = words(text.replace(/^! not /, "does not ask to ").replace(/^! /, "asks to ").replace(/\bBREACHED$/, "breached"));
  return readable(plain);
}

/** The other leads that an entry is about. */
function others({ into, other, others: several }) {
  return [into, other, ...(several ?? [])].filter(Boolean);
}

/** A text in which keys of leads lead to them. */
function linked(text, keys) {
  const key = keys.find((one) => text.includes(one));
  if (!key) return [text];
  const at = text.indexOf(key);
  return [text.slice(0, at), h("a", { href: leadPath(key) }, key), ...linked(text.slice(at + key.length), keys)];
}

/** How much an entry weighs: a move, and who the lead is, stand out, a breached promise more so, an event is plain, and the rest stands back. */
function tone({ kind, change }) {
  if (change === "breached") return "breach";
  if (/^(moved|migrated|began|recycled|used_up|rested|merged|absorbed|conflict)$/.test(kind)) return "move";
  return kind === "event" ? "event" : "minor";
}

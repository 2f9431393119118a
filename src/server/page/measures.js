// Measures: what both sides agreed to look at, as of now, each figure with its definition and the leads behind it.
import { call } from "./api.js";
import { h } from "./dom.js";
import { answers, behindPath, beside, figure, figureLink, promises, size, targets, watches } from "./figures.js";
import { Region, bdi, leadLink, number, placeLink, plural, table, words } from "./parts.js";
import { dayOf, exact, openSpan, relative, span } from "./time.js";

const PERIODS = ["day", "week", "month", "quarter", "year"];
/** How many periods a figure is shown for. */
const SHOWN = 12;
/** How many leads are listed at first, and then. */
const FEW = 50;
const MANY = 1000;

export function measures({ params, go }) {
  let period = chosen(params);
  const lede = new Region("div", { class: "lede" });
  const promised = new Region("section", { "aria-labelledby": "promised-title" });
  const figures = new Region("section", { "aria-labelledby": "figures-title" });
  const stages = new Region("section", { "aria-labelledby": "stays-title" });
  const changed = new Region("section", { "aria-labelledby": "changed-title" });
  const answered = new Region("section", { "aria-labelledby": "answered-title" });
  const select = h("select", { id: "period", onchange: () => go(`#/measures?period=${select.value}`) }, PERIODS.map((name) => h("option", { value: name }, `by ${name}`)));
  promised.node.prepend(h("h2", { id: "promised-title" }, "What was promised, and what came"));
  figures.node.prepend(h("div", { class: "title-row" }, h("h2", { id: "figures-title" }, "The figures"), h("div", { class: "field" }, h("label", { for: "period" }, "Each period"), select)));
  stages.node.prepend(h("h2", { id: "stays-title" }, "Where leads go on, go back, or stand"));
  answered.node.prepend(h("h2", { id: "answered-title" }, "What sales answered"));
  changed.node.prepend(h("h2", { id: "changed-title" }, "What changed"));
  select.value = period;

  const view = {
    title: "Measures",
    node: h("div", { class: "measures" }, h("h1", { tabindex: "-1" }, "Measures"), lede.node, promised.node, figures.node, h("div", { class: "pair" }, stages.node, changed.node), answered.node),
    every: 60,
    async refresh() {
      const report = call("v1/measures", { period });
      const reviews = call("v1/reviews");
      for (const shared of [report, reviews]) shared.catch(() => {}); // Several regions show it.
      await Promise.all([
        lede.load(async () => ({ ...await report, ...await reviews }), summary),
        promised.load(() => report, drawPromised),
        figures.load(() => report, (data) => drawFigures(data, period)),
        stages.load(() => report, drawStages),
        answered.load(() => report, ({ answers: rows }) => (rows.length ? answers(rows) : h("p", { class: "empty" }, "Sales has answered for no lead yet."))),
        changed.load(() => report, ({ watches: rows }) => (rows.length ? watches(rows) : h("p", { class: "empty" }, "The pact watches no figure."))),
      ]);
    },
    update(next) {
      period = chosen(next);
      select.value = period;
      return view.refresh();
    },
  };
  return view;
}

const chosen = (params) => (PERIODS.includes(params.get("period")) ? params.get("period") : "month");

function summary({ as_of: now, targets: rows, reviews }) {
  const latest = new Map(rows.map((row) => [`${row.party} ${row.metric}`, row]));
  const poor = [...latest.values()].filter((row) => row.standing === "behind" || row.standing === "missed");
  const told = poor.length
    ? h("strong", { class: "hot" }, `${plural(poor.length, "target is", "targets are")} behind`)
    : latest.size ? "No target is behind" : "The pact has no target";
  return [
    h("p", {}, told, ". As of ", h("time", { datetime: now, title: exact(now) }, exact(now)), "."),
    reviews.length ? h("p", {}, "Meetings: ", reviews.map((review, at) => [at ? ", " : "", h("a", { href: `#/measures/reviews/${encodeURIComponent(review.name)}` }, bdi(words(review.name))), h("span", { class: "quiet" }, ` every ${review.every}`)])) : null,
  ];
}

function drawPromised({ targets: rows, promises: kept }) {
  if (!rows.length && !kept.length) return h("p", { class: "empty" }, "The pact has no target, and no clock was due yet.");
  return [rows.length ? targets(rows) : null, kept.length ? promises(kept) : null];
}

function drawFigures({ metrics }, period) {
  if (!metrics.length) return h("p", { class: "empty" }, "The pact has no metric.");
  return h("ul", { class: "metrics" }, metrics.map((metric) => {
    const [whole, ...periods] = metric.figures;
    return h(
      "li",
      { class: "metric", "data-key": metric.name },
      h("h3", {}, bdi(words(metric.name))),
      metric.description ? h("p", { class: "quiet" }, bdi(metric.description)) : null,
      h("p", { class: "whole" }, figureLink(metric.name, whole.figure, {}), " ", h("span", { class: "note" }, beside(whole.figure))),
      trend(metric.name, periods.slice(-SHOWN), period),
      h("p", { class: "definition" }, h("code", {}, metric.because.says), " ", placeLink(metric.because.file, metric.because.line)),
    );
  }));
}

/** A bar for each period, which leads to its leads. */
function trend(name, periods, period) {
  if (periods.length < 2) return null;
  const most = Math.max(...periods.map((row) => Math.abs(size(row.figure))), Number.MIN_VALUE);
  // A long name has room under every third bar.
  const every = short(periods[0].period).length > 4 ? 3 : 1;
  return h("ol", { class: "trend", "aria-label": `By ${period}` }, periods.map((row, at) => {
    const bar = h("span", { class: "column", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(Math.abs(size(row.figure)) / most));
    const label = `${row.period}: ${figure(row.figure)}${beside(row.figure) ? `, ${beside(row.figure)}` : ""}`;
    return h("li", { "data-key": row.period }, h("a", { href: behindPath(name, { period, within: row.period }), title: label }, bar, h("span", { class: "unseen" }, label), h("span", { class: "tick", "aria-hidden": "true" }, at % every === 0 ? short(row.period) : "")));
  }));
}

/** "03" of "2026-03", "Q1" of "2026-Q1", "03-02" of a day. */
const short = (period) => (/^\d{4}$/.test(period) ? period : period.replace(/^(from )?\d{4}-/, ""));

function drawStages({ stages }) {
  if (!stages.length) return h("p", { class: "empty" }, "No lead has entered a stage yet.");
  return table({
    caption: "What became of those that entered each stage",
    list: false,
    key: (row) => row.stage,
    rows: stages,
    columns: [
      { head: "Stage", class: "c-words", cell: (row) => bdi(words(row.stage)) },
      { head: "Entered", class: "num", cell: (row) => number(row.entered) },
      { head: "On", class: "num", cell: (row) => number(row.on) },
      { head: "Back", class: "num", cell: (row) => number(row.back) },
      { head: "Still there", class: "num", cell: (row) => number(row.still) },
      { head: "Half left within", class: "c-due", cell: (row) => (row.median === undefined ? "" : span(row.median)) },
      { head: "Longest there", class: "c-lead", cell: (row) => (row.lead ? [leadLink({ lead: row.lead }), " ", h("span", { class: "note" }, span(row.oldest))] : "") },
    ],
  });
}

const COUNTED = { counted: "", reached: "reached it", not_reached: "did not", may_still: "may still", waiting: "not yet" };

/** The leads behind a figure. */
export function behind({ metric, params, back }) {
  const list = new Region("section", { "aria-label": "Leads" });
  const query = Object.fromEntries(params);
  const group = Object.entries(query).filter(([name]) => name.startsWith("is[")).map(([name, value]) => [name.slice(3, -1), value]);
  let limit = FEW;
  const place = [query.in, ...group.map(([name, value]) => `${words(name)} ${value}`)].filter(Boolean);
  const view = {
    title: words(metric),
    node: h(
      "div",
      { class: "behind" },
      h("p", { class: "back" }, h("a", { href: "#/measures", onclick: back }, "← Measures")),
      h("h1", { tabindex: "-1" }, bdi(words(metric)), place.length ? h("span", { class: "quiet" }, `, ${place.join(", ")}`) : null),
      list.node,
    ),
    every: 60,
    refresh: () => list.load(() => call(`v1/measures/${encodeURIComponent(metric)}/leads`, { ...query, limit }), draw),
  };
  const draw = ({ leads, found, because }) => [
    h("p", { class: "definition" }, h("code", {}, because.says), " ", placeLink(because.file, because.line)),
    leads.length ? h("p", {}, `${plural(found, "moment is", "moments are")} counted${leads.length < found ? `, the last ${number(leads.length)} of them below` : ""}.`) : h("p", { class: "empty" }, "No lead is counted here."),
    leads.length ? table({
      caption: "Leads behind the figure, the last first",
      key: (row) => `${row.lead}\n${row.at}\n${row.counted}`,
      rows: leads,
      columns: [
        { head: "Lead", class: "c-lead", cell: leadLink },
        { head: "When", class: "c-due", cell: (row) => h("time", { datetime: row.at, title: exact(row.at) }, dayOf(row.at)) },
        { head: "What it is to the figure", class: "c-words", cell: told },
        { head: "Now in", class: "c-stage", cell: (row) => bdi(words(row.stage ?? "")) },
      ],
    }) : null,
    leads.length < found && limit < MANY ? h("button", { type: "button", onclick: more }, `Show ${found < MANY ? "all" : `the last ${number(MANY)}`}`) : null,
  ];
  function more() {
    limit = MANY;
    view.refresh();
  }
  return view;
}

function told(row) {
  const amount = row.amount && (typeof row.amount === "object" ? `${number(row.amount.amount)} ${row.amount.currency}` : number(row.amount));
  const took = row.seconds === undefined ? null : row.counted === "reached" ? `after ${span(row.seconds)}` : openSpan(row.seconds);
  return [COUNTED[row.counted], amount, took].filter(Boolean).join(" ");
}

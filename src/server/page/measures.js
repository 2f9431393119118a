// Measures: what both sides agreed to look at, as of now, each figure with its definition and the leads behind it.
import { call } from "./api.js";
import { h } from "./dom.js";
import { answers, behindPath, beside, figure, figureLink, promises, size, targets, watches } from "./figures.js";
import { dimension, groupValue, named } from "./names.js";
import { Region, bdi, leadLink, placeLink, table } from "./parts.js";
import { dayOf, exact, openSpan, span } from "./time.js";
import { language, number, say, tell } from "./words.js";

const PERIODS = { day: say("by day"), week: say("by week"), month: say("by month"), quarter: say("by quarter"), year: say("by year") };
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
  const select = h("select", { id: "period", onchange: () => go(`#/measures?period=${select.value}`) }, Object.entries(PERIODS).map(([value, text]) => h("option", { value }, text)));
  promised.node.prepend(h("h2", { id: "promised-title" }, say("What was promised, and what came")));
  figures.node.prepend(h("div", { class: "title-row" }, h("h2", { id: "figures-title" }, say("The figures")), h("div", { class: "field" }, h("label", { for: "period" }, say("Each period")), select)));
  stages.node.prepend(h("h2", { id: "stays-title" }, say("Where leads go on, go back, or stand")));
  answered.node.prepend(h("h2", { id: "answered-title" }, say("What sales answered")));
  changed.node.prepend(h("h2", { id: "changed-title" }, say("What changed")));
  select.value = period;

  const view = {
    title: say("Measures"),
    node: h("div", { class: "measures" }, h("h1", { tabindex: "-1" }, say("Measures")), lede.node, promised.node, figures.node, h("div", { class: "pair" }, stages.node, changed.node), answered.node),
    every: 60,
    async refresh() {
      const report = call("v1/measures", { period, language });
      const reviews = call("v1/reviews", { language });
      for (const shared of [report, reviews]) shared.catch(() => {}); // Several regions show it.
      await Promise.all([
        lede.load(async () => ({ ...await report, ...await reviews }), summary),
        promised.load(() => report, drawPromised),
        figures.load(() => report, (data) => drawFigures(data, period)),
        stages.load(() => report, drawStages),
        answered.load(() => report, ({ answers: rows }) => (rows.length ? answers(rows) : h("p", { class: "empty" }, say("Sales has answered for no lead yet.")))),
        changed.load(() => report, ({ watches: rows }) => (rows.length ? watches(rows) : h("p", { class: "empty" }, say("The pact watches no figure.")))),
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

const chosen = (params) => (Object.hasOwn(PERIODS, params.get("period")) ? params.get("period") : "month");

function summary({ as_of: now, targets: rows, reviews }) {
  const latest = new Map(rows.map((row) => [`${row.party} ${row.metric}`, row]));
  const poor = [...latest.values()].filter((row) => row.standing === "behind" || row.standing === "missed");
  const told = poor.length
    ? h("strong", { class: "hot" }, say("{0} target is behind. | {0} targets are behind.", poor.length))
    : latest.size ? say("No target is behind.") : say("The pact has no target.");
  return [
    h("p", {}, told, " ", tell("As of {0}.", h("time", { datetime: now, title: exact(now) }, exact(now)))),
    reviews.length ? h("p", {}, say("Meetings:"), " ", reviews.map((review, at) => [at ? ", " : "", h("a", { href: `#/measures/reviews/${encodeURIComponent(review.name)}` }, bdi(named(review.name))), " ", h("span", { class: "quiet" }, say("every {0}", review.every))])) : null,
  ];
}

function drawPromised({ targets: rows, promises: kept }) {
  if (!rows.length && !kept.length) return h("p", { class: "empty" }, say("The pact has no target, and no clock was due yet."));
  return [rows.length ? targets(rows) : null, kept.length ? promises(kept) : null];
}

function drawFigures({ metrics }, period) {
  if (!metrics.length) return h("p", { class: "empty" }, say("The pact has no metric."));
  return h("ul", { class: "metrics" }, metrics.map((metric) => {
    const [whole, ...periods] = metric.figures;
    return h(
      "li",
      { class: "metric", "data-key": metric.name },
      h("h3", {}, bdi(named(metric.name))),
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
  return h("ol", { class: "trend", "aria-label": PERIODS[period] }, periods.map((row, at) => {
    const bar = h("span", { class: "column", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(Math.abs(size(row.figure)) / most));
    const label = `${row.period}: ${figure(row.figure)}${beside(row.figure) ? `, ${beside(row.figure)}` : ""}`;
    return h("li", { "data-key": row.period }, h("a", { href: behindPath(name, { period, within: row.period }), title: label }, bar, h("span", { class: "unseen" }, label), h("span", { class: "tick", "aria-hidden": "true" }, at % every === 0 ? short(row.period) : "")));
  }));
}

/** "03" of "2026-03", "Q1" of "2026-Q1", "03-02" of a day. */
const short = (period) => (/^\d{4}$/.test(period) ? period : period.replace(/^(from )?\d{4}-/, ""));

function drawStages({ stages }) {
  if (!stages.length) return h("p", { class: "empty" }, say("No lead has entered a stage yet."));
  return table({
    caption: say("What became of those that entered each stage"),
    list: false,
    key: (row) => row.stage,
    rows: stages,
    columns: [
      { head: say("stage"), class: "c-words", cell: (row) => bdi(named(row.stage)) },
      { head: say("entered"), class: "num", cell: (row) => number(row.entered) },
      { head: say("on"), class: "num", cell: (row) => number(row.on) },
      { head: say("back"), class: "num", cell: (row) => number(row.back) },
      { head: say("still there"), class: "num", cell: (row) => number(row.still) },
      { head: say("half left within"), class: "c-due", cell: (row) => (row.median === undefined ? "" : span(row.median)) },
      { head: say("longest there"), class: "c-lead", cell: (row) => (row.lead ? [leadLink({ lead: row.lead }), " ", h("span", { class: "note" }, span(row.oldest))] : "") },
    ],
  });
}

const COUNTED = { counted: "", reached: say("reached it"), not_reached: say("did not reach it"), may_still: say("may still"), waiting: say("not yet") };

/** The leads behind a figure. */
export function behind({ metric, params, back }) {
  const list = new Region("section", { "aria-label": say("Leads") });
  const query = Object.fromEntries(params);
  const group = Object.entries(query).filter(([name]) => name.startsWith("is[")).map(([name, value]) => [name.slice(3, -1), value]);
  let limit = FEW;
  const place = [query.in, ...group.map(([name, value]) => `${dimension(name)} ${groupValue(value)}`)].filter(Boolean);
  const view = {
    title: named(metric),
    node: h(
      "div",
      { class: "behind" },
      h("p", { class: "back" }, h("a", { href: "#/measures", onclick: back }, "← ", say("Measures"))),
      h("h1", { tabindex: "-1" }, bdi(named(metric)), place.length ? h("span", { class: "quiet" }, `, ${place.join(", ")}`) : null),
      list.node,
    ),
    every: 60,
    refresh: () => list.load(() => call(`v1/measures/${encodeURIComponent(metric)}/leads`, { ...query, limit }), draw),
  };
  const draw = ({ leads, found, because }) => [
    h("p", { class: "definition" }, h("code", {}, because.says), " ", placeLink(because.file, because.line)),
    leads.length ? h("p", {}, say("{0} moment is counted. | {0} moments are counted.", found), leads.length < found ? [" ", say("The last {0} of them are below.", leads.length)] : null) : h("p", { class: "empty" }, say("No lead is counted here.")),
    leads.length ? table({
      caption: say("Leads behind the figure, the last first"),
      key: (row) => `${row.lead}\n${row.at}\n${row.counted}`,
      rows: leads,
      columns: [
        { head: say("lead"), class: "c-lead", cell: leadLink },
        { head: say("when"), class: "c-due", cell: (row) => h("time", { datetime: row.at, title: exact(row.at) }, dayOf(row.at)) },
        { head: say("what it is to the figure"), class: "c-words", cell: told },
        { head: say("now in"), class: "c-stage", cell: (row) => bdi(named(row.stage)) },
      ],
    }) : null,
    leads.length < found && limit < MANY ? h("button", { type: "button", onclick: more }, found < MANY ? say("Show all {0}", found) : say("Show the last {0}", MANY)) : null,
  ];
  function more() {
    limit = MANY;
    view.refresh();
  }
  return view;
}

function told(row) {
  const amount = row.amount && (typeof row.amount === "object" ? `${number(row.amount.amount)} ${row.amount.currency}` : number(row.amount));
  const took = row.seconds === undefined ? null : row.counted === "reached" ? say("after {0}", span(row.seconds)) : openSpan(row.seconds);
  return [COUNTED[row.counted], amount, took].filter(Boolean).join(" ");
}

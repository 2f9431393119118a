// Figures in words, and the tables that several views of them share.
import { h } from "./dom.js";
import { dimension, groupValue, named, words } from "./names.js";
import { bdi, placeLink, table } from "./parts.js";
import { openSpan, span } from "./time.js";
import { number, percent, say } from "./words.js";

/** What there is no figure of. */
const NONE = say("no figure");

const spanOf = (seconds, open) => (open ? say("{0} open", openSpan(seconds)) : span(seconds));

const amount = ({ amount: value, currency }) => `${number(value)} ${currency}`;

/** A figure as people read it. */
export function figure(of) {
  switch (of?.kind) {
    case "count":
    case "number":
      return number(of.value);
    case "share":
      return percent(of.value);
    case "time":
      return of.seconds === null ? NONE : spanOf(of.seconds, of.open_hours);
    case "amounts":
      return of.values.map((value) => (typeof value === "object" ? amount(value) : number(value))).join(", ");
    default:
      return NONE;
  }
}

/** What stands beside it: of how many, how sure, how many are still on their way. */
export function beside(of) {
  if (of?.kind === "share") {
    const still = of.open ? say(", {0} may still", of.open) : "";
    return say("{0} of {1}", of.reached, of.of) + still + say("; {0} to {1}", percent(of.low), percent(of.high));
  }
  if (of?.kind === "time") {
    const waiting = of.open ? say(", {0} not yet", of.open) : "";
    const ninety = of.ninety === null || of.ninety === undefined ? "" : say("; 9 of 10 within {0}", spanOf(of.ninety, of.open_hours));
    return say("of {0}", of.of) + waiting + ninety;
  }
  return "";
}

/** What a bar of a figure is as long as. */
export function size(of) {
  if (of?.kind === "time") return of.seconds ?? 0;
  if (of?.kind === "amounts") return of.values.reduce((sum, value) => sum + Number(value.amount ?? value), 0);
  return Number(of?.value ?? 0);
}

/** The address of the leads behind a figure. */
export function behindPath(metric, { period, within, group = {}, from, to } = {}) {
  const by = Object.keys(group);
  const values = by.map((name) => [`is[${name}]`, group[name]]);
  const search = new URLSearchParams([["period", period], ["in", within], ["from", from], ["to", to], ["by", by.join(",")], ...values].filter(([, value]) => value));
  const path = `#/measures/${encodeURIComponent(metric)}`;
  return search.size ? `${path}?${search}` : path;
}

/** A figure that leads to the leads behind it. */
export function figureLink(metric, of, place) {
  return of ? h("a", { class: "figure", href: behindPath(metric, place), title: say("The leads behind this figure") }, figure(of)) : h("span", { class: "quiet" }, NONE);
}

const POOR = new Set(["missed", "behind"]);

/** What was promised, and what came. */
export function targets(rows) {
  return table({
    caption: say("Targets: what was promised, and what came"),
    list: false,
    key: (row) => `${row.party} ${row.metric} ${row.level} ${row.period ?? ""}`,
    rows,
    columns: [
      { head: say("target"), class: "c-words", cell: (row) => [bdi(named(row.metric)), " ", bdi(row.level, { class: "note" })] },
      { head: say("who"), class: "c-with", cell: (row) => bdi(named(row.party)) },
      { head: say("period"), class: "c-stage", cell: (row) => row.period ?? say("all") },
      { head: say("figure"), class: "c-figure", cell: (row) => [figureLink(row.metric, row.actual, { period: row.per, within: row.period }), " ", h("span", { class: "note" }, beside(row.actual))] },
      { head: say("time gone"), class: "c-figure", cell: (row) => (row.gone === undefined ? "" : [gone(row.gone), row.outlook ? h("span", { class: "note" }, say("at this pace {0}", figure(row.outlook))) : null]) },
      { head: say("standing"), class: "c-stage", cell: (row) => [h("strong", { class: POOR.has(row.standing) ? "hot" : row.standing === "no_figure" ? "quiet" : null }, say(words(row.standing))), row.reward ? [" ", h("span", { class: "note" }, say("reward"), " ", bdi(named(row.reward)))] : null] },
    ],
  });
}

function gone(share) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share));
  return [h("span", {}, percent(share)), " ", bar, " "];
}

/** How promises were kept. */
export function promises(rows) {
  return table({
    caption: say("How promises were kept"),
    list: false,
    key: (row) => `${row.sla} ${row.promise}`,
    rows,
    columns: [
      { head: say("promise"), class: "c-words", cell: (row) => [bdi(named(row.sla)), " ", h("span", { class: "note" }, say(row.promise), " ", placeLink(row.because.file, row.because.line))] },
      { head: say("who"), class: "c-with", cell: (row) => bdi(named(row.owner)) },
      { head: say("kept in time"), class: "c-figure", cell: (row) => (row.kept === undefined || row.kept === null ? h("span", { class: "quiet" }, NONE) : [h("span", {}, percent(row.kept)), " ", part(row.kept)]) },
      { head: say("in time"), class: "num", cell: (row) => number(row.in_time) },
      { head: say("late"), class: "num", cell: (row) => number(row.late) },
      { head: say("broken"), class: "num", cell: (row) => number(row.broken) },
      { head: say("open"), class: "num", cell: (row) => number(row.open) },
      { head: say("stopped"), class: "num", cell: (row) => number(row.stopped) },
    ],
  });
}

function part(share) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share));
  return bar;
}

/** Rows that are alike but for their count, counted together, the most frequent first. */
function together(rows) {
  const all = new Map();
  for (const row of rows) {
    const key = JSON.stringify({ ...row, count: 0 });
    all.set(key, { ...row, count: (all.get(key)?.count ?? 0) + row.count });
  }
  return [...all.values()].sort((a, b) => b.count - a.count);
}

/** What sales answered, by what had let the leads in, and by who had them. */
export function answers(rows) {
  const causes = together(rows.map(({ answer, reason, cause, count }) => ({ answer, reason, cause, count })));
  const routes = together(rows.filter((row) => row.route).map(({ answer, route, count }) => ({ answer, route, count })));
  return [answerTable(say("What sales answered, by what had let the leads in"), causes), routes.length ? answerTable(say("What sales answered, by what had given the leads away"), routes) : null];
}

function answerTable(caption, rows) {
  const clause = (of) => (of ? [h("code", {}, of.says), " ", placeLink(of.file, of.line)] : "");
  return table({
    caption,
    list: false,
    key: (row) => `${row.answer} ${row.reason ?? ""} ${row.cause?.file}:${row.cause?.line} ${row.route?.file}:${row.route?.line}`,
    rows,
    columns: [
      { head: say("answer"), class: "c-words", cell: (row) => [bdi(named(row.answer)), row.reason ? [" ", bdi(named(row.reason), { class: "note" })] : null] },
      { head: say("times"), class: "num", cell: (row) => number(row.count) },
      rows.some((row) => row.route)
        ? { head: say("given by"), class: "c-clause", cell: (row) => clause(row.route) }
        : { head: say("let in by"), class: "c-clause", cell: (row) => clause(row.cause) },
    ],
  });
}

/** How watched figures changed. */
export function watches(rows) {
  return table({
    caption: say("How watched figures changed"),
    list: false,
    key: (row) => row.metric,
    rows,
    columns: [
      { head: say("watch"), class: "c-words", cell: (row) => [bdi(named(row.metric)), " ", row.description ? bdi(row.description, { class: "note" }) : null] },
      { head: say("now"), class: "c-figure", cell: (row) => [figure(row.now), " ", h("span", { class: "note" }, beside(row.now))] },
      { head: say("before"), class: "c-figure", cell: (row) => [figure(row.before), " ", h("span", { class: "note" }, beside(row.before))] },
      { head: say("change"), class: "num", cell: (row) => change(row.change) },
      { head: say("drift"), class: "c-words", cell: (row) => [h("strong", { class: row.drift === "changed" ? "hot" : "quiet" }, say(words(row.drift))), row.moved?.length ? h("span", { class: "note" }, " ", say("moved most"), ": ", row.moved.map((moved, at) => [at ? ", " : "", bdi(dimension(moved.dimension)), " ", bdi(groupValue(moved.value)), ` ${figure(moved.before)} → ${figure(moved.now)}`])) : null, row.drift === "changed" && row.review.length ? h("span", { class: "note" }, " ", say("look again at"), " ", row.review.map((clause) => [placeLink(clause.file, clause.line), " "])) : null] },
    ],
  });
}

/** A change with its sign. */
export function change(of) {
  if (of === undefined || of === null) return "";
  return of > 0 ? `+${percent(of)}` : percent(of);
}

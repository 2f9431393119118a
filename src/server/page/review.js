// A review: the meeting of both sides on one page.
import { call } from "./api.js";
import { h } from "./dom.js";
import { answers, beside, change, figure, figureLink, promises, targets, watches } from "./figures.js";
import { dimension, groupValue, named } from "./names.js";
import { Region, bdi, placeLink, table } from "./parts.js";
import { exact } from "./time.js";
import { language, say } from "./words.js";

export function review({ review: name, back }) {
  const page = new Region("div");
  return {
    title: named(name),
    node: h(
      "div",
      { class: "measures review" },
      h("p", { class: "back" }, h("a", { href: "#/measures", onclick: back }, "← ", say("Measures"))),
      h("h1", { tabindex: "-1" }, bdi(named(name))),
      page.node,
    ),
    every: 60,
    refresh: () => page.load(() => call(`v1/reviews/${encodeURIComponent(name)}`, { language }), draw),
  };
}

function draw(report) {
  const section = (title, ...content) => h("section", { "data-key": title, "aria-label": title }, h("h2", {}, title), content);
  return [
    h("p", { class: "lede" }, report.description ? [bdi(report.description), ". "] : null, say("From {0} to {1}, beside as long a time before.", exact(report.from), exact(report.to))),
    report.targets.length || report.promises.length
      ? section(say("What was promised, and what came"), report.targets.length ? targets(report.targets) : null, report.promises.length ? promises(report.promises) : null)
      : null,
    report.answers.length ? section(say("What sales answered"), answers(report.answers)) : null,
    report.agenda.length ? section(say("The figures"), report.agenda.map((item) => agenda(item, report))) : null,
    report.watches.length ? section(say("What changed"), watches(report.watches)) : null,
    report.programs.length ? section(say("What comes next"), programs(report.programs)) : null,
  ];
}

function agenda({ metric, because, figures }, { from, to }) {
  const names = Object.keys(figures.at(-1)?.group ?? {});
  return h(
    "div",
    { class: "agenda", "data-key": metric },
    h("h3", {}, bdi(named(metric))),
    h("p", { class: "definition" }, h("code", {}, because.says), " ", placeLink(because.file, because.line)),
    table({
      caption: bdi(named(metric)),
      list: false,
      key: (row) => JSON.stringify(row.group ?? {}),
      rows: figures,
      columns: [
        { head: names.length ? h("span", {}, names.map((name, at) => [at ? ", " : "", bdi(dimension(name))])) : say("all"), class: "c-words", cell: (row) => (row.group ? names.map((name, at) => [at ? ", " : "", bdi(groupValue(row.group[name]))]) : h("strong", {}, say("all"))) },
        { head: say("now"), class: "c-figure", cell: (row) => [figureLink(metric, row.now, { from, to, group: row.group }), " ", h("span", { class: "note" }, beside(row.now))] },
        { head: say("before"), class: "c-figure", cell: (row) => figure(row.before) },
        { head: say("change"), class: "num", cell: (row) => change(row.change) },
      ],
    }),
  );
}

function programs(rows) {
  return table({
    caption: say("Programs that begin"),
    list: false,
    key: (row) => row.program,
    rows,
    columns: [
      { head: say("program"), class: "c-words", cell: (row) => [bdi(named(row.program)), " ", row.description ? bdi(row.description, { class: "note" }) : null] },
      { head: say("starts"), class: "c-due", cell: (row) => row.starts },
      { head: say("ends"), class: "c-due", cell: (row) => row.ends ?? "" },
      { head: say("kind"), class: "c-stage", cell: (row) => bdi(named(row.kind)) },
      { head: say("owner"), class: "c-with", cell: (row) => bdi(named(row.owner)) },
    ],
  });
}

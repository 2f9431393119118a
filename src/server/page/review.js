// A review: the meeting of both sides on one page.
import { call } from "./api.js";
import { h } from "./dom.js";
import { answers, behindPath, beside, change, figure, promises, targets, watches } from "./figures.js";
import { Region, bdi, placeLink, table, words } from "./parts.js";
import { exact } from "./time.js";

export function review({ review: name, back }) {
  const page = new Region("div");
  return {
    title: words(name),
    node: h(
      "div",
      { class: "measures review" },
      h("p", { class: "back" }, h("a", { href: "#/measures", onclick: back }, "← Measures")),
      h("h1", { tabindex: "-1" }, bdi(words(name))),
      page.node,
    ),
    every: 60,
    refresh: () => page.load(() => call(`v1/reviews/${encodeURIComponent(name)}`), draw),
  };
}

function draw(report) {
  const section = (title, ...content) => h("section", { "data-key": title, "aria-label": title }, h("h2", {}, title), content);
  return [
    h("p", { class: "lede" }, report.description ? [bdi(report.description), ". "] : null, `From ${exact(report.from)} to ${exact(report.to)}, beside as long a time before.`),
    report.targets.length || report.promises.length
      ? section("What was promised, and what came", report.targets.length ? targets(report.targets) : null, report.promises.length ? promises(report.promises) : null)
      : null,
    report.answers.length ? section("What sales answered", answers(report.answers)) : null,
    report.agenda.length ? section("The figures", report.agenda.map((item) => agenda(item, report))) : null,
    report.watches.length ? section("What changed", watches(report.watches)) : null,
    report.programs.length ? section("What comes next", programs(report.programs)) : null,
  ];
}

function agenda({ metric, because, figures }, { from, to }) {
  const names = Object.keys(figures.at(-1)?.group ?? {});
  return h(
    "div",
    { class: "agenda", "data-key": metric },
    h("h3", {}, bdi(words(metric))),
    h("p", { class: "definition" }, h("code", {}, because.says), " ", placeLink(because.file, because.line)),
    table({
      caption: words(metric),
      list: false,
      key: (row) => JSON.stringify(row.group ?? {}),
      rows: figures,
      columns: [
        { head: names.length ? names.map(words).join(", ") : "All", class: "c-words", cell: (row) => (row.group ? names.map((name, at) => [at ? ", " : "", bdi(row.group[name])]) : h("strong", {}, "all")) },
        { head: "Now", class: "c-figure", cell: (row) => [row.now ? h("a", { class: "figure", href: behindPath(metric, { from, to, group: row.group }) }, figure(row.now)) : h("span", { class: "quiet" }, "no figure"), " ", h("span", { class: "note" }, beside(row.now))] },
        { head: "Before", class: "c-figure", cell: (row) => figure(row.before) },
        { head: "Change", class: "num", cell: (row) => change(row.change) },
      ],
    }),
  );
}

function programs(rows) {
  return table({
    caption: "Programs that begin",
    list: false,
    key: (row) => row.program,
    rows,
    columns: [
      { head: "Program", class: "c-words", cell: (row) => [bdi(words(row.program)), " ", row.description ? bdi(row.description, { class: "note" }) : null] },
      { head: "Starts", class: "c-due", cell: (row) => row.starts },
      { head: "Ends", class: "c-due", cell: (row) => row.ends ?? "" },
      { head: "Kind", class: "c-stage", cell: (row) => bdi(row.kind ?? "") },
      { head: "Owner", class: "c-with", cell: (row) => bdi(row.owner ?? "") },
    ],
  });
}

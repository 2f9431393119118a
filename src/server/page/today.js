// Today: where every lead stands, what was promised and is nearly due, and whom to call.
import { call } from "./api.js";
import { h } from "./dom.js";
import { hotTable, noLeads } from "./hot.js";
import { adds, named } from "./names.js";
import { Region, assignee, bdi, leadLink, leadsPath, table } from "./parts.js";
import { lateBy, relative, secondsTo, span } from "./time.js";
import { number, say, tell } from "./words.js";

const SHORT = 10;
const CLOCKS = 200;

export function today({ status }) {
  const lede = new Region("div", { class: "lede" });
  const flow = new Region("section", { "aria-labelledby": "flow-title" });
  const clocks = new Region("section", { "aria-labelledby": "clocks-title" });
  const hot = new Region("section", { "aria-labelledby": "hot-title" });
  flow.node.prepend(h("h2", { id: "flow-title", class: "unseen" }, say("Where leads stand")));
  clocks.node.prepend(h("h2", { id: "clocks-title" }, say("Promises near breach")));
  hot.node.prepend(h("h2", { id: "hot-title" }, say("Hot leads")));

  let all = false;
  let last = null;
  const drawClocks = () => nearBreach(last, all, () => {
    all = true;
    clocks.load(async () => last, drawClocks);
  });

  return {
    title: say("Today"),
    node: h("div", { class: "today" }, h("h1", { tabindex: "-1" }, say("Today")), lede.node, flow.node, h("div", { class: "pair" }, clocks.node, hot.node)),
    // What was due in time may be late by now, and nobody says so.
    every: 60,
    async refresh(changed) {
      const fetched = call("v1/clocks", { limit: CLOCKS });
      const stages = call("v1/flow");
      const known = status.known();
      for (const shared of [fetched, stages, known]) shared.catch(() => {}); // Several regions show it.
      await Promise.all([
        lede.load(async () => ({ ...await fetched, ...await known }), summary),
        flow.load(() => stages, drawFlow),
        clocks.load(async () => (last = await fetched), drawClocks),
        hot.load(async () => {
          const [score] = (await stages).scores;
          const { leads, next } = await call("v1/leads", { open: true, score, limit: SHORT });
          return { leads, next, score, any: (await known).leads > 0 };
        }, (data) => drawHot(data, changed)),
      ]);
    },
  };
}

function summary({ clocks, leads, pact }) {
  if (!leads) return noLeads(pact.name);
  const late = clocks.filter(isLate).length;
  const soon = clocks.filter((clock) => clock.state === "running" && !isLate(clock) && secondsTo(clock.due) < 3600).length;
  // the first due come first: where the last one asked for is one of these, there may be more
  const more = late + soon === CLOCKS ? [" ", say("There may be more.")] : null;
  if (late) {
    const due = soon ? [" ", say("{0} more falls due within the hour. | {0} more fall due within the hour.", soon)] : null;
    return h("p", {}, h("strong", { class: "hot" }, say("{0} promise is late. | {0} promises are late.", late)), due, more);
  }
  const onTime = [say("Nothing is late."), " "];
  if (soon) return h("p", {}, onTime, say("{0} promise falls due within the hour. | {0} promises fall due within the hour.", soon), more);
  const first = clocks.find((clock) => clock.state === "running" && clock.due);
  return h("p", {}, onTime, first ? tell("The next promise falls due {0}.", relative(first.due)) : say("No clock is running."));
}

const isLate = (clock) => clock.state === "breached" || (clock.state === "running" && clock.due && secondsTo(clock.due) <= -60);

function drawFlow({ pipelines }) {
  if (!pipelines.length) return h("p", { class: "empty" }, say("The pact in force has no pipeline."));
  return pipelines.map((pipeline) => {
    const most = Math.max(1, ...pipeline.stages.map((stage) => stage.leads));
    const moves = pipeline.stages.flatMap((stage) => (stage.moves ?? []).map((move) => ({ from: stage.name, ...move })));
    const ended = pipeline.stages.filter((stage) => stage.final);
    return h(
      "div",
      { class: "pipeline", "data-key": pipeline.name },
      h("h3", {}, bdi(adds(pipeline.label, pipeline.name) ? pipeline.label : named(pipeline.name))),
      h(
        "ol",
        { class: "flow", "data-list": true },
        runs(pipeline.stages.filter((stage) => !stage.final)).map((run) => h(
          "li",
          { class: "run" },
          h("p", { class: "party" }, bdi(run.owner ? named(run.owner) : say("nobody"))),
          h("ol", {}, run.stages.map((stage) => stageBox(pipeline, stage, most))),
        )),
        ended.length ? h("li", { class: "run ended" }, h("p", { class: "party" }, say("ended")), h("ol", {}, ended.map((stage) => stageBox(pipeline, stage, most)))) : null,
      ),
      moves.length ? h(
        "details",
        { class: "moves" },
        h("summary", {}, say("How a lead moves")),
        h("dl", {}, moves.map((move) => h("div", {}, h("dt", {}, bdi(named(move.from)), " → ", bdi(named(move.to))), h("dd", {}, bdi(move.words))))),
      ) : null,
    );
  });
}

/** Stages that follow one another and are owned by one party. */
function runs(stages) {
  const out = [];
  for (const stage of stages) {
    if (out.length && out.at(-1).owner === stage.owner) out.at(-1).stages.push(stage);
    else out.push({ owner: stage.owner, stages: [stage] });
  }
  return out;
}

function stageBox(pipeline, stage, most) {
  const bar = h("span", { class: "share", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(stage.leads / most));
  return h(
    "li",
    { "data-key": stage.name },
    h(
      "a",
      { href: leadsPath({ pipeline: pipeline.name, stage: stage.name }), class: "stage", "data-none": stage.leads === 0 },
      h("span", { class: "stage-name" }, bdi(named(stage.name))),
      h("span", { class: "count" }, number(stage.leads), h("span", { class: "unseen" }, " ", say("lead | leads", stage.leads))),
      adds(stage.label, stage.name) ? h("span", { class: "label" }, bdi(stage.label)) : null,
      stage.final ? h("span", { class: "unseen" }, say("final, owned by {0}", named(stage.owner))) : null,
      stage.resting ? h("span", { class: "resting" }, say("{0} resting", stage.resting)) : null,
      bar,
    ),
  );
}

function nearBreach({ clocks }, all, more) {
  if (!clocks.length) return h("p", { class: "empty" }, say("No clock is running."), " ", say("One starts when a lead enters a stage that something is promised for."));
  const rank = (clock) => (isLate(clock) ? 0 : clock.state === "paused" ? 2 : 1);
  const at = (clock) => (clock.due ? Date.parse(clock.due) : Infinity);
  const sorted = [...clocks].sort((a, b) => rank(a) - rank(b) || at(a) - at(b));
  const shown = all ? sorted : sorted.slice(0, SHORT);
  return [
    table({
      caption: say("Running clocks, late ones first"),
      key: (clock) => `${clock.lead}\n${clock.sla}\n${clock.promise}`,
      rows: shown,
      columns: [
        { head: say("lead"), class: "c-lead", cell: leadLink },
        { head: say("due"), class: "c-due", cell: due },
        { head: say("promise"), class: "c-words", cell: (clock) => [bdi(say(clock.promise)), " ", bdi(named(clock.sla), { class: "note" })] },
        { head: say("with"), class: "c-with", cell: assignee },
      ],
    }),
    sorted.length > shown.length ? h("button", { type: "button", onclick: more }, sorted.length === CLOCKS ? say("Show the first {0}", CLOCKS) : say("Show all {0}", sorted.length)) : null,
  ];
}

/** When a clock runs out, or what is left of one that is paused. */
export function due(clock) {
  if (clock.state === "paused") return h("span", { class: "quiet" }, clock.left_seconds > 0 ? say("paused, {0} left", span(clock.left_seconds)) : say("paused"));
  if (clock.state === "breached") return lateBy(clock.due, clock.late_seconds, clock.late_open);
  return clock.due ? relative(clock.due, "due") : h("span", { class: "quiet" }, say("no date"));
}

function drawHot({ leads, next, score, any }, changed) {
  if (!leads.length) return h("p", { class: "empty" }, any ? [say("Every lead has come to its end."), " ", h("a", { href: "#/leads" }, say("See all leads"))] : say("No leads yet."));
  return [
    hotTable({ caption: score ? say("{0}, the most {1} first", say("Open leads"), named(score)) : say("Open leads"), leads, changed, compact: true, by: score }),
    next ? h("p", {}, h("a", { href: leadsPath({ open: "true" }) }, say("All open leads"))) : null,
  ];
}
